"""Whether a file of chunks is about what is asked for, and if not, what differs."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import unified_diff
from textwrap import shorten
from typing import Any

from detente.text import precise

_MOST_LINES = 40
_MOST_LETTERS = 200


def difference(
    name: str, stored: Mapping[str, Any], wanted: Mapping[str, Any], words: Mapping[str, str]
) -> str:
    """Return what differs between two headings and what to do about it, empty where nothing does.

    Parameters
    ----------
    name : str
        Of what the file holds, such as ``study``.
    stored, wanted : mapping
        Besides what ``words`` names, ``text`` is that of the case and ``values`` a checksum of what
        was drawn.
    words : mapping of str to str
        What must agree, and what it is called.

    Examples
    --------
    >>> difference("study", {"seed": 3}, {"seed": 4}, {"seed": "seed"})[:41]
    'this is another study: it has seed 3, not'
    """
    if stored.get("text") != wanted.get("text"):
        changes = _changes(str(stored.get("text")), str(wanted.get("text")))
        return (
            f"the case has changed since this {name} began; choose another file, or take back the "
            f"change:\n{changes}"
        )
    pairs = {what: (stored.get(key), wanted.get(key)) for key, what in words.items()}
    differing = [
        f"{what} {_said(old)}, not {_said(new)}"
        for what, (old, new) in pairs.items()
        if (old or None) != (new or None)
    ]
    if not differing and stored.get("values") != wanted.get("values"):
        differing = ["other parameter values, as another version of SciPy draws them"]
    if not differing:
        return ""
    return (
        f"this is another {name}: it has {'; '.join(differing)}; ask for what it has, or choose "
        "another file"
    )


def _said(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, dict):
        value = [f"{name}={precise(entry)}" for name, entry in value.items()]
    text = (", ".join(map(str, value)) or "none") if isinstance(value, list) else str(value)
    return shorten(text, _MOST_LETTERS, placeholder=" ...")


def _changes(stored: str, wanted: str) -> str:
    old, new = stored.splitlines(), wanted.splitlines()
    lines = list(unified_diff(old, new, "as studied", "now", n=1, lineterm=""))
    if not lines:
        return "only in line ends"
    more = len(lines) - _MOST_LINES
    return "\n".join([*lines[:_MOST_LINES], *([f"and {more} more lines"] if more > 0 else [])])
