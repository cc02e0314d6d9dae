"""Questions under seal: forecast right, sealed with their rubrics, scored on what came.

Would catch: a chance that the chain does not give, a rubric that goes missing, a question sealed
twice, a chance that was changed, a ranking of few, a void question that is scored, an outcome that
was known before the seal, and a wrong cell or key that ends in a traceback.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import runpy
from pathlib import Path

import pytest
from click.testing import CliRunner

from detente.case import as_written, read_case, read_questions
from detente.cli import main
from detente.errors import AnalysisError, InputError
from detente.evidence import LedgerCheck, resolve_questions, seal_forecast, verify_ledger
from detente.evidence._ledger import read_ledger
from evidence.test_placebo import HARBOUR, WEATHER
from evidence.test_seal import NOW, forge

CASE = read_case((HARBOUR + WEATHER).encode(), "harbour.yaml")
RUBRIC = "rubric: {source: the log, wording: its words, ties: the harbour master}"
ROOT = Path(__file__).parents[2]
SEALED = ROOT / "docs" / "sealed"


def question(name: str, query: str, days: str) -> str:
    return f'  - {{id: {name}, says: so, query: "{query}", {days}, {RUBRIC}}}\n'


def asked(*questions: str, known: str = "2011-07-01") -> str:
    return f"known: {known}\nquestions:\n{''.join(questions)}"


TWELVE = asked(
    *(question(f"Q{k}", "storm == high", f"by: 2027-{k:02}-28") for k in range(1, 12)),
    question("Q12", "F pilot.tow == on", "from: 2027-01-01, by: 2027-12-31"),
)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sealed")
    (folder / "questions.yaml").write_text(TWELVE)
    ledger = folder / "ledger.jsonl"
    seal_forecast(CASE, ledger, 3, questions=folder / "questions.yaml", now=NOW)
    return ledger


def outcomes(folder: Path, *rows: str) -> Path:
    path = folder / "outcomes.csv"
    path.write_text("\n".join(["question,outcome,date,source", *rows, ""]))
    return path


def test_chances_are_those_of_the_chain(tmp_path) -> None:
    """Nobody's choice moves the storm, so its chances have closed forms."""
    text = asked(
        question("A", "storm == high", "by: 2012-07-01"),
        question("B", "G storm == high", "by: 2011-12-31"),
        question("C", "F storm == calm", "from: 2012-01-01, by: 2012-03-31"),
    )
    (tmp_path / "q.yaml").write_text(text)
    found = seal_forecast(CASE, tmp_path / "l.jsonl", 3, questions=tmp_path / "q.yaml")
    assert found.questions is not None
    chances = found.questions["chances"]
    year, half = 366 / 365.25, 183 / 365.25
    after, quarter = 183 / 365.25, 91 / 365.25
    expected = {
        "A": 1 / 3 + 2 / 3 * math.exp(-3 * year),
        "B": math.exp(-2 * half),
        "C": 1 - (1 / 3 + 2 / 3 * math.exp(-3 * after)) * math.exp(-2 * quarter),
    }
    for name, chance in expected.items():
        assert chances[name]["posterior"] == pytest.approx(chance, abs=2e-6), name
        assert chances[name]["even odds"] == 0.5


def test_rubrics_are_sealed_and_forecasts_come_out_again(sealed) -> None:
    entry = read_ledger(sealed)[0]
    asked_for = entry["questions"]["asked"]["questions"]
    assert [one["id"] for one in asked_for] == [f"Q{k}" for k in range(1, 13)]
    assert asked_for[0]["rubric"] == {
        "source": "the log", "wording": "its words", "ties": "the harbour master",
    }  # fmt: skip
    found = verify_ledger(sealed)
    assert found.differences[0] < 5e-6
    assert "Q12" in str(found)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda q: q["chances"]["Q1"].update(posterior=0.9), "comes out differently"),
        (lambda q: q["chances"]["Q1"].update(posterior=1.9), "wrong"),
        (lambda q: q["chances"].pop("Q1"), "other questions than it asks"),
        (lambda q: q["asked"]["questions"][0].update(query="storm ==="), "query"),
        (lambda q: q["asked"]["questions"][0].update(says="a\x1b[2Jb"), "says"),
        (lambda q: q["asked"]["questions"][0]["rubric"].pop("ties"), "ties"),
    ],
)
def test_a_forged_question_is_found(sealed, tmp_path, change, words) -> None:
    path = tmp_path / "l.jsonl"
    path.write_bytes(forge(sealed, 1, lambda entry: change(entry["questions"])))
    with pytest.raises(AnalysisError, match=words):
        verify_ledger(path)


