"""A change of a text reaches its own place: layout, comments and anchors of all else stay."""

from __future__ import annotations

import datetime as dt

import pytest

from detente.case import changed_text
from detente.errors import InputError

TEXT = """\
# First remark
title:   A dam   # loosely set
parameters:
  thirst: {value: 1, range: [0, 2],
    reason: &why "Two lines."}

  # about power
  power: {value: 3, reason: *why}
claims:
  - id: D1
    says: One.

# The record
history:
  - {date: 2020-01-01, level: a}   # seen
  - {date: 2021-01-01, level: b}
"""


@pytest.mark.parametrize(
    ("changes", "old", "new"),
    [
        ({"parameters": {"power": {"value": 4}}}, "{value: 3, reason", "{value: 4, reason"),
        ({"parameters": {"thirst": {"range": {1: 5}}}},
         "  thirst: {value: 1, range: [0, 2],\n    reason: ",
         "  thirst: {value: 1, range: [0, 5], reason: "),
        ({"history": {1: {"level": "c"}}}, "level: b", "level: c"),
        ({"history": {1: None}}, "  - {date: 2021-01-01, level: b}\n", ""),
        ({"history": {2: {"date": dt.date(2022, 1, 1), "level": "c"}}}, "level: b}\n",
         "level: b}\n  - {date: 2022-01-01, level: c}\n"),
        ({"claims": {"D2": {"says": "Two."}}}, "says: One.\n",
         "says: One.\n  - id: D2\n    says: Two.\n"),
        ({"parameters": {"new": {"value": 2}}}, "reason: *why}\n",
         "reason: *why}\n  new: {value: 2}\n"),
        ({}, "", ""),
    ],
)  # fmt: skip
def test_all_else_stays(changes: dict[str, object], old: str, new: str) -> None:
    assert changed_text(TEXT, changes) == (TEXT.replace(old, new) if old else TEXT)


def test_an_entry_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match="history has 2 entries, and none 5"):
        changed_text(TEXT, {"history": {5: {"level": "c"}}})
