"""Names and texts of other origin as a case file wants them.

A case file is written as text, quoted so that every string is read back as it was. Names become
identifiers: what a writer or another program calls "Form Task Force" is `form_task_force` in
formulas. Cost: linear in the text.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable

from detente.expression import RESERVED
from detente.text import printable

_NO_TEXT = ("null", "true", "false")
_LONGEST = 40


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


def one_line(text: str) -> str:
    """Return a text on one line, what cannot be seen in it shown by its code point."""
    return " ".join(printable(text).split())


def quoted(text: str) -> str:
    r"""Return a text as a quoted YAML scalar of one line.

    Examples
    --------
    >>> print(quoted('A "dam":\n # half built'))
    "A \"dam\": # half built"
    """
    return json.dumps(one_line(text), ensure_ascii=False)
