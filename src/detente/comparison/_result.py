"""A comparison: both sides, what differs between them, and the words for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from detente.claims import Verdict, kind_of, show_beside
from detente.comparison._changes import ClaimChange, Difference, LevelChange, StableChange
from detente.comparison._inputs import InputChange
from detente.comparison._side import Side
from detente.text import Kind, Result, listed, plural, show, show_range, table
from detente.values import data_frame, plain, plain_fields

if TYPE_CHECKING:
    from detente.drawing import Drawing


_WIDTH = 80
_MOST_LEVELS = 12
_MOST_INPUTS = 20
_LONGEST = 300

Row = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Comparison(Result):
    """Two things side by side; made by `detente.compare`.

    Attributes
    ----------
    a, b : Side
    paired : bool
        Whether both have the same draws, so that a difference is no luck of theirs.
    claims : tuple of ClaimChange
        Another word first, then by how far the median moved against the ranges.
    stable : tuple of StableChange
        At the stated values, by concept and actor.
    levels : tuple of LevelChange
        At the end, by variable and level.
    inputs : tuple of InputChange
        What differs in what the two cases state.
    """

    a: Side
    b: Side
    paired: bool
    claims: tuple[ClaimChange, ...]
    stable: tuple[StableChange, ...]
    levels: tuple[LevelChange, ...]
    inputs: tuple[InputChange, ...]

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not (
            self.inputs
            or any(change.what != "same" for change in self.claims)
            or any(change.differs for change in self.stable)
            or any(change.differs for change in self.levels)
        )

    @cached_property
    def moved(self) -> tuple[ClaimChange, ...]:
        """The claims on which the sides differ, those that only one asks last."""
        return tuple(change for change in self.claims if change.what != "same")

    @property
    def summary(self) -> str:
        """One sentence."""
        if self.same:
            return "nothing differs"
        both = [change for change in self.claims if not change.what.startswith("only")]
        words = sum(change.what == "word" for change in both)
        medians = sum(change.what == "median" for change in both)
        alone = len(self.claims) - len(both)
        parts = []
        if both:
            verb = "differs" if words == 1 else "differ"
            parts.append(f"{words or 'none'} of {plural(len(both), 'verdict')} {verb}")
        if medians:
            verb = "moves" if medians == 1 else "move"
            parts.append(f"{medians}{' more' if words else ''} {_noun(medians, 'median')} {verb}")
        if alone:
            parts.append(f"{plural(alone, 'claim')} {'is' if alone == 1 else 'are'} on one side")
        return ", ".join(parts) or "the inputs differ, and no answer does"

    @property
    def heading(self) -> tuple[str, ...]:
        """What is compared, and on which draws."""
        return (
            *(f"{letter}  {side.name}: {side.case.title}" for letter, side in self._sides),
            self.draws,
        )

    @property
    def draws(self) -> str:
        """On which draws, and what a difference then means."""
        a, b = self.a.design, self.b.design
        if self.paired:
            return (
                f"{plural(len(a), 'draw')} each, common to both (seed {a.seed}): a difference is "
                "not the luck of the draws."
            )
        of_a, of_b = (f"{plural(len(d), 'draw')} ({d.kind}, seed {d.seed})" for d in (a, b))
        return f"A has {of_a}, B has {of_b}: other draws, so differences hold some chance."

    @property
    def _sides(self) -> tuple[tuple[str, Side], ...]:
        return ("A", self.a), ("B", self.b)

    def plot(self) -> Drawing:
        """Draw the verdicts that differ, each on both sides; see `detente.drawing.Drawing`."""
        from detente.drawing import Drawing, range_bar, stacked

        rows = [
            (f"{change.id} {letter}: {verdict.word}", range_bar(verdict, kind_of(verdict.claim)))
            for change in self.moved
            for letter, verdict in (("A", change.a), ("B", change.b))
            if verdict is not None
        ]
        return Drawing(stacked(rows, "Where the answers lie on both sides", 2))

    def __str__(self) -> str:
        """Return what differs: claims, stability, where things go, and inputs; 80 columns."""
        lines = [line for words in self.heading for line in wrap(words, _WIDTH)]
        if self.same:
            return "\n".join([*lines, "", "nothing differs"])
        parts = [
            self._claim_lines(),
            self._stable_lines(),
            self._level_lines(),
            self._input_lines(),
        ]
        return "\n".join([*lines, *(line for part in parts for line in ("", *part))])

    def _claim_lines(self) -> list[str]:
        lines = [f"Claims: {self.summary}"]
        rows: list[Sequence[str]] = [
            ["", "", "verdict", "median", "50 % of draws", "90 % of draws"]
        ]
        for change in self.moved:
            rows += (
                (change.id if k == 0 else "", *row) for k, row in enumerate(claim_rows(change))
            )
        if len(rows) > 1:
            lines += table(rows, "< < < > > >")
        for change in self.moved:
            says = f"{change.id}: {change.claim.says}"
            lines += wrap(says, _WIDTH, initial_indent="  ", subsequent_indent="    ")
        alike = [change.id for change in self.claims if change.what == "same"]
        if alike and self.moved:
            lines += wrap(f"The same on both sides: {listed(alike)}.", _WIDTH)
        return lines

    def _stable_lines(self) -> list[str]:
        if not any(change.differs for change in self.stable):
            return ["Stability: nothing differs"]
        head = ["concept", "stable for", "A", "B", "today in A", "today in B"]
        return [
            "Stability: how many states are stable for whom, and whether today's is",
            *table([head, *map(stable_row, self.stable)], "< < > > < <"),
        ]

    def _level_lines(self) -> list[str]:
        rows = [change for change in self.levels if change.differs]
        if not rows:
            return ["At the end: nothing differs"]
        rows.sort(key=lambda change: -(1.0 if math.isnan(change.shift) else abs(change.shift)))
        head = ["variable", "level", "A", "B", "B \u2212 A", "90 % of draws"]
        found = table([head, *map(level_row, rows[:_MOST_LEVELS])], "< < > > > >")
        more = len(rows) - _MOST_LEVELS
        years = " and ".join(dict.fromkeys(show(side.years, "fine") for _, side in self._sides))
        return [
            f"Probability of each level after {years} years, at the stated values",
            *found,
            *([f"and {plural(more, 'level')} that {_verb(more)} less"] if more > 0 else []),
        ]

    def _input_lines(self) -> list[str]:
        if not self.inputs:
            return ["Inputs: nothing differs"]
        lines = ["Inputs that differ"]
        for change in self.inputs[:_MOST_INPUTS]:
            words = str(change)
            words = words if len(words) <= _LONGEST else f"{words[:_LONGEST]} \u2026"
            lines += wrap(words, _WIDTH, initial_indent="  ", subsequent_indent="    ")
        more = len(self.inputs) - _MOST_INPUTS
        return [*lines, *([f"  and {more:,} more"] if more > 0 else [])]

    def to_dict(self) -> dict[str, Any]:
        """Return everything, ready for JSON."""
        return {
            "a": _side(self.a),
            "b": _side(self.b),
            "paired": self.paired,
            "same": self.same,
            "summary": self.summary,
            "claims": [
                {
                    "claim": change.id,
                    "says": change.claim.says,
                    "differs": change.what,
                    "a": _verdict(change.a),
                    "b": _verdict(change.b),
                    "shift": plain(change.shift),
                    "paired": plain(change.paired),
                }
                for change in self.claims
            ],
            "stability": plain(self.stable),
            "levels": [
                {**plain_fields(change), "shift": plain(change.shift)} for change in self.levels
            ],
            "inputs": plain(self.inputs),
        }

    def to_pandas(self) -> Any:
        """Return a row for each claim as a DataFrame (needs pandas)."""
        rows = [
            {
                "differs": change.what,
                **{
                    f"{name} {letter}": getattr(verdict, name) if verdict else None
                    for letter, verdict in (("A", change.a), ("B", change.b))
                    for name in ("word", "median")
                },
                "shift": change.shift,
                "low": change.paired.most[0] if change.paired else math.nan,
                "high": change.paired.most[1] if change.paired else math.nan,
            }
            for change in self.claims
        ]
        return data_frame(rows, [change.id for change in self.claims], name="claim")


def claim_rows(change: ClaimChange) -> list[Row]:
    """Return a claim's rows: A, B, and the difference, printed; a side that has it not has none."""
    rows: list[Row] = [
        (letter, *_printed(verdict))
        for letter, verdict in (("A", change.a), ("B", change.b))
        if verdict is not None
    ]
    if not math.isnan(change.shift):
        kind = _moved_kind(change.kind)
        found = change.paired
        median = change.shift if found is None else found.median
        most = "" if found is None else show_range(*found.most, kind)
        rows.append(("B \u2212 A", "", show(median, kind), "", most))
    return rows


