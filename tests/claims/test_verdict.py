"""Where an answer stands to an expectation, and what a verdict says of many answers.

Catches: sides of even odds mixed up, bounds left out, draws without an answer counted, a share of
draws computed over the wrong total.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.case import Claim, ExpectedAnswer, OneSidedBound, StatedInterval
from detente.claims import judge_claim, verdict_word
from detente.claims._verdict import WORDS

UNLIKELY = StatedInterval(0.2, 0.45, 0.5)
LIKELY = StatedInterval(0.55, 0.8, 0.5)
EVEN = StatedInterval(0.45, 0.55, 0.5)
RISES = OneSidedBound(">", 0.0)


def claim(expect: ExpectedAnswer | None) -> Claim:
    return Claim("C1", "", None, "", "icd203", None, "", expect, None, None, None)


@pytest.mark.parametrize(
    ("value", "expect", "word"),
    [
        (0.2, UNLIKELY, "agrees"),
        (0.45, UNLIKELY, "agrees"),
        (0.199, UNLIKELY, "stronger"),
        (0.451, UNLIKELY, "weaker"),
        (0.501, UNLIKELY, "contradicts"),
        (0.55, LIKELY, "agrees"),
        (0.81, LIKELY, "stronger"),
        (0.54, LIKELY, "weaker"),
        (0.49, LIKELY, "contradicts"),
        (0.5, EVEN, "agrees"),
        (0.6, EVEN, "contradicts"),
        (0.3, RISES, "agrees"),
        (-0.3, RISES, "contradicts"),
    ],
)
def test_each_side_of_each_bound(value, expect, word):
    assert verdict_word(value, expect) == word


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_mirror_image(value, one, other):
    """An answer to a claim and the complement to its negation stand alike."""
    low, high = sorted((one, other))
    direct = verdict_word(value, StatedInterval(low, high, 0.5))
    mirrored = verdict_word(1 - value, StatedInterval(1 - high, 1 - low, 0.5))
    near = min(abs(value - x) for x in (low, high, 0.5)) < 1e-6 or abs(low - 0.5) < 1e-6
    assert direct == mirrored or near or abs(high - 0.5) < 1e-6


def test_counts_add_up_and_leave_out_draws_without_an_answer():
    values = np.array([0.1, 0.3, 0.3, 0.4, 0.48, 0.9, np.nan])
    found = judge_claim(claim(UNLIKELY), values)
    assert found.counts == {"agrees": 3, "stronger": 1, "weaker": 1, "contradicts": 1}
    assert found.draws == 6
    assert found.word == "agrees"
    assert found.median == pytest.approx(0.35)
    assert set(found.counts) == set(WORDS)


def test_no_interval_and_no_answer_are_said():
    assert judge_claim(claim(None), np.array([0.5])).word == "no interval"
    nothing = judge_claim(claim(UNLIKELY), np.array([np.nan]))
    assert nothing.word == "no answer"
    assert nothing.to_dict()["median"] is None


def test_divided_when_most_draws_stand_elsewhere():
    values = np.array([0.1, 0.1, 0.1, 0.3, 0.9, 0.9, 0.9])
    assert judge_claim(claim(UNLIKELY), values).divided
