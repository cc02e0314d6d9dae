"""Explicit graphs against brute force, and against the tensor engine on the same conflict."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest

from detente.conflict import Conflict
from detente.errors import InputError
from detente.stability import CONCEPTS, Stability
from stability import oracle
from stability.graph_oracle import Oracle, random_graph

SEQUENTIAL = tuple(concept for concept in CONCEPTS if concept != "sim")


def as_graph(conflict):
    """Return a tensor conflict state by state, and the flat indices of its states."""
    judge = oracle.Oracle(conflict)
    number = {state: k for k, state in enumerate(judge.states)}
    moves = {
        actor: [(number[s], number[t]) for s in judge.states for t in judge.moves(actor, s)]
        for actor in conflict.actors
    }
    rank = {actor: [judge.rank[actor][s] for s in judge.states] for actor in conflict.actors}
    graph = Conflict.from_graph(len(judge.states), moves, rank)
    return graph, np.flatnonzero(conflict.feasible)


BATCHES = int(os.environ.get("DETENTE_BATCHES", "6"))
"""Of 400 graphs each; `make validate` asks for more."""


@pytest.mark.parametrize("batch", range(BATCHES))
def test_concepts_equal_brute_force(batch):
    for seed in range(batch * 400, batch * 400 + 400):
        states, moves, rank = random_graph(seed)
        judge, stability = Oracle(states, moves, rank), Conflict.from_graph(
            states, moves, rank
        ).stability()  # fmt: skip
        for concept in SEQUENTIAL:
            for actor in rank:
                found = stability.stable(concept, actor)
                assert np.array_equal(found, judge.table(concept, actor)), (seed, concept, actor)


@pytest.mark.parametrize("batch", range(4))
def test_a_tensor_told_as_a_graph_has_the_same_stability(batch):
    for seed in range(batch * 60, batch * 60 + 60):
        conflict = oracle.random_conflict(seed)
        graph, states = as_graph(conflict)
        tensor, explicit = Stability(conflict), Stability(graph)
        for concept in SEQUENTIAL:
            for actor in conflict.actors:
                expected = tensor.stable(concept, actor).reshape(-1)[states]
                assert np.array_equal(explicit.stable(concept, actor), expected), (seed, concept)


def test_explanations_are_true():
    for seed in range(300):
        states, moves, rank = random_graph(seed)
        judge = Oracle(states, moves, rank)
        stability = Conflict.from_graph(states, moves, rank).stability()
        for concept in SEQUENTIAL:
            for actor in rank:
                for state in range(states):
                    told = stability.explain(actor, state, concept)
                    assert told.stable == judge.stable(concept, actor, state)
                    ends = {departure.move.state for departure in told.departures}
                    assert ends == judge.improvements(actor, state)
                    for departure in told.departures:
                        check_reply(judge, told, departure)


def check_reply(judge, told, departure):
    here, last = departure.move.state, told.actor
    for step in departure.reply:
        assert step.actor not in (last, told.actor)
        onward = judge.improvements if told.concept in {"seq", "sseq"} else judge.moves
        assert step.state in onward(step.actor, here)
        here, last = step.state, step.actor
    if departure.reply:
        rank = judge.rank[told.actor]
        assert rank[here] <= rank[told.state]
        if told.concept in {"smr", "sseq"}:
            assert all(rank[s] <= rank[told.state] for s in judge.moves(told.actor, here))


def walkout(**change):
    arguments = {
        "states": ["talks", "offer", "walkout"],
        "moves": {"us": [(0, 1), (0, 2), (1, 2)], "china": [(0, 2), (1, 2)]},
        "rank": {"us": [2, 3, 1], "china": [1, 2, 3]},
    }
    return Conflict.from_graph(**{**arguments, **change})


def test_a_shared_irreversible_move_in_words():
    conflict = walkout(status_quo=["talks"])
    stability = conflict.stability()
    assert stability.states("nash") == ({"state": "walkout"},)
    assert str(stability.explain("us", None, "seq")) == (
        "us is stable (seq) at state talks: 1 of 1 improvement deterred\n"
        "- state to offer: undone by china (state to walkout)"
    )
    assert str(conflict).splitlines()[1:] == ["  us: 3 moves", "  china: 2 moves"]


def test_the_last_mover_counts():
    # b alone would need two moves in a row to punish a; a shared first move lets c take it.
    moves = {"a": [(0, 1)], "b": [(1, 2), (2, 3)], "c": []}
    rank = {"a": [1, 2, 3, 0], "b": [0, 1, 2, 3], "c": [0, 1, 2, 3]}
    assert not Conflict.from_graph(4, moves, rank).stability().stable("seq", "a")[0]
    moves["c"] = [(1, 2)]
    assert Conflict.from_graph(4, moves, rank).stability().stable("seq", "a")[0]


def test_results_print_and_travel():
    stability = walkout().stability()
    assert stability.concepts == SEQUENTIAL
    plain = json.loads(json.dumps(stability.to_dict()))
    assert plain["concepts"]["seq"]["equilibria"] == [{"state": "walkout"}]
    table = stability.to_pandas()
    assert table["state"].tolist() == ["talks", "offer", "walkout"]
    assert table["nash"].tolist() == [False, False, True]
    assert "walkout" in str(stability)


def test_thousands_of_states():
    rng = np.random.default_rng(0)
    n = 5_000
    moves = {actor: rng.integers(n, size=(6 * n, 2)) for actor in "abc"}
    rank = {actor: rng.permutation(n) for actor in "abc"}
    stability = Conflict.from_graph(n, moves, rank).stability()
    nash, seq, gmr = (stability.equilibria(concept) for concept in ("nash", "seq", "gmr"))
    assert not (nash & ~seq).any()
    assert not (seq & ~gmr).any()


def test_what_needs_options_says_so():
    conflict = walkout()
    with pytest.raises(InputError, match="sim stability needs options"):
        conflict.stability().stable("sim", "us")
    with pytest.raises(InputError, match="sim stability needs options"):
        conflict.stability().explain("us", 0, "sim")
    with pytest.raises(InputError, match="options"):
        conflict.equilibrium()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"states": []}, "states is empty"),
        ({"states": ["x", "y", "x"]}, "'x' twice"),
        ({"rank": {}}, "names no actor"),
        ({"rank": {"us": [1, 2], "china": [1, 2, 3]}}, "3 numbers, one per state"),
        ({"rank": {"us": ["x", 1, 2], "china": [1, 2, 3]}}, "not a list of numbers"),
        ({"rank": {"us": [1, 2, np.inf], "china": [1, 2, 3]}}, "not finite"),
        ({"moves": {"eu": [(0, 1)]}}, "'eu', who has no rank"),
        ({"moves": {"us": [(0, 3)]}}, r"\(0, 3\), but there is no such state"),
        ({"moves": {"us": [(-1, 0)]}}, "no such state"),
        ({"moves": {"us": [0, 1]}}, "pairs of whole numbers"),
        ({"moves": {"us": [(0, 1), (1,)]}}, "not a list of pairs"),
        ({"moves": {"us": [(0.0, 1.0)]}}, "pairs of whole numbers"),
        ({"moves": {"us": 3}}, "not a list of pairs"),
        ({"status_quo": ["nowhere"]}, "no level"),
    ],
)
def test_wrong_arguments_are_told_apart(change, message):
    with pytest.raises(InputError, match=message):
        walkout(**change)


def test_unknown_actors_and_states_are_refused():
    stability = walkout().stability()
    with pytest.raises(InputError, match="did you mean 'china'"):
        stability.stable("seq", "chna")
    with pytest.raises(InputError, match="no level"):
        stability.explain("us", ["tals"])
