"""Explanations of answers, against full solves and against the definitions.

Would catch: parts that do not sum to the answer, a flip that does not flip when the model is solved
anew, gains that are not those of the values, a slope of the wrong sign, a claim explained in the
wrong world.
"""

from __future__ import annotations

import numpy as np
import pytest

import detente
from detente.case import Case, EquilibriumQuestion
from detente.claims import answer_claim, claims_model, verdict_word
from detente.errors import InputError
from detente.explanation import AnswerExplanation, Flip, explain_answer
from detente.explanation._gain import move_gain, outlook
from detente.model import TODAY


@pytest.fixture(scope="module")
def sanctions() -> Case:
    return detente.load("sanctions")


@pytest.fixture(scope="module")
def explained(sanctions: Case) -> dict[str, AnswerExplanation]:
    asked = [claim.id for claim in sanctions.claims if claim.ask is not None]
    return {claim: sanctions.why(claim) for claim in asked}


def _flips(found: AnswerExplanation) -> list[Flip]:
    return [*found.flips, *([found.pair] if found.pair else [])]


def test_every_flip_flips_in_a_full_solve(
    sanctions: Case, explained: dict[str, AnswerExplanation]
) -> None:
    seen = 0
    for name, found in explained.items():
        claim = sanctions.claim(name)
        for flip in _flips(found):
            changed = {parameter: to for parameter, (_, to) in flip.changes.items()}
            answer = answer_claim(claim, claims_model(sanctions, changed)).value
            assert answer == pytest.approx(flip.answer, abs=1e-12)
            assert verdict_word(answer, claim.expect) == flip.word != found.word
            seen += 1
    assert seen > 15


def test_a_flip_is_the_nearest(sanctions: Case, explained: dict[str, AnswerExplanation]) -> None:
    for name, found in explained.items():
        claim = sanctions.claim(name)
        for flip in found.flips:
            ((parameter, (before, to)),) = flip.changes.items()
            for share in (0.3, 0.6, 0.85):
                values = {parameter: before + share * (to - before)}
                answer = answer_claim(claim, claims_model(sanctions, values)).value
                assert verdict_word(answer, claim.expect) == found.word
        assert list(found.flips) == sorted(found.flips, key=lambda flip: flip.distance)


def test_two_together_are_nearer_than_either_alone(
    explained: dict[str, AnswerExplanation],
) -> None:
    both = [found for found in explained.values() if found.pair and found.flips]
    assert both
    for found in both:
        assert found.pair.distance <= found.flips[0].distance


def test_parts_sum_to_the_answer(explained: dict[str, AnswerExplanation]) -> None:
    for found in explained.values():
        if not isinstance(found.claim.ask, EquilibriumQuestion):
            total = found.base + sum(move.part for move in found.moves)
            assert total == pytest.approx(found.value, abs=1e-9)


def test_effects_are_those_of_full_solves(
    sanctions: Case, explained: dict[str, AnswerExplanation]
) -> None:
    claim = sanctions.claim("T5")
    for effect in explained["T5"].effects[:4]:
        at = {
            x: answer_claim(claim, claims_model(sanctions, {effect.name: x})).value
            for x in (effect.low, effect.high, 0.99 * effect.value, 1.01 * effect.value)
        }
        assert effect.at_low == pytest.approx(at[effect.low], abs=1e-9)
        assert effect.at_high == pytest.approx(at[effect.high], abs=1e-9)
        slope = (at[1.01 * effect.value] - at[0.99 * effect.value]) / (0.02 * effect.value)
        assert effect.slope == pytest.approx(slope, rel=1e-2)


def test_gains_by_issue_sum_to_the_change_of_value(sanctions: Case) -> None:
    model = claims_model(sanctions)
    conflict, equilibrium = model.conflict, model.equilibrium
    rng = np.random.default_rng(4)
    live = np.flatnonzero(conflict.feasible)
    for actor in conflict.actors:
        view = outlook(equilibrium, actor)
        source = rng.choice(live, 20)
        block = list(conflict.space.of(actor))
        target = []
        for state in source:
            position = list(conflict.space.position(int(state)))
            for axis in block:
                position[axis] = int(rng.integers(conflict.shape[axis]))
            target.append(int(np.ravel_multi_index(position, conflict.shape)))
        target = np.where(conflict.feasible.reshape(-1)[target], target, source)
        gain = move_gain(view, source, target, np.ones(20))
        value, utility = equilibrium.value[actor].reshape(-1), conflict.utility[actor].reshape(-1)
        change = float(np.mean(value[target] - value[source]))
        assert gain.net == pytest.approx(change - gain.cost, abs=1e-9)
        assert sum(i.later for i in gain.issues) - gain.later_costs == pytest.approx(change)
        now = float(np.mean(utility[target] - utility[source]))
        assert sum(i.now for i in gain.issues) == pytest.approx(now, abs=1e-12)


