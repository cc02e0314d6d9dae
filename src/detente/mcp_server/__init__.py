"""Cases for an assistant: detente's questions as tools of the Model Context Protocol."""

from detente.mcp_server._serve import serve_tools

__all__ = ["serve_tools"]
