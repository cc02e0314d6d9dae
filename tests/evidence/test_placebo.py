"""Placebos of preferences: what is changed, what is counted, and what must not matter.

Would catch: a placebo that changes more than preferences, the stated case among its own placebos, a
claim about rates alone that moves, preferences that drive a claim and go unnoticed, a p value that
turns on names, workers or luck, and a chance of zero.
"""

from __future__ import annotations

import json
import math
import re
from itertools import permutations

import numpy as np
import pytest
from scipy.stats import binom

import detente
from detente.case import Case, read_case
from detente.claims import answer_claim, claims_model
from detente.errors import InputError
from detente.evidence import blind_forecasts, placebo
from detente.evidence._placebo_kinds import KINDS, placebo_cases

HARBOUR = """
detente: 1
title: A harbour
question: Who gives way?
clock: {since: 2010-01-01, start: 2011-01-01, end: 2012-12-31}
sources: {log: {title: A log}}
parameters: {worth: {value: 3, range: [1, 5], reason: r, source: log}}
actors:
  pilot:
    options: {tow: ["off", "on"]}
    preferences: {weights: {towed: worth, calm: -0.2 * worth, berth: 0.1}}
  owner:
    options: {pay: [little, much]}
    preferences: {weights: {paid: -worth, towed: 2 * worth, berth: 0.5, calm: 0.3}}
  guard:
    options: {gate: [shut, open]}
    preferences: {statements: [guard.gate == open, storm == calm]}
conditions: {storm: {levels: [calm, high], rates: {calm -> high: 1, high -> calm: 2}}}
issues:
  towed: pilot.tow == on
  paid: owner.pay == much
  berth: (guard.gate == open) * (owner.pay == little)
  calm: storm == calm
status_quo: {pilot.tow: "off", owner.pay: little, guard.gate: shut, storm: calm}
history:
  - {date: 2010-01-01, variable: storm, level: calm, source: log}
  - {date: 2011-07-01, variable: storm, level: high, source: log}
  - {date: 2011-09-01, variable: pilot.tow, level: "on", source: log}
"""
DRIVEN = """
claims:
  - {id: A, says: s, ask: {gain: pilot, levels: {pilot.tow: "on"}, by: utility}, expect: "> 0"}
  - {id: B, says: s, ask: {gain: owner, levels: {owner.pay: much}, by: utility}, expect: "< 0"}
  - {id: C, says: s, ask: {gain: guard, levels: {guard.gate: open}, by: utility}, expect: "> 0"}
  - {id: D, says: s, ask: {probability: "F[0, 2] pilot.tow == on"}, expect: "> 0.8"}
  - {id: E, says: s, ask: {average: owner.pay == little, over: 5}, expect: "> 0.9"}
  - {id: F, says: s, ask: {average: guard.gate == open, over: 5}, expect: "> 0.5"}
  - {id: G, says: s, ask: {gain: pilot, levels: {storm: high}, by: utility}, expect: "> 0"}
  - {id: H, says: s, ask: {gain: owner, levels: {pilot.tow: "on"}, by: utility}, expect: "> 0"}
  - {id: I, says: s, ask: {gain: guard, levels: {storm: high}, by: utility}, expect: "< 0"}
"""
WEATHER = """
claims:
  - {id: A, says: s, ask: {probability: "F[0, 1] storm == high"}, expect: "> 0.5"}
  - {id: B, says: s, ask: {average: storm == high, over: 5}, expect: "> 0.5"}
"""


def harbour(claims: str) -> Case:
    return read_case((HARBOUR + claims).encode(), "harbour.yaml")


def test_claims_that_no_preference_touches_have_the_same_verdict_in_all_placebos() -> None:
    found = placebo(harbour(WEATHER), 12)
    assert found.words == ("agrees", "contradicts")
    assert {share for shares in found.shares().values() for share in shares.values()} == {0.0, 1.0}
    assert all(test.p == 1.0 for test in found.tests())


def test_claims_that_preferences_drive_stand_out() -> None:
    found = placebo(harbour(DRIVEN), 150, kinds=["signs"])
    assert found.words == ("agrees",) * 9
    test = next(test for test in found.tests() if test.what == "all claims")
    assert test.stated == 9
    assert test.p < 0.05
    assert test.most[1] < 9


def test_swapped_preferences_are_those_of_another_and_nothing_else_is_changed() -> None:
    case = harbour(DRIVEN)
    found, everything = placebo_cases(case, "swapped", 100, np.random.default_rng(1))
    stated = [actor.preference for actor in case.actors]
    assert everything
    assert [[actor.preference for actor in one.actors] for one in found] == [
        [stated[k] for k in way] for way in list(permutations(range(3)))[1:]
    ]
    for one in found:
        assert one.claims == case.claims
        assert one.parameters == case.parameters
        for ours, theirs in zip(one.actors, case.actors, strict=True):
            assert (ours.options, ours.rate, ours.name) == (
                theirs.options, theirs.rate, theirs.name,
            )  # fmt: skip


RANKED = "preferences: {ranking: [guard.gate == open, storm == calm, 'true']}"


@pytest.mark.parametrize("ranked", [False, True])
def test_turned_round_is_the_opposite_order_of_states(ranked: bool) -> None:
    text = HARBOUR + WEATHER
    if ranked:
        text = re.sub(r"preferences: \{statements.*", RANKED, text)
    case = read_case(text.encode(), "harbour.yaml")
    found, everything = placebo_cases(case, "turned", 100, np.random.default_rng(1))
    assert everything
    assert len(found) == 7
    rank, turned = case.conflict().rank, found[-1].conflict().rank
    for actor in rank:
        assert np.array_equal(turned[actor], rank[actor].max() - rank[actor])


