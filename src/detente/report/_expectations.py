"""What each actor expects against what will happen, where the case has views."""

from __future__ import annotations

from dataclasses import dataclass

from detente.analysis import Analysis
from detente.case import Labels
from detente.forecast import Expectation
from detente.text import show, spaced

_SHOWN = 8
_SLIGHT = 0.01


@dataclass(frozen=True, slots=True)
class Surprises:
    """The largest surprises at the end of the period, and how many more there are.

    A row says who is surprised, about what, what it expects, what will be, and how far apart they
    are.
    """

    end: str
    rows: tuple[tuple[str, str, str, str, str], ...]
    more: int


def surprises(findings: Analysis) -> Surprises | None:
    """Return the largest surprises, at the stated values; None where nobody has a view."""
    found = findings.expectations
    if found is None:
        return None
    names = Labels(findings.case)
    rows = [_row(row, names) for row in found.rows if row.surprise >= _SLIGHT][:_SHOWN]
    return Surprises(names.when(found.years), tuple(rows), len(found.rows) - len(rows))


def _row(row: Expectation, names: Labels) -> tuple[str, str, str, str, str]:
    level = row.most
    mean = level == row.variable
    about = (
        f"{spaced(level)} (mean)" if mean else f"{names.variable(row.variable)}, {spaced(level)}"
    )
    return (
        names.actor(row.actor),
        about,
        show(row.expected[level], "plain" if mean else "share"),
        show(row.actual[level], "plain" if mean else "share"),
        show(row.surprise, "share"),
    )
