"""A digest puts the settings that a tab went through into words."""

from __future__ import annotations

from html import unescape
from pathlib import Path
from typing import Any

import pytest

from detente.workbench._solver import PageSolver


def told(solver: PageSolver, body: Any) -> tuple[str, Any]:
    """Return the text at the end, and the last line."""
    found = list(solver.answer({"kind": "act", "name": "digest", "body": body}))
    texts = [line["html"] for line in found if line.get("put") == "digest-text"]
    return unescape(texts[-1]) if texts else "", found[-1]


@pytest.fixture
def solver(tmp_path: Path) -> PageSolver:
    return PageSolver(tmp_path)


def test_each_change_and_what_followed(solver: PageSolver) -> None:
    """Would catch: changes against the case as stated where they are against the one before."""
    addresses = ["case=sanctions", "case=sanctions&set.pain=1.4"]
    addresses += ["case=sanctions&set.pain=1.4&set.price=0.8", "case=sanctions&set.price=0.8"]
    text, end = told(solver, {"addresses": addresses})
    assert end == {"end": "done"}
    lines = text.splitlines()
    assert lines[0] == "3 changes since the page was opened"
    assert "1. pain from 0.8 to 1.4" in lines
    assert "2. price from 0.5 to 0.8" in lines
    assert "3. pain from 1.4 to 0.8 again, as stated" in lines
    assert any(
        line.startswith("   T1 from agrees to ") and "(24\u202f% to" in line for line in lines
    )


def test_nothing_changed(solver: PageSolver) -> None:
    text, _ = told(solver, {"addresses": ["case=sanctions"]})
    assert text.strip() == "0 changes since the page was opened"
    assert told(solver, {"addresses": []})[1] == {"end": "done"}


@pytest.mark.parametrize("body", [None, [], {}, {"addresses": 1}, {"addresses": [1]}])
def test_what_no_page_sends_is_refused(solver: PageSolver, body: Any) -> None:
    _, end = told(solver, body)
    assert (end["end"], end["input"]) == ("failed", True)


def test_a_setting_that_cannot_be_read_any_more_does_not_take_the_rest(solver: PageSolver) -> None:
    """Would catch: a case that was renamed, and a digest that is lost with it."""
    text, end = told(
        solver, {"addresses": ["case=gone.yaml", "case=sanctions", "case=sanctions&set.pain=1"]}
    )
    assert end == {"end": "done"}
    assert "pain from 0.8 to 1" in text
    assert "gone.yaml" in text
