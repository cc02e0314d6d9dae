"""Every trap gets its warning, at its line, and none once the file says that it is meant.

Would catch: a rule that sleeps, a warning at another place or about something else, a `meant` that
does not silence, and a case without a trap in it that gets warnings.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

import detente
from detente.case import WARNING_KINDS, read_case
from detente.review import Review

FOLDER = Path(__file__).parent / "traps"
DAM = Path(__file__).parent / "dam.yaml"
OVER_DRAWS = {"equal_in_all_draws.yaml", "scope_gone_in_a_variant.yaml"}
NEVER_MEANT = {"meant_for_nothing.yaml"}


def expected() -> dict[str, dict[str, str]]:
    with (FOLDER / "expected.csv").open(encoding="utf-8", newline="") as stream:
        return {row["file"]: row for row in csv.DictReader(stream)}


@cache
def review(text: str, file: str) -> Review:
    case = read_case(text.encode(), file)
    return case.study(20, 1).review() if file in OVER_DRAWS else case.review()


def test_every_trap_is_listed_and_every_kind_has_one() -> None:
    assert set(expected()) == {path.name for path in FOLDER.glob("*.yaml")}
    assert {row["kind"] for row in expected().values()} == set(WARNING_KINDS)


@pytest.mark.parametrize(("file", "row"), expected().items())
def test_a_trap_gets_its_warning(file: str, row: dict[str, str]) -> None:
    found = review((FOLDER / file).read_text(encoding="utf-8"), file)
    (warning,) = [w for w in found if (w.kind, w.subject) == (row["kind"], row["subject"])]
    assert warning.line == int(row["line"])
    assert row["message"] in warning.message
    assert str(warning).startswith(f"{file}:{warning.line}:{warning.column}: warning: ")
    assert warning.remedy in str(warning)


@pytest.mark.parametrize("file", sorted(set(expected()) - NEVER_MEANT))
def test_a_trap_that_is_meant_is_silent(file: str) -> None:
    text = (FOLDER / file).read_text(encoding="utf-8") + "\nmeant:\n"
    found = review(text.removesuffix("\nmeant:\n"), file)
    while found.open:  # what only followed from a warning that is now meant may show itself
        for warning in found:
            text += f"  - {{warning: {warning.kind}, of: {warning.subject}, reason: so be it}}\n"
        found = review(text, file)
    assert found.open == ()
    row = expected()[file]
    assert (row["kind"], row["subject"], "so be it") in [
        (w.kind, w.subject, w.meant) for w in found.meant
    ]


def test_the_same_case_without_a_trap_gets_none() -> None:
    assert detente.load(DAM).review().warnings == ()
    assert detente.load(DAM).study(20, 1).review().warnings == ()


@pytest.mark.parametrize("name", ["chicken", "sanctions", "peninsula", "market"])
def test_built_in_cases_have_none_that_is_not_meant(name: str) -> None:
    found = detente.load(name).review()
    assert found.open == (), str(found)
    assert all(warning.meant for warning in found.meant)
