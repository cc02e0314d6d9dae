"""Every command as a user types it: output, exit codes, and what bad input gets.

Catches: a traceback where an error belongs, JSON that is none, results that depend on the number of
workers, a half-written file, a help that waits for numerical libraries.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import detente
from detente.cli import main

SMALL = str(Path(__file__).parents[1] / "case" / "small.yaml")
QUICK = str(Path(__file__).parents[1] / "study" / "small.yaml")
"""The same dam with fewer states, where the size of the case says nothing."""


def call(*words: str):
    return CliRunner().invoke(main, list(words))


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """One run of the quick case with one worker and one with two."""
    folders = [tmp_path_factory.mktemp(f"workers{n}") for n in (1, 2)]
    results = [
        call("run", QUICK, "--draws", "12", "--workers", str(n), "--output", str(folder))
        for n, folder in enumerate(folders, start=1)
    ]
    return folders, results


def test_run_writes_report_and_results_and_prints_the_claims(ran):
    folders, results = ran
    assert results[0].exit_code == 0, results[0].output
    for claim in ("C1", "C2", "C6"):
        assert claim in results[0].output
    assert str(folders[0] / "report.html") in results[0].output
    assert str(folders[0] / "results.json") in results[0].output
    assert (folders[0] / "report.html").stat().st_size < 500 * 1024
    answers = json.loads((folders[0] / "results.json").read_text())
    assert set(answers["study"]["answers"]) == {"C1", "C2", "C3", "C4", "C5", "C6"}
    assert len(answers["study"]["answers"]["C1"]) == 12


def test_results_are_the_same_bytes_with_one_worker_and_two(ran):
    folders, _ = ran
    one, two = ((folder / "results.json").read_bytes() for folder in folders)
    assert one == two
    one, two = ((folder / "report.html").read_bytes() for folder in folders)
    assert one == two


def test_lines_fit_an_80_column_terminal(ran):
    _, results = ran
    table = results[0].output.split("report ")[0]
    assert max(map(len, table.splitlines())) <= 80


def test_seed_changes_the_draws(tmp_path):
    for seed in ("1", "2"):
        found = call("run", QUICK, "-n", "3", "--seed", seed, "--output", str(tmp_path / seed))
        assert found.exit_code == 0
    one, two = (json.loads((tmp_path / s / "results.json").read_text()) for s in "12")
    assert one["study"]["parameters"] != two["study"]["parameters"]


@pytest.mark.parametrize(
    "words",
    [
        ("stability", SMALL),
        ("stability", SMALL, "--concept", "gmr"),
        ("forecast", SMALL),
        ("forecast", SMALL, "F[0, 5] upper.dam == large", "--while", "mood == low"),
        ("forecast", SMALL, "--do", "lower.reply=protest", "--given", "rain == dry"),
        ("forecast", SMALL, "--set", "worth=2", "--years", "1"),
        ("forecast", SMALL, "F[0, 5] likely > 0.1", "--let", "likely=F[0, 1] upper.dam == large"),
        ("forecast", SMALL, "--until", "upper.dam == large", "--total", "rain == wet"),
        ("forecast", SMALL, "--long-run", "--years", "2"),
        (
            "forecast",
            SMALL,
            "F upper.dam == large",
            "--do",
            "rain=dry",
            "--during",
            "1,2",
            "--unannounced",
        ),
        ("check", SMALL),
        ("cases",),
    ],
)
def test_commands_end_well_in_words_and_in_json(words):
    plain, as_json = call(*words), call(*words, "--json")
    assert plain.exit_code == 0, plain.output
    assert plain.output.strip()
    assert as_json.exit_code == 0, as_json.output
    json.loads(as_json.stdout)


def test_schema_is_json():
    assert json.loads(call("schema").stdout)["$schema"].endswith("draft-07/schema#")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "no_such_case"), "no_such_case"),
        (("check", "no_such_case"), "no_such_case"),
        (("run", SMALL, "--draws", "0"), "draws"),
        (("forecast", SMALL, "F[0, 5 upper.dam == large"), "column"),
        (("forecast", SMALL, "F[0, 5] upper.dam == huge"), "huge"),
        (("forecast", SMALL, "--do", "lower.reply"), "NAME=VALUE"),
        (("forecast", SMALL, "--do", "lower.replies=protest"), "did you mean 'lower.reply'"),
        (("forecast", SMALL, "--set", "worth=much"), "not a number"),
        (("forecast", SMALL, "--set", "wort=1"), "did you mean 'worth'"),
        (("forecast", SMALL, "--years", "-1"), "years"),
        (("forecast", SMALL, "--given", "rain == wet and rain == dry"), "no feasible state"),
        (("stability", SMALL, "--concept", "nahs"), "nash"),
        (("forecast", SMALL, "--while", "mood == low"), "add one"),
        (("forecast", SMALL, "--unannounced"), "--do"),
        (("forecast", SMALL, "--during", "1,2"), "--do"),
        (("forecast", SMALL, "G rain == wet", "--do", "rain=dry", "--during", "1"), "as 0,2"),
        (("forecast", SMALL, "--do", "rain=dry", "--during", "1,2"), "give one"),
        (("forecast", SMALL, "--let", "likely=G rain == wet"), "--let"),
        (("forecast", SMALL, "--until", "upper.dam == huge"), "huge"),
    ],
)
def test_wrong_input_is_named_and_exits_with_2(words, said):
    found = call(*words)
    assert found.exit_code == 2, (found.exit_code, found.output)
    assert said in found.output
    assert "Traceback" not in found.output


def test_a_broken_file_lists_every_problem(tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text(Path(SMALL).read_text().replace("rate: habit", "rate: habbit")
                      .replace("upper.dam: none,", "upper.dam: nonne,"))  # fmt: skip
    found = call("check", str(broken))
    assert found.exit_code == 2
    assert "habbit" in found.output
    assert "nonne" in found.output
    assert f"{broken}:" in found.output.replace("\n", "")


def test_a_place_that_cannot_be_written_ends_with_1(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    found = call("run", SMALL, "-n", "2", "--output", str(blocked))
    assert found.exit_code == 1
    assert "Traceback" not in found.output


def test_help_does_not_wait_for_numerical_libraries():
    code = (
        "import sys; from click.testing import CliRunner; from detente.cli import main;"
        "r = CliRunner().invoke(main, ['--help']); assert r.exit_code == 0;"
        "print(sorted({'numpy', 'scipy', 'numba', 'pydantic', 'rich'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_convert_goes_round_and_names_what_it_cannot_read(tmp_path):
    chicken, game, back = (tmp_path / n for n in ("chicken.gmcr", "chicken.nfg", "back.yaml"))
    source = str(Path(detente.__file__).parent / "cases" / "chicken.yaml")
    for start, end in ((source, chicken), (chicken, game), (game, back)):
        found = call("convert", str(start), str(end))
        assert found.exit_code == 0, found.output
    assert call("check", str(back)).exit_code == 0
    game.write_text("NFG 1 R")
    found = call("convert", str(game), str(back))
    assert found.exit_code == 2
    assert "chicken.nfg" in found.output.replace("\n", "")


def test_further_answers_are_those_of_the_library():
    equilibrium = detente.load(SMALL).conflict().equilibrium()
    asked = ("--until", "upper.dam == large", "--total", "rain == wet", "--long-run")
    found = json.loads(call("forecast", SMALL, "--years", "3", *asked, "--json").stdout)
    assert found["until"] == [equilibrium.expected_time("upper.dam == large").to_dict()]
    assert found["total"] == [equilibrium.accumulated("rain == wet", 3).to_dict()]
    assert found["long_run"] == equilibrium.long_run().to_dict()


def test_a_query_without_a_period_says_what_is_answered():
    found = call("forecast", SMALL, "upper.dam == none").output
    assert "(at the start)" in " ".join(found.split())
    found = call("forecast", SMALL, "F upper.dam == large").output
    assert "without end" in " ".join(found.split())


def test_a_claim_with_a_scope_and_no_end_is_refused_in_the_file(tmp_path):
    text = Path(SMALL).read_text()
    broken = tmp_path / "endless.yaml"
    broken.write_text(text.replace("F[0, 5] upper.dam == large", "F upper.dam == large"))
    found = call("check", str(broken))
    assert found.exit_code == 2
    assert "needs an end" in found.output


def test_a_case_prints_itself_in_a_few_lines():
    case = detente.load(SMALL)
    assert len(str(case)) < 300
    assert len(repr(case)) < 100
    with pytest.raises(detente.InputError, match="worth"):
        case.conflict(worth="much")


def test_the_package_runs_as_a_module():
    """For whoever has no script on the path."""
    asked = [sys.executable, "-m", "detente", "--version"]
    found = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == f"detente {detente.__version__}"


def test_short_options_stand_for_the_same_thing_everywhere():
    pending, outputs = [main], 0
    while pending:
        command = pending.pop()
        pending += getattr(command, "commands", {}).values()
        for option in command.params:
            if "--output" in option.opts:
                outputs += 1
            assert ("-o" in option.opts) == ("--output" in option.opts), command.name
            assert ("-v" in option.opts) == ("--version" in option.opts), command.name
    assert outputs >= 5
    assert call("-v").output == call("--version").output
