"""Files that are written as one piece or not at all, and that a loss of power does not undo.

A draft in the same folder is written, brought to disk and given the name of the file, which until
then keeps what it had. However the writing ends, no draft is left behind; only a process that is
killed outright can leave one. Cost: one write, and two waits for the disk.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path

_NUMBERS = count()
_NAME = 60
"""Characters of a file's name that its draft has too: names are limited to 255 bytes."""


@contextmanager
def draft_for(path: Path) -> Iterator[Path]:
    """Yield a path to write to; what stands there afterwards becomes the file of that name.

    Where something else than a file has the name, such as a pipe, it is written to directly. A link
    is replaced, not what it leads to, which may be anywhere.

    Parameters
    ----------
    path : Path

    Raises
    ------
    OSError
        When the file cannot be written; it names the file, which is as it was.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.txt"
    >>> with draft_for(path) as draft:
    ...     _ = draft.write_text("one")
    ...     path.exists()
    False
    >>> path.read_text()
    'one'
    """
    if path.exists() and not path.is_file():
        yield path
        return
    draft = path.with_name(f".{path.name[:_NAME]}.{os.getpid()}.{next(_NUMBERS)}.part")
    try:
        yield draft
        with suppress(OSError):
            draft.chmod(path.stat().st_mode)
        _bring_to_disk(draft)
        draft.replace(path)
        with suppress(OSError):
            _bring_to_disk(path.parent)
    except OSError as error:
        if error.filename in {None, str(draft)}:
            error.filename = str(path)
        raise
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file as one piece or not at all.

    Parameters
    ----------
    path : Path
    content : str or bytes
        Text is written in UTF-8, its line ends as they are.

    Raises
    ------
    OSError
        When the file cannot be written; it names the file, which is as it was.
    """
    write_files({path: content})


def write_files(contents: Mapping[Path, str | bytes]) -> None:
    """Write several files that belong together, none of them unless all could be written.

    Parameters
    ----------
    contents : mapping of Path to str or bytes

    Raises
    ------
    OSError
        When one cannot be written; it names it.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> write_files({folder / "a.txt": "one", folder / "b.txt": b"two"})
    >>> sorted(path.name for path in folder.iterdir())
    ['a.txt', 'b.txt']
    """
    raw = {
        path: content.encode() if isinstance(content, str) else content
        for path, content in contents.items()
    }
    with ExitStack() as drafts:
        for path, content in raw.items():
            draft = drafts.enter_context(draft_for(path))
            draft.write_bytes(content)
            if draft != path:
                _bring_to_disk(draft)


def _bring_to_disk(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
