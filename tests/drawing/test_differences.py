"""Differences of scores, drawn: each mark at its number, on one scale.

Would catch: a difference on the wrong side of zero, a bar that is not its interval, a row left out,
a name that becomes markup, a drawing of nothing.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from detente.drawing import differences_figure, panel_calibration, placebo_figures
from detente.evidence import PlaceboTest
from detente.panel import PanelPlacebos, PanelScore, PanelScores, load_panel

ROWS = (
    PanelScore("model", {"log": 1.0}, 0.1),
    PanelScore("base rates", {"log": 1.2}, 0.0, -0.2, (-0.3, -0.1), "beats"),
    PanelScore("<b>crowd", {"log": 0.9}, 0.2, 0.1, (0.05, 0.2), "loses"),
    PanelScore("no time", {}, note="could not be fitted"),
)


def scores_of(rows: tuple[PanelScore, ...]) -> PanelScores:
    return PanelScores(load_panel("disputes"), rows, {}, np.zeros(0, dtype=np.intp))


def rows_in(drawing: str) -> dict[str, tuple[float, float, float]]:
    """Return by name where the bar begins and ends, and where the diamond stands."""
    found = {}
    for group in ElementTree.fromstring(drawing).iter("g"):
        bar, diamond, name = group.find("rect"), group.find("polygon"), group.find("text")
        assert bar is not None
        assert diamond is not None
        assert name is not None
        start, wide = float(bar.attrib["x"]), float(bar.attrib["width"])
        at = float(diamond.attrib["points"].split(",")[0])
        found[str(name.text)] = (start, start + wide, at)
    return found


def test_every_mark_stands_at_its_number() -> None:
    drawing = str(differences_figure(scores_of(ROWS)))
    found = rows_in(drawing)
    assert list(found) == ["base rates", "<b>crowd"]
    zero = float(re.findall(r'<line x1="([\d.]+)"[^>]*class="even"', drawing)[0])
    per = (found["base rates"][2] - zero) / -0.2
    assert per > 0
    for name, numbers in (("base rates", (-0.3, -0.1, -0.2)), ("<b>crowd", (0.05, 0.2, 0.1))):
        assert found[name] == pytest.approx([zero + per * at for at in numbers], abs=0.3)


def test_placebos_have_a_drawing_a_kind() -> None:
    tests = tuple(
        PlaceboTest("base rates", kind, 50, -0.2, 0.1, (0.0, 0.3), 0.02)
        for kind in ("outcomes dealt out", "fitted again")
    )
    drawings = placebo_figures(PanelPlacebos("disputes", tests))
    assert len(drawings) == 2
    for drawing in drawings:
        start, end, at = rows_in(str(drawing))["base rates"]
        assert at < start < end


def test_nothing_is_drawn_of_nothing() -> None:
    assert differences_figure(scores_of(ROWS[:1])) == ""
    assert panel_calibration(scores_of(ROWS)) == ""
    assert placebo_figures(PanelPlacebos("disputes", ())) == ()
