"""One solved model: its worlds, what it keeps and drops, and what it takes from a neighbour.

Catches: two worlds taken for one, a world solved twice, a neighbour that moves the answer, a start
that is silently left out of the chain, a model that outlives its last user, threads that change a
digit, another present that is answered from the old one, a world that fails and is tried again for
every question.
"""

from __future__ import annotations

import weakref
from dataclasses import replace

import numpy as np
import pytest

import detente
from detente.case import Arm, Case, ReachabilityQuestion
from detente.claims import answer_claim, answer_question, claims_model
from detente.equilibrium import Equilibrium
from detente.errors import AnalysisError
from detente.expression import compile_formula
from detente.model import TODAY, SolvedModel, World


@pytest.fixture(scope="module")
def case() -> Case:
    return detente.load("sanctions")


def test_worlds_are_told_apart_by_what_they_change() -> None:
    held = Arm(do={"a": 1, "b": 0})
    assert World.of(held) == World.of(Arm(given={"c": 2}, do={"b": 0, "a": 1}))
    others = [Arm(), Arm(do={"a": 1}), Arm(do={"a": 1}, announced=False), Arm(set={"a": 1.0})]
    assert len({World.of(arm) for arm in (held, *others)}) == 5
    assert World.of(Arm(announced=False)) == TODAY


def test_a_world_is_solved_once_until_it_is_forgotten(case: Case) -> None:
    model = SolvedModel(case)
    name = model.conflict.space.axes[0].name
    held = World(((name, 1),))
    assert model.under(held).conflict.feasible.sum() < model.conflict.feasible.sum()
    assert not model.worlds
    first = model.under(held).equilibrium
    assert set(model.worlds) == {held}, "an announced world needs no other"
    assert model.equilibrium
    assert model.under(held).equilibrium is first
    model.forget(held)
    assert set(model.worlds) == {TODAY}
    again = model.under(held).equilibrium
    assert again is not first
    for actor, value in again.value.items():
        np.testing.assert_array_equal(value, first.value[actor])


def test_a_neighbour_makes_a_solve_shorter_and_moves_no_answer(case: Case) -> None:
    name, parameter = next((n, p) for n, p in case.parameters.items() if p.low < p.high)
    moved = {name: parameter.value + 1e-4 * (parameter.high - parameter.low)}
    near = SolvedModel(case, trail=True)
    alone, helped = SolvedModel(case, moved), SolvedModel(case, moved, near=near)
    assert helped.equilibrium.sweeps == alone.equilibrium.sweeps, "nothing is solved near yet"
    assert near.equilibrium
    helped = SolvedModel(case, moved, near=near)
    assert helped.equilibrium.sweeps < alone.equilibrium.sweeps
    for actor, value in helped.equilibrium.value.items():
        np.testing.assert_allclose(value, alone.equilibrium.value[actor], rtol=1e-6, atol=1e-6)


def test_answers_do_not_depend_on_what_else_is_asked(case: Case) -> None:
    together = claims_model(case)
    for claim in case.claims:
        if claim.ask is not None:
            alone = claims_model(case, claims=[claim])
            both = [answer_claim(claim, model).value for model in (together, alone)]
            assert both[0] == pytest.approx(both[1], abs=1e-8), claim.id


def test_a_start_beyond_the_questions_is_refused() -> None:
    case = detente.load("peninsula")
    model = claims_model(case, claims=())
    space = model.conflict.space
    assert model.under(TODAY).chain.live.size < model.conflict.feasible.sum()
    outside = np.setdiff1d(np.flatnonzero(model.conflict.feasible), model.under(TODAY).chain.live)
    levels = space.position(int(outside[0]))
    given = {axis.name: int(k) for axis, k in zip(space.axes, levels, strict=True)}
    question = ReachabilityQuestion(
        compile_formula("true", case.namespace, "truth"), Arm(given=given)
    )
    with pytest.raises(AnalysisError, match="outside"):
        answer_question(question, model)


def test_a_model_that_is_done_with_is_freed_at_once(case: Case) -> None:
    model = SolvedModel(case)
    assert model.under(World(((model.conflict.space.axes[0].name, 1),))).equilibrium
    watched = weakref.ref(model)
    del model
    assert watched() is None


def answers(case: Case, model: SolvedModel) -> list[float]:
    """Return all answers; nan where there is nothing to condition on."""
    found = []
    for claim in case.claims:
        if claim.ask is not None:
            try:
                found.append(answer_claim(claim, model).value)
            except AnalysisError:
                found.append(np.nan)
    return found


@pytest.mark.parametrize("name", ["chicken", "sanctions", "peninsula"])
def test_threads_change_no_digit(name: str) -> None:
    case = detente.load(name)
    together = claims_model(case, threads=True, anywhere=True)
    assert answers(case, claims_model(case)) == answers(case, together)
    assert not claims_model(case).worlds, "nothing is solved before it is asked for"


@pytest.mark.parametrize(
    ("name", "moved"),
    [("sanctions", None), ("peninsula", ["us.offer", "dprk.conduct", "moscow"])],
)
def test_another_present_is_answered_from_what_is_solved(
    name: str, moved: list[str] | None
) -> None:
    """The flagship's ``moscow`` leads out of where its own present does."""
    case = detente.load(name)
    model = claims_model(case, anywhere=True)
    answers(case, model)
    sweeps = model.equilibrium.sweeps
    conflict = model.conflict
    assert conflict.status_quo is not None
    tried = 0
    for axis in conflict.space.axes:
        for level in range(len(axis.levels) if moved is None or axis.name in moved else 0):
            present = {**case.status_quo, axis.name: level}
            if (
                level == case.status_quo[axis.name]
                or not conflict.feasible[tuple(present.values())]
            ):
                continue
            there = replace(case, status_quo=present)
            other = model.at(there)
            assert other.equilibrium.conflict.status_quo == tuple(present.values())
            assert other.equilibrium.sweeps == sweeps
            assert answers(there, other) == pytest.approx(
                answers(there, claims_model(there)), abs=1e-9, nan_ok=True
            )
            tried += 1
    assert tried > 5


def test_a_world_that_fails_is_tried_once() -> None:
    world = SolvedModel(detente.load("chicken")).under(TODAY)
    tries = []

    def lost() -> Equilibrium:
        tries.append(1)
        raise AnalysisError("the branch is lost")

    world.solve = lost
    for _ in range(3):
        with pytest.raises(AnalysisError, match="the branch is lost"):
            assert world.equilibrium
    assert len(tries) == 1
