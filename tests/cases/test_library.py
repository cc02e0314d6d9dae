"""The library of real cases: each is short, sourced, dated and answerable.

Would catch: a case without a page, a record too short to score, a row or parameter whose source is
not named, a claim without an expectation or without what became of it, and a level that the case
does not define. Answers are at the stated values only.
"""

from __future__ import annotations

import datetime as dt
import operator
import re
from pathlib import Path

import pytest

import detente
from detente.case import ProbabilityQuestion
from detente.claims import answer_claim, claims_model

LIBRARY = ["berlin", "cuba", "dam", "hollywood", "iran", "korea2017", "tradewar"]
ROOT = Path(__file__).parents[2]
CASES = ROOT / "src" / "detente" / "cases"
COMPARE = {"==": operator.eq, ">=": operator.ge, ">": operator.gt, "<": operator.lt}


@pytest.mark.parametrize("name", LIBRARY)
def test_a_case_is_short_sourced_and_dated(name: str) -> None:
    case = detente.load(name)
    text = (CASES / f"{name}.yaml").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    assert len(case.history) >= 20
    assert all(row.source in case.sources and row.note for row in case.history)
    assert all(source.title for source in case.sources.values())
    assert all(p.source and p.reason for p in case.parameters.values())
    assert (ROOT / "docs" / f"{name}.md").is_file()
    assert f"({name}.md)" in (ROOT / "docs" / "cases.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LIBRARY)
def test_a_case_answers_all_it_asks(name: str) -> None:
    case = detente.load(name)
    assert 8 <= len(case.claims) <= 15
    model = claims_model(case)
    for claim in case.claims:
        if claim.ask is None:
            assert claim.unasked, claim.id
            continue
        assert claim.resolved is not None, claim.id
        assert claim.expect is not None, claim.id
        answer_claim(claim, model)


@pytest.mark.parametrize("name", LIBRARY)
def test_an_event_happened_where_the_record_has_it(name: str) -> None:
    """Would catch: an outcome that says whether the claim was right, not whether the event came."""
    case = detente.load(name)
    checked = 0
    for claim in case.claims:
        ask = claim.ask
        if not isinstance(ask, ProbabilityQuestion) or claim.versus or ask.arm.do:
            continue
        of_one = re.fullmatch(r"F\[0, .*\] ([\w.]+) (==|>=|>|<) (\w+)", ask.query.text)
        if of_one is None or claim.resolved is None or claim.resolved.outcome is None:
            continue
        variable, sign, level = of_one.groups()
        space = case.conflict().space
        levels = space.axes[space.axis(variable)].levels
        last = case.start + dt.timedelta(365.25 * ask.query.high)
        came = any(
            case.start < row.date <= last and COMPARE[sign](k, levels.index(level))
            for row in case.history
            if row.variable == variable
            for k, weight in row.levels
            if weight == 1.0
        )
        assert claim.resolved.outcome == came, claim.id
        checked += 1
    assert checked
