"""Where a question starts, under which intervention, and what is refused.

Would catch: a start that is not at the held level, a partial start that forgets the status quo, an
intervention that the unaware react to, a set parameter that is ignored, a temporal formula taken
for a scope, rare events lost without an end, and silent acceptance of what makes no sense.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import detente
from detente.conflict import Conflict
from detente.equilibrium import Equilibrium, intervene
from detente.errors import AnalysisError, InputError
from detente.forecast import chain_of, start_distribution

CASE = """
detente: 1
title: A small case
sources: {}
parameters:
  gain: {value: 1, range: [0, 4], reason: test, source: judgement}
  storm: {value: 0.5, range: [-1, 2], reason: test, source: judgement}
  bar: {value: 0, range: [0, 1], reason: test, source: judgement}
actors:
  us:
    title: us
    rate: 2
    precision: 2
    options: {offer: {levels: [none, some], cost: 0.1}}
    preferences: {weights: {good: gain}}
  china:
    title: china
    rate: 1
    options: {enforce: {levels: [lax, strict], cost: 0}}
    preferences: {weights: {good: 1, bad: -1}}
conditions:
  weather: {levels: [fair, foul], rates: {"fair -> foul": storm, "foul -> fair": 0.3}}
infeasible:
  - {when: "bar > 0.5 and us.offer == none and weather == fair", reason: test}
issues:
  good: "(us.offer == some) * (1 + (china.enforce == strict))"
  bad: "(china.enforce == strict) * (weather == foul)"
views:
  china: {values: {gain: 2 * gain}, reason: test}
status_quo: {us.offer: none, china.enforce: lax, weather: fair}
claims: []
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> detente.Case:
    path = Path(tmp_path_factory.mktemp("case")) / "small.yaml"
    path.write_text(CASE, encoding="utf-8")
    return detente.load(str(path))


@pytest.fixture(scope="module")
def solved(case: detente.Case) -> Equilibrium:
    return case.conflict().equilibrium()


def test_a_set_parameter_is_that_of_a_case_compiled_with_it(
    case: detente.Case, solved: Equilibrium
) -> None:
    query = "F[0, 2] us.offer == some"
    for gain in (0.0, 3.0):
        expected = case.conflict(gain=gain).equilibrium().probability(query).value
        assert solved.probability(query, set={"gain": gain}).value == pytest.approx(expected)
    deaf = solved.probability(query, set={"gain": 3.0}, announced=False).value
    assert deaf == pytest.approx(solved.probability(query).value, abs=1e-12)


def test_what_nobody_hears_of_changes_the_world_all_the_same(solved: Equilibrium) -> None:
    query = "F[0, 2] weather == foul"
    deaf = solved.probability(query, set={"storm": 2.0}, announced=False).value
    assert deaf == pytest.approx(1.0 - np.exp(-4.0), abs=1e-9)


def test_do_and_set_together(case: detente.Case, solved: Equilibrium) -> None:
    query = "F[0, 2] china.enforce == strict"
    arm = {"do": {"us.offer": "some"}, "set": {"gain": 3.0}}
    other = intervene(case.conflict(gain=3.0).equilibrium(), {"us.offer": "some"})
    assert solved.probability(query, **arm).value == pytest.approx(other.probability(query).value)


@pytest.mark.parametrize("announced", [True, False])
def test_a_held_option_is_at_its_level_from_the_start(solved: Equilibrium, announced: bool) -> None:
    do = {"us.offer": "some"}
    for start in (None, {"weather": "foul"}, "weather == foul", {"us.offer": "none"}):
        answer = solved.probability("G[0, 9] us.offer == some", start, do=do, announced=announced)
        assert answer.value == pytest.approx(1.0, abs=1e-12), start
    held = intervene(solved, do, announced=announced)
    assert held.conflict.status_quo == (1, 0, 0)
    assert held.paths(2.0).shares["us.offer"][:, 1] == pytest.approx(np.ones(21))


def test_a_held_condition_does_not_jump(solved: Equilibrium) -> None:
    for announced in (True, False):
        answer = solved.probability(
            "F[0, 50] weather == foul", do={"weather": "fair"}, announced=announced
        )
        assert answer.value == 0.0


