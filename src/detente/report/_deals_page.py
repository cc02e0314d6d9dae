"""The page of one deal: offers against cooperation, linked deals, fair points, packages, levers."""

from __future__ import annotations

from markupsafe import Markup

import detente
from detente.case import Case
from detente.deals import DealAssessment, DealStudy
from detente.drawing import gains_figure, offers_figure
from detente.report._page import environment, fill
from detente.text import precise, show


def render_deals(case: Case, found: DealAssessment | DealStudy) -> str:
    """Return the page of a deal as HTML.

    Parameters
    ----------
    case : Case
    found : DealAssessment or DealStudy

    Returns
    -------
    str
        A whole page; everything that comes from the case is escaped.
    """
    base = found.base if isinstance(found, DealStudy) else found
    return fill(
        "deals.html.j2",
        case=case,
        question=base.question,
        sections=Markup(deal_sections(found)),
        provenance=f"detente {detente.__version__}, case {case.name}, SHA-256 {case.sha256}.",
    )  # fmt: skip


def deal_sections(found: DealAssessment | DealStudy, level: int = 2, prefix: str = "deal-") -> str:
    """Return the sections of a deal, for its page and for others.

    Parameters
    ----------
    found : DealAssessment or DealStudy
    level : int
        Of the headings.
    prefix : str
        Of ids in the page.

    Returns
    -------
    str
        HTML; everything that comes from the case is escaped.
    """
    base = found.base if isinstance(found, DealStudy) else found
    survey = str(found).splitlines()[1:] if isinstance(found, DealStudy) and found.draws else []
    question = base.question
    named = [", ".join(f"{n} to {v}" for n, v in d.exchange.changes.items()) for d in base.linked]
    return environment().get_template("deals_sections.html.j2").render(
        level=level,
        prefix=prefix,
        question=question,
        years=precise(question.horizon),
        probability=show(base.probability, "tenths"),
        aim=show(question.probability, "share"),
        notes=question.notes,
        curves=[(name, offers_figure(p), str(p)) for name, p in base.prices.items()],
        chip="" if base.chip is None else f"If {base.chip}.",
        survey=[line.strip() for line in survey],
        linked=[
            {
                "changes": name,
                "kind": deal.kind,
                "holds": "yes" if deal.deviation is None else f"no: {deal.deviation}",
            }
            for name, deal in zip(named, base.linked, strict=True)
        ],
        gains=gains_figure(named, [dict(d.exchange.gain) for d in base.linked])
        if base.linked
        else "",
        fair=str(base.fair),
        packages="" if base.packages is None else str(base.packages),
        leverage="" if base.leverage is None else str(base.leverage),
    )  # fmt: skip
