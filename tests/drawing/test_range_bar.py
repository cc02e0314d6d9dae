"""The bar of an answer is drawn to its own numbers.

Would catch: a bound that nobody stated, such as the 100 points that a difference can be at most,
which squeezes all answers into a line at zero; and noise about zero drawn as wide as an effect.
"""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

import detente
from detente.claims import judge_claim, kind_of
from detente.drawing import range_bar


def drawn(answers: list[float]) -> dict[str, list[dict[str, str]]]:
    """Return what is drawn of answers to a claim that expects a difference above zero, by class."""
    claim = detente.load("cuba").claim("U8")
    bar = range_bar(judge_claim(claim, np.array(answers)), kind_of(claim))
    found: dict[str, list[dict[str, str]]] = {}
    for node in ElementTree.fromstring(str(bar)).iter():
        found.setdefault(node.get("class", ""), []).append(dict(node.attrib))
    return found


def test_only_the_stated_bound_has_an_edge_and_answers_fill_the_bar() -> None:
    bar = drawn([0.005, 0.02, 0.07])
    (edge,), (most,), (expected,) = bar["edge"], bar["most"], bar["expected"]
    assert float(edge["x1"]) == pytest.approx(float(expected["x"]), abs=0.1)
    assert float(most["x2"]) - float(most["x1"]) > 90
    assert float(expected["x"]) + float(expected["width"]) == pytest.approx(179, abs=0.1)


def test_what_is_as_good_as_zero_is_drawn_at_zero() -> None:
    bar = drawn([-3e-7, 1e-8, 3e-7])
    (most,), even = bar["most"], float(bar["even"][0]["x1"])
    assert abs(float(most["x1"]) - even) < 0.5 > abs(float(most["x2"]) - even)
