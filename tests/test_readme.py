"""What the README tells a newcomer to type.

Catches: a case that no longer reads, a command that no longer exists, an error message that has
changed since it was shown.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from detente.case import read_case
from detente.cli import main
from detente.errors import CaseError

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
(CASE,) = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)


def commands() -> list[str]:
    shell = "\n".join(re.findall(r"```sh\n(.*?)```", README, re.DOTALL))
    return [line.partition("#")[0].strip() for line in re.findall(r"^detente (.*)$", shell, re.M)]


FEWER = {
    "evidence score": " -n 4",
    "evidence fit": " --particles 20 --until 2006-07-31 --claims 1 --workers 1",
    "evidence rivals": " -n 2",
}


@pytest.fixture
def dam(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dam.yaml").write_text(CASE, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("command", commands())
def test_every_command_of_the_ten_minutes_works(dam, command):
    command = re.sub(r"(--draws|-n) \d\d+", r"\1 12", command)
    command += FEWER.get(" ".join(command.split()[:2]), "")
    words = re.findall(r'"[^"]*"|\S+', command)
    found = CliRunner().invoke(main, [word.strip('"') for word in words])
    assert found.exit_code == 0, found.output


def test_the_error_shown_is_the_error_given(dam):
    (shown,) = re.findall(r"^dam\.yaml:.*$", README, re.M)
    broken = CASE.replace("(upper.dam > none)", "(upper.dan > none)")
    with pytest.raises(CaseError) as caught:
        read_case(broken.encode(), "dam.yaml")
    assert str(caught.value) == shown


def test_the_case_has_answers_that_are_not_all_the_same():
    study = read_case(CASE.encode(), "dam.yaml").study(draws=40, rng=1)
    assert [v.word for v in study.verdicts()] == ["open", "agrees"]
    assert (study.values.std(axis=0) > 0.01).all()
