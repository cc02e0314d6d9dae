"""The page to begin with lists what there is, whatever state it is in."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from detente.case import CaseFolder
from detente.errors import InputError
from detente.text import hidden_character
from detente.workbench import _start
from detente.workbench._bench import Bench
from detente.workbench._start import render_start

CHICKEN = files("detente.cases").joinpath("chicken.yaml").read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> CaseFolder:
    (tmp_path / "good.yaml").write_text(CHICKEN.replace("title: Chicken", "title: A good one"))
    (tmp_path / "bad.yaml").write_text("detente: 1\ntitle: A bad one\nactors: [unclosed\n")
    (tmp_path / "results" / "good").mkdir(parents=True)
    (tmp_path / "results" / "good" / "report.html").write_text("a report")
    return CaseFolder(tmp_path)


def test_cases_results_and_the_first_problem_are_listed(folder: CaseFolder) -> None:
    page = render_start(Bench(folder))
    assert '<a href="/claims?case=good.yaml">good.yaml</a> A good one' in page
    assert "cannot be read: line 4: this is not YAML" in page
    assert '<a href="/file/results/good/report.html">' in page
    assert '<a href="/claims?case=peninsula">' in page
    assert str(folder.root) not in page


def test_many_cases_are_listed_without_being_read(
    folder: CaseFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch: a first page that waits until hundreds of cases are read."""
    monkeypatch.setattr(_start, "_LONGEST", 0)
    page = render_start(Bench(folder))
    assert "A good one" in page
    assert "A bad one" in page
    assert "cannot be read" not in page


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    assert f"No case files in {tmp_path.name}" in render_start(Bench(CaseFolder(tmp_path)))


@pytest.mark.parametrize("name", ["a\u202eb.yaml", "e\x1b[2Jc.yaml", "x\udcffy.yaml"])
def test_a_name_that_cannot_be_seen_is_listed_escaped_and_never_opened(
    folder: CaseFolder, name: str
) -> None:
    """One ended the page in an error of the server."""
    (folder.root / name).write_text(CHICKEN)
    (folder.root / "results" / name.replace("yaml", "html")).write_text("a report")
    page = render_start(Bench(folder))
    assert "in its name; rename the file" in page
    assert hidden_character(page) is None
    assert name not in folder.cases()
    with pytest.raises(InputError):
        folder.inside(name)
