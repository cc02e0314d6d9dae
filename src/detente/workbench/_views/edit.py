"""Editing a case: its text, and forms over the same text.

The page comes with the text as its file has it; the script asks for checks, completion and forms
as the text changes, see `detente.workbench._views.edit_actions`. A case that cannot be read comes
on a page of its own, to be mended there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from markupsafe import Markup

from detente.case import builtin_cases
from detente.errors import CaseError
from detente.workbench._bench import Bench
from detente.workbench._edited import EditedText, case_files, table_of
from detente.workbench._forms import SECTIONS
from detente.workbench._request import FIRST, Fragment, PageView, Request, put
from detente.workbench._templates import render
from detente.workbench._versions import CaseFiles


def _frame(request: Request) -> str:
    return _editor(
        case_files(request.bench),
        request.scene.setting.case,
        request.words,
        request.scene.base.title,
        request.scene.setting.moved,
    )


def _editor(
    files: CaseFiles, case: str, words: Mapping[str, str], title: str, moves: int = 0
) -> str:
    own = files.read(case)
    beside = table_of(files, case)
    table = beside if words.get("table") and case not in builtin_cases() else ""
    shown = files.read(table) if table else own
    section = words.get("section", "record" if table else "parameters")
    return render(
        "edit_view.html.j2",
        case=case,
        title=title,
        table=table,
        beside=beside,
        builtin=case in builtin_cases(),
        file=shown,
        sections=SECTIONS,
        section=section if section in SECTIONS else "parameters",
        drafts=files.drafts(table or case),
        folder=files.folder.root.resolve().name,
        copy=f"{PurePosixPath(case).stem}-copy",
        moves=moves,
        plain="plain" in words,
    )


def _answer(request: Request) -> Iterator[Fragment]:
    files, case = case_files(request.bench), request.scene.setting.case
    name = (request.words.get("table") and table_of(files, case)) or case
    yield put("edit-versions", render_versions(files, name))
    if "plain" in request.words:
        found = EditedText(case, files.read(case).text).check(files)[1]
        yield put("edit-findings", render("edit_findings.html.j2", findings=found, plain=True))
    yield FIRST


def render_versions(files: CaseFiles, name: str) -> str:
    """Return the list of earlier states of a file."""
    found = files.versions(name)
    return render("edit_versions.html.j2", versions=found, name=name)


def _mend(bench: Bench, case: str, error: CaseError, words: Mapping[str, str]) -> str:
    editor = _editor(case_files(bench), case, words, case)
    return render("edit_mend.html.j2", case=case, content=Markup(editor))


VIEW = PageView("edit", "Edit", _frame, _answer, "edit.js", "edit.css", mend=_mend)
