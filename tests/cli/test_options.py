"""``--set``, ``--variant``, ``--do`` and ``--given`` mean the same in every command.

Would catch: a command in which one of them has other words or another meaning, an option given a
parameter (or the reverse) that is told only that there is no such name, a formula where levels are
wanted, results of a changed case written over those of the case.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import detente
from detente.cli import main

SMALL = str(Path(__file__).parents[1] / "case" / "small.yaml")
VARIANTS = str(Path(__file__).parents[1] / "case" / "variants.yaml")
WANT = ("--want", "upper.dam <= small", "--payer", "lower", "--from", "upper")


def call(*words: object):
    return CliRunner().invoke(main, list(map(str, words)))


def flat(text: str) -> str:
    return " ".join(text.split())


def every_command(group: click.Group):
    for command in group.commands.values():
        if isinstance(command, click.Group):
            yield from every_command(command)
        else:
            yield command


def test_an_option_has_one_help_text():
    helps = defaultdict(set)
    for command in every_command(main):
        for option in command.params:
            for name in {"--set", "--variant", "--do"} & set(option.opts):
                helps[name].add((option.help, option.metavar, option.multiple))
    assert {name: len(found) for name, found in helps.items()} == {
        "--set": 1,
        "--variant": 1,
        "--do": 1,
    }


@pytest.mark.parametrize(
    "command",
    ["run", "study", "forecast", "stability", "oneshot", "deals", "explore",
     "evidence fit", "evidence score", "evidence argument", "evidence rivals"],
)  # fmt: skip
def test_every_analysis_takes_settings_and_variants(command):
    found: click.Command = main
    for word in command.split():
        assert isinstance(found, click.Group)
        found = found.commands[word]
    if isinstance(found, click.Group):
        found = found.commands["solve"]
    taken = {name for option in found.params for name in option.opts}
    assert {"--set", "--variant"} <= taken


def test_a_set_parameter_is_what_python_sets():
    expected = detente.load(SMALL).set(worth=9.0).conflict().equilibrium()
    found = json.loads(
        call("forecast", SMALL, "F[0, 2] upper.dam == large", "--set", "worth=9", "--json").stdout
    )
    assert found["answers"][0]["value"] == pytest.approx(
        expected.probability("F[0, 2] upper.dam == large").value, abs=1e-9
    )


def test_run_and_study_set_and_choose_and_say_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ("--set", "worth=9", "--variant", "climate.drier")
    ran = call("run", VARIANTS, "-n", "3", *words, "--json")
    assert ran.exit_code == 0, ran.output
    told = json.loads(ran.stdout)
    assert told["case"]["settings"] == {"worth": 9.0}
    assert told["case"]["variants"] == ["climate.drier"]
    assert not {"worth", "climate"} & set(told["study"]["parameters"])
    assert (tmp_path / "results" / "variants-climate.drier-worth=9" / "report.html").exists()
    solved = call("study", VARIANTS, "-n", "3", *words)
    assert solved.exit_code == 0, solved.output
    assert "climate.drier, worth=9" in flat(solved.output)
    (row,) = json.loads(call("study", "list", "--json").stdout)["studies"]
    shown = call("study", "show", row["file"], "--json")
    assert json.loads(shown.stdout)["settings"] == {"worth": 9.0}
    other = call("study", VARIANTS, "-n", "3", "--resume", "--output", row["file"])
    assert other.exit_code == 2
    assert "worth=9, not none" in flat(other.output)
    assert "changed: climate.drier, worth=9" in call("study", "list").output


def test_an_edited_case_with_settings_goes_beside_its_older_study(tmp_path, monkeypatch):
    """Would catch changed cases that are told apart by their settings alone, or not at all."""
    monkeypatch.chdir(tmp_path)
    text = (Path(SMALL).parents[1] / "study" / "small.yaml").read_text()
    Path("river.yaml").write_text(text)
    words = ("study", "river.yaml", "-n", "2", "--set", "worth=2")
    folder = Path("results/river-worth=2")
    assert call(*words).exit_code == 0
    first = (folder / "study.sqlite").read_bytes()
    Path("river.yaml").write_text(text.replace("rate: habit", "rate: 2 * habit"))
    again = call(*words)
    assert again.exit_code == 0, again.output
    assert "another edition of the case: this study goes into" in flat(again.output)
    assert call(*words, "--resume").exit_code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["study-2.sqlite", "study.sqlite"]
    assert (folder / "study.sqlite").read_bytes() == first


@pytest.mark.parametrize("given", [["rain=dry"], ["rain == dry"], ["rain=dry,upper.dam=small"],
                                   ["rain=dry", "upper.dam=small"], ["today"]])  # fmt: skip
def test_a_start_is_levels_or_a_formula(given):
    words = [word for entry in given for word in ("--given", entry)]
    found = call("forecast", SMALL, "F[0, 2] upper.dam == large", *words, "--json")
    assert found.exit_code == 0, found.output
    levels = dict(entry.split("=") for entry in ",".join(given).split(",") if "==" not in entry
                  and entry != "today")  # fmt: skip
    start = given[0] if "==" in given[0] else levels or None
    equilibrium = detente.load(SMALL).conflict().equilibrium()
    expected = equilibrium.probability("F[0, 2] upper.dam == large", start)
    assert json.loads(found.stdout)["answers"][0]["value"] == pytest.approx(expected.value)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("forecast", SMALL, "--do", "worth=2"),
         "not an option or condition; set it with --set worth=2"),
        (("forecast", SMALL, "--set", "lower.reply=protest"),
         "not a parameter; hold it with --do lower.reply=protest"),
        (("run", SMALL, "--set", "lower.reply=protest"),
         "`detente forecast` holds it, with --do lower.reply=protest"),
        (("run", SMALL, "--set", "wort=2"), "did you mean 'worth'"),
        (("run", SMALL, "--variant", "x.y"), "has no variant 'x.y'"),
        (("run", VARIANTS, "--variant", "aim"), "choose a level of it: aim."),
        (("evidence", "rivals", VARIANTS, "--rivals", "aim", "--variant", "aim.peace"),
         "leave it out, or name another variant with --rivals"),
        (("stability", SMALL, "--explain", "upper.dam == large"),
         "write levels, as in --explain upper.dam=large"),
        (("stability", SMALL, "--paths", "upper.dam == large and rain == dry"),
         "as in --paths upper.dam=large,rain=dry"),
        (("stability", SMALL, "--coalitions", "upper.dam > none"), "a state, not the formula"),
        (("deals", SMALL, *WANT, "--given", "rain == dry"), "as in --given rain=dry"),
        (("oneshot", SMALL, "--costs"), "--state today"),
        (("oneshot", SMALL, "--infeasible", "stay"), "--state today"),
        (("oneshot", SMALL, "--state", "rain == dry"), "as in --state rain=dry"),
    ],
)  # fmt: skip
def test_the_wrong_option_is_told_which_is_right(words, said):
    found = call(*words)
    assert found.exit_code == 2, found.output
    assert said in flat(found.output)
    assert "Traceback" not in found.output


@pytest.mark.parametrize(
    "words",
    [
        ("forecast", SMALL, "--set", "worth=2"),
        ("forecast", SMALL, "--do", "lower.reply=protest"),
        ("stability", SMALL, "--explain", "upper.dam=small"),
        ("stability", SMALL, "--make", "today", "--set", "worth=2"),
        ("oneshot", SMALL, "--costs", "--state", "today", "--infeasible", "worst"),
    ],
)
def test_the_advice_holds(words):
    found = call(*words)
    assert found.exit_code == 0, found.output


@pytest.mark.parametrize("words", [["-n", "3"], [SMALL, "--design", "lsh"], [SMALL, "--bad"]])
def test_usage_of_study_names_no_hidden_command(words):
    found = call("study", *words)
    assert found.exit_code == 2
    assert "study solve" not in found.output
    assert "Usage: main study [OPTIONS] CASE" in found.output


def test_a_decimal_comma_is_told_on_the_command_line_too():
    found = call("forecast", SMALL, "--set", "worth=0,3")
    assert found.exit_code == 2
    assert "write 0.3, with a point" in flat(found.output)
    found = call("forecast", SMALL, "F[0, 5] worth > 0,3")
    assert "write 0.3, with a point" in flat(found.output)
