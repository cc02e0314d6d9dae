"""What a panel's scores cannot say is said, where it is so and only there.

Would catch: a warning that is left out or always there, a search that stops on a slope and is
called the best, an estimate at the end of its range read as if it lay inside.
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np

from detente.panel import Panel, PanelFit, load_panel, panel_limits
from panel.made_panels import CLASSES, make_panel


def said(fit: PanelFit) -> str:
    return "\n".join(panel_limits(fit, fit.score()))


def panel_of(folder: Path, rows: list[str], more: str = "") -> Panel:
    return make_panel(
        folder,
        "shared: {b: {value: 0, range: [-1, 1]}}\nparameters: {strain_target: exp(b * ratio)}\n"
        f"outcomes: {CLASSES}\n{more}",
        rows,
    )


def test_what_is_so_of_a_small_panel_is_said(tmp_path: Path) -> None:
    rows = [f"a{k},{1950 + k},{k / 20},{'met' if k % 2 else 'dropped'}" for k in range(20)]
    rows[-1] = rows[-1].replace("met", "stand_off")
    split = "split: {train: year < 1960, test: year > 1961}\n"
    fit = panel_of(tmp_path, rows, split).fit(most=10)
    words = said(fit)
    for sentence in (
        "Of a conflict the model knows ratio and nothing else.",
        "2 conflicts are on no side of the split, and not used.",
        "No earlier conflict ended in stand_off: nothing was fitted to it.",
        "No year is named",
        "No group is named",
        "rest on 8 later conflicts, too few to trust",
        "not known without choices at random, challenger blind, target blind and no time",
    ):
        assert sentence in words
    assert "may not be the best" in said(replace(fit, settled=False))
    nowhere = replace(fit, intervals={"b": (math.nan, math.nan)})
    assert "no interval of b" in said(replace(nowhere, estimates={"b": 0.5}))
    assert "At an end of its range: b." in said(replace(nowhere, estimates={"b": 1.0}))


def test_what_is_not_so_is_not_said() -> None:
    fit = load_panel("disputes").fit()
    words = said(fit)
    assert fit.settled
    for sentence in ("on no side", "No earlier conflict", "No year", "too few", "may not be"):
        assert sentence not in words
    scores = fit.score(ablations=True, most=2)
    assert "without" not in "\n".join(panel_limits(fit, scores))


def test_a_search_that_stops_on_a_slope_is_not_settled(tmp_path: Path) -> None:
    """One cell is a slip, so that no step along the slope has a solution."""
    rows = [f"a{k},1950,{0.5 + k % 2},{'met' if k % 3 else 'dropped'}" for k in range(12)]
    assert panel_of(tmp_path / "sound", rows).fit(most=30).settled
    rows[0] = "a0,1950,1e308,met"
    with np.errstate(all="ignore"):
        fit = panel_of(tmp_path / "slip", rows).fit(most=30, intervals=False)
    assert not fit.settled
    assert "may not be the best" in str(fit)
