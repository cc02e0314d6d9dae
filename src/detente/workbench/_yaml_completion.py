"""What can be written at a place of a case's text: keys of the format, and the case's own names.

The text need not be sound, nor even YAML, while it is being written: the keys that lead to a place
are found from indentation and brackets alone; names come from the last text that could be read.
Cost: linear in the text, well under a millisecond for a hundred kilobytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from detente.case import WARNING_KINDS, FormatField, format_fields, phrases
from detente.text import fit_to_print

MOST = 60
"""Suggestions that are given at once."""
_WORD = re.compile(r"[\w.\-]*$")
_KEY = re.compile(
    r"""(\s*)((?:-\s+)*)(?:"([^"]*)"|'([^']*)'|([^\s#'"{\[\]},:][^#:{}\[\]]*?)):(?=\s|$)"""
)
_ONE_WORD = re.compile(r"[a-z0-9_]+")
_OPERATORS = (
    ("and", "both hold"), ("or", "one or both hold"), ("not", "does not hold"),
    ("implies", "the second holds where the first does"), ("F[0, 5]", "happens within 5 years"),
    ("G[0, 5]", "holds throughout 5 years"),
)  # fmt: skip
_EXPECTATIONS = (
    ("words", "the interval of the words"), ("true", "it is so"), ("false", "it is not so"),
    ('"> 0"', "a bound: above"), ('"< 0.2"', "a bound: below"), ("[0.2, 0.45]", "an interval"),
)  # fmt: skip

_OF_PARTIES = {
    "claims.ask.exchange", "bargaining.table.actor", "bargaining.voting.setter",
    "bargaining.voting.veto", "bargaining.groups",
}  # fmt: skip

Suggestions = Iterator[tuple[str, str]]


@dataclass(frozen=True)
class CaseNames:
    """The names of a case, each with what it is."""

    variables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    issues: Mapping[str, str] = field(default_factory=dict)
    actors: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    claims: Mapping[str, str] = field(default_factory=dict)
    bargained: Mapping[str, str] = field(default_factory=dict)
    parties: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> CaseNames:
        """Read the names off a case file's plain values, sound or not."""
        variables: dict[str, tuple[str, ...]] = {}
        for actor, body in _pairs(data, "actors"):
            for option, form in _pairs(body, "options"):
                variables[f"{actor}.{option}"] = _levels(form)
        for condition, form in _pairs(data, "conditions"):
            variables[condition] = _levels(form)
        claims = data.get("claims")
        rows = [one for one in claims if isinstance(one, dict)] if isinstance(claims, list) else []
        return cls(
            variables,
            {name: _parameter(body) for name, body in _pairs(data, "parameters")},
            {name: _about(body, "about") for name, body in _pairs(data, "issues")},
            {name: _about(body, "title") for name, body in _pairs(data, "actors")},
            {name: _about(body, "title") for name, body in _pairs(data, "sources")},
            {str(row.get("id", "")): str(row.get("says", "")) for row in rows},
            *_bargaining(data.get("bargaining")),
        )


@dataclass(frozen=True)
class TextPlace:
    """Where a caret stands: the keys that lead there, and whether a key or a value is written."""

    path: tuple[str, ...]
    in_value: bool
    present: tuple[str, ...] = ()


def complete_text(text: str, caret: int, names: CaseNames) -> tuple[int, list[tuple[str, str]]]:
    r"""Return where the word at the caret begins, and what it may become, each with a remark.

    Examples
    --------
    >>> text = "parameters:\n  thirst: {value: 1, ra"
    >>> complete_text(text, len(text), CaseNames())
    (33, [('range', 'Lowest and highest value.')])
    """
    word = _WORD.search(text, text.rfind("\n", 0, caret) + 1, caret)
    begin = word.start() if word else caret
    written = text[begin:caret].lower()
    found = dict(_suggestions(place_of(text, begin), text[:begin], names))
    starting = [one for one in found if one.lower().startswith(written) and one != written]
    inside = [one for one in found if written and written in one.lower() and one not in starting]
    best = [*starting, *(one for one in inside if one != written)][:MOST]
    return begin, [(one, fit_to_print(found[one])[:160]) for one in best]


def describe_line(text: str, caret: int, names: CaseNames) -> tuple[str, str]:
    """Return the key of the line that the caret is in and what it means, or two empty texts.

    Examples
    --------
    >>> describe_line("title: A dam", 9, CaseNames())
    ('title', 'Title of the case. Text; required.')
    """
    place = place_of(text, caret)
    path = place.path
    if not place.in_value:
        ends = re.compile(r"[\w.\-]*").match(text, caret)
        start = _WORD.search(text, text.rfind("\n", 0, caret) + 1, caret)
        key = text[start.start() if start else caret : ends.end() if ends else caret]
        path = (*path, key) if key else path
    for length in range(len(path), 0, -1):
        one = _field(path[:length])
        if one is not None:
            default = "" if one.default == "none" else f"; {_stated(one.default)}"
            return one.path, f"{one.meaning} {one.kind[0].upper()}{one.kind[1:]}{default}."
    return "", ""


