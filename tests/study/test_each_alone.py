"""Tornados of which small bars are by slope, against those that are solved throughout.

Would catch: a bar that is displayed and was not solved, one that is missing there, an end by slope
that belongs to a long bar. ``DETENTE_BATCHES`` sets how many points of the parameters are tried,
ten to a batch, and then the flagship is tried too.
"""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest

import detente
from detente.case import Case
from detente.study import DISPLAYED, claim_tornados, run_study

BATCHES = int(os.environ.get("DETENTE_BATCHES", "0"))
NAMES = ("T1", "T2", "T3", "T5")


def at_random(case: Case, seed: int) -> Case:
    """Return a case whose stated values lie anywhere in their ranges."""
    rng = np.random.default_rng(seed)
    free = {
        name: replace(one, value=float(rng.uniform(one.low, one.high)))
        for name, one in case.parameters.items()
        if one.distribution != "fixed"
    }
    return replace(case, parameters={**case.parameters, **free})


def check(case: Case, names: tuple[str, ...]) -> None:
    full = run_study(case, 1, 0, design="tornado")
    for name in names:
        wanted = full.sensitivity(name)
        found = claim_tornados(case, [case.claim(name)])[name]
        assert found.base == pytest.approx(wanted.base, abs=1e-8)
        assert [one.name for one in found.bars[:DISPLAYED]] == [
            one.name for one in wanted.bars[:DISPLAYED]
        ]
        for one, other in zip(found.bars[:DISPLAYED], wanted.bars, strict=False):
            assert not one.by_slope
            assert one.at_low == pytest.approx(other.at_low, abs=1e-8)
            assert one.at_high == pytest.approx(other.at_high, abs=1e-8)


@pytest.mark.parametrize("seed", range(10 * BATCHES or 3))
def test_displayed_bars_are_those_of_a_full_tornado(seed: int) -> None:
    check(at_random(detente.load("sanctions"), seed), NAMES)


@pytest.mark.skipif(not BATCHES, reason="takes half a minute; DETENTE_BATCHES asks for it")
def test_displayed_bars_of_the_flagship() -> None:
    case = detente.load("peninsula")
    check(case, case.brief)


def test_what_is_by_slope_is_said() -> None:
    case = detente.load("peninsula")
    found = claim_tornados(case, [case.claim("C10")])["C10"]
    count = sum(bar.by_slope for bar in found.bars)
    assert 0 < count < len(found.bars) - DISPLAYED
    assert found.by_slope == f"{count} inputs that move it less, by slope"
    assert str(found).count(", by slope") == count
    assert sum(bar["by_slope"] for bar in found.to_dict()["bars"]) == count
    assert all(bar.swing < found.bars[DISPLAYED - 1].swing for bar in found.bars if bar.by_slope)


def test_without_slopes_all_is_solved() -> None:
    case = detente.load("sanctions")
    told = list[tuple[int, int, int]]()
    found = claim_tornados(
        case, [case.claim("T4")], workers=1, progress=lambda *one: told.append(one)
    )
    assert not any(bar.by_slope for bar in found["T4"].bars)
    assert not found["T4"].by_slope
    assert told[-1] == (22, 22, 0)
