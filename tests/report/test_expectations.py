"""What actors expect, in the page: only where some actor has a view, with its largest surprises.

Would catch: a section where nobody has a view, a missing one where somebody has, numbers of the
wrong actor, and rows out of order.
"""

from __future__ import annotations

from detente.analysis import Analysis, analyse
from detente.case import read_case
from detente.forecast import expectations
from detente.report import render
from detente.report._expectations import surprises
from detente.text import spaced

CASE = """
detente: 1
title: A dam
clock: {start: 2026-01-01, end: 2030-12-31}
parameters:
  anger: {value: 3, range: [1, 5], reason: "A test.", source: judgement}
actors:
  upper:
    title: Upper valley
    options: {dam: {levels: [none, built], cost: 0.2}}
    preferences: {weights: {power: 1, trouble: -1}}
  lower:
    title: Lower valley
    options: {reply: {levels: [wait, sue_them], cost: 0.1}}
    preferences: {weights: {loss: -anger, trouble: -0.2}}
issues:
  power: {value: upper.dam == built}
  loss: {value: (upper.dam == built) * (lower.reply == wait)}
  trouble: {value: lower.reply == sue_them}
views:
  upper: {values: {anger: 0.1}, reason: "It takes the others to be meek."}
status_quo: {upper.dam: none, lower.reply: wait}
"""


def test_the_largest_surprise_comes_first_and_is_the_one_who_is_wrong() -> None:
    found = analyse(read_case(CASE.encode(), "dam.yaml"), draws=2, rng=1)
    shown = surprises(found)
    assert shown is not None
    rows = expectations(found.equilibrium, float(found.paths.times[-1])).rows
    assert shown.rows[0][0] == "Upper valley"
    assert spaced(rows[0].most).split(" (")[0] in shown.rows[0][1]
    assert shown.more == len(rows) - len(shown.rows) > 0
    page = render(found)
    assert 'id="expectations"' in page
    assert "Dec 2030" in page[page.index('id="expectations"') :][:900]


def test_without_views_there_is_no_such_section(findings: Analysis, page: str) -> None:
    assert surprises(findings) is None
    assert "expectations" not in page
