"""`detente read` as a user types it: what is printed, what is written, and what bad input gets.

Would catch: a file that is replaced unasked, one of two files written, a page that runs or fetches
something, text of a document that is markup in it, a traceback, a draft that the live page refuses.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from detente.case import read_case
from detente.cli import main
from detente.reading import document_of, draft_case
from detente.report import render_reading
from detente.workbench._solver import PageSolver
from report.page_outline import Outline

RIVER = (
    "China will probably build a dam. It has money.\n\n"
    "India is unlikely to accept that. If India protests, China may negotiate.\n"
)

HOSTILE = '<script title="x">alert(1)</script>'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "memo.txt").write_text(RIVER, encoding="utf-8")
    return tmp_path


def call(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_without_output_the_case_is_printed(folder: Path) -> None:
    found = call("read", "memo.txt")
    assert found.exit_code == 0, found.output
    assert len(read_case(found.stdout.encode(), "printed.yaml").claims) == 3
    assert sorted(path.name for path in folder.iterdir()) == ["memo.txt"]


def test_the_case_and_its_text_pass_the_check(folder: Path) -> None:
    found = call("read", "memo.txt", "--output", "case.yaml", "--source", "river")
    assert found.exit_code == 0, found.output
    assert "3 claims" in found.output
    assert "wrote river.txt" in found.output
    assert "\n  detente run case.yaml\n" in found.output
    spaced = call("read", "memo.txt", "--output", "my case.yaml", "--source", "river")
    assert "\n  detente check 'my case.yaml' --sources .\n" in spaced.output
    checked = call("check", "case.yaml", "--sources", ".", "--quick")
    assert checked.exit_code == 0, checked.output


def test_nothing_is_replaced_unasked_and_then_nothing_is_written(folder: Path) -> None:
    (folder / "river.txt").write_text("Mine.", encoding="utf-8")
    words = ("read", "memo.txt", "-o", "case.yaml", "--source", "river", "--report", "page.html")
    found = call(*words)
    assert found.exit_code == 2
    assert "river.txt: there already" in found.output
    assert sorted(path.name for path in folder.iterdir()) == ["memo.txt", "river.txt"]
    assert (folder / "river.txt").read_text() == "Mine."
    assert call(*words, "--force").exit_code == 0
    assert (folder / "river.txt").read_text() != "Mine."


def test_a_text_that_is_there_already_as_it_would_be_written_is_no_obstacle(folder: Path) -> None:
    """Would catch: a second draft of a document that has to be forced, and a folder not there."""
    assert call("read", "memo.txt", "-o", "one.yaml", "--source", "river").exit_code == 0
    found = call("read", "memo.txt", "-o", "two.yaml", "--source", "river")
    assert found.exit_code == 0, found.output
    found = call("read", "memo.txt", "-o", "away/case.yaml", "--source", "river")
    assert found.exit_code == 2
    assert "there is no folder away; make it first" in found.output


def test_the_document_itself_is_not_replaced_by_its_clean_text(folder: Path) -> None:
    found = call("read", "memo.txt", "-o", "case.yaml", "--force")
    assert found.exit_code == 2
    assert "--source" in found.output
    assert (folder / "memo.txt").read_text() == RIVER


def test_json_has_the_draft_and_what_was_written(folder: Path) -> None:
    found = call("read", "memo.txt", "-o", "case.yaml", "--source", "river", "--json")
    said = json.loads(found.stdout)
    assert said["written"] == ["case.yaml", "river.txt"]
    assert [claim["words"] for claim in said["claims"]] == ["probably", "unlikely", None]


def test_the_page_marks_the_text_and_runs_nothing(folder: Path) -> None:
    assert call("read", "memo.txt", "--report", "page.html").exit_code == 0
    page = (folder / "page.html").read_text(encoding="utf-8")
    outline = Outline(page)
    assert "Content-Security-Policy" in page
    assert {"script", "link", "img", "iframe"} & set(outline.tags) == set()
    assert len(outline.ids) == len(set(outline.ids))
    assert "C01 predictive" in outline.text
    assert "(55\N{EN DASH}80\u202f%)" in outline.text
    assert outline.text.count("It has money.") == 2, "in the text, and among what is no claim"


def test_text_of_a_document_is_no_markup_of_its_page() -> None:
    said = {"title": HOSTILE, "author": HOSTILE, "publisher": HOSTILE, "address": HOSTILE}
    headings, notes = [(1, HOSTILE)], [HOSTILE]
    text = f"{HOSTILE} will probably run. It ran: {HOSTILE}."
    page = render_reading(
        draft_case(document_of(text, "memo.txt", headings=headings, notes=notes, **said))
    )
    outline = Outline(page)
    assert "script" not in outline.tags
    assert outline.text.count(HOSTILE) > len(said)


def test_an_edition_goes_into_the_case(folder: Path) -> None:
    call("read", "memo.txt", "-o", "case.yaml", "--source", "river")
    (folder / "second.txt").write_text(f"Nobody asked the town.\n\n{RIVER}", encoding="utf-8")
    found = call("read", "second.txt", "--into", "case.yaml")
    assert found.exit_code == 0, found.output
    assert "C01: moved from 1.1 to 2.1" in found.output
    assert call("check", "case.yaml", "--sources", ".", "--quick").exit_code == 0
    again = call("read", "second.txt", "--into", "case.yaml")
    assert "nothing to write" in again.output
    (folder / "river.txt").unlink()
    found = call("read", "second.txt", "--into", "case.yaml")
    assert "river.txt was not there, so every sentence without a claim counts" in found.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nowhere.txt",), "nowhere.txt"),
        (("memo.txt", "--source", "No Id"), "small letters"),
        (("memo.txt", "--into", "nowhere.yaml"), "no such file"),
        (("memo.txt", "--into", "a.yaml", "-o", "b.yaml"), "one of the two"),
        (("memo.txt", "--into", "memo.txt"), "memo.txt:"),
    ],
)
def test_wrong_input_is_said(folder: Path, words: tuple[str, ...], says: str) -> None:
    found = call("read", *words)
    assert found.exit_code == 2
    assert says in found.output
    assert "Traceback" not in found.output


@pytest.mark.parametrize(
    ("view", "says"),
    [
        ("claims", "to do: the claim, in your own words"),
        ("edit", "# 1.1: China will probably build a dam."),
        ("today", "China"),
        ("show", "This case puts no claim to the model."),
    ],
)
def test_the_live_page_opens_a_draft(folder: Path, view: str, says: str) -> None:
    call("read", "memo.txt", "-o", "case.yaml", "--source", "river")
    question = {"kind": "page", "view": view, "query": "case=case.yaml", "plain": False}
    page = next(iter(PageSolver(folder).answer(question)))["html"]
    assert says in page
