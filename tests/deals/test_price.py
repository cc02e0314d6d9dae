"""Prices and willingness on random conflicts, against dense grids solved without this package.

Would catch: payments booked to the wrong actor or state, stale equilibria, values of another state,
crossings missed or made up, and questions that make no sense let through.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest

import detente
from detente import Conflict
from detente.deals import PAYMENT, deal_question, price
from detente.deals._offers import Offers
from detente.equilibrium import intervene, solve
from detente.errors import InputError
from random_conflicts import random_spec


def drawn(seed):
    """Draw a conflict of two or three actors, and where it starts."""
    rng = np.random.default_rng(seed)
    spec = random_spec(rng, actors=int(rng.integers(2, 4)), largest=36, sharpness=0.8)
    start = int(rng.choice(np.flatnonzero(spec.feasible)))
    position = np.unravel_index(start, spec.shape)
    names = {
        f"{actor}.{option}": [f"l{k}" for k in range(n)]
        for actor, own in spec.levels.items()
        for option, n in own.items()
    }
    spec = replace(spec, names=names)
    return spec, tuple(map(int, position))


def question(seed, offer=PAYMENT, **more):
    spec, start = drawn(seed)
    conflict = spec.build(status_quo=start)
    return spec, start, deal_question(conflict, "china.offer == l0", "china", "us", offer, **more)


def decided(seed, **more):
    """Return the first of a row of questions that the draw does not leave without a sense."""
    for turn in range(20):
        with suppress(InputError):
            return question(seed + 1000 * turn, **more)
    raise AssertionError(f"no question from seed {seed} on makes sense")


def by_hand(spec, start, where, x):
    """Solve the conflict with a payment, built anew from plain arrays."""
    utility = dict(spec.utility)
    utility["china"] = utility["china"] + x * where
    utility["us"] = utility["us"] - 2.0 * x * where
    conflict = Conflict.build(
        **{
            "options": {
                a: {o: spec.names[f"{a}.{o}"] for o in own} for a, own in spec.levels.items()
            },
            "utility": utility,
            "feasible": spec.feasible,
            "moves": spec.moves,
            "conditions": {
                name: {"levels": n, "rate": spec.jumps[name]} for name, n in spec.conditions.items()
            },
            "rates": spec.rates,
            "precision": spec.precision,
            "discount": spec.discount,
            "costs": spec.costs,
            "status_quo": start,
        }
    )
    return conflict, solve(conflict)


@pytest.mark.parametrize("seed", range(12))
def test_effects_of_a_payment_by_hand(seed):
    spec, start, asked = decided(seed, exchange=2.0, horizon=3.0)
    axis = next(k for k, pair in enumerate(spec.axes) if pair == ("china", "offer"))
    where = (np.indices(spec.shape)[axis] == 0).astype(float)
    effect = Offers(asked).at(0.5 * asked.high)
    conflict, solved = by_hand(spec, start, where, 0.5 * asked.high)
    assert effect.probability == pytest.approx(
        solved.probability("F[0, 3] china.offer == l0").value, abs=1e-7
    )
    for actor in spec.actors:
        flow = spec.discount[actor] * solved.value[actor][start]
        assert effect.flow[actor] == pytest.approx(flow, rel=1e-7, abs=1e-8)
    holds = conflict.stability().equilibria("seq") & (where > 0)
    place = tuple(
        start[k] if actor is None else slice(None) for k, (actor, _) in enumerate(spec.axes)
    )
    reach = asked.conflict.feasible
    assert effect.stable == bool((holds & reach)[place].any()) or not reach[spec.feasible].all()
    choice = solved.policy("china").moves
    odds = {True: 0.0, False: 0.0}
    for moved, chance in choice:
        level = moved.get("china.offer", conflict.label(start)["china.offer"])
        odds[level == "l0"] = max(odds[level == "l0"], chance)
    if min(odds.values()) > 0.0 and spec.precision["china"] > 0.0:
        expected = np.log(odds[True] / odds[False]) / spec.precision["china"]
        assert effect.preference == pytest.approx(expected * spec.discount["china"], abs=1e-6)


@pytest.mark.parametrize("seed", range(8))
def test_thresholds_equal_a_dense_grid(seed):
    _, _, asked = decided(seed, horizon=1.0, probability=0.6)
    told = price(asked, points=13, tolerance=asked.high / 2000)
    offers = Offers(asked)
    margins = {
        "likely": lambda x: offers.at(x).probability - 0.6,
        "preferred": lambda x: offers.at(x).preference,
        "stable": lambda x: 1.0 if offers.at(x).stable else -1.0,
    }
    thresholds = {**told.passes, "payer": told.gains["payer"]}
    margins["payer"] = lambda x: offers.gain("us", x) + 1e-9
    for x in np.linspace(0.0, asked.high, 53):
        for name, margin in margins.items():
            ends = [end for pair in thresholds[name].intervals for end in pair]
            if any(abs(x - end) <= asked.high / 1000 for end in ends):
                continue
            inside = any(low <= x <= high for low, high in thresholds[name].intervals)
            assert inside == (margin(float(x)) >= 0.0), (name, x)


def bent() -> Conflict:
    """Help pays until the offer makes the payer walk out: more is worse beyond a point."""
    utility_us = np.array([[0.0, 6.0], [0.0, 0.0]])
    utility_china = np.array([[1.0, 0.0], [1.0, -3.0]])
    return Conflict.build(
        options={"us": {"stay": ["here", "gone"]}, "china": {"help": ["no", "yes"]}},
        utility={"us": utility_us, "china": utility_china},
        moves={"us": {"stay": "any"}, "china": {"help": "any"}},
        precision={"us": 3.0, "china": 1.0},
        discount={"us": 1.0, "china": 1.0},
        rates={"us": 8.0, "china": 1.0},
        status_quo=0,
    )


def test_a_price_that_is_not_monotone_has_two_ends():
    """Too dear a deal drives the payer off: the share of help falls again, and both ends show."""
    conflict = bent()
    want = "china.help == yes and us.stay == here"
    asked = deal_question(conflict, want, "china", "us", horizon=3.0, probability=0.77, high=12.0)
    offers = Offers(asked)
    dense = np.array([offers.at(float(x)).probability for x in np.linspace(0, 12, 61)])
    told = price(asked, points=13).passes["likely"]
    peak = dense.max()
    assert not told.monotone
    assert len(told.intervals) == 1
    assert told.most < 12.0
    inside = np.array([any(a <= x <= b for a, b in told.intervals) for x in np.linspace(0, 12, 61)])
    assert (inside == (dense >= 0.77)).mean() > 0.98
    assert peak >= told.best[1] + 0.77 - 0.02


def test_levels_are_held_and_parameters_set():
    case = detente.load("peninsula")
    conflict = case.conflict()
    want = "china.enforcement >= level_2017"
    asked = deal_question(conflict, want, "china", "us", "us.offer", horizon=2.0)
    offers = Offers(asked)
    held = intervene(solve(conflict), {"us.offer": "tactical"})
    effect = offers.at(1.0)
    assert effect.probability == pytest.approx(held.probability(f"F[0, 2] {want}").value, abs=1e-7)
    flow = conflict.discount["china"] * held.value["china"].reshape(-1)[held.conflict.index()]
    assert effect.flow["china"] == pytest.approx(flow, abs=1e-8)
    assert not offers.at(3.0).possible  # no Taiwan in free fall
    set_to = deal_question(conflict, want, "china", "us", "credibility", horizon=2.0)
    other = case.conflict(credibility=0.9).equilibrium().probability(f"F[0, 2] {want}").value
    assert Offers(set_to).at(0.9).probability == pytest.approx(other, abs=1e-7)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"payer": "china"}, "pay itself"),
        ({"payer": "usa"}, "actor 'usa'"),
        ({"of": "russia"}, "no actor"),
        ({"want": "china.enforcement >= lax"}, "always"),
        ({"want": "china.enforcement > beyond"}, "no state"),
        ({"want": "china.enforcement >= strict"}, "strict"),
        ({"want": "china.enforcement >"}, "column"),
        ({"want": "moscow == patron"}, "no state"),
        ({"want": "dprk.conduct == talks"}, "no hand"),
        ({"probability": 1.2}, "probability"),
        ({"probability": 0.0}, "probability"),
        ({"horizon": -1.0}, "horizon"),
        ({"horizon": float("nan")}, "horizon"),
        ({"concept": "nsh"}, "nash"),
        ({"offer": "china.council"}, "not us's"),
        ({"offer": "rivalry"}, "not us's"),
        ({"offer": "us.ofer"}, "us.offer"),
        ({"offer": "price.taiwan"}, "no range"),
        ({"offer": "us.offer", "high": 2.0}, "range"),
        ({"high": -1.0}, "no range"),
        ({"exchange": 0.0}, "exchange"),
        ({"given": {"rivalry": "cold"}}, "cold"),
    ],
)
def test_senseless_questions_are_refused(change, words):
    conflict = detente.load("peninsula").conflict()
    usual = {"want": "china.enforcement >= level_2017", "of": "china", "payer": "us"}
    with pytest.raises(InputError, match=words):
        deal_question(conflict, **{**usual, **change})


def test_a_price_that_does_not_exist_is_said_so_with_the_nearest():
    conflict = detente.load("peninsula").conflict()
    told = price(
        deal_question(conflict, "china.enforcement == beyond", "china", "us", high=0.1), points=2
    )
    assert told.passes["preferred"].least is None
    assert "no price within the range; nearest at 0.1" in str(told)
    assert told.zone("preferred") == ()
    assert told.to_dict()["price"]["preferred"]["least"] is None
