"""Explicit graphs give the same answers as the tensors they are listed from."""

from __future__ import annotations

import numpy as np
import pytest

from detente.conflict import Conflict
from detente.errors import InputError
from detente.stability import least_rank_change, strength_stability, uncertain_stability
from stability.oracle import Oracle, random_conflict


def listed(conflict):
    """Return the conflict as a graph of its feasible states."""
    oracle = Oracle(conflict)
    place = {s: k for k, s in enumerate(oracle.states)}
    moves = {
        actor: [(place[s], place[t]) for s in oracle.states for t in oracle.moves(actor, s)]
        for actor in conflict.actors
    }
    rank = {actor: conflict.rank[actor][conflict.feasible] for actor in conflict.actors}
    moves = {actor: np.array(own, dtype=int).reshape(-1, 2) for actor, own in moves.items()}
    return Conflict.from_graph(len(place), moves, rank)


def test_a_graph_gives_the_same_answers():
    for seed in range(25):
        tensor = random_conflict(seed, most=9)
        graph = listed(tensor)
        states = np.flatnonzero(tensor.feasible).tolist()
        for concept in ("nash", "gmr", "smr", "seq", "sseq"):
            one = least_rank_change(tensor, states[0], concept)
            two = least_rank_change(graph, 0, concept)
            assert one.changes == two.changes
            assert graph.label(0)["state"] in str(two)
            assert two.apply().stability().equilibria(concept)[0]
        unknown = [(states[0], states[-1])] if len(states) > 1 else []
        pair = [(0, len(states) - 1)] if unknown else []
        one = uncertain_stability(tensor, {"a": unknown})
        two = uncertain_stability(graph, {"a": pair})
        for concept in ("nash", "gmr", "smr", "seq"):
            expected = one.equilibria(concept, "a")[tensor.feasible]
            assert np.array_equal(two.equilibria(concept, "a"), expected)
        rank = tensor.rank["a"][tensor.feasible]
        strong = strength_stability(graph, {"a": np.subtract.outer(rank, rank) > 1})
        for concept in ("gmr", "smr", "seq"):
            general = tensor.stability().equilibria(concept)[tensor.feasible]
            assert np.array_equal(strong.equilibria(concept, "general"), general)


def test_no_sim_on_a_graph():
    with pytest.raises(InputError, match="needs options"):
        least_rank_change(listed(random_conflict(3, most=9)), 0, "sim")
