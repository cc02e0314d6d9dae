"""Coalitions against brute force from the definitions, on tensors and explicit graphs."""

from __future__ import annotations

import json
from itertools import combinations

import numpy as np
import pytest

from detente.conflict import Conflict
from detente.errors import AnalysisError, InputError
from detente.stability import COALITION_CONCEPTS, Coalitions, Stability
from detente.stability import _joint as joint
from stability.oracle import Oracle, random_conflict
from stability.test_graph import Oracle as GraphOracle
from stability.test_graph import random_graph


def reach(oracle, actors, start, improving=False):
    """States that legal sequences of at least one move reach."""
    step = oracle.improvements if improving else oracle.moves
    seen, todo = set(), [(start, None)]
    while todo:
        state, last = todo.pop()
        for mover in set(actors) - {last}:
            fresh = {(target, mover) for target in step(mover, state)} - seen
            seen |= fresh
            todo += fresh
    return {state for state, _ in seen}


def gains(oracle, members, state):
    """Coalition improvements from a state."""
    return {s for s in reach(oracle, members, state) if better(oracle, members, state, s)}


def better(oracle, members, state, other):
    return all(oracle.rank[m][other] > oracle.rank[m][state] for m in members)


def undeterred(oracle, concept, members, state):
    outside = set(oracle.actors) - set(members)

    def deters(end):
        if better(oracle, members, state, end):
            return False
        return concept != "smr" or not any(
            better(oracle, members, state, s) for s in reach(oracle, members, end)
        )

    found = gains(oracle, members, state)
    if concept == "nash":
        return found
    return {s for s in found if not any(map(deters, reach(oracle, outside, s, concept == "seq")))}


def every_coalition(actors):
    return [c for size in range(1, len(actors) + 1) for c in combinations(actors, size)]


def check(conflict, oracle, flat):
    coalitions = Coalitions(conflict)
    for members in every_coalition(oracle.actors):
        for concept in COALITION_CONCEPTS:
            stable = coalitions.stable(concept, members).reshape(-1)
            expected = {flat(s): not undeterred(oracle, concept, members, s) for s in oracle.states}
            found = {k: bool(stable[k]) for k in expected}
            assert found == expected, (members, concept)
            assert stable.sum() == sum(expected.values())


@pytest.mark.parametrize("batch", range(6))
def test_tensors_equal_brute_force(batch):
    for seed in range(batch * 25, batch * 25 + 25):
        conflict = random_conflict(seed, most=16)
        check(conflict, Oracle(conflict), lambda s, c=conflict: c.space.index(s))


@pytest.mark.parametrize("batch", range(6))
def test_graphs_equal_brute_force(batch):
    for seed in range(batch * 60, batch * 60 + 60):
        states, moves, rank = random_graph(seed, most=7)
        check(Conflict.from_graph(states, moves, rank), GraphOracle(states, moves, rank), int)


def test_a_coalition_of_one_is_the_actor():
    for seed in range(60):
        conflict = random_conflict(seed)
        stability, coalitions = Stability(conflict), Coalitions(conflict)
        for actor in conflict.actors:
            for concept in COALITION_CONCEPTS:
                alone = coalitions.stable(concept, [actor])
                assert np.array_equal(alone, stability.stable(concept, actor)), (seed, concept)


def test_breaches_are_true_and_complete():
    for seed in range(40):
        conflict = random_conflict(seed, most=16)
        oracle, coalitions = Oracle(conflict), Coalitions(conflict)
        position = conflict.space.position
        asked = every_coalition(conflict.actors)
        for state in oracle.states[:6]:
            for concept in COALITION_CONCEPTS:
                told = coalitions.improving_coalitions(state, concept, asked)
                for members in asked:
                    assert (members in told.coalitions) == bool(
                        undeterred(oracle, concept, members, state)
                    )
                for breach in told.found:
                    here, last = state, None
                    for step in breach.joint.moves:
                        assert step.actor in breach.members
                        assert step.actor != last
                        assert position(step.state) in oracle.moves(step.actor, here)
                        here, last = position(step.state), step.actor
                    assert here == position(breach.joint.end)
                    assert here in undeterred(oracle, concept, breach.members, state)
            for members in asked:
                ends = {position(j.end) for j in coalitions.improvements(state, members)}
                assert ends == gains(oracle, members, state)


def three():
    """Mutual defection of three; any two gain by cooperating, all three more."""
    rank = np.zeros((2, 2, 2), dtype=int)
    for state in np.ndindex(rank.shape):
        rank[state] = 2 * sum(state)
    ranks = {a: rank - 3 * np.indices(rank.shape)[k] for k, a in enumerate("abc")}
    return Conflict.build({a: {"x": ["no", "yes"]} for a in "abc"}, rank=ranks)


def test_overlapping_coalitions_in_words():
    coalitions = three().stability().coalitions()
    told = coalitions.improving_coalitions([0, 0, 0])
    assert told.coalitions == (("a", "b"), ("a", "c"), ("b", "c"), ("a", "b", "c"))
    assert str(told).splitlines()[:2] == [
        "4 of 4 coalitions would leave a.x no, b.x no, c.x no (nash)",
        "- a and b: a (x to yes), then b (x to yes)",
    ]
    plain = json.loads(json.dumps(told.to_dict()))
    assert plain["breaking"][0]["members"] == ["a", "b"]
    assert len(told.to_pandas()) == 4
    assert coalitions.improving_coalitions([1, 1, 1], "nash", [["a", "b", "c"]]).found == ()


def test_what_cannot_be_asked_is_refused(monkeypatch):
    coalitions = Coalitions(three())
    with pytest.raises(InputError, match="no actor"):
        coalitions.stable("nash", ["a", "z"])
    with pytest.raises(InputError, match="no member"):
        coalitions.stable("nash", [])
    with pytest.raises(InputError, match="use nash, gmr"):
        coalitions.stable("sim", ["a", "b"])
    monkeypatch.setattr(joint, "MOST_MOVES", 3)
    with pytest.raises(AnalysisError, match="moves"):
        coalitions.stable("nash", ["a", "b"])
