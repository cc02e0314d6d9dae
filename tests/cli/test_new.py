"""`detente new`: what it writes, what it refuses, and a dialogue that loses no answer.

Would catch: a file that is overwritten unasked, a copy that does not run, answers lost by Ctrl-C,
the end of the input or a kill, a dialogue that waits where there is no terminal, and a page of the
guide that no longer shows what is printed.
"""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import detente
from detente.cli import main
from structure.source_tree import ROOT

GUIDE = (ROOT / "docs" / "new.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


@pytest.fixture
def in_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.cli._new._in_terminal", lambda: True)


def call(*words: str, answers: str = "") -> Result:
    return CliRunner(echo_stdin=True).invoke(main, ["new", *words], input=answers)


def test_a_template_becomes_a_case_of_its_own() -> None:
    found = call("water-on-the_river", "--template", "water_sharing")
    assert found.exit_code == 0, found.output
    assert "wrote water-on-the_river.yaml" in found.output
    for command in ("check", "run", "serve"):
        assert f"detente {command} water-on-the_river.yaml" in found.output
    assert detente.load("water-on-the_river.yaml").title == "Water on the river"


def test_nothing_is_overwritten_unasked(in_a_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (in_a_folder / "dam.yaml").write_text("mine")
    (in_a_folder / "pen_history.csv").write_text("mine")
    for words in (
        ["dam", "-t", "blank"],
        ["dam", "--from", "chicken"],
        ["pen", "--from", "peninsula"],
    ):
        found = call(*words)
        assert found.exit_code == 2
        assert "--force to replace it" in found.output
    assert [path.read_text() for path in in_a_folder.iterdir()] == ["mine", "mine"]
    assert call("dam", "-t", "blank", "--title", "Ours", "--force").exit_code == 0
    assert detente.load("dam.yaml").title == "Ours"


def test_a_copy_of_a_case() -> None:
    assert call("mine.yml", "--from", "chicken").exit_code == 0
    assert detente.load("mine.yml").claims == detente.load("chicken").claims
    assert call("again", "--from", "mine.yml", "--title", "Again").exit_code == 0
    assert detente.load("again.yaml").title == "Again"


def test_the_list_names_every_template() -> None:
    found = call("--list")
    for name in ("deterrence", "sanctions", "crisis_bargaining", "water_sharing", "alliance",
                 "peace_talks", "blank"):  # fmt: skip
        assert re.search(rf"^{name} ", found.output, re.MULTILINE)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "give the new case a name"),
        (["x"], "no terminal to ask questions in; give --template"),
        (["x", "-t", "water"], "there is no template 'water'"),
        (["x", "--from", "nowhere"], "there is no such file and no built-in case"),
        (["x", "-t", "blank", "--from", "chicken"], "exclude each other"),
        (["nowhere/x", "-t", "blank"], "there is no folder nowhere; make it first"),
        (["..", "-t", "blank"], "cannot be the name of a case"),
        (["", "-t", "blank"], "cannot be the name of a case"),
    ],
)
def test_what_cannot_be_done_is_said(in_a_folder: Path, words: list[str], said: str) -> None:
    found = call(*words)
    assert found.exit_code == 2, found.output
    assert said in found.output
    assert list(in_a_folder.iterdir()) == []


def test_a_name_is_made_fit_for_a_file() -> None:
    assert "wrote My-dam.yaml" in call("My dam?", "-t", "blank").output


@pytest.mark.usefixtures("in_terminal")
@pytest.mark.parametrize("end", ["quit\n", ""])
def test_answers_outlive_the_dialogue(in_a_folder: Path, end: str) -> None:
    """Would catch answers lost by `quit` or the end of the input, and a start from nothing."""
    found = call("dam", answers=f"A dam\nWho?\nback\nWhy?\n7\n{end}")
    assert found.exit_code == 130
    assert "dam.answers.txt" in found.output
    stored = (in_a_folder / "dam.answers.txt").read_text().splitlines()
    assert stored[1:] == ["A dam", "Why?", "7"]
    found = call("dam", answers="\nA, B\n")
    assert "has 3 answers of an earlier start" in found.output
    assert "Who decides?" in found.output
    assert not (in_a_folder / "dam.yaml").exists()


@pytest.mark.usefixtures("in_terminal")
def test_ctrl_c_loses_nothing(in_a_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = iter(["A dam", "Why?"])

    def strike(_: str) -> str:
        for answer in given:
            return answer
        raise KeyboardInterrupt

    monkeypatch.setattr("builtins.input", strike)
    found = call("dam")
    assert found.exit_code == 130
    assert "your answers are in dam.answers.txt" in found.output
    assert (in_a_folder / "dam.answers.txt").read_text().endswith("A dam\nWhy?\n")


# The dialogue is driven through a pseudo-terminal, which only Unix has.
@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")
def test_a_terminal_is_asked_and_a_kill_loses_nothing(in_a_folder: Path) -> None:
    """The program itself in a terminal, ended by a signal as Ctrl-C ends it."""
    terminal, its_end = os.openpty()
    words = [sys.executable, "-m", "detente", "new", "dam"]
    program = subprocess.Popen(words, stdin=its_end, stdout=its_end, stderr=its_end)
    os.close(its_end)
    printed, answers = b"", [b"A dam\n"]
    with suppress(OSError):  # the terminal is gone with the program
        while select.select([terminal], [], [], 60)[0]:
            printed += os.read(terminal, 4096)
            if select.select([terminal], [], [], 0.3)[0] or not printed.endswith(b"> "):
                continue
            if answers:
                os.write(terminal, answers.pop())
            else:
                program.terminate()
    os.close(terminal)
    assert program.wait(60) == 130
    assert "THE CASE" in printed.decode()
    assert (in_a_folder / "dam.answers.txt").read_text().endswith("A dam\n")


@pytest.mark.usefixtures("in_terminal")
def test_stored_answers_that_were_spoilt_are_taken_as_far_as_they_go(in_a_folder: Path) -> None:
    (in_a_folder / "dam.answers.txt").write_text("A dam\n\nmany\nA, B\n")
    found = call("dam", answers="yes\n")
    assert "answer 3, 'many', cannot be taken: 'many' is not a number" in found.output
    assert found.exit_code == 130
    (in_a_folder / "dam.answers.txt").write_bytes(b"\xff\xfe")
    assert call("dam").exit_code == 2


@pytest.mark.usefixtures("in_terminal")
def test_the_guide_shows_what_is_printed(
    in_a_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    transcript = re.search(r"```\n\$ detente new fishing\n(.*?)```", GUIDE, re.DOTALL)
    assert transcript is not None
    answers = re.findall(r"^> ?(.*)$", transcript[1], re.MULTILINE)
    found = call("fishing", answers="".join(f"{answer}\n" for answer in answers))
    assert found.exit_code == 0, found.output

    def bare(text: str) -> list[str]:
        return [line.rstrip() for line in text.splitlines()]

    assert bare(transcript[1]) == bare(found.output)
    assert sorted(path.name for path in in_a_folder.iterdir()) == ["fishing.yaml"]
    assert detente.load("fishing.yaml").review().open == ()


@pytest.mark.usefixtures("in_terminal")
def test_questions_fit_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    found = call("dam", answers="\n\n\n")
    assert max(map(len, found.stdout.splitlines())) <= 20
