"""A query in words, with the titles of the case, where all it compares are levels.

Formulas are read piece by piece: a variable against a level or a set of them, joined by and, or,
not, and brackets. One with anything else in it stays as it is written. Cost: nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from detente.case import Labels
from detente.expression import Query
from detente.text import precise, spaced

_RELATIONS = {
    "==": "at", "!=": "not at", ">=": "at least at", "<=": "at most at", "<": "below",
    ">": "above", "in": "at",
}  # fmt: skip
_COMPARED = re.compile(r"([\w.]+)\s*(==|!=|>=|<=|<|>|\bin\b)\s*(\{[\w\s,]*\}|\w+)")
_JOINED = re.compile(r"(?:\s*(?:and|or|not|\(|\))\s*)+")


def formula_words(text: str, names: Labels) -> str:
    """Return a formula about one state in words, or as it is written.

    Examples
    --------
    >>> import detente
    >>> names = Labels(detente.load("sanctions"))
    >>> formula_words("sender.offer in {none, small} and not tension >= high", names)
    'Sender: offer at none or small and not Tension at least at high'
    >>> formula_words("tension + 1 > 2", names)
    'tension + 1 > 2'
    """
    rest = _COMPARED.sub(" and ", text).strip()
    found = [one[0] for one in _COMPARED.findall(text)]
    variables = names.case.namespace.variables
    if any(name not in variables for name in found) or not _JOINED.fullmatch(f" {rest} "):
        return text
    return _COMPARED.sub(lambda one: _compared(one[1], one[2], one[3], names), text)


def _compared(name: str, relation: str, levels: str, names: Labels) -> str:
    wanted = " or ".join(spaced(level.strip()) for level in levels.strip("{}").split(","))
    return f"{names.variable(name)} {_RELATIONS[relation]} {wanted}"


def levels_words(levels: Mapping[str, str], names: Labels) -> str:
    """Return levels of options and conditions in words.

    Examples
    --------
    >>> import detente
    >>> levels_words({"tension": "high"}, Labels(detente.load("sanctions")))
    'Tension at high'
    """
    return ", ".join(f"{names.variable(name)} at {spaced(level)}" for name, level in levels.items())


def query_words(query: Query, names: Labels) -> str:
    """Return a query in words.

    Examples
    --------
    >>> import detente
    >>> from detente.expression import compile_query
    >>> case = detente.load("peninsula")
    >>> found = compile_query("F[0, 3] china.council == support", case.namespace)
    >>> query_words(found, Labels(case))
    'China: council at support within 3 years'
    """
    right = formula_words(query.right.text, names)
    match query.operator:
        case "F":
            return f"{right} {_within(query)}"
        case "G" if math.isinf(query.high):
            return f"{right} for good"
        case "G" if query.low == 0.0:
            return f"{right} throughout {_years(query.high)}"
        case "G":
            return f"{right} throughout, from year {precise(query.low)} to {precise(query.high)}"
        case "U":
            left = "" if query.left is None else formula_words(query.left.text, names)
            return f"{left} until {right}, {_within(query)}"
        case _:
            return right


def _within(query: Query) -> str:
    if query.low > 0.0:
        end = "" if math.isinf(query.high) else f" and before year {precise(query.high)}"
        return f"after year {precise(query.low)}{end}"
    return "at any time" if math.isinf(query.high) else f"within {_years(query.high)}"


def _years(years: float) -> str:
    return f"{precise(years)} year{'' if years == 1 else 's'}"
