"""The tables of an explanation as rows of text: moves, gains, parameters, changes, names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from detente.claims import kind_of, show_beside
from detente.text import Kind, plural, precise, show, spaced, table

if TYPE_CHECKING:
    from detente.explanation._result import AnswerExplanation

Rows = Sequence[Sequence[str]]
_MOST = 6
_SMALL = 0.05
"""Share of the largest gain or loss below which issues are told together."""


def tables(found: AnswerExplanation) -> tuple[tuple[str, Rows], ...]:
    """Return the titles and rows of an explanation's tables, the heading first."""
    made = [_moves(found), _gains(found), _parameters(found), _flips(found), _names(found)]
    return tuple((title, rows) for title, rows in made if len(rows) > 1)


def in_lines(title: str, rows: Rows, width: int = 80) -> str:
    """Return a table in plain text under its title; long first cells go on below."""
    columns = len(rows[0])
    if title == NAMES:
        lines = [f"{name}: {words}" for name, words in rows[1:]]
        return "\n".join([title, *(f"  {line}" for line in lines)])
    others = [max(len(row[k]) for row in rows) + 2 for k in range(1, columns)]
    room = max(20, width - 2 - sum(others))
    broken: list[Sequence[str]] = []
    for row in rows:
        first, *more = wrap(row[0], room, subsequent_indent="  ") or [""]
        broken += [[first, *row[1:]], *([line] for line in more)]
    return "\n".join([title, *table(broken, "< " + "> " * (columns - 1), indent="  ")])


def _moves(found: AnswerExplanation) -> tuple[str, Rows]:
    kind = kind_of(found.claim)
    rows = [["move", "adds", "chances", "taken"]]
    if found.moves:
        rows.append(["if nothing changed", show(found.base, kind), "", ""])
    for move in found.moves[:_MOST]:
        acts = not math.isnan(move.chances)
        chances = show(move.chances, "plain") if acts else ""
        taken = show(move.taken, "share") if acts else ""
        rows.append([str(move.step), show(move.part, _difference(kind)), chances, taken])
    rest = found.moves[_MOST:]
    if rest:
        total = sum(move.part for move in rest)
        rows.append([plural(len(rest), "other move"), show(total, _difference(kind)), "", ""])
    if found.moves:
        rows.append(["the answer", show(found.value, kind), "", ""])
    return "What adds to the answer", rows


def _gains(found: AnswerExplanation) -> tuple[str, Rows]:
    told = [(str(move.step), move.gain) for move in found.moves if move.gain is not None]
    if found.gain is not None:
        told.append(("the change that is asked about", found.gain))
    if not told:
        return "", ()
    title, gain = told[0]
    rows = [["issue", "at once, a year", "over time"]]
    sizes = [max(abs(issue.now), abs(issue.later)) for issue in gain.issues]
    least = _SMALL * max(sizes, default=0.0)
    for issue, size in zip(gain.issues, sizes, strict=True):
        if size > least:
            now, later = show(issue.now, "signed"), show(issue.later, "signed")
            rows.append([spaced(issue.issue), now, later])
    small = [i for i, size in zip(gain.issues, sizes, strict=True) if 1e-9 < size <= least]
    if small:
        sums = sum(i.now for i in small), sum(i.later for i in small)
        rows.append([plural(len(small), "smaller one"), *(show(x, "signed") for x in sums)])
    rows.append(["cost of the move", "", show(-gain.cost, "signed")])
    rows.append(["costs of its own later moves", "", show(-gain.later_costs, "signed")])
    at_once = sum(issue.now for issue in gain.issues)
    rows.append(["in all", show(at_once, "signed"), show(gain.net, "signed")])
    return f"What is gained by: {title}", rows


def _parameters(found: AnswerExplanation) -> tuple[str, Rows]:
    kind = kind_of(found.claim)
    rows = [["parameter", "stated", "range", "answer there", "slope x range"]]
    for effect in found.effects[:_MOST]:
        if effect.swing > 1e-9:
            rows.append(
                [
                    f"{effect.name}, by slope" if effect.by_slope else effect.name,
                    precise(effect.value),
                    f"{precise(effect.low)} to {precise(effect.high)}",
                    f"{show(effect.at_low, kind)} to {show(effect.at_high, kind)}",
                    "none" if math.isnan(effect.local) else show(effect.local, _difference(kind)),
                ]
            )
    if kind == "truth" or all(math.isnan(effect.slope) for effect in found.effects):
        rows = [row[:-1] for row in rows]
    title = "What the answer turns on: each parameter alone, over its range"
    few = sum(effect.by_slope for effect in found.effects)
    return f"{title}; {few} that move it less, by slope" if few else title, rows


def _flips(found: AnswerExplanation) -> tuple[str, Rows]:
    rows = [["change", "answer", "of range", "verdict"]]
    flips = [*found.flips[:5], *([found.pair] if found.pair else [])]
    for flip in sorted(flips, key=lambda flip: flip.distance):
        far = show(flip.distance, "share")
        rows.append([flip.words, show_beside(found.claim, flip.answer), far, flip.word])
    for variant in found.variants:
        answer = show_beside(found.claim, variant.answer)
        rows.append([f"variant {variant.name}", answer, "", variant.word])
    title = "What would change the verdict, nearest first"
    return f"{title}{'; and variants' if found.variants else ''}", rows


NAMES = "Names"


def _names(found: AnswerExplanation) -> tuple[str, Rows]:
    """Say what the parameters and issues are that the sentences and the first rows name."""
    changed = [name for flip in found.flips[:3] for name in flip.changes]
    changed += list(found.pair.changes) if found.pair else []
    moving = [effect.name for effect in found.effects[:3] if effect.swing > 1e-9]
    names = dict.fromkeys([*moving, *changed])
    rows = [["name", "what it is"]]
    for name in names:
        if reason := found.case.parameters[name].reason:
            rows.append([name, reason])
    gains = [move.gain for move in found.moves if move.gain is not None]
    gains += [] if found.gain is None else [found.gain]
    about = {issue.name: issue.about for issue in found.case.issues}
    for gain in gains[: 1 if found.value else 0]:
        size = max((abs(i.later) for i in gain.issues), default=0.0)
        told = [i for i in gain.issues if abs(i.later) > _SMALL * size][:4]
        rows += [[spaced(i.issue), about[i.issue]] for i in told if about.get(i.issue)]
    return NAMES, rows


def _difference(kind: Kind) -> Kind:
    """Return how a difference of two answers is printed."""
    return "points" if kind in ("share", "points") else "signed"
