"""The least change of weights against every corner of the inequalities there is, and by hand."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

import detente
from detente.errors import AnalysisError, InputError
from detente.stability import Stability, least_weight_change

CASE = """
detente: 1
title: Two weights
parameters:
  p: {value: %s, range: [0, 4], reason: why, source: judgement}
  q: {value: %s, range: [-1, 1], reason: why, source: judgement}
actors:
%s
issues:
%s
status_quo: {%s}
"""


def case_of(folder, values, weights, issues, levels):
    """Write and read a case; ``weights`` by actor, ``issues`` by name, one option an actor."""
    actors = "".join(
        f"  {actor}:\n    title: {actor}\n    options: {{o: {{levels: [x, y, z][:]}}}}\n"
        f"    preferences: {{weights: {{{own}}}}}\n"
        for actor, own in weights.items()
    ).replace("[x, y, z][:]", "[" + ", ".join("xyz"[:levels]) + "]")
    stated = "".join(f"  {name}: {text}\n" for name, text in issues.items())
    quo = ", ".join(f"{actor}.o: x" for actor in weights)
    path = folder / "weights.yaml"
    path.write_text(CASE % (*values, actors, stated, quo), "utf-8")
    return detente.load(path)


def random_case(folder, seed):
    rng = np.random.default_rng(seed)
    actors = "ab"
    names = [f"i{k}" for k in range(4)]
    issues = {
        name: '"'
        + " + ".join(
            f"{rng.integers(-3, 4)} * (a.o == {one} and b.o == {two})"
            for one in "xyz"
            for two in "xyz"
        )
        + '"'
        for name in names
    }
    own = ("p - 1", "1 - q") if seed % 2 else ("p + 0.5", "1.5 - q")
    weights = {
        actor: f"{names[2 * k]}: {own[0]}, {names[2 * k + 1]}: {own[1]}"
        for k, actor in enumerate(actors)
    }
    values = (round(float(rng.uniform(0, 4)), 1), round(float(rng.uniform(-1, 1)), 1))
    return case_of(folder, values, weights, issues, 3)


def candidates(case, state):
    """Values of p and q at which a least change can lie: corners of the pieces.

    Inside the range, a least sum of shares lies where two of these lines meet: edges of the range,
    stated values, and equal utility of the wanted state and another.
    """
    base = case.conflict()
    p0, q0 = (case.parameters[name].value for name in "pq")
    lines = [(1, 0, 0), (1, 0, 4), (0, 1, -1), (0, 1, 1), (1, 0, p0), (0, 1, q0)]
    at = {
        (p, q): {k: u.reshape(-1) for k, u in case.conflict(p=p, q=q).utility.items()}
        for p, q in ((0, 0), (1, 0), (0, 1))
    }
    for actor in base.actors:
        gaps = {key: u[actor] - u[actor][state] for key, u in at.items()}
        for z in range(base.size):
            c, p, q = (gaps[key][z] for key in ((0, 0), (1, 0), (0, 1)))
            if abs(p - c) + abs(q - c) > 1e-9:
                lines.append((p - c, q - c, -c))
    for one, two in combinations(lines, 2):
        matrix = np.array([one[:2], two[:2]], dtype=float)
        if abs(np.linalg.det(matrix)) > 1e-9:
            p, q = np.linalg.solve(matrix, [one[2], two[2]])
            if -1e-9 <= p <= 4 + 1e-9 and -1 - 1e-9 <= q <= 1 + 1e-9:
                yield float(np.clip(p, 0, 4)), float(np.clip(q, -1, 1))


def holds(case, concept, state, p, q):
    """Judge with utilities rounded, so that corners count as the ties that they are."""
    conflict = case.conflict(p=p, q=q)
    rounded = {k: np.round(u, 7) + 0.0 for k, u in conflict.utility.items()}
    options = {actor: {"o": 3} for actor in conflict.actors}
    again = detente.Conflict.build(options, utility=rounded)
    return bool(Stability(again).equilibria(concept).flat[state])


def trials(folder):
    """Give random cases, a state of each, and how far weights are from the stated ones."""
    for seed in range(14):
        case = random_case(folder, seed)
        p0, q0 = (case.parameters[name].value for name in "pq")

        def distance_to(p, q, p0=p0, q0=q0):
            return abs(p - p0) / 4 + abs(q - q0) / 2

        yield seed, case, seed % 9, distance_to


@pytest.mark.parametrize("concept", ["nash", "gmr", "smr"])
def test_no_corner_is_nearer(concept, tmp_path):
    moved = never = 0
    for seed, case, state, distance_to in trials(tmp_path):
        found = least_weight_change(case, state, concept)
        if found.possible:
            equilibria = Stability(found.apply()).equilibria(concept)
            assert equilibria.flat[state]
        moved += found.possible and found.distance > 0
        never += not found.possible
        for p, q in set(candidates(case, state)):
            if distance_to(p, q) < found.distance - 1e-5:
                assert not holds(case, concept, state, p, q), (seed, p, q)
    assert concept != "nash" or (moved and never)


@pytest.mark.parametrize("concept", ["seq", "sseq", "sim"])
def test_no_corner_is_nearer_than_the_bound(concept, tmp_path):
    """Would catch: a bound above a change that does it, and a change that does not."""
    apart = settled = 0
    for seed, case, state, distance_to in trials(tmp_path):
        try:
            found = least_weight_change(case, state, concept)
            least = found.at_least
            assert not found.possible or Stability(found.apply()).equilibria(concept).flat[state]
            assert least <= found.distance
            apart += least < found.distance
            settled += 0 < least == found.distance < np.inf
        except AnalysisError as error:
            assert "replies depend on the weights" in str(error)  # noqa: PT017
            continue
        inside = np.random.default_rng(seed).uniform((0, -1), (4, 1), size=(60, 2)).tolist()
        for p, q in {*candidates(case, state), *map(tuple, inside)}:
            if distance_to(p, q) < least - 1e-5:
                assert not holds(case, concept, state, p, q), (seed, p, q)
    assert apart or settled
    assert settled or concept == "sim"


def simple(folder, weight="p"):
    issues = {"gain": "(a.o == y)", "cost": "(a.o == y) * 2"}
    weights = {"a": f'gain: "{weight}", cost: -0.5', "b": "gain: 1"}
    return case_of(folder, (3, 0), weights, issues, 2)


def test_by_hand(tmp_path):
    found = least_weight_change(simple(tmp_path), {"a.o": "x", "b.o": "x"})
    assert found.values["p"] == pytest.approx((3, 1))
    assert found.distance == pytest.approx(0.5)
    assert "- p were 1, not 3" in str(found)
    kept = least_weight_change(simple(tmp_path), "a.o == y")
    assert kept.distance == 0
    assert "as things are" in str(kept)


def test_no_change_can_with_why(tmp_path):
    found = least_weight_change(simple(tmp_path, "p + 2"), "a.o == x")
    assert not found.possible
    assert "a would leave it whatever the weights" in str(found)
    assert found.to_dict()["distance"] is None


def test_what_is_not_exact_is_refused(tmp_path):
    with pytest.raises(AnalysisError, match="not linear in p, q"):
        least_weight_change(simple(tmp_path, "p * q"), "a.o == x")
    with pytest.raises(AnalysisError, match="not linear in p"):
        least_weight_change(simple(tmp_path, "exp(p) + q"), "a.o == x")
    one = least_weight_change(simple(tmp_path, "p * (q + 1)"), "a.o == x", parameters=["p"])
    assert one.values["p"][1] == pytest.approx(1)
    with pytest.raises(InputError, match="cannot be asked for"):
        least_weight_change(simple(tmp_path), "a.o == x", parameters=["q"])
