"""Results as files of one piece, texts of others as they come in, names that stay in a folder."""

from detente.files._inside import inside, is_plain, stamp
from detente.files._reading import other_file, read_text
from detente.files._writing import draft_for, write_file, write_files

__all__ = [
    "draft_for",
    "inside",
    "is_plain",
    "other_file",
    "read_text",
    "stamp",
    "write_file",
    "write_files",
]
