"""A large game solved on all cores: the digits of one core, the answer of the one kernel.

Would catch: a piece that is left out or done twice, a pass that begins before the last has ended,
sums that go by who did them, a piece that cuts a tile in two, a stop or an interrupt that is not
heeded within a solve, two solves at once that disturb each other.
"""

from __future__ import annotations

import os
import threading
import time

import numpy as np
import pytest

from detente.conflict import Conflict
from detente.engine import share_out, side_by_side, stop_when
from detente.equilibrium import _trace as tracing
from detente.equilibrium import solve
from detente.equilibrium._abreast_sweep import LARGE, level, ranges
from detente.equilibrium._game import pack
from detente.equilibrium._levelling import answer_unfelt
from detente.equilibrium._levelling import level as level_in_one
from detente.equilibrium._moves import kernels
from detente.errors import Stopped


def conflict_of(*levels: int, seed: int = 1) -> Conflict:
    """Return a conflict of three actors, some of whose moves are infeasible, and a condition."""
    rng = np.random.default_rng(seed)
    shape = (*levels, 2)
    options = {actor: {"x": levels[2 * k], "y": levels[2 * k + 1]} for k, actor in enumerate("abc")}
    return Conflict.build(
        options,
        {actor: rng.random(shape) for actor in options},
        feasible=rng.random(shape) < 11 / 12,
        costs={actor: {"x": 0.1, "y": 0.2} for actor in options},
        precision=dict.fromkeys(options, 3.0),
        discount=dict.fromkeys(options, 0.1),
        conditions={"mood": {"levels": 2, "rate": [[0.0, 0.4], [0.3, 0.0]]}},
    )


LEVELS = 7, 6, 6, 5, 5, 6
assert np.prod(LEVELS) * 2 > LARGE


def test_one_sweep_has_the_digits_of_the_one_kernel() -> None:
    """Long lines and short ones: an actor's levels side by side, or half of the space apart."""
    for levels in (LEVELS, (2, 2, 3, 2, 60, 60), (70, 50, 3, 3, 2, 2)):
        game = pack(conflict_of(*levels))
        kernel, priced = kernels(game.allowed, game.cost, game.layout, game.precision)
        start = np.random.default_rng(2).random(game.flow.shape[::-1])
        found, unfelt = [], answer_unfelt(game)
        for shifted in (level, level_in_one):
            values, image = start.copy(), np.empty_like(start)
            imbalance = shifted(game, game.precision, kernel, priced, values, image, unfelt)
            found.append((values, image, imbalance))
        np.testing.assert_allclose(found[0][0], found[1][0], rtol=1e-13, atol=1e-13)
        np.testing.assert_allclose(found[0][1], found[1][1], rtol=1e-13, atol=1e-13)
        assert found[0][2] == pytest.approx(found[1][2], rel=1e-12)
        assert len(ranges(start.shape[1])) > 1


def test_digits_do_not_depend_on_the_cores_and_the_answer_not_on_the_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    conflict = conflict_of(*LEVELS)
    found = [solve(conflict), *side_by_side([lambda: solve(conflict)] * 2, threads=True)]
    with monkeypatch.context() as alone:
        alone.setattr("detente.engine._abreast.cores", lambda: 1)
        found.append(solve(conflict))
    for one in found[1:]:
        np.testing.assert_array_equal(one.scaled, found[0].scaled)
    monkeypatch.setattr(tracing, "LARGE", 10 * LARGE)
    compiled = solve(conflict)
    assert max(found[0].residual, compiled.residual) <= 1e-10
    assert np.abs(found[0].scaled - compiled.scaled).max() < 1e-8


def test_a_large_solve_leaves_off_between_pieces() -> None:
    conflict = conflict_of(*LEVELS)
    solve(conflict)
    began = time.perf_counter()
    with stop_when(lambda: time.perf_counter() > began + 0.02), pytest.raises(Stopped):
        solve(conflict, tolerance=1e-13)
    assert time.perf_counter() - began < 3.0  # on a busy machine; a quiet one takes hundredths


def test_pieces_are_done_once_and_what_one_raises_comes_out() -> None:
    done = np.zeros(1000, dtype=int)

    def work(k: int) -> None:
        done[k] += 1

    share_out(work, done.size)
    assert (done == 1).all()
    share_out(work, 0)
    raised = threading.Event()

    def fail(k: int) -> None:
        raised.set()
        raise ValueError(k)

    with pytest.raises(ValueError, match=r"0|1"):
        share_out(fail, 2)
    assert raised.is_set()


# What is tested is what a fork leaves of the threads; Windows starts processes otherwise.
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_forked_process_has_threads_of_its_own() -> None:
    share_out(lambda k: None, 2)
    child = os.fork()
    if not child:
        share_out(lambda k: time.sleep(0.01), 4)
        os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
