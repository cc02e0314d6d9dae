"""The fields of the case format, read out of the schema: meaning, type, default, an example.

The schema's models are walked together with ``example.yaml``, a small case that uses every key: an
example of a field is what that case has there, so it is valid wherever the case is. Cost: one pass
over schema and example, once.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo

from detente.case import _fields as kinds
from detente.case._part import Part
from detente.case._schema import CaseFile
from detente.case._text_reading import decode
from detente.case._yaml_reading import Node, parse

_WORDS: tuple[tuple[Any, str], ...] = (
    (kinds.Text, "text"),
    (kinds.Line, "text"),
    (kinds.Number, "number"),
    (kinds.Truth, "true or false"),
    (kinds.Count, "whole number from 1"),
    (kinds.Date, "date such as 2021-03-15"),
    (kinds.Formula, "formula"),
    (kinds.Expectation, "words, true, false, or a bound"),
    (kinds.Interval, "[low, high]"),
    (kinds.Pair, "[from, to]"),
    (kinds.Name, "name"),
    (kinds.Dotted, "name"),
    (kinds.Level, "level"),
    (kinds.Coding, "level, or levels with weights"),
    (kinds.WrittenNumber, "number"),
    (kinds.Slug, "source id"),
    (kinds.ClaimId, "claim id"),
    (kinds.Hash, "16 hex digits"),
    (kinds.Digest, "64 hex digits"),
    (kinds.Jump, "jump"),
)


@dataclass(frozen=True, slots=True)
class FormatField:
    """A key of the case format; prints itself in 80 columns.

    Attributes
    ----------
    path : str
        The keys that lead to it, names that the analyst chooses left out: ``actors.options.cost``.
    kind : str
        What may stand there, in words.
    default : str
        What holds when it is left out: ``required``, ``none``, or a value.
    meaning : str
    example : str
        A line of a valid case.
    keys : tuple of str
        The keys below it.
    """

    path: str
    kind: str
    default: str
    meaning: str
    example: str
    keys: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The key itself."""
        return self.path.rpartition(".")[2]

    def __str__(self) -> str:
        """Return what there is to say, in 80 columns."""
        rows = [("type", self.kind), ("default", self.default)]
        if self.keys:
            rows.append(("keys", ", ".join(self.keys)))
        told = [
            self.path,
            *_filled(self.meaning, "  "),
            *(line for name, text in rows for line in _filled(f"{name:<9}{text}", "  ", " " * 11)),
            *("    " + line for line in ["", *_wrapped(self.example)]),
        ]
        return "\n".join(line.rstrip() for line in told)


def _filled(text: str, indent: str, further: str | None = None) -> list[str]:
    return textwrap.wrap(
        text,
        80,
        initial_indent=indent,
        subsequent_indent=indent if further is None else further,
        break_on_hyphens=False,
    )


def _wrapped(example: str) -> list[str]:
    """Return an example in lines of 76; what YAML reads is the same."""
    lines = []
    for line in example.splitlines():
        inset = " " * (len(line) - len(line.lstrip(" -")) + 2)
        lines += textwrap.wrap(
            line, 76, subsequent_indent=inset, break_long_words=False, break_on_hyphens=False
        )
    return lines


@cache
def format_fields() -> tuple[FormatField, ...]:
    """Return every key of the case format, in the order of the schema.

    Examples
    --------
    >>> fields = {field.path: field for field in format_fields()}
    >>> fields["actors.rate"].kind, fields["actors.rate"].default, fields["actors.rate"].example
    ('formula', '1', 'rate: 1')
    """
    return tuple(_walk(CaseFile, "", [example_tree()]))


@cache
def example_text() -> str:
    """Return the case that uses every key."""
    return files("detente.case").joinpath("example.yaml").read_text(encoding="utf-8")


def example_tree() -> Node:
    """Return the nodes of that case."""

    def complain(line: int, column: int, message: str, remedy: str) -> None:
        raise AssertionError(f"example.yaml:{line}:{column}: {message}; {remedy}")

    root = parse(decode(example_text().encode(), complain) or "", complain)
    assert root is not None
    return root


