"""The page of a comparison: claims, stability, where things go and inputs, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

import detente
from detente.claims import Verdict, kind_of
from detente.comparison import ClaimChange, Comparison, claim_rows, level_row, stable_row
from detente.drawing import mark, range_bar
from detente.report._page import fill


@dataclass(frozen=True, slots=True)
class ClaimReading:
    """One row of a claim: a side, its verdict, numbers and bar; or the difference."""

    side: str
    word: str
    mark: Markup
    median: str
    most: str
    bar: Markup


def render_comparison(found: Comparison) -> str:
    """Return the page of a comparison as HTML.

    Parameters
    ----------
    found : Comparison

    Returns
    -------
    str
        A whole page; everything that comes from the cases is escaped.
    """
    levels = sorted(
        (change for change in found.levels if change.differs), key=lambda change: -abs(change.shift)
    )
    return fill(
        "comparison.html.j2",
        found=found,
        sides=(("A", found.a), ("B", found.b)),
        claims=[(change, claim_readings(change)) for change in found.moved],
        alike=[change.id for change in found.claims if change.what == "same"],
        stable=[(stable_row(change), change.differs) for change in found.stable],
        stable_differs=any(change.differs for change in found.stable),
        levels=[level_row(change) for change in levels],
        version=detente.__version__,
    )  # fmt: skip


def claim_readings(change: ClaimChange, a: str = "A", b: str = "B") -> list[ClaimReading]:
    """Return a claim's rows: two sides, under their names, and the second less the first."""
    verdicts: dict[str, Verdict | None] = {"A": change.a, "B": change.b}
    found = []
    for side, word, median, _, most in claim_rows(change):
        verdict = verdicts.get(side)
        nothing = Markup("")
        bar = nothing if verdict is None else range_bar(verdict, kind_of(verdict.claim))
        name = {"A": a, "B": b}.get(side, f"{b} \N{MINUS SIGN} {a}")
        found.append(ClaimReading(name, word, mark(word) if word else nothing, median, most, bar))
    return found