def stable_row(change: StableChange) -> Row:
    """Return who is stable where, printed."""
    counts = ("\u2013" if n is None else f"{n:,}" for n in (change.a, change.b))
    today = (
        "\u2013" if stays is None else ("stable" if stays else "not stable")
        for stays in (change.today_a, change.today_b)
    )
    return (change.concept, change.actor or "everyone", *counts, *today)


def level_row(change: LevelChange) -> Row:
    """Return the probability of a level on both sides, printed."""
    shares = ("\u2013" if p is None else show(p, "share") for p in (change.a, change.b))
    found: Difference | None = change.paired
    most = "" if found is None else show_range(*found.most, "points")
    return (change.variable, change.level, *shares, show(change.shift, "points"), most)


def _printed(verdict: Verdict) -> Row:
    kind = kind_of(verdict.claim)
    return (
        verdict.word,
        show_beside(verdict.claim, verdict.median),
        show_range(*verdict.half, kind),
        show_range(*verdict.most, kind),
    )


def _moved_kind(kind: Kind) -> Kind:
    return "points" if kind in {"share", "points"} else "signed"


def _verdict(verdict: Verdict | None) -> Any:
    if verdict is None:
        return None
    return {**plain_fields(verdict, "word", "median"), "range50": plain(verdict.half),
            "range90": plain(verdict.most), **plain_fields(verdict, "counts", "draws")}  # fmt: skip


def _side(side: Side) -> dict[str, Any]:
    design = side.design
    return {
        "case": side.name,
        "title": side.case.title,
        "sha256": side.case.sha256,
        "draws": len(design),
        "design": design.kind,
        "seed": design.seed,
    }


def _noun(count: int, noun: str) -> str:
    return noun if count == 1 else f"{noun}s"


def _verb(count: int) -> str:
    return "differs" if count == 1 else "differ"
