"""The parts of the case format for what goes together and what may be otherwise."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from detente.case._fields import (
    LONG,
    SCALAR_IS_SHORT,
    SHORT,
    Dotted,
    Formula,
    Interval,
    Level,
    Name,
    Number,
    Text,
    Truth,
)
from detente.case._part import Part, described

Setting = Annotated[Annotated[Number, SHORT] | Annotated[Interval, LONG], SCALAR_IS_SHORT]


class CorrelationFile(Part):
    """Two parameters that go together."""

    between: Annotated[list[Dotted], Field(min_length=2, max_length=2)] = described(
        "The two parameters."
    )
    rank: Number = described("Spearman's rank correlation, between -1 and 1.")
    reason: Text = described("Why they go together.", default="")
    source: Text = described("The id of a source, or the word judgement.", default="")


class VariantLevelFile(Part):
    """One of the cases that a variant tells apart; empty for the case as it stands."""

    do: Annotated[dict[Dotted, Level], Field(min_length=1)] | None = described(
        "Options and conditions held at a level throughout.", default=None
    )
    set: Annotated[dict[Dotted, Setting], Field(min_length=1)] | None = described(
        "Parameters at another value, or in another range.", default=None
    )
    weights: (
        Annotated[
            dict[Name, Annotated[dict[Name, Formula], Field(min_length=1)]], Field(min_length=1)
        ]
        | None
    ) = described("By actor: weights of issues that replace or join those stated.", default=None)
    share: Number | None = described("Share of the draws; equal when left out.", default=None)
    reason: Text = described("Why the case may be like this.", default="")
    source: Text = described("The id of a source, or the word judgement.", default="")


class VariantFile(Part):
    """A choice between cases that differ in structure."""

    about: Text = described("What is chosen between.", default="")
    drawn: Truth = described(
        "Whether studies draw it, or leave the case as it stands.", default=True
    )
    levels: Annotated[dict[Level, VariantLevelFile], Field(min_length=2)] = described(
        "The cases, the usual one first."
    )
