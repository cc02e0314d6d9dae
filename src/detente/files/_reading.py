"""Texts of others as they come in: of a bounded size, in UTF-8, and refused with a remedy.

Cost: linear in the file.
"""

from __future__ import annotations

from pathlib import Path

from detente.errors import InputError

LARGEST_TEXT = 8 * 2**20
"""Bytes of a text that is read at once."""


def read_text(path: Path, remedy: str, split: str) -> str:
    """Return a text, without the mark that some programs put before it.

    Parameters
    ----------
    path : Path
    remedy, split : str
        What to do where the file cannot be read, and where it is too large.

    Raises
    ------
    InputError
        When it is no file, cannot be read, is larger than `LARGEST_TEXT`, or is not UTF-8.
    """
    try:
        if path.exists() and not path.is_file():
            raise InputError(f"{path.name}: not a file; {remedy}")
        if path.stat().st_size > LARGEST_TEXT:
            raise InputError(f"{path.name}: larger than {LARGEST_TEXT >> 20} MiB; {split}")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name}: byte {error.start} is not UTF-8; save it as such") from None
    except OSError as error:
        raise InputError(f"{path.name}: {error.strerror}; {remedy}") from None
