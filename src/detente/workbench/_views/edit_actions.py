"""What the editor asks for: checks, completion, forms, saving, versions.

Every action takes the text as the page has it, so that text and forms are one document; those that
change something in the text give it back as a whole, and the page puts in what differs.
"""

from __future__ import annotations

import datetime as dt
import difflib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from detente.case import builtin_cases, changed_text
from detente.comparison import compare
from detente.errors import CaseError, InputError
from detente.templates import fill_template
from detente.text import plural
from detente.workbench._bench import Bench
from detente.workbench._controls import problem_of
from detente.workbench._edited import (
    EditedText,
    Finding,
    TextOutline,
    case_files,
    remember_names,
    table_of,
)
from detente.workbench._form_changes import added_entry, changed_field, next_claim, without_entry
from detente.workbench._form_choices import (
    clock_days,
    clock_years,
    likely_words,
    row_choices,
    variable_choices,
)
from detente.workbench._forms import COLUMNS, ROWS_AT_ONCE, SECTIONS, form_entries
from detente.workbench._links import link
from detente.workbench._record_rows import (
    added_rows,
    changed_cell,
    checked_rows,
    pasted_rows,
    record_rows,
    without_row,
)
from detente.workbench._request import Fragment, put, say
from detente.workbench._setting import Setting
from detente.workbench._templates import render
from detente.workbench._versions import CaseFiles, FileConflict, FileText
from detente.workbench._views.compare import DRAWS
from detente.workbench._views.edit import render_versions
from detente.workbench._yaml_completion import complete_text, describe_line

Body = Mapping[str, Any]
_MOST_DIFFERENCES = 400


def _check(bench: Bench, body: Body) -> Iterator[Fragment]:
    files, edited = case_files(bench), EditedText.of(body)
    if body.get("unsaved"):
        files.store_unsaved(_own(files, edited), edited.text)
    _, findings = edited.check(files)
    counts = [(_count(findings, kind), kind) for kind in ("error", "warning")]
    outline = edited.outline(files)
    yield {
        "title": str(outline.data.get("title", "")) if outline else "",
        "findings": [
            {"kind": f.kind, "line": f.line, "column": f.column, "message": f.message}
            for f in findings
            if not f.file
        ],
        "sound": not counts[0][0],
        "count": ", ".join(plural(count, kind) for count, kind in counts if count),
        "now": _hash_now(files, edited),
    }
    yield put("edit-findings", render("edit_findings.html.j2", findings=findings, plain=False))
    remember_names(files, edited.case, outline)
    yield put("edit-forms", _forms(files, edited, outline, findings, body))


