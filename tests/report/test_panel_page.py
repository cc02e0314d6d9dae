"""The page of a panel: sound, whole, and in the terminal's words.

Would catch: a number that the page says otherwise than the terminal, a table or a warning left out,
a name that becomes markup, a part without caption or heading, a page that replaces a file unasked,
an answer on the page that the command does not print.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from detente.cli import main
from detente.panel import (
    ColumnDifferences,
    PanelFit,
    PanelPlacebos,
    PanelScores,
    difference_by,
    load_panel,
    panel_limits,
    panel_placebos,
)
from detente.report import render_panel
from panel.made_panels import CLASSES, make_panel
from panel.test_records import recorded
from report.page_outline import Outline


@pytest.fixture(scope="module")
def fit() -> PanelFit:
    return load_panel("disputes").fit(most=6)


@pytest.fixture(scope="module")
def scores(fit: PanelFit) -> PanelScores:
    return fit.score(ablations=["choices at random"], most=4)


@pytest.fixture(scope="module")
def placebos(fit: PanelFit, scores: PanelScores) -> PanelPlacebos:
    return panel_placebos(fit, scores, 200, 1)


@pytest.fixture(scope="module")
def differences(scores: PanelScores) -> list[ColumnDifferences]:
    return [difference_by(scores, "ratio", [0.5]), difference_by(scores, "year")]


@pytest.fixture(scope="module")
def outline(
    fit: PanelFit, scores: PanelScores, placebos: PanelPlacebos,
    differences: list[ColumnDifferences],
) -> Outline:  # fmt: skip
    return Outline(render_panel(fit, scores, placebos, differences))


def test_the_page_is_sound(outline: Outline) -> None:
    # Differences, calibration, and a drawing for each of two kinds of placebo.
    outline.check_sound(drawings=4)


def test_the_page_says_all_that_the_terminal_says(
    fit: PanelFit, scores: PanelScores, placebos: PanelPlacebos,
    differences: list[ColumnDifferences], outline: Outline,
) -> None:  # fmt: skip
    words, dense = " ".join(outline.text.split()), "".join(outline.text.split())
    for printed in (fit.panel, fit, scores, placebos, *differences):
        lines = str(printed).splitlines()
        # The name of the panel, and what is said once for all tables, stand elsewhere on the page.
        parts = [part for line in lines[1:] for part in line.strip().split("  ") if part.strip()]
        missing = [part for part in parts if "".join(part.split()) not in dense]
        assert missing in ([], ["calibration, all classes: forecast, how many, how often it came"])
    for sentence in panel_limits(fit, scores):
        assert sentence in words
    assert fit.panel.about in words


def test_what_was_not_asked_is_not_there(fit: PanelFit, scores: PanelScores) -> None:
    ids = Outline(render_panel(fit, scores)).ids
    assert "placebos" not in ids
    assert "where" not in ids


def test_records_have_a_page_too(tmp_path: Path) -> None:
    found = recorded(tmp_path, ["mild"] * 3 + ["harsh"] * 3).fit(most=4, intervals=False)
    scored = found.score()
    outline = Outline(render_panel(found, scored, None, [difference_by(scored, "year")]))
    assert "calibration" not in outline.ids
    assert "negative log likelihood" in outline.text
    assert "Markov chain: how often each level followed the last one before" in outline.text


def test_names_are_text(tmp_path: Path) -> None:
    evil = "</bdi><script>alert(1)</script>"
    rows = [f"a{k},{1950 + k},{k / 20},{'met' if k % 2 else evil}" for k in range(20)]
    panel = make_panel(
        tmp_path,
        f"about: '{evil}'\nshared: {{b: {{value: 0, range: [-1, 1]}}}}\n"
        f"parameters: {{strain_target: exp(b * ratio)}}\n"
        f"outcomes: {CLASSES.replace('dropped:', repr(evil) + ':')}\n"
        "split: {train: year < 1960, test: year >= 1960}\n",
        rows,
    )
    scored = panel.fit(most=2)
    page = render_panel(scored, scored.score())
    assert "<script" not in page
    assert Outline(page).text.count("alert(1)") == 2


def test_the_command_writes_the_page_and_replaces_nothing_unasked(
    fit: PanelFit, tmp_path: Path
) -> None:
    path, page = tmp_path / "fit.json", tmp_path / "made" / "disputes.html"
    path.write_text(json.dumps(fit.to_dict()))
    words = ["panel", "score", "disputes", "--fit", str(path), "--placebos", "20"]
    words += ["--by", "ratio=0.5", "--report", str(page)]
    called = CliRunner().invoke(main, words)
    assert called.exit_code == 0, called.output
    assert f"page     {page}" in called.output
    assert "from 0.5" in called.output
    assert "No group is named" in called.output
    made = page.read_text("utf-8")
    assert "where" in Outline(made).ids
    again = CliRunner().invoke(main, words)
    assert again.exit_code == 2
    assert "--force to replace it" in again.output
    told = json.loads(CliRunner().invoke(main, [*words, "--force", "--json"]).stdout)
    assert page.read_text("utf-8") == made
    assert [one["group"] for one in told["by"][0]["groups"]] == ["below 0.5", "from 0.5"]
    assert told["limits"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--report", "page.txt"], "must end in .html"),
        (["--force"], "does nothing without --report"),
        (["--by", "rato"], "no column 'rato'; did you mean 'ratio'"),
        (["--by", "ratio=low"], "write it as ratio=0.3,0.6"),
        (["--by", "ratio=0.5,nan"], "write it as ratio=0.3,0.6"),
        (["--by", "dispute"], "12 make groups at most"),
        (["--by", "outcome=2"], "not a number"),
    ],
)
def test_what_is_asked_wrongly_is_said_before_anything_is_solved(
    fit: PanelFit, tmp_path: Path, asked: list[str], said: str
) -> None:
    path = tmp_path / "fit.json"
    path.write_text(json.dumps(fit.to_dict()))
    called = CliRunner().invoke(main, ["panel", "score", "disputes", "--fit", str(path), *asked])
    assert called.exit_code == 2
    assert said in called.output
    assert "later conflicts, fitted to" not in called.output
