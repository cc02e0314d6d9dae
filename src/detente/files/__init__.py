"""Results as files, each written as one piece or not at all; names that stay inside of a folder."""

from detente.files._inside import inside, is_plain, stamp
from detente.files._writing import draft_for, write_file, write_files

__all__ = ["draft_for", "inside", "is_plain", "stamp", "write_file", "write_files"]