def _stated(default: str) -> str:
    return default if default == "required" else f"{default} when left out"


def place_of(text: str, caret: int) -> TextPlace:
    r"""Return where a place of a text is, by indentation and brackets.

    Examples
    --------
    >>> place_of("actors:\n  us:\n    rate: ", 25)
    TextPlace(path=('actors', 'us', 'rate'), in_value=True, present=())
    """
    lines = text[:caret].split("\n")
    last = len(lines) - 1
    keys = [_KEY.match(line) for line in lines]
    # The block of the caret begins at the last line with a key outside of all brackets.
    first = next((k for k in range(last, -1, -1) if _opens(lines, keys, k, last)), last)
    start = keys[first]
    if start is None:
        return TextPlace(_above(lines, keys, last, _indent(lines[last])), False)
    inset = len(start[1]) + len(start[2])
    key = start[3] or start[4] or start[5]
    path = _above(lines, keys, first, inset)
    if (
        first < last
        and _indent(lines[last]) <= inset
        and not _open_brackets("\n".join(lines[first:]))
    ):
        return TextPlace(_above(lines, keys, last, _indent(lines[last])), False)
    rest = "\n".join([lines[first][start.end() :], *lines[first + 1 :]])
    stack = _open_brackets(rest)
    if not stack:
        return TextPlace((*path, key), first == last)
    top = stack[-1]
    full = (*path, key, *(bracket.key for bracket in stack if bracket.key))
    if top.kind == "[":
        return TextPlace(full, True)
    if top.now:
        return TextPlace((*full, top.now), True)
    return TextPlace(full, False, tuple(top.seen))


@dataclass
class _Bracket:
    kind: str
    key: str
    now: str = ""
    seen: list[str] = field(default_factory=list)
    word: str = ""


def _open_brackets(text: str) -> list[_Bracket]:
    """Return the brackets that a text leaves open, each with the key that it is the value of."""
    stack: list[_Bracket] = []
    quote, before = "", ""
    for k, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
            if stack:
                stack[-1].word += letter
        elif letter in "\"'" and before in " ,:{[\n":
            quote = letter
        elif letter in "{[":
            key = stack[-1].now if stack else ""
            stack.append(_Bracket(letter, key))
        elif letter in "}]" and stack:
            stack.pop()
        elif stack and letter == ",":
            stack[-1].now, stack[-1].word = "", ""
        elif stack and letter == ":" and (k + 1 == len(text) or text[k + 1] in " \n"):
            if not stack[-1].now:
                stack[-1].now = stack[-1].word.strip().strip("\"'")
                stack[-1].seen.append(stack[-1].now)
        elif stack and not stack[-1].now:
            stack[-1].word += letter
        before = letter
    return stack


def _opens(lines: Sequence[str], keys: Sequence[re.Match[str] | None], k: int, last: int) -> bool:
    """Whether the key of a line stands outside of all brackets, as far as layout says."""
    if keys[k] is None:
        return False
    # A flow mapping over several lines has its further keys in lines of their own.
    for back in range(k - 1, max(-1, k - 40), -1):
        found = keys[back]
        if found is not None and _indent(lines[back]) < _indent(lines[k]):
            return not _open_brackets("\n".join([lines[back][found.end() :], *lines[back + 1 : k]]))
    return True


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _above(
    lines: Sequence[str], keys: Sequence[re.Match[str] | None], below: int, inset: int
) -> tuple[str, ...]:
    """Return the keys in whose blocks a line with this indentation stands."""
    found: list[str] = []
    for k in range(below - 1, -1, -1):
        match = keys[k]
        if inset == 0:
            break
        if match is None or lines[k].lstrip().startswith("#"):
            continue
        own = len(match[1]) + len(match[2])
        if own < inset:
            found.append(match[3] or match[4] or match[5])
            inset = own
        if match[2] and len(match[1]) < inset:
            inset = len(match[1]) + 1  # what holds the list may stand as far left as its dashes
    return tuple(reversed(found))


@cache
def _fields() -> Mapping[str, FormatField]:
    return {one.path: one for one in format_fields()}


def _schema_path(path: Sequence[str]) -> tuple[str, bool]:
    """Return a path without names that the analyst chooses, and whether a name comes next."""
    found, names = "", False
    for part in path:
        if names:
            names = False
            continue
        found = f"{found}.{part}" if found else part
        one = _fields().get(found)
        kinds = one.kind.split(" or ") if one is not None else []
        names = any(kind.startswith("mapping from") for kind in kinds)
    return found, names


def _field(path: Sequence[str]) -> FormatField | None:
    return _fields().get(_schema_path(path)[0])


