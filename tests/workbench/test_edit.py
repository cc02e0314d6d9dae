"""Actions of the editor: whatever goes wrong, no traceback and no lost text."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from detente.workbench._solver import PageSolver
from detente.workbench._versions import CaseFiles
from workbench.test_forms import act, text_of


@pytest.fixture
def solver(tmp_path: Path) -> PageSolver:
    solver = PageSolver(tmp_path)
    (tmp_path / "small.yaml").write_text(text_of(solver, "chicken"), newline="\n")
    return solver


def sha_of(solver: PageSolver) -> str:
    return CaseFiles(solver.bench.folder).read("small.yaml").sha


def test_a_save_gives_the_address_its_new_hash(solver: PageSolver) -> None:
    text = text_of(solver, "small.yaml").replace("title: Chicken", "title: Hens")
    found = act(solver, "save", case="small.yaml", text=text, base=sha_of(solver))
    assert solver.bench.case("small.yaml").title == "Hens"
    assert solver.bench.case("small.yaml").sha256.startswith(found["at"])
    assert found["saved"] == sha_of(solver)
    assert "Restore" in found["edit-versions"]


def test_a_broken_text_is_saved_as_a_draft_only(solver: PageSolver, tmp_path: Path) -> None:
    before = text_of(solver, "small.yaml")
    found = act(solver, "save", case="small.yaml", text="title: [", base=sha_of(solver))
    assert "save it as a draft" in found["error"]
    found = act(solver, "save_draft", case="small.yaml", text="title: [")
    assert found["drafted"]
    assert text_of(solver, "small.yaml") == before
    page = next(iter(solver.answer(
        {"kind": "page", "view": "edit", "query": "case=small.yaml", "plain": False}
    )))["html"]  # fmt: skip
    assert "There is a draft of this" in page
    found = act(solver, "stored_text", case="small.yaml", text=before, which="draft")
    assert found["text"] == "title: ["


def test_a_conflict_shows_both_texts_and_what_differs(solver: PageSolver, tmp_path: Path) -> None:
    base, text = sha_of(solver), text_of(solver, "small.yaml")
    (tmp_path / "small.yaml").write_text(text.replace("title: Chicken", "title: Theirs"))
    mine = text.replace("title: Chicken", "title: Mine")
    found = act(solver, "save", case="small.yaml", text=mine, base=base)
    assert "saved" not in found
    assert found["conflict"]["text"].count("Theirs") == 1
    assert "- title: Theirs" in found["conflict-body"]
    assert "+ title: Mine" in found["conflict-body"]
    found = act(solver, "save", case="small.yaml", text=mine, base=found["conflict"]["sha"])
    assert found["saved"]


def test_a_version_is_compared_and_restored(solver: PageSolver) -> None:
    old = text_of(solver, "small.yaml")
    new = old.replace("nerve: {value: 6", "nerve: {value: 3")
    saved = act(solver, "save", case="small.yaml", text=new, base=sha_of(solver))
    version = CaseFiles(solver.bench.folder).versions("small.yaml")[0].id
    body = {"case": "small.yaml", "text": new}
    found = act(solver, "compare_versions", a=version, b="text", **body)
    assert "parameters.nerve.value: 6 in A, 3 in B" in found["edit-compared"]
    found = act(solver, "restore_version", version=version, base=saved["saved"], **body)
    assert found["text"] == old == text_of(solver, "small.yaml")
    assert len(CaseFiles(solver.bench.folder).versions("small.yaml")) == 2


def test_a_case_that_cannot_be_read_is_mended_on_its_page(
    solver: PageSolver, tmp_path: Path
) -> None:
    """Would catch: a broken file that the editor does not open."""
    (tmp_path / "broken.yaml").write_text("detente: 1\ntitle: [\n")
    question = {"kind": "page", "view": "edit", "query": "case=broken.yaml", "plain": False}
    found = next(iter(solver.answer(question)))
    assert found["status"] == 422
    assert "title: [" in found["html"]
    assert "edit.js" in found["html"]
    question["query"] = "case=nowhere.yaml"
    assert "there is no such file" in next(iter(solver.answer(question)))["html"]


def test_a_new_case_starts_sound(solver: PageSolver) -> None:
    found = act(solver, "new_case", name="grain", title="Grain: a quarrel")
    assert found["go"].startswith("/edit?case=grain.yaml")
    text = text_of(solver, "grain.yaml")
    found = act(solver, "check", case="grain.yaml", text=text)
    assert found["findings"] == []
    assert "already" in act(solver, "new_case", name="grain", title="")["error"]


@pytest.mark.parametrize(
    "text",
    ["a\0b", "a\ud800b", "title: \u202e evil", "x" * (10 * 2**20), "", "- 1", "a: &x [*x]", "\t"],
)
def test_no_text_is_too_odd_to_be_checked(solver: PageSolver, text: str) -> None:
    """Would catch: a traceback, or a line that no JSON can carry."""
    for name in ("check", "save", "save_draft", "complete_text", "change", "add_entry"):
        body = {"path": ["title"], "value": "x", "caret": 1, "list": True, "fields": {}, "base": ""}
        found = act(solver, name, case="small.yaml", text=text, **body)
        assert found["end"] in {"done", "failed"}, name
        str(found).encode("utf-8", "strict")
    assert text_of(solver, "small.yaml").startswith("# The smallest")


@pytest.mark.parametrize("body", [{}, {"case": 1}, {"case": "small.yaml", "text": None}, [], "x"])
def test_no_body_is_too_odd(solver: PageSolver, body: object) -> None:
    from detente.workbench._views.edit_actions import EDIT_ACTIONS

    for name in EDIT_ACTIONS:
        lines = list(solver.answer({"kind": "act", "name": name, "body": body}))
        assert lines[-1]["end"] in {"done", "failed"}, name


def test_a_folder_that_cannot_be_written_to_says_so(
    solver: PageSolver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, mode: str = "r", **_: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    text, base = text_of(solver, "small.yaml"), sha_of(solver)
    true: Callable[..., object] = Path.open

    def opened(path: Path, mode: str = "r", *rest: object, **more: object) -> object:
        return refused(path) if "w" in mode else true(path, mode, *rest, **more)

    monkeypatch.setattr(Path, "open", opened)
    found = act(solver, "save", case="small.yaml", text=text + "\n# mine\n", base=base)
    assert "Permission denied; nothing is lost" in found["error"]
    assert act(solver, "check", case="small.yaml", text=text, unsaved=True)["end"] == "done"
    assert "Permission denied" in act(solver, "save_draft", case="small.yaml", text=text)["error"]


def test_a_file_removed_meanwhile_is_written_again_on_request(
    solver: PageSolver, tmp_path: Path
) -> None:
    text, base = text_of(solver, "small.yaml"), sha_of(solver)
    (tmp_path / "small.yaml").unlink()
    found = act(solver, "save", case="small.yaml", text=text, base=base)
    assert found["conflict"] == {"text": None, "sha": ""}
    assert act(solver, "save", case="small.yaml", text=text, base="")["saved"] == base
    shutil.rmtree(tmp_path / ".detente", ignore_errors=True)
    assert "no versions" not in act(solver, "check", case="small.yaml", text=text)


def test_unsaved_text_outlives_the_server(solver: PageSolver, tmp_path: Path) -> None:
    text = text_of(solver, "small.yaml") + "# half a thought"
    act(solver, "check", case="small.yaml", text=text, unsaved=True)
    again = PageSolver(tmp_path)
    question = {"kind": "page", "view": "edit", "query": "case=small.yaml", "plain": False}
    assert "a text that was not saved" in next(iter(again.answer(question)))["html"]
    found = act(again, "stored_text", case="small.yaml", text="", which="unsaved")
    assert found["text"] == text
