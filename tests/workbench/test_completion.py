"""What is offered while a query is typed, and where its faults are."""

from __future__ import annotations

import pytest

import detente
from detente.workbench._completion import complete, problem_in

CASE = detente.load("sanctions")


@pytest.mark.parametrize(
    ("text", "start", "offered"),
    [
        ("", 0, ["F[0, 5] ", "G[0, 5] "]),
        ("F[0, 5] tar", 8, ["target.programme"]),
        ("F[0, 5] target.programme ", 25, ["==", "!=", ">=", "<=", ">", "<", "in {"]),
        ("F[0, 5] target.programme >", 25, [">="]),
        ("F[0, 5] target.programme >= ", 28, ["running", "frozen", "dismantled"]),
        ("F[0, 5] target.programme in {frozen, d", 37, ["dismantled"]),
        ("F[0, 5] target.programme == frozen ", 35, ["and", "or", "implies", "iff"]),
        ("hardship ", 9, ["==", "!="]),
        ("tension == low ", 15, ["and", "or", "implies", "iff", "U[0, 5] "]),
    ],
)
def test_what_may_follow_is_offered(text: str, start: int, offered: list[str]) -> None:
    """Would catch: levels of another option, or words where none may stand."""
    found = complete(text, len(text), CASE)
    assert found.start == start
    assert [option.text for option in found.options][: len(offered)] == offered


@pytest.mark.parametrize("text", ["F[0, ", "F[0, 5", "xyz"])
def test_nothing_is_offered_where_nothing_fits(text: str) -> None:
    assert complete(text, len(text), CASE).options == ()


def test_no_time_is_offered_in_a_formula() -> None:
    """Would catch: F and U offered where only a state is asked about."""
    for text in ("", "tension == low "):
        offered = {one.text for one in complete(text, len(text), CASE, "formula").options}
        assert not {"F[0, 5] ", "U[0, 5] "} & offered


@pytest.mark.parametrize("name", ["sanctions", "chicken", "peninsula"])
def test_what_is_offered_is_accepted(name: str) -> None:
    """Would catch: an offered level that the language then refuses."""
    case = detente.load(name)
    for variable in case.namespace.variables:
        text = f"F[0, 5] {variable} == "
        for option in complete(text, len(text), case).options:
            assert problem_in(text + option.text, case, "query") is None


def test_only_what_stands_before_the_caret_counts() -> None:
    text = "F[0, 5] tension ==  and hardship > 0"
    found = complete(text, text.index("== ") + 3, CASE)
    assert [option.text for option in found.options] == ["low", "high"]


def test_a_fault_has_its_place_and_remedy() -> None:
    found = problem_in("F[0, 5] tension == lov", CASE, "query")
    assert found is not None
    assert (found.start, found.end) == (19, 22)
    assert str(found) == "column 20: 'tension' has no level 'lov'; did you mean 'low'?"
    assert problem_in("F[0, 5] tension == low", CASE, "formula") is not None
