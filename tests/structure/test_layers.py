"""The shape of the house: imports run one way, files stay small, nothing is run as code.

Read from the syntax trees of ``src/detente``, so a module is checked without importing it.
"""

from __future__ import annotations

import ast

import pytest

from structure.source_tree import (
    SOURCE,
    Import,
    imports_in,
    modules,
    name_of,
    own_imports,
    room_of,
    tree_of,
)

# From left to right; rooms of one row do not know each other.
ROWS = (
    ("errors", "text", "values"),
    ("files",),
    ("engine",),
    ("expression",),
    ("case",),
    ("reading",),
    ("drafting", "templates"),
    ("conflict",),
    ("stability", "equilibrium", "oneshot", "bargaining"),
    ("forecast",),
    ("model",),
    ("claims",),
    ("study",),
    ("deals", "evidence", "explanation", "review"),
    ("panel",),
    ("analysis",),
    ("comparison",),
    ("drawing",),
    ("report",),
    ("workbench", "mcp_server"),
    ("cli",),
    ("__main__",),
)
RANK = {room: rank for rank, row in enumerate(ROWS) for room in row}
# `import detente` gives names of every room, each when it is first used.
FRONT_PAGE = ""
RANK[FRONT_PAGE] = RANK["conflict"]
INTEROP_MAY_IMPORT = {
    "errors", "text", "values", "files", "engine", "expression", "case", "conflict", "stability",
    "equilibrium", "oneshot",
}  # fmt: skip
INTEROP_IMPORTED_BY = {"cli"}

# Methods that open a door to the right, for the reader's convenience: module -> rooms.
DOORS = {
    "detente.case._case": {
        "conflict",
        "claims",
        "study",
        "deals",
        "evidence",
        "explanation",
        "review",
    },
    "detente.conflict._conflict": {"stability", "equilibrium", "oneshot"},
    "detente.analysis._result": {"drawing"},
    "detente.bargaining._comparison": {"drawing"},
    "detente.bargaining._equal_gain": {"drawing"},
    "detente.bargaining._table": {"drawing"},
    "detente.claims._verdict": {"drawing"},
    "detente.comparison._result": {"drawing"},
    "detente.deals._assessment": {"drawing"},
    "detente.deals._linked_deals": {"drawing"},
    "detente.deals._price": {"drawing"},
    "detente.evidence._forecast_scores": {"drawing"},
    "detente.panel._placebos": {"drawing"},
    "detente.panel._scores": {"drawing"},
    "detente.study._explore": {"drawing"},
    "detente.study.sensitivity._tornado": {"drawing"},
    "detente.equilibrium._result": {"forecast"},
    "detente.stability._stability": {"drawing"},
    "detente.study._result": {"drawing", "review"},
}

MOST_LINES = 400
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "misc", "common"}
RUNS_CODE = {"eval", "exec", "__import__"}
UNSAFE_READERS = {"pickle", "cPickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"}


def allowed(importer: str, imported: Import) -> bool:
    """Whether the import keeps to the order of the layers."""
    here, there = room_of(importer), room_of(imported.module)
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
        for found in own_imports(text, module, is_package)
        if not allowed(module, found)
    ]


def test_every_module_stands_in_a_known_layer() -> None:
    layers = {room_of(name_of(path)) for path in modules()}
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
        (module, room_of(found.module))
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
        ("detente.case._case", "def f():\n    from detente.forecast import forecast"),
        ("detente.case._case", "from detente.study import Study"),
        ("detente.stability._concepts", "from detente.equilibrium import solve"),
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
        ("detente.case._case", "def f():\n    from detente.study import run_study"),
        ("detente.case._case", "if TYPE_CHECKING:\n    from detente.forecast import Paths"),
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
