"""Every concept against brute force from the definitions, and the known order of concepts."""

from __future__ import annotations

import os

import numpy as np
import pytest

from detente.conflict import Conflict
from detente.stability import CONCEPTS, Stability
from detente.stability._extremes import NEVER
from detente.stability._game import RankedGame
from stability.oracle import Oracle, random_conflict

IMPLIED = [
    ("nash", "sseq"),
    ("nash", "sim"),
    ("sseq", "seq"),
    ("seq", "gmr"),
    ("sseq", "smr"),
    ("smr", "gmr"),
]


BATCHES = int(os.environ.get("DETENTE_BATCHES", "8"))
"""Of 200 conflicts each; `make validate` asks for more."""


@pytest.mark.parametrize("batch", range(BATCHES))
def test_concepts_equal_brute_force(batch):
    for seed in range(batch * 200, batch * 200 + 200):
        conflict = random_conflict(seed)
        oracle, stability = Oracle(conflict), Stability(conflict)
        for concept in CONCEPTS:
            for actor in conflict.actors:
                expected = oracle.table(concept, actor)
                found = stability.stable(concept, actor)
                assert np.array_equal(found, expected), (seed, concept, actor)
        for strong, weak in IMPLIED:
            for actor in conflict.actors:
                holds = stability.stable(strong, actor)
                assert not (holds & ~stability.stable(weak, actor)).any(), (seed, strong, weak)


@pytest.mark.parametrize("improving", [False, True])
def test_closure_equals_search_over_state_and_last_mover(improving):
    for seed in range(5000, 5300):
        conflict = random_conflict(seed, most=60)
        oracle, game = Oracle(conflict), RankedGame(conflict)
        value = np.random.default_rng(seed).integers(1000, size=conflict.size).astype(np.int32)
        tensor = value.reshape(conflict.shape)
        for actor in conflict.actors:
            expected = np.full(conflict.shape, NEVER)
            for state in oracle.states:
                reached = oracle.reach(actor, state, improving) | {state}
                expected[state] = min(tensor[s] for s in reached)
            found = game.worst_reply(actor, value, improving=improving)
            assert np.array_equal(found.reshape(conflict.shape), expected), (seed, actor)


def path_of_moves(rank):
    """One mover on a path of three levels, a step at a time; the watcher moves first."""
    steps = np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1]], dtype=bool)
    return Conflict.build(
        options={"watcher": {"act": 2}, "mover": {"act": 3}},
        rank=rank,
        moves={"mover": {"act": steps}},
    )


def test_nobody_moves_twice_in_a_row():
    # From 1,0 the mover could punish in 1,2 only by two moves in a row.
    conflict = path_of_moves({"watcher": [[1, 1, 1], [2, 2, 0]], "mover": [[0, 0, 0], [0, 1, 2]]})
    stability = Stability(conflict)
    assert stability.stable("seq", "watcher").tolist() == [[False, True, True], [True, True, False]]


def test_an_equal_state_deters():
    conflict = Conflict.build(
        options={"a": {"x": 2}, "b": {"y": 2}},
        rank={"a": [[1, 0], [2, 1]], "b": [[1, 0], [0, 1]]},
    )
    stability = Stability(conflict)
    assert not stability.stable("nash", "a")[0, 0]
    assert stability.stable("seq", "a")[0, 0]


def test_a_sanction_may_need_one_opponent_twice():
    # b, then c, then b again: tools that let each opponent move once miss it.
    rank_b = np.zeros((2, 3, 2), dtype=int)
    rank_c = np.zeros((2, 3, 2), dtype=int)
    rank_a = np.ones((2, 3, 2), dtype=int)
    rank_a[1] = 2
    rank_a[1, 2, 1] = 0
    rank_b[1, 1, 0], rank_b[1, 2, 1] = 1, 1
    rank_c[1, 1, 1] = 1
    feasible = np.ones((2, 3, 2), dtype=bool)
    feasible[1, 2, 0] = feasible[1, 0, 1] = False
    conflict = Conflict.build(
        options={"a": {"x": 2}, "b": {"y": 3}, "c": {"z": 2}},
        rank={"a": rank_a, "b": rank_b, "c": rank_c},
        feasible=feasible,
    )
    oracle, stability = Oracle(conflict), Stability(conflict)
    assert stability.stable("seq", "a")[0, 0, 0]
    assert oracle.stable("seq", "a", (0, 0, 0))


def test_escape_separates_the_symmetric_concepts():
    # The worked example of docs/stability.md: a party that may cheat and an inspector.
    stability = Stability(
        Conflict.build(
            options={
                "party": {"conduct": ["comply", "cheat"]},
                "inspector": {"visit": ["stay", "search"]},
            },
            rank={"party": [[2, 3], [4, 1]], "inspector": [[4, 1], [2, 3]]},
        )
    )
    holds = {
        concept
        for concept in ("nash", "gmr", "smr", "seq", "sseq", "sim")
        if stability.stable(concept, "party")[0, 0]
    }
    assert holds == {"gmr", "seq"}
