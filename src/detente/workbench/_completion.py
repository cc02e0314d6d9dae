"""What can be written next in a query, and what is wrong with one, with the place.

The words before the caret say what may follow: a level after a variable and an operator, an
operator after a name, a name or a beginning else. Offered are names of the case and words of the
language only; nothing is solved. Cost: linear in the text before the caret.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from detente.case import Case, Labels
from detente.expression import ExpressionError, compile_formula, compile_query
from detente.text import spaced

MOST = 40
"""Options that are offered at once."""

TextKind = Literal["query", "formula"]

_ORDERED = ("==", "!=", ">=", "<=", ">", "<")
_EQUAL = ("==", "!=")
_OPERATORS = {
    "==": "is", "!=": "is not", ">=": "is at least", "<=": "is at most",
    ">": "is more than", "<": "is less than",
}  # fmt: skip
_BEGINNINGS = {
    "F[0, 5] ": "happens within 5 years",
    "G[0, 5] ": "holds throughout 5 years",
    "F ": "happens at any time",
    "G ": "holds for good",
}
_FUNCTIONS = {
    "min(": "the least", "max(": "the greatest", "abs(": "without its sign", "exp(": "exponential",
    "log(": "natural logarithm", "sqrt(": "square root", "clip(": "between two bounds",
}  # fmt: skip
_JOINS = {"and": "both", "or": "one of them, or both", "implies": "if, then", "iff": "both or none"}
_UNTIL = {"U[0, 5] ": "until, within 5 years"}

_WORD = re.compile(r"[A-Za-z_][\w.]*$")
_SYMBOL = re.compile(r"(?:[=<>!]=?|[-+*/])$")
_PIECE = re.compile(r"[A-Za-z_][\w.]*|[0-9.]+|[=<>!]=|[^\s\w]")


@dataclass(frozen=True, slots=True)
class Suggested:
    """A text that may stand next, and what it is."""

    text: str
    about: str


@dataclass(frozen=True, slots=True)
class Completion:
    """What may stand from a place in the text on, up to the caret."""

    start: int
    options: tuple[Suggested, ...]


@dataclass(frozen=True, slots=True)
class QueryProblem:
    """What is wrong with a text, where (offsets from 0), and what to do about it."""

    message: str
    start: int
    end: int

    def __str__(self) -> str:
        """Return it with its column."""
        return f"column {self.start + 1}: {self.message}"


def problem_in(text: str, case: Case, kind: TextKind) -> QueryProblem | None:
    """Return what is wrong with a query or a formula, or None.

    Examples
    --------
    >>> import detente
    >>> print(problem_in("F[0, 5] target.programm == frozen", detente.load("sanctions"), "query"))
    column 9: there is no name 'target.programm'; did you mean 'target.programme'?
    """
    try:
        if kind == "query":
            compile_query(text, case.namespace)
        else:
            compile_formula(text, case.namespace, "truth")
    except ExpressionError as error:
        return QueryProblem(str(error), error.start, error.end)
    return None


def complete(text: str, caret: int, case: Case, kind: TextKind = "query") -> Completion:
    """Return what may stand at a caret.

    Parameters
    ----------
    text : str
    caret : int
        Offset from 0.
    case : Case
        Whose names are offered.
    kind : {"query", "formula"}
        Whether F, G and U may stand.

    Examples
    --------
    >>> import detente
    >>> found = complete("F[0, 5] target.programme == fr", 30, detente.load("sanctions"))
    >>> found.start, [option.text for option in found.options]
    (28, ['frozen'])
    """
    before = text[: max(caret, 0)]
    word = _WORD.search(before) or _SYMBOL.search(before)
    start = len(before) if word is None else word.start()
    written = "" if word is None else word.group()
    if re.match(r"\w", written) is None and re.search(r"[\d.]$", before):
        return Completion(len(before), ())
    found = _following(_PIECE.findall(before[:start]), case, kind)
    if _SYMBOL.match(written):
        complete_already = written in _OPERATORS and written not in {"<", ">"}
        options = () if complete_already else tuple(_starting(written, found))
        return Completion(start, options)
    return Completion(start, tuple(_matching(written, found))[:MOST])


def _following(pieces: list[str], case: Case, kind: TextKind) -> list[Suggested]:
    variables = case.namespace.variables
    last = pieces[-1] if pieces else ""
    compared = _compared(pieces)
    if compared in variables:
        return [Suggested(level, f"level of {compared}") for level in variables[compared].levels]
    if last in variables:
        signs = _ORDERED if variables[last].ordered else _EQUAL
        return [*_all({sign: _OPERATORS[sign] for sign in signs}), Suggested("in {", "is one of")]
    if last in case.namespace.numbers:
        return list(_all(_OPERATORS))
    if last == "[" or (pieces and _open_bounds(pieces)):
        return []
    if _ends(pieces, case):
        until = kind == "query" and not {"F", "G", "U"} & set(pieces)
        return [*_all(_JOINS), *(_all(_UNTIL) if until else ())]
    beginnings = _BEGINNINGS if kind == "query" and not pieces else {}
    others = {**_FUNCTIONS, "not": "the contrary"}
    return [*_all(beginnings), *_names(case), *_all(others)]


def _compared(pieces: list[str]) -> str:
    """Return the variable whose level comes next, or nothing."""
    if len(pieces) >= 2 and pieces[-1] in _OPERATORS:
        return pieces[-2]
    if "{" in pieces and pieces[-1] in {"{", ","}:
        opened = len(pieces) - 1 - pieces[::-1].index("{")
        head = [piece for piece in pieces[:opened] if piece not in {"in", "not"}]
        return head[-1] if head and "}" not in pieces[opened:] else ""
    return ""


def _open_bounds(pieces: list[str]) -> bool:
    return "[" in pieces and "]" not in pieces[len(pieces) - 1 - pieces[::-1].index("[") :]


def _ends(pieces: list[str], case: Case) -> bool:
    """Whether the pieces end with a comparison, so that a word that joins may follow."""
    if not pieces:
        return False
    if pieces[-1] in {")", "}"}:
        return True
    return len(pieces) >= 3 and pieces[-2] in _OPERATORS and pieces[-1] not in case.namespace.names


def _names(case: Case) -> Iterator[Suggested]:
    names, space = Labels(case), case.namespace
    for name in space.variables:
        yield Suggested(name, names.variable(name))
    about = {issue.name: issue.about for issue in case.issues}
    for name, kind in space.numbers.items():
        if kind == "parameter":
            yield Suggested(name, f"parameter: {spaced(name)}")
        else:
            yield Suggested(name, f"issue: {about.get(name) or spaced(name)}")


def _all(words: dict[str, str]) -> Iterator[Suggested]:
    return (Suggested(text, about) for text, about in words.items())


def _starting(written: str, options: Iterable[Suggested]) -> Iterator[Suggested]:
    return (one for one in options if one.text.startswith(written) and one.text != written)


def _matching(written: str, options: list[Suggested]) -> list[Suggested]:
    """Return the options that a beginning may mean: by their start, a part's start, anywhere."""
    low = written.lower()

    def rank(option: Suggested) -> int:
        text = option.text.lower()
        if text.startswith(low):
            return 0
        if any(part.startswith(low) for part in re.split(r"[._]", text)):
            return 1
        return 2 if low in text or low in option.about.lower() else 3

    ranked = sorted(options, key=rank) if low else options
    return [one for one in ranked if rank(one) < 3 and one.text != written]
