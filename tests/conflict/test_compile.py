"""Cases at parameter values: against the same conflict built from arrays worked out by hand.

Would catch: a weight, cost, rate or infeasible rule that goes elsewhere, costs by step where they
are flat, a view that reads believed instead of true parameters, parameters that are ignored, and
numbers that make no sense (a negative rate at one draw) let through to the solver.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

import detente
from detente.conflict import Conflict
from detente.errors import AnalysisError, InputError

CASE = """
detente: 1
title: A small case
sources: {}
parameters:
  gain: {value: 1.5, range: [-9, 9], reason: test, source: judgement}
  pace: {value: 2, range: [-9, 9], reason: test, source: judgement}
  sharp: {value: 3, range: [-9, 9], reason: test, source: judgement}
  haste: {value: 0.2, range: [-9, 9], reason: test, source: judgement}
  price: {value: 0.25, range: [-9, 9], reason: test, source: judgement}
  storm: {value: 0.5, range: [-9, 9], reason: test, source: judgement}
  bar: {value: 0, range: [-9, 9], reason: test, source: judgement}
  root: {value: 4, range: [-9, 9], reason: test, source: judgement}
actors:
  us:
    title: us
    rate: pace
    precision: sharp
    discount: haste
    options:
      offer: {levels: [none, some, much], cost: price}
      press:
        levels: [low, mid, high]
        ordered: false
        moves: [[low, mid], [mid, high]]
        cost: {flat: 2 * price}
    preferences: {weights: {good: gain, deep: "-sqrt(root)"}}
  china:
    title: china
    options: {enforce: {levels: [lax, strict], moves: up}}
    preferences: {statements: ["us.offer == much", "china.enforce == lax", "weather == fair"]}
  rok:
    title: rok
    options: {talk: {levels: [off, on]}}
    preferences: {ranking: ["rok.talk == on and weather == fair", "good > 1", "true"]}
conditions:
  weather:
    levels: [fair, foul]
    rates: {"fair -> foul": "storm * (1 + (us.offer == none))", "foul -> fair": 0.3}
infeasible:
  - {when: "us.offer == much and us.press == high", reason: test}
  - {when: "bar > 1", reason: test}
issues:
  good: "(us.offer == some) + 2 * (us.offer == much)"
  deep: "good * (china.enforce == strict)"
views:
  china: {values: {gain: 2 * gain, storm: gain}, reason: test}
status_quo: {us.offer: none, us.press: low, china.enforce: lax, rok.talk: off, weather: fair}
claims: []
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> detente.Case:
    path = Path(tmp_path_factory.mktemp("case")) / "small.yaml"
    path.write_text(CASE, encoding="utf-8")
    return detente.load(str(path))


def by_hand(gain: float = 1.5, storm: float = 0.5) -> Conflict:
    shape = (3, 3, 2, 2, 2)
    offer, press, enforce, talk, weather = np.indices(shape)
    good, deep = offer, offer * (enforce == 1)
    rate = np.zeros((*shape, 2))
    rate[..., 1] = storm * (1 + (offer == 0))
    rate[..., 0] = 0.3
    statements = 4 * (offer == 2) + 2 * (enforce == 0) + (weather == 0)
    ranking = np.where((talk == 1) & (weather == 0), 2, np.where(good > 1, 1, 0))
    return Conflict.build(
        {
            "us": {"offer": ["none", "some", "much"], "press": ["low", "mid", "high"]},
            "china": {"enforce": ["lax", "strict"]},
            "rok": {"talk": ["off", "on"]},
        },
        {"us": gain * good - 2.0 * deep},
        rank={"china": statements, "rok": ranking},
        feasible=~((offer == 2) & (press == 2)),
        moves={"us": {"press": [[1, 1, 0], [0, 1, 1], [0, 0, 1]]}, "china": {"enforce": "up"}},
        conditions={"weather": {"levels": ["fair", "foul"], "rate": rate}},
        rates={"us": 2.0},
        precision={"us": 3.0},
        discount={"us": 0.2},
        costs={"us": {"offer": 0.25, "press": 0.5 * (1 - np.eye(3))}},
        status_quo=[0, 0, 0, 0, 0],
    )


