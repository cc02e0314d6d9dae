"""What carries the warnings: commands, results, the page; and what the rules rest on.

Would catch: a warning that one way of looking tells and another does not, an exit code that hides
it, missing answers beside "0 failed", and states called unreachable that a walk reaches.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import detente
from detente.cli import main
from detente.report import render
from detente.review._facts import reachable
from detente.review._worded import likelihoods
from random_conflicts import random_conflict

TRAPS = Path(__file__).parent / "traps"
TRAP, DAM = str(TRAPS / "versus_same.yaml"), str(Path(__file__).parent / "dam.yaml")
NEVER = TRAPS / "while_never.yaml"


def call(*words: str):
    return CliRunner().invoke(main, list(words))


@pytest.mark.parametrize(
    ("words", "code"),
    [((TRAP,), 0), ((TRAP, "--strict"), 2), ((DAM, "--strict"), 0), ((DAM, TRAP, "--strict"), 2)],
)
def test_warnings_end_well_unless_asked_to_be_strict(words: tuple[str, ...], code: int) -> None:
    found = call("check", *words)
    assert found.exit_code == code, found.output
    assert ("[same-arms, claim D2]" in found.stdout) == (TRAP in words)


def test_check_gives_warnings_as_data() -> None:
    (report,) = json.loads(call("check", TRAP, "--json").stdout)
    assert report["problems"] == []
    (warning,) = report["warnings"]
    assert (warning["kind"], warning["subject"], warning["line"]) == ("same-arms", "claim D2", 46)
    assert json.loads(call("check", DAM, "--json").stdout)[0]["warnings"] == []


def test_quick_leaves_out_what_needs_a_solution() -> None:
    path = str(TRAPS / "level_never_used.yaml")
    assert "level-unused" in call("check", path).stdout
    assert "warning" not in call("check", path, "--quick").stdout


def test_run_study_page_and_data_tell_the_same(tmp_path: Path) -> None:
    case = detente.load(TRAP)
    words = [warning.message for warning in case.study(8, 1).review()]
    assert words
    ran = call("run", TRAP, "-n", "8", "-o", str(tmp_path))
    file = str(tmp_path / "study.sqlite")
    solved, seen = call("study", TRAP, "-n", "8", "-o", file), call("study", "show", file)
    data = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    for message in words:
        for output in (ran.output, solved.output, seen.output):
            assert message in " ".join(output.split())
        assert message in [warning["message"] for warning in data["review"]["warnings"]]
        assert message in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert json.loads(call("study", "show", file, "--json").stdout)["review"] == data["review"]


def test_the_page_lists_what_is_meant_with_its_reason() -> None:
    text = Path(TRAP).read_text(encoding="utf-8")
    text += "\nmeant:\n  - {warning: same-arms, of: claim D2, reason: a < b}\n"
    page = render(detente.analyse(detente.read_case(text.encode(), "dam.yaml"), 8))
    assert "Meant, with reasons" in page
    assert "Meant: a &lt; b" in page
    assert "may not say what was meant" not in page


def test_missing_answers_never_stand_beside_no_failures_unsaid() -> None:
    analysis = detente.analyse(detente.load(NEVER), 8)
    assert "8 answers missing" in "\n".join(analysis.summary)
    assert "8 of 8 draws gave D1 no answer: the scope" in " ".join(analysis.failures)
    assert "8 answers missing" in str(analysis.study).splitlines()[0]
    for text in (*analysis.summary, *analysis.failures, str(analysis.study)):
        assert "0 draws failed" not in text
        assert "no draw failed" not in text


D1 = "ask: {expected: upper.dam == large, at: 10}\n    expect: words"


@pytest.mark.parametrize(
    ("claim", "fails"),
    [
        ('ask: {possible: upper.dam == large}\n    expect: "> 0"', True),
        ("ask: {expected: quarrel, at: 3}\n    expect: [0, 0.5]", True),
        ("ask: {expected: quarrel + electricity, at: 3}\n    expect: [0, 2]", False),
        ("ask: {expected: power * quarrel, at: 3}\n    expect: [0, 2]", True),
        ('ask: {expected: upper.dam == large, at: 10}\n    expect: "> 0"', False),
    ],
)
def test_an_interval_that_can_fail_is_let_be(claim: str, fails: bool) -> None:
    text = Path(DAM).read_text(encoding="utf-8").replace("    words: likely\n", "")
    found = detente.read_case(text.replace(D1, claim).encode(), "dam.yaml").review(quick=True)
    assert ("cannot-fail" not in [warning.kind for warning in found]) == fails


@pytest.mark.parametrize(
    "change",
    [
        ("at: 10}", "at: 10, do: {upper.dam: large, lower.reply: protest}}"),
        ("at: 10}", "at: 10, set: {thirst: 0.1}}"),
        ("at: 10}", "at: 10, given: upper.dam == small, do: {upper.dam: large}}"),
    ],
)
def test_an_arm_that_leaves_no_model_is_a_warning_and_no_error(change: tuple[str, str]) -> None:
    text = Path(DAM).read_text(encoding="utf-8").replace("dry: 0.3", "dry: thirst - 0.4")
    rule = "infeasible: [upper.dam == large and lower.reply == protest]\n\nissues:"
    text = text.replace("issues:", rule, 1).replace(*change, 1)
    found = detente.read_case(text.encode(), "dam.yaml").review()
    assert "no-answer" in [w.kind for w in found if w.subject == "claim D1"]


def test_a_review_prints_itself_and_gives_its_rows() -> None:
    review = detente.load(TRAP).review()
    assert str(review).splitlines()[0] == str(review.open[0])
    assert "  - {warning: same-arms, of: claim D2, reason: why it is meant}" in str(review)
    table = review.to_pandas()
    assert list(table["kind"]) == ["same-arms"]
    assert table["line"][0] == 46


def test_places_are_no_part_of_what_a_case_is() -> None:
    text = Path(DAM).read_bytes()
    case, moved = (detente.read_case(t, "dam.yaml") for t in (text, b"\n" + text))
    assert case.places != moved.places
    assert case.claims == moved.claims
    assert case == detente.read_case(text, "dam.yaml")


@pytest.mark.parametrize("seed", range(30))
def test_reachable_states_are_those_of_a_walk(seed: int) -> None:
    conflict = random_conflict(seed)
    first = int(np.flatnonzero(conflict.feasible)[0])
    found, waiting = {first}, [first]
    while waiting:
        state = waiting.pop()
        after = [end for ends in conflict.moves_from(state).values() for end in ends]
        place = conflict.space.position(state)
        for k, rates in zip(conflict.space.conditions, conflict.jumps, strict=True):
            for level in np.flatnonzero(rates[place] > 0):
                after.append(conflict.space.index((*place[:k], int(level), *place[k + 1 :])))
        waiting += [end for end in after if end not in found]
        found |= set(after)
    start = np.zeros(conflict.size, dtype=bool)
    start[first] = True
    got = reachable(conflict, start.reshape(conflict.shape), frozenset())
    assert set(np.flatnonzero(got)) == found


@pytest.mark.parametrize(
    ("sentence", "ranges"),
    [
        ("It will almost certainly come.", [(0.95, 0.99)]),
        ("It will almost certainly not come.", [(0.01, 0.05)]),
        ("That is not likely.", [(0.2, 0.45)]),
        ("It is unlikely, and then very likely.", [(0.2, 0.45), (0.8, 0.95)]),
        ("Protest makes it less likely, and an offer more likely than none.", []),
        ("It is not certain that remote goods are certain to come.", []),
        ("Nothing of the kind.", []),
    ],
)
def test_likelihoods_of_a_sentence(sentence: str, ranges: list[tuple[float, float]]) -> None:
    found = [(one.low, one.high) for one in likelihoods(sentence, "icd203")]
    assert found == [pytest.approx(one) for one in ranges]
