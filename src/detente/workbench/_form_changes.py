"""What a person put into a form, written into the text of the case.

A field becomes one change of the text at its keys; everything else, comments and order included,
stays as it stood. What makes no number or date is refused in the words of the reader of cases; all
else is left for the check of the text. Cost: see `detente.case.changed_text`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from detente.case import changed_text, phrases
from detente.errors import InputError
from detente.text import quote
from detente.workbench._edited import TextOutline
from detente.workbench._form_choices import clock_years, written
from detente.workbench._forms import COLUMNS, MEASURES, Path

_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_QUERY = re.compile(r"\s*[FG]\s*(\[[^\]]*\])?\s*")
_SPAN = re.compile(r"\[?\s*([-+\d.eE]+)\s*(?:,|to|\N{EN DASH})\s*([-+\d.eE]+)\s*\]?")
_UNTIL = re.compile(r"\s*[FG]\s*\[[^\],]*,\s*([\d.]+)\s*\]")
_YEARS = 5
"""Where a question that named no years becomes one that does, and the case has no end."""


def changed_field(text: str, outline: TextOutline, path: Path, value: str, kind: str) -> str:
    r"""Return a text with the value at some keys changed to what a field holds.

    Examples
    --------
    >>> from detente.case import read_outline
    >>> from detente.workbench._yaml_completion import CaseNames
    >>> text = "parameters:\n  thirst: {value: 1, range: [0, 2]}  # high in summer\n"
    >>> outline = TextOutline(*read_outline(text), CaseNames())
    >>> new = changed_field(text, outline, ("parameters", "thirst", "range"), "3", "high")
    >>> print(new, end="")
    parameters:
      thirst: {value: 1, range: [0, 3]}  # high in summer
    """
    if kind in {"low", "high"}:
        made: object = _range(outline, path, value, kind)
    elif kind == "measure":
        made = _measure(outline, path, value)
    else:
        made = read_value(value, kind)
    if made is None:
        return without_entry(text, outline, path)
    return changed_text(text, _nested(path, made))


def without_entry(text: str, outline: TextOutline, path: Path) -> str:
    """Return a text without what stands at some keys; a mapping that this empties goes too."""
    while len(path) > 1 and (above := _at(outline, path[:-1])) is not None and len(above) == 1:
        path = path[:-1]
    if _at(outline, path[:-1]) is None:
        return text
    return changed_text(text, _nested(path, None))


def added_entry(
    text: str, outline: TextOutline, section: str, fields: Mapping[str, str]
) -> tuple[str, Path]:
    """Return a text with a thing added, from the fields of a form, and the keys of what was added.

    Parameters
    ----------
    text : str
    outline : TextOutline
    section : str
        ``parameter``, ``actor``, ``option``, ``claim``, ``source`` or ``observation``.
    fields : mapping of str to str

    Raises
    ------
    InputError
        For a thing without a name, or with one that is there already.
    """
    given = {key: value.strip() for key, value in fields.items()}
    make = {
        "parameter": _parameter,
        "actor": _actor,
        "option": _option,
        "claim": _claim,
        "source": _source,
        "observation": _observation,
    }
    if section not in make:
        raise InputError(f"nothing is called {section!r} in a form; load the page again")
    changes, path = make[section](outline, given)
    return changed_text(text, changes), path


def read_value(value: str, kind: str) -> object:
    """Return what a field holds as a value of the file; None where it is empty.

    Examples
    --------
    >>> read_value("0.80", "number"), read_value("none, some", "list"), read_value("", "text")
    (0.8, ['none', 'some'], None)
    >>> read_value("0.2 to 0.5", "expect"), read_value("< 0.2", "expect")
    ([0.2, 0.5], '< 0.2')
    """
    value = " ".join(value.split())
    if not value:
        return None
    if kind == "number":
        return _number(value)
    if kind == "formula":
        return _number(value) if _NUMBER.fullmatch(value) else value
    if kind == "list":
        return [part for one in value.strip("[]").split(",") if (part := one.strip())]
    if kind == "date":
        return _date(value)
    if kind == "expect":
        return _expectation(value)
    return value


def _parameter(outline: TextOutline, given: Mapping[str, str]) -> tuple[Any, Path]:
    name = _new_name(outline, "parameters", given.get("name", ""), "parameter")
    low, high = (
        read_value(given.get("low", ""), "number"),
        read_value(given.get("high", ""), "number"),
    )
    value = read_value(given.get("value", ""), "number")
    if value is None:
        raise InputError("give the parameter a value, the number used where one is wanted")
    body = {
        "value": value,
        "range": [low, high] if low is not None and high is not None else None,
        "unit": given.get("unit") or None,
        "reason": given.get("reason") or None,
        "source": given.get("source") or None,
    }
    return {"parameters": {name: body}}, ("parameters", name)


def _source(outline: TextOutline, given: Mapping[str, str]) -> tuple[Any, Path]:
    name = re.sub(r"[^a-z0-9]+", "-", given.get("name", "").lower()).strip("-")
    name = _new_name(outline, "sources", name, "source")
    title = given.get("title")
    if not title:
        raise InputError("give the source a title")
    body = {
        "title": title,
        "author": given.get("author") or None,
        "date": read_value(given.get("date", ""), "date"),
        "publisher": given.get("publisher") or None,
    }
    return {"sources": {name: body}}, ("sources", name)


def _actor(outline: TextOutline, given: Mapping[str, str]) -> tuple[Any, Path]:
    name = _new_name(outline, "actors", given.get("name", ""), "actor")
    option = _as_name(given.get("option", ""), "option")
    levels, today = _levels(given)
    issue = given.get("issue")
    wants = (
        {"weights": {issue: read_value(given.get("weight") or "1", "formula")}}
        if issue
        else {"statements": [f"{name}.{option} == {today}"]}
    )
    body = {
        "title": given.get("title") or None,
        "options": {option: {"levels": levels}},
        "preferences": wants,
    }
    changes = {"actors": {name: body}, "status_quo": {f"{name}.{option}": today}}
    return changes, ("actors", name)


def _option(outline: TextOutline, given: Mapping[str, str]) -> tuple[Any, Path]:
    actor, levels_today = given.get("actor", ""), _levels(given)
    name = _as_name(given.get("name", ""), "option")
    full = f"{actor}.{name}"
    if actor not in outline.names.actors:
        raise InputError("choose the actor that has the option")
    if full in outline.names.variables:
        raise InputError(f"there is an option {full} already; change it above")
    body = {"levels": levels_today[0], "cost": read_value(given.get("cost", ""), "formula")}
    changes = {"actors": {actor: {"options": {name: body}}}, "status_quo": {full: levels_today[1]}}
    return changes, ("actors", actor, "options", name)


def _claim(outline: TextOutline, given: Mapping[str, str]) -> tuple[Any, Path]:
    name = given.get("name") or next_claim(outline)
    if name in outline.names.claims:
        raise InputError(f"there is a claim {name} already; choose another id")
    if not given.get("says"):
        raise InputError("write in one sentence what the claim says")
    body: dict[str, object] = {"says": given["says"]}
    if given.get("measure") == "unasked":
        body["unasked"] = given.get("reason") or "Not put to the model yet."
    else:
        body |= _asked(outline, given)
    row = {key: value for key, value in body.items() if value is not None}
    if isinstance(outline.data.get("claims"), list) and outline.data["claims"]:
        return {"claims": {name: row}}, ("claims", name)
    return {"claims": [{"id": name, **row}]}, ("claims", name)


def _asked(outline: TextOutline, given: Mapping[str, str]) -> dict[str, object]:
    variable, level = given.get("variable", ""), given.get("level", "")
    if variable not in outline.names.variables or level not in outline.names.variables[variable]:
        raise InputError("choose what the claim is about: an option or condition, and its level")
    state = f"{variable} {given.get('comparison') or '=='} {level}"
    measure = given.get("measure") or "happens"
    years = read_value(given.get("years", ""), "number")
    if years is None and measure in {"happens", "holds", "expected", "average"}:
        raise InputError("say for how many years this is asked, under “Years”")
    ask: dict[str, object]
    match measure:
        case "happens" | "holds":
            letter = "F" if measure == "happens" else "G"
            ask = {"probability": f"{letter}[0, {years}] {state}"}
        case "expected":
            ask = {"expected": state, "at": years}
        case "average":
            ask = {"average": state, "over": years}
        case "equilibrium" | "possible":
            ask = {measure: state}
        case _:
            raise InputError(f"nothing is asked as {quote(measure)}; choose from the list")
    if given.get("held"):
        ask["do"] = {given["held"]: given.get("held_level", "")}
    expects = given.get("expects", "")
    if expects.lower() in phrases("icd203"):
        return {"words": expects.lower(), "ask": ask, "expect": "words"}
    return {"ask": ask, "expect": read_value(expects, "expect")}


def _observation(outline: TextOutline, given: Mapping[str, str]) -> tuple[Any, Path]:
    row = observation_row({key: given.get(key, "") for key in COLUMNS})
    clock = outline.data.get("clock")
    if not isinstance(clock, dict):
        raise InputError(
            "the record needs a clock: give the day on which the forecast starts, above"
        )
    begins = str(clock.get("since") or clock.get("start") or "")
    wider: dict[str, object] = {}
    if (day := row.get("date")) is not None and str(day) < begins:
        if not given.get("widen"):
            raise InputError(f"{day} is before the record begins, {begins}; let it begin earlier")
        wider = {"clock": {"since": day}}
    rows = outline.data.get("history")
    if isinstance(rows, list) and rows:
        return {**wider, "history": {len(rows): row}}, ("history", len(rows))
    return {**wider, "history": [row]}, ("history", 0)


def observation_row(given: Mapping[str, str]) -> dict[str, object]:
    """Return a row of the record as a file has it, from its cells as text; a gap has no level."""
    found: dict[str, object] = {}
    for column, value in given.items():
        if column == "level" and given.get("kind") == "gap":
            continue
        kind = "date" if column in {"date", "until"} else "text"
        made = read_value(value, kind)
        if made is not None and not (column == "kind" and made == "seen"):
            found[column] = made
    return found


def next_claim(outline: TextOutline) -> str:
    """Return an id for one more claim.

    Examples
    --------
    >>> from detente.case import read_outline
    >>> from detente.workbench._yaml_completion import CaseNames
    >>> found = read_outline("claims: [{id: T1}, {id: T2}]")
    >>> next_claim(TextOutline(*found, CaseNames.of(found[0])))
    'T3'
    """
    known = list(outline.names.claims)
    last = re.fullmatch(r"([A-Za-z]*?)([0-9]+)", known[-1]) if known else None
    head, number = (last[1], int(last[2])) if last else ("C", 0)
    width = len(last[2]) if last else 1
    while (name := f"{head}{str(number + 1).zfill(width)}") in known:
        number += 1
    return name


def _levels(given: Mapping[str, str]) -> tuple[list[str], str]:
    levels = read_value(given.get("levels", ""), "list")
    if not isinstance(levels, list) or len(levels) < 2:
        raise InputError("give at least two levels, lowest first, such as: none, some, full")
    today = given.get("today") or levels[0]
    if today not in levels:
        raise InputError(f"today's level {quote(today)} is none of {', '.join(levels)}")
    return levels, today


def _new_name(outline: TextOutline, section: str, name: str, what: str) -> str:
    name = name if section == "sources" else _as_name(name, what)
    if not name:
        raise InputError(f"give the {what} a short name")
    known = outline.data.get(section)
    if isinstance(known, Mapping) and name in known:
        raise InputError(f"there is a {what} {name} already; change it above")
    return name


def _as_name(name: str, what: str) -> str:
    found = re.sub(r"[^a-z0-9_.]+", "_", name.lower()).strip("_.")
    if not found or not found[0].isalpha():
        raise InputError(f"give the {what} a short name that starts with a letter")
    return found


def _range(outline: TextOutline, path: Path, value: str, end: str) -> object:
    number = read_value(value, "number")
    if number is None:
        return None
    place = 0 if end == "low" else 1
    if isinstance(_at(outline, path), list):
        return {place: number}
    stated = _at(outline, (*path[:-1], "value"))
    other = stated if isinstance(stated, int | float) else number
    return [number, other] if end == "low" else [other, number]


def _measure(outline: TextOutline, path: Path, measure: str) -> object:
    ask = _at(outline, path)
    if measure not in MEASURES or not isinstance(ask, Mapping):
        raise InputError(f"nothing is asked as {quote(measure)}; choose from the list")
    old = next((one for one in MEASURES if one in ask), None)
    if old is None or old == measure:
        return dict.fromkeys((), None)
    formula = str(ask[old])
    span = _UNTIL.match(formula)
    stated = ask.get("at", ask.get("over", span[1] if span else None))
    years = read_value(written(stated) or clock_years(outline), "formula") or _YEARS
    if old == "probability":
        formula = _QUERY.sub("", formula, count=1)
    if measure == "probability":
        formula = f"F[0, {years}] {formula}"
    taken = {key: None for key in (old, "at", "over", "concept", "by") if key in ask}
    more = {"expected": {"at": years}, "average": {"over": years}}.get(measure, {})
    return {**taken, measure: formula, **more}


def _at(outline: TextOutline, path: Path) -> Any:
    found: Any = outline.data
    for key in path:
        if isinstance(found, list) and isinstance(key, str):
            found = next((x for x in found if isinstance(x, dict) and x.get("id") == key), None)
        elif isinstance(found, list):
            found = found[key] if isinstance(key, int) and key < len(found) else None
        else:
            found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _nested(path: Sequence[str | int], value: object) -> dict[Any, Any]:
    for key in reversed(path):
        value = {key: value}
    assert isinstance(value, dict)
    return value


def _number(text: str) -> int | float:
    if not _NUMBER.fullmatch(text):
        point = text.replace(",", ".")
        remedy = f"write {point}, with a point" if _NUMBER.fullmatch(point) else "such as 0.5"
        raise InputError(f"{quote(text)} is not a number; {remedy}")
    return int(text) if re.fullmatch(r"[-+]?[0-9]{1,15}", text) else float(text)


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{quote(text)} is not a date; write it as 2021-03-15") from None


def _expectation(text: str) -> object:
    span = _SPAN.fullmatch(text)
    if span:
        return [_number(span[1]), _number(span[2])]
    return {"true": True, "false": False}.get(text, text)
