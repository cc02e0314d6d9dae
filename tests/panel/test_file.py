"""A panel file that is wrong: each error names the place and the remedy.

Would catch: a traceback, an entry that is passed over in silence, a formula run as code, a file
outside of the folder, a column of the outcome read as a covariate.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from detente.cli import main
from detente.errors import InputError
from detente.panel import load_panel
from panel.made_panels import CLASSES, make_panel

SOUND = f"""
shared: {{pace: {{value: 1, range: [0.1, 6]}}, b: {{value: 0, range: [-4, 4]}}}}
parameters: {{pace: pace, strain_target: exp(b * ratio)}}
outcomes: {CLASSES}
split: {{train: year < 1970, test: year >= 1970}}
"""
ROWS = ["a,1950,0.2,met", "b,1980,0.5,dropped"]


def test_a_sound_one_is_read(tmp_path: Path) -> None:
    panel = make_panel(tmp_path, SOUND, ROWS)
    assert (panel.covariates, panel.train, panel.test) == (("ratio",), (0,), (1,))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("pace: pace", "pce: pace", "made.yaml:6.*no parameter 'pce'; did you mean 'pace'"),
        ("exp(b * ratio)", "exp(b * ration)", "no name 'ration'; did you mean 'ratio'"),
        ("exp(b * ratio)", "__import__('os')", "made.yaml:6"),
        ("exp(b * ratio)", "log(b * ratio)", "made.yaml:6.*no finite number for 'a'"),
        ("exp(b * ratio)", "exp(ratio)", "made.yaml:5.*no formula reads"),
        ("range: [0.1, 6]", "range: [2, 6]", "outside of the range"),
        ("range: [0.1, 6]", "range: [6, 0.1]", "begins above its end"),
        ("range: [0.1, 6]", "range: 6", r"write \[-3, 3\]"),
        ("range: [0.1, 6]", "range: [0.1, 6], distribution: gauss", "no distribution 'gauss'"),
        ("range: [-4, 4]", "range: [-4, 4], distribution: loguniform", "range above 0"),
        ("range: [-4, 4]", "range: [-4, 4], distribution: normal", "needs its sd"),
        ("value: 0,", "value: zero,", "must be a number"),
        ("shared:", "shard:", "no key 'shard' here; did you mean 'shared'"),
        ("column: outcome", "column: outcom", "no column 'outcom'; did you mean 'outcome'"),
        ("first_within: 2", "first_within: -2", "above 0"),
        ("first_within: 2, ", "", "give one of"),
        ("first_within: 2", "first_within: 2, ordered: 'yes'", "ordered: write true or false"),
        ("stand_off: else", "stand_off: challenger.claim == gone", "stand_off.*gone"),
        (", stand_off: else", "", "nothing is said of what it is called"),
        ("first_within: 2", "at: 2", "two classes hold in one state"),
        ("met:", "won:", "the outcome 'met' is none of the classes won"),
        ("year >= 1970", "year >= 1900", "on both sides"),
        ("year < 1970", "year < 1900", "split.train: no conflict is left to fit"),
        ("year >= 1970", "year >= 2070", "split.test: no conflict is left to score"),
        ("b:", "b-0:", "a formula cannot read this name"),
        ("split:", "year: year\nyear: year\nsplit:", r"made.yaml:\d+:1: 'year' appears twice"),
        ("split:", "about: a\u202eb\nsplit:", "U\\+202E"),
        ("split:", "\tsplit:", "indent with spaces"),
        ("outcomes:", "outcome_s:", "no key 'outcome_s'"),
        (f"outcomes: {CLASSES}", "", "outcomes is missing"),
        ("outcomes:", "varying: {own: {spread: tau}}\noutcomes:", "no name 'tau'"),
        ("outcomes:", "varying: {own: {spread: 1}}\noutcomes:", "no formula reads this"),
        ("outcomes:", "varying: {ratio: {spread: 1}}\noutcomes:", "stands for two things"),
        ("outcomes:", "nodes: 0\noutcomes:", "whole number from 1 to 64"),
        ("outcomes:", "year: yr\noutcomes:", "no column 'yr'"),
        ("split:", "split: [", "not YAML"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in SOUND
    with pytest.raises(InputError, match=f"(?s){said}"):
        make_panel(tmp_path, SOUND.replace(old, new), ROWS)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["a,1950,,met", "b,1980,0.5,met"], "rows.csv, line 2: ratio is nothing, not a number"),
        (["a,1950,x,met", "b,1980,0.5,met"], "line 2: ratio is 'x'"),
        (["a,1950,0.2", "b,1980,0.5,met"], "line 2: 3 cells, the head has 4"),
        (["a,1950,0.2,met", "a,1980,0.5,met"], "line 3: the conflict 'a' stands on line 2 too"),
        ([",1950,0.2,met", "b,1980,0.5,met"], "line 2: dispute is empty"),
        (["a,1950,0.2,met", "b,1980,0.5,Met"], "line 3: the outcome 'Met'.*did you mean 'met'"),
        (["a,1950,0.2,met", "b,1980,0.5,m\u200bet"], "line 3: U\\+200B"),
        ([], "no rows"),
    ],
)
def test_a_table_that_is_wrong_is_refused(tmp_path: Path, rows: list[str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        make_panel(tmp_path, SOUND, rows)


def test_other_marks_between_cells_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="separated by semicolons"):
        make_panel(tmp_path, SOUND, ["a;1950;0.2;met"], "dispute;year;ratio;outcome")


def test_a_column_that_no_formula_can_read_is_named(tmp_path: Path) -> None:
    text = SOUND.replace("b * ratio", "b * power ratio")
    with pytest.raises(InputError, match="cannot read the column 'power ratio'; rename it"):
        make_panel(tmp_path, text, ROWS, "dispute,year,power ratio,outcome")


def test_a_year_that_is_no_number_is_said_before_anything_is_fitted(tmp_path: Path) -> None:
    text = SOUND.replace("year < 1970", "ratio < 0.4").replace("year >= 1970", "ratio >= 0.4")
    with pytest.raises(InputError, match="line 3: year is 'soon', not a number"):
        make_panel(tmp_path, f"year: year\n{text}", ["a,1950,0.2,met", "b,soon,0.5,dropped"])


def test_what_test_leaves_is_fitted(tmp_path: Path) -> None:
    panel = make_panel(tmp_path, SOUND.replace("train: year < 1970, ", ""), ROWS)
    assert (panel.train, panel.test) == ((0,), (1,))


def test_a_file_that_is_not_there_is_said_with_its_place(tmp_path: Path) -> None:
    make_panel(tmp_path, SOUND, ROWS)
    for name in ("rows.csv", "dispute.yaml"):
        (tmp_path / name).rename(tmp_path / f"x{name}")
        with pytest.raises(InputError, match=rf"made.yaml:\d.*did you mean 'x{name}'"):
            load_panel(tmp_path / "made.yaml")
        (tmp_path / f"x{name}").rename(tmp_path / name)
    with pytest.raises(InputError, match="this is a case"):
        load_panel(tmp_path / "dispute.yaml")


def test_a_fit_takes_the_place_of_no_other_file(tmp_path: Path) -> None:
    table, fit = tmp_path / "rows.csv", tmp_path / "fit.json"
    for path, said in ((table, "must end in .json"), (fit, "exists; give another name")):
        path.write_text("mine")
        found = CliRunner().invoke(main, ["panel", "fit", "disputes", "-o", str(path)])
        assert (found.exit_code, path.read_text()) == (2, "mine")
        assert said in found.output


def test_nothing_outside_of_the_folder_is_read(tmp_path: Path) -> None:
    make_panel(tmp_path, SOUND, ROWS)
    file = tmp_path / "made.yaml"
    file.write_text(file.read_text("utf-8").replace("rows.csv", "../rows.csv"), "utf-8")
    found = CliRunner().invoke(main, ["panel", "show", str(file)])
    assert found.exit_code == 2
    assert "made.yaml:2" in found.output
    assert "no file of the folder" in found.output


def test_the_outcome_is_no_covariate(tmp_path: Path) -> None:
    text = SOUND.replace("exp(b * ratio)", "exp(b * ended)").replace(
        "column: outcome", "column: ended"
    )
    rows = ["a,1950,0.2,1", "b,1980,0.5,0"]
    text = text.replace("met:", '"1":').replace("dropped:", '"0":')
    with pytest.raises(InputError, match="ended, which is the outcome"):
        make_panel(tmp_path, text, rows, "dispute,year,ratio,ended")


def test_the_command_goes_from_file_to_scores(tmp_path: Path) -> None:
    fit = str(tmp_path / "fit.json")
    run = CliRunner()
    made = run.invoke(main, ["panel", "fit", "disputes", "-o", fit, "--most", "3"])
    assert made.exit_code == 0, made.output
    assert "b_ratio" in made.output
    again = run.invoke(main, ["panel", "fit", "disputes", "-o", fit])
    assert again.exit_code == 2
    assert "--resume" in again.output
    scored = run.invoke(main, ["panel", "score", "disputes", "--fit", fit])
    assert scored.exit_code == 0, scored.output
    assert "base rates" in scored.output
    assert run.invoke(main, ["panel", "score", "disputes", "--fit", "none.json"]).exit_code == 2
