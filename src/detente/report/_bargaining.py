"""What a table of bargaining comes to, for the page of its own, the report and the live page.

Words and numbers are those that the terminal prints, from the same code. Cost: that of two
pictures.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from detente.analysis import Analysis
from detente.bargaining import (
    BargainingComparison,
    PositionExchange,
    TradePair,
)
from detente.drawing import chord_figure, positions_figure
from detente.model import SolvedTable
from detente.text import show

_NAMED = 5
"""Third parties that are named on each side of an exchange."""


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """One exchange: who moves, what the two gain, what all others do, and who of them."""

    moves: str
    brings: str
    others: str
    gain: str
    lose: str


@dataclass(frozen=True, slots=True)
class TradeRow:
    """What two actors give each other by all their exchanges, and what they gain together."""

    first: str
    gives: str
    second: str
    returns: str
    gain: str


@dataclass(frozen=True, slots=True)
class BargainingWords:
    """A comparison as pages tell it; rows are cells in words, the heading first.

    ``wants`` holds the table itself, whose cells ``cells`` explains; ``meanings`` by issue what
    points of its scale mean; ``past`` the outcomes that lie past a red line; ``models`` what each
    assumes and from where; ``rounds`` the outcomes of an issue round by round; ``effects`` what
    exchanges bring each group, or each actor; ``outbid`` which of them a third party could outbid;
    ``left`` what pairs leave on the table.
    """

    cells: str
    wants: list[list[str]]
    meanings: list[tuple[str, str]]
    positions: Markup
    outcomes: list[list[str]]
    losses: list[list[str]]
    past: list[list[str]]
    models: list[tuple[str, str, str]]
    rounds: list[list[list[str]]]
    exchanges: str
    made: list[ExchangeRow]
    effects: list[list[str]]
    outbid: tuple[str, ...]
    left: list[list[str]]
    chord: Markup
    trades: list[TradeRow]
    challenges: str
    notes: tuple[str, ...]


def bargaining_words(found: BargainingComparison) -> BargainingWords:
    """Return a comparison as pages tell it.

    Parameters
    ----------
    found : BargainingComparison
    """
    return BargainingWords(
        cells=found.table.heading,
        wants=found.table.rows,
        meanings=[
            (issue, said) for issue in found.table.issues if (said := found.table.meaning(issue))
        ],
        positions=positions_figure(found.table, found.outcomes),
        outcomes=found.outcome_rows,
        losses=found.loss_rows,
        past=found.red_line_rows,
        models=[(one.model, one.assumption, one.source) for one in found.outcomes],
        rounds=[] if found.trajectory is None else found.trajectory.tables,
        exchanges=found.exchanges.summary,
        made=[_row(one) for one in found.exchanges.made],
        effects=found.others.rows,
        outbid=found.others.outbid,
        left=found.packages.rows(),
        chord=chord_figure(found.exchanges),
        trades=[_trade(pair) for pair in found.trades.pairs],
        challenges=found.challenges.summary,
        notes=found.notes,
    )


def bargaining_section(findings: Analysis) -> BargainingWords | None:
    """Return what the table of a case comes to, under its titles; None where it has none."""
    if findings.bargaining is None:
        return None
    return bargaining_words(SolvedTable(findings.conflict).titled)


def _row(one: PositionExchange) -> ExchangeRow:
    ordered = sorted(one.others.items(), key=lambda other: -abs(other[1]))
    gain = [(actor, by) for actor, by in ordered if show(by, "signed") != "0" and by > 0]
    lose = [(actor, by) for actor, by in ordered if show(by, "signed") != "0" and by < 0]
    return ExchangeRow(one.moves, one.brings, show(one.rest, "signed"), _some(gain), _some(lose))


def _trade(pair: TradePair) -> TradeRow:
    gives, returns = (", ".join(issues) for issues in pair.issues)
    return TradeRow(pair.actors[0], gives, pair.actors[1], returns, show(pair.gain, "fine"))


def _some(changes: list[tuple[str, float]]) -> str:
    named = [f"{actor} {show(by, 'signed')}" for actor, by in changes[:_NAMED]]
    rest = changes[_NAMED:]
    more = [f"{len(rest)} more {show(sum(by for _, by in rest), 'signed')}"] if rest else []
    return ", ".join([*named, *more]) or "nobody"
