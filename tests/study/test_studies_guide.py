"""What docs/studies.md tells to type works as it says.

Catches: a command, an option or a name that is no more.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from detente.cli import main

GUIDE = (Path(__file__).parents[2] / "docs" / "studies.md").read_text(encoding="utf-8")


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("here")
def test_every_command_works():
    shell = "\n".join(re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL))
    commands = re.findall(r"^detente (.*)$", shell, re.MULTILINE)
    assert len(commands) > 5
    for command in commands:
        found = CliRunner().invoke(main, shlex.split(command))
        assert found.exit_code == 0, (command, found.output)


@pytest.mark.usefixtures("here")
def test_every_example_runs(capsys):
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL):
        exec(compile(block, "docs/studies.md", "exec"), names)
    assert "K4" in capsys.readouterr().out
