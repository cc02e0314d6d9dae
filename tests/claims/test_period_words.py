"""Periods in the words of a question: months or days where years would be a fraction.

Would catch: "within 0.148 years" of a crisis of weeks, and a first end that loses its own unit.
"""

from __future__ import annotations

import pytest

import detente
from detente.claims._question_words import _throughout, _within
from detente.expression import Query, compile_query


def query(words: str) -> Query:
    return compile_query(f"{words} rain == dry", detente.load("dam").namespace)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("F[0, 0.25]", "within 3 months"),
        ("F[0, 0.148]", "within 54 days"),
        ("F[0, 0.001]", "within 0.001 years"),
        ("F[0.1, 1.4]", "between 37 days and 1.4 years from the start"),
        ("F[0, 1]", "within 1 year"),
        ("F[0.5, 2]", "between 6 months and 2 years from the start"),
        ("F[1, 2.5]", "between 1 and 2.5 years from the start"),
    ],
)
def test_a_period_is_said_in_its_own_unit(asked: str, words: str) -> None:
    assert _within(query(asked)) == words


def test_what_holds_throughout_has_both_ends() -> None:
    said = _throughout(query("G[0.25, 0.75]"))
    assert said == "all the time from 3 months to 9 months"
