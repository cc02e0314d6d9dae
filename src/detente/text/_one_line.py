"""Any text on one line, and as a quoted scalar of a case file. Cost: linear in the text."""

from __future__ import annotations

import json

from detente.text._hidden import printable


def one_line(text: str) -> str:
    r"""Return a text on one line, what cannot be seen in it shown by its code point.

    Examples
    --------
    >>> print(one_line("a  dam,\n half\u202e built"))
    a dam, half\u202e built
    """
    return " ".join(printable(text).split())


def yaml_quoted(text: str) -> str:
    r"""Return a text as a quoted YAML scalar of one line.

    Examples
    --------
    >>> print(yaml_quoted('A "dam":\n # half built'))
    "A \"dam\": # half built"
    """
    return json.dumps(one_line(text), ensure_ascii=False)
