"""Foreign names and texts as a case file wants them.

A case file is written as text, quoted so that every string is read back as it was. Names become
identifiers: what other programs call "Form Task Force" is `form_task_force` in formulas.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping

from detente.errors import InputError
from detente.expression import RESERVED
from detente.text import hidden_character, yaml_quoted

LARGEST_FILE = 4_000_000
"""Characters of a foreign file; larger ones are refused unread."""

_NO_TEXT = ("null", "true", "false")
_LONGEST = 40


def check_text(text: str, name: str) -> None:
    """Refuse a file that is too large to be meant, or holds what no reader sees."""
    if len(text) > LARGEST_FILE:
        raise InputError(
            f"{name}: the file has {len(text):,} characters; at most {LARGEST_FILE:,} are read"
        )
    refuse_hidden(text.replace("\r\n", " \n"), 0, text, name)


def refuse_hidden(part: str, start: int, text: str, name: str, spelt: str = "") -> None:
    """Refuse a part of a file, from a place on, that holds a character which cannot be seen."""
    hidden = hidden_character(part)
    if hidden:
        at = start if spelt else start + hidden[0]
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        raise InputError(f"{name}:{line}:{column}: {hidden[1]}{spelt}; take it out")


def noted(notes: Mapping[str, str]) -> list[str]:
    """Return the lines of a case for what a file says and a case has no place for."""
    lines = [f"  {yaml_quoted(key)}: {yaml_quoted(value)}" for key, value in notes.items()]
    return ["notes:", *lines] if lines else []


def identifiers(names: Iterable[str], fallback: str, *, digits: bool = False) -> list[str]:
    """Return identifiers for names, each like its name and all different.

    Parameters
    ----------
    fallback : str
        The stem for a name without any letter.
    digits : bool
        Whether an identifier may be digits only, as levels may.

    Examples
    --------
    >>> identifiers(["Form Task Force", "Appease!", "appease", "not", "7"], "option")
    ['form_task_force', 'appease', 'appease_2', 'not_', 'option_7']
    >>> identifiers(["1", "2"], "strategy", digits=True)
    ['1', '2']
    """
    found: list[str] = []
    for name in names:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_LONGEST]
        if digits and stem.isdigit():
            stem = stem[:_LONGEST]
        elif not stem or not stem[0].isalpha():
            stem = f"{fallback}_{stem or len(found) + 1}"
        if stem in RESERVED:
            stem += "_"
        word, count = stem, 2
        while word in found:
            word, count = f"{stem}_{count}", count + 1
        found.append(word)
    return found


def scalar(name: str) -> str:
    """Return an identifier as a YAML scalar, in quotes where it would not be read as text.

    Examples
    --------
    >>> scalar("heads"), scalar("null"), scalar("7")
    ('heads', '"null"', '7')
    """
    return json.dumps(name) if name in _NO_TEXT else name
