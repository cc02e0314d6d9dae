"""What happened, as time lines beside the forecast at the setting, and what every source is for."""

from __future__ import annotations

from collections.abc import Iterator

from detente.case import builtin_cases
from detente.errors import InputError
from detente.text import suggestion
from detente.workbench._edited import case_files, table_of
from detente.workbench._links import link
from detente.workbench._recorded import recorded_beside, source_uses
from detente.workbench._request import FIRST, Fragment, PageView, Request, put
from detente.workbench._templates import render


def _chosen(request: Request) -> tuple[str, ...]:
    name = request.words.get("variable", "")
    known = request.scene.case.namespace.variables
    if name and name not in known:
        hint = suggestion(name, known, "option or condition")
        raise InputError(f"the case has no option or condition {name!r}; {hint}")
    return (name,) if name else ()


def _frame(request: Request) -> str:
    _chosen(request)
    setting = request.scene.setting
    builtin = setting.case in builtin_cases()
    table = "" if builtin else table_of(case_files(request.bench), setting.case)
    return render(
        "record_view.html.j2",
        uses=source_uses(request.scene.base),
        address=link(
            "edit",
            setting,
            ("table", table) if table else ("section", "record"),
            ("add", "" if builtin else "observation"),
        ),
        builtin=builtin,
        plain=request.plain,
    )


def _answer(request: Request) -> Iterator[Fragment]:
    scene, chosen = request.scene, _chosen(request)
    rows = [("All", link("record", scene.setting), not chosen)]
    for name in scene.case.namespace.variables:
        address = link("record", scene.setting, ("variable", name))
        rows.append((scene.names.variable(name), address, name in chosen))
    yield put("record-variables", render("record_variables.html.j2", rows=rows))
    record = recorded_beside(scene, chosen)
    yield put("record-tracks", render("record_tracks.html.j2", record=record))
    yield FIRST


VIEW = PageView("record", "Record", _frame, _answer, style="record.css")
