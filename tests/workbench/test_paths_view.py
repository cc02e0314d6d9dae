"""Paths: the line is the setting's, the fans are over draws, and what is drawn can be chosen."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import detente
from detente.analysis import QUANTILES
from detente.engine import stop_when
from detente.equilibrium import intervene
from detente.errors import Stopped
from detente.study import make_design, run_study
from detente.workbench._views import paths
from workbench.conftest import Server, answered, visit
from workbench.view_answers import export_of, lines_of, page_of, request_of


def test_the_table_has_the_numbers_of_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch: paths at other values, without the hold, or to another horizon."""
    monkeypatch.setattr(paths, "DRAWS", (2,))
    query = "case=sanctions&set.pain=1.2&do.sender.offer=large&years=3&of.tension=yes&of.calm=yes"
    query += "&table=Paths"
    rows = list(csv.DictReader(io.StringIO(export_of("paths", query, "csv")["file"])))
    base = detente.load("sanctions").set(pain=1.2).conflict().equilibrium()
    wanted = intervene(base, {"sender.offer": "large"}).paths(3.0)
    high = [float(row["at the setting"]) for row in rows if row["level"] == "high"]
    calm = [float(row["at the setting"]) for row in rows if row["name"] == "calm"]
    assert high == pytest.approx(wanted.shares["tension"][:, 1], abs=1e-9)
    assert calm == pytest.approx(wanted.issues["calm"], abs=1e-9)
    assert float(rows[-1]["years"]) == 3.0


def test_fans_are_those_of_a_study() -> None:
    """Would catch: draws from another design, and ranges over something else than the draws."""
    request = request_of("case=chicken")
    case = detente.load("chicken")
    design = make_design(case, 256, 0, "sobol")
    first = design.values[: paths.DRAWS[-1]]
    study = run_study(
        case, design=replace(design, values=first, kind="given", shares=np.zeros((0, 0)))
    )
    name = next(iter(study.variables))
    wanted = np.quantile(study.share(name).astype(float), QUANTILES, axis=0)
    for found in (paths._studied(request), paths._solved(request.scene, 5.0)):
        *_, series = found
        quantiles = np.quantile(series, QUANTILES, axis=0)
        assert len(series) == paths.DRAWS[-1]
        assert quantiles[:, :, : wanted.shape[2]] == pytest.approx(wanted, abs=1e-6)


def test_the_path_comes_before_the_draws_which_grow() -> None:
    """Would catch: a page that waits for draws, and counts that do not go with the bands."""
    lines = lines_of("paths", "case=chicken&years=6")
    first = next(k for k, line in enumerate(lines) if "first" in line)
    before = [line["html"] for line in lines[:first] if line.get("put") == "paths-figures"]
    assert "polyline" in before[0]
    assert "band90" not in before[0]
    notes = [line["html"] for line in lines[first:] if line.get("put") == "paths-note"]
    assert [f"{count} draws" in note for count, note in zip(paths.DRAWS, notes, strict=True)]


def test_draws_are_left_off_when_nobody_waits() -> None:
    """Would catch: draws that go on after a newer setting was asked for."""
    fans = paths._fans(request_of("case=chicken"), 6.0)
    next(fans)
    with stop_when(lambda: True), pytest.raises(Stopped):
        next(fans)


def test_a_wrong_address_is_answered_in_words() -> None:
    for words in ("years=no", "years=-1", "years=nan", "of.rain=yes"):
        page = page_of("paths", f"case=sanctions&{words}")
        assert "This cannot be answered" in page
        assert words.removesuffix("=yes") in page


def test_what_is_drawn_can_be_chosen(page: Page, server: Server) -> None:
    """Would catch: boxes that do nothing, an address without them, Back that leaves them."""
    visit(page, server, "/paths?case=chicken")
    figures = page.locator("#paths-figures figure")
    expect(figures).to_have_count(2)
    page.locator('input[name="of.col.wheel"]').uncheck()
    answered(page)
    expect(figures).to_have_count(1)
    assert "of.row.wheel=yes" in page.url
    slider = page.locator("#years")
    slider.focus()
    slider.press("End")
    expect(page.locator("table.trajectory-numbers").first).to_contain_text("10 years")
    page.go_back()
    page.go_back()
    expect(figures).to_have_count(2)
    expect(page.locator('input[name="of.col.wheel"]')).to_be_checked()
