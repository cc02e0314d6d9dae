"""The table of a case at a point of its parameters, against one written by hand.

Would catch: a number in the wrong cell, a party's capability that overrules a stake's, a parameter
or variant without effect, a point that makes no table and gives numbers all the same.
"""

from __future__ import annotations

import numpy as np
import pytest

from detente.bargaining import BargainingTable, bargaining_table, table_of
from detente.case import read_case
from detente.errors import AnalysisError, InputError

CASE = read_case(
    b"""detente: 1
title: A market
parameters:
  power: {value: 0.9, range: [0.5, 2], reason: Guess., source: judgement}
  care: {value: 0.4, range: [0.2, 0.9], reason: Guess., source: judgement}
variants:
  mood:
    levels: {calm: {}, stirred: {set: {care: 0.5}, reason: A crisis., source: judgement}}
actors:
  us: {options: {offer: [none, some]}, preferences: {statements: [us.offer == some]}}
status_quo: {us.offer: none}
bargaining:
  capability: {us: 2, china: power}
  issues:
    island:
      points: {0: theirs, 100: ours}
      reference: 100 * care
      parties:
        us: {position: 90, salience: 2 * care, capability: 1, red_line: 100 * care + 10}
        china: {position: 0, salience: 1}
        japan: {position: 95, salience: 1 / (power + 1)}
    climate:
      scale: [-10, 10]
      parties:
        us: {position: -2.5, salience: 0.3}
        china: {position: 9 * log(power) / log(power), salience: 0.9}
""",
    "market.yaml",
)


def by_hand(power: float, care: float) -> BargainingTable:
    return bargaining_table(
        {
            "island": {
                "us": (90, 2 * care, 1),
                "china": (0, 1, power),
                "japan": (95, 1 / (power + 1), 1),
            },
            "climate": {"us": (-2.5, 0.3, 2), "china": (9, 0.9, power)},
        },
        {"island": 100 * care},
        {"climate": (-10, 10)},
        {"island": {0: "theirs", 100: "ours"}},
    )


@pytest.mark.parametrize(
    ("parameters", "variants", "power", "care"),
    [
        ({}, (), 0.9, 0.4),
        ({"power": 1.7}, (), 1.7, 0.4),
        ({}, ("mood.stirred",), 0.9, 0.5),
        ({"care": 0.45}, ("mood.stirred",), 0.9, 0.45),
    ],
)
def test_a_table_is_that_written_by_hand(
    parameters: dict[str, float], variants: tuple[str, ...], power: float, care: float
) -> None:
    found, wanted = table_of(CASE, parameters, variants), by_hand(power, care)
    assert (found.actors, found.issues, found.points) == (
        wanted.actors, wanted.issues, wanted.points
    )  # fmt: skip
    for name in ("position", "reference", "scale"):
        np.testing.assert_allclose(getattr(found, name), getattr(wanted, name))
    np.testing.assert_allclose(found.weight, wanted.weight)
    np.testing.assert_allclose(found.salience, wanted.salience)
    lines = np.full((3, 2), np.nan)
    lines[0, 0] = 100 * care + 10
    np.testing.assert_allclose(found.red_line, lines)


def test_a_point_that_makes_no_table_is_refused_in_words() -> None:
    with pytest.raises(InputError, match=r"us on island: salience 1\.4; give a number from 0 to 1"):
        table_of(CASE, {"care": 0.7})
    with pytest.raises(AnalysisError, match="the position of china on climate is nan at these"):
        table_of(CASE, {"power": 1.0})
    with pytest.raises(InputError, match="has no parameter 'cair'; did you mean 'care'"):
        table_of(CASE, {"cair": 0.7})


def test_a_case_without_a_table_says_so() -> None:
    case = CASE.replace(bargaining=None)
    with pytest.raises(InputError, match="has no table of bargaining; add a part `bargaining`"):
        table_of(case)


def with_lines(line: str, stays: str) -> bytes:
    return f"""detente: 1
title: Lines
parameters:
  far: {{value: 80, range: [40, 90], reason: Guess., source: judgement}}
  near: {{value: 20, range: [0, 60], reason: Guess., source: judgement}}
actors:
  us: {{options: {{offer: [none, some]}}, preferences: {{statements: [us.offer == some]}}}}
status_quo: {{us.offer: none}}
bargaining:
  issues:
    island:
      parties:
        us: {{position: far, salience: 1, red_line: {line}}}
        china: {{position: near, salience: 1, red_line: {stays}}}
""".encode()


@pytest.mark.parametrize(
    ("far", "near", "low", "high"),
    [(80, 20, 60, 20), (70, 20, 60, 20), (60, 20, 60, 20), (50, 20, 50, 20), (80, 45, 60, 45)],
)
def test_a_red_line_stays_on_its_side_of_a_drawn_position(far, near, low, high) -> None:
    """Would catch: a line that falls behind the party, so that it binds nothing."""
    case = read_case(with_lines("60", "20"), "lines.yaml")
    table = table_of(case, {"far": far, "near": near})
    assert table.room[0][0, 0] == low
    assert table.room[1][1, 0] == high


def test_a_line_that_is_drawn_itself_lies_where_it_was_drawn() -> None:
    case = read_case(with_lines("60", "near + 0"), "lines.yaml")
    assert table_of(case, {"near": 30}).red_line[1, 0] == 30
