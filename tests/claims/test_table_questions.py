"""Claims that ask the table of bargaining, against its models called directly.

Would catch: an issue, party or model that is read for another; an arm that sets nothing; a table
that differs between a draw and the same point alone; a draw without a table that breaks the study;
an equilibrium solved for nothing; a reason that does not add up to its answer.
"""

from __future__ import annotations

import numpy as np
import pytest

from detente.bargaining import (
    challenge,
    compromise,
    exchange,
    most_weight,
    nash_bargaining,
    plain_mean,
    procedural,
    table_of,
    weighted_median,
)
from detente.case import Case, Claim, OutcomeQuestion, read_case
from detente.claims import answer_claim, claims_model, hold_in_claim
from detente.errors import CaseError
from detente.explanation import explain_answer
from detente.model import TODAY

TEXT = """detente: 1
title: A market
parameters:
  power: {value: 0.9, range: [0.5, 2], reason: Guess., source: judgement}
  care: {value: 0.8, range: [0.5, 1.2], reason: Guess., source: judgement}
actors:
  us: {options: {offer: [none, some]}, preferences: {statements: [us.offer == some]}}
status_quo: {us.offer: none}
bargaining:
  capability: {china: power}
  voting: {setter: us, threshold: 0.5 + 0.1 * power, veto: [china]}
  issues:
    island:
      reference: 40
      parties:
        us: {position: 90, salience: care}
        china: {position: 0, salience: 1}
        japan: {position: 95, salience: 0.5}
    climate:
      reference: 50
      parties:
        us: {position: 80, salience: 0.2}
        china: {position: 10, salience: 0.9}
        japan: {position: 70, salience: 0.1}
    trade:
      reference: 0
      parties:
        us: {position: 100, salience: 0.4}
        china: {position: 20, salience: 0.2}
claims:
"""
MODELS = {
    "compromise": compromise,
    "mean": plain_mean,
    "median": weighted_median,
    "mode": most_weight,
    "nash": nash_bargaining,
    "procedural": lambda table: procedural(table, "us", 0.5 + 0.1 * 0.9, ("china",)),
    "exchange": lambda table: exchange(table).outcome,
    "challenge": lambda table: challenge(table).outcome,
}


def case_of(*asked: str) -> Case:
    claims = [f"  - {{id: K{k}, says: It is so., {one}}}\n" for k, one in enumerate(asked)]
    return read_case((TEXT + "".join(claims)).encode(), "market.yaml")


def answers(case: Case, parameters: dict[str, float] | None = None) -> list[float]:
    model = claims_model(case, parameters)
    found = [answer_claim(claim, model).value for claim in case.claims]
    assert model.worlds == {}, "an equilibrium was solved, which no table needs"
    return found


@pytest.mark.parametrize("model", MODELS)
def test_an_outcome_is_that_of_the_model(model: str) -> None:
    case = case_of(*(f"ask: {{outcome: {q}, model: {model}}}" for q in ("island", "trade")))
    wanted = MODELS[model](table_of(case)).outcome
    assert answers(case) == [float(wanted[0]), float(wanted[2])]


def test_exchanges_and_gains_are_those_of_the_first_round() -> None:
    pairs = [("us", "china"), ("us", "japan"), ("china", "japan")]
    issues = ("island", "climate", "trade")
    asked = [f"ask: {{exchange: [{b}, {a}], issues: [{q}]}}" for a, b in pairs for q in issues]
    gains = [f"ask: {{gain: {a}, by: exchange}}" for a in ("us", "china", "japan")]
    some = [f"{one[:-1]}, issues: [island, climate]}}" for one in gains]
    case = case_of(*asked, *gains, *some)
    found = exchange(table_of(case))
    assert len(found.made) > 1
    wanted = [
        float(any({a, b} == {*one.givers} and q in one.issues for one in found.made))
        for a, b in pairs
        for q in issues
    ]
    assert {0.0, 1.0} == set(wanted)
    given = answers(case)
    assert given[:9] == wanted
    assert given[9:12] == [found.gain(a) for a in ("us", "china", "japan")]
    loss = [found.table.loss(row).sum(axis=1) for row in found.outcomes]
    named = [k for k, one in enumerate(found.made) if set(one.issues) <= {"island", "climate"}]
    assert 0 < len(named) < len(found.made)
    gained = sum(loss[k] - loss[k + 1] for k in named)
    np.testing.assert_allclose(given[12:], gained)


def test_both_arms_set_their_parameters() -> None:
    case = case_of(
        "ask: {outcome: island, set: {care: 1.0}}, versus: {set: {care: 0.5, power: 2}}, "
        'expect: "> 0"'
    )
    first = compromise(table_of(case, {"care": 1.0})).outcome[0]
    second = compromise(table_of(case, {"care": 0.5, "power": 2.0})).outcome[0]
    assert answers(case) == [pytest.approx(first - second)]


def test_a_world_finds_its_exchanges_once() -> None:
    case = case_of("ask: {outcome: island, model: exchange}", "ask: {exchange: [us, china]}")
    model = claims_model(case)
    for claim in case.claims:
        answer_claim(claim, model)
    asked = model.under(TODAY).bargaining
    assert asked.exchanges is asked.exchanges
    assert asked is model.under(TODAY).bargaining


