"""Where claims break, whether there were enough draws, and what each input does alone."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from detente.analysis import Analysis
from detente.claims import kind_of
from detente.drawing import tornado_figure
from detente.study.sensitivity import Tornado
from detente.text import precise, show

_BARS = 8


@dataclass(frozen=True, slots=True)
class BreakingBox:
    """Where one claim breaks, in a sentence."""

    claim: str
    sentence: str


@dataclass(frozen=True, slots=True)
class OneAtATime:
    """What each input does alone to one answer: a drawing, and the same numbers in rows."""

    claim: str
    says: str
    base: str
    figure: Markup
    rows: tuple[tuple[str, str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class SensitivitySection:
    """What the report says of where answers turn."""

    breaking: tuple[BreakingBox, ...]
    elsewhere: tuple[str, ...]
    moving: tuple[str, ...]
    failing: tuple[str, ...]
    alone: tuple[OneAtATime, ...]


def sensitivity_section(findings: Analysis) -> SensitivitySection:
    """Return where answers turn.

    Parameters
    ----------
    findings : Analysis

    Returns
    -------
    SensitivitySection
        ``breaking`` holds claims that break in part of the ranges and in a box that stands;
        ``elsewhere`` those that break in some draws that no box sets apart; ``moving`` those whose
        verdict more draws may change.
    """
    boxes = {id: found.box for id, found in findings.breaks.items()}
    return SensitivitySection(
        tuple(
            BreakingBox(id, findings.breaks[id].sentence)
            for id, box in boxes.items()
            if box.restrictions
        ),
        tuple(id for id, box in boxes.items() if not box.restrictions and 0 < box.hits < box.draws),
        findings.unsettled,
        findings.failures,
        _alone(findings),
    )


def _alone(findings: Analysis) -> tuple[OneAtATime, ...]:
    found = []
    claims = {claim.id: claim for claim in findings.study.asked}
    for id, tornado in findings.tornados.items():
        claim, kind = claims[id], kind_of(claims[id])
        bars = [bar for bar in tornado.bars[:_BARS] if bar.swing > 0.0]
        if not bars:
            continue
        rows = tuple(
            (
                bar.name,
                bar.low if isinstance(bar.low, str) else precise(bar.low),
                show(bar.at_low, kind),
                bar.high if isinstance(bar.high, str) else precise(bar.high),
                show(bar.at_high, kind),
            )
            for bar in bars
        )
        drawn = tornado_figure(Tornado(tornado.base, tuple(bars)), kind)
        found.append(OneAtATime(id, claim.says, show(tornado.base, kind), drawn, rows))
    return tuple(found)
