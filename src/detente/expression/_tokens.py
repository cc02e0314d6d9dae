"""Characters to tokens: numbers, words (dots included) and symbols, each with its place.

One compiled pattern walks the text from left to right, so the cost is linear. What people write
from the habit of another notation (``=``, ``&&``, ``->``) is recognised and answered with ours.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from detente.expression._error import ExpressionError
from detente.text import quote

MAX_LENGTH = 10_000

FUNCTIONS = {"min": 2, "max": 2, "abs": 1, "exp": 1, "log": 1, "sqrt": 1, "clip": 3}
"""The functions with the number of arguments each takes; ``min`` and ``max`` also take more."""

CONNECTIVES = frozenset({"and", "or", "not", "implies", "iff", "in"})
TEMPORAL = frozenset({"F", "G", "U"})

RESERVED: frozenset[str] = CONNECTIVES | TEMPORAL | {"true", "false"} | frozenset(FUNCTIONS)
"""Words that may not be names."""

_HABITS = {
    "<=>": "iff", "<->": "iff", "==>": "implies", "===": "==", "!==": "!=", "=>": "implies",
    "->": "implies", "&&": "and", "||": "or", "<>": "!=", "=": "==", "&": "and", "|": "or",
    "!": "not", "≤": "<=", "≥": ">=", "≠": "!=", "∧": "and", "\u2228": "or", "¬": "not",
    "→": "implies", "↔": "iff", "∈": "in", "·": "*", "÷": "/",
    "\u2212": "-", "\u2013": "-", "\u00d7": "*",
}  # fmt: skip
_REMEDIES = {
    "**": "there is no power operator; write a product, or exp(2 * log(x))",
    "^": "there is no power operator; write a product, or exp(2 * log(x))",
    "%": "write a share as a number such as 0.2",
    ";": "leave it out; a formula is one expression",
    ".": "write names as actor.option without spaces, and numbers as 0.5",
    '"': "write names of levels without quotes",
    "'": "write names of levels without quotes",
    "`": "write names of levels without quotes",
    "\u00a0": "put a plain space in its place",
}
_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]+)"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)"
    r"|(?P<habit><=>|<->|==>|===|!==|=>|->|&&|\|\||<>|\*\*)"
    r"|(?P<symbol>==|!=|<=|>=|[-+*/<>(){}\[\],])"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\w.])")
_GLUED = re.compile(r"[A-Za-z0-9_.]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text; the last token of every text is an empty one of kind ``end``."""

    kind: Literal["number", "word", "symbol", "end"]
    text: str
    start: int
    end: int


def tokenise(text: str) -> list[Token]:
    """Cut the text into tokens.

    Raises
    ------
    ExpressionError
        When the text is too long, or holds what cannot be a token.

    Examples
    --------
    >>> [token.text for token in tokenise("us.offer >= some")]
    ['us.offer', '>=', 'some', '']
    """
    if len(text) > MAX_LENGTH:
        message = f"the formula has {len(text)} characters, more than {MAX_LENGTH}"
        raise ExpressionError(message, "split it into issues", MAX_LENGTH, len(text))
    tokens: list[Token] = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup == "habit":
            raise _stray(match.group() if match else text[place], place)
        end = match.end()
        if match.lastgroup == "number":
            _check_number(text, match.group(), place, end)
            tokens.append(Token("number", match.group(), place, end))
        elif match.lastgroup == "word":
            tokens.append(Token("word", match.group(), place, end))
        elif match.lastgroup == "symbol":
            tokens.append(Token("symbol", match.group(), place, end))
        place = end
    tokens.append(Token("end", "", len(text), len(text)))
    return tokens


def _check_number(text: str, number: str, start: int, end: int) -> None:
    date = _DATE.match(text, start)
    # Between the brackets of F, G and U the parser knows better what was meant.
    if date and text.rfind("[", 0, start) <= text.rfind("]", 0, start):
        remedy = "write a number, or spaces around each minus"
        message = f"{quote(date.group())} is a date, not a number"
        raise ExpressionError(message, remedy, start, date.end())
    glued = _GLUED.match(text, end)
    if glued:
        whole = number + glued.group()
        remedy = "write numbers as 2, 0.5 or 1e-3, products as 2 * x, and begin names with a letter"
        raise ExpressionError(f"{quote(whole)} is not a number", remedy, start, glued.end())
    if not math.isfinite(float(number)):
        raise ExpressionError(f"{quote(number)} is too large", "use a smaller number", start, end)


def _stray(found: str, start: int) -> ExpressionError:
    if found in _HABITS:
        remedy = f"write {quote(_HABITS[found])}"
    else:
        remedy = _REMEDIES.get(found, "leave it out")
    return ExpressionError(f"{quote(found)} is not used here", remedy, start, start + len(found))
