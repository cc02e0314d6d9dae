"""Levers against interventions solved one by one.

Would catch: slopes of the wrong sign or scale, steps outside the range, a payer's loss taken for a
gain, parameters without a range.
"""

from __future__ import annotations

import numpy as np
import pytest

import detente
from detente import Conflict
from detente.deals import deal_question, leverage
from detente.equilibrium import intervene, solve
from detente.errors import InputError

WANT = "target.programme == dismantled"


@pytest.fixture(scope="module")
def question():
    return deal_question(
        detente.load("sanctions").conflict(), WANT, "target", "sender", horizon=4.0
    )


@pytest.fixture(scope="module")
def found(question):
    return leverage(question)


def test_slopes_are_those_of_interventions(question, found):
    case = question.conflict.case
    base = solve(detente.load("sanctions").conflict())
    for name in ("worth", "trade", "leak"):
        stated = case.parameters[name]
        span = stated.high - stated.low
        ends = []
        for way in (-1, 1):
            moved = intervene(base, None, {name: stated.value + way * 1e-3 * span})
            start = moved.conflict.index()
            flow = {
                a: moved.conflict.discount[a] * moved.value[a].reshape(-1)[start]
                for a in moved.conflict.actors
            }
            ends.append((moved.probability(f"F[0, 4] {WANT}").value, flow))
        slope = (ends[1][0] - ends[0][0]) / 2e-3
        lever = next(lever for lever in found.levers if lever.parameter == name)
        sign = 1.0 if lever.rises else -1.0
        assert sign * slope == pytest.approx(lever.effect, abs=lever.bend + 1e-5)
        for actor, gain in lever.gain.items():
            there = (ends[1][1][actor] - ends[0][1][actor]) / 2e-3
            assert sign * there == pytest.approx(gain, rel=0.1, abs=5e-3)


def test_effects_are_ranked_and_never_negative(found):
    effects = [lever.effect for lever in found.levers]
    assert effects == sorted(effects, reverse=True)
    assert min(effects) >= 0.0
    assert {lever.parameter for lever in found.levers} == {
        name
        for name, stated in found.question.conflict.case.parameters.items()
        if stated.low < stated.high
    }


def test_free_levers_come_first_then_those_with_the_largest_yield(found):
    ratios = [lever.per_cost("sender") for lever in found.ranked("sender")]
    free = [ratio is None for ratio in ratios]
    assert free == sorted(free, reverse=True)
    paid = [ratio for ratio in ratios if ratio is not None]
    assert paid == sorted(paid, reverse=True)
    for lever in found.levers:
        assert (lever.per_cost("target") is None) == (lever.gain["target"] >= -1e-9)


def test_it_prints_in_80_columns_and_as_a_table(found):
    assert max(map(len, str(found).splitlines())) <= 80
    words = " ".join(str(found).split())
    for actor in found.question.conflict.actors:
        paid = [lever for lever in found.ranked(actor) if lever.per_cost(actor) is not None]
        best = next((lever for lever in paid if lever.effect >= 0.01), None)
        told = f"that {actor} loses: "
        assert (told in words) == (best is not None)
        if best is not None:
            way = "up" if best.rises else "down"
            assert f"{told}{best.parameter} {way} {best.per_cost(actor):+.2g}" in words
    assert len(found.to_pandas()) == len(found.levers)
    assert len(found.to_dict()["levers"]) == len(found.levers)


@pytest.mark.parametrize(
    ("change", "said"),
    [({"names": ["wort"]}, "did you mean"), ({"step": 0.0}, "step"), ({"step": 0.6}, "step")],
)
def test_senseless_levers_are_refused(question, change, said):
    with pytest.raises(InputError, match=said):
        leverage(question, **change)


def test_without_a_case_there_are_no_levers():
    conflict = Conflict.build(
        options={"us": {"offer": ["none", "some"]}, "china": {"help": ["no", "yes"]}},
        utility={"us": np.zeros((2, 2)), "china": np.eye(2)},
        status_quo=0,
    )
    with pytest.raises(InputError, match="start from a case"):
        leverage(deal_question(conflict, "china.help == yes", "china", "us"))
