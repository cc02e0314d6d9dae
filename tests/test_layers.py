"""The shape of the house: imports run one way, files stay small, nothing is run as code.

Read from the syntax trees of ``src/detente``, so a module is checked without importing it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src" / "detente"

# From left to right; layers of one row do not know each other.
ROWS = (
    ("errors",),
    ("case",),
    ("conflict",),
    ("stability", "equilibrium", "oneshot"),
    ("forecast",),
    ("claims",),
    ("study",),
    ("deals", "evidence"),
    ("report",),
    ("workbench",),
    ("cli",),
    ("__main__",),
)
RANK = {layer: rank for rank, row in enumerate(ROWS) for layer in row}
# `import detente` gives names of case and conflict, so it counts as the later of the two.
FRONT_PAGE = ""
RANK[FRONT_PAGE] = RANK["conflict"]
INTEROP_MAY_IMPORT = {"errors", "case", "conflict", "stability", "equilibrium", "oneshot"}
INTEROP_IMPORTED_BY = {"cli"}

# Methods that open a door to the right, for the reader's convenience: module -> layers.
DOORS = {
    "detente.case._model": {"conflict", "study", "deals"},
    "detente.conflict._conflict": {"stability", "equilibrium", "oneshot"},
    "detente.equilibrium._result": {"forecast"},
    "detente.stability._stability": {"report"},
}

MOST_LINES = 400
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "misc", "common"}
RUNS_CODE = {"eval", "exec", "__import__"}
UNSAFE_READERS = {"pickle", "cPickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"}


@dataclass(frozen=True)
class Import:
    """One imported module, with where it stands: at module level, in a function, for types."""

    module: str
    line: int
    place: str


class Imports(ast.NodeVisitor):
    """Collect the imports of one module, relative ones resolved."""

    def __init__(self, package: str) -> None:
        self.package = package
        self.place = "module"
        self.found: list[Import] = []

    def visit_Import(self, node: ast.Import) -> None:
        self.found += [Import(alias.name, node.lineno, self.place) for alias in node.names]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        start = node.module or ""
        if node.level:
            parts = self.package.split(".")
            start = ".".join([*parts[: len(parts) - node.level + 1], *filter(None, [start])])
        names = [f"{start}.{alias.name}" for alias in node.names] if start == "detente" else [start]
        self.found += [Import(name, node.lineno, self.place) for name in names]

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


def name_of(path: Path) -> str:
    parts = ("detente", *path.relative_to(SOURCE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def layer_of(module: str) -> str:
    return [*module.split("."), ""][1]


def imports_in(text: str, module: str, is_package: bool = False) -> list[Import]:
    visitor = Imports(module if is_package else module.rpartition(".")[0])
    visitor.visit(ast.parse(text))
    return visitor.found


def allowed(importer: str, imported: Import) -> bool:
    """Whether the import keeps to the order of the layers."""
    here, there = layer_of(importer), layer_of(imported.module)
    if imported.place == "types" or there in {here, "__version__"}:
        return True
    if there == "interop":
        return here in INTEROP_IMPORTED_BY
    if here == "interop":
        return there in INTEROP_MAY_IMPORT
    if imported.place == "function" and there in DOORS.get(importer, set()):
        return True
    return here != FRONT_PAGE and RANK.get(there, RANK[FRONT_PAGE]) < RANK[here]


def complaints(text: str, module: str, is_package: bool = False) -> list[str]:
    return [
        f"{module}, line {found.line}: imports {found.module} in its {found.place}"
        for found in imports_in(text, module, is_package)
        if found.module.split(".")[0] == "detente" and not allowed(module, found)
    ]


def modules() -> Iterator[Path]:
    yield from sorted(SOURCE.rglob("*.py"))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def test_every_module_stands_in_a_known_layer() -> None:
    layers = {layer_of(name_of(path)) for path in modules()}
    assert layers - {"interop"} <= set(RANK), "give the new layer its place in ROWS"


def test_imports_never_point_rightwards() -> None:
    assert [
        complaint
        for path in modules()
        for complaint in complaints(
            path.read_text("utf-8"), name_of(path), path.name == "__init__.py"
        )
    ] == []


def test_every_door_is_in_use() -> None:
    opened = {
        (module, layer_of(found.module))
        for module in DOORS
        for found in imports_in(
            SOURCE.parent.joinpath(*module.split(".")).with_suffix(".py").read_text("utf-8"), module
        )
        if found.place == "function"
    }
    assert {(module, layer) for module, layers in DOORS.items() for layer in layers} <= opened


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("detente.case._reader", "from detente.conflict import Conflict"),
        ("detente.case._reader", "import detente.study"),
        ("detente.case._reader", "from ..conflict import Conflict"),
        ("detente.case._reader", "try:\n    import detente.report._page\nexcept ImportError: ..."),
        ("detente.case._reader", "def f():\n    from detente.conflict import Conflict"),
        ("detente.case._model", "def f():\n    from detente.forecast import forecast"),
        ("detente.case._model", "from detente.study import Study"),
        ("detente.stability._nash", "from detente.equilibrium import solve"),
        ("detente.case._reader", "from detente import load"),
        ("detente.case._reader", "import detente"),
        ("detente.forecast._chain", "from detente import study"),
        ("detente.report._page", "from detente import interop"),
        ("detente.interop.gambit", "from detente.forecast import forecast"),
        ("detente", "import detente.errors"),
    ],
)
def test_the_check_sees_a_wrong_import(module: str, text: str) -> None:
    assert len(complaints(text, module, is_package=module == "detente")) == 1


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("detente.forecast._chain", "from detente.errors import InputError"),
        ("detente.case._reader", "from detente import __version__"),
        ("detente.report._page", "import detente"),
        ("detente.report._page", "from detente import load"),
        ("detente.forecast._chain", "from .paths import Paths"),
        ("detente.case._model", "def f():\n    from detente.study import run_study"),
        ("detente.case._model", "if TYPE_CHECKING:\n    from detente.forecast import Paths"),
        ("detente.interop.gambit", "from detente.stability import Stability"),
        ("detente.cli", "def f():\n    from detente.interop import gambit"),
    ],
)
def test_the_check_lets_a_right_import_pass(module: str, text: str) -> None:
    assert complaints(text, module) == []


def test_files_hold_one_idea() -> None:
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in modules()}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_names_of_modules_say_something() -> None:
    assert [name for name in map(name_of, modules()) if EMPTY_NAMES & set(name.split("."))] == []


def test_every_module_says_what_it_does() -> None:
    assert [name_of(path) for path in modules() if not ast.get_docstring(tree_of(path))] == []


def test_nothing_is_run_as_code_or_unpickled() -> None:
    found = []
    for path in modules():
        for node in ast.walk(tree_of(path)):
            named = {getattr(node, "id", None), getattr(node, "attr", None)} & RUNS_CODE
            if isinstance(node, ast.Name | ast.Attribute) and named:
                found.append(f"{name_of(path)}, line {node.lineno}: {named.pop()}")
        found += [
            f"{name_of(path)}, line {imported.line}: {imported.module}"
            for imported in imports_in(path.read_text("utf-8"), name_of(path))
            if imported.module.split(".")[0] in UNSAFE_READERS
        ]
    assert found == []