def same(found: Conflict, expected: Conflict) -> None:
    """Check that all arrays and numbers of two conflicts are equal."""
    for name in ("feasible", "utility", "rank", "allowed", "cost", "jumps"):
        one, two = getattr(found, name), getattr(expected, name)
        keys = one if isinstance(one, Mapping) else range(len(one))
        if isinstance(one, np.ndarray):
            one, two, keys = {"": one}, {"": two}, [""]
        for key in keys:
            np.testing.assert_allclose(one[key], two[key], rtol=1e-14, err_msg=f"{name} {key}")
    for name in ("rates", "precision", "discount", "cardinal", "status_quo", "actors", "options"):
        assert getattr(found, name) == getattr(expected, name), name


def test_a_case_is_the_conflict_it_says(case: detente.Case) -> None:
    same(case.conflict(), by_hand())
    assert [axis.ordered for axis in case.conflict().space.axes] == [True, False, True, True, True]


def test_parameters_replace_the_stated_values(case: detente.Case) -> None:
    same(case.conflict(gain=0.5, storm=4.0), by_hand(gain=0.5, storm=4.0))


def test_parameters_come_by_name_or_as_a_mapping(case: detente.Case) -> None:
    same(case.conflict({"gain": 0.5}, storm=4.0), by_hand(gain=0.5, storm=4.0))
    same(case.conflict({"gain": 9.0, "storm": 4.0}, gain=0.5), by_hand(gain=0.5, storm=4.0))
    with pytest.raises(InputError, match=r"parameters is 1\.5; give a mapping"):
        case.conflict(1.5)  # type: ignore[arg-type]


def test_a_view_reads_the_true_parameters(case: detente.Case) -> None:
    """The believed storm is the true gain, not the believed one."""
    assert set(case.conflict().views) == {"china"}
    same(case.conflict().views["china"], by_hand(gain=3.0, storm=1.5))
    same(case.conflict(gain=2.0).views["china"], by_hand(gain=4.0, storm=2.0))


def test_formulas_read_parameters_and_issues(case: detente.Case) -> None:
    conflict = case.conflict()
    offer = np.indices(conflict.shape)[0]
    found = conflict.where("good >= gain")
    np.testing.assert_array_equal(found, (offer >= 2) & conflict.feasible)
    assert not case.conflict(gain=3.0).where("good >= gain").any()


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"pace": -1.0}, "rate of us is -1"),
        ({"sharp": -0.5}, "precision of us is -0.5"),
        ({"haste": 0.0}, "discount of us is 0"),
        ({"haste": -0.1}, "discount of us is -0.1"),
        ({"price": -0.1}, "cost of us.offer is -0.1"),
        ({"storm": -0.1}, "rate of weather is negative"),
        ({"root": -1.0}, "weight of deep for us is nan"),
    ],
)
def test_numbers_that_make_no_sense_are_told(
    case: detente.Case, parameters: dict[str, float], message: str
) -> None:
    with pytest.raises(AnalysisError, match=message):
        case.conflict(**parameters)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"gian": 1.0}, "no parameter 'gian'; did you mean 'gain'"),
        ({"gain": float("nan")}, "gain is nan; give a finite number"),
        ({"gain": float("inf")}, "gain is inf"),
        ({"bar": 2.0}, "no state is feasible"),
    ],
)
def test_parameters_that_cannot_be_are_refused(
    case: detente.Case, parameters: dict[str, float], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        case.conflict(**parameters)


def test_nothing_is_left_from_another_draw_or_from_outside_a_view(case: detente.Case) -> None:
    """What is used again must be what compiling anew gives, whatever was compiled before."""
    case.conflict(gain=0.1)
    again = case.conflict(gain=0.5, storm=4.0)
    anew = detente.read_case(case.text, case.path).conflict(gain=0.5, storm=4.0)
    same(again, anew)
    for actor, view in again.views.items():
        same(view, anew.views[actor])
