"""YAML as a tree of nodes that know their line and column, read within limits.

ruamel.yaml scans and parses (YAML 1.2); the tree is built here from its events, so nothing is
constructed that the file names, every place is known, and size, depth, number of nodes and the
size after aliases are followed are all bounded. Plain scalars follow the core schema of YAML 1.2:
``yes``, ``no``, ``on`` and ``none`` are text. Cost: linear in the length of the file, about 5 s per
MiB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.scanner import Scanner

from detente.case._text_reading import Complain
from detente.errors import CaseError
from detente.text import fit_to_print, hidden_character, printable, quote

DEEPEST = 32
_LONGEST_TAG = 100
MOST_NODES = 50_000

Event = Any
"""ruamel.yaml declares no types for what an event carries."""

Data = str | int | float | bool | None | list["Data"] | dict[str, "Data"]

_WHOLE = re.compile(r"[-+]?[0-9]{1,400}")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}
_BOUND = re.compile(r"(?<!\w)(\w{1,60}):\s*([<>]=?\s*[-\d.]+)")


class YamlInteger(int):
    """A whole number that remembers how it was written: a level may be named ``01``."""

    written: str


class YamlDecimal(float):
    """A decimal number that remembers how it was written: a hash may look like ``12e34``."""

    written: str


@dataclass(slots=True, eq=False)
class Node:
    """A value in the file and its place.

    Line and column count from 1. A scalar has its content in ``text``, how it is quoted in
    ``style`` (empty when plain) and the number of its last line in ``end``. ``maimed`` says that
    an entry was wrong, which has been reported, and was left out.
    """

    kind: Literal["scalar", "list", "map"]
    line: int
    column: int
    end: int = 0
    text: str = ""
    style: str = ""
    pairs: dict[str, tuple[Node, Node]] = field(default_factory=dict)
    items: list[Node] = field(default_factory=list)
    size: int = 1
    maimed: bool = False

    def data(self) -> Data:
        """Return the node as plain data; scalars follow the core schema of YAML 1.2."""
        if self.kind == "map":
            return {key: value.data() for key, (_, value) in self.pairs.items()}
        if self.kind == "list":
            return [item.data() for item in self.items]
        return self.text if self.style else plain(self.text)


def plain(text: str) -> Data:
    """Resolve an unquoted scalar.

    Examples
    --------
    >>> plain("3"), plain("0.5"), plain("yes"), plain("none"), plain("true"), plain("~")
    (3, 0.5, 'yes', 'none', True, None)
    """
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        whole = YamlInteger(text)
        whole.written = text
        return whole
    if _DECIMAL.fullmatch(text) or _NOT_FINITE.fullmatch(text):
        decimal = YamlDecimal(text.replace(".inf", "inf").replace(".nan", "nan"))
        decimal.written = text
        return decimal
    return text


@dataclass(slots=True)
class YamlText:
    """The text of a file, to find places in it."""

    lines: list[str]

    def place(self, node: Node, offset: int) -> tuple[int, int]:
        """Return line and column of a character of a scalar, as nearly as possible.

        The characters of a scalar stand in the file in the same order, whatever the folding;
        only escapes in double quotes break that, and then the start of the scalar is given.
        """
        line, column = node.line - 1, node.column - 1
        if node.style == '"' and "\\" in "".join(self.lines[line : node.end]):
            return node.line, node.column
        if node.style in {"|", ">"}:
            line, column = line + 1, 0
        elif node.style:
            column += 1
        skip = len("".join(node.text[:offset].split()))
        quoted = node.style == "'"
        while line < len(self.lines):
            text = self.lines[line]
            while column < len(text):
                if not text[column].isspace():
                    if skip == 0:
                        return line + 1, column + 1
                    skip -= 1
                    if quoted and text[column : column + 2] == "''":
                        column += 1
                column += 1
            line, column = line + 1, 0
        return node.line, node.column


def parse(text: str, complain: Complain) -> Node | None:
    r"""Read one YAML document into nodes; None when nothing can be made of it.

    Parameters
    ----------
    text : str
        Without control characters, see `detente.case._text_reading.decode`.
    complain : callable
        Takes line, column, what is wrong and what to do; called for every problem.

    Examples
    --------
    >>> node = parse("a: [1, two]", print)
    >>> node.data(), node.pairs["a"][1].column
    ({'a': [1, 'two']}, 4)
    >>> parse("a: 1\na: 2", print).data()
    2 1 'a' appears twice in this mapping, first at line 1 rename or delete one of them
    {'a': 1}
    """
    try:
        return _Composer(_events(text), complain).document()
    except CaseError:
        raise
    except _Stop:
        return None
    except MarkedYAMLError as error:
        said = " ".join(str(error.problem or error.context or "broken").split())
        mark = error.problem_mark or error.context_mark
        if error.context_mark and ("end of stream" in said or "expected ':'" in said):
            mark = error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        complain(line, column, f"this is not YAML: {fit_to_print(said)}", _remedy(text, line))
    except (YAMLError, ValueError, OverflowError, IndexError, AttributeError, TypeError) as error:
        said = fit_to_print(str(error))
        complain(1, 1, f"this is not YAML: {said}", "compare it with a case from `detente cases`")
    return None


class _Stop(Exception):
    """The tree cannot be built; the problem has been reported."""


class _Scanner(Scanner):
    """ruamel's, without the ends of long tags, over which it would take quadratic time."""

    def scan_tag(self) -> Any:
        token = super().scan_tag()
        handle, rest = token.value
        token.value = handle, rest[:_LONGEST_TAG]
        return token


