"""A case file that comes in through the page, saved under a name that nothing has yet.

Cost: that of the file, which is bounded.
"""

from __future__ import annotations

import re
from email.parser import BytesParser
from email.policy import HTTP
from itertools import islice
from pathlib import Path

from detente.errors import InputError
from detente.files import is_plain, write_file

LARGEST_UPLOAD = 2**20
"""Bytes of a case file, as the reader takes them."""
_ROOM = 4096
LARGEST_FORM = LARGEST_UPLOAD + _ROOM
_LONGEST_NAME = 80
_TRIED = 1000


def save_upload(root: Path, content_type: str, form: bytes) -> str:
    """Save the file of a form into a folder.

    Parameters
    ----------
    root : Path
    content_type : str
        Of the form, with its boundary.
    form : bytes

    Returns
    -------
    str
        The name that the file has now.

    Raises
    ------
    InputError
        When there is no case file in the form, or it cannot be written.
    """
    given, content = _file_of(content_type, form)
    name = safe_name(given)
    if len(content) > LARGEST_UPLOAD:
        raise InputError(f"{name}: the file is too large; a case file has at most 1 MiB")
    try:
        if "\0" in content.decode("utf-8"):
            raise ValueError
    except ValueError:
        raise InputError(f"{name}: this is no text; choose a case file in UTF-8") from None
    stem, dot, ending = name.rpartition(".")
    try:
        for number in range(1, _TRIED):
            path = root / (name if number == 1 else f"{stem}-{number}{dot}{ending}")
            try:
                path.touch(exist_ok=False)
            except FileExistsError:
                continue
            try:
                write_file(path, content)
            except OSError:
                path.unlink()
                raise
            return path.name
    except OSError as error:
        raise InputError(f"{name} cannot be written: {error.strerror}; make room for it") from None
    raise InputError(f"{name}: there are too many files of this name; give it another")


def safe_name(given: str) -> str:
    r"""Return a plain file name made of one that came from outside.

    Raises
    ------
    InputError
        When it is not that of a case file.

    Examples
    --------
    >>> safe_name("C:\\cases\\my dam (2).YAML")
    'my-dam-2.yaml'
    """
    last = re.split(r"[/\\]", given)[-1]
    stem, _, ending = last.rpartition(".")
    if ending.lower() not in {"yaml", "yml"}:
        raise InputError("only case files can be opened; choose one that ends in .yaml or .yml")
    plain = "-".join(islice(re.findall(r"[^\W_]+(?:_[^\W_]+)*", stem), 12))
    plain = plain.encode()[:_LONGEST_NAME].decode(errors="ignore")
    name = f"{plain.strip('-') or 'case'}.{ending.lower()}"
    return name if is_plain(name) else f"case-{name}"


def _file_of(content_type: str, form: bytes) -> tuple[str, bytes]:
    if not content_type.startswith("multipart/form-data"):
        raise InputError("this is no form with a file; use the one on the page")
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=HTTP).parsebytes(head + form)
    for part in message.iter_parts() if message.is_multipart() else ():
        given = part.get_filename()
        if given:
            payload = part.get_payload(decode=True)
            return given, payload if isinstance(payload, bytes) else b""
    raise InputError("no file was chosen; choose a case file first")