def test_a_question_is_sealed_once(sealed, tmp_path) -> None:
    path = tmp_path / "l.jsonl"
    path.write_bytes(sealed.read_bytes())
    with pytest.raises(InputError, match="entry 1 has a question Q1 already"):
        seal_forecast(CASE, path, 3, questions=sealed.parent / "questions.yaml")
    assert path.read_bytes() == sealed.read_bytes()


def test_no_ranking_before_ten_are_resolved(sealed, tmp_path) -> None:
    nine = [f"Q{k},{'yes' if k < 4 else 'no'},2027-01-20,the log" for k in range(1, 10)]
    table = outcomes(tmp_path, *nine, "Q10,void,2027-01-20,the log")
    found = resolve_questions(sealed, table)
    assert (found.ranking, found.to_dict()["ranking"]) == ((), None)
    assert (found.count("yes"), found.count("void"), found.count("open")) == (3, 1, 2)
    assert "A ranking appears from 10 resolved on: 1 missing" in str(found)


def test_ten_resolved_are_ranked_by_their_brier_score(sealed, tmp_path) -> None:
    ten = [f"Q{k},{'yes' if k < 4 else 'no'},2027-01-20,the log" for k in range(1, 11)]
    found = resolve_questions(sealed, outcomes(tmp_path, *ten, "Q11,void,2027-01-20,log"))
    rows = {row.id: row for row in found.rows}
    for score in found.ranking:
        own = [2 * (rows[f"Q{k}"].chances[score.model] - (k < 4)) ** 2 for k in range(1, 11)]
        assert score.mean["brier"] == pytest.approx(sum(own) / 10)
    assert {score.model for score in found.ranking} == {"prior", "posterior", "even odds"}
    assert found.ranking[-1].model == "even odds"
    assert rows["Q12"].outcome == "open"
    assert max(map(len, str(found).splitlines())) <= 80
    words = ["evidence", "resolve", str(sealed), "--outcomes", str(tmp_path / "outcomes.csv")]
    assert "even odds" in CliRunner().invoke(main, words).output
    told = json.loads(CliRunner().invoke(main, [*words, "--json"]).output)
    assert len(told["ranking"]) == 3


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Q99,yes,2027-01-01,log", "row 2, column question: 'Q99' is not sealed here"),
        ("Q1,maybe,2027-01-01,log", "row 2, column outcome: 'maybe'; give yes, no and void"),
        ("Q1,yes,soon,log", "row 2, column date: 'soon' is not a date"),
        ("Q1,yes,2025-01-01,log", "row 2, column date: Q1 was sealed on 2026-01-02"),
        ("Q1,yes,2027-03-01,log", "row 2, column date: Q1 asks by 2027-01-28"),
        ("Q1,yes,2027-01-01,", "row 2, column source: name the source"),
        ("Q1,yes,2027-01-01", "row 2: 3 cells"),
        ("Q1,no,2027-01-01,log\nQ1,no,2027-01-01,log", "row 3, column question: Q1 stands twice"),
        ('"Q1,no', "save it as CSV"),
    ],
)
def test_a_wrong_outcome_is_refused_with_row_and_column(sealed, tmp_path, row, words) -> None:
    with pytest.raises(InputError, match=words):
        resolve_questions(sealed, outcomes(tmp_path, row))


def test_a_ledger_without_questions_is_refused(tmp_path) -> None:
    seal_forecast(CASE, tmp_path / "l.jsonl", 2)
    with pytest.raises(InputError, match="no question is sealed"):
        resolve_questions(tmp_path / "l.jsonl", outcomes(tmp_path))


