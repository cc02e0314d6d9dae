"""Likely slips of the pen are named, and nothing that is meant.

Would catch: a mistyped actor that counts as another one, or a red line on the wrong side, without
a word; notes on tables in which names are alike on purpose.
"""

from __future__ import annotations

import pytest

from detente.bargaining import bargaining_table, compare_models

CELL = (50, 1, 1)


def slips(cells, red_line=None) -> str:
    notes = compare_models(bargaining_table(cells, red_line=red_line)).notes
    return "; ".join(note for note in notes if "left out" not in note)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("nroth", "north"), ("North", "north"), ("north korea", "nrth korea"), ("us  a", "usa")],
)
def test_a_name_that_is_nearly_another_is_named_once(wrong, right) -> None:
    cells = {name: {right: CELL, "south": (9, 1, 1)} for name in "xy"}
    cells["z"] = {"south": (9, 1, 1), wrong: CELL}
    said = f"{wrong} is party to one issue only; did you mean {right}?"
    assert slips(cells) == said
    del cells["y"]
    assert slips(cells) == said


@pytest.mark.parametrize(
    ("one", "other"),
    [("north", "south"), ("north korea", "south korea"), ("iran", "iraq"), ("us", "eu")],
)
def test_names_that_are_meant_are_not(one, other) -> None:
    assert slips({"x": {one: CELL, "c": (9, 1, 1)}, "y": {other: CELL, "c": (9, 1, 1)}}) == ""


def test_an_actor_beside_its_like_is_meant() -> None:
    assert slips({"x": {"bank 1": CELL, "bank 2": (9, 1, 1)}}) == ""


def test_a_red_line_on_the_side_where_nobody_stands_binds_nothing() -> None:
    cells = {"fund": {"north": (20, 0.3, 2), "south": (90, 1, 1), "east": (20, 1, 1)}}
    said = "the red line of north on fund (5) binds nothing: nobody stands on that side"
    assert slips(cells, {"fund": {"north": 5}}) == said
    assert slips(cells, {"fund": {"south": 95}}) == said.replace("north", "south").replace(
        "5", "95"
    )
    # past the position towards others, and the position itself, bind
    assert "binds nothing" not in slips(cells, {"fund": {"north": 95, "east": 20, "south": 90}})
