"""Unknown comparisons against the definitions, pair by pair."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from detente.errors import AnalysisError, InputError
from detente.stability import Stability, uncertain_stability
from detente.stability._uncertain import CONCEPTS, EXTENSIONS
from stability.oracle import Oracle, random_conflict


def draw_unknown(conflict, oracle, seed):
    """Return for each actor a set of unknown pairs of states."""
    rng = np.random.default_rng(seed)
    pairs = list(combinations(oracle.states, 2))
    return {
        actor: [pair for pair in pairs if rng.random() < share]
        for actor, share in zip(conflict.actors, rng.choice([0, 0.1, 0.3], 9), strict=False)
    }


def compare(oracle, unsure, actor, x, y):
    """Return how the actor compares x with y: one of > = < U."""
    if frozenset((x, y)) in unsure[actor]:
        return "U"
    gap = oracle.rank[actor][x] - oracle.rank[actor][y]
    return ">" if gap > 0 else "<" if gap < 0 else "="


def stable(oracle, unsure, concept, extension, actor, s):
    def moves(mover, x, kinds):
        return [y for y in oracle.moves(mover, x) if compare(oracle, unsure, mover, y, x) in kinds]

    def reach(start):
        kinds = ">U" if concept == "seq" else ">=<U"
        seen, todo = set(), [(start, actor)]
        while todo:
            x, last = todo.pop()
            for mover in oracle.actors:
                if mover not in (actor, last):
                    new = {(y, mover) for y in moves(mover, x, kinds)} - seen
                    seen |= new
                    todo += new
        return {x for x, _ in seen}

    deterring = ">=" if extension in "ab" else ">=U"

    def deters(z):
        return compare(oracle, unsure, actor, s, z) in deterring

    for s1 in moves(actor, s, ">U" if extension in "ac" else ">"):
        if concept == "nash":
            return False
        ends = [z for z in reach(s1) if deters(z)]
        if concept == "smr":
            ends = [z for z in ends if all(map(deters, oracle.moves(actor, z)))]
        if not ends:
            return False
    return True


def test_definitions():
    for seed in range(60):
        conflict = random_conflict(seed, most=18)
        oracle = Oracle(conflict)
        unknown = draw_unknown(conflict, oracle, seed)
        unsure = {actor: set(map(frozenset, pairs)) for actor, pairs in unknown.items()}
        result = uncertain_stability(conflict, unknown)
        for concept in CONCEPTS:
            for actor in conflict.actors:
                table = {e: result.stable(concept, e, actor) for e in EXTENSIONS}
                for e in EXTENSIONS:
                    expected = np.zeros(conflict.shape, dtype=bool)
                    for s in oracle.states:
                        expected[s] = stable(oracle, unsure, concept, e, actor, s)
                    assert np.array_equal(table[e], expected), (seed, concept, e, actor)
                for strong, weak in ("ab", "ac", "bd", "cd"):
                    assert not (table[strong] & ~table[weak]).any()


def test_nothing_unknown_is_the_usual_concept():
    for seed in range(100, 140):
        conflict = random_conflict(seed)
        usual, result = Stability(conflict), uncertain_stability(conflict, {})
        for concept in CONCEPTS:
            for extension in EXTENSIONS:
                expected = usual.equilibria(concept)
                assert np.array_equal(result.equilibria(concept, extension), expected)


def test_a_matrix_says_the_same_as_pairs():
    conflict = random_conflict(7)
    states = np.flatnonzero(conflict.feasible)[:4].tolist()
    actor = conflict.actors[0]
    matrix = np.zeros((conflict.size, conflict.size), dtype=bool)
    matrix[states[0], states[1]] = matrix[states[2], states[3]] = True
    one = uncertain_stability(conflict, {actor: matrix})
    two = uncertain_stability(conflict, {actor: [states[1::-1], states[2:]]})
    assert one.unknown == two.unknown
    assert one.to_dict() == two.to_dict()


def test_wrong_input_is_refused():
    conflict = random_conflict(7)
    state = int(np.flatnonzero(conflict.feasible)[0])
    with pytest.raises(InputError, match="with itself"):
        uncertain_stability(conflict, {"a": [(state, state)]})
    with pytest.raises(InputError, match="no actor 'zz'"):
        uncertain_stability(conflict, {"zz": []})
    with pytest.raises(InputError, match="of bool"):
        uncertain_stability(conflict, {"a": np.zeros((2, 2))})
    with pytest.raises(InputError, match="two states"):
        uncertain_stability(conflict, {"a": [(state,)]})
    with pytest.raises(InputError, match="extension 'e'"):
        uncertain_stability(conflict, {}).equilibria("gmr", "e")
    big = conflict.build({"a": {"o": 40}, "b": {"o": 40}}, rank=dict.fromkeys("ab", np.eye(40)))
    with pytest.raises(AnalysisError, match="at most 1,024"):
        uncertain_stability(big, {})
