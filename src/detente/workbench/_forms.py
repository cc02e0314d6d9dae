"""Forms over a case's text: what each field shows, and to which place of the text it belongs.

A form is made from the plain values of the text, sound or not, so that it stands while a text is
being mended. Every field carries the keys that lead to its value and the kind of value; see
`detente.workbench._form_changes` for the way back. Cost: linear in the section that is shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from detente.case import format_fields
from detente.text import spaced
from detente.workbench._edited import Finding, TextOutline
from detente.workbench._form_choices import (
    Choices,
    called,
    pairs_of,
    plain_choices,
    written,
)

SECTIONS = {
    "parameters": "Parameters",
    "actors": "Actors and options",
    "claims": "Claims",
    "sources": "Sources",
    "record": "Record",
}
ROWS_AT_ONCE = 40
"""Rows of the record on one form."""
MEASURES = ("probability", "expected", "average", "gain", "equilibrium", "possible")
COLUMNS = ("date", "until", "variable", "level", "kind", "source", "confidence", "note")
_DISTRIBUTIONS = ("", "uniform", "loguniform", "normal", "triangular")

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class FormField:
    """A field: the keys that lead to its value, the kind of value, and what stands there."""

    label: str
    path: Path
    kind: str
    value: str = ""
    choices: Choices = ()
    hint: str = ""
    suggestions: str = ""
    wide: bool = False

    @property
    def id(self) -> str:
        """A name for the element."""
        return "f-" + "/".join(map(str, self.path)).replace(" ", "_")

    @property
    def keys(self) -> str:
        """The keys as JSON."""
        return json.dumps(self.path)


@dataclass(frozen=True)
class FormEntry:
    """One thing of a section, such as a parameter, with its fields."""

    title: str
    about: str
    path: Path
    line: int
    fields: tuple[FormField, ...]
    more: tuple[FormField, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def id(self) -> str:
        """A name for the element."""
        return "e-" + "/".join(map(str, self.path)).replace(" ", "_")

    @property
    def keys(self) -> str:
        """The keys as JSON."""
        return json.dumps(self.path)


def form_entries(
    section: str, outline: TextOutline, findings: Sequence[Finding]
) -> tuple[FormEntry, ...]:
    """Return the entries of a section with their fields."""
    make = {
        "parameters": _parameters,
        "actors": _actors,
        "claims": _claims,
        "sources": _sources,
        "record": _clock,
    }[section]
    entries = sorted(make(outline), key=lambda entry: entry.line)
    return tuple(_with_findings(entries, findings, _end_of(section, outline)))


def _parameters(outline: TextOutline) -> Iterator[FormEntry]:
    for name, body in _items(outline.data, "parameters"):
        path: Path = ("parameters", name)
        ends = body.get("range")
        low, high = ends if isinstance(ends, list) and len(ends) == 2 else (None, None)
        yield FormEntry(
            name,
            written(body.get("reason")),
            path,
            outline.places.of(*path)[0],
            (
                _field(outline, "Value", (*path, "value"), "number"),
                FormField("Lowest", (*path, "range"), "low", written(low)),
                FormField("Highest", (*path, "range"), "high", written(high)),
            ),
            (
                _field(outline, "Distribution", (*path, "distribution"), "text", _DISTRIBUTIONS),
                _field(outline, "Unit", (*path, "unit"), "text"),
                _field(outline, "Reason", (*path, "reason"), "long"),
                _field(outline, "Source", (*path, "source"), "text", suggestions="all-sources"),
            ),
        )


def _actors(outline: TextOutline) -> Iterator[FormEntry]:
    for actor, body in _items(outline.data, "actors"):
        path: Path = ("actors", actor)
        yield FormEntry(
            f"{spaced(actor)}",
            "actor",
            path,
            outline.places.of(*path)[0],
            (
                _field(outline, "Name in full", (*path, "title"), "text"),
                _field(outline, "Chances to move a year", (*path, "rate"), "formula"),
            ),
            (
                _field(outline, "Precision", (*path, "precision"), "formula"),
                _field(outline, "Discount rate a year", (*path, "discount"), "formula"),
                _field(outline, "Who this is", (*path, "about"), "long"),
                *(
                    _field(outline, f"Weight of {spaced(issue)}", (*path, *keys), "formula")
                    for keys, issue in _weights(body)
                ),
            ),
        )
        for option, form in pairs_of(body, "options"):
            yield _variable(outline, f"{actor}.{option}", (*path, "options", option), form)
    for condition, form in pairs_of(outline.data, "conditions"):
        yield _variable(outline, condition, ("conditions", condition), form)


def _variable(outline: TextOutline, name: str, path: Path, form: Any) -> FormEntry:
    long = isinstance(form, dict)
    levels = outline.names.variables.get(name, ())
    today = ("status_quo", name)
    fields = [
        FormField(
            "Levels, lowest first",
            (*path, "levels") if long else path,
            "list",
            ", ".join(levels),
            wide=True,
        ),
        FormField(
            "Today",
            today,
            "text",
            written(_value(outline.data, today)),
            plain_choices(("", *levels)),
        ),
    ]
    more = []
    if long and path[0] == "actors":
        more.append(_field(outline, "Cost of a change", (*path, "cost"), "formula"))
    if long:
        more.append(_field(outline, "What it is", (*path, "about"), "long"))
    kind = "option" if path[0] == "actors" else "condition"
    return FormEntry(name, kind, path, outline.places.of(*path)[0], tuple(fields), tuple(more))


def _claims(outline: TextOutline) -> Iterator[FormEntry]:
    claims = outline.data.get("claims")
    for place, body in enumerate(claims if isinstance(claims, list) else []):
        if not isinstance(body, dict) or "id" not in body:
            continue
        name = written(body["id"])
        path: Path = ("claims", name)
        ask = body.get("ask")
        yield FormEntry(
            name,
            written(body.get("says")),
            path,
            outline.places.of("claims", place)[0],
            (
                FormField("What it says", (*path, "says"), "long", written(body.get("says"))),
                FormField(
                    "Words of likelihood", (*path, "words"), "text", written(body.get("words")),
                    suggestions="likely-words",
                ),
                FormField(
                    "Expects", (*path, "expect"), "expect", _expected(body.get("expect")),
                    suggestions="expectations",
                ),
            ),
            tuple(_question(outline, body, ask, path)),
        )  # fmt: skip


def _question(
    outline: TextOutline, body: Mapping[str, Any], ask: Any, path: Path
) -> Iterator[FormField]:
    if isinstance(ask, dict) and ({"outcome", "exchange"} & {*ask, ask.get("by")}):
        pass  # what is asked of the table of bargaining is written in the text
    elif isinstance(ask, dict):
        measure = next((one for one in MEASURES if one in ask), "probability")
        asked = (*path, "ask")
        yield FormField(
            "Asks for",
            asked,
            "measure",
            measure,
            plain_choices(MEASURES),
            _meaning(f"claims.ask.{measure}"),
        )
        kind = "text" if measure == "gain" else "formula"
        yield FormField(
            "Of what", (*asked, measure), kind, written(ask.get(measure)), wide=True,
        )  # fmt: skip
        for key, label in (("at", "After years"), ("over", "Over years")):
            if {"at": "expected", "over": "average"}[key] == measure:
                yield FormField(label, (*asked, key), "number", written(ask.get(key)))
        if measure == "equilibrium":
            concepts = plain_choices(("", "nash", "gmr", "smr", "seq", "sseq", "sim"))
            yield FormField(
                "Concept", (*asked, "concept"), "text", written(ask.get("concept")), concepts
            )
        held = dict(pairs_of(ask, "do"))
        for name, levels in outline.names.variables.items():
            words, place = f"Hold {called(name, outline)}", (*asked, "do", name)
            choices = plain_choices(("", *levels))
            yield FormField(words, place, "text", written(held.get(name)), choices)
        yield FormField("While", (*path, "while"), "formula", written(body.get("while")))
    else:
        yield FormField(
            "Why it is not asked", (*path, "unasked"), "long", written(body.get("unasked"))
        )
    where = body.get("where") if isinstance(body.get("where"), dict) else {}
    if where:
        for key, label in (("paragraph", "Paragraph"), ("sentence", "Sentence"), ("hash", "Hash")):
            kind = "text" if key == "hash" else "number"
            yield FormField(label, (*path, "where", key), kind, written(where.get(key)))
    yield FormField("Note", (*path, "note"), "long", written(body.get("note")))


def _sources(outline: TextOutline) -> Iterator[FormEntry]:
    labels = {
        "title": "Title", "author": "Author", "date": "Date", "publisher": "Publisher",
        "address": "Address", "note": "Note",
    }  # fmt: skip
    for name, body in _items(outline.data, "sources"):
        path: Path = ("sources", name)
        fields = [
            _field(outline, label, (*path, key), "date" if key == "date" else "text")
            for key, label in labels.items()
        ]
        title = written(body.get("title"))
        line = outline.places.of(*path)[0]
        yield FormEntry(name, title, path, line, tuple(fields[:3]), tuple(fields[3:]))


def _clock(outline: TextOutline) -> Iterator[FormEntry]:
    fields = (
        _field(outline, "The record begins", ("clock", "since"), "date"),
        _field(outline, "The forecast starts", ("clock", "start"), "date"),
        _field(outline, "The case ends", ("clock", "end"), "date"),
    )
    about = (
        "The period of the case."
        if isinstance(outline.data.get("clock"), dict)
        else "The case has no clock yet, and observations need one. Say on which day its forecast "
        "starts, and on which day the record begins."
    )
    yield FormEntry("Clock", about, ("clock",), outline.places.of("clock")[0], fields)


def _field(
    outline: TextOutline,
    label: str,
    path: Path,
    kind: str,
    choices: Sequence[str] = (),
    suggestions: str = "",
) -> FormField:
    names = {"actors", "parameters", "sources"}
    keys = [str(key) for k, key in enumerate(path) if k != 1 or path[0] not in names]
    own = written(_value(outline.data, path))
    offered = (*choices, own) if choices and own not in choices else tuple(choices)
    hint = _meaning(".".join(keys))
    return FormField(label, path, kind, own, plain_choices(offered), hint, suggestions)


def _meaning(path: str) -> str:
    return next((one.meaning for one in format_fields() if one.path == path), "")


def _weights(body: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    preferences = body.get("preferences")
    for issue, _ in pairs_of(preferences, "weights"):
        yield ("preferences", "weights", issue), issue


def _expected(value: object) -> str:
    return f"[{written(value)}]" if isinstance(value, list) else written(value)


def _with_findings(
    entries: Sequence[FormEntry], findings: Sequence[Finding], end: int
) -> Iterator[FormEntry]:
    lines = [entry.line for entry in entries]
    for k, entry in enumerate(entries):
        last = lines[k + 1] if k + 1 < len(lines) else max(end, entry.line + 1)
        own = [f for f in findings if not f.file and entry.line <= f.line < last]
        yield FormEntry(
            entry.title, entry.about, entry.path, entry.line, entry.fields, entry.more, tuple(own)
        )


def _end_of(section: str, outline: TextOutline) -> int:
    """Return the line at which the next section begins."""
    own = {"actors": "conditions", "record": "clock"}.get(section, section)
    if own not in outline.data and section == "actors":
        own = "actors"
    here = outline.places.of(own)[0]
    later = [line for key in outline.data if (line := outline.places.of(key)[0]) > here]
    return min(later, default=10**9)


def _value(data: Any, path: Path) -> Any:
    for key in path:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data


def _items(data: Mapping[str, Any], key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from ((name, body) for name, body in pairs_of(data, key) if isinstance(body, dict))
