"""Shortest paths against plain breadth-first search over (state, last mover)."""

from __future__ import annotations

import json
from collections import deque

import numpy as np
import pytest

from detente.conflict import Conflict
from detente.errors import InputError
from detente.stability import Stability
from stability.oracle import Oracle, random_conflict
from stability.test_graph import Oracle as GraphOracle
from stability.test_graph import random_graph


def distances(oracle, start, improving):
    step = oracle.improvements if improving else oracle.moves
    depth, seen, todo = {start: 0}, set(), deque([(start, None, 0)])
    while todo:
        state, last, moves = todo.popleft()
        for mover in oracle.actors:
            if mover == last:
                continue
            for target in step(mover, state):
                if (target, mover) not in seen:
                    seen.add((target, mover))
                    depth.setdefault(target, moves + 1)
                    todo.append((target, mover, moves + 1))
    return depth


def check(conflict, oracle, index, starts):
    """Compare distances from states, and the paths themselves, with plain search."""
    stability = Stability(conflict)
    place = {index(state): state for state in oracle.states}
    for start in starts:
        paths = stability.paths(index(start))
        for improving in (False, True):
            step = oracle.improvements if improving else oracle.moves
            expected = distances(oracle, start, improving)
            found = paths.distance(improving=improving).reshape(-1)
            assert {place[k]: d for k, d in enumerate(found.tolist()) if d >= 0} == expected
            for state in oracle.states:
                path = paths.to(index(state), improving=improving)
                assert (path is None) == (state not in expected)
                if path is None:
                    continue
                assert len(path) == expected[state]
                here, last = start, None
                for move in path:
                    assert move.actor != last
                    assert place[move.state] in step(move.actor, here)
                    here, last = place[move.state], move.actor
                assert here == state


def check_cut_off(conflict, oracle, index):
    stability = Stability(conflict)
    for improving in (False, True):
        reached = {s: set(distances(oracle, s, improving)) for s in oracle.states}
        equilibria = stability.equilibria("seq").reshape(-1)
        goals = [s for s in oracle.states if equilibria[index(s)]]
        found = stability.cut_off("seq", improving=improving).reshape(-1)
        expected = {index(s) for s in oracle.states if not reached[s] & set(goals)}
        assert set(np.flatnonzero(found).tolist()) == expected
        for goal in goals[:3]:
            found = stability.cut_off("seq", index(goal), improving=improving).reshape(-1)
            expected = {index(s) for s in oracle.states if goal not in reached[s]}
            assert set(np.flatnonzero(found).tolist()) == expected


@pytest.mark.parametrize("batch", range(6))
def test_tensors_equal_plain_search(batch):
    for seed in range(batch * 50, batch * 50 + 50):
        conflict = random_conflict(seed)
        oracle = Oracle(conflict)
        check(conflict, oracle, conflict.space.index, oracle.states[:3])
        check_cut_off(conflict, oracle, conflict.space.index)


@pytest.mark.parametrize("batch", range(3))
def test_graphs_equal_plain_search(batch):
    for seed in range(batch * 100, batch * 100 + 100):
        states, moves, rank = random_graph(seed)
        oracle = GraphOracle(states, moves, rank)
        conflict = Conflict.from_graph(states, moves, rank)
        check(conflict, oracle, int, oracle.states[:3])
        check_cut_off(conflict, oracle, int)


def test_the_outlook_agrees_with_its_parts():
    for seed in range(60):
        conflict = random_conflict(seed)
        stability, start = Stability(conflict), Oracle(conflict).states[0]
        outlook, paths = stability.status_quo_analysis("gmr", start), stability.paths(start)
        assert outlook.equilibria == stability.equilibria("gmr").sum() == len(outlook.routes)
        for route in outlook.routes:
            assert route.legal == paths.to(route.state)
            assert route.improving == paths.to(route.state, improving=True)
        assert outlook.reached == sum(route.legal is not None for route in outlook.routes)
        assert outlook.improved == sum(route.improving is not None for route in outlook.routes)
        plain = json.loads(json.dumps(outlook.to_dict()))
        assert len(plain["routes"]) == len(outlook.to_pandas())
        assert str(outlook).startswith("From ")


def crisis():
    """Only china can undo the freeze, which it would rather not."""
    return Conflict.from_graph(
        ["talks", "freeze", "deal", "war"],
        {"us": [(0, 1), (2, 0)], "china": [(1, 2)]},
        {"us": [1, 2, 3, 0], "china": [1, 2, 1, 0]},
        status_quo=["talks"],
    )


def test_paths_in_words():
    stability = crisis().stability()
    assert str(stability.status_quo_analysis("nash")) == (
        "From state talks: 3 equilibria (nash), 2 within reach, 1 by improvements\n"
        "- state freeze\n"
        "  by us (state to freeze)\n"
        "- state deal\n"
        "  by us (state to freeze), then china (state to deal)\n"
        "  not by improvements alone\n"
        "- state war\n"
        "  cannot be reached"
    )
    assert stability.status_quo_analysis("nash", most=1).routes[0].state == 1
    assert "and 2 more" in str(stability.status_quo_analysis("nash", most=1))
    assert stability.cut_off("nash", ["war"]).tolist() == [True, True, True, False]
    assert "is where it starts" in str(stability.status_quo_analysis("nash", ["war"]))


def test_only_equilibria_are_asked_for():
    with pytest.raises(InputError, match="not an equilibrium under nash"):
        crisis().stability().cut_off("nash", ["talks"])
    with pytest.raises(InputError, match="no status quo"):
        random_conflict(3).stability().paths()


def test_a_large_tensor_is_searched_from_end_to_end():
    # Options go up a level at a time: the far corner is as many moves away as there are levels.
    n, levels = 6, 6
    step = np.eye(levels, dtype=bool) | np.eye(levels, k=1, dtype=bool)
    shape = (levels,) * n
    conflict = Conflict.build(
        {a: {"x": levels, "y": levels} for a in "abc"},
        rank={a: np.indices(shape).sum(axis=0) for a in "abc"},
        moves={a: {"x": step, "y": step} for a in "abc"},
    )
    paths = conflict.stability().paths(0)
    corner = [levels - 1] * n
    for improving in (False, True):
        assert paths.distance(improving=improving).max() == 3 * (levels - 1)
        assert len(paths.to(corner, improving=improving)) == 3 * (levels - 1)
    cut_off = conflict.stability().cut_off("nash")
    assert not cut_off[(0,) * n]
    assert cut_off[5, 5, 5, 5, 0, 0]  # c alone would have to move five times in a row
