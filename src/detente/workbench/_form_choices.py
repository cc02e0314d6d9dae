"""What the forms over a case's text offer to choose from, in words, and the days of its clock.

Everything is read off the plain values of the text, sound or not. Cost: linear in its names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from detente.case import look_up, phrases, variable_title
from detente.text import show_range
from detente.workbench._edited import TextOutline

Choices = tuple[tuple[str, str], ...]
_KINDS = {
    "seen": "at this level on these days",
    "from": "changed to it, and stayed",
    "gap": "nothing is known of these days",
}


def written(value: object) -> str:
    """Return a plain value as a person would write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ", ".join(map(written, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {written(item)}" for key, item in value.items())
    return str(getattr(value, "written", value))


def called(name: str, outline: TextOutline) -> str:
    """Return what an option or condition is called, as everywhere else on the page."""
    return variable_title(name, outline.names.actors)


def variable_choices(outline: TextOutline) -> Choices:
    """Return the options and conditions, each with what it is called."""
    return tuple((name, called(name, outline)) for name in outline.names.variables)


def row_choices(outline: TextOutline) -> Mapping[str, Choices]:
    """Return by column of the record what may be chosen there."""
    sources = tuple(
        (name, f"{title} ({name})" if title else name)
        for name, title in outline.names.sources.items()
    )
    return {
        "variable": plain_choices(("", *outline.names.variables)),
        "kind": plain_choices(tuple(_KINDS)),
        "kind in words": tuple((kind, f"{kind}: {words}") for kind, words in _KINDS.items()),
        "source": (("", ""), *sources),
        "confidence": plain_choices(("", "high", "medium", "low")),
    }


def likely_words() -> Mapping[str, str]:
    """Return the words of likelihood, each with the interval that the scale gives it."""
    found = [look_up(phrase) for phrase in phrases()]
    return {one.phrase: show_range(one.low, one.high, "share") for one in found}


def clock_years(outline: TextOutline) -> str:
    """Return the years from the start of the forecast to the end of the case, where both stand.

    Examples
    --------
    >>> from detente.case import read_outline
    >>> from detente.workbench._yaml_completion import CaseNames
    >>> found = read_outline("clock: {start: 2025-01-01, end: 2028-01-01}")
    >>> clock_years(TextOutline(*found, CaseNames()))
    '3'
    """
    clock = dict(pairs_of(outline.data, "clock"))
    try:
        start, end = (dt.date.fromisoformat(written(clock.get(key))) for key in ("start", "end"))
    except ValueError:
        return ""
    years = (end - start).days / 365.25
    return f"{years:.1f}".removesuffix(".0") if years > 0 else ""


def clock_days(outline: TextOutline) -> tuple[str, str]:
    """Return the first and the last day that the record can have, each where the clock says it.

    Examples
    --------
    >>> from detente.case import read_outline
    >>> from detente.workbench._yaml_completion import CaseNames
    >>> found = read_outline("clock: {start: 2025-01-01, end: 2028-01-01}")
    >>> clock_days(TextOutline(*found, CaseNames()))
    ('2025-01-01', '2028-01-01')
    """
    clock = dict(pairs_of(outline.data, "clock"))
    return written(clock.get("since") or clock.get("start")), written(clock.get("end"))


def pairs_of(data: Any, key: str) -> Iterator[tuple[str, Any]]:
    """Give what a mapping has at a key, where that is a mapping."""
    found = data.get(key) if isinstance(data, Mapping) else None
    yield from found.items() if isinstance(found, dict) else ()


def plain_choices(values: Sequence[str]) -> Choices:
    """Return values that are offered as they are."""
    return tuple((value, value or "\N{EN DASH}") for value in values)
