"""Names for a file beside others, so that a new result never takes the place of an old one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path


def names_beside(path: Path) -> Iterator[Path]:
    """Yield a path, then the same with 2, 3, ... before its ending.

    Examples
    --------
    >>> names = names_beside(Path("study.sqlite"))
    >>> [str(next(names)) for _ in range(3)]
    ['study.sqlite', 'study-2.sqlite', 'study-3.sqlite']
    """
    yield path
    for number in count(2):
        yield path.with_name(f"{path.stem}-{number}{path.suffix}")
