"""The page on warnings lists every kind as the code has it, and its example is what is printed.

Would catch: a kind that the page lacks or tells otherwise, an output that has changed since.
"""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from detente.case import WARNING_KINDS
from detente.cli import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "warnings.md").read_text(encoding="utf-8")
SEEN = {"case": "the file", "solved": "the solution", "draws": "the draws"}


def test_the_table_is_that_of_the_code() -> None:
    rows = [
        f"| `{kind.name}` | {kind.meaning} | {kind.remedy} | {SEEN[kind.seen]} |"
        for kind in WARNING_KINDS.values()
    ]
    table = PAGE.partition("| seen in |\n|---|---|---|---|\n")[2].partition("\n\n")[0]
    assert table.splitlines() == rows


def test_the_example_is_what_check_prints(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = (Path(__file__).parent / "traps" / "versus_same.yaml").read_text(encoding="utf-8")
    Path("dam.yaml").write_text(text, encoding="utf-8")
    found = CliRunner().invoke(main, ["check", "dam.yaml"])
    (shown,) = re.findall(r"```\n\$ detente check dam.yaml\n(.*?)```", PAGE, re.DOTALL)
    assert [line.rstrip() for line in found.stdout.splitlines()] == shown.splitlines()
