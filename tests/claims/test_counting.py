"""Counting words over many answers at once gives what asking each answer gives."""

from __future__ import annotations

import numpy as np
import pytest

import detente
from detente.case import ExpectedAnswer, OneSidedBound, StatedInterval
from detente.claims import count_words, judge_answer, judge_claim, verdict_word
from detente.claims._resampling import RESAMPLES, resampled_shares
from detente.claims._verdict import WORDS
from detente.engine import generator_of

STEPS = (0.0, 1e-10, 4.9e-10, 5e-10, 5.1e-10, 1e-9, 1e-8, 2e-8, 1e-3)


@pytest.mark.parametrize(
    "expect",
    [
        StatedInterval(0.2, 0.45, 0.5),
        StatedInterval(0.45, 0.55, 0.5),
        StatedInterval(0.55, 1.0, 0.5),
        StatedInterval(-0.1, 0.3),
        OneSidedBound("<", 0.2),
        OneSidedBound(">", 0.0),
    ],
)
def test_words_are_those_of_each_answer(expect: ExpectedAnswer) -> None:
    """Would catch: a word taken from a neighbour on the other side of where it changes."""
    cuts = [expect.low, expect.high, expect.low / 2, (1 + expect.high) / 2, 0.5]
    near = [c + sign * step for c in cuts if np.isfinite(c) for step in STEPS for sign in (1, -1)]
    answers = [*near, *np.random.default_rng(0).uniform(-0.2, 1.2, 500)]
    words = [verdict_word(float(answer), expect) for answer in answers]
    assert count_words(answers, expect) == {word: words.count(word) for word in WORDS}


def test_resamples_of_equal_answers_are_equal() -> None:
    """Would catch: a short cut that gives other shares than drawing them."""
    drawn = generator_of(0).multinomial(7, np.array([0, 7, 0, 0]) / 7, RESAMPLES) / 7
    np.testing.assert_array_equal(resampled_shares([0, 7, 0, 0]), drawn)


def test_one_answer_is_judged_as_one_draw() -> None:
    """Would catch: one answer that stands elsewhere than the same answer as a study's only draw."""
    for claim in detente.load("sanctions").claims:
        if claim.ask is not None and claim.expect is not None:
            for value in (0.0, 0.3, 0.5, 0.9):
                one, over = judge_answer(claim, value), judge_claim(claim, np.array([value]))
                assert (one.word, one.median, one.counts, one.draws) == (
                    over.word,
                    over.median,
                    over.counts,
                    over.draws,
                )
