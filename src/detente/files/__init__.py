"""Results as files, each written as one piece or not at all."""

from detente.files._writing import draft_for, write_file, write_files

__all__ = ["draft_for", "write_file", "write_files"]
