"""Forecasts of others beside the models: the same questions, the same rules, wrong cells refused.

Would catch: a forecaster scored on other questions than the models beside it, by other rules, a
question that goes missing unnamed, an outcome that leaks into the sheet of questions, and a wrong
cell that is taken or ends in a traceback.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import detente
from detente.cli import main
from detente.errors import InputError
from detente.evidence import BlindForecasts, blind_forecasts, question_sheet, score_forecasts

UNTIL = "2021-03-15"
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def asked() -> tuple[BlindForecasts, ...]:
    return blind_forecasts(detente.load("peninsula"), UNTIL, draws=4, rng=1)


def filled(asked: tuple[BlindForecasts, ...], model: str, name: str) -> Rows:
    """Return the sheet of questions, filled in with the forecasts of a model."""
    rows = list(csv.DictReader(io.StringIO(question_sheet(asked))))
    for row, answer in zip(rows, (r for blind in asked for r in blind.rows()), strict=True):
        row |= {"forecaster": name, "probability": repr(answer[model])}
    return rows


def written(path: Path, rows: Rows, head: list[str] | None = None) -> Path:
    with path.open("w", newline="") as file:
        table = csv.DictWriter(file, head or list(rows[0]), extrasaction="ignore")
        table.writeheader()
        table.writerows(rows)
    return path


def test_who_says_what_a_model_says_scores_as_the_model(asked, tmp_path) -> None:
    rows = filled(asked, "chain", "Ann") + filled(asked, "uniform", "a crowd")
    found = score_forecasts(asked, 1, beside=written(tmp_path / "f.csv", rows))
    assert [one.forecaster for one in found.beside] == ["Ann", "a crowd"]
    for one, model in zip(found.beside, ("chain", "uniform"), strict=True):
        own = {row.model: row for row in one.rows}
        assert (one.answered, one.missing) == (len(asked[0].asked), ())
        assert own[one.forecaster].mean == pytest.approx(own[model].mean)
        assert own[model].against["brier"] == pytest.approx((0.0, 0.0), abs=1e-12)
        assert own["posterior"].mean == found.row("posterior").mean
    assert found.rows == score_forecasts(asked, 1).rows


def test_all_are_scored_on_the_questions_that_were_answered(asked, tmp_path) -> None:
    rows = filled(asked, "chain", "Ann")
    gone = {(row["variable"], row["date"]) for row in rows[::7]}
    rest = [row for row in rows if (row["variable"], row["date"]) not in gone]
    found = score_forecasts(asked, 1, beside=written(tmp_path / "f.csv", rest)).beside[0]
    assert sorted(found.missing) == sorted(f"{name} on {date}" for name, date in gone)
    blind = asked[0]
    answered = [
        k for k, q in enumerate(blind.asked) if (q.variable, str(blind.date(q))) not in gone
    ]
    assert found.answered == len(answered)
    for row in found.rows:
        given = blind.forecasts["chain" if row.model == "Ann" else row.model]
        scores = [
            (given[k] ** 2).sum() - 2 * (given[k] * blind.asked[k].outcome).sum() + 1
            for k in answered
        ]
        assert row.mean["brier"] == pytest.approx(np.mean(scores))
    assert f"and {len(gone) - 6} more" in " ".join(str(found).split())
    assert max(map(len, str(found).splitlines())) <= 80


def test_columns_in_another_order_and_rounded_chances_are_read(asked, tmp_path) -> None:
    rows = filled(asked, "uniform", "Ann")
    for row in rows:
        row["probability"] = f"{float(row['probability']):.2f}"
    head = ["probability", "level", "variable", "date", "forecaster"]
    found = score_forecasts(asked, 1, beside=written(tmp_path / "f.csv", rows, head)).beside[0]
    own = {row.model: row for row in found.rows}
    assert own["Ann"].mean == pytest.approx(own["uniform"].mean)


def test_the_sheet_says_nothing_of_what_happened(asked) -> None:
    rows = list(csv.DictReader(io.StringIO(question_sheet(asked))))
    assert len(rows) == len(asked[0].rows())
    assert all(row["probability"] == row["forecaster"] == "" for row in rows)
    assert set(rows[0]) == {"forecaster", "until", "date", "variable", "level", "probability"}


def put(column: str, value: str) -> Callable[[Rows], object]:
    return lambda rows: rows[2].update({column: value})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (put("probability", "0,3"), r"row 4, column probability: '0,3' is no chance"),
        (put("probability", "nan"), r"row 4, column probability"),
        (put("probability", "1.5"), r"row 4, column probability"),
        (put("level", "tactica"), r"row 4, column level: .* did you mean 'tactical'"),
        (put("variable", "us.ofer"), r"row 4, column variable: .* did you mean 'us.offer'"),
        (put("date", "2021-02-30"), r"row 4, column date: us.offer is not asked about on"),
        (put("until", "2020-01-01"), r"row 4, column until: .* give 2021-03-15"),
        (put("forecaster", "posterior"), r"row 4, column forecaster: .* the name of a model"),
        (put("forecaster", ""), r"row 4, column forecaster: '' is no name"),
        (put("forecaster", "a\x1b[2Jb"), r"row 4, column forecaster"),
        (lambda rows: rows.insert(2, rows[1]), r"row 4, column level: tactical stands twice"),
        (lambda rows: rows.pop(2), r"row 2, column level: the question lacks relational"),
        (lambda rows: rows[0].update(probability="0.9"), r"row 2, column probability: .* sum to"),
    ],
)
def test_a_wrong_cell_is_refused_with_row_and_column(asked, tmp_path, change, words) -> None:
    rows = filled(asked, "uniform", "Ann")
    change(rows)
    with pytest.raises(InputError, match=words):
        score_forecasts(asked, 1, beside=written(tmp_path / "f.csv", rows))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "lacks forecaster"),
        ("forecaster;date;variable;level;probability\n", "lacks forecaster"),
        ("forecaster,date,variable,level,probability\n", "no forecast in it"),
        ("forecaster,date,variable,level,probability,why\n", "other columns"),
        ("forecaster,date,variable,level,probability\nAnn,2021\n", "row 2: 2 cells"),
        ('forecaster,date,variable,level,probability\n"Ann,2021\n', "save it as CSV"),
        ("PK\x03\x04", "Excel"),
    ],
)
def test_what_is_no_table_is_refused(asked, tmp_path, text, words) -> None:
    path = tmp_path / "f.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=words):
        score_forecasts(asked, 1, beside=path)


def test_from_the_command_line(tmp_path) -> None:
    words = ["evidence", "score", "peninsula", "--until", UNTIL, "--draws", "2"]
    sheet = tmp_path / "sheet.csv"
    assert CliRunner().invoke(main, [*words, "--sheet", str(sheet)]).exit_code == 0
    rows = list(csv.DictReader(io.StringIO(sheet.read_text())))
    for row in rows:
        row |= {"forecaster": "Ann", "probability": "0.5"}
    two_levels = [row for row in rows if row["variable"] in {"rivalry", "attention"}]
    path = written(tmp_path / "f.csv", two_levels)
    found = CliRunner().invoke(main, [*words, "--beside", str(path), "--json"])
    assert found.exit_code == 0
    [ann] = json.loads(found.output)["beside"]
    assert ann["answered"] == len(two_levels) / 2


@pytest.mark.parametrize("more", [[], ["--particles", "20"]])
def test_a_wrong_table_is_refused_before_anything_is_solved(more, tmp_path, monkeypatch) -> None:
    """Would catch: a wrong cell that is said after minutes of solving."""

    def solve(*_: object, **__: object) -> None:
        raise AssertionError("solved before the table was read")

    monkeypatch.setattr("detente.evidence.blind_forecasts", solve)
    monkeypatch.setattr("detente.evidence.sample_posterior", solve)
    path = tmp_path / "f.csv"
    path.write_text("forecaster,date,variable,level,probability\nAnn,2022-01-01,us.ofer,a,1\n")
    words = ["evidence", "score", "peninsula", "--until", UNTIL, *more]
    for table in (path, "nowhere.csv"):
        found = CliRunner().invoke(main, [*words, "--beside", str(table)])
        assert found.exit_code == 2, found.output
    with pytest.raises(InputError, match=r"row 2, column variable"):
        detente.load("peninsula").score(UNTIL, beside=path)
