"""Large conflicts: two ways to the same verdicts, and what is too large is refused with its size.

Would catch: a short cut for two actors that judges otherwise than the search of joint choices, one
that tries more choices than it says, and an analysis that fills the memory before it says so.
"""

from __future__ import annotations

import numpy as np
import pytest

from detente.conflict import Conflict
from detente.errors import AnalysisError
from detente.stability import Stability, _sim, _sim_pair


def conflict_of(levels, seed, most, feasible=0.9):
    """Return a random conflict; each actor has options of these levels, nature has one of two."""
    rng = np.random.default_rng(seed)
    options = {a: {f"o{k}": n for k, n in enumerate(own)} for a, own in levels.items()}
    shape = (*(n for own in levels.values() for n in own), 2)
    ranks = {a: rng.integers(most, size=shape) for a in levels}
    return Conflict.build(
        options,
        rank=ranks,
        feasible=rng.random(shape) < feasible,
        conditions={"weather": {"levels": 2, "rate": 0.0}},
    )


@pytest.mark.parametrize("most", [3, 40, 10_000])
def test_two_actors_are_judged_as_by_trying_joint_choices(most, monkeypatch):
    conflict = conflict_of({"a": (3, 5, 2), "b": (4, 2, 6)}, most, most)
    short = Stability(conflict)
    verdicts = [short.stable("sim", actor) for actor in "ab"]
    monkeypatch.setattr(_sim_pair, "MOST_LEVELS", 0)
    tried = Stability(conflict)
    for actor, found in zip("ab", verdicts, strict=True):
        assert np.array_equal(found, tried.stable("sim", actor))
        assert 0 < found.sum() < conflict.feasible.sum()


def test_pieces_and_the_floor_change_no_verdict(monkeypatch):
    conflict = conflict_of({"a": (3, 2), "b": (4,), "c": (2, 3)}, 5, 60)
    verdicts = [Stability(conflict).stable("sim", actor) for actor in "abc"]
    monkeypatch.setattr(_sim, "_CHUNK", 7)
    monkeypatch.setattr(_sim, "lowest", lambda mover, values: np.full_like(values, -1))
    again = Stability(conflict)
    for actor, found in zip("abc", verdicts, strict=True):
        assert np.array_equal(found, again.stable("sim", actor))


def test_too_many_joint_choices_are_refused_with_their_number(monkeypatch):
    monkeypatch.setattr(_sim, "MOST_CHOICES", 1000.0)
    conflict = conflict_of({"a": (3, 2), "b": (4,), "c": (2, 3)}, 5, 60)
    with pytest.raises(AnalysisError, match=r"more than 1.0e\+03 joint choices on 288 states"):
        Stability(conflict).stable("sim", "a")
