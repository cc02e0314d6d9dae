"""The long run: the command line's shares, the states seen most, and how long until then."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import detente
from detente.equilibrium import intervene
from detente.text import show
from workbench.conftest import Server, visit
from workbench.view_answers import export_of, places_of

QUERY = "case=sanctions&set.pain=1.2&do.sender.offer=small"


def test_shares_are_those_of_the_library() -> None:
    """Would catch: a long run without what is held, or at other values."""
    base = detente.load("sanctions").set(pain=1.2).conflict().equilibrium()
    wanted = intervene(base, {"sender.offer": "small"}).long_run()
    rows = csv.DictReader(
        io.StringIO(export_of("long-run", f"{QUERY}&table=Levels", "csv")["file"])
    )
    for row in rows:
        levels = wanted.conflict.space.axes[wanted.conflict.space.axis(row["name"])].levels
        share = wanted.shares[row["name"]][levels.index(row["level"])]
        assert float(row["share of time"]) == pytest.approx(share, abs=1e-9)


def test_states_and_the_time_until_them() -> None:
    equilibrium = detente.load("sanctions").conflict().equilibrium()
    share = equilibrium.long_run().share
    rows = list(csv.DictReader(io.StringIO(
        export_of("long-run", "case=sanctions&table=States", "csv")["file"]
    )))  # fmt: skip
    best = equilibrium.conflict.label(int(np.argmax(share)))
    assert {name: rows[0][name] for name in best} == best
    assert float(rows[0]["share of time"]) == pytest.approx(float(share.max()), abs=1e-9)
    formula = " and ".join(f"{name} == {level}" for name, level in best.items())
    wanted = float(equilibrium.expected_time(formula))
    assert float(rows[0]["expected years until first reached"]) == pytest.approx(wanted, rel=1e-6)


def test_the_years_until_it_is_reached_are_by_definition() -> None:
    """Would catch: a time after which some level is still further off than a point."""
    equilibrium = detente.load("sanctions").conflict().equilibrium()
    shares = equilibrium.long_run().shares
    words = places_of("long-run", "case=sanctions")["long-run-when"]
    paths = equilibrium.paths(20.0, points=321)
    off = [
        max(float(np.abs(paths.shares[name][k] - share).max()) for name, share in shares.items())
        for k in range(321)
    ]
    late = max(k for k in range(321) if off[k] > 0.01)
    years = [show(float(paths.times[k]), "plain") for k in range(late, late + 8)]
    assert any(f"about {found} years" in words for found in years), (words, years)


def test_the_page_tells_it(page: Page, server: Server) -> None:
    visit(page, server, "/long-run?case=chicken")
    expect(page.locator("#long-run-levels")).to_contain_text("swerve 47")
    expect(page.locator("#long-run-when")).to_contain_text("years")
    expect(page.locator("#long-run-states")).to_contain_text("today’s")