def _events(text: str) -> Iterator[Event]:
    reader = YAML(typ="safe", pure=True)
    reader.Scanner = _Scanner
    yield from reader.parse(text)


def _remedy(text: str, line: int) -> str:
    lines = text.split("\n")
    here = lines[line - 1] if line <= len(lines) else ""
    if here[: len(here) - len(here.lstrip())].count("\t"):
        return "indent with spaces, not with tabs"
    bound = _BOUND.search(here)
    if bound:
        return f'put a bound in quotes: {bound[1]}: "{bound[2]}"'
    return "check indentation, brackets, quotes and the space after each colon, here and just above"


def _follows(right: Node, left: Node) -> bool:
    """Whether a number goes on, without a space, after a scalar that ends in a digit."""
    return (
        left.kind == right.kind == "scalar"
        and not left.style
        and not right.style
        and left.text[-1:].isdigit()
        and right.text[:1].isdigit()
        and left.line == right.line
        and left.column + len(left.text) + 1 == right.column
    )


class _Composer:
    def __init__(self, events: Iterator[Event], complain: Complain) -> None:
        self.events = events
        self.complain = complain
        self.anchors: dict[str, Node] = {}
        self.open: set[str] = set()
        self.count = 0

    def document(self) -> Node | None:
        root: Node | None = None
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                if root is not None:
                    self.say(event, "a second document starts here", "keep one case per file")
                    break
                root = self.node(next(self.events), 1)
        if root is None or (root.kind == "scalar" and not root.style and root.text == ""):
            self.complain(1, 1, "the file is empty", "start it with `detente: 1`")
            return None
        return root

    def say(self, event: Event, message: str, remedy: str) -> None:
        mark = event.start_mark
        self.complain(mark.line + 1, mark.column + 1, message, remedy)

    def node(self, event: Event, depth: int) -> Node:
        self.count += 1
        if self.count > MOST_NODES:
            self.say(event, f"the file has more than {MOST_NODES:,} values", "shorten it")
            raise _Stop
        if depth > DEEPEST:
            self.say(event, f"nested more than {DEEPEST} deep", "a case needs no more than 8")
            raise _Stop
        if isinstance(event, AliasEvent):
            return self.alias(event)
        if event.tag is not None:
            self.say(event, f"the tag {quote(event.tag)} is not supported", "take the tag out")
        node = Node("scalar", event.start_mark.line + 1, event.start_mark.column + 1)
        anchor = event.anchor
        if anchor:
            self.open.add(anchor)
        if isinstance(event, ScalarEvent):
            node.text, node.style = self.seen(event), event.style or ""
            node.end = event.end_mark.line + 1
        elif isinstance(event, SequenceStartEvent):
            node.kind = "list"
            while not isinstance(event := next(self.events), SequenceEndEvent):
                node.items.append(self.node(event, depth + 1))
            self.mend_decimal_commas(node)
            node.size += sum(item.size for item in node.items)
        else:
            node.kind = "map"
            self.pairs(node, depth)
        if node.size > MOST_NODES:
            self.complain(
                node.line,
                node.column,
                f"with its aliases expanded this holds more than {MOST_NODES:,} values",
                "write out what is needed, without aliases of aliases",
            )
            raise _Stop
        if anchor:
            self.open.discard(anchor)
            self.anchors[anchor] = node
        return node

    def seen(self, event: Event) -> str:
        """Return the text of a scalar; escapes can spell what the file itself may not hold."""
        hidden = hidden_character(event.value)
        if hidden:
            self.say(event, f"{hidden[1]}, written as an escape", "take the escape out")
        return printable(event.value)

    def is_decimal_comma(self, node: Node, key: Node, value: Node) -> bool:
        """Whether a key is the rest of the number before it, as in ``{rate: 0,3}``; mend it."""
        last = next(reversed(node.pairs.values()))[1] if node.pairs else key
        if value.text or value.kind != "scalar" or not _follows(key, last):
            return False
        self.complain(
            last.line,
            last.column,
            f"{last.text},{key.text} has a decimal comma",
            f"write {last.text}.{key.text}, with a point",
        )
        last.text = f"{last.text}.{key.text}"
        return True

    def mend_decimal_commas(self, node: Node) -> None:
        """Complain of a list such as ``[0,6, 2,0]``, where some commas are followed by a space."""
        close = [_follows(right, left) for left, right in pairwise(node.items)]
        if not any(close) or all(close):
            return
        whole: list[Node] = []
        for item, goes_on in zip(node.items, [False, *close], strict=True):
            if goes_on:
                whole[-1].text += f".{item.text}"
            else:
                whole.append(item)
        node.items = whole
        meant = ", ".join(item.text for item in whole)
        remedy = f"write [{meant}] if they are, or a space after each comma between entries"
        self.complain(node.line, node.column, "these look like decimal commas", remedy)

    def alias(self, event: Event) -> Node:
        if event.anchor in self.open:
            self.say(event, f"{quote(f'*{event.anchor}')} contains itself", "write the value out")
            raise _Stop
        if event.anchor not in self.anchors:
            message = f"{quote(f'*{event.anchor}')} has no anchor above"
            self.say(event, message, "mark what it stands for with & and that name")
            raise _Stop
        return self.anchors[event.anchor]

    def pairs(self, node: Node, depth: int) -> None:
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self.node(event, depth + 1)
            value = self.node(next(self.events), depth + 1)
            node.size += key.size + value.size
            place = event.start_mark.line + 1, event.start_mark.column + 1
            if key.kind != "scalar":
                self.complain(*place, "a list or mapping cannot be a key", "write a plain name")
            elif key.text == "<<" and not key.style:
                self.complain(*place, "merge keys (<<) are not supported", "write the keys out")
            elif key.text[:1].isdigit() and self.is_decimal_comma(node, key, value):
                continue
            elif key.text in node.pairs:
                self.complain(
                    *place,
                    f"{quote(key.text)} appears twice in this mapping, first at line "
                    f"{node.pairs[key.text][0].line}",
                    "rename or delete one of them",
                )
            else:
                node.pairs[key.text] = key, value
                continue
            node.maimed = True
