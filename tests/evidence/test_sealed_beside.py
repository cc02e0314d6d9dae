"""Forecasts of others under seal: read with their questions, sealed, and scored beside the models.

Would catch: a forecast that changes after its seal, one that counts though it came after the
outcome, a forecaster scored on other questions than the models beside it, a second forecast of one
question, and a wrong cell or a forged entry that ends in a traceback.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from detente.cli import main
from detente.errors import AnalysisError, InputError
from detente.evidence import (
    resolve_questions,
    seal_forecast,
    seal_outside,
    seal_statement,
    verify_ledger,
)
from detente.evidence._ledger import read_ledger
from evidence.test_resolve import CASE, NOW, TWELVE, outcomes

HEAD = "forecaster,question,probability"
ELEVEN = [f"Ann,Q{k},{0.9 if k < 4 else 0.2}" for k in range(1, 12)]
CAME = [f"Q{k},{'yes' if k < 4 else 'no'},2027-01-20,the log" for k in range(1, 12)]


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sealed")
    (folder / "questions.yaml").write_text(TWELVE)
    seal_forecast(CASE, folder / "l.jsonl", 2, questions=folder / "questions.yaml", now=NOW)
    return folder / "l.jsonl"


@pytest.fixture
def ledger(made: Path, tmp_path: Path) -> Path:
    path = tmp_path / "l.jsonl"
    path.write_bytes(made.read_bytes())
    return path


def forecasts(folder: Path, *rows: str) -> Path:
    path = folder / "forecasts.csv"
    path.write_text("\n".join([HEAD, *rows, ""]))
    return path


def test_an_outside_forecast_is_scored_on_its_questions(ledger, tmp_path) -> None:
    sealed = seal_outside(ledger, forecasts(tmp_path, *ELEVEN, "Bob,Q1,0.5"), now=NOW)
    assert sealed.numbers["Ann: Q1"] == [0.9]
    assert verify_ledger(ledger, run=False).entries[1] == sealed
    found = resolve_questions(ledger, outcomes(tmp_path, *CAME[:10]))
    [ann] = found.beside
    assert (ann.forecaster, ann.answered, ann.missing) == ("Ann", 10, ())
    own = {row.model: row for row in ann.rows}
    expected = (3 * 2 * 0.1**2 + 7 * 2 * 0.2**2) / 10
    assert own["Ann"].mean["brier"] == pytest.approx(expected)
    assert own["posterior"].mean == {row.model: row for row in found.ranking}["posterior"].mean
    assert {row.model for row in found.ranking} == {"prior", "posterior", "even odds"}
    assert "Ann, on 10 of 10 questions" in str(found)
    assert max(map(len, str(found).splitlines())) <= 80


def test_what_was_sealed_after_the_outcome_does_not_count(ledger, tmp_path) -> None:
    late = dt.datetime(2027, 1, 20, tzinfo=dt.UTC)
    seal_outside(ledger, forecasts(tmp_path, *ELEVEN), now=late)
    assert resolve_questions(ledger, outcomes(tmp_path, *CAME)).beside == ()
    later = [row.replace("01-20", "01-21") for row in CAME[:10]]
    [ann] = resolve_questions(ledger, outcomes(tmp_path, *later, CAME[10])).beside
    assert (ann.answered, ann.missing) == (10, ("Q11",))


def test_a_forecast_is_sealed_once(ledger, tmp_path) -> None:
    seal_outside(ledger, forecasts(tmp_path, "Ann,Q1,0.5"), now=NOW)
    before = ledger.read_bytes()
    with pytest.raises(InputError, match="row 2, column question: Q1 stands twice for Ann"):
        seal_outside(ledger, forecasts(tmp_path, "Ann,Q1,0.9"), now=NOW)
    assert ledger.read_bytes() == before
    assert read_ledger(ledger)[1]["numbers"] == {"Ann: Q1": [0.5]}


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ((), "no forecast in it"),
        (("Ann,Q99,0.5",), "row 2, column question: 'Q99' is not sealed here"),
        (("Ann,Q1,1.5",), "row 2, column probability: '1.5' is no chance"),
        (("Ann,Q1,nan",), "row 2, column probability"),
        (("Ann,Q1",), "row 2: 2 cells"),
        (("posterior,Q1,0.5",), "row 2, column forecaster: posterior is the name of a model"),
        (("a: b,Q1,0.5",), "row 2, column forecaster: 'a: b' has a colon"),
        (("Ann,Q1,0.5", "Ann,Q1,0.5"), "row 3, column question: Q1 stands twice"),
    ],
)
def test_a_wrong_table_is_refused_with_row_and_column(ledger, tmp_path, rows, words) -> None:
    with pytest.raises(InputError, match=words):
        seal_outside(ledger, forecasts(tmp_path, *rows))
    assert len(read_ledger(ledger)) == 1


@pytest.mark.parametrize("numbers", [{"Ann: Q1": [1.5]}, {"Ann: Q1": []}, {"Q1": [0.5]}])
def test_a_forged_entry_is_named(ledger, tmp_path, numbers) -> None:
    seal_statement(ledger, "forecasts", "forecasts by Ann", "x", {}, numbers, now=NOW)
    with pytest.raises(AnalysisError, match="entry 2, numbers"):
        resolve_questions(ledger, outcomes(tmp_path))


def test_from_the_command_line(ledger, tmp_path) -> None:
    path = forecasts(tmp_path, *ELEVEN)
    words = ["evidence", "beside", str(ledger), "--forecasts", str(path), "--json"]
    told = json.loads(CliRunner().invoke(main, words).output)
    assert (told["number"], told["about"]) == (2, "forecasts by Ann")
    assert list(told["files"]) == ["forecasts.csv"]
    assert CliRunner().invoke(main, [*words[:4], "nowhere.csv"]).exit_code == 2
