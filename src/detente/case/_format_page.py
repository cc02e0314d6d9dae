"""The page of the case format: its fields, its formula language, its measures, words and scales.

Fields come from the schema (`detente.case._format_fields`), tables of words and scales from the
tables that the reader uses, prose from ``topics.md``. The same text is the page ``docs/format.md``,
what ``detente explain-format`` prints, and what Python returns. Cost: one pass over each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from textwrap import fill
from typing import Any, get_args

from detente.case._format_fields import FormatField, example_text, format_fields
from detente.case._question import (
    AverageQuestion,
    ExchangeGainQuestion,
    ExpectedQuestion,
    GainQuestion,
    Question,
)
from detente.case._words import SCALES, look_up, phrases, synonyms
from detente.errors import InputError
from detente.text import nearest, suggestion

OPERATORS = (
    ("a iff b", "both or neither", "rain == dry iff upper.dam == large", True),
    ("a implies b", "not a, or b", "rain == dry implies upper.dam > none", True),
    ("a or b", "one or both", "rain == dry or upper.dam == none", True),
    ("a and b", "both", "rain == dry and upper.dam == none", False),
    ("not a", "a does not hold", "not rain == dry", True),
    ("a == b, a != b", "equal, unequal", "lower.reply != protest", True),
    ("<, <=, >, >=", "levels in order, numbers", "upper.dam < large", True),
    ("a in {b, c}, not in", "one of these", "upper.dam in {none, small}", True),
    ("a + b, a - b", "sum, difference", "1 - 0.2 + thirst", 1.8),
    ("a * b, a / b", "product, quotient", "2 * power / 3", 0.8),
    ("-a", "opposite", "-power * 2", -2.4),
)
"""Operators from the loosest to the tightest, those in one row alike: (written, meaning, example,
value today in the example)."""

FUNCTIONS = (
    ("min(a, b, …)", "the least", "min(thirst, power, 3)", 1.0),
    ("max(a, b, …)", "the greatest", "max(thirst, power)", 1.2),
    ("abs(x)", "without its sign", "abs(thirst - power)", 0.2),
    ("exp(x)", "e to the power x", "exp(0)", 1.0),
    ("log(x)", "natural logarithm", "log(thirst)", 0.0),
    ("sqrt(x)", "square root", "sqrt(4 * thirst)", 2.0),
    ("clip(x, low, high)", "x, but within the bounds", "clip(power, 0, 1)", 1.0),
)

QUERIES = (
    ("F[a, b] φ", "φ happens between a and b", "F[0, 5] upper.dam == large"),
    ("G[a, b] φ", "φ holds all the time from a to b", "G[0, 5] rain == wet"),
    (
        "φ U[a, b] ψ",
        "ψ happens between a and b, and φ holds until then",
        "upper.dam < large U[0, 5] lower.reply == protest",
    ),
    ("F φ", "φ happens some day", "F upper.dam == large"),
)


@dataclass(frozen=True, slots=True)
class FormatTopic:
    """A part of the format that is no single key: its name, title and text in Markdown."""

    name: str
    title: str
    text: str

    def __str__(self) -> str:
        """Return title and text."""
        return f"{self.title}\n\n{self.text}"


@dataclass(frozen=True, slots=True)
class FormatEntry:
    """What there is to say on a name: a topic, keys of the format, or both."""

    name: str
    topics: tuple[FormatTopic, ...]
    fields: tuple[FormatField, ...]

    def __str__(self) -> str:
        """Return all of it, in 80 columns."""
        return "\n\n".join(map(str, [*self.fields, *self.topics]))


@cache
def format_topics() -> tuple[FormatTopic, ...]:
    """Return the topics of the page, in its order.

    Examples
    --------
    >>> [topic.name for topic in format_topics()][:3]
    ['units', 'names', 'formulas']
    """
    text = files("detente.case").joinpath("topics.md").read_text(encoding="utf-8")
    tables = {
        "<operators>": _table(
            ("operator", "meaning", "example", "today"),
            [(_code(a), b, _code(c), _value(v)) for a, b, c, v in OPERATORS],
        ),
        "<functions>": _table(
            ("function", "meaning", "example", "today"),
            [(_code(a), b, _code(c), _value(v)) for a, b, c, v in FUNCTIONS],
        ),
        "<queries>": "\n".join(f"- {_code(a)}: {b}.\n  {_code(c)}" for a, b, c in QUERIES),
        "<measures>": _measures(),
        "<words>": "\n\n".join(map(_scale, SCALES)),
        "<nearest>": "\n".join(
            f"- {scale}: {phrase} as {term}" for scale in SCALES for phrase, term in synonyms(scale)
        ),
    }
    for mark, table in tables.items():
        text = text.replace(mark, table)
    parts = [part.split("\n", 1) for part in text.removeprefix("## ").split("\n## ")]
    found = []
    for head, body in parts:
        name, title = head.split(": ", 1)
        found.append(FormatTopic(name, title, body.strip()))
    return tuple(found)


def describe_field(name: str) -> FormatEntry:
    """Say what a key of the case format means, with type, default and example; or a topic.

    Parameters
    ----------
    name : str
        A key such as ``rate``, one of several as ``claims.ask.probability``, or a topic such as
        ``formulas``.

    Raises
    ------
    InputError
        When the format has no such key or topic.

    Examples
    --------
    >>> print(describe_field("discount"))
    actors.discount
      Discount rate a year: 0.1 looks about ten years ahead.
      type     formula
      default  0.1
    <BLANKLINE>
        discount: 0.1
    """
    wanted = name.strip().lower()
    fields = [f for f in format_fields() if f.path == wanted] or [
        f for f in format_fields() if f.path.endswith(f".{wanted}")
    ]
    topics = tuple(topic for topic in format_topics() if topic.name == wanted)
    if not fields and not topics:
        names = [
            *(topic.name for topic in format_topics()),
            *dict.fromkeys(field.key for field in format_fields()),
            *(field.path for field in format_fields()),
        ]
        near = nearest(wanted, names) or next((n for n in names if n.startswith(wanted)), "")
        hint = f"did you mean {near!r}?" if near else suggestion(wanted, names, "key or topic")
        raise InputError(f"the format has no key or topic {name!r}; {hint}")
    return FormatEntry(wanted, topics, tuple(fields))


def format_page() -> str:
    """Return the page of the format as Markdown: ``docs/format.md``."""
    sections = [f for f in format_fields() if "." not in f.path]
    topics = "\n".join(f"- [{topic.title}](#topic-{topic.name})" for topic in format_topics())
    parts = [
        "# The case format",
        "A case is one file in YAML. `detente check CASE` says everything that is wrong with it;\n"
        "`detente explain-format KEY` prints what this page says of a key or topic, and\n"
        "`detente schema` the JSON Schema for an editor. This page is made from the schema by\n"
        "`detente explain-format --markdown`; its examples are those of the case at its end.",
        "Names that the analyst chooses are left out of paths: `actors.options.cost` is the cost\n"
        "of an option of an actor. Where a mapping is one of two types, the other is its short\n"
        "form: an option may be its list of levels, an issue its formula.",
        topics + "\n- [The whole example](#topic-example)",
        "## Keys",
        *(_section(field) for field in sections),
        *(
            f'<a id="topic-{topic.name}"></a>\n\n## {topic.title}\n\n{topic.text}'
            for topic in format_topics()
        ),
        '<a id="topic-example"></a>\n\n## The whole example',
        f"```yaml\n{example_text().strip()}\n```",
    ]
    return "\n\n".join(parts) + "\n"


def _section(section: FormatField) -> str:
    below = [f for f in format_fields() if f.path.startswith(f"{section.path}.")]
    parts = [f"### `{section.path}`", f"{section.meaning} {_short(section)}"]
    if below:
        parts.append(
            _table(
                ("key", "meaning", "type", "default", "example"),
                [
                    (
                        _code(field.path.partition(".")[2]),
                        field.meaning,
                        field.kind,
                        field.default,
                        _code(field.example) if "\n" not in field.example else "below",
                    )
                    for field in below
                ],
            )
        )
    parts.append(f"```yaml\n{section.example}\n```")
    return "\n\n".join(parts)


def _short(field: FormatField) -> str:
    return f"*{field.kind}; {field.default if field.default == 'required' else 'optional'}*"


def _measures() -> str:
    """Return a line and an example for each measure; the keys that it needs stand in it."""
    fields = {f.path: f for f in format_fields()}
    more: dict[type, tuple[str, ...]] = {
        ExpectedQuestion: ("at",),
        AverageQuestion: ("over",),
        GainQuestion: ("levels",),
    }
    lines = []
    for measure in dict.fromkeys(kind.measure for kind in get_args(Question)):
        meaning = fields[f"claims.ask.{measure}"].meaning
        lines.append(fill(f"- `{measure}`: {meaning}", 80, subsequent_indent="  ") + "\n")
        for kind in (kind for kind in get_args(Question) if kind.measure == measure):
            own = [fields[f"claims.ask.{key}"].example for key in (measure, *more.get(kind, ()))]
            by = ["by: exchange"] if kind is ExchangeGainQuestion else []
            lines.append(f"      ask: {{{', '.join([*own, *by])}}}\n")
    return "\n".join(lines).rstrip()


def _scale(scale: str) -> str:
    rows = [look_up(phrase, scale) for phrase in phrases(scale)]
    sources = "; ".join(dict.fromkeys(row.source for row in rows))
    cells = [
        (row.phrase, f"{row.low:g}" if row.low == row.high else f"{row.low:g} to {row.high:g}")
        for row in rows
    ]
    head = fill(f"`scale: {scale}`, from {sources}", 80, break_long_words=False)
    return f"{head}\n\n{_table(('words', 'probability'), cells)}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    def line(cells: Sequence[str]) -> str:
        return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"

    return "\n".join([line(head), f"|{'---|' * len(head)}", *map(line, rows)])


def _code(text: str) -> str:
    return f"`{text}`"


def _value(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:g}"
