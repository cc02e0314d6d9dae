"""Flips of one parameter, against a plain search that solves every stretch and halves it.

Would catch: a guess of the crossing that stops short or beyond, another rounding, a flip that is
missed. ``DETENTE_BATCHES`` asks for the flagship too.
"""

from __future__ import annotations

import os

import pytest

import detente
from detente.case import Case
from detente.claims import answer_claim, claims_model, verdict_word
from detente.explanation._road import _outwards

BATCHES = int(os.environ.get("DETENTE_BATCHES", "0"))


def plain_flip(case: Case, name: str, parameter: str, end: float) -> float:
    """Return the value of a parameter at which the word changes first, by eighths and halving."""
    claim, start = case.claim(name), case.parameters[parameter].value

    def word(share: float) -> str:
        value = start + share * (end - start)
        model = claims_model(case, {parameter: value}, (), [claim])
        return verdict_word(answer_claim(claim, model).value, claim.expect)

    before = word(0.0)
    high = next(k / 8 for k in range(1, 9) if word(k / 8) != before)
    low = high - 1 / 8
    for _ in range(8):
        middle = (low + high) / 2
        low, high = (middle, high) if word(middle) == before else (low, middle)
    return _outwards(start + high * (end - start), start, end, 3)


def check(case: Case, name: str) -> None:
    found = case.why(name)
    assert found.flips
    for flip in found.flips:
        ((parameter, (before, to)),) = flip.changes.items()
        one = case.parameters[parameter]
        assert to == plain_flip(case, name, parameter, one.high if to > before else one.low)


@pytest.mark.parametrize("name", ["T1", "T4"])
def test_flips_are_those_of_a_plain_search(name: str) -> None:
    check(detente.load("sanctions"), name)


# A plain search solves hundreds of models a claim: more than the whole suite has time for.
@pytest.mark.skipif(not BATCHES, reason="takes a minute; DETENTE_BATCHES asks for it")
@pytest.mark.parametrize("name", ["C36", "C39", "C09", "C07", "C17"])
def test_flips_of_the_flagship_are_those_of_a_plain_search(name: str) -> None:
    check(detente.load("peninsula"), name)
