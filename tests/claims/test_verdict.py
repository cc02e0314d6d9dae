"""Where an answer stands to an expectation, and what a verdict says of many answers.

Catches: sides of even odds mixed up, bounds left out, draws without an answer counted, a word that
fewer draws hold than another, a near miss that goes unsaid.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.case import Claim, EstimativeWords, ExpectedAnswer, OneSidedBound, StatedInterval
from detente.claims import judge_claim, note_near_misses, starred, verdict_word
from detente.claims._verdict import OPEN, WORDS

UNLIKELY = StatedInterval(0.2, 0.45, 0.5)
LIKELY = StatedInterval(0.55, 0.8, 0.5)
EVEN = StatedInterval(0.45, 0.55, 0.5)
POINT = StatedInterval(0.5, 0.5, 0.5)
TO_EVEN = StatedInterval(0.4, 0.5, 0.5)
AT_LEAST = OneSidedBound(">=", 0.2, 0.0, 1.0, 0.5)
BELOW_EVEN = OneSidedBound("<", 0.5, 0.0, 1.0, 0.5)
RISES = OneSidedBound(">", 0.0)
ROUGHLY_EVEN = EstimativeWords("roughly even chance", "icd203", "", 0.45, 0.55, "")
CERTAINLY = EstimativeWords("almost certainly", "icd203", "", 0.95, 0.99, "")
AS_NOT = EstimativeWords("about as likely as not", "ipcc", "", 0.33, 0.66, "")


def claim(expect: ExpectedAnswer | None) -> Claim:
    return Claim("C1", "", None, "", "icd203", None, "", expect, None, None, None)


@pytest.mark.parametrize(
    ("value", "expect", "word"),
    [
        (0.2, UNLIKELY, "agrees"),
        (0.45, UNLIKELY, "agrees"),
        (0.199, UNLIKELY, "stronger"),
        (0.451, UNLIKELY, "weaker"),
        (0.5, UNLIKELY, "weaker"),
        (0.501, UNLIKELY, "contradicts"),
        (0.55, LIKELY, "agrees"),
        (0.81, LIKELY, "stronger"),
        (0.54, LIKELY, "weaker"),
        (0.5, LIKELY, "weaker"),
        (0.49, LIKELY, "contradicts"),
        (0.5, EVEN, "agrees"),
        (0.44, EVEN, "stronger"),
        (0.6, EVEN, "stronger"),
        (0.225, EVEN, "stronger"),
        (0.775, EVEN, "stronger"),
        (0.22, EVEN, "contradicts"),
        (0.78, EVEN, "contradicts"),
        (0.5, POINT, "agrees"),
        (0.25, POINT, "stronger"),
        (0.76, POINT, "contradicts"),
        (0.5, TO_EVEN, "agrees"),
        (0.51, TO_EVEN, "contradicts"),
        (0.3, TO_EVEN, "stronger"),
        (0.19, AT_LEAST, "contradicts"),
        (0.99, AT_LEAST, "agrees"),
        (0.5, BELOW_EVEN, "weaker"),
        (0.6, BELOW_EVEN, "contradicts"),
        (0.3, RISES, "agrees"),
        (-0.3, RISES, "contradicts"),
    ],
)
def test_each_side_of_each_bound(value, expect, word):
    assert verdict_word(value, expect) == word


HUNDREDTHS = st.integers(0, 100).map(lambda n: n / 100)


@given(HUNDREDTHS, HUNDREDTHS, HUNDREDTHS)
def test_mirror_image(value, one, other):
    """An answer to a claim and the complement to its negation stand alike."""
    low, high = sorted((one, other))
    direct = verdict_word(value, StatedInterval(low, high, 0.5))
    mirror = StatedInterval(round(1 - high, 2), round(1 - low, 2), 0.5)
    assert direct == verdict_word(1 - value, mirror)


@given(HUNDREDTHS, HUNDREDTHS, HUNDREDTHS)
def test_the_word_is_that_of_the_rule_as_it_is_stated(value, one, other):
    """The rule of docs/studies.md, in hundredths and by cases."""
    low, high = sorted((one, other))
    v, a, b = (round(100 * x) for x in (value, low, high))
    if a <= v <= b:
        right = "agrees"
    elif a < 50 < b or a == b == 50:
        reach = a / 2 if v < a else b + (100 - b) / 2
        beyond = v < reach if v < a else v > reach
        right = "contradicts" if a == 0 or b == 100 or beyond else "stronger"
    elif b <= 50:
        right = "stronger" if v < a else "weaker" if v <= 50 else "contradicts"
    else:
        right = "stronger" if v > b else "weaker" if v >= 50 else "contradicts"
    assert verdict_word(value, StatedInterval(low, high, 0.5)) == right


@given(
    st.lists(HUNDREDTHS | st.just(float("nan")), min_size=1, max_size=40),
    HUNDREDTHS,
    HUNDREDTHS,
    st.sampled_from([0.5, None]),
)
def test_no_word_is_held_by_more_draws_than_the_verdict(answers, one, other, even):
    """Would catch a word by the median, which may fall between two camps."""
    low, high = sorted((one, other))
    expect = StatedInterval(low, high, even)
    found = judge_claim(claim(expect), np.array(answers))
    held = [verdict_word(x, expect) for x in answers if not np.isnan(x)]
    assert found.draws == len(held)
    if not held:
        assert found.word == "no answer"
        return
    assert found.counts == {word: held.count(word) for word in WORDS}
    most = max(found.counts.values())
    if found.word == OPEN:
        assert most <= len(held) / 2
    else:
        assert found.counts[found.word] == most > len(held) / 2


def test_counts_add_up_and_leave_out_draws_without_an_answer():
    values = np.array([0.1, 0.3, 0.3, 0.4, 0.4, 0.48, 0.9, np.nan])
    found = judge_claim(claim(UNLIKELY), values)
    assert found.counts == {"agrees": 4, "stronger": 1, "weaker": 1, "contradicts": 1}
    assert found.draws == 7
    assert found.word == "agrees"
    assert found.median == pytest.approx(0.4)


def test_no_interval_and_no_answer_are_said():
    assert judge_claim(claim(None), np.array([0.5])).word == "no interval"
    nothing = judge_claim(claim(UNLIKELY), np.array([np.nan]))
    assert (nothing.word, nothing.near) == ("no answer", "")
    assert nothing.to_dict()["median"] is None


def test_a_median_between_two_camps_does_not_agree():
    """15 % of draws agree, the median among them: nobody holds that word."""
    values = np.repeat([0.1, 0.3, 0.9], [40, 15, 45])
    found = judge_claim(claim(UNLIKELY), values)
    assert verdict_word(found.median, UNLIKELY) == "agrees"
    assert found.word == OPEN


def test_a_tie_is_open_and_a_near_miss_of_both():
    found = judge_claim(claim(RISES), np.repeat([-1.0, 1.0], 200))
    assert found.word == OPEN
    assert found.near == "other draws could give 'agrees' or 'contradicts'"
    assert found.to_dict()["near"] == found.near
    assert starred(found) == "open*"
    assert note_near_misses([found]) == f"* near miss: C1: {found.near}."


@pytest.mark.parametrize(
    ("agree", "word", "near"),
    [
        (400, "agrees", ""),
        (260, "agrees", ""),
        (210, "agrees", "other draws could give 'open' or 'contradicts'"),
        (200, "open", "other draws could give 'agrees' or 'contradicts'"),
        (140, "contradicts", ""),
    ],
)
def test_what_other_draws_could_turn_is_a_near_miss(agree, word, near):
    found = judge_claim(claim(RISES), np.repeat([1.0, -1.0], [agree, 400 - agree]))
    assert (found.word, found.near) == (word, near)
    assert bool(near) == (found.steady < 0.975)


@pytest.mark.parametrize(
    ("answer", "expect", "near"),
    [
        (0.44, ROUGHLY_EVEN, "median within rounding of 45 %"),
        (0.4251, ROUGHLY_EVEN, "median within rounding of 45 %"),
        (0.42, ROUGHLY_EVEN, ""),
        (0.575, ROUGHLY_EVEN, "median within rounding of 55 %"),
        (0.5, ROUGHLY_EVEN, ""),
        (
            0.994,
            CERTAINLY,
            "median within rounding of 99 %",
        ),
        (0.996, CERTAINLY, ""),
        (0.663, AS_NOT, "median within rounding of 66 %"),
        (0.455, UNLIKELY, "median within rounding of 45 %"),
        (0.46, UNLIKELY, ""),
        (0.1252, StatedInterval(0.05, 0.125, 0.5), "median within rounding of 12.5 %"),
        (0.126, StatedInterval(0.05, 0.125, 0.5), ""),
        (0.203, OneSidedBound("<", 0.2, 0.0, 1.0, 0.5), "median within rounding of 20 %"),
        (-0.001, RISES, ""),
    ],
)
def test_what_lies_within_rounding_of_the_scale_is_a_near_miss(answer, expect, near):
    assert judge_claim(claim(expect), np.full(9, answer)).near == near


def test_draws_that_are_all_alike_are_said_to_be():
    """Would catch "100 % agrees" where forty draws say one thing."""
    alike = judge_claim(claim(UNLIKELY), np.full(40, 0.3))
    assert alike.same
    assert str(alike) == "C1 agrees: 0.30 in all 40 draws"
    assert alike.to_dict()["same"] is True
    assert not judge_claim(claim(UNLIKELY), np.array([0.3])).same
    assert not judge_claim(claim(UNLIKELY), np.array([0.3, 0.3 + 1e-6])).same
    assert judge_claim(claim(None), np.array([0.3, np.nan, 0.3 + 1e-12])).same
