"""Slopes are refused where branches of equilibria cross, and given close by.

Two rivals who hold or yield alike have one equilibrium while they look at little; above some
sharpness there are two more, in which one of them always holds. Where they begin, the slope by the
edge that one rival has over the other is infinite and changes its sign. Would catch: a threshold so
wide that slopes are given there, or so narrow that they are refused where they are right.
"""

from __future__ import annotations

import math

import pytest

from detente.case import Case, read_case
from detente.claims import answer_claim, claim_slopes, claims_model

FINE = 1e-13


def rival(name: str, wins: str) -> str:
    return f"""
  {name}:
    title: {name}
    rate: 4
    precision: sharpness
    discount: 0.2
    options: {{w: {{levels: [yields, holds], moves: any}}}}
    preferences: {{weights: {{{name}_wins: {wins}, clash: -1.5}}}}"""


def rivals() -> Case:
    text = f"""detente: 1
title: rivals
question: who holds
clock: {{start: 2020-01-01, end: 2024-12-31}}
parameters:
  sharpness: {{value: 1, range: [0, 100], reason: r, source: judgement}}
  edge: {{value: 0, range: [-1, 1], reason: r, source: judgement}}
actors:{rival("x", "1 + edge")}{rival("y", "1")}
issues:
  x_wins: {{value: x.w == holds and y.w == yields}}
  y_wins: {{value: y.w == holds and x.w == yields}}
  clash: {{value: x.w == holds and y.w == holds}}
status_quo: {{x.w: holds, y.w: holds}}
claims:
  - {{id: H, says: s, ask: {{expected: x.w == holds, at: 3}}}}
"""
    return read_case(text.encode(), "rivals.yaml")


def slope(case: Case, sharpness: float) -> tuple[float, str]:
    """Return the slope by the edge, and why there is none."""
    model = claims_model(case, {"sharpness": sharpness}, tolerance=FINE)
    found = claim_slopes(case, parameters=["edge"], model=model)
    return float(found.slope[0, 0]), found.why_not.get("H", "")


def difference(case: Case, sharpness: float) -> float:
    """Return the central difference by the edge, extrapolated from two steps."""

    def over(width: float) -> float:
        up, down = (
            answer_claim(
                case.claims[0],
                claims_model(case, {"sharpness": sharpness, "edge": edge}, tolerance=FINE),
            ).value
            for edge in (width, -width)
        )
        return (up - down) / (2.0 * width)

    return (4.0 * over(1e-6) - over(2e-6)) / 3.0


def test_slopes_are_refused_at_the_crossing_and_right_close_by() -> None:
    case = rivals()
    below, above = 7.0, 8.0
    assert slope(case, below)[0] > 0.0 > slope(case, above)[0]
    for _ in range(50):
        middle = (below + above) / 2.0
        steepness, why_not = slope(case, middle)
        if why_not:
            break
        below, above = (middle, above) if steepness > 0.0 else (below, middle)
    assert math.isnan(steepness)
    assert "branch of equilibria turns here, or another crosses it" in why_not
    steepness, why_not = slope(case, 0.99 * middle)
    assert steepness > 10.0, "steep already"
    assert not why_not
    assert steepness == pytest.approx(difference(case, 0.99 * middle), rel=1e-6)
