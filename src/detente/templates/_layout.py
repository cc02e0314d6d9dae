"""A case as the text of a file, one line an entry, with a remark above each part.

The case comes as plain values by the keys of the format. Names and numbers stand as they are, all
other text in quotes, so that it is read back as it was. Cost: linear in the text.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from detente.case import quoted, scalar

_PLAIN = re.compile(r"-?[a-z][a-z0-9_.]*|[0-9]{1,9}|C[0-9]+")
_REMARKS = {
    "clock": "The period; time 0 of every forecast is its first day.",
    "parameters": "A value, and the range in which it may lie: replace both by what you can argue.",
    "actors": "Who decides, what each can do (lowest level first), and what each cares about.",
    "conditions": "What nobody controls, in jumps a year.",
    "issues": "What they care about, computed from what is the case.",
    "status_quo": "Today.",
    "claims": "What is argued, each with the question that it puts to the model.",
}
_DEEP = {"actors": 3, "parameters": 1, "conditions": 2, "issues": 1}
"""How many levels of a part stand on lines of their own."""


def laid_out(case: Mapping[str, Any], remark: str) -> str:
    """Return the text of a case.

    Parameters
    ----------
    case : mapping
        By key of the format; parts without entries are left out.
    remark : str
        The first line.

    Examples
    --------
    >>> case = {"detente": 1, "title": "A dam", "issues": {"power": "upper.dam == built"}}
    >>> print(laid_out(case, "Mine."))
    # Mine.
    detente: 1
    title: "A dam"
    <BLANKLINE>
    # What they care about, computed from what is the case.
    issues:
      power: "upper.dam == built"
    <BLANKLINE>
    """
    lines = [f"# {remark}"]
    for key, part in case.items():
        if part in ({}, [], ""):
            continue
        if key in _REMARKS:
            lines += ["", f"# {_REMARKS[key]}"]
        if key == "claims":
            lines += [f"{key}:", *(line for claim in part for line in _item(claim))]
        else:
            lines += _entry(key, part, _DEEP.get(key, 0), "")
    return "\n".join([*lines, ""])


def _entry(key: str, value: Any, deep: int, inset: str) -> Iterator[str]:
    if not deep or not isinstance(value, Mapping):
        yield f"{inset}{key}: {_flow(value)}"
        return
    yield f"{inset}{key}:"
    for name, item in value.items():
        yield from _entry(scalar(name), item, deep - 1, inset + "  ")


def _item(claim: Mapping[str, Any]) -> Iterator[str]:
    for number, (key, value) in enumerate(claim.items()):
        yield f"  {'  ' if number else '- '}{key}: {_flow(value)}"


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        pairs = (f"{_flow(str(name))}: {_flow(item)}" for name, item in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, int | float):
        return json.dumps(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return scalar(value) if _PLAIN.fullmatch(value) else quoted(value)
