"""Phase diagrams of which every second place is solved, against those that are solved throughout.

Would catch: an interpolated answer that is off by what one sees, another word, a jump smoothed
over, places that are marked and solved or the other way round.
"""

from __future__ import annotations

import os

import numpy as np
import pytest

import detente
from detente.study import phase_diagram
from detente.study._between import between

BATCHES = int(os.environ.get("DETENTE_BATCHES", "0"))
SEEN = 0.005
"""Half of what one sees of a probability."""
PAIRS = [("leak", "sharpness", "T3"), ("pride", "trade", "T1"), ("threat", "sharpness", "T5")]
MORE = [("pain", "trust", "T1"), ("trade", "pride", "T2"), ("security", "worth", "T5")]


@pytest.mark.parametrize(("x", "y", "claim"), PAIRS + (MORE if BATCHES else []))
def test_interpolated_answers_are_those_of_solutions(x: str, y: str, claim: str) -> None:
    case = detente.load("sanctions")
    found = phase_diagram(case, x, y, claim)
    solved = phase_diagram(case, x, y, claim, solve_all=True)
    assert found.interpolated
    assert not solved.interpolated
    off = np.abs(found.median - solved.median)
    assert off.max() < SEEN
    assert found.words == solved.words
    marked = np.zeros(off.shape, dtype=bool)
    marked[tuple(np.transpose(sorted(found.interpolated)))] = True
    assert (off[~marked] == 0.0).all()


def test_where_it_was_interpolated_is_said_everywhere() -> None:
    case = detente.load("sanctions")
    found = phase_diagram(case, "leak", "sharpness", "T3", draws=2)
    count = f"({len(found.interpolated)} of 81)"
    assert str(found).endswith(f"~ interpolated between solved points {count}")
    assert str(found).count("~") == len(found.interpolated) + 1
    assert str(found.plot()).count("~") == len(found.interpolated) + 1
    assert len(found.to_dict()["interpolated"]) == len(found.interpolated)
    small = phase_diagram(case, "leak", "sharpness", "T3", points=5)
    assert not small.interpolated
    assert "~" not in str(small)


def test_a_jump_and_a_gap_are_solved() -> None:
    """Places beside a jump or beside one without an answer are never guessed."""
    claim = detente.load("sanctions").claim("T1")
    y, x = np.mgrid[0:9, 0:9]
    odd = (x + y) % 2 == 1
    jump = np.where(odd, np.nan, np.where(x < 5, 0.3, 0.35))
    found = between(jump[:, :, None], claim)
    assert {column for _, column, _ in found}.isdisjoint({4, 5})
    gap = np.where(odd, np.nan, 0.3)
    gap[4, 4] = np.nan
    found = between(gap[:, :, None], claim)
    assert (4, 3, 0) not in found
    assert (5, 4, 0) not in found
    assert (0, 7, 0) in found
