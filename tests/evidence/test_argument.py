"""The argument's own score: against the sheet that was kept by hand, and the record.

Catches: a score of the wrong end of an interval, a reading passed off as a scale, an outcome turned
round, a claim scored that has no event, a scope that holds forever or never did.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import detente
from detente.case import Observation
from detente.cli import main
from detente.errors import AnalysisError
from detente.evidence import score_argument

# Claim, probability and outcome as a sheet kept by hand has them, with the words' own intervals.
BY_HAND = {
    "C05": ((0.20, 0.45), False),
    "C09": ((0.20, 0.45), False),
    "C33": ((0.20, 0.45), False),
    "C36": ((0.05, 0.20), False),
}
READINGS = {"C31": 0.106, "C23": 0.010, "C39": 0.810, "C40": 0.010, "C22": 0.001}


@pytest.fixture(scope="module")
def case():
    """Load the flagship."""
    return detente.load("peninsula")


@pytest.fixture(scope="module")
def found(case):
    """Score it."""
    return score_argument(case)


def test_words_on_a_scale_score_as_by_hand(found) -> None:
    rows = {row.claim: row for row in found.rows if row.scaled}
    assert rows.keys() == BY_HAND.keys()
    for claim, ((low, high), happened) in BY_HAND.items():
        row = rows[claim]
        assert row.happened is happened
        assert row.brier == pytest.approx(
            sorted((p - happened) ** 2 for p in (low, (low + high) / 2, high))
        )
    count, mean, model = found.means()["scale, unscoped"]
    assert (count, model) == (4, None)
    assert mean[1] == pytest.approx(0.083, abs=5e-4)


def test_readings_are_near_the_sheet_and_marked(found) -> None:
    """The sheet took 0.9 and 0.03 for points where the case has intervals: 0.895 and 0.025."""
    rows = {row.claim: row for row in found.rows}
    for claim, score in READINGS.items():
        assert not rows[claim].scaled
        assert rows[claim].brier[1] == pytest.approx(score, abs=0.011)
    assert max(found.rows, key=lambda row: row.brier[1]).claim == "C39"


def test_a_scope_is_void_from_the_day_the_record_says(case, found) -> None:
    void = {row.claim: row.void for row in found.rows}
    guarded = {claim.id for claim in case.claims if claim.scope is not None}
    for claim, day in void.items():
        # The launches of 24 March 2021 (in Universal Time; one entry of two days) end the quiet;
        # C23 is about an offer that was never made, so its scope lasts.
        broken = claim in guarded and claim != "C23"
        assert day == (dt.date(2021, 3, 25) if broken else None), claim
    assert found.means()["all, as stated"][0] == sum(day is None for day in void.values())


def test_a_scope_lasts_while_the_record_leaves_it_a_chance(case) -> None:
    """Without the launches nothing is void; with them in doubt neither."""
    rows = tuple(row for row in case.history if row.date <= case.start)
    assert {row.void for row in score_argument(replace(case, history=rows)).rows} == {None}
    names = ("moratorium", "short_range")
    levels = case.namespace.variables["dprk.conduct"].levels
    doubt = tuple((levels.index(name), 0.5) for name in names)
    entry = Observation(dt.date(2021, 6, 1), "dprk.conduct", doubt, "x")
    kept = tuple(row for row in rows if row.kind != "from" or row.variable != "dprk.conduct")
    assert {row.void for row in score_argument(replace(case, history=(*kept, entry))).rows} == {
        None
    }
    sure = replace(entry, levels=((levels.index("short_range"), 1.0),))
    days = {row.void for row in score_argument(replace(case, history=(*kept, sure))).rows}
    assert days == {None, dt.date(2021, 6, 1)}


def test_every_claim_is_scored_or_left_out_for_a_reason(case, found) -> None:
    ids = [row.claim for row in found.rows] + [i for ids in found.left_out.values() for i in ids]
    assert sorted(ids) == sorted(claim.id for claim in case.claims)
    for row in found.rows:
        assert 0.0 <= row.interval[0] <= row.interval[1] <= 1.0


def test_a_turned_outcome_turns_the_score(case, found) -> None:
    claims = tuple(
        replace(c, resolved=replace(c.resolved, outcome=True)) if c.id == "C36" else c
        for c in case.claims
    )
    row = next(r for r in score_argument(replace(case, claims=claims)).rows if r.claim == "C36")
    assert row.brier == pytest.approx((0.8**2, 0.875**2, 0.95**2))


def test_best_and_worst_are_the_bounds_of_the_mean(found) -> None:
    """Against all 4096 choices of ends; one column of low ends mixes better and worse ones."""
    ends = [[(p - row.happened) ** 2 for p in row.interval] for row in found.rows]
    every = np.array(list(itertools.product(*ends))).mean(axis=1)
    count, (best, middle, worst), _ = found.means()["all, unscoped"]
    assert (count, every.size) == (12, 4096)
    assert (best, worst) == pytest.approx((every.min(), every.max()))
    assert (best, middle, worst) == pytest.approx((0.092, 0.156, 0.247), abs=5e-4)


def test_a_claim_without_an_outcome_is_not_said_to_be_undecidable(case) -> None:
    """Not resolved yet, or resolved as one that cannot be told: two reasons."""
    claims = tuple(replace(c, resolved=None) if c.id == "C05" else c for c in case.claims)
    why = score_argument(replace(case, claims=claims)).left_out
    assert why["it is not resolved yet"] == ("C05",)
    untold = {c.id for c in case.claims if c.resolved is not None and c.resolved.outcome is None}
    assert set(why["how it turned out cannot be told"]) == untold


def test_a_case_without_scored_claims_says_so(case) -> None:
    with pytest.raises(AnalysisError, match="an interval of two ends"):
        score_argument(replace(case, claims=()))


def test_the_command_prints_and_scores_the_model_beside() -> None:
    small = CliRunner().invoke(main, ["evidence", "argument", "peninsula"])
    assert small.exit_code == 0, small.output
    assert "model" not in small.output
    assert max(map(len, small.output.splitlines())) <= 80
    docs = Path(__file__).parents[2] / "docs" / "evidence.md"
    assert f"```\n{small.output}```" in docs.read_text(encoding="utf-8")
    found = CliRunner().invoke(main, ["evidence", "argument", "peninsula", "-n", "3", "--json"])
    told = json.loads(found.output)
    study = detente.load("peninsula").study(draws=3, rng=1)
    medians = {v.claim.id: v.unscoped for v in study.verdicts()}
    for row in told["rows"]:
        assert row["model"] == pytest.approx((medians[row["claim"]] - row["happened"]) ** 2)
    assert told["means"]["all, unscoped"]["model"] is not None
