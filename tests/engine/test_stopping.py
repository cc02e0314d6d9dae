"""Work is left soon after nobody waits for it any more, in whichever kernel it is.

Catches: a kernel that cannot be left, threads that do not know that they are pointless, a stop that
is taken for a failed draw, a poller that changes a number, a watching thread that outlives its
work.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

import detente
from detente.claims import answer_claim, claims_model
from detente.conflict import Conflict
from detente.engine import (
    Backend,
    map_tasks,
    poll,
    side_by_side,
    stop_flag,
    stop_when,
)
from detente.equilibrium import Equilibrium
from detente.errors import Stopped
from detente.explanation import explain_answer
from detente.forecast._gth import stationary
from detente.model import SolvedModel
from detente.study import latin_hypercube, run_study, study_function

SOON = 0.1
"""Seconds after which work is asked to stop."""
FRACTION = 4.0
"""Seconds within which it must have stopped on a busy machine; a quiet one takes tenths."""


def random_conflict(levels: int) -> Conflict:
    rng = np.random.default_rng(1)
    shape = (levels,) * 3
    return Conflict.build(
        {f"p{k}": {"x": levels} for k in range(3)},
        {f"p{k}": rng.normal(size=shape) for k in range(3)},
        precision={f"p{k}": 1.0 for k in range(3)},
        discount={f"p{k}": 0.02 for k in range(3)},
    )


@cache
def solved() -> Equilibrium:
    return random_conflict(9).equilibrium()


def solve_a_large_game() -> object:
    return random_conflict(60).equilibrium()


def solve_in_threads() -> object:
    case = detente.load("peninsula")
    while True:
        model = claims_model(case, threads=True)
        for claim in case.claims:
            if claim.ask is not None:
                answer_claim(claim, model)


def march_far() -> object:
    return solved().probability("F[0, 200000] p0.x == 1 and p1.x == 2 and p2.x == 3", 0)


def eliminate_many_states() -> object:
    return stationary(np.random.default_rng(1).random((2500, 2500)))


def explain_at_length() -> object:
    return explain_answer(detente.load("peninsula"), "C09", workers=1)


def certify() -> object:
    return solved().certificate(starts=2000)


def study_many_draws() -> object:
    return run_study(detente.load("sanctions"), 3000, 1, 2)


def study_a_function() -> object:
    def slow(inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        poll()
        time.sleep(0.05)
        return {"y": inputs["x"]}

    return study_function(slow, {"x": (0.0, 1.0)}, 1_000_000, 1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "work",
    [
        solve_a_large_game, solve_in_threads, march_far, eliminate_many_states, explain_at_length,
        certify, study_many_draws, study_a_function,
    ],
)  # fmt: skip
def test_long_work_stops_soon(work: Callable[[], object]) -> None:
    solved()
    latin_hypercube(detente.load("sanctions"), 2, 1)  # what it needs is slow to import
    began = time.perf_counter()
    with stop_when(lambda: time.perf_counter() > began + SOON), pytest.raises(Stopped):
        work()
    assert time.perf_counter() - began < SOON + FRACTION


def test_numbers_are_the_same_with_a_poller() -> None:
    alone = random_conflict(5).equilibrium()
    with stop_when(lambda: False):
        watched = random_conflict(5).equilibrium()
        assert not stop_flag()[0]
    np.testing.assert_array_equal(alone.scaled, watched.scaled)


def test_a_world_that_was_stopped_is_solved_when_it_is_asked_again() -> None:
    model = SolvedModel(detente.load("sanctions"))
    with stop_when(lambda: True), pytest.raises(Stopped):
        assert model.equilibrium
    assert model.equilibrium.residual < 1e-9


def test_threads_know_that_they_are_pointless() -> None:
    with stop_when(lambda: True):
        with pytest.raises(Stopped):
            side_by_side([lambda: None, poll], threads=True)
        with pytest.raises(Stopped):
            map_tasks(lambda *_: poll(), None, [1, 2, 3], Backend("threads", 2))
    assert side_by_side([lambda: 1, lambda: 2, lambda: 3], threads=True) == [1, 2, 3]


def test_nobody_watches_once_the_work_is_over() -> None:
    before = threading.active_count()
    with stop_when(lambda: False):
        assert not stop_flag()[0]
        assert threading.active_count() == before + 1
    deadline = time.perf_counter() + FRACTION
    while threading.active_count() > before and time.perf_counter() < deadline:
        time.sleep(0.01)
    assert threading.active_count() == before
