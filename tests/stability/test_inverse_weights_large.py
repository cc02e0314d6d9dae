"""The least change of weights by a programme that grows, against one with everything written down.

Would catch: an alternative that is ruled out though it holds, a group divided too little, moves
that are followed the wrong way round, a bound above the least, and a large conflict refused.
"""

from __future__ import annotations

import numpy as np
import pytest

from detente.errors import AnalysisError, InputError, SizeError
from detente.stability import Stability, least_weight_change
from detente.stability._inverse import weights
from stability.weighted_cases import least_by_listing, weighted_case


def lacking(case, concept):
    conflict = case.conflict()
    return np.flatnonzero(conflict.feasible & ~Stability(conflict).equilibria(concept)).tolist()


@pytest.mark.parametrize("concept", ["nash", "gmr", "smr"])
def test_no_change_is_smaller_than_by_listing(concept, tmp_path):
    asked = never = 0
    for seed, (bits, actors) in enumerate([(4, 2), (5, 3), (5, 2), (4, 1), (6, 2)] * 2):
        case = weighted_case(tmp_path, bits, actors, seed)
        for state in lacking(case, concept)[seed::7][:1]:
            expected = least_by_listing(case, state, concept)
            found = least_weight_change(case, state, concept)
            assert found.distance == pytest.approx(expected, abs=3e-6), (seed, state)
            assert found.at_least == found.distance
            if found.possible:
                assert Stability(found.apply()).equilibria(concept).flat[state]
            asked, never = asked + 1, never + (not found.possible)
    assert asked > 4
    assert never or concept != "nash"


def test_some_thousands_of_states(tmp_path):
    """More states than inequalities could be written down for; a formula takes the nearest."""
    case = weighted_case(tmp_path, 12, 3, 6)
    for concept in ("nash", "gmr", "smr"):
        states = lacking(case, concept)[-1:]
        alone = [least_weight_change(case, state, concept) for state in states]
        for found, state in zip(alone, states, strict=True):
            assert found.at_least == found.distance
            assert found.possible
            assert Stability(found.apply()).equilibria(concept).flat[state]


def test_a_formula_takes_the_nearest_of_its_states(tmp_path):
    case = weighted_case(tmp_path, 6, 2, 7)
    wanted = "a0.o0 == low and a0.o2 == up and a0.o4 == low and a1.o3 == up and a1.o5 == low"
    for concept in ("nash", "gmr", "smr"):
        states = np.flatnonzero(case.conflict().where(wanted)).tolist()
        each = [least_weight_change(case, state, concept).distance for state in states]
        found = least_weight_change(case, wanted, concept)
        assert found.distance == pytest.approx(min(each), abs=1e-6)


def test_where_time_is_up_both_sides_of_the_least_are_said(tmp_path):
    bounded = 0
    for seed in range(4):
        case = weighted_case(tmp_path, 8, 2, seed, issues=5)
        for state in lacking(case, "smr")[:3]:
            exact = least_weight_change(case, state, "smr")
            try:
                found = least_weight_change(case, state, "smr", time_limit=1e-9)
            except AnalysisError as error:
                assert "was not settled in 1e-09 s" in str(error)  # noqa: PT017
                assert "256 states, 10 parameters may change" in str(error)  # noqa: PT017
                continue
            assert found.at_least <= exact.distance + 1e-6 <= found.distance + 2e-6
            if found.at_least < found.distance:
                bounded += 1
                assert "less than these may do" in str(found)
                assert found.to_dict()["at_least"] == found.at_least
    assert bounded
    with pytest.raises(InputError, match="the time limit is 0 seconds"):
        least_weight_change(case, 0, time_limit=0)


def test_what_memory_cannot_hold_is_refused_with_its_size(tmp_path, monkeypatch):
    def refuse(shape, actors, use, further):
        raise SizeError(f"{shape} {actors} {use} {further}")

    monkeypatch.setattr(weights, "check_size", refuse)
    case = weighted_case(tmp_path, 4, 2, 0)
    with pytest.raises(SizeError, match=r"\(16,\) 2 stability 56"):
        least_weight_change(case, lacking(case, "nash")[0])