def test_draws_get_verdicts_and_a_draw_without_a_table_says_why() -> None:
    case = case_of(
        'ask: {outcome: island}, expect: "> 30"',
        "ask: {exchange: [us, china]}, expect: true",
        "ask: {equilibrium: us.offer == some}, expect: true",
    )
    study = case.study(draws=12, rng=1, workers=1)
    verdicts = {verdict.claim.id: verdict for verdict in study.verdicts()}
    assert set(verdicts) == {"K0", "K1", "K2"}
    broken = 0
    for n in range(12):
        point = study.design.draw(n)
        there = point["care"] <= 1.0
        broken += not there
        if there:
            alone = float(compromise(table_of(case, point)).outcome[0])
            assert study.values[n, 0] == pytest.approx(alone)
        assert np.isnan(study.values[n, :2]).all() == (not there)
        assert study.values[n, 2] == 1.0
    assert 0 < broken < 12
    reasons = {one.reason for one in study.failures if one.claim == "K0"}
    assert reasons
    assert all("us on island: salience 1." in reason for reason in reasons)
    assert verdicts["K0"].word == "agrees"


def test_what_is_held_does_not_touch_the_table() -> None:
    (claim,) = case_of("ask: {outcome: island}").claims
    assert hold_in_claim(claim, {"us.offer": 1}) is claim


@pytest.mark.parametrize(
    "asked",
    [
        "outcome: island, model: exchange",
        "gain: japan, by: exchange",
        "gain: us, by: exchange, issues: [island, climate]",
    ],
)
def test_exchanges_that_carry_an_answer_sum_to_it(asked: str) -> None:
    found = explain_answer(case_of(f"ask: {{{asked}}}"), "K0", search=False)
    route = found.bargained
    assert route is not None
    assert route.start + sum(adds for _, adds in route.exchanges) == pytest.approx(found.value)
    assert "moves from" in found.sentences[2]
    assert found.to_dict()["bargained"]["exchanges"]


def test_weights_carry_an_outcome_and_flips_are_found() -> None:
    case = case_of('ask: {outcome: island}, expect: "> 45"')
    case = case.replace(parameters={"care": {"range": [0.5, 1.0]}})
    found = explain_answer(case, "K0", workers=1)
    assert found.bargained is not None
    weights = {party: share for party, _, share in found.bargained.weights}
    assert weights == pytest.approx({"china": 0.9 / 2.2, "us": 0.8 / 2.2, "japan": 0.5 / 2.2})
    assert "china at 0 with 41\u202f%, us at 90 with 36\u202f%" in found.sentences[2]
    assert [effect.name for effect in found.effects if effect.swing > 0] == ["power", "care"]
    flip = found.flips[0]
    changed = {name: value for name, (_, value) in flip.changes.items()}
    other = compromise(table_of(case, changed)).outcome[0]
    assert (other > 45) != (found.value > 45)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("ask: {outcome: iland}", "there is no issue 'iland'; did you mean 'island'?"),
        ("ask: {outcome: island, model: nahs}", "model cannot be 'nahs'; write 'compromise',"),
        ("ask: {exchange: [us, chna]}", "there is no party 'chna'; did you mean 'china'?"),
        ("ask: {exchange: [us, us]}", "us stands twice in exchange; name another"),
        ("ask: {exchange: [us]}", "exchange has 1 of at least 2 entries"),
        ("ask: {exchange: [us, china], issues: [trade, island, climate]}", "trades two issues"),
        ("ask: {gain: chna, by: exchange}", "there is no party 'chna'; did you mean 'china'?"),
        ("ask: {gain: us, by: exchange, levels: {us.offer: some}}", "takes no levels; delete it"),
        ("ask: {gain: us, levels: {us.offer: some}, issues: [trade]}", "add `by: exchange`"),
        ("ask: {outcome: island, at: 5}", "outcome takes no at; delete it"),
        ("ask: {outcome: island, given: {us.offer: some}}", "outcome takes no given: the table"),
        ("ask: {outcome: island, do: {us.offer: some}}", "outcome takes no do: the table"),
        ("ask: {outcome: island, announced: false}", "outcome takes no announced: the table"),
        ("ask: {outcome: island}, versus: {do: {us.offer: some}}", "outcome takes no do: the"),
        ("ask: {outcome: island}, while: us.offer == some", "takes no while; take it out"),
        ("ask: {outcome: island}, expect: [0, 120]", "beyond what an answer can be (0 to 100)"),
        ("ask: {outcome: island}, expect: words, words: likely", "write an interval or a bound"),
        ("ask: {outcome: island, exchange: [us, china]}", "ask needs one measure, not outcome and"),
    ],
)
def test_a_wrong_question_is_refused_with_a_remedy(asked: str, said: str) -> None:
    with pytest.raises(CaseError) as caught:
        case_of(asked)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("taken", "model", "said"),
    [
        ("      reference: 50\n", "nash", "nash needs a reference point of every issue; 'climate'"),
        (TEXT[TEXT.index("  voting") : TEXT.index("  issues")], "procedural", "add `voting` with"),
        (TEXT[TEXT.index("bargaining:") : TEXT.index("claims:")], "mean", "add a part `barg"),
    ],
)  # fmt: skip
def test_a_model_that_lacks_what_it_reads_is_refused(taken: str, model: str, said: str) -> None:
    text = TEXT.replace(taken, "")
    text += f"  - {{id: K, says: It is so., ask: {{outcome: island, model: {model}}}}}\n"
    with pytest.raises(CaseError) as caught:
        read_case(text.encode(), "market.yaml")
    assert said in str(caught.value)


def test_a_question_is_a_value_like_any_other() -> None:
    (claim,) = case_of("ask: {outcome: island}").claims
    assert isinstance(claim, Claim)
    assert claim.ask == OutcomeQuestion("island", "compromise")
