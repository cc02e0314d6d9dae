"""Where the parts of a case stand in its file: line and column by path.

A path leads from the root to a part, ``("claims", 0, "words")``. Places are read off the tree of
nodes once and kept as plain values, so a case can be compared, sent to other processes and stored
without its file. The rows of tables are left out: those may stand in a file of their own. Cost:
linear in the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from detente.case._checks.findings import Path
from detente.case._yaml_reading import Node

_OWN_PLACES: set[Path] = {("history",), ("bargaining", "table")}


@dataclass(frozen=True, slots=True)
class Places:
    """Lines and columns of the keys and list items of a file.

    Examples
    --------
    >>> places = Places({(): (1, 1), ("actors",): (6, 1), ("actors", "us"): (7, 3)})
    >>> places.of("actors", "us"), places.of("actors", "us", "rate")
    ((7, 3), (7, 3))
    """

    places: Mapping[Path, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def in_tree(cls, root: Node) -> Places:
        """Read the places off a tree."""
        return cls({(): (root.line, root.column), **dict(_walk(root, ()))})

    def of(self, *path: str | int) -> tuple[int, int]:
        """Return line and column of a part: of its key, or of the item of a list.

        Parts that the file leaves out are skipped, so the nearest place above answers for them.
        """
        found: Path = ()
        for part in path:
            if (*found, part) in self.places:
                found = (*found, part)
        return self.places.get(found, (1, 1))


def _walk(node: Node, path: Path) -> Iterator[tuple[Path, tuple[int, int]]]:
    below: list[tuple[str | int, Node, Node]] = [
        *((key, name, value) for key, (name, value) in node.pairs.items()),
        *((index, item, item) for index, item in enumerate(node.items)),
    ]
    for part, place, value in below:
        yield (*path, part), (place.line, place.column)
        if (*path, part) not in _OWN_PLACES:
            yield from _walk(value, (*path, part))
