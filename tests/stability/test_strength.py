"""Strength of preference against the definitions, pair by pair."""

from __future__ import annotations

import numpy as np
import pytest

from detente.conflict import Conflict
from detente.errors import InputError
from detente.stability import Stability, _graded, strength_stability
from detente.stability._strength import CONCEPTS
from stability import graph_oracle
from stability.oracle import Oracle, random_conflict


def draw_strong(conflict, oracle, seed):
    """Return for each actor pairs of states, the first much better."""
    rng = np.random.default_rng(seed)
    return {
        actor: [
            (x, y)
            for x in oracle.states
            for y in oracle.states
            if oracle.rank[actor][x] > oracle.rank[actor][y] and rng.random() < 0.6
        ]
        for actor in conflict.actors
    }


def stable(oracle, strong, concept, degree, actor, s):
    """Judge by the sentence of the definition."""

    def deters(z):
        if degree == "strong":
            return (s, z) in strong[actor]
        return oracle.rank[actor][z] <= oracle.rank[actor][s]

    for s1 in oracle.improvements(actor, s):
        ends = [z for z in oracle.reach(actor, s1, concept == "seq") if deters(z)]
        if concept == "smr":
            ends = [z for z in ends if all(map(deters, oracle.moves(actor, z)))]
        if not ends:
            return False
    return True


@pytest.mark.parametrize("kind", ["masks", "tensor", "graph"])
def test_definitions(kind, monkeypatch):
    """By bit masks, on the tensor and along arcs."""
    if kind != "masks":
        monkeypatch.setattr(_graded, "FEW_STATES", 0)
    some = dict.fromkeys(CONCEPTS, 0)
    for seed in range(40):
        conflict = random_conflict(seed, most=20)
        oracle = Oracle(conflict)
        if kind == "graph":
            listed = graph_oracle.random_graph(seed)
            conflict, oracle = Conflict.from_graph(*listed), graph_oracle.Oracle(*listed)
        pairs = draw_strong(conflict, oracle, seed)
        strong = {actor: set(own) for actor, own in pairs.items()}
        result, usual = strength_stability(conflict, pairs), Stability(conflict)
        for concept in CONCEPTS:
            for actor in conflict.actors:
                table = {d: result.stable(concept, d, actor) for d in ("general", "strong", "weak")}
                for degree in ("general", "strong"):
                    expected = np.zeros(conflict.shape, dtype=bool)
                    for s in oracle.states:
                        expected[s] = stable(oracle, strong, concept, degree, actor, s)
                    assert np.array_equal(table[degree], expected), (seed, concept, degree)
                assert np.array_equal(table["general"], usual.stable(concept, actor))
                assert np.array_equal(table["general"], table["strong"] ^ table["weak"])
                improved = table["strong"] & ~usual.stable("nash", actor)
                some[concept] += int(improved.sum())
            weak = result.equilibria(concept, "weak")
            assert np.array_equal(
                weak, usual.equilibria(concept) & ~result.equilibria(concept, "strong")
            )
    assert all(some.values())


def test_a_difference_in_utility_says_the_same_as_pairs():
    rng = np.random.default_rng(1)
    flow = {actor: rng.normal(size=(3, 3)) for actor in "ab"}
    conflict = Conflict.build({"a": {"o": 3}, "b": {"o": 3}}, utility=flow)
    matrix = {k: np.subtract.outer(u.reshape(-1), u.reshape(-1)) > 0.8 for k, u in flow.items()}
    one = strength_stability(conflict, dict.fromkeys("ab", 0.8))
    two = strength_stability(conflict, matrix)
    assert one.to_dict() == two.to_dict()
    assert str(one) == str(two)


def test_wrong_input_is_refused():
    conflict = Conflict.build(
        {"a": {"o": 2}, "b": {"o": 2}}, rank={"a": [[0, 1], [2, 3]], "b": [[0, 0], [0, 0]]}
    )
    with pytest.raises(InputError, match="not better by the ranking"):
        strength_stability(conflict, {"a": [((0, 0), (1, 1))]})
    with pytest.raises(InputError, match="zero or more"):
        strength_stability(conflict, {"a": -1})
    with pytest.raises(InputError, match="no actor 'z'"):
        strength_stability(conflict, {"z": 1})
    with pytest.raises(InputError, match="no degree"):
        strength_stability(conflict, {}).stable("gmr", "mild", "a")
