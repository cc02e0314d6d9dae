"""Every room has a front door: what it names is public, all else is in modules of its own.

Would catch: a reach past another room's door, a public module, a function that hides its module,
two rooms or modules that need each other to be imported.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

import pytest

from structure.source_tree import (
    known,
    modules,
    name_of,
    own_imports,
    packages,
    room_of,
    tree_of,
)

OPEN = {"detente", "detente.errors", "detente.__main__"}
"""Modules that are no package and yet public."""


def is_private(module: str) -> bool:
    return any(part.startswith("_") for part in module.split(".")[1:])


def is_door(module: str, doors: Mapping[str, frozenset[str]]) -> bool:
    return module in OPEN or (module in doors and not is_private(module))


def reaches(
    text: str, module: str, doors: Mapping[str, frozenset[str]], is_package: bool = False
) -> list[str]:
    """Return what a module takes from other rooms past their front doors."""
    found = []
    for one in own_imports(text, module, is_package):
        if room_of(one.module) == room_of(module) or one.module in {
            "detente",
            "detente.__version__",
        }:
            continue
        if not is_door(one.module, doors):
            found.append(f"{module}, line {one.line}: {one.module} is no front door")
        elif one.module in doors:
            found += [
                f"{module}, line {one.line}: {one.module} does not offer {name}"
                for name in one.names
                if name not in doors[one.module]
            ]
    return found


def hidden_by(module: str, tree: ast.Module) -> bool:
    """Whether a module has a function of its own name, which would hide it in its package."""
    own = module.rpartition(".")[2]
    return any(isinstance(node, ast.FunctionDef) and node.name == own for node in tree.body)


def cycle_in(edges: Mapping[str, Iterable[str]]) -> list[str]:
    """Return a cycle of a graph, empty where there is none."""
    done: set[str] = set()
    path: list[str] = []

    def walk(node: str) -> list[str]:
        if node in path:
            return [*path[path.index(node) :], node]
        if node in done:
            return []
        path.append(node)
        for other in edges.get(node, ()):
            if found := walk(other):
                return found
        done.add(path.pop())
        return []

    for node in edges:
        if found := walk(node):
            return found
    return []


def test_rooms_import_each_other_through_front_doors_only() -> None:
    assert [
        reach
        for path in modules()
        for reach in reaches(
            path.read_text("utf-8"), name_of(path), packages(), path.name == "__init__.py"
        )
    ] == []


@pytest.mark.parametrize(
    "text",
    [
        "from detente.case._reader import load",
        "from detente.case.reader import load",
        "import detente.case._model",
        "from detente.case import _model",
        "from detente.case import nothing_of_the_kind",
        "def f():\n    from detente.study._run import run_study",
        "if TYPE_CHECKING:\n    from detente.case._model import Case",
    ],
)
def test_a_reach_past_a_door_is_seen(text: str) -> None:
    assert len(reaches(text, "detente.claims._verdict", packages())) == 1


def test_what_is_not_public_is_in_private_modules() -> None:
    names = [name_of(path) for path in modules()]
    assert [n for n in names if not is_private(n) and not is_door(n, packages())] == []


def test_every_door_names_what_it_offers() -> None:
    for door, names in packages().items():
        if not is_private(door):
            assert names, f"{door} offers nothing: list its public names in __all__"


def test_no_function_hides_its_module() -> None:
    assert [name_of(path) for path in modules() if hidden_by(name_of(path), tree_of(path))] == []
    assert hidden_by("detente.case.vary", ast.parse("def vary(): ..."))


def test_eager_imports_have_no_cycle() -> None:
    edges = {}
    for path in modules():
        found = own_imports(path.read_text("utf-8"), name_of(path), path.name == "__init__.py")
        edges[name_of(path)] = [
            one.module for one in found if one.place == "module" and one.module in known()
        ]
    assert cycle_in(edges) == []
    assert cycle_in({"a": ["b"], "b": ["c"], "c": ["b"]}) == ["b", "c", "b"]
