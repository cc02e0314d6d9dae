"""A setting as a command and as Python: both must give the page's numbers."""

from __future__ import annotations

import contextlib
import io
import json
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

import detente
from detente.case import CaseFolder
from detente.cli import main
from detente.engine import FAILURES
from detente.workbench._answers import answer_at
from detente.workbench._bench import Bench
from detente.workbench._setting import Setting
from detente.workbench._sharing import as_command, as_python, share

SETTINGS = (
    "case=sanctions&set.pain=1.25&set.trust=0.9",
    "case=sanctions&do.sender.sanctions=none&announced=no&set.pain=1.25",
    "case=sanctions&do.sender.sanctions=none&today.neighbour.border=watched&today.target.programme=frozen",
    "case=peninsula&do.us.offer=tactical&announced=no&during=0.5,2&variant=rivals.fatigue"
    "&start=2022-06-01",
)


def answers(query: str) -> dict[str, float]:
    setting, _ = Setting.parse(query)
    scene = Bench(CaseFolder(Path())).scene(setting)
    found = {}
    for claim in scene.asked:
        with contextlib.suppress(*FAILURES):
            found[claim.id] = answer_at(claim, scene).value
    return found


@pytest.mark.parametrize("query", SETTINGS)
def test_the_python_gives_the_numbers_of_the_page(query: str) -> None:
    """Would catch: lines that leave something out, or do not run."""
    setting, _ = Setting.parse(query)
    text = as_python(setting, detente.load(setting.case))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(text, "shared", "exec"), {})
    rows = [line.split(" ", 1) for line in printed.getvalue().splitlines()]
    found = {name: float(value) for name, value in rows if value[0] in "-0123456789"}
    assert found == answers(query)


@pytest.mark.parametrize("query", SETTINGS[1:3])
def test_each_command_gives_the_number_of_its_claim(query: str) -> None:
    """Would catch: a command that asks something else than the page."""
    setting, _ = Setting.parse(query)
    expected = answers(query)
    lines = as_command(setting, detente.load(setting.case)).splitlines()
    found: dict[str, list[float]] = {}
    claim = ""
    for line in lines:
        if line.startswith("#"):
            claim = line[2:].partition(":")[0]
            continue
        made = CliRunner().invoke(main, [*shlex.split(line)[1:], "--json"])
        assert made.exit_code == 0, made.output
        found.setdefault(claim, []).append(json.loads(made.output)["answers"][0]["value"])
    assert set(found) == {"T1", "T2", "T5"}
    for name, values in found.items():
        value = values[0] - (values[1] if len(values) > 1 else 0.0)
        assert value == pytest.approx(expected[name], abs=1e-9)
    assert lines[-1] == "# No command asks this for T3 and T4; lines of Python do."


def test_a_name_from_a_case_is_quoted() -> None:
    """Would catch: a file name that a shell or Python would run."""
    bench = Bench(CaseFolder(Path()))
    setting = Setting("x; rm '\"$(y).yaml", parameters={"pain": 2.0})
    case = bench.case("sanctions")
    assert shlex.split(as_command(setting, case).splitlines()[-1])[2] == setting.case
    assert 'detente.load("x; rm \'\\"$(y).yaml")' in as_python(setting, case)


def test_the_page_gets_the_text() -> None:
    bench = Bench(CaseFolder(Path()))
    (line,) = share(bench, {"query": "case=chicken&set.nerve=4", "kind": "command"})
    assert line["text"].endswith("detente run chicken --set nerve=4")
    with pytest.raises(detente.InputError, match="command or python"):
        list(share(bench, {"query": "case=chicken", "kind": "x"}))
