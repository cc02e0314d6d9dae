"""The report as one self-contained page: no script, no outside resource; light, dark and on paper.

What is printed is worked out by the modules of this package, one per section; the templates only
lay it out. Nothing in the page depends on when or where it was made: equal findings, equal bytes.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

import detente
from detente.analysis import Analysis
from detente.case import Labels
from detente.drawing import graph_of_moves
from detente.files import write_file
from detente.report._bargaining import bargaining_section
from detente.report._brief import brief, movers
from detente.report._claim_rows import claim_rows
from detente.report._expectations import surprises
from detente.report._outcomes import words_and_outcomes
from detente.report._phase_table import phase_table
from detente.report._placebo import placebo_section
from detente.report._provenance import failure_counts, parameter_rows, source_rows
from detente.report._record import record_rows
from detente.report._sensitivity import one_at_a_time
from detente.report._stable_states import MEANINGS, near_equilibria
from detente.report._trajectories import trajectories
from detente.text import day, fit_page, plural, spaced

_MOVERS = 3


def render(findings: Analysis) -> str:
    """Return the report as HTML.

    Parameters
    ----------
    findings : Analysis
        As `detente.analyse` returns them.

    Returns
    -------
    str
        A whole page; everything that comes from the case is escaped.
    """
    case, study = findings.case, findings.study
    rows = claim_rows(findings)
    return fill(
        "page.html.j2",
        case=case,
        names=Labels(case),
        brief=brief(findings, rows),
        asked=[row for row in rows if row.answer is not None],
        unasked=[row for row in rows if row.answer is None],
        movers=[(claim.id, movers(findings, claim, _MOVERS)) for claim in study.asked],
        scored=words_and_outcomes(findings),
        analysis=findings,
        breaking=[
            (name, f"{f.sentence} {f.test}")
            for name, f in findings.breaks.items()
            if f.box.restrictions
        ],
        elsewhere=[
            name
            for name, f in findings.breaks.items()
            if not f.box.restrictions and 0 < f.box.hits < f.box.draws
        ],
        inputs_alone=list(one_at_a_time(findings)),
        trajectories=trajectories(findings),
        record=record_rows(findings),
        phase=phase_table(Labels(case), findings.phase),
        surprises=surprises(findings),
        meanings=MEANINGS,
        near=near_equilibria(findings.stability, Labels(case)),
        bargaining=bargaining_section(findings),
        placebo=placebo_section(findings),
        drawing=graph_of_moves(findings.moves, Labels(case).actor),
        states=(int(findings.conflict.feasible.sum()), findings.conflict.size),
        varying=len(study.design.names),
        parameters=parameter_rows(case),
        sources=source_rows(case),
        failures=failure_counts(study),
        residual=max(study.residual, findings.equilibrium.residual),
        version=detente.__version__,
    )


def write(findings: Analysis, path: Path | str) -> None:
    """Write the report to a file, with the same bytes on every system.

    Parameters
    ----------
    findings : Analysis
    path : path or str
    """
    write_file(Path(path), render(findings))


def fill(template: str, **values: object) -> str:
    """Return a page of this room, fit for whatever text its case holds."""
    return fit_page(environment().get_template(template).render(**values))


@cache
def environment() -> Environment:
    """Return the templates, which escape everything and refuse unknown names."""
    environment = Environment(
        loader=PackageLoader("detente.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"spaced": spaced, "plural": plural, "day": day}
    return environment
