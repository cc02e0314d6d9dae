"""The part of the case format for bargaining over issues, from a table of positions."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from detente.case._fields import (
    LONG,
    SCALAR_IS_SHORT,
    SHORT,
    Formula,
    Interval,
    Line,
    Name,
    Text,
    WrittenNumber,
)
from detente.case._part import Part, described


class StakeFile(Part):
    """What a party wants on an issue, and how dearly."""

    position: Formula = described("What it wants, a point of the scale.")
    salience: Formula = described("How much the issue matters to it, from 0 to 1.")
    capability: Formula | None = described(
        "What it can bring to bear on the issue, instead of its capability above.", default=None
    )
    red_line: Formula | None = described(
        "The farthest point from its position to which it would ever move.", default=None
    )


class StakeRowFile(Part):
    """A row of the table: a party's stake in an issue."""

    issue: Name = described("The issue.")
    actor: Name = described("The party.")
    position: Formula | None = described(
        "What it wants, a point of the scale; left out, it is no party to the issue.", default=None
    )
    salience: Formula | None = described(
        "How much the issue matters to it, from 0 to 1.", default=None
    )
    capability: Formula | None = described("What it can bring to bear on the issue.", default=None)
    reference: Formula | None = described(
        "What holds on the issue without agreement, the same in all its rows.", default=None
    )
    red_line: Formula | None = described(
        "The farthest point from its position to which it would ever move.", default=None
    )


class BargainingIssueFile(Part):
    """An issue that is bargained over."""

    title: Line | None = described("Name in full.", default=None)
    scale: Interval = described("Lowest and highest position.", default=[0, 100])
    points: dict[WrittenNumber, Text] = described("What positions mean.", default={})
    reference: Formula | None = described("What holds without agreement.", default=None)
    about: Text = described("What the issue is.", default="")
    parties: dict[Name, StakeFile] = described(
        "Who has a stake in it; parties need not be actors.", default={}
    )


class VotingFile(Part):
    """How a vote goes, where one binds."""

    setter: Name = described("The party that proposes.")
    threshold: Formula = described("Share of the capability that must accept.", default="0.5")
    veto: list[Name] = described("Parties that must be among those who accept.", default=[])


StakeTable = Annotated[
    Annotated[Line, SHORT] | Annotated[list[StakeRowFile], LONG], SCALAR_IS_SHORT
]


class BargainingFile(Part):
    """What is bargained over; positions, salience and capability are formulas of parameters."""

    issues: dict[Name, BargainingIssueFile] = described("Issues by name.", default={})
    table: StakeTable = described(
        "Stakes as rows, or the name of a CSV file beside the case file; its columns are the keys "
        "of a row.",
        default=[],
    )
    capability: dict[Name, Formula] = described(
        "By party: what it can bring to bear, where a stake says nothing; 1 when left out.",
        default={},
    )
    voting: VotingFile | None = described("The rule of a vote, where one binds.", default=None)
    groups: dict[Name, Annotated[list[Name], Field(min_length=1)]] = described(
        "Parties whose gains are summed.", default={}
    )


BargainingForm = Annotated[
    Annotated[Line, SHORT] | Annotated[BargainingFile, LONG], SCALAR_IS_SHORT
]