def _suggestions(place: TextPlace, before: str, names: CaseNames) -> Suggestions:
    path, named = _schema_path(place.path)
    one = _fields().get(path)
    if not place.in_value:
        if not place.path:
            yield from ((f.path, f.meaning) for f in format_fields() if "." not in f.path)
        elif named:
            yield from _own_names(path, names)
        elif one is not None:
            below = ((key, _fields().get(f"{path}.{key}")) for key in one.keys)
            yield from (
                (key, found.meaning if found else "") for key, found in below
                if key not in place.present
            )  # fmt: skip
            if path.endswith(("given", "from")):
                yield from _variables(names)
        if path in {"claims.ask.given", "claims.ask.from", "claims.versus.given"}:
            yield from _variables(names)
        return
    yield from _values(path, place.path, one, before, names)


def _own_names(path: str, names: CaseNames) -> Suggestions:
    key = path.rpartition(".")[2]
    if key in {"status_quo", "do", "levels", "given", "from"}:
        yield from _variables(names)
    elif key in {"weights"}:
        yield from names.issues.items() if path.startswith("actors") else names.actors.items()
    elif key in {"set", "values"}:
        yield from names.parameters.items()
    elif key == "views":
        yield from names.actors.items()
    elif path in {"bargaining.capability", "bargaining.issues.parties"}:
        yield from {**names.actors, **names.parties}.items()


def _values(
    path: str, full: Sequence[str], one: FormatField | None, before: str, names: CaseNames
) -> Suggestions:
    key = path.rpartition(".")[2]
    if full[-1] in names.variables and (one is None or one.kind != "formula"):
        yield from ((level, f"level of {full[-1]}") for level in names.variables[full[-1]])
    elif path == "history.level":
        yield from _levels_of_row(before, names)
    elif key == "source":
        yield from names.sources.items()
        yield "judgement", "the analyst's own"
    elif path in {"history.variable", "phase.hold", "phase.watch"}:
        yield from _variables(names)
    elif path == "brief":
        yield from names.claims.items()
    elif path == "correlations.between":
        yield from names.parameters.items()
    elif path == "claims.ask.gain":
        yield from {**names.parties, **names.actors}.items()
    elif path in {"claims.ask.outcome", "claims.ask.issues", "bargaining.table.issue"}:
        yield from names.bargained.items()
    elif path in _OF_PARTIES:
        yield from names.parties.items()
    elif path == "claims.words":
        yield from ((words, "words of likelihood") for words in phrases("icd203"))
    elif path == "claims.expect":
        yield from _EXPECTATIONS
    elif path == "meant.warning":
        yield from ((kind, found.remedy) for kind, found in WARNING_KINDS.items())
    elif one is not None and ("formula" in one.kind or key in {"given", "from"}):
        yield from _in_formula(before, names)
    elif one is not None:
        words = re.split(r", | or ", one.kind)
        if len(words) > 1 and all(_ONE_WORD.fullmatch(word) for word in words):
            yield from ((word, one.meaning) for word in words if word not in {"mapping", "formula"})


def _in_formula(before: str, names: CaseNames) -> Suggestions:
    compared = re.search(r"([\w.]+)\s*(?:==|!=|<=|>=|<|>)\s*$", before)
    if compared and compared[1] in names.variables:
        yield from ((level, f"level of {compared[1]}") for level in names.variables[compared[1]])
        return
    yield from _variables(names)
    yield from names.parameters.items()
    yield from names.issues.items()
    yield from _OPERATORS


def _levels_of_row(before: str, names: CaseNames) -> Suggestions:
    for variable in re.findall(r"variable:\s*([\w.]+)", before)[-1:]:
        yield from ((level, f"level of {variable}") for level in names.variables.get(variable, ()))


def _variables(names: CaseNames) -> Suggestions:
    yield from ((name, ", ".join(levels)) for name, levels in names.variables.items())


def _bargaining(body: Any) -> tuple[dict[str, str], dict[str, str]]:
    """Return the issues and the parties of a table of bargaining, each with what it is."""
    found = body if isinstance(body, dict) else {}
    stated = list(_pairs(found, "issues"))
    issues = {name: _about(issue, "title") for name, issue in stated}
    parties = {name: "party" for _, issue in stated for name, _ in _pairs(issue, "parties")}
    table = found.get("table")
    for row in table if isinstance(table, list) else ():
        if isinstance(row, dict):
            issues.setdefault(str(row.get("issue", "")), "issue")
            parties[str(row.get("actor", ""))] = "party"
    return issues, parties


def _pairs(data: Any, key: str) -> Iterator[tuple[str, Any]]:
    found = data.get(key) if isinstance(data, dict) else None
    if isinstance(found, dict):
        yield from found.items()


def _levels(form: Any) -> tuple[str, ...]:
    found = form.get("levels") if isinstance(form, dict) else form
    return tuple(str(getattr(x, "written", x)) for x in found) if isinstance(found, list) else ()


def _about(body: Any, key: str) -> str:
    return str(body.get(key) or "") if isinstance(body, dict) else str(body)


def _parameter(body: Any) -> str:
    return f"parameter. {_about(body, 'reason')}" if isinstance(body, dict) else "parameter"
