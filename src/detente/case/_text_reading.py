"""From a file to its text, within limits: size, encoding, and no character that cannot be seen.

Cost: linear in the file, of which no more is read than a case may have.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from detente.files import other_file
from detente.text import hidden_character

LARGEST_FILE = 2**20

Complain = Callable[[int, int, str, str], None]


class FileTooLarge(Exception):
    """A file longer than a case may be, as (message, remedy)."""


def read_limited(path: Path) -> bytes:
    """Return the bytes of a file; of one that is too large, or has no end, no more than needed.

    Raises
    ------
    FileTooLarge
        With its message and remedy.
    OSError, ValueError
        When the file cannot be read.
    """
    with path.open("rb") as stream:
        raw = stream.read(LARGEST_FILE + 1)
        if len(raw) > LARGEST_FILE:
            size = os.fstat(stream.fileno()).st_size
            raise FileTooLarge(*too_large(size if path.is_file() else None))
    return raw


def too_large(size: int | None) -> tuple[str, str]:
    """Return message and remedy for a file of so many bytes, None where it has no end.

    Examples
    --------
    >>> too_large(50_000_011)[0]
    'the file has 50,000,011 bytes, more than 1 MiB'
    """
    has = "more than 1 MiB" if size is None else f"{size:,} bytes, more than 1 MiB"
    return f"the file has {has}", "split or shorten it"


def decode(raw: bytes, complain: Complain) -> str | None:
    r"""Turn the bytes of a file into text with ``\n`` line ends, or complain.

    Examples
    --------
    >>> decode(b"a: 1\r\n", print)
    'a: 1\n'
    >>> decode(b"a: \xff", print)
    1 4 byte 0xff is not UTF-8 save it as UTF-8
    """
    if other := other_file(raw):
        remedy = (
            "save it as plain text: a case as YAML, as `detente cases` has them, a table as CSV"
        )
        complain(1, 1, f"this is {other}, not plain text", remedy)
        return None
    if len(raw) > LARGEST_FILE:
        complain(1, 1, *too_large(len(raw)))
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        complain(line, column, f"byte 0x{raw[error.start]:02x} is not UTF-8", "save it as UTF-8")
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    hidden = hidden_character(text)
    if hidden:
        place, message = hidden
        before = text[:place]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        complain(line, column, message, "take it out")
        return None
    return text
