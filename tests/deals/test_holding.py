"""Whether linked deals hold, against stability analysis and interventions.

Would catch: a breach where the state is an equilibrium (or none where it is not), a breach that is
not the most tempting one, gains when held taken from another state.
"""

from __future__ import annotations

import json

import numpy as np
import pytest

import detente
from detente import Conflict
from detente.deals import assess_deal, linked_deals
from detente.deals._deviation import first_deviation
from detente.deals._question import reached
from detente.equilibrium import intervene, solve
from detente.errors import InputError
from random_conflicts import random_spec


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("concept", ["nash", "seq", "smr"])
def test_a_breach_exists_exactly_where_the_state_is_no_equilibrium(seed, concept):
    conflict = random_spec(np.random.default_rng(seed), largest=24).build()
    stability = conflict.stability()
    holds = stability.equilibria(concept).reshape(-1)
    for state in np.flatnonzero(conflict.feasible):
        breach = first_deviation(stability, int(state), concept)
        assert (breach is None) == bool(holds[state])
        if breach is not None:
            there = conflict.index({**conflict.label(int(state)), **breach.changes})
            flow = conflict.utility[breach.actor].reshape(-1)
            assert breach.gain == pytest.approx(flow[there] - flow[state])
            assert breach.gain > 0.0


@pytest.mark.parametrize("seed", range(4))
def test_the_first_breach_is_the_most_tempting(seed):
    """Under Nash every improvement counts: the largest as a share of its actor's span is told."""
    conflict = random_spec(np.random.default_rng(seed), largest=24).build()
    stability = conflict.stability()
    for state in np.flatnonzero(conflict.feasible):
        breach = first_deviation(stability, int(state), "nash")
        best = 0.0
        for actor in conflict.actors:
            flow = conflict.utility[actor].reshape(-1)
            span = np.ptp(flow[conflict.feasible.reshape(-1)])
            for found in stability.explain(actor, int(state), "nash").departures:
                best = max(best, (flow[found.move.state] - flow[state]) / span)
        if breach is None:
            assert best == 0.0
        else:
            span = np.ptp(conflict.utility[breach.actor][conflict.feasible])
            assert breach.gain / span == pytest.approx(best)


def test_deals_of_the_flagship_when_held():
    conflict = reached(detente.load("peninsula").conflict())
    solved = solve(conflict)
    for deal in linked_deals(conflict, best=2):
        after = intervene(solved, dict(deal.exchange.changes))
        for actor in conflict.actors:
            rise = (
                after.value[actor].reshape(-1)[after.conflict.index()]
                - solved.value[actor].reshape(-1)[conflict.index()]
            )
            expected = conflict.discount[actor] * rise
            assert deal.held[actor] == pytest.approx(expected, abs=1e-7)
        assert deal.to_dict()["self_enforcing"] == (deal.deviation is None)
        assert str(deal).count("\n") >= 2


def test_the_table_fits_and_is_json_and_pandas():
    conflict = reached(detente.load("peninsula").conflict())
    found = linked_deals(conflict, best=10)
    assert found.found >= len(found) > 3
    assert max(map(len, str(found).splitlines())) <= 80
    for deal in found:
        assert max(map(len, str(deal).splitlines())) <= 80
        assert all(
            f"{name} to {level}" in str(deal) for name, level in deal.exchange.changes.items()
        )
    assert json.loads(json.dumps(found.to_dict()))["deals"][0]["self_enforcing"] in (True, False)
    assert list(found.to_pandas()["holds"]) == [deal.deviation is None for deal in found]


def test_over_today_gains_are_differences_of_utility():
    """A yardstick mixed up with the other one would differ, as the conditions move."""
    conflict = reached(detente.load("peninsula").conflict())
    for deal in linked_deals(conflict, over="today", best=2):
        for actor, gain in deal.exchange.gain.items():
            flow = conflict.utility[actor].reshape(-1)
            there = conflict.index({**conflict.label(conflict.index()), **deal.exchange.changes})
            assert gain == pytest.approx(flow[there] - flow[conflict.index()])


def test_none_is_said_and_nonsense_refused():
    conflict = Conflict.build(
        options={"a": {"x": 2}, "b": {"y": 2}},
        utility={"a": [[1, 1], [0, 0]], "b": [[1, 0], [1, 0]]},
        status_quo=0,
    )
    assert "none leaves" in str(linked_deals(conflict))
    for wrong in ({"over": "tomorrow"}, {"best": 0}, {"size": 4}, {"concept": "trust"}):
        with pytest.raises(InputError):
            linked_deals(conflict, **wrong)


def test_triples_are_listed_on_request():
    """The page's answer with three changes allowed is that of three, not the pairs again."""
    conflict = detente.load("peninsula").conflict()
    want = ("china.enforcement >= level_2017", "china", "us")
    found = assess_deal(conflict, *want, size=3, coarse=True).linked
    assert found.to_dict() == linked_deals(reached(conflict), size=3).to_dict()
    assert any(len(deal.exchange.changes) == 3 for deal in found)
