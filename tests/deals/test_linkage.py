"""Linked deals by their definition, planted ones among many options, and none where none exists.

Would catch: changes of one actor alone passed off as an exchange, illegal or infeasible ends, gains
read from a wrong state, bigger deals that only ride on smaller ones.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente import Conflict
from detente.deals import linked_exchanges
from detente.errors import InputError
from random_conflicts import random_spec

OWNERS = {"a": 3, "b": 3, "c": 2, "d": 2, "e": 2}


def planted(rng: np.random.Generator, exchanges: list[dict[str, str]]) -> Conflict:
    """Five actors, twelve options: each change costs its owner, and pays only who is promised it.

    In ``exchanges`` each maps the giver's change to the actor that wants it.
    """
    options = {actor: {f"o{k}": ["keep", "give"] for k in range(n)} for actor, n in OWNERS.items()}
    names = [f"{actor}.{name}" for actor, own in options.items() for name in own]
    given = np.indices((2,) * len(names))
    utility = {}
    for actor in OWNERS:
        own = [k for k, name in enumerate(names) if name.startswith(actor)]
        costs = rng.uniform(0.5, 1.5, len(own))
        utility[actor] = -np.tensordot(costs, given[own], axes=1)
        for exchange in exchanges:
            for change, wants in exchange.items():
                if wants == actor:
                    utility[actor] = utility[actor] + 2.0 * given[names.index(change)]
    return Conflict.build(options=options, utility=utility, status_quo=dict.fromkeys(names, "keep"))


@pytest.mark.parametrize("seed", range(6))
def test_planted_pairs_are_found_and_nothing_else(seed):
    rng = np.random.default_rng(seed)
    exchanges = [{"a.o1": "c", "c.o0": "a"}, {"b.o2": "e", "e.o1": "b"}]
    conflict = planted(rng, exchanges)
    found = linked_exchanges(conflict)
    assert {frozenset(deal.changes) for deal in found} == {frozenset(e) for e in exchanges}
    assert all(deal.trade for deal in found)


@pytest.mark.parametrize("seed", range(3))
def test_a_planted_circle_needs_three(seed):
    """Each gives to the next: no pair is a deal, the three together are."""
    conflict = planted(np.random.default_rng(seed), [{"a.o0": "b", "b.o0": "d", "d.o1": "a"}])
    assert linked_exchanges(conflict) == ()
    (deal,) = linked_exchanges(conflict, size=3)
    assert set(deal.changes) == {"a.o0", "b.o0", "d.o1"}
    assert deal.parties == ("a", "b", "d")


def test_none_where_none_exists():
    conflict = planted(np.random.default_rng(3), [])
    assert linked_exchanges(conflict, size=3) == ()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 3))
def test_by_definition(seed, size):
    """Every exchange is enumerated as a mapping of levels and looked at from the definition."""
    rng = np.random.default_rng(seed)
    conflict = random_spec(rng).build()
    start = int(rng.choice(np.flatnonzero(conflict.feasible)))
    space = conflict.space
    here = space.position(start)
    coins = [
        (k, to)
        for k, allowed in enumerate(conflict.allowed)
        for to in range(space.shape[k])
        if to != here[k] and allowed[here[k], to]
    ]
    expected = {}
    for count in range(2, size + 1):
        for picked in itertools.combinations(coins, count):
            owners = {space.axes[k].owner for k, _ in picked}
            if len({k for k, _ in picked}) < count or len(owners) < 2:
                continue
            there = list(here)
            for k, to in picked:
                there[k] = to
            if not conflict.feasible[tuple(there)]:
                continue
            gains = {
                o: conflict.utility[o][tuple(there)] - conflict.utility[o][here] for o in owners
            }
            inside = [s for s in expected if s < set(picked)]
            if min(gains.values()) > 1e-9 and not any(
                expected[s][o] >= gains[o] for s in inside for o in gains if o in expected[s]
            ):
                expected[frozenset(picked)] = gains
    found = linked_exchanges(conflict, space.label(start), size)
    names = {
        frozenset(
            (space.axis(n), space.axes[space.axis(n)].level(v)) for n, v in d.changes.items()
        ): d
        for d in found
    }
    assert set(names) == set(expected)
    for key, gains in expected.items():
        for owner, gain in gains.items():
            assert names[key].gain[owner] == pytest.approx(gain)
    assert [d.trade for d in found] == sorted((d.trade for d in found), reverse=True)


def test_refused():
    conflict = planted(np.random.default_rng(0), [])
    with pytest.raises(InputError, match="2 or 3"):
        linked_exchanges(conflict, size=4)
