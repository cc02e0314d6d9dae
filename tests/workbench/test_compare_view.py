"""Settings side by side: what differs between them is marked, and what does not is not."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest

import detente
from detente.text import show
from detente.workbench._setting import Setting
from detente.workbench._setting_words import setting_changes
from detente.workbench._solver import PageSolver


def answered(solver: PageSolver, query: str) -> dict[str, str]:
    found = list(solver.answer({"kind": "stream", "view": "compare", "query": query}))
    assert found[-1] == {"end": "done"}
    return {
        line["put"]: " ".join(unescape(re.sub(r"<[^>]+>", " ", line["html"])).split())
        for line in found
        if "put" in line
    }


def beside(*addresses: str) -> str:
    return "".join(f"&with={quote(address)}" for address in addresses)


@pytest.fixture
def solver(tmp_path: Path) -> PageSolver:
    return PageSolver(tmp_path)


def test_repeated_words_of_an_address_are_all_read() -> None:
    """Would catch: an address that names two settings, of which one is lost."""
    _, words = Setting.parse("case=chicken&with=a&with=b")
    assert words == {"with": "a\nb"}


def test_a_setting_beside_itself_differs_in_nothing(solver: PageSolver) -> None:
    found = answered(solver, "case=sanctions&set.pain=1.2" + beside("case=sanctions&set.pain=1.2"))
    assert "From A to now: nothing" in found["compare-sides"]
    assert "No answer differs." in found["compare-claims"]


def test_what_differs_is_said_and_marked(solver: PageSolver) -> None:
    """Would catch: sides that are swapped, and answers of one setting shown under another."""
    found = answered(solver, "case=sanctions&set.pain=1.4" + beside("case=sanctions"))
    assert "From A to now: pain from 0.8 to 1.4" in found["compare-sides"]
    table = found["compare-claims"]
    row = re.search(r"T1 Pressure .*? programme\. (.*?) T", table)
    assert row is not None
    stated, now = re.findall(r"[\d.]+ %", row[1])
    assert stated == "24 %"
    assert now != stated
    assert "The same on all sides: T4" in table


def test_over_draws_it_says_what_the_command_says(solver: PageSolver) -> None:
    """Would catch: draws of other cases than the two settings, or sides that are swapped."""
    query = "case=chicken&set.nerve=3" + beside("case=chicken")
    assert "Compare over 100 draws" in answered(solver, query)["compare-draws"]
    found = answered(solver, f"{query}&draws=20")["compare-draws"]
    wanted = detente.compare("chicken", "chicken", 20, 1, b_set={"nerve": 3.0})
    assert wanted.summary.capitalize() in found
    change = wanted.moved[0]
    assert change.a is not None
    assert f"A {change.a.word} {show(change.a.median, change.kind)}".replace("\u202f", " ") in found
    assert "now \u2212 A" in found


def test_draws_that_are_no_number_are_refused(solver: PageSolver) -> None:
    query = "case=chicken&draws=many" + beside("case=chicken")
    *_, end = solver.answer({"kind": "stream", "view": "compare", "query": query})
    assert (end["end"], end["input"]) == ("failed", True)


def test_another_case_stands_beside(solver: PageSolver, tmp_path: Path) -> None:
    """Would catch: claims of one side only that count as differing verdicts."""
    text = detente.load("sanctions").text.decode()
    (tmp_path / "other.yaml").write_text(text.replace("pain: {value: 0.8", "pain: {value: 1.2"))
    found = answered(solver, "case=sanctions" + beside("case=other.yaml", "case=chicken"))
    assert "parameters.pain.value 1.2 0.8" in found["compare-sides"]
    assert "5 verdicts" not in found["compare-claims"]
    assert "10 claims are not asked on all sides" in found["compare-claims"]
    assert "other.yaml" in found["compare-tools"]


def test_an_earlier_version_of_the_file_stands_beside(solver: PageSolver, tmp_path: Path) -> None:
    text = detente.load("sanctions").text.decode()
    (tmp_path / "mine.yaml").write_text(text)
    versions = tmp_path / ".detente" / "versions" / "mine.yaml"
    versions.mkdir(parents=True)
    name = "20260301T081500Z-0123456789abcdef.yaml"
    (versions / name).write_text(text.replace("pain: {value: 0.8", "pain: {value: 1.2"))
    (versions / "notes.txt").write_text("")
    address = f"case=.detente/versions/mine.yaml/{name}"
    found = answered(solver, "case=mine.yaml" + beside(address))
    assert "mine.yaml as it was until 2026-03-01 08:15 UTC" in found["compare-tools"]
    assert "notes" not in found["compare-tools"]
    assert "parameters.pain.value 1.2 0.8" in found["compare-sides"]


def test_a_side_that_cannot_be_read_does_not_take_the_others_with_it(solver: PageSolver) -> None:
    found = answered(
        solver, "case=sanctions" + beside("case=gone.yaml", "case=sanctions&set.pain=1")
    )
    assert "gone.yaml" in found["compare-sides"]
    assert "From A to now: pain from 1 to 0.8 again, as stated" in found["compare-sides"]
    found = answered(
        solver, "case=sanctions" + beside("a", "case=chicken", "case=sanctions&set.pain=1")
    )
    assert "names no case" in found["compare-sides"]
    assert "2 settings at most" in found["compare-sides"]


def test_a_setting_pinned_before_its_file_changed_says_so(solver: PageSolver) -> None:
    found = answered(solver, "case=sanctions" + beside("case=sanctions&at=000000000000"))
    assert "the file of the case has changed since then" in found["compare-sides"]


def test_differences_of_settings_in_words() -> None:
    """Would catch: a kind of change that is passed over in silence."""
    case = detente.load("peninsula")
    a, _ = Setting.parse("case=peninsula&set.pace=1.5&do.us.offer=none&today.moscow=patron")
    b, _ = Setting.parse(
        "case=peninsula&do.china.council=ease&announced=no&during=0,2&start=2021-05-01"
    )
    assert setting_changes(a, b, case) == (
        "pace from 1.5 to 1 again, as stated",
        "China: council held at ease",
        "United States: offer no longer held",
        "what is held is not announced",
        "held from year 0 to year 2",
        "Moscow is aloof today, not patron",
        "start on 1 May 2021",
    )
    assert setting_changes(b, b, case) == ()
