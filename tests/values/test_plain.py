"""Results as plain values and tables.

Would catch: a number that JSON does not know, numpy types in what is written, a result inside a
result left as it is, columns or rows in another order, an index without its name.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from detente.values import data_frame, plain, plain_fields


@dataclass(frozen=True)
class Inner:
    name: str
    share: float


@dataclass(frozen=True)
class Outer:
    rows: tuple[Inner, ...]
    by_name: Mapping[str, Any]
    day: dt.date | None = None

    @property
    def count(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Telling:
    secret: str

    def to_dict(self) -> dict[str, str]:
        return {"told": self.secret[:1]}


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, np.float64("nan")])
def test_what_json_does_not_know_is_none(number: float) -> None:
    assert plain(number) is None
    assert plain([0.5, number]) == [0.5, None]
    assert plain(np.array([[0.5, number]])) == [[0.5, None]]
    assert plain({"a": {"b": (number,)}}) == {"a": {"b": [None]}}


@pytest.mark.parametrize(
    ("value", "kind"),
    [(np.float64(0.5), float), (np.int32(3), int), (np.bool_(True), bool), (True, bool), (2, int)],
)
def test_numbers_become_those_of_python(value: Any, kind: type) -> None:
    assert type(plain(value)) is kind
    assert plain(value) == value


def test_results_inside_results_are_plain_too() -> None:
    found = Outer(
        (Inner("a", 0.5), Inner("b", np.nan)), {"x": Telling("abc")}, dt.date(2021, 3, 15)
    )
    assert plain(found) == {
        "rows": [{"name": "a", "share": 0.5}, {"name": "b", "share": None}],
        "by_name": {"x": {"told": "a"}},
        "day": "2021-03-15",
    }
    json.dumps(plain(found), allow_nan=False)


def test_named_attributes_come_in_the_order_asked_properties_too() -> None:
    found = Outer((Inner("a", 0.5),), {})
    assert list(plain_fields(found, "count", "day").items()) == [("count", 1), ("day", None)]
    assert list(plain_fields(found)) == ["rows", "by_name", "day"]


def test_a_table_keeps_its_columns_and_names_its_index() -> None:
    frame = data_frame({"b": [1, 2], "a": [3, 4]}, ("x", "y"), name="input")
    assert list(frame.columns) == ["b", "a"]
    assert list(frame.index) == ["x", "y"]
    assert frame.index.name == "input"
    assert list(data_frame([(1, 2)], columns=["p", "q"]).columns) == ["p", "q"]
