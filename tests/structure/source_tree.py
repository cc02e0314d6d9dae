"""The source of detente as syntax trees, read without importing it; what structure tests share."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "detente"


@dataclass(frozen=True)
class Import:
    """Names imported from one module, with the line and where: module level, function, types."""

    module: str
    names: tuple[str, ...]
    line: int
    place: str


class Imports(ast.NodeVisitor):
    """Collect the imports of one module, relative ones resolved."""

    def __init__(self, package: str) -> None:
        self.package = package
        self.place = "module"
        self.found: list[Import] = []

    def visit_Import(self, node: ast.Import) -> None:
        self.found += [Import(alias.name, (), node.lineno, self.place) for alias in node.names]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        start = node.module or ""
        if node.level:
            parts = self.package.split(".")
            start = ".".join([*parts[: len(parts) - node.level + 1], *filter(None, [start])])
        names = [alias.name for alias in node.names]
        within = [name for name in names if start == "detente" or f"{start}.{name}" in known()]
        self.found += [Import(f"{start}.{name}", (), node.lineno, self.place) for name in within]
        others = tuple(name for name in names if name not in within)
        if others:
            self.found.append(Import(start, others, node.lineno, self.place))

    def visit_If(self, node: ast.If) -> None:
        typing_only = ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}
        self._within("types" if typing_only else self.place, node.body)
        self._within(self.place, node.orelse)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._within("types" if self.place == "types" else "function", node.body)

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815  (the visitor's own naming)

    def _within(self, place: str, body: list[ast.stmt]) -> None:
        before, self.place = self.place, place
        for statement in body:
            self.visit(statement)
        self.place = before


def modules() -> Iterator[Path]:
    yield from sorted(SOURCE.rglob("*.py"))


def name_of(path: Path) -> str:
    parts = ("detente", *path.relative_to(SOURCE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def known() -> frozenset[str]:
    """Return the names of all modules."""
    return frozenset(map(name_of, modules()))


def room_of(module: str) -> str:
    return [*module.split("."), ""][1]


def imports_in(text: str, module: str, is_package: bool = False) -> list[Import]:
    """Return the imports of detente's own modules in a text."""
    visitor = Imports(module if is_package else module.rpartition(".")[0])
    visitor.visit(ast.parse(text))
    return visitor.found


def own_imports(text: str, module: str, is_package: bool = False) -> list[Import]:
    found = imports_in(text, module, is_package)
    return [one for one in found if one.module.split(".")[0] == "detente"]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def packages() -> dict[str, frozenset[str]]:
    """Return every package of detente with the names in its ``__all__``."""
    found = {}
    for path in modules():
        if path.name == "__init__.py":
            names: list[str] = []
            for node in tree_of(path).body:
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                    names = ast.literal_eval(node.value)
            found[name_of(path)] = frozenset(names)
    return found