def test_later_costs_are_expected_costs_of_moves(sanctions: Case) -> None:
    """The cost part of a value, found as what issues leave over, against a sum over transitions."""
    model = claims_model(sanctions)
    conflict = model.conflict
    view = outlook(model.under(TODAY).equilibrium, "target")
    chain = view.chain
    table = (chain.step * chain.rate).tocoo()
    axis = conflict.space.axis("target.programme")
    before = np.unravel_index(chain.live[table.row], conflict.shape)[axis]
    after = np.unravel_index(chain.live[table.col], conflict.shape)[axis]
    spent = np.bincount(table.row, table.data * conflict.cost[axis][before, after], chain.live.size)
    from detente.forecast import discounted

    costs = discounted(chain, spent[:, None], conflict.discount["target"])[:, 0]
    left = sum(view.values.values()) - view.total
    assert np.allclose(left, costs, atol=1e-7)


def test_what_is_said_and_what_is_refused(sanctions: Case) -> None:
    found = sanctions.why("T3", search=False)
    assert found.sentences[0].startswith("T3: The neighbour probably watches")
    assert found.sentences[1].startswith("At the stated values the answer is 53")
    assert found.to_dict()["moves"][0]["changes"] == [["neighbour.border", "open", "watched"]]
    assert str(found).count("\n\n") >= 3
    with pytest.raises(InputError, match="T6 is not asked"):
        sanctions.why("T6")
    with pytest.raises(InputError, match="did you mean 'T1'"):
        sanctions.why("t1x")
    with pytest.raises(InputError, match="column"):
        sanctions.why("F[0, 5] target.programm == frozen")


def test_a_query_is_explained_like_a_claim(sanctions: Case) -> None:
    found = explain_answer(sanctions, "F[0, 5] target.programme == frozen", search=False)
    wanted = sanctions.conflict().equilibrium().probability(found.claim.says).value
    assert found.value == pytest.approx(wanted, abs=1e-9)
    assert found.word == "more likely than not"


def test_arms_that_give_the_same_are_said_to(sanctions: Case) -> None:
    """Would catch noise of solving told as a finding, and reasons for a difference of nothing."""
    other = {"probability": "F[0, 1] tension == high", "do": {"sender.sanctions": "full"}}
    case = sanctions.replace(
        brief=["E1"],
        claims=[
            {
                "id": "E1",
                "says": "It makes no difference.",
                "ask": other,
                "versus": {"do": {"sender.sanctions": "full"}, "set": {"trust": 0.6}},
                "expect": "> 0",
            }
        ],
    )
    found = case.why("E1", search=False)
    assert abs(found.value) < 1e-9
    assert "just" not in found.sentences[1]
    assert found.sentences[2].startswith("Both cases give the same")


FLAGSHIP = {
    "C07": ({"china.relationship": 1.42}, "agrees"),
    "C09": ({"china.leverage": 0.624}, "agrees"),
    "C17": ({"worth.relational": 1.29}, "agrees"),
    "C36": ({"sharpness": 1.68}, "weaker"),
    "C39": ({"pace": 1.42}, "weaker"),
    "C44": ({"china.leverage": 0.498}, "contradicts"),
}
"""Changes that a reader of the explanations named, with the verdict then expected."""


@pytest.mark.parametrize("name", FLAGSHIP)
def test_flips_of_the_flagship(name: str) -> None:
    case = detente.load("peninsula")
    claim, (changed, word) = case.claim(name), FLAGSHIP[name]
    before = answer_claim(claim, claims_model(case, None, (), [claim])).value
    after = answer_claim(claim, claims_model(case, changed, (), [claim])).value
    assert verdict_word(after, claim.expect) == word != verdict_word(before, claim.expect)


def test_claims_that_no_parameter_flips() -> None:
    """The four claims said to have no flip, at the ends of the parameters that move them most."""
    case = detente.load("peninsula")
    claims = [case.claim(name) for name in ("C05", "C10", "C23", "C31")]

    def words(changed: dict[str, float] | None) -> list[str]:
        model = claims_model(case, changed, (), claims)
        return [verdict_word(answer_claim(claim, model).value, claim.expect) for claim in claims]

    stated = words(None)
    for name in ("sharpness", "china.leverage", "china.survival", "worth.relational", "inertia"):
        parameter = case.parameters[name]
        assert words({name: parameter.low}) == words({name: parameter.high}) == stated
