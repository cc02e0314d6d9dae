"""What a public function takes is written in its signature, so that an editor completes it.

Would catch: ``**options: Any`` (or without a type) where the words should stand, and a mistyped
word that only a function further in would notice.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import detente
from detente.case import Case
from detente.conflict import Conflict, GraphConflict
from detente.deals import study_deal
from detente.equilibrium import Equilibrium, solve
from detente.evidence import compare_rivals, observed_record, sample_posterior
from detente.forecast import probability
from detente.oneshot import one_shot
from detente.review import review_case, review_study
from detente.study import Study, run_study
from structure.source_tree import modules, name_of, packages, tree_of

DOORS = {name for door, names in packages().items() for name in names if "._" not in door}


def functions(tree: ast.Module, offered: set[str]) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield the public functions of a module, and the public methods of its public classes."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in offered:
            yield node.name, node
        if isinstance(node, ast.ClassDef) and node.name in offered:
            for member in node.body:
                if isinstance(member, ast.FunctionDef) and not member.name.startswith("_"):
                    yield f"{node.name}.{member.name}", member


def catch_alls(tree: ast.Module, offered: set[str]) -> list[str]:
    """Return the functions that take words of any name and any type."""
    found = []
    for name, node in functions(tree, offered):
        rest = node.args.kwarg
        if rest is not None and (rest.annotation is None or "Any" in ast.unparse(rest.annotation)):
            found.append(f"{name}(**{rest.arg})")
    return found


def test_no_public_function_takes_just_anything() -> None:
    assert [
        f"{name_of(path)}: {found}"
        for path in modules()
        for found in catch_alls(tree_of(path), DOORS)
    ] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("def study(**options: Any): ...", ["study(**options)"]),
        ("def study(**options): ...", ["study(**options)"]),
        ("class Case:\n    def study(self, **o: typing.Any): ...", ["Case.study(**o)"]),
        ("class Case:\n    def conflict(self, **named: float): ...", []),
        ("class Case:\n    def _inner(self, **o: Any): ...", []),
        ("def inner(**options: Any): ...", []),
    ],
)
def test_a_catch_all_is_seen(text: str, found: list[str]) -> None:
    assert catch_alls(ast.parse(text), {"Case", "study"}) == found


@pytest.mark.parametrize("door", ["study", "deals", "fit", "score", "rivals"])
def test_a_wrong_word_is_named(door: str) -> None:
    with pytest.raises(TypeError, match="hroizon"):
        getattr(detente.load("chicken"), door)(hroizon=3.0)


@pytest.mark.parametrize(
    ("door", "behind"),
    [
        (Case.study, run_study),
        (Case.deals, study_deal),
        (Case.record, observed_record),
        (Case.fit, sample_posterior),
        (Case.rivals, compare_rivals),
        (Case.review, review_case),
        (Study.review, review_study),
        (Conflict.equilibrium, solve),
        (GraphConflict.equilibrium, solve),
        (Conflict.one_shot, one_shot),
        (Equilibrium.probability, probability),
    ],
)
def test_a_door_takes_what_the_function_behind_it_takes(
    door: Callable[..., Any], behind: Callable[..., Any]
) -> None:
    def taken(function: Callable[..., Any]) -> list[tuple[str, Any, Any]]:
        parameters = list(inspect.signature(function).parameters.values())[1:]
        return [(one.name, one.default, one.kind) for one in parameters]

    assert taken(door) == taken(behind)
