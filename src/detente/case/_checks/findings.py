"""Collects everything that is wrong with a file, each thing at its place.

A *path* leads from the root of the file to a value: ``("actors", "us", "options", "offer")``. The
names that were thrown out because their definition is broken are *ghosts*: a formula that reads
one is not blamed for it, since the broken definition has been reported already.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Literal

from detente.case._yaml_reading import Node, YamlText
from detente.errors import CaseError, Problem
from detente.expression import (
    ExpressionError,
    Formula,
    Namespace,
    Query,
    compile_formula,
    compile_query,
)
from detente.text import quote, suggestion

MOST_PROBLEMS = 200
"""Where reporting stops: nobody reads on, and each "did you mean" costs time."""

Path = tuple[str | int, ...]


@dataclass(slots=True)
class Problems:
    """The problems of one file so far; ``elsewhere`` names what stands in another."""

    file: str
    root: Node = field(default_factory=lambda: Node("map", 1, 1))
    source: YamlText = field(default_factory=lambda: YamlText([]))
    ghosts: set[str] = field(default_factory=set)
    elsewhere: dict[Path, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def complain(
        self, line: int, column: int, message: str, remedy: str, file: str | None = None
    ) -> None:
        """Add a problem at a line and column; with too many, give up."""
        self.problems.append(Problem(file or self.file, line, column, message, remedy))
        if len(self.problems) == MOST_PROBLEMS:
            raise CaseError(self.problems)

    def add(self, path: Path, message: str, remedy: str, *, key: bool = False) -> None:
        """Add a problem at a value, or at its key."""
        name, value = self.find(path)
        node = name if key and name else value
        self.complain(node.line, node.column, message, remedy, self.file_of(path))

    def knows(
        self,
        path: Path,
        name: str,
        known: Collection[str],
        what: str,
        message: str | None = None,
        *,
        key: bool = False,
    ) -> bool:
        """Say whether a name is known; complain when it is not, unless it is a ghost."""
        if name not in known and name not in self.ghosts:
            noun = "option or condition" if what == "variable" else what
            message = message or f"there is no {noun} {quote(name)}"
            self.add(path, message, suggestion(name, known, what), key=key)
        return name in known

    def file_of(self, path: Path) -> str:
        """Return the name of the file that a path leads to."""
        plain = tuple(part for part in path if not str(part).startswith("<"))
        found = (file for place, file in self.elsewhere.items() if plain[: len(place)] == place)
        return next(found, self.file)

    def find(self, path: Path) -> tuple[Node | None, Node]:
        """Return the key and the value at a path, or the nearest above it.

        Parts that a short form leaves out, such as ``levels`` of an option given as a list, are
        skipped; so are the marks of unions, which start with ``<``.
        """
        return find(self.root, path)

    def maimed(self, path: Path) -> bool:
        """Return whether an entry of a mapping was left out because it was wrong."""
        return self.find(path)[1].maimed

    def line(self, path: Path) -> int:
        """Return the line of the key (or item) at a path."""
        key, value = self.find(path)
        return (key or value).line

    def formula(
        self,
        path: Path,
        text: str,
        namespace: Namespace,
        kind: Literal["number", "truth"] = "number",
    ) -> Formula | None:
        """Compile a formula; None, and a problem at its place, when it is wrong."""
        try:
            return compile_formula(text, namespace, kind)
        except ExpressionError as error:
            self.expression(path, text, error)
        return None

    def query(self, path: Path, text: str, namespace: Namespace) -> Query | None:
        """Compile a question; None, and a problem at its place, when it is wrong."""
        try:
            return compile_query(text, namespace)
        except ExpressionError as error:
            self.expression(path, text, error)
        return None

    def expression(self, path: Path, text: str, error: ExpressionError) -> None:
        """Add the problem of an expression, unless it only reads a ghost."""
        if text[error.start : error.end] in self.ghosts:
            return
        node = self.find(path)[1]
        file = self.file_of(path)
        exact = node.kind == "scalar" and node.text == text and file == self.file
        place = self.source.place(node, error.start) if exact else (node.line, node.column)
        self.complain(*place, error.message, error.remedy, file)


def trail(root: Node, path: Path) -> Iterator[tuple[Node, str | int, Node]]:
    """Walk down a path: yield each (parent, key or index, value) that is there."""
    node = root
    for part in path:
        if node.kind == "map" and isinstance(part, str) and part in node.pairs:
            child = node.pairs[part][1]
        elif node.kind == "list" and isinstance(part, int) and part < len(node.items):
            child = node.items[part]
        else:
            continue
        yield node, part, child
        node = child


def find(root: Node, path: Path) -> tuple[Node | None, Node]:
    """Return the key and the value at a path, or the nearest above it."""
    key, value = None, root
    for parent, part, child in trail(root, path):
        key = parent.pairs[part][0] if isinstance(part, str) else None
        value = child
    return key, value
