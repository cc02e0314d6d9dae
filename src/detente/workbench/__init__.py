"""The live page: one case, everything in it movable, every conclusion following."""

from detente.workbench._serve import serve

__all__ = ["serve"]
