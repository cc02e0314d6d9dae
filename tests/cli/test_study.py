"""The study commands as a user types them: solve, resume, list, show, export, salvage, explore.

Catches: a case taken for a subcommand, a resume that starts over, an export that depends on how the
work was shared, lines too wide for a terminal, a traceback where an error belongs.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

import detente
from detente.claims import note_near_misses, starred
from detente.cli import main

SMALL = str(Path(__file__).parents[1] / "study" / "small.yaml")


def call(*words: str):
    return CliRunner().invoke(main, list(map(str, words)))


@pytest.fixture(scope="module")
def solved(tmp_path_factory):
    """Solve one study of twenty draws."""
    path = tmp_path_factory.mktemp("study") / "study.sqlite"
    return path, call("study", SMALL, "-n", "20", "--output", path)


def test_a_case_after_study_is_solved_and_told_in_80_columns(solved):
    path, found = solved
    assert found.exit_code == 0, found.output
    for words in ("C1", "lhs design, 20 draws", "None of 20 draws failed", str(path)):
        assert words in found.output
    lines = found.output.splitlines()[:-1]
    assert max(map(len, lines)) <= 80


def test_options_may_come_before_the_case_and_help_names_both_ways(tmp_path):
    found = call("study", "-n", "3", "--output", tmp_path / "s.sqlite", SMALL)
    assert found.exit_code == 0, found.output
    told = call("study", "--help").output
    for words in ("CASE [OPTIONS]", "COMMAND ...", "--resume", "salvage", "--design"):
        assert words in told


def test_show_and_list_agree_with_what_was_solved(solved):
    path, found = solved
    shown = call("study", "show", path)
    assert shown.output == "\n".join(found.output.splitlines()[:-1]) + "\n"
    listed = json.loads(call("study", "list", path.parent, "--json").output)
    assert [(s["draws"], s["done"], s["seed"]) for s in listed["studies"]] == [(20, 20, 1)]
    assert "finished" in call("study", "list", path.parent).output
    told = json.loads(call("study", "show", path, "--json", "--about", "C2").output)
    assert {v["claim"] for v in told["verdicts"]} == {"C1", "C2", "C3", "C4", "C5", "C6"}
    assert told["about"]["C2"]["discovery"]["what"] == "C2 breaks"
    for what in ("C2", "C4 > 0.9 and worth < 2"):
        assert call("study", "show", path, "--about", what).exit_code == 0


@pytest.mark.parametrize(
    ("design", "said"), [("sobol", "rank"), ("saltelli", "first order"), ("morris", "mu*"),
                         ("tornado", "as stated")]
)  # fmt: skip
def test_every_design_solves_and_tells_what_an_answer_turns_on(tmp_path, design, said):
    """Verdicts from draws; from points that are none, what they are for, and the remedy."""
    path = tmp_path / "s.sqlite"
    found = call("study", "chicken", "-n", "24", "--design", design, "--output", path)
    assert found.exit_code == 0, found.output
    words = " ".join(found.output.split())
    if design == "sobol":
        assert "verdict" in words
    else:
        assert f"A {design} design is for" in words
        assert "no verdicts, shares, drivers or boxes. For those run --design lhs." in words
        assert "agrees" not in words
        assert "bootstrap" not in words
    assert max(map(len, found.output.splitlines()[:-1])) <= 80
    shown = call("study", "show", path, "--about", "K4")
    assert shown.exit_code == 0, shown.output
    assert said in shown.output
    told = json.loads(call("study", "show", path, "--json", "--about", "K4").output)
    assert ("verdicts" in told, told["about"]["K4"]["discovery"] is None) == (
        (True, False) if design == "sobol" else (False, True)
    )
    where = call("study", "show", path, "--about", "K4 > 0.98")
    assert where.exit_code == (0 if design == "sobol" else 2)
    assert ("run --design lhs" in where.output) == (design != "sobol")


def test_an_edit_does_not_block_a_study_and_old_answers_say_that_they_are_old(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    case = Path("small.yaml")
    case.write_bytes(Path(SMALL).read_bytes())
    assert call("study", case, "-n", "2").exit_code == 0
    first = Path("results/small/study.sqlite").read_bytes()
    case.write_text(case.read_text().replace("rate: habit", "rate: 2 * habit"))
    shown = call("study", "show", "results/small/study.sqlite", "--about", "C4")
    assert "small.yaml has changed since this study was made" in " ".join(shown.output.split())
    told = json.loads(call("study", "show", "results/small/study.sqlite", "--json").output)
    assert "has changed" in told["outdated"]
    again = call("study", case, "-n", "2")
    assert again.exit_code == 0, again.output
    assert "another edition of the case: this study goes into" in again.output
    assert "study    results/small/study-2.sqlite" in again.output
    assert call("study", case, "-n", "2", "--resume").exit_code == 0
    assert Path("results/small/study.sqlite").read_bytes() == first
    assert len(list(Path("results/small").iterdir())) == 2


def test_more_boxes_can_be_asked_for(solved):
    told = call("study", "show", solved[0], "--about", "C4 > 0.9", "--boxes", "2", "--json").output
    assert "outside" in json.loads(told)["about"]["C4 > 0.9"]["discovery"]


def test_exports_are_the_same_bytes_however_the_work_was_shared(solved, tmp_path):
    path, _ = solved
    other = tmp_path / "other.sqlite"
    words = ("study", SMALL, "-n", "20", "--workers", "1", "--chunk", "3", "--output", other)
    assert call(*words).exit_code == 0
    for source, name in ((path, "a.csv"), (other, "b.csv")):
        assert call("study", "export", source, tmp_path / name).exit_code == 0
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert len((tmp_path / "a.csv").read_text().splitlines()) == 21


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("study", SMALL, "-n", "20", "--output", "{path}"), 2, "study already"),
        (("study", SMALL, "-n", "21", "--output", "{path}", "--resume"), 2, "20, not 21"),
        (("study", "no_such_case"), 2, "no_such_case"),
        (("study", "show", "{path}.gone"), 2, "No such file"),
        (("study", "show", SMALL), 2, "no study file"),
        (("study", "show", "{path}", "--about", "C99"), 2, "C99"),
        (("study", "export", "{path}", "table.xlsx"), 2, ".csv or .parquet"),
        (("study", "salvage", "{path}", "{path}"), 2, "a file already"),
        (("study", "list", "{path}"), 2, "no such folder"),
        (("explore", SMALL, "--x", "wort", "--y", "thirst", "--show", "C4"), 2, "mean 'worth'"),
        (("explore", SMALL, "--x", "worth", "--y", "worth", "--show", "C4"), 2, "both axes"),
        (("explore", SMALL, "--x", "worth", "--y", "thirst", "--show", "C44"), 2, "C4"),
        (("explore", SMALL, "--x", "worth=2", "--y", "thirst", "--show", "C4"), 2, "LOW:HIGH"),
    ],
)
def test_wrong_input_is_named(solved, words, code, said):
    found = call(*(word.format(path=solved[0]) for word in words))
    assert found.exit_code == code, (found.exit_code, found.output)
    assert said in " ".join(found.output.split())
    assert "Traceback" not in found.output


def test_salvage_and_resume_bring_a_cut_file_back(solved, tmp_path):
    path, _ = solved
    cut, saved = tmp_path / "cut.sqlite", tmp_path / "saved.sqlite"
    cut.write_bytes(path.read_bytes()[:-4_000])
    assert call("study", "show", cut).exit_code == 2
    told = call("study", "salvage", cut, saved).output
    assert 0 < int(re.search(r"saved (\d+) of 20", told)[1]) < 20
    assert "not done yet" in call("study", "show", saved).output
    found = call("study", SMALL, "-n", "20", "--output", saved, "--resume")
    assert found.exit_code == 0
    for source, name in ((path, "a.csv"), (saved, "b.csv")):
        call("study", "export", source, tmp_path / name)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_ctrl_c_says_how_to_go_on_and_ends_with_130(tmp_path):
    path = tmp_path / "s.sqlite"
    # A suite run in the background of a shell inherits that interrupts are ignored.
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from detente.cli import main; main()"
    )
    words = [sys.executable, "-c", code, "study", SMALL, "-n", "3000", "--output", str(path)]
    run = subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    try:
        while not path.exists() or path.stat().st_size < 30_000:
            assert run.poll() is None
            time.sleep(0.01)  # the draws need the cores
        run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=240)
    finally:
        run.kill()
        run.stderr.close()
    assert run.returncode == 130
    assert "--resume goes on" in said
    assert "Traceback" not in said


def test_explore_draws_and_tells_the_same_numbers(tmp_path):
    words = ("explore", SMALL, "--x", "worth", "--y", "upper.talk", "--show", "C4", "--points", "3")
    for name in ("d.svg", "d.html"):
        found = call(*words, "--output", tmp_path / name)
        assert found.exit_code == 0, found.output
        drawn = (tmp_path / name).read_text()
        assert "<svg" in drawn
        assert 'class="base"' in drawn
    told = json.loads(call(*words, "--json", "--output", tmp_path / "d.svg").output)
    assert told["x"]["range"] == [told["x"]["points"][0], told["x"]["points"][-1]]
    for row in told["median"]:
        assert all(f"{value:.2g}" in drawn for value in row)
    assert told["median"][0] == sorted(told["median"][0])


def test_run_and_study_give_the_same_words_stars_and_footnote(tmp_path):
    """Would catch a star that means one thing in one command and another in the next."""
    path = tmp_path / "small.yaml"
    text = Path(SMALL).read_text(encoding="utf-8")
    path.write_text(text.replace('expect: "> 0"', 'expect: "> 0.5"'), encoding="utf-8")
    verdicts = detente.load(path).study(draws=20, rng=5).verdicts()
    assert any(v.near for v in verdicts)
    for words in (
        ("run", path, "-n", "20", "--seed", "5", "--output", tmp_path / "page"),
        ("study", path, "-n", "20", "--seed", "5", "--output", tmp_path / "s.sqlite"),
    ):
        shown = call(*words).output
        for verdict in verdicts:
            row = next(line for line in shown.splitlines() if line.startswith(verdict.claim.id))
            assert row.split()[-1] == starred(verdict).split()[-1]
        assert note_near_misses(verdicts) in " ".join(shown.split())
    page = (tmp_path / "page" / "report.html").read_text(encoding="utf-8")
    told = json.loads((tmp_path / "page" / "results.json").read_text(encoding="utf-8"))
    for verdict, plain in zip(verdicts, told["study"]["verdicts"], strict=True):
        assert (plain["word"], plain["near"]) == (verdict.word, verdict.near)
        assert f"{starred(verdict)}</span>" in page


def test_a_second_picture_never_takes_the_place_of_the_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    kept = {}
    for x, show, points in (
        ("worth", "C4", 2), ("thirst", "C4", 2), ("worth", "C4", 3), ("worth", "C4", 3),
        ("worth", "F[0, 5] upper.dam == large", 2),
    ):  # fmt: skip
        found = call(
            "explore", SMALL, "--x", x, "--y", "upper.talk", "--show", show, "--points", points
        )
        assert found.exit_code == 0, found.output
        path = Path(found.output.splitlines()[-1].removeprefix("diagram").strip())
        kept[path.name] = path.read_bytes()
    folder = Path("results/small")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == kept
    assert sorted(kept) == [
        "explore-thirst-upper.talk-C4.svg",
        "explore-worth-upper.talk-C4-2.svg",
        "explore-worth-upper.talk-C4.svg",
        "explore-worth-upper.talk-F_0_5_upper.dam_large.svg",
    ]
