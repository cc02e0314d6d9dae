"""Exact slopes of answers against central differences of cold solves.

Would catch: a term of the equations, the choices, the marches or the formulas left out on the way
back, a view or an intervention that moves with the wrong parameter, a query whose time or long run
moves otherwise than its answer, a slope given where there is none. ``DETENTE_BATCHES`` sets how
many random cases are tried, ten to a batch, and then also tries every parameter of the flagship.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np
import pytest

import detente
from detente.case import Case, read_case
from detente.claims import answer_claim, claim_slopes, claims_model
from detente.equilibrium import Equilibrium
from detente.errors import AnalysisError, InputError
from detente.expression import compile_formula

BATCHES = int(os.environ.get("DETENTE_BATCHES", "0"))
SEEDS = range(10 * BATCHES or 4)
FINE = 1e-13
STEPS = 3e-4, 3e-5
"""Of differences, as shares of the parameter; the second where the first does not do."""
ROUNDING = 1e-9
"""What rounding leaves of a difference of answers that hardly move."""


QUERIES = (
    "F[0.5, 2] x.u == n2 and k == high",
    "after 1.5: three",
    "average 2: x.u == n1",
    "until: x.u == n2",
    "until: y.w == p2 and k == high",
    "long run: three + (x.v == o1)",
)
FLAGSHIP = "F[0, 2] us.offer > none", "after 2: us.offer > none", "until: us.offer > none"


def random_case(seed: int) -> Case:
    """Return a small case with conditions, costs, a view, infeasible states and one-way moves."""
    rng = np.random.default_rng(seed)
    value = {name: float(rng.uniform(0.3, 1.2)) for name in ("a", "b", "c", "d", "e", "f")}
    parameters = "".join(
        f"  {name}: {{value: {x}, range: [0.1, 2], reason: r, source: judgement}}\n"
        for name, x in value.items()
    )
    moves = rng.choice(["any", "up", "down"], 3)
    text = f"""detente: 1
title: random
question: what moves
clock: {{start: 2020-01-01, end: 2024-12-31}}
parameters:
{parameters}actors:
  x:
    title: X
    rate: 1 + a
    precision: 2 * b
    discount: 0.1 + 0.2 * c
    options:
      u: {{levels: [n0, n1, n2], moves: any, cost: 0.1 * d}}
      v: {{levels: [o0, o1], moves: {moves[0]}, cost: {{flat: 0.2 * e}}}}
    preferences: {{weights: {{one: a * b, two: -c, three: 1}}}}
  y:
    title: Y
    rate: 2 * f
    precision: 1 + c
    discount: 0.2
    options:
      w: {{levels: [p0, p1, p2], moves: {moves[1]}, cost: 0.1}}
    preferences: {{weights: {{one: -d, two: exp(-e), three: f}}}}
conditions:
  k:
    levels: [low, high]
    rates: {{low -> high: a * (0.2 + (y.w == p1)), high -> low: "0.4 + max(b - 2, c)"}}
  z: {{levels: [near, far], rates: {{}}}}
infeasible:
  - {{when: x.u == n2 and y.w == p2 and x.v == o1, reason: r}}
issues:
  one: {{value: (x.u == n1) + d * (x.u == n2) * (k == high)}}
  two: {{value: "sqrt(a) * (y.w == p1) + (1 - clip(b / 2, 0, 1)) * (y.w == p2)"}}
  three: {{value: one * two / (1 + e) + (x.v == o1) * f * (1 + (z == far))}}
views: {{y: {{values: {{a: 1.5 * a * b, d: c}}, reason: r}}}}
status_quo: {{x.u: n0, x.v: o{rng.integers(2)}, y.w: p1, k: low, z: near}}
claims:
  - {{id: F, says: s, ask: {{probability: "F[0, 3] x.u == n2 and k == high"}}}}
  - {{id: G, says: s, ask: {{probability: "G[0.5, 1] not x.u == n1"}}, while: y.w != p2}}
  - {{id: U, says: s, ask: {{probability: "k == low U[0.3, 4] x.u == n1"}}}}
  - {{id: E, says: s, ask: {{expected: three, at: 2}}, while: y.w != p2}}
  - {{id: A, says: s, ask: {{average: three, over: 3}}}}
  - {{id: B, says: s, ask: {{average: two, over: 2}}, while: y.w != p2}}
  - {{id: I, says: s, ask: {{probability: "k == low U x.u == n2"}}}}
  - {{id: V, says: s, ask: {{gain: y, levels: {{x.u: n1}}, by: value}}}}
  - {{id: Y, says: s, ask: {{gain: y, levels: {{x.v: o0}}, by: value}}}}
  - {{id: Z, says: s, ask: {{gain: y, levels: {{z: far}}, by: value}}}}
  - {{id: W, says: s, ask: {{gain: x, levels: {{x.u: n1}}}}}}
  - {{id: D, says: s, ask: {{probability: "F[0, 3] x.u == n2", do: {{y.w: p1}}}}, versus: {{}}}}
  - {{id: Q, says: s, ask: {{average: one, over: 3, set: {{a: 0.4}}, announced: false}}}}
