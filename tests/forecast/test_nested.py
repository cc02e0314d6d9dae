"""Nested questions, against solving the inner one first by hand.

Would catch: an inner probability read at the wrong state, one that forgets the intervention, names
that hide others.
"""

from __future__ import annotations

import numpy as np
import pytest

from detente.equilibrium import Equilibrium, intervene
from detente.errors import InputError
from random_conflicts import random_spec


@pytest.fixture(scope="module")
def solved() -> Equilibrium:
    return random_spec(np.random.default_rng(8), 2, largest=40, sharpness=1.0).build().equilibrium()


@pytest.mark.parametrize(
    "inner",
    [
        "G[0, 0.5] us.offer == 0",
        "F[0.1, 0.7] us.offer == 0",
        "us.offer > 0 U[0, 0.6] us.offer == 0",
    ],
)
def test_the_inside_is_solved_first(solved: Equilibrium, inner: str) -> None:
    space, live = solved.conflict.space, np.argwhere(solved.conflict.feasible)
    axis = space.axes[0].name
    text = inner.replace("us.offer", axis)
    inside = [solved.probability(text, [int(k) for k in state]).value for state in live]
    bar = float(np.median(inside)) + 1e-6
    start = [int(k) for k in live[int(np.argmin(inside))]]
    found = solved.probability(f"F[0, 0.4] calm > {bar}", start, let={"calm": text})
    high = [tuple(int(k) for k in s) for s, p in zip(live, inside, strict=True) if p > bar]
    listed = " or ".join(
        "(" + " and ".join(f"{a.name} == {k}" for a, k in zip(space.axes, s, strict=True)) + ")"
        for s in high
    )
    wanted = solved.probability(f"F[0, 0.4] {listed}", start)
    assert found.value == pytest.approx(wanted.value, abs=1e-12)
    twice = solved.probability(
        "far > 0.5", start, let={"calm": text, "far": f"F[0, 0.4] calm > {bar}"}
    )
    assert twice.value == float(wanted.value > 0.5)


def test_the_inside_knows_of_the_intervention(solved: Equilibrium) -> None:
    axis = solved.conflict.space.axes[0].name
    state = [int(k) for k in np.argwhere(solved.conflict.feasible)[0]]
    do = {axis: state[0]}
    held = intervene(solved, do)
    text = f"G[0, 1] {axis} == {state[0]}"
    assert held.probability(text, state).value == pytest.approx(1.0)
    found = solved.probability("calm > 0.999999", state, let={"calm": text}, do=do)
    assert found.value == 1.0


@pytest.mark.parametrize(
    ("let", "message"),
    [
        ({"two words": "G[0, 1] true"}, "not a name"),
        ({"F": "G[0, 1] true"}, "not a name"),
        ({"0": "G[0, 1] true"}, "not a name"),
        ({"calm": "G[0, 1] nothing == 0"}, "query 'G.*nothing"),
    ],
)
def test_names_that_are_none_are_refused(solved: Equilibrium, let, message: str) -> None:
    with pytest.raises(InputError, match=message):
        solved.probability("F[0, 1] true", 0, let=let)


def test_a_question_inside_a_question_is_told_what_to_do(solved: Equilibrium) -> None:
    with pytest.raises(InputError, match="top of the question"):
        solved.probability("F[0, 5] (G[0, 1] true)", 0)
