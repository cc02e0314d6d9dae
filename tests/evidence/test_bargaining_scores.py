"""Scores of bargaining models on settled proposals.

Would catch: blanks scored as 0, issues counted by proposal, a verdict on other issues than those of
the mean.
"""

from __future__ import annotations

import datetime as dt
import os

import numpy as np
import pytest
from click.testing import CliRunner

from beside import DATA, needs
from detente.bargaining import (
    SettledProposal,
    bargaining_table,
    challenge,
    compromise,
    plain_mean,
    read_settled,
    weighted_median,
)
from detente.cli import main
from detente.errors import InputError
from detente.evidence import score_bargaining

DEU = DATA / "deu3" / "deu3.csv"


def proposals(count: int, outcome: float) -> list[SettledProposal]:
    cells = {"cut": {"a": (100, 1, 3), "b": (0, 1, 1), "c": (40, 1, 4)}, "fund": {"a": (0, 1, 1)}}
    table = bargaining_table(cells, reference={"cut": 10})
    first = dt.date(2000, 1, 1)
    return [
        SettledProposal(f"d{k}", first + dt.timedelta(k), table, (outcome, None))
        for k in range(count)
    ]


def test_errors_are_distances_on_the_issues_that_were_settled() -> None:
    found = score_bargaining(proposals(6, 57.5))
    assert (found.proposals, found.issues, found.split) == (6, 6, dt.date(2000, 1, 4))
    rows = {row.model: row for row in found.rows}
    assert rows["compromise"].error == pytest.approx(0)
    assert rows["mean"].error == pytest.approx(57.5 - 140 / 3)
    assert rows["reference point"].error == pytest.approx(47.5)
    assert rows["compromise"].verdict == "beats it"
    assert rows["reference point"].verdict == "loses to it"
    assert np.isnan(rows["mean"].two_valued)
    assert rows["mean"].earlier == pytest.approx(rows["mean"].later)


def test_within_chance_is_said_where_single_proposals_decide() -> None:
    mixed = [*proposals(1, 0.0), *proposals(1, 100.0), *proposals(1, 40.0), *proposals(1, 90.0)]
    rows = {row.model: row for row in score_bargaining(mixed).rows}
    assert rows["compromise"].verdict == "within chance"


def test_nothing_settled_is_refused() -> None:
    with pytest.raises(InputError, match="no proposal with a known outcome"):
        score_bargaining([])


@needs(DEU)
def test_the_figures_of_the_data_set() -> None:
    """The challenge model, which takes a few seconds, only among the long tests."""
    known = {"compromise": 23.7, "mean": 23.7, "middle": 28.0, "reference point": 51.1}
    models = {"compromise": compromise, "mean": plain_mean, "median": weighted_median}
    if "DETENTE_BATCHES" in os.environ:
        models["challenge"] = lambda table: challenge(table).outcome
        models["challenge by issue"] = lambda table: challenge(table, by_issue=True).outcome
        known |= {"challenge": 28.1, "challenge by issue": 24.8}
    rows = {row.model: row for row in score_bargaining(read_settled(DEU), models=models).rows}
    for model, error in known.items():
        assert rows[model].error == pytest.approx(error, abs=0.05)
    assert rows["median"].error == pytest.approx(28.7, abs=0.4)
    assert (rows["mean"].issues, rows["reference point"].issues) == (353, 253)


def test_the_commands_print_what_the_library_says(tmp_path) -> None:
    path = tmp_path / "market.csv"
    path.write_text(
        "issue,actor,position,salience,capability,reference\ncut,a,100,0.9,2,0\n"
        "cut,b,0,0.2,1,0\nfund,a,100,0.2,2,0\nfund,b,0,0.9,1,0\n",
        "utf-8",
    )
    found = CliRunner().invoke(main, ["bargain", str(path), "--setter", "a"])
    assert found.exit_code == 0, found.output
    for word in ("compromise", "Nash bargaining", "procedural", "1 possible exchange", "1 made"):
        assert word in found.output
    assert max(map(len, found.output.splitlines())) <= 80
    wrong = CliRunner().invoke(main, ["bargain", str(path), "--setter", "nobody"])
    assert wrong.exit_code == 2
    assert "there is no actor 'nobody'" in wrong.output
    path.write_text(path.read_text("utf-8").replace(",1,0\nfund", ",1,\nfund").replace("2,0", "2,"))
    part = CliRunner().invoke(main, ["bargain", str(path), "--setter", "a"])
    assert part.exit_code == 0, part.output
    assert "procedural: left out, as cut has no reference point" in part.output