def test_paths_read_the_issues(solved: Equilibrium) -> None:
    paths = solved.paths(4.0, points=3)
    good = solved.conflict.numbers["good"]
    for row, time in enumerate((0.0, 2.0, 4.0)):
        now = solved.distribution(time)
        assert paths.issues["good"][row] == pytest.approx((now * good).sum())
    assert list(paths.to_pandas().columns)[-2:] == ["good", "bad"]


def test_a_partial_start_keeps_the_status_quo(solved: Equilibrium) -> None:
    weight = start_distribution(solved.conflict, {"weather": "foul"})
    assert weight[0, 0, 1] == 1.0
    assert start_distribution(solved.conflict)[0, 0, 0] == 1.0


def test_a_formula_start_weighs_its_states_evenly(solved: Equilibrium) -> None:
    text = "us.offer == some or weather == foul"
    weight = start_distribution(solved.conflict, text)
    holds = solved.conflict.where(text)
    np.testing.assert_allclose(weight, holds / holds.sum())
    mixed = solved.probability("F[0, 1] china.enforce == strict", text).value
    single = [
        solved.probability("F[0, 1] china.enforce == strict", [int(k) for k in state]).value
        for state in np.argwhere(holds)
    ]
    assert mixed == pytest.approx(np.mean(single))


def test_the_chain_may_leave_out_what_no_start_leads_to(solved: Equilibrium) -> None:
    start = start_distribution(solved.conflict)
    whole, part = chain_of(solved), chain_of(intervene(solved, {"us.offer": "none"}), start)
    assert part.live.size < whole.live.size
    np.testing.assert_allclose(part.step.sum(axis=1), 1.0)