def _walk(model: type[Part], prefix: str, nodes: Sequence[Node]) -> Iterator[FormatField]:
    hints = get_type_hints(model, include_extras=True)
    for name, info in model.model_fields.items():
        key = info.alias or name
        found = [node.pairs[key][1] for node in nodes if key in node.pairs]
        below, depth = _part_in(hints[name])
        keys = [field.alias or n for n, field in below.model_fields.items()] if below else ()
        path = f"{prefix}{key}"
        yield FormatField(
            path,
            _kind(hints[name]) + (" or null" if _may_be_null(hints[name], info) else ""),
            _default(info),
            info.description or "",
            _example(
                key, next((n for n in nodes if key in n.pairs), None), bool(below), not prefix
            ),
            tuple(keys),
        )
        if below:
            yield from _walk(below, f"{path}.", list(_entries(found, depth)))


def _part_in(kind: Any) -> tuple[type[Part] | None, int]:
    """Return the part that a type holds, and in how many lists or mappings of it."""
    if isinstance(kind, type) and issubclass(kind, Part):
        return kind, 0
    if get_origin(kind) is Annotated:
        return _part_in(get_args(kind)[0])
    deeper = int(get_origin(kind) in {list, dict})
    for inner in get_args(kind)[-1:] if deeper else get_args(kind):
        part, depth = _part_in(inner)
        if part is not None:
            return part, depth + deeper
    return None, 0


def _entries(nodes: Sequence[Node], depth: int) -> Iterator[Node]:
    for node in nodes:
        if depth == 0:
            yield node
        else:
            inner = [value for _, value in node.pairs.values()] or node.items
            yield from _entries(inner, depth - 1)


def _kind(kind: Any) -> str:
    for known, words in _WORDS:
        if _extends(kind, known):
            return words
    if isinstance(kind, type) and issubclass(kind, Part):
        return "mapping"
    arguments = get_args(kind)
    origin = get_origin(kind)
    if origin is Annotated:
        return _kind(arguments[0])
    if origin is Literal:
        return _or([str(value) for value in arguments])
    if origin is list:
        inner = _kind(arguments[0])
        return f"list, each {inner}" if " or " in inner else f"list of {_plural(inner)}"
    if origin is dict:
        return f"mapping from {_kind(arguments[0])} to {_kind(arguments[1])}"
    return _or([_kind(inner) for inner in arguments if inner is not type(None)])


def _extends(kind: Any, known: Any) -> bool:
    """Whether a type is a known one, with or without further marks."""
    first, *marks = get_args(known)
    return get_args(kind)[: 1 + len(marks)] == (first, *marks)


def _or(words: Sequence[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def _plural(words: str) -> str:
    first, space, rest = words.partition(" ")
    return words if first.startswith("[") else f"{first}s{space}{rest}"


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "required"
    if isinstance(info.default, bool):
        return str(info.default).lower()
    return str(info.default) if info.default else "none"


def _may_be_null(kind: Any, info: FieldInfo) -> bool:
    return info.is_required() and type(None) in get_args(kind)


def _example(key: str, owner: Node | None, block: bool, section: bool) -> str:
    """Return a key with what stands there: as the file has it, or on one line."""
    if owner is None:
        return ""
    name, value = owner.pairs[key]
    lines = example_text().splitlines()
    before = lines[name.line - 1][: name.column - 1]
    if not block or before.strip(" -"):
        return f"{key}: {_flow(value)}"
    first = value.items[:1] or [node for _, node in value.pairs.values()][:1]
    last = _last_line(first[0] if section else value)
    return "\n".join(line[len(before) :] for line in lines[name.line - 1 : last])


def _last_line(node: Node) -> int:
    inner = [*node.items, *(value for _, value in node.pairs.values())]
    return max([node.line, node.end, *map(_last_line, inner)])


def _flow(node: Node) -> str:
    """Return a node on one line."""
    if node.kind == "map":
        pairs = [f"{key}: {_flow(value)}" for key, (_, value) in node.pairs.items()]
        return f"{{{', '.join(pairs)}}}"
    if node.kind == "list":
        return f"[{', '.join(map(_flow, node.items))}]"
    risky = set(node.text) & set(',[]{}"#') or ": " in node.text or node.style
    return json.dumps(node.text, ensure_ascii=False) if risky else node.text
