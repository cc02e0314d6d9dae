"""What looks like a number and is none is refused where it stands; what is one is taken as written.

Would catch: `true` read as 1 where a version or a number is meant, a date read as a subtraction, a
large number called endless, a large file said to be as long as what was read of it.
"""

from __future__ import annotations

import os
import threading

import pytest

import detente
from detente.case import read_case
from detente.errors import CaseError

DAM = """detente: 1
title: A dam
parameters:
  thirst: {value: 1.0, range: [0.6, 2.0], reason: r, source: judgement}
actors:
  upper:
    rate: 2
    options: {dam: {levels: [none, large], cost: 0.1}}
    preferences: {weights: {power: thirst}}
conditions:
  rain: {levels: [wet, dry], rates: {wet -> dry: 0.3, dry -> wet: 0.6}}
issues: {power: upper.dam == large}
status_quo: {upper.dam: none, rain: wet}
"""


def said_of(text: str) -> str:
    with pytest.raises(CaseError) as caught:
        read_case(text.encode(), "dam.yaml")
    return str(caught.value)


@pytest.mark.parametrize("wrong", ["true", "false", "2", "1.0", "1.5", "yes", '"1"', "null"])
def test_the_version_is_the_number_one(wrong):
    said = said_of(DAM.replace("detente: 1", f"detente: {wrong}"))
    assert said.startswith("dam.yaml:1:10: version ")
    assert said.endswith("of the format is not supported; write `detente: 1`")


@pytest.mark.parametrize(
    "right", ["rate: 2", "cost: 0.1", "power: thirst", "wet -> dry: 0.3", "power: upper.dam == l"]
)
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("true", "'true' stands where a number is needed"),
        ('"false"', "'false' stands where a number is needed"),
        ("1 + true", "'true' stands where a number is needed"),
        ('"min(true, 2)"', "'true' stands where a number is needed"),
        ("2020-01-01", "'2020-01-01' is a date, not a number"),
        ("1.7e308", "the number 1.7e308 is not below 1e+308"),
        (".inf", "the number .inf is not finite"),
        ("1e400", "the number 1e400 is not below 1e+308"),
    ],
)
def test_neither_truths_nor_dates_are_arithmetic(right, wrong, words):
    key = right.partition(": ")[0]
    full = "power: upper.dam == large" if right.endswith("== l") else right
    assert f": {words}; " in said_of(DAM.replace(full, f"{key}: {wrong}", 1))


def test_a_subtraction_with_spaces_is_one():
    case = read_case(DAM.replace("cost: 0.1", "cost: 2020 - 10 - 10").encode(), "dam.yaml")
    assert case.actors[0].options[0].cost.evaluate({}) == 2000


def test_a_large_file_is_reported_with_its_size(tmp_path):
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(CaseError, match="the file has 50,000,000 bytes, more than 1 MiB"):
        detente.load(path)
    (tmp_path / "history.csv").write_bytes(b"date\n" + b" " * 3_000_000)
    path.write_text(f"{DAM}history: history.csv\n", "utf-8")
    with pytest.raises(CaseError, match="the file has 3,000,005 bytes, more than 1 MiB"):
        detente.load(path)


def test_a_file_without_an_end_is_left_off(tmp_path):
    path = tmp_path / "pipe.yaml"
    os.mkfifo(path)
    threading.Thread(target=_pour, args=(path,), daemon=True).start()
    with pytest.raises(CaseError, match="the file has more than 1 MiB"):
        detente.load(path)


def _pour(path):
    try:
        with path.open("wb") as file:
            while True:
                file.write(b"x" * 65536)
    except BrokenPipeError:
        pass
