"""What makes no sense is refused by name, before anything is allocated.

Would catch: errors of Python or NumPy where a user mistook a type, a request that fills the memory.
"""

from __future__ import annotations

import pytest

from detente import Conflict
from detente.errors import DetenteError, InputError
from detente.stability import least_weight_change, strength_stability, uncertain_stability

DILEMMA = Conflict.build(
    {"r": {"x": 2}, "c": {"y": 2}}, rank={"r": [[3, 1], [4, 2]], "c": [[3, 4], [1, 2]]}
)
STABILITY = DILEMMA.stability()


def graph(states):
    return Conflict.from_graph(states, {"a": []}, {"a": [1, 2, 3]})


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: graph(2.5), "2.5"),
        (lambda: graph(None), "None"),
        (lambda: graph("abc"), "'abc'"),
        (lambda: graph(-1), "-1"),
        (lambda: graph([]), "empty"),
        (lambda: STABILITY.stable(["nash"], "r"), "no stability concept"),
        (lambda: STABILITY.stable("nash", None), "None"),
        (lambda: STABILITY.status_quo_analysis("nash", [0, 0], most="a"), "whole number"),
        (lambda: STABILITY.status_quo_analysis("nash", [0, 0], most=-1), "-1"),
        (lambda: STABILITY.coalitions().stable("nash", None), "coalition is None"),
        (lambda: STABILITY.coalitions().stable("nash", [[1]]), "actor"),
        (lambda: STABILITY.coalitions().improving_coalitions([0, 0], "nash", 3), "coalitions is 3"),
        (lambda: uncertain_stability(DILEMMA, {"r": None}), "None"),
        (lambda: uncertain_stability(DILEMMA, [1]), "by actor"),
        (lambda: strength_stability(DILEMMA, None), "by actor"),
        (lambda: least_weight_change(DILEMMA, [0, 0]), "least_rank_change"),
        (lambda: DILEMMA.where(3), "formula"),
    ],
)
def test_a_wrong_type_is_named(ask, said):
    with pytest.raises(InputError, match=said):
        ask()


def test_a_graph_too_large_is_refused_before_its_names_are_made():
    with pytest.raises(DetenteError, match=r"10,000,000,000,000|memory"):
        graph(10**13)
