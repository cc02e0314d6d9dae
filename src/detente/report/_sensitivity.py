"""What each input alone does to an answer, as a drawing and in rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from markupsafe import Markup

from detente.analysis import Analysis
from detente.case import Claim
from detente.claims import kind_of
from detente.drawing import tornado_figure
from detente.study import DISPLAYED
from detente.study.sensitivity import Tornado
from detente.text import precise, show


@dataclass(frozen=True, slots=True)
class OneAtATime:
    """What each input does alone to one answer: a drawing, and the same numbers in rows.

    ``by_slope`` says how many inputs were not solved.
    """

    claim: str
    says: str
    base: str
    figure: Markup
    rows: tuple[tuple[str, str, str, str, str], ...]
    by_slope: str


def one_at_a_time(findings: Analysis) -> Iterator[OneAtATime]:
    """Yield what the inputs that move an answer most do to it, for each leading claim."""
    for name, tornado in findings.tornados.items():
        found = tornado_rows(findings.case.claim(name), tornado)
        if found is not None:
            yield found


def tornado_rows(claim: Claim, tornado: Tornado) -> OneAtATime | None:
    """Return what inputs alone do to the answer to a claim; None where none moves it."""
    kind = kind_of(claim)
    bars = tuple(bar for bar in tornado.bars[:DISPLAYED] if bar.swing > 0.0)
    if not bars:
        return None
    rows = tuple(
        (
            f"{bar.name}, by slope" if bar.by_slope else bar.name,
            bar.low if isinstance(bar.low, str) else precise(bar.low),
            show(bar.at_low, kind),
            bar.high if isinstance(bar.high, str) else precise(bar.high),
            show(bar.at_high, kind),
        )
        for bar in bars
    )
    drawn = tornado_figure(replace(tornado, bars=bars), kind)
    return OneAtATime(claim.id, claim.says, show(tornado.base, kind), drawn, rows, tornado.by_slope)
