"""Offers bound to a rule, against the same world written out by hand with the offer as a condition.

Would catch: rates of the wrong rung or trigger, costs of the offer lost or booked to another, the
payer still choosing, the memory of the package forgotten, unheard actors who have heard.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import expm

from detente import Conflict
from detente.deals import deal_question, packages
from detente.deals._packages import SCHEDULES
from detente.equilibrium import intervene, solve
from detente.errors import InputError

WANT = "china.help == yes"
COST = 0.3
RATES = {"us": 1.5, "china": 2.0, "dprk": 0.7}
UP = {"all at once": lambda rung: 2, "step by step": lambda rung: rung + 1}
DOWN = {"step by step": lambda rung: rung - 1}


def world(seed, *, talk=True, free=True):
    """Draw a conflict: offers, talk or not, help, and a calm that comes and goes."""
    rng = np.random.default_rng(seed)
    us = {"offer": ["none", "some", "much"]} | ({"talk": 2} if talk else {})
    options = {"us": us, "china": {"help": ["no", "yes"]}, "dprk": {"test": 2}}
    shape = (3, 2, 2, 2, 2) if talk else (3, 2, 2, 2)
    utility = {actor: rng.normal(size=shape) for actor in options}
    feasible = np.ones(shape, dtype=bool)
    if not free:
        feasible[2, ..., 1, :] = False
    calm = rng.uniform(0.2, 1.0, size=(*shape, 2))
    conflict = Conflict.build(
        options, utility, feasible=feasible,
        conditions={"calm": {"levels": 2, "rate": calm}},
        rates=RATES, costs={"us": {"offer": COST}}, status_quo=0,
    )  # fmt: skip
    return conflict, utility, feasible, calm


def by_hand(seed, schedule, pace, *, talk=True, free=True):
    """Build the conflict in which the offer is a condition behind the others, state by state."""
    _, utility, feasible, calm = world(seed, talk=talk, free=free)
    us = {"talk": 2} if talk else {"nothing": 2}
    options = {"us": us, "china": {"help": ["no", "yes"]}, "dprk": {"test": 2}}

    def turn(array):
        array = np.asarray(array)
        if not talk:
            array = np.repeat(array[:, None], 2, axis=1)
        return np.moveaxis(array, 0, 3)

    shape = turn(feasible).shape
    rate = np.zeros((*shape, 3))
    paid = np.zeros(shape)
    for state in np.ndindex(shape):
        helps, rung = state[1] == 1, state[3]
        to = UP.get(schedule, UP["step by step"])(rung) if helps else (
            DOWN.get(schedule, lambda _: 0)(rung)
        )  # fmt: skip
        if (helps and rung < 2) or (not helps and rung > 0):
            target = (*state[:3], to, state[4])
            if turn(feasible)[target] and turn(feasible)[state]:
                rate[(*state, to)] = pace
                paid[state] = pace * COST * abs(to - rung)
    flows = {actor: turn(flow).astype(float) for actor, flow in utility.items()}
    flows["us"] = flows["us"] - paid
    return Conflict.build(
        options, flows, feasible=turn(feasible),
        conditions={
            "offer": {"levels": ["none", "some", "much"], "rate": rate},
            "calm": {"levels": 2, "rate": turn(calm)},
        },
        moves={} if talk else {"us": {"nothing": np.eye(2, dtype=bool)}},
        rates=RATES, status_quo=0,
    )  # fmt: skip


@pytest.mark.parametrize("talk", [True, False])
@pytest.mark.parametrize("free", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_schedules_equal_the_world_written_by_hand(seed, talk, free):
    conflict, *_ = world(seed, talk=talk, free=free)
    found = packages(
        deal_question(conflict, WANT, "china", "us", "us.offer", horizon=3.0), "much", delay=0.25
    )
    for schedule in SCHEDULES:
        solved = solve(by_hand(seed, schedule, 4.0, talk=talk, free=free))
        outcome = found[schedule]
        here = {a: 0.1 * solved.value[a].reshape(-1)[0] for a in RATES}
        assert dict(outcome.flow) == pytest.approx(here, abs=1e-7)
        assert outcome.probability == pytest.approx(
            solved.probability(f"F[0, 3] {WANT}").value, abs=1e-7
        )
        assert outcome.wanted == pytest.approx(solved.accumulated(WANT, 3.0).value / 3, abs=1e-7)
        assert outcome.offered == pytest.approx(
            solved.accumulated("offer > none", 3.0).value / 3, abs=1e-7
        )


@pytest.mark.parametrize("seed", range(3))
def test_no_deal_and_held_are_interventions(seed):
    conflict, *_ = world(seed)
    found = packages(deal_question(conflict, WANT, "china", "us", "us.offer", horizon=3.0), "much")
    solved = solve(conflict)
    held = intervene(solved, {"us.offer": "much"})
    assert found["no deal"].probability == pytest.approx(
        solved.probability(f"F[0, 3] {WANT}").value
    )
    assert found["held"].probability == pytest.approx(
        held.probability(f"F[0, 3] {WANT}").value, abs=1e-7
    )
    start = held.conflict.index()
    for actor, flow in found["held"].flow.items():
        assert flow == pytest.approx(0.1 * held.value[actor].reshape(-1)[start], abs=1e-7)
    deaf = intervene(solved, {"us.offer": "much"}, announced=False)
    assert found["held"].unannounced == pytest.approx(
        deaf.probability(f"F[0, 3] {WANT}").value, abs=1e-7
    )


@pytest.mark.parametrize("seed", range(3))
def test_unheard_rules_run_under_the_old_choices(seed):
    """A dense chain from the old values: others choose as ever, us among what it still chooses."""
    conflict, _, _, calm = world(seed)
    solved = solve(conflict)
    shape = conflict.shape
    n = conflict.size
    rates = np.zeros((n, n))
    for state in np.ndindex(shape):
        s = int(np.ravel_multi_index(state, shape))
        for actor, axis in (("us", 1), ("china", 2), ("dprk", 3)):
            targets = [(*state[:axis], to, *state[axis + 1 :]) for to in range(2)]
            flat = [int(np.ravel_multi_index(t, shape)) for t in targets]
            worth = solved.value[actor].reshape(-1)[flat]
            odds = np.exp(worth - worth.max())
            for t, p in zip(flat, odds / odds.sum(), strict=True):
                if t != s:
                    rates[s, t] += RATES[actor] * p
        helps, rung = state[2] == 1, state[0]
        to = min(rung + 1, 2) if helps else 0
        if to != rung:
            rates[s, int(np.ravel_multi_index((to, *state[1:]), shape))] += 4.0
        rates[s, int(np.ravel_multi_index((*state[:4], 1 - state[4]), shape))] += calm[
            (*state, 1 - state[4])
        ]
    rates[np.indices(shape)[2].reshape(-1) == 1] = 0.0
    rates -= np.diag(rates.sum(axis=1))
    after = expm(3.0 * rates)[0]
    asked = deal_question(conflict, WANT, "china", "us", "us.offer", horizon=3.0)
    found = packages(asked, "much", delay=0.25)
    expected = after[np.indices(shape)[2].reshape(-1) == 1].sum()
    assert found["snap-back"].unannounced == pytest.approx(expected, abs=1e-7)


def test_a_brief_answer_leaves_out_what_takes_longest_and_says_so():
    conflict, *_ = world(5)
    question = deal_question(conflict, WANT, "china", "us", "us.offer")
    whole, brief = packages(question), packages(question, brief=True)
    for schedule in SCHEDULES:
        assert brief[schedule].probability == whole[schedule].probability
        assert dict(brief[schedule].flow) == dict(whole[schedule].flow)
    assert "nan" not in str(brief)
    assert brief.to_dict()["outcomes"][0]["wanted"] is None


def test_with_one_rung_all_schedules_are_one():
    conflict, *_ = world(5)
    found = packages(deal_question(conflict, WANT, "china", "us", "us.offer"), "some")
    first, *others = (found[schedule].to_dict() for schedule in SCHEDULES)
    for other in others:
        assert {**other, "schedule": ""} == {**first, "schedule": ""}


def test_the_table_fits_and_is_json_and_pandas():
    conflict, *_ = world(5)
    found = packages(deal_question(conflict, WANT, "china", "us", "us.offer"))
    assert max(map(len, str(found).splitlines())) <= 80
    assert [outcome["schedule"] for outcome in found.to_dict()["outcomes"]] == [
        "no deal", *SCHEDULES, "held",
    ]  # fmt: skip
    assert found.to_pandas().loc[0, "gain us"] == 0.0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"level": "none"}, "from the start"),
        ({"level": "lots"}, "lots"),
        ({"delay": 0.0}, "positive"),
        ({"trigger": "china.help == perhaps"}, "perhaps"),
    ],
)
def test_senseless_packages_are_refused(change, said):
    conflict, *_ = world(5)
    with pytest.raises(InputError, match=said):
        packages(deal_question(conflict, WANT, "china", "us", "us.offer"), **change)


def test_a_payment_is_no_package():
    conflict, *_ = world(5)
    with pytest.raises(InputError, match="an option of us's"):
        packages(deal_question(conflict, WANT, "china", "us"))
