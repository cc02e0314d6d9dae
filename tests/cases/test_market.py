"""The market of issues: that it is well stated, and that its page covers it and tells of this case.

Would catch: a number of the table without range, reason or source; a claim without an expectation;
an exchange past a red line; a page that tells of another run than the case as it is.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import detente
from detente.bargaining import exchange, table_of
from detente.case import Case
from detente.claims import answer_claim, claims_model

PAGE = Path(__file__).parents[2] / "docs" / "market.md"
PARTIES = ("us", "china", "japan", "russia", "rok", "dprk")


@pytest.fixture(scope="module")
def case() -> Case:
    return detente.load("market")


def test_the_table_has_the_parties_and_issues_of_the_argument(case: Case) -> None:
    assert case.bargaining is not None
    assert set(case.bargaining.parties) == set(PARTIES)
    assert {issue.name for issue in case.bargaining.issues} == {
        "iran", "north_korea", "climate", "recovery", "xinjiang", "hong_kong", "trend", "taiwan",
    }  # fmt: skip
    assert any(len(issue.stakes) < len(PARTIES) for issue in case.bargaining.issues)


def test_every_number_has_a_range_a_reason_and_a_source(case: Case) -> None:
    for name, parameter in case.parameters.items():
        assert parameter.distribution != "fixed", name
        assert parameter.reason, name
        assert parameter.source == "judgement" or parameter.source in case.sources, name


def test_every_claim_is_asked_or_says_why_not(case: Case) -> None:
    for claim in case.claims:
        assert (claim.ask is None) == bool(claim.unasked), claim.id
        if claim.ask is not None:
            assert claim.expect is not None, claim.id
            assert claim.note, claim.id


def test_claims_of_the_essay_stand_where_the_flagship_found_them(case: Case) -> None:
    """Would catch: an anchor that points at another sentence than its claim in the flagship."""
    anchors = {claim.where for claim in detente.load("peninsula").claims}
    for claim in case.claims:
        assert claim.where is None or claim.where in anchors, claim.id
        assert claim.where is None or re.match(r"C\d\d[a-h]?$", claim.id), claim.id


def test_the_game_is_small_and_has_few_worlds(case: Case) -> None:
    assert np.prod(case.shape) <= 400
    arms = [claim.ask.arm for claim in case.claims if claim.ask and claim.ask.in_time]
    arms += [c.versus for c in case.claims if c.versus and c.ask and c.ask.in_time]
    assert len({(str(arm.do), str(arm.set)) for arm in arms}) <= 3


def test_no_exchange_moves_a_party_past_its_red_line(case: Case) -> None:
    """Would catch: a table that loses the red lines of the case on its way."""
    table = table_of(case)
    lines = {
        ("us", "taiwan"): 75.0, ("japan", "taiwan"): 70.0,
        ("china", "taiwan"): 20.0, ("china", "north_korea"): 65.0,
    }  # fmt: skip
    for (actor, issue), line in lines.items():
        assert table.red_line[table.actors.index(actor), table.issues.index(issue)] == line
    for one in exchange(table).made:
        for actor, issue, before, after in zip(
            one.givers, one.issues, one.before, one.after, strict=True
        ):
            line = lines.get((actor, issue))
            if line is not None:
                assert min(before, line) - 1e-9 <= after <= max(before, line) + 1e-9


def test_without_the_red_line_taiwan_is_traded(case: Case) -> None:
    """Would catch: a parameter of the red line that no longer reaches the exchanges."""
    model = claims_model(case)
    assert answer_claim(case.claim("C22c"), model).value == 1.0


def test_the_page_names_every_claim_and_this_case(case: Case) -> None:
    page = PAGE.read_text(encoding="utf-8")
    for row in ("S7", "S8", "S16"):
        assert row in page
    for claim in case.claims:
        assert f"| {claim.id} |" in page, claim.id
        assert claim.says in page, claim.id
    assert case.sha256[:16] in page, "the case changed: make the tables of docs/market.md again"
