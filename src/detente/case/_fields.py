"""The kinds of value that a case file holds, each with its check and its JSON Schema.

Every check says what is wrong in plain words and carries a remedy, as `PydanticCustomError` with
``message`` and ``remedy``, so that nothing of pydantic's own wording reaches the analyst.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    Tag,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from detente.case._words import is_phrase
from detente.case._yaml_reading import YamlDecimal, YamlInteger
from detente.text import quote

COMPLAINT = "detente"

NAME = r"[a-z][a-z0-9_]{0,59}"
DOTTED = rf"{NAME}(\.{NAME})*"
LEVEL = r"([a-z][a-z0-9_]{0,59}|[0-9]{1,9})"
SLUG = r"[a-z0-9][a-z0-9-]{0,59}"
CLAIM = r"[A-Za-z][A-Za-z0-9_-]{0,29}"
HASH = r"[0-9a-f]{16}"
DIGEST = r"[0-9a-f]{64}"
_WEIGHT = r"([0-9]+(\.[0-9]*)?|\.[0-9]+)"
CODING = rf"{LEVEL}(:{_WEIGHT}(\|{LEVEL}:{_WEIGHT})+)?"
JUMP = rf"\s*{LEVEL}\s*->\s*{LEVEL}\s*"
WRITTEN_NUMBER = r"-?[0-9]{1,15}(\.[0-9]{1,15})?"
COMPARISON = r"(<=|<|>=|>)\s*([-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?)"


LARGEST_NUMBER = 1e308
"""Numbers of a file stay below, so that sums of two are finite."""

EXPECTATION = rf"\s*(words|true|false|{COMPARISON})\s*"


def in_words(value: object) -> str:
    """Say what a value of a file is, for "must be text, not …".

    Examples
    --------
    >>> in_words(None), in_words([1]), in_words(True), in_words(0.5)
    ('nothing', 'a list', 'true', 'the number 0.5')
    """
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case int() | float():
            written = str(getattr(value, "written", value))
            return f"the number {written if len(written) <= 24 else written[:23] + '…'}"
        case list():
            return "a list"
        case dict():
            return "a mapping"
    return quote(str(value))


def complaint(message: str, remedy: str) -> PydanticCustomError:
    """Make an error whose message and remedy reach the analyst as they are."""
    return PydanticCustomError(COMPLAINT, "{message}", {"message": message, "remedy": remedy})


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise complaint(f"must be text, not {in_words(value)}", "write text, in quotes if need be")
    return value


def _line(value: object) -> str:
    if not _text(value).strip():
        raise complaint("must not be empty", "write at least a word")
    return _text(value).strip()


def _written(value: object) -> str:
    if isinstance(value, YamlInteger | YamlDecimal):
        return value.written
    return _text(value)


@dataclass(frozen=True)
class _Matching:
    """The check and the JSON Schema of a text of a pattern."""

    pattern: str
    what: str
    rule: str
    numbers: bool = False
    """Whether a whole number may stand for the text."""

    def __get_pydantic_core_schema__(
        self, source: type, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, *_: object) -> dict[str, Any]:
        pattern = f"^{self.pattern}$"
        if self.numbers:
            return {"type": ["string", "integer"], "pattern": pattern, "minimum": 0}
        return {"type": "string", "pattern": pattern}

    def check(self, value: object) -> str:
        text = _written(value)
        if not re.fullmatch(self.pattern, text):
            small = text.lower()
            near = text != small and re.fullmatch(self.pattern, small)
            rule = f"write {small}: {self.rule}" if near else self.rule
            raise complaint(f"{quote(text)} cannot be {self.what}", rule)
        return text


def _date(value: object) -> dt.date:
    text = _written(value)
    try:
        if len(text) != 10:
            raise ValueError
        return dt.date.fromisoformat(text)
    except ValueError:
        raise complaint(f"{quote(text)} is not a date", "write it as 2021-03-15") from None


def _numeric_remedy(value: object) -> str:
    """Say how to write what is nearly a number."""
    text = str(value).strip() if isinstance(value, str) else ""
    if re.fullmatch(r"[-+]?[0-9]+,[0-9]+", text):
        return f"write {text.replace(',', '.')}, with a point"
    if re.fullmatch(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", text):
        return f"write {text} without quotes"
    if share := re.fullmatch(r"([0-9]+(\.[0-9]*)?) ?%", text):
        return f"write {float(share[1]) / 100:g} for a share"
    return "write a number such as 0.5"


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise complaint(f"must be a number, not {in_words(value)}", _numeric_remedy(value))
    if not abs(value) < LARGEST_NUMBER:
        endless = str(getattr(value, "written", value)).lower().endswith(("inf", "nan"))
        reason = "not finite" if endless else f"not below {LARGEST_NUMBER:g}"
        raise complaint(f"{in_words(value)} is {reason}", "write a number such as 0.5")
    return float(value)


def _formula(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        _number(value)
        return str(int(value)) if isinstance(value, int) else repr(float(value))
    if not isinstance(value, str):
        raise complaint(f"must be a formula, not {in_words(value)}", "write a formula or a number")
    if not value.strip():
        raise complaint("the formula is empty", "write a formula or a number")
    return value


def _expectation(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and re.fullmatch(EXPECTATION, value):
        return value.strip()
    if isinstance(value, str) and is_phrase(value):
        raise complaint(
            f"{in_words(value)} is not an interval but words, which have a key of their own",
            f"write `words: {value.strip()}` and `expect: words`",
        )
    raise complaint(
        f"{in_words(value)} is not an expectation",
        _interval_meant(value)
        or "write `expect: words` beside `words: likely`, an interval [0.2, 0.45], "
        "a bound such as '< 0.2', true or false",
    )


_SPAN = re.compile(r"\s*([\d.]+)\s*%?\s*(?:-|\u2013|to|and)\s*([\d.]+)\s*(%?)\s*")
_PER_CENT = re.compile(r"\s*([<>]=?)?\s*([\d.]+)\s*%\s*")


def _interval_meant(value: object) -> str:
    """Return the remedy for an interval written as words, or in per cent; empty for others."""
    if span := _SPAN.fullmatch(str(value)):
        scale = 100.0 if span[3] else 1.0
        return f"write [{float(span[1]) / scale:g}, {float(span[2]) / scale:g}]"
    if (one := _PER_CENT.fullmatch(str(value))) is None:
        return ""
    share = f"{float(one[2]) / 100.0:g}"
    if one[1]:
        return f'write "{one[1]} {share}"'
    return f"give both ends of an interval in which {share} lies, such as [0.2, 0.45]"


def _version(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int) or value != 1:
        wrong = in_words(value).removeprefix("the number ")
        raise complaint(f"version {wrong} of the format is not supported", "write `detente: 1`")
    return value


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise complaint(f"must be true or false, not {in_words(value)}", "write true or false")
    return value


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 10**6:
        raise complaint(
            f"must be a whole number from 1, not {in_words(value)}", "count from 1 in the source"
        )
    return int(value)


Version = Annotated[Literal[1], BeforeValidator(_version)]
Text = Annotated[str, BeforeValidator(_text)]
Line = Annotated[str, BeforeValidator(_line), WithJsonSchema({"type": "string", "minLength": 1})]
Number = Annotated[float, BeforeValidator(_number)]
Truth = Annotated[bool, BeforeValidator(_truth)]
Count = Annotated[int, BeforeValidator(_count), WithJsonSchema({"type": "integer", "minimum": 1})]
Date = Annotated[
    dt.date, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date"})
]
Formula = Annotated[
    str,
    BeforeValidator(_formula),
    WithJsonSchema({"type": ["string", "number", "boolean"], "minLength": 1}),
]
Expectation = Annotated[
    str,
    BeforeValidator(_expectation),
    WithJsonSchema({"type": ["string", "boolean"], "pattern": f"^{EXPECTATION}$"}),
]
Name = Annotated[
    str, _Matching(NAME, "a name", "use small letters, digits and _, starting with a letter")
]
Dotted = Annotated[
    str, _Matching(DOTTED, "a name", "use small letters, digits and _, parts joined by a dot")
]
Level = Annotated[
    str, _Matching(LEVEL, "a level", "use small letters, digits and _, or digits alone", True)
]
_WEIGHTED = "write a level, or levels with weights such as managed:0.7|freefall:0.3"
Coding = Annotated[str, _Matching(CODING, "a level", _WEIGHTED, True)]
WrittenNumber = Annotated[
    str, _Matching(WRITTEN_NUMBER, "a number", "write a number such as 50 or 2.5")
]
Slug = Annotated[str, _Matching(SLUG, "a source id", "use small letters, digits and -")]
ClaimId = Annotated[
    str, _Matching(CLAIM, "a claim id", "start with a letter, then letters, digits")
]
Hash = Annotated[
    str, _Matching(HASH, "a hash", "give the first 16 hex digits of the sentence's SHA-256")
]
Digest = Annotated[str, _Matching(DIGEST, "a SHA-256", "give its 64 hex digits")]
Jump = Annotated[str, _Matching(JUMP, "a jump", "write it as `managed -> freefall`")]


SHORT = Tag("<short>")
"""Marks the short form in a union; ``<`` tells it from a key in the place of an error."""

LONG = Tag("<long>")
"""Marks the long form in a union."""


def _which(*short: type) -> Discriminator:
    return Discriminator(lambda value: "<short>" if isinstance(value, short) else "<long>")


LIST_IS_SHORT = _which(list)
SCALAR_IS_SHORT = _which(str, int, float, bool, type(None))

Pair = Annotated[list[Level], Field(min_length=2, max_length=2)]
Interval = Annotated[list[Number], Field(min_length=2, max_length=2)]