def _forms(
    files: CaseFiles, edited: EditedText, outline: TextOutline | None, findings: Any, body: Body
) -> str:
    if outline is None:
        return render("edit_forms.html.j2", outline=None)
    section = body.get("section")
    section = section if section in SECTIONS else "parameters"
    table = outline.data.get("history")
    elsewhere = table if isinstance(table, str) and not edited.table else ""
    rows = record_rows(edited, outline, findings) if section == "record" and not elsewhere else ()
    last = max(0, (len(rows) - 1) // ROWS_AT_ONCE)
    asked = body.get("rows")
    number = min(max(asked, 0), last) if isinstance(asked, int) else last
    return render(
        "edit_forms.html.j2",
        outline=outline,
        names=outline.names,
        section=section,
        title=SECTIONS[section],
        entries=() if edited.table else form_entries(section, outline, findings),
        words=likely_words(),
        years=clock_years(outline),
        days=clock_days(outline),
        variables=variable_choices(outline),
        next_claim=next_claim(outline),
        columns=COLUMNS,
        choices=row_choices(outline),
        elsewhere=elsewhere,
        table=edited.table,
        builtin=edited.case in builtin_cases(),
        case=edited.case,
        rows=rows[number * ROWS_AT_ONCE : (number + 1) * ROWS_AT_ONCE],
        total=len(rows),
        number=number,
        last=last,
    )


def _complete(bench: Bench, body: Body) -> Iterator[Fragment]:
    edited, caret = EditedText.of(body), _number(body, "caret")
    if edited.table:
        yield {"from": caret, "options": [], "about": ["", ""]}
        return
    names = edited.names(case_files(bench))
    caret = min(caret, len(edited.text))
    begin, found = complete_text(edited.text, caret, names) if body.get("list") else (caret, [])
    yield {
        "from": begin,
        "options": [{"text": text, "about": about} for text, about in found],
        "about": describe_line(edited.text, caret, names),
    }


def _change(bench: Bench, body: Body) -> Iterator[Fragment]:
    edited, outline = _outlined(bench, body)
    path = _path(body)
    value, kind = str(body.get("value", "")), str(body.get("kind", "text"))
    if path[0] == "history" and len(path) == 3:
        row, column = path[1:]
        yield {"text": changed_cell(edited, int(row), str(column), value)}
    elif path[0] == "history" and kind == "remove":
        yield {"text": without_row(edited, int(path[1]))}
    elif kind == "remove":
        yield {"text": without_entry(edited.text, outline, path)}
    else:
        yield {"text": changed_field(edited.text, outline, path, value, kind)}


def _add(bench: Bench, body: Body) -> Iterator[Fragment]:
    edited, outline = _outlined(bench, body)
    fields = body.get("fields")
    if not isinstance(fields, dict):
        raise InputError("the page sent no fields; load it again")
    given = {str(key): str(value) for key, value in fields.items()}
    section = str(body.get("section", ""))
    if section == "observation" and edited.table:
        text, number = added_rows(edited, outline, [given]), len(record_rows(edited, outline))
        yield {"text": text, "added": json.dumps(["history", number])}
        return
    text, path = added_entry(edited.text, outline, section, given)
    yield {"text": text, "added": json.dumps(path)}


def _paste(bench: Bench, body: Body) -> Iterator[Fragment]:
    edited, outline = _outlined(bench, body)
    rows = checked_rows(edited, case_files(bench), pasted_rows(str(body.get("pasted", ""))))
    wrong = sum(bool(row.wrong) for row in rows)
    if body.get("add") and not wrong:
        yield {"text": added_rows(edited, outline, [row.cells for row in rows])}
        yield say(f"{plural(len(rows), 'row')} added to the text.")
        return
    yield put(
        "paste-preview", render("edit_pasted.html.j2", rows=rows, wrong=wrong, columns=COLUMNS)
    )


def _save(bench: Bench, body: Body) -> Iterator[Fragment]:
    files, edited = case_files(bench), EditedText.of(body)
    name = _own(files, edited)
    _, findings = edited.check(files)
    if errors := _count(findings, "error"):
        raise InputError(f"the text has {_to_mend(errors)}, or save it as a draft")
    yield from _saved(bench, files, edited, name, str(body.get("base", "")))


def _count(findings: Sequence[Finding], kind: str) -> int:
    return sum(one.kind == kind for one in findings)


def _to_mend(errors: int) -> str:
    return f"{plural(errors, 'error')}; mend {'it' if errors == 1 else 'them'}"


def _saved(
    bench: Bench, files: CaseFiles, edited: EditedText, name: str, base: str
) -> Iterator[Fragment]:
    try:
        found = files.save(name, edited.text, base)
    except FileConflict as conflict:
        yield from _conflict(name, edited.text, conflict)
        return
    files.drop(name)
    yield _state(bench, edited.case, found)
    yield put("edit-versions", render_versions(files, name))
    yield say(f"{name} is saved.")


def _conflict(name: str, mine: str, conflict: FileConflict) -> Iterator[Fragment]:
    now = conflict.now
    lines = [] if now is None else _differences(now.text, mine, "the file now", "your text")
    yield put(
        "conflict-body",
        render("edit_conflict.html.j2", name=name, gone=now is None, lines=lines, words=conflict),
    )
    yield {"conflict": {"text": now.text if now else None, "sha": now.sha if now else ""}}


def _save_as(bench: Bench, body: Body) -> Iterator[Fragment]:
    files, edited = case_files(bench), EditedText.of(body)
    if edited.table:
        raise InputError("save the case under another name, not its table")
    outline = edited.outline(files)
    title = _line(body, "title")
    if outline and title:
        edited = replace(edited, text=changed_text(edited.text, {"title": title}))
    case, findings = edited.check(files)
    if case is None:
        raise InputError(f"the text has {_to_mend(_count(findings, 'error'))} first")
    table = outline.data.get("history") if outline else None
    if isinstance(table, str):  # the check found it inside of the folder
        files.copy_table(edited.case, table.strip())
    name = files.create(str(body.get("name", "")), edited.text)
    files.drop(edited.case)
    moved, _ = Setting.parse(str(body.get("setting", "")))
    setting = replace(moved, case=name)
    said = f"Saved as {name} in {files.folder.root.resolve().name}."
    if problem := problem_of(setting, case):
        setting = Setting(name)
        said += f" What was moved stayed behind, as it does not fit this case: {problem}"
    yield _gone(bench, setting, said, str(body.get("section", "")))


def _save_draft(bench: Bench, body: Body) -> Iterator[Fragment]:
    files, edited = case_files(bench), EditedText.of(body)
    files.save_draft(_own(files, edited), edited.text)
    yield say("Saved as a draft; the case itself is as it was.")
    yield {"drafted": True}


def _stored(bench: Bench, body: Body) -> Iterator[Fragment]:
    """Give a text that is stored beside a file, or take it away."""
    files, edited = case_files(bench), EditedText.of(body)
    name, kind = _own(files, edited), str(body.get("which", ""))
    found = files.drafts(name).get(kind)
    if body.get("drop") and found is not None:
        files.drop(name, kind)
        return
    if found is None:
        raise InputError("that text is not there any more")
    yield {"text": found.text}


def _new_case(bench: Bench, body: Body) -> Iterator[Fragment]:
    files = case_files(bench)
    title = _line(body, "title") or "A new case"
    name = files.create(str(body.get("name", "")), fill_template("blank", title, dt.date.today()))
    yield _gone(bench, Setting(name), f"{name} is made in {files.folder.root.resolve().name}.")


def _version(bench: Bench, body: Body) -> Iterator[Fragment]:
    """Restore an earlier state, which is a save like any other."""
    files, edited = case_files(bench), EditedText.of(body)
    name = _own(files, edited)
    text = files.version(name, str(body.get("version", "")))
    again = EditedText(edited.case, text, edited.table)
    yield from _saved(bench, files, again, name, str(body.get("base", "")))
    yield {"text": text}


def _compare_versions(bench: Bench, body: Body) -> Iterator[Fragment]:
    files, edited = case_files(bench), EditedText.of(body)
    name = _own(files, edited)
    texts = [_text_of(files, name, edited, str(body.get(key, ""))) for key in ("a", "b")]
    lines = _differences(texts[0], texts[1], "A", "B")
    yield put("edit-compared", render("edit_compared.html.j2", lines=lines, words=""))
    if edited.table:
        return
    yield say("Solving both versions")
    try:
        cases = [EditedText(edited.case, text).check(files)[0] for text in texts]
        if None in cases:
            words = "One of the two has errors, so only the texts can be compared."
        else:
            found = compare(cases[0], cases[1], DRAWS)  # type: ignore[arg-type]
            words = str(found)
    except CaseError as error:
        words = str(error)
    yield put("edit-compared", render("edit_compared.html.j2", lines=lines, words=words))
    yield say("")


def _text_of(files: CaseFiles, name: str, edited: EditedText, version: str) -> str:
    if version == "text":
        return edited.text
    return files.read(name).text if version == "file" else files.version(name, version)


def _differences(a: str, b: str, old: str, new: str) -> list[tuple[str, str]]:
    """Return what differs between two texts, line by line, each with its sign."""
    lines = list(difflib.unified_diff(a.split("\n"), b.split("\n"), old, new, n=1, lineterm=""))[2:]
    more = len(lines) - _MOST_DIFFERENCES
    found = [(line[:1], line[1:]) for line in lines[:_MOST_DIFFERENCES]]
    return [*found, ("@", f"and {plural(more, 'line')} more")] if more > 0 else found


def _state(bench: Bench, case: str, found: FileText) -> Fragment:
    at = bench.case(case)
    return {"saved": found.sha, "at": Setting(case).at(at).sha}


def _gone(bench: Bench, setting: Setting, said: str, section: str = "") -> Fragment:
    """Return where a file that was made is edited, and what is to be said there."""
    setting = setting.at(bench.case(setting.case))
    return {"go": link("edit", setting, ("section", section)), "said": said}


def _line(body: Body, key: str) -> str:
    return " ".join(str(body.get(key, "")).split())


def _outlined(bench: Bench, body: Body) -> tuple[EditedText, TextOutline]:
    edited = EditedText.of(body)
    outline = edited.outline(case_files(bench))
    if outline is None:
        raise InputError("the text is not YAML at the moment; mend it, and the forms follow")
    return edited, outline


def _hash_now(files: CaseFiles, edited: EditedText) -> str:
    """Return what the file has now, by which the page sees that another program changed it."""
    try:
        return files.read(edited.table or edited.case).sha
    except InputError:
        return ""


def _own(files: CaseFiles, edited: EditedText) -> str:
    """Return the file that a text belongs to."""
    if not edited.table:
        return edited.case
    if edited.case in builtin_cases():
        raise InputError(f"{edited.case} is built in; save a copy of it, then edit its table")
    if edited.table != table_of(files, edited.case):
        raise InputError(f"{edited.case} does not name the table {edited.table}")
    return edited.table


def _path(body: Body) -> tuple[str | int, ...]:
    found = body.get("path")
    if not isinstance(found, list) or not found or len(found) > 12:
        raise InputError("the page named no place in the text; load it again")
    if not all(isinstance(key, str | int) for key in found):
        raise InputError("the page named no place in the text; load it again")
    return tuple(found)


def _number(body: Body, key: str) -> int:
    found = body.get(key)
    return found if isinstance(found, int) and found >= 0 else 0


EDIT_ACTIONS: Mapping[str, Callable[[Bench, Body], Iterator[Fragment]]] = {
    "check": _check,
    "complete_text": _complete,
    "change": _change,
    "add_entry": _add,
    "paste_rows": _paste,
    "save": _save,
    "save_as": _save_as,
    "save_draft": _save_draft,
    "stored_text": _stored,
    "new_case": _new_case,
    "restore_version": _version,
    "compare_versions": _compare_versions,
}