ONE = question("A", "F storm == calm", "by: 2012-01-01")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("questions: []", "questions: List should have at least 1"),
        (asked(ONE, ONE), "q.yaml:4: A stands twice"),
        (asked(ONE.replace("ties", "tie")), "q.yaml:3: questions.0.rubric.ties: Field required"),
        (asked(ONE.replace("2012-01-01", "soon")), "questions.0.by: it is not a date"),
        (asked(ONE.replace("F storm", "F strom")), "q.yaml:3: A: query .* did you mean 'storm'"),
        (asked(ONE.replace("F storm", "F[0, 2] storm")), "names years"),
        (asked(ONE.replace("by", "from: 2011-01-01, by")), "come after 2011-07-01"),
        (asked(ONE.replace("F storm", "storm").replace("by", "from: 2011-08-01, by")), "alone"),
        (asked(ONE, known="2014-01-01"), "ends on 2011-09-01"),
        ("set: {wort: 1}\n" + asked(ONE), "did you mean 'worth'"),
        ("set: !!python/name:os.system\n" + asked(ONE), "q.yaml:1:"),
    ],
)
def test_a_wrong_file_of_questions_is_refused_in_words(tmp_path, text, words) -> None:
    (tmp_path / "q.yaml").write_text(text)
    with pytest.raises(InputError, match=words):
        read_questions(tmp_path / "q.yaml", CASE)


CASES_2027 = ["peninsula", "iran", "dam", "tradewar"]


@pytest.fixture(scope="module")
def intact() -> LedgerCheck:
    return verify_ledger(SEALED / "ledger.jsonl", run=False)


@pytest.mark.parametrize("name", CASES_2027)
def test_the_questions_about_2027_are_the_sealed_ones(name: str, intact: LedgerCheck) -> None:
    """Their files and ledger belong together, and the ledger is intact; `verify` runs it again."""
    number = CASES_2027.index(name)
    entry = intact.entries[number]
    line = read_ledger(SEALED / "ledger.jsonl")[number]
    assert line["case"] == name
    case = read_case(line["text"].encode(), line["path"])
    written = as_written(read_questions(SEALED / f"{name}_questions.yaml", case))
    assert written == line["questions"]["asked"]
    assert len(written["questions"]) >= 8
    assert dt.datetime.fromisoformat(entry.sealed).date() < dt.date(2027, 1, 1)
    for one in written["questions"]:
        assert one["by"] <= "2027-12-31"
        assert one["from"] is None or one["from"] >= "2027-01-01"


def test_made_up_outcomes_of_2027_rank_models_and_baselines(tmp_path) -> None:
    """The ledger as it will be scored: every question settled, and a forecast of each beside."""
    ledger = SEALED / "ledger.jsonl"
    names = [one.id for one in resolve_questions(ledger, outcomes(tmp_path)).rows]
    rows = [f"{name},{'yes' if k % 3 else 'no'},2027-12-31,made up" for k, name in enumerate(names)]
    found = resolve_questions(ledger, outcomes(tmp_path, *rows))
    assert (len(names), found.count("open"), len(found.ranking)) == (43, 0, 3)
    assert [one.forecaster for one in found.beside] == ["chain", "no change"]
    assert all((one.answered, one.missing) == (43, ()) for one in found.beside)


def test_what_knows_no_strategy_says_what_its_rates_give(tmp_path) -> None:
    """The sealed baselines come out again, and those of a storm nobody moves have closed forms."""
    baselines = runpy.run_path(str(ROOT / "benchmarks" / "sealed_baselines.py"))["baselines"]
    text = asked(
        question("A", "F storm == calm", "by: 2012-07-01"),
        question("B", "G storm == high", "by: 2012-07-01"),
    )
    (tmp_path / "q.yaml").write_text(text)
    said = baselines(read_questions(tmp_path / "q.yaml", CASE)).splitlines()[1:]
    chances = {row.rpartition(",")[0]: float(row.rpartition(",")[2]) for row in said}
    assert chances["chain,A"] == pytest.approx(1 - chances["chain,B"], abs=1e-4)
    assert (chances["no change,A"], chances["no change,B"]) == (0.0, 1.0)
    sealed = (SEALED / "baselines.csv").read_text()
    line = read_ledger(SEALED / "ledger.jsonl")[1]
    case = read_case(line["text"].encode(), line["path"])
    again = baselines(read_questions(SEALED / "iran_questions.yaml", case)).splitlines()[1:]
    assert set(again) <= set(sealed.splitlines())
