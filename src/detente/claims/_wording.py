"""How an asked claim's answers are printed, and the interval that it expects."""

from __future__ import annotations

import math

from detente.case import Claim, Expect
from detente.text import Kind, show, show_range

_NOTHING = 1e-9
"""Smaller bounds are rounding, or the next number after an open bound."""

_BOUNDS = (("<=", "at most"), (">=", "at least"), ("<", "below"), (">", "above"))


def kind_of(claim: Claim) -> Kind:
    """Return how the answers to an asked claim are to be printed."""
    ask = claim.ask
    if ask is None:
        return "plain"
    if ask.measure == "gain":
        return "signed"
    if ask.measure in {"equilibrium", "possible"}:
        return "truth" if claim.versus is None else "signed"
    truth = ask.formula is not None and ask.formula.kind == "truth"
    even = claim.expect is not None and claim.expect.even == 0.5
    if ask.measure == "probability" or truth or even:
        return "share" if claim.versus is None else "points"
    return "plain" if claim.versus is None else "signed"


def show_expected(expect: Expect, kind: Kind) -> str:
    """Print the interval that a claim expects.

    Examples
    --------
    >>> from detente.text import THIN
    >>> show_expected(Expect(-math.inf, 0.2, 0.5, "< 0.2"), "share").replace(THIN, " ")
    'below 20 %'
    """
    for sign, word in _BOUNDS:
        if expect.text.lstrip().startswith(sign):
            return f"{word} {_bound(expect.high if '<' in sign else expect.low, kind)}"
    if math.isinf(expect.low):
        return f"at most {_bound(expect.high, kind)}"
    if math.isinf(expect.high):
        return f"at least {_bound(expect.low, kind)}"
    return show_range(expect.low, expect.high, kind)


def _bound(value: float, kind: Kind) -> str:
    return "zero" if abs(value) < _NOTHING and kind != "share" else show(value, kind)
