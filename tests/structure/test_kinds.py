"""Tables that must name every kind: a new concept or question cannot be half there.

Would catch: a concept without words for its explanation, or that no case file may name; a measure
that is read as another kind of question, or that has no words.
"""

from __future__ import annotations

from typing import get_args

import pytest

from detente.case import Labels, Question, read_case
from detente.case._schema import Concept
from detente.claims import question_words
from detente.stability import CONCEPTS
from detente.stability._explain import _OPEN
from detente.stability._replies import RULES

KINDS = {kind.measure: kind for kind in get_args(Question)}
ASKED = {
    "probability": '"F[0, 1] us.offer == some"',
    "expected": "us.offer == some, at: 1",
    "average": "us.offer == some, over: 1",
    "gain": "us, levels: {us.offer: some}",
    "equilibrium": "us.offer == some",
    "possible": "us.offer == some",
}
TEXT = """
detente: 1
title: An offer
actors:
  us: {options: {offer: [none, some]}, preferences: {statements: [us.offer == some]}}
status_quo: {us.offer: none}
claims:
  - {id: K1, says: It is asked., ask: {MEASURE: VALUE}}
"""


def test_every_concept_is_explained_and_may_be_named_in_a_case() -> None:
    assert set(_OPEN) == set(CONCEPTS) == set(get_args(Concept))
    assert set(RULES) <= set(CONCEPTS)


def test_every_kind_of_question_is_tried_here() -> None:
    assert set(ASKED) == set(KINDS)


@pytest.mark.parametrize("measure", KINDS)
def test_a_measure_is_read_as_its_own_kind_and_has_words(measure: str) -> None:
    text = TEXT.replace("MEASURE", measure).replace("VALUE", ASKED[measure])
    case = read_case(text.encode(), "offer.yaml")
    (claim,) = case.claims
    assert type(claim.ask) is KINDS[measure]
    assert question_words(claim, Labels(case)).parts
