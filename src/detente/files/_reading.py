"""Texts of others as they come in: of a bounded size, in UTF-8, and refused with a remedy.

Cost: linear in the file.
"""

from __future__ import annotations

from pathlib import Path

from detente.errors import InputError

LARGEST_TEXT = 8 * 2**20
"""Bytes of a text that is read at once."""

_OTHER_FILES = {
    b"PK\x03\x04": "a Word, Excel or other zipped file",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"%PDF": "a PDF file",
    b"{\\rtf": "an RTF file",
}


def other_file(raw: bytes) -> str:
    """Return what a file is, by its first bytes, that people take for text; else nothing.

    Examples
    --------
    >>> other_file(b"%PDF-1.7"), other_file(b"issue,actor")
    ('a PDF file', '')
    """
    return next((what for start, what in _OTHER_FILES.items() if raw.startswith(start)), "")


def read_text(path: Path, remedy: str, split: str, save: str = "save it as such") -> str:
    """Return a text, without the mark that some programs put before it.

    Parameters
    ----------
    path : Path
    remedy, split, save : str
        What to do where the file cannot be read, where it is too large, and where it is no text.

    Raises
    ------
    InputError
        When it is no file, cannot be read, is larger than `LARGEST_TEXT`, or is not plain text in
        UTF-8.
    """
    name = path.name or str(path)
    try:
        if path.exists() and not path.is_file():
            raise InputError(f"{name}: not a file; {remedy}")
        if path.stat().st_size > LARGEST_TEXT:
            raise InputError(f"{name}: larger than {LARGEST_TEXT >> 20} MiB; {split}")
        raw = path.read_bytes()
        if other := other_file(raw):
            raise InputError(f"{name}: this is {other}, not plain text; {save}")
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: byte {error.start} is not UTF-8; {save}") from None
    except OSError as error:
        raise InputError(f"{name}: {error.strerror}; {remedy}") from None