"""
    return read_case(text.encode(), "random.yaml")


def answers(case: Case, change: dict[str, float], queries: Sequence[str]) -> np.ndarray:
    """Return the answers of a cold solve."""
    model = claims_model(case, change, tolerance=FINE)
    claims = [answer_claim(c, model).value for c in case.claims if c.ask is not None]
    return np.array(claims + [answer(model.equilibrium, query) for query in queries])


def answer(equilibrium: Equilibrium, query: str) -> float:
    """Return what the forecast says to a query; nan where it has no answer."""
    kind, _, formula = query.rpartition(": ")
    word, _, years = kind.partition(" ")
    if not kind:
        return equilibrium.probability(query).value
    if word == "until":
        try:
            return equilibrium.expected_time(formula).mean_if_ever
        except AnalysisError:
            return np.nan
    if word == "long":
        return equilibrium.long_run().of(formula).value
    if word == "average":
        return equilibrium.accumulated(formula, float(years)).value / float(years)
    conflict = equilibrium.conflict
    number = compile_formula(formula, conflict.namespace, "number").evaluate(conflict.values)
    return float((equilibrium.distribution(float(years)) * number).sum())


def differences(case: Case, name: str, share: float, queries: Sequence[str]) -> np.ndarray:
    """Return central differences, extrapolated from two steps."""
    value = case.parameters[name].value
    step = share * max(abs(value), 0.1)

    def over(width: float) -> np.ndarray:
        up, down = (answers(case, {name: value + w}, queries) for w in (width, -width))
        return (up - down) / (2.0 * width)

    return (4.0 * over(step) - over(2.0 * step)) / 3.0


def check(case: Case, within: float, queries: Sequence[str]) -> int:
    """Compare all slopes with differences, relative to the steepest of the claim; count them.

    Near where a branch turns, differences are right at finer steps alone.
    """
    asked = [claim.id for claim in case.claims if claim.ask is not None]
    model, compared = claims_model(case, tolerance=FINE), 0
    found = claim_slopes(case, asked, queries=queries, model=model)
    assert np.allclose(found.value, answers(case, {}, queries), atol=1e-9, equal_nan=True)
    steepest = np.where(np.isnan(found.slope), -1.0, np.abs(found.slope)).max(axis=1)
    steepest[steepest < 0.0] = np.nan
    for k, name in enumerate(found.parameters):
        smooth = ~np.isnan(found.slope[:, k])
        if not (smooth | np.isnan(steepest)).all():
            continue  # It stands at an edge: on one side there is nothing to compare with.
        allowed = within * np.maximum(np.abs(found.slope[:, k]), 0.03 * steepest) + ROUNDING
        for share in STEPS:
            gap = np.abs(differences(case, name, share, queries) - found.slope[:, k])
            late = [found.claims[i] for i in np.flatnonzero(smooth & ~(gap <= allowed))]
            if not late:
                break
        assert not late, f"{name} at {late}: {gap}"
        compared += int(smooth.sum())
    return compared


@pytest.mark.parametrize("seed", SEEDS)
def test_slopes_are_those_of_central_differences(seed: int) -> None:
    try:
        check(random_case(seed), 1e-6, QUERIES)
    except AnalysisError:
        assert seed >= 4


def test_slopes_are_the_same_where_few_states_are_iterated(monkeypatch: pytest.MonkeyPatch) -> None:
    case = random_case(0)  # Which cannot come back to where claim Y starts, nor move to where Z is.
    dense = claim_slopes(case)
    monkeypatch.setattr("detente.equilibrium._transposed.DENSE", 0)
    monkeypatch.setattr("detente.equilibrium._adjoint._FEW", 0)
    iterated = claim_slopes(case)
    steepest = np.abs(dense.slope).max(axis=1, keepdims=True)
    assert (np.abs(iterated.slope - dense.slope) < 1e-7 * steepest).all()


def test_slopes_are_the_same_where_vectors_are_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    case = random_case(1)
    stored = claim_slopes(case)
    monkeypatch.setattr("detente.forecast._adjoint_march.ROOM", 0)
    found = claim_slopes(case)
    assert np.allclose(found.slope, stored.slope, rtol=1e-10, atol=1e-12, equal_nan=True)


# Two cold solves for each of 58 parameters: more than the whole suite has time for.
@pytest.mark.skipif(not BATCHES, reason="takes a minute: set DETENTE_BATCHES")
def test_slopes_of_the_flagship() -> None:
    check(detente.load("peninsula"), 1e-6, FLAGSHIP)


def test_what_is_yes_or_no_has_no_slope_and_says_so() -> None:
    found = claim_slopes(detente.load("sanctions"), ["T4"])
    assert np.isnan(found.slope).all()
    assert "yes or no" in str(found)


def test_where_the_formula_bends_there_is_no_slope() -> None:
    case = random_case(1)
    model = claims_model(case, {"b": 2.0})
    found = claim_slopes(case, ["A"], ["a", "b"], model=model)
    assert np.isnan(found.slope).tolist() == [[False, True]]
    assert "b, which stands at an edge" in str(found)


def test_what_never_comes_has_no_time_and_says_so() -> None:
    found = detente.load("chicken").slopes(
        query="until: row.wheel == swerve and row.wheel != swerve"
    )
    assert np.isnan(found.slope).all()
    assert "never holds from this start" in str(found)


def test_a_wrong_query_is_refused_at_its_place() -> None:
    case = detente.load("chicken")
    with pytest.raises(InputError, match="column 11"):
        case.slopes(query="long run: rwo.wheel == swerve")
    with pytest.raises(InputError, match="'-1' is no number of years; write after 3"):
        case.slopes(query="after -1: row.wheel == swerve")


def test_a_wrong_name_is_refused_with_the_right_one() -> None:
    case = detente.load("sanctions")
    with pytest.raises(InputError, match="patience"):
        claim_slopes(case, parameters=["patienc"])
    with pytest.raises(InputError, match="T1"):
        claim_slopes(case, ["T11"])
