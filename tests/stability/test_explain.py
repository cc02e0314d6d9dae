"""Every explanation is checked by machine: its moves exist, and its replies really deter."""

from __future__ import annotations

import numpy as np
import pytest

from detente.conflict import Conflict
from detente.errors import InputError
from detente.stability import CONCEPTS, Stability
from stability.oracle import Oracle, random_conflict


def position(conflict, state):
    return tuple(map(int, np.unravel_index(state, conflict.shape)))


def changed(conflict, before, after):
    return tuple(
        (axis.option, axis.levels[level])
        for axis, old, level in zip(conflict.space.axes, before, after, strict=True)
        if old != level
    )


def check_reply(oracle, explanation, here, departure):
    """Follow a sequence of replies step by step."""
    concept, actor, conflict = explanation.concept, explanation.actor, oracle.conflict
    at, last = position(conflict, departure.move.state), None
    step_of = oracle.improvements if concept in ("seq", "sseq") else oracle.moves
    for step in departure.reply:
        target = position(conflict, step.state)
        assert step.actor not in (actor, last)
        assert target in step_of(step.actor, at)
        assert step.changes == changed(conflict, at, target)
        at, last = target, step.actor
    assert position(conflict, departure.end) == at
    rank = oracle.rank[actor]
    if departure.deterred:
        assert rank[at] <= rank[here]
        if concept in ("smr", "sseq"):
            assert all(rank[s] <= rank[here] for s in oracle.moves(actor, at))


def check_joint(oracle, explanation, here, departure):
    """Check simultaneous replies: single improvements from the state that is left."""
    conflict, actor = oracle.conflict, explanation.actor
    end = list(position(conflict, departure.move.state))
    movers = [step.actor for step in departure.reply]
    assert len(set(movers)) == len(movers)
    assert actor not in movers
    for step in departure.reply:
        target = position(conflict, step.state)
        assert target in oracle.improvements(step.actor, here)
        for k in oracle.axes[step.actor]:
            end[k] = target[k]
    assert position(conflict, departure.end) == tuple(end)
    if departure.deterred:
        assert tuple(end) in oracle.feasible
        assert oracle.rank[actor][tuple(end)] <= oracle.rank[actor][here]


@pytest.mark.parametrize("concept", CONCEPTS)
def test_explanations_hold(concept):
    for seed in range(9000, 9060):
        conflict = random_conflict(seed)
        oracle, stability = Oracle(conflict), Stability(conflict)
        for actor in conflict.actors:
            for here in oracle.states:
                explanation = stability.explain(actor, here, concept)
                found = [position(conflict, d.move.state) for d in explanation.departures]
                assert sorted(found) == sorted(oracle.improvements(actor, here))
                assert explanation.stable == stability.stable(concept, actor)[here]
                for departure in explanation.departures:
                    assert departure.move.actor == actor
                    check = check_joint if concept == "sim" else check_reply
                    check(oracle, explanation, here, departure)


def quarrel():
    return Conflict.build(
        options={
            "us": {"offer": ["none", "some"]},
            "china": {"enforce": ["lax", "strict"], "aid": 4},
            "dprk": {"conduct": ["calm", "test"]},
        },
        rank={
            "us": np.arange(32).reshape(2, 2, 4, 2),
            "china": (7 * np.arange(32) % 32).reshape(2, 2, 4, 2),
            "dprk": (13 * np.arange(32) % 32).reshape(2, 2, 4, 2),
        },
        status_quo=["none", "lax", 0, "calm"],
    )


def test_words_are_concise_and_complete():
    stability = Stability(quarrel())
    explanation = stability.explain("china", None, "nash")
    assert str(explanation).splitlines()[0] == (
        "china is not stable (nash) at us.offer none, china.enforce lax, china.aid 0, "
        "dprk.conduct calm: 0 of 7 improvements deterred"
    )
    assert str(explanation).splitlines()[1] == ("- aid to 2: nothing that follows counts")
    assert len(str(explanation).splitlines()) == 7
    assert str(explanation).endswith("- and 2 more improvements")
    assert len(explanation.words(most=100).splitlines()) == 8
    assert "china" in explanation.to_dict()["actor"]
    assert len(explanation.to_dict()["improvements"]) == len(explanation.to_pandas()) == 7


def test_replies_are_told_in_order():
    conflict = Conflict.build(
        options={"a": {"x": 2}, "b": {"y": 2}, "c": {"z": 2}},
        rank={
            "a": [[[1, 1], [1, 2]], [[2, 2], [2, 0]]],
            "b": [[[0, 0], [0, 0]], [[0, 0], [1, 0]]],
            "c": [[[0, 0], [0, 0]], [[0, 0], [0, 1]]],
        },
    )
    told = str(Stability(conflict).explain("a", [0, 0, 0], "seq"))
    assert told.splitlines()[1] == "- x to 1: undone by b (y to 1), then c (z to 1)"
    assert "for good" not in told
    told = str(Stability(conflict).explain("a", [0, 0, 0], "sseq"))
    assert "- x to 1: no reply that the others would want undoes it for good" in told


def test_what_does_not_exist_is_refused():
    stability = Stability(quarrel())
    with pytest.raises(InputError, match="did you mean 'sseq'"):
        stability.explain("china", None, "sse")
    with pytest.raises(InputError, match="did you mean 'china'"):
        stability.explain("chin")
    with pytest.raises(InputError, match="has no level"):
        stability.explain("us", {"us.offer": "all"})