@pytest.mark.parametrize(
    ("query", "arm", "message"),
    [
        ("F[0, 1] us.ofer == some", {}, "query .*column 9.*us.offer"),
        ("F[0, 1] us.offer == sum", {}, "query .*sum.*some"),
        ("F[2, 1] us.offer == some", {}, "query"),
        ("F[-1, 1] us.offer == some", {}, "query"),
        ("us.offer", {}, "query"),
        ("", {}, "query"),
        ("F us.offer == some", {"scope": "weather == fair"}, "no end"),
        ("F[0, 1] us.offer == some", {"scope": "F[0, 1] weather == fair"}, "scope"),
        ("F[0, 1] us.offer == some", {"scope": "wether == fair"}, "scope .*weather"),
        ("F[0, 1] us.offer == some", {"do": {"us.offer": "sum"}}, "no level 'sum'"),
        ("F[0, 1] us.offer == some", {"do": {"us.ofer": "some"}}, "us.offer"),
        ("F[0, 1] us.offer == some", {"set": {"gian": 1}}, "no parameter 'gian'"),
        ("F[0, 1] us.offer == some", {"set": {"gain": float("nan")}}, "gain is nan"),
        ("F[0, 1] us.offer == some", {"start": {"us.offer": "sum"}}, "no level 'sum'"),
        ("F[0, 1] us.offer == some", {"start": {"wether": "fair"}}, "weather"),
        ("F[0, 1] us.offer == some", {"start": [0, 0]}, "needs 3 levels"),
        ("F[0, 1] us.offer == some", {"start": 99}, "no state 99"),
        ("F[0, 1] us.offer == some", {"start": 1.5}, "not a state"),
        ("F[0, 1] us.offer == some", {"start": "gain > 5"}, "no feasible state"),
        ("F[0, 1] us.offer == some", {"start": "wether == fair"}, "weather"),
    ],
)
def test_what_makes_no_sense_is_refused(
    solved: Equilibrium, query: str, arm: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        solved.probability(query, **arm)  # type: ignore[arg-type]


def test_a_number_that_a_setting_makes_impossible_is_told(solved: Equilibrium) -> None:
    with pytest.raises(AnalysisError, match="rate of weather"):
        solved.probability("F[0, 1] us.offer == some", set={"storm": -1.0})


def test_a_status_quo_that_a_setting_makes_infeasible_is_refused(
    case: detente.Case, solved: Equilibrium
) -> None:
    with pytest.raises(InputError, match="infeasible"):
        solved.probability("F[0, 1] us.offer == some", set={"bar": 1.0})
    with pytest.raises(InputError, match="infeasible"):
        case.conflict(bar=1.0).equilibrium().distribution(1.0)
    answer = solved.probability("F[0, 1] us.offer == none", {"weather": "foul"}, set={"bar": 1.0})
    assert answer.value == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("time", [-1.0, float("nan"), float("inf")])
def test_times_are_zero_or_more(solved: Equilibrium, time: float) -> None:
    with pytest.raises(InputError, match="time"):
        solved.distribution(time)
    with pytest.raises(InputError, match="years"):
        solved.paths(time)


def test_paths_need_two_points(solved: Equilibrium) -> None:
    with pytest.raises(InputError, match="points is 1"):
        solved.paths(1.0, points=1)


def test_without_a_status_quo_a_start_is_needed() -> None:
    conflict = Conflict.build({"us": {"offer": 2}}, {"us": [0.0, 1.0]}, feasible=[True, False])
    equilibrium = conflict.equilibrium()
    with pytest.raises(InputError, match="no status quo"):
        equilibrium.distribution(1.0)
    with pytest.raises(InputError, match="infeasible"):
        equilibrium.distribution(1.0, [1])
    with pytest.raises(InputError, match="no feasible state satisfies"):
        equilibrium.probability("F[0, 1] us.offer == 0", "us.offer == 1")


def test_a_plain_formula_is_about_the_start_within_its_scope(solved: Equilibrium) -> None:
    start = "true"
    assert solved.probability("us.offer == some", start).value == pytest.approx(0.5)
    inside = solved.probability("us.offer == some", start, scope="us.offer == some")
    assert inside.value == 1.0
    assert inside.scope == pytest.approx(0.5)


def test_what_is_very_rare_still_happens_without_an_end() -> None:
    """The move against 60 nats of advantage has odds of 1e-26, and all of time to be made."""
    conflict = Conflict.build(
        {"us": {"offer": 2}},
        {"us": [0.0, 0.0]},
        moves={"us": {"offer": "up"}},
        costs={"us": {"offer": 60.0}},
    )
    answer = conflict.equilibrium().probability("F us.offer == 1", 0)
    assert answer.value == pytest.approx(1.0, abs=1e-10)


def test_a_way_out_that_is_all_but_closed_is_still_the_only_way() -> None:
    """Two states swap often and leave with odds of 1e-26: a linear solve loses them to rounding."""
    conflict = Conflict.build(
        {"us": {"offer": 2}},
        {"us": np.zeros((2, 2))},
        moves={"us": {"offer": "up"}},
        costs={"us": {"offer": 60.0}},
        conditions={"rivalry": {"levels": 2, "rate": 5.0}},
    )
    assert conflict.equilibrium().probability("F us.offer == 1", 0).value == 1.0


def test_an_answer_prints_and_converts(solved: Equilibrium) -> None:
    answer = solved.probability("F[0, 1] us.offer == some", scope="weather == fair")
    assert float(answer) == answer.value
    assert str(answer).startswith("F[0, 1] us.offer == some: 0.")
    assert "scope" in str(answer)
    assert answer.to_dict() == {
        "query": answer.query,
        "value": answer.value,
        "error": answer.error,
        "scope": answer.scope,
    }


def test_holding_may_rule_out_the_status_quo_but_not_the_question() -> None:
    conflict = Conflict.build(
        {"us": {"offer": 2}, "china": {"enforce": 2}},
        {"us": np.zeros((2, 2)), "china": np.zeros((2, 2))},
        feasible=[[True, True], [False, True]],
        status_quo=[0, 0],
    )
    equilibrium = conflict.equilibrium()
    do = {"us.offer": 1}
    with pytest.raises(InputError, match=r"china.enforce 0.* is infeasible"):
        equilibrium.probability("F[0, 1] china.enforce == 1", do=do)
    for announced in (True, False):
        answer = equilibrium.probability(
            "G[0, 1] china.enforce == 1", {"china.enforce": 1}, do=do, announced=announced
        )
        assert answer.value == pytest.approx(1.0)
    assert intervene(equilibrium, do).to_dict()["value"] == {}


def test_what_would_never_end_is_refused(case: detente.Case) -> None:
    """Ten million years, a step at a time; the long run answers it at once."""
    eq = case.conflict().equilibrium()
    for ask in (
        lambda: eq.paths(1e8),
        lambda: eq.probability("F[0, 1e8] us.offer == some"),
        lambda: eq.accumulated("good", 1e8),
    ):
        with pytest.raises(InputError, match="give fewer years, or ask for the long run"):
            ask()
