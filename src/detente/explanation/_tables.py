"""The tables of an explanation, as rows of text: moves, gains by issue, parameters, flips."""

from __future__ import annotations

import math
from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from detente.claims import kind_of
from detente.text import Kind, finer, plural, precise, show, spaced, table

if TYPE_CHECKING:
    from detente.explanation._result import AnswerExplanation

Rows = Sequence[Sequence[str]]
_MOST = 8
_SMALL = 0.02
"""Share of the largest gain or loss below which issues are told together."""


def tables(found: AnswerExplanation) -> tuple[tuple[str, Rows], ...]:
    """Return the titles and rows of an explanation's tables, the heading first."""
    made = [_moves(found), *_gains(found), _parameters(found), _flips(found)]
    return tuple((title, rows) for title, rows in made if len(rows) > 1)


def in_lines(title: str, rows: Rows, width: int = 80) -> str:
    """Return a table in plain text under its title; long first cells go on below."""
    columns = len(rows[0])
    others = [max(len(row[k]) for row in rows) + 2 for k in range(1, columns)]
    room = max(20, width - 2 - sum(others))
    broken: list[Sequence[str]] = []
    for row in rows:
        first, *more = wrap(row[0], room, subsequent_indent="  ") or [""]
        broken += [[first, *row[1:]], *([line] for line in more)]
    return "\n".join([title, *table(broken, "< " + "> " * (columns - 1), indent="  ")])


def _moves(found: AnswerExplanation) -> tuple[str, Rows]:
    kind = kind_of(found.claim)
    points: Kind = "points" if kind in ("share", "points") else "signed"
    rows = [["move", "adds", "chances", "taken"]]
    if found.moves:
        rows.append(["at the start", show(found.base, kind), "", ""])
    for move in found.moves[:_MOST]:
        rows.append(
            [
                str(move.step),
                show(move.part, points),
                "" if math.isnan(move.chances) else show(move.chances, "plain"),
                "" if math.isnan(move.taken) else show(move.taken, "share"),
            ]
        )
    rest = found.moves[_MOST:]
    if rest:
        total = sum(move.part for move in rest)
        rows.append([f"{len(rest)} other moves", show(total, points), "", ""])
    if found.moves:
        rows.append(["the answer", show(found.value, kind), "", ""])
    return "What adds to the answer", rows


def _gains(found: AnswerExplanation) -> list[tuple[str, Rows]]:
    made: list[tuple[str, Rows]] = []
    told = [(str(move.step), move.gain) for move in found.moves if move.gain is not None]
    if found.gain is not None:
        told.append(("the change", found.gain))
    for title, gain in told:
        rows = [["issue", "at once, a year", "over time"]]
        sizes = [max(abs(issue.now), abs(issue.later)) for issue in gain.issues]
        least = _SMALL * max(sizes, default=0.0)
        for issue in gain.issues:
            if max(abs(issue.now), abs(issue.later)) > least:
                now, later = show(issue.now, "signed"), show(issue.later, "signed")
                rows.append([spaced(issue.issue), now, later])
        small = [i for i in gain.issues if 1e-9 < max(abs(i.now), abs(i.later)) <= least]
        if small:
            sums = sum(i.now for i in small), sum(i.later for i in small)
            rows.append([plural(len(small), "small one"), *(show(x, "signed") for x in sums)])
        rows.append(["cost of the move", "", show(-gain.cost, "signed")])
        rows.append(["own later costs", "", show(-gain.later_costs, "signed")])
        at_once = sum(issue.now for issue in gain.issues)
        rows.append(["in all", show(at_once, "signed"), show(gain.net, "signed")])
        made.append((f"What is gained by: {title}", rows))
    return made


def _parameters(found: AnswerExplanation) -> tuple[str, Rows]:
    kind = kind_of(found.claim)
    points: Kind = "points" if kind in ("share", "points") else "signed"
    rows = [["parameter", "stated", "range", "answer there", "slope over range"]]
    for effect in found.effects[:_MOST]:
        if effect.swing > 1e-9:
            rows.append(
                [
                    effect.name,
                    precise(effect.value),
                    f"{precise(effect.low)} to {precise(effect.high)}",
                    f"{show(effect.at_low, kind)} to {show(effect.at_high, kind)}",
                    show(effect.local, points),
                ]
            )
    if all(math.isnan(effect.slope) for effect in found.effects):
        rows = [row[:-1] for row in rows]
    return "What the answer turns on, each alone", rows


def _flips(found: AnswerExplanation) -> tuple[str, Rows]:
    kind = kind_of(found.claim)
    rows = [["change", "answer", "share of range", "then"]]
    for flip in (*found.flips[:5], *([found.pair] if found.pair else [])):
        changes = ", ".join(
            f"{name} {precise(a)} to {precise(b)}" for name, (a, b) in flip.changes.items()
        )
        rows.append(
            [changes, show(flip.answer, finer(kind)), show(flip.distance, "share"), flip.word]
        )
    for variant in found.variants:
        rows.append([f"variant {variant.name}", show(variant.answer, kind), "", variant.word])
    return "What would flip it, nearest first, and other variants", rows
