"""Moves from a state and the map by levels, against the chain and the game they are read from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from detente.errors import InputError
from detente.explanation import level_flow, moves_from_state

CASES = {name: detente.load(name).conflict().equilibrium() for name in ("chicken", "sanctions")}


@given(st.sampled_from(sorted(CASES)), st.data())
@settings(max_examples=60, deadline=None)
def test_moves_are_the_row_of_the_generator(name: str, data: st.DataObject) -> None:
    """Would catch: moves left out or twice, rates of another state, gains with the wrong cost."""
    solved = CASES[name]
    conflict = solved.conflict
    live = np.flatnonzero(conflict.feasible)
    here = int(live[data.draw(st.integers(0, live.size - 1))])
    found = moves_from_state(solved, here)
    row = solved.generator().toarray()[np.searchsorted(live, here)]
    rates = {move.end: move.rate for move in found.moves}
    expected = {int(end): q for end, q in zip(live, row, strict=True) if end != here and q > 0}
    assert rates == pytest.approx(expected)
    for move in found.moves:
        actor = move.step.actor
        if not actor or solved.beliefs.get(actor):
            continue
        choice = {frozenset(change.items()): p for change, p in solved.policy(actor, here).moves}
        own = frozenset((variable, level) for variable, _, level in move.step.changes)
        odds = np.log(choice[own] / choice[frozenset()])
        assert move.gain * conflict.precision[actor] == pytest.approx(odds, abs=1e-6)


@pytest.mark.parametrize("concept", ["nash", "seq", "sim"])
def test_standing_agrees_with_stability(concept: str) -> None:
    """Would catch: an actor called stable that has an improvement which nothing deters."""
    solved = CASES["sanctions"]
    stability = solved.conflict.stability()
    for state in np.flatnonzero(solved.conflict.feasible)[:40].tolist():
        found = moves_from_state(solved, state, concept, stability)
        for actor, stable in found.stable.items():
            assert stable == bool(stability.stable(concept, actor).reshape(-1)[state])
            own = [move for move in found.moves if move.step.actor == actor and move.better]
            assert stable == all(move.reply for move in own)


def test_the_map_by_levels_adds_up() -> None:
    """Would catch: time or arrows lost between cells; checked by simulation of the same chain."""
    solved = CASES["sanctions"]
    names = [axis.name for axis in solved.conflict.space.axes][:2]
    found = level_flow(solved, names, 3.0)
    assert found.share.sum() == pytest.approx(1.0)
    paths = solved.simulate(20_000, 3.0, rng=1)
    places = np.stack(np.unravel_index(paths.state, solved.conflict.shape), axis=1)[:, :2]
    levels = [axis.levels for axis in solved.conflict.space.axes[:2]]
    cells = [tuple(levels[k].index(cell[n]) for k, n in enumerate(names)) for cell in found.cells]
    cell = np.array([cells.index(tuple(place)) for place in places.tolist()])
    time = np.bincount(cell, paths.end - paths.time, len(cells)) / paths.paths / 3.0
    assert found.share == pytest.approx(time, abs=0.01)
    inside = np.flatnonzero(np.diff(paths.path) == 0)
    for arrow in found.arrows[:5]:
        both = (cell[inside] == arrow.source) & (cell[inside + 1] == arrow.target)
        assert arrow.times == pytest.approx(both.sum() / paths.paths, abs=0.02)
        assert sum(arrow.by.values()) == pytest.approx(arrow.times)


def test_wrong_questions_are_refused_with_the_remedy() -> None:
    solved = CASES["chicken"]
    with pytest.raises(InputError, match=r"there is no 'row\.weel'; did you mean 'row\.wheel'"):
        level_flow(solved, ["row.weel"], 1.0)
    with pytest.raises(InputError, match="name one variable"):
        level_flow(solved, [], 1.0)
    with pytest.raises(InputError, match="years"):
        level_flow(solved, ["row.wheel"], 0.0)
