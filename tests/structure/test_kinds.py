"""Tables that must name every kind: a new concept or question cannot be half there.

Would catch: a concept without words for its explanation, or that no case file may name; a measure
that is read as another kind of question, or that has no words.
"""

from __future__ import annotations

from typing import get_args

import pytest

from detente.case import (
    AverageQuestion,
    EquilibriumQuestion,
    ExchangeGainQuestion,
    ExchangeQuestion,
    ExpectedQuestion,
    GainQuestion,
    Labels,
    OutcomeQuestion,
    ProbabilityQuestion,
    Question,
    ReachabilityQuestion,
    read_case,
)
from detente.case._schema import Concept
from detente.claims import question_words
from detente.stability import CONCEPTS
from detente.stability._explain import _OPEN
from detente.stability._replies import RULES

KINDS = get_args(Question)
ASKED = {
    ProbabilityQuestion: 'probability: "F[0, 1] us.offer == some"',
    ExpectedQuestion: "expected: us.offer == some, at: 1",
    AverageQuestion: "average: us.offer == some, over: 1",
    GainQuestion: "gain: us, levels: {us.offer: some}",
    EquilibriumQuestion: "equilibrium: us.offer == some",
    ReachabilityQuestion: "possible: us.offer == some",
    OutcomeQuestion: "outcome: cut",
    ExchangeQuestion: "exchange: [us, them]",
    ExchangeGainQuestion: "gain: them, by: exchange",
}
TEXT = """
detente: 1
title: An offer
actors:
  us: {options: {offer: [none, some]}, preferences: {statements: [us.offer == some]}}
status_quo: {us.offer: none}
bargaining:
  issues:
    cut: {parties: {us: {position: 0, salience: 1}, them: {position: 100, salience: 1}}}
claims:
  - {id: K1, says: It is asked., ask: {ASKED}}
"""


def test_every_concept_is_explained_and_may_be_named_in_a_case() -> None:
    assert set(_OPEN) == set(CONCEPTS) == set(get_args(Concept))
    assert set(RULES) <= set(CONCEPTS)


def test_every_kind_of_question_is_tried_here() -> None:
    assert set(ASKED) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_measure_is_read_as_its_own_kind_and_has_words(kind: type) -> None:
    case = read_case(TEXT.replace("ASKED", ASKED[kind]).encode(), "offer.yaml")
    (claim,) = case.claims
    assert type(claim.ask) is kind
    assert f"{claim.ask.measure}: " in ASKED[kind]
    assert question_words(claim, Labels(case)).parts