def test_shuffled_weights_are_the_same_weights() -> None:
    case = detente.load("sanctions")
    found, _ = placebo_cases(case, "shuffled", 20, np.random.default_rng(1))
    assert len(found) == 20
    for one in found:
        for ours, theirs in zip(one.actors, case.actors, strict=True):
            weights = [sorted(w.text for _, w in a.preference.items) for a in (ours, theirs)]
            assert weights[0] == weights[1]


@pytest.mark.parametrize("kind", KINDS)
def test_no_placebo_is_the_case_itself_or_comes_twice(kind: str) -> None:
    case = detente.load("chicken")
    found, everything = placebo_cases(case, kind, 500, np.random.default_rng(1))
    orders = [tuple(actor.preference for actor in one.actors) for one in (case, *found)]
    assert everything
    assert len(set(orders)) == len(orders)


def test_other_names_leave_every_number_alone() -> None:
    text = HARBOUR + DRIVEN
    renamed = text.replace("pilot", "zoe").replace("owner", "abe").replace("towed", "attached")
    one, other = (placebo(read_case(t.encode(), "h.yaml"), 15, 3) for t in (text, renamed))
    assert [test.p for test in one.tests()] == [test.p for test in other.tests()]
    assert one.shares() == other.shares()


def test_the_seed_and_nothing_else_decides() -> None:
    case = harbour(DRIVEN)
    alone, three, another = (
        placebo(case, 10, seed, workers=workers, kinds=["signs", "shuffled"]).to_dict()
        for seed, workers in ((1, 1), (1, 3), (2, 1))
    )
    assert alone == three
    assert alone["claims"] != another["claims"]
    only = placebo(case, 10, 1, kinds=["shuffled"]).to_dict()
    assert only["kinds"] == alone["kinds"][1:]


def test_p_counts_the_case_itself_and_the_coin_is_binomial() -> None:
    case = harbour(DRIVEN)
    found = placebo(case, 40)
    tests = {(test.what, test.kind): test for test in found.tests()}
    assert found.directional == (True,) * 3 + (False,) * 3 + (True,) * 3
    assert tests["directional claims", "fair coin"].p == pytest.approx(0.5**6)
    for one in found.runs:
        count = int((one.agrees.sum(axis=1) == 9).sum())
        assert tests["all claims", one.kind].p == (1 + count) / (1 + len(one.agrees))


def test_the_flagships_directional_claims() -> None:
    """Eleven of fifteen agree, and a coin gives as many with p = .06."""
    found = placebo(detente.load("peninsula"), 1, kinds=["turned"])
    stated, claims = np.array(found.words) == "agrees", np.array(found.directional)
    assert (int(stated[claims].sum()), int(claims.sum())) == (11, 15)
    coin = next(test for test in found.tests() if test.kind == "fair coin")
    assert coin.p == pytest.approx(binom.sf(10, 15, 0.5))
    case = detente.load("peninsula")
    model = claims_model(case)
    ids = [claim for claim, sign in zip(found.claims, found.directional, strict=True) if sign]
    agree = sum(
        case.claim(name).expect.low <= answer_claim(case.claim(name), model).value
        <= case.claim(name).expect.high
        for name in ids
    )  # fmt: skip
    assert agree == 11


def test_the_score_of_the_case_as_stated_is_the_blind_score_at_that_point() -> None:
    case = harbour(WEATHER)
    found = placebo(case, 3, kinds=["turned"], until="2011-01-01")
    point = ({name: p.value for name, p in case.parameters.items()}, ())
    [blind] = blind_forecasts(case, "2011-01-01", 2, posterior=[point])
    assert found.questions == len(blind.asked) == 2
    briers = {
        model: np.mean(
            [((p - q.outcome) ** 2).sum() for p, q in zip(given, blind.asked, strict=True)]
        )
        for model, given in blind.forecasts.items()
    }
    assert found.scores["model"] == pytest.approx(briers["posterior"])
    assert found.scores["uniform"] == pytest.approx(briers["uniform"])
    less = {t.what: t for t in found.tests() if t.what.startswith("less")}
    assert less["less uniform"].stated == pytest.approx(briers["posterior"] - briers["uniform"])
    assert less["less uniform"].p == less["less chain"].p


def test_a_placebo_without_an_answer_counts_against_the_case() -> None:
    found = placebo(harbour(WEATHER), 3, kinds=["turned"])
    [runs] = found.runs
    runs.answered[:] = False
    runs.agrees[:] = False
    assert all(test.p == 1.0 for test in found.tests() if test.kind == "turned")
    assert all(math.isnan(share) for share in found.shares()["A"].values())
    json.dumps(found.to_dict(), allow_nan=False)


def test_words_fit_in_a_terminal() -> None:
    found = placebo(harbour(DRIVEN), 5, until="2011-01-01")
    assert max(map(len, str(found).splitlines())) <= 80


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"kinds": ["swaped"]}, "did you mean 'swapped'"),
        ({"draws": 0}, "one or more"),
        ({"until": "2012-12-31"}, "nothing to score"),
        ({"until": "soon"}, "is not a date"),
    ],
)
def test_bad_input_is_refused_in_words(given: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        placebo(harbour(WEATHER), **given)


def test_a_case_without_anything_to_compare_is_refused() -> None:
    with pytest.raises(InputError, match="has no claim that is asked"):
        placebo(harbour(""))
