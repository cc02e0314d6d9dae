"""How an asked claim's answers are printed, the interval that it expects, the verdict's star."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from detente.case import Claim, ExpectedAnswer, OneSidedBound
from detente.text import Kind, finer, show, show_range

if TYPE_CHECKING:
    from detente.claims._verdict import Verdict

_NOTHING = 1e-9
"""Smaller bounds are rounding, or the next number after an open bound."""

SOLVING = 1e-7
"""Differences of answers below this are those of solving."""

_BOUNDS = {"<=": "at most", ">=": "at least", "<": "below", ">": "above"}


def kind_of(claim: Claim) -> Kind:
    """Return how the answers to an asked claim are to be printed."""
    if claim.ask is None:
        return "plain"
    kind = claim.ask.kind
    if claim.versus is None:
        return kind
    return "points" if kind == "share" else "signed"


def show_expected(expect: ExpectedAnswer, kind: Kind) -> str:
    """Print the interval that a claim expects.

    Examples
    --------
    >>> from detente.case import OneSidedBound
    >>> from detente.text import THIN
    >>> show_expected(OneSidedBound("<", 0.2), "share").replace(THIN, " ")
    'below 20 %'
    """
    if isinstance(expect, OneSidedBound):
        return f"{_BOUNDS[expect.sign]} {_bound(expect.end, kind)}"
    if math.isinf(expect.low):
        return f"at most {_bound(expect.high, kind)}"
    if math.isinf(expect.high):
        return f"at least {_bound(expect.low, kind)}"
    return show_range(expect.low, expect.high, kind)


def word_bounds(claim: Claim) -> list[float]:
    """Return the answers at which a claim gets another word.

    Examples
    --------
    >>> import detente
    >>> word_bounds(detente.load("sanctions").claim("T1"))
    [0.2, 0.45, 0.5]
    """
    expect = claim.expect
    if expect is None:
        return []
    ends = [expect.end] if isinstance(expect, OneSidedBound) else [expect.low, expect.high]
    even = [] if expect.even is None else [expect.even]
    certain = (0.0, 1.0) if kind_of(claim) in ("share", "truth") else ()
    return [bound for bound in (*ends, *even) if bound not in certain]


def show_beside(claim: Claim, answer: float) -> str:
    """Print an answer so that one sees on which side of a bound of the interval it lies.

    Examples
    --------
    >>> import detente
    >>> claim = detente.load("sanctions").claim("T2")
    >>> [show_beside(claim, x).replace("\u202f", " ") for x in (0.2, 0.0002, 0.0)]
    ['+20 points', 'just above zero', '0 points']
    """
    kind = kind_of(claim)
    bounds = [bound for bound in word_bounds(claim) if abs(answer - bound) > SOLVING]
    for closer in (kind, finer(kind)):
        words = show(answer, closer)
        if all(words != show(bound, closer) for bound in bounds):
            return words
    near = min(bounds, key=lambda bound: abs(answer - bound))
    return f"just {'above' if answer > near else 'below'} {_bound(near, kind)}"


def starred(verdict: Verdict) -> str:
    """Return a verdict's word, with a star where it is a near miss."""
    return f"{verdict.word}*" if verdict.near else verdict.word


def note_near_misses(verdicts: Iterable[Verdict]) -> str:
    """Return the sentence that says what the stars mean; nothing where there is none."""
    near = [f"{found.claim.id}: {found.near}" for found in verdicts if found.near]
    return f"* near miss: {'; '.join(near)}." if near else ""


def _bound(value: float, kind: Kind) -> str:
    return "zero" if abs(value) < _NOTHING and kind != "share" else show(value, kind)
