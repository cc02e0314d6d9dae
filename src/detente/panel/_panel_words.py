"""What a panel is, in words and tables: the same in the terminal and on its page.

Each table is rows of cells, the heading first. Cost: a pass over the outcomes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from detente.panel._outcome import FinalOutcome, RecordOutcome
from detente.text import listed, plural, precise, show_range, table

if TYPE_CHECKING:
    from detente.panel._coefficients import Coefficient
    from detente.panel._panel import Panel

Rows = list[list[str]]


def panel_facts(panel: Panel) -> list[tuple[str, str]]:
    """Return what the panel is made of: a name, and a few words, each."""
    states = int(np.prod(panel.template.shape))
    out = len(panel.table) - len(panel.train) - len(panel.test)
    apart = [f"{name}, spread {one.text}" for name, one in panel.shared.spreads.items()]
    read = listed(list(panel.covariates)) if panel.covariates else "nothing"
    facts = [
        ("template", f"{panel.template.title}, {plural(states, 'state')}"),
        ("conflicts", f"{panel.table.file}, {plural(len(panel.table), 'row')}"),
        ("to fit", _side(panel.split.get("train", ""), len(panel.train))),
        ("to score", _side(panel.split.get("test", ""), len(panel.test))),
        ("on no side", f"{out:,}" if out else ""),
        ("read of each", read),
        ("varies", "; ".join(apart)),
        ("outcome", _ending(panel.outcome)),
    ]
    return [(name, words) for name, words in facts if words]


def class_rows(panel: Panel) -> Rows:
    """Return each class with its condition, and how many conflicts ended in it on each side."""
    if isinstance(panel.outcome, RecordOutcome):
        return []
    size = len(panel.classes)
    counts = [np.bincount(panel.happened(side), minlength=size) for side in ("train", "test")]
    rows = [["class", "when", "to fit", "to score"]]
    for k, (name, text) in enumerate(zip(panel.classes, panel.outcome.conditions, strict=True)):
        rows.append([name, text, *(f"{count[k]:,}" for count in counts)])
    return rows


def formula_rows(panel: Panel) -> Rows:
    """Return the parameters of the template that differ from conflict to conflict."""
    rows = [[name, one.text] for name, one in panel.shared.formulas.items()]
    return [["parameter", "formula"], *rows]


def coefficient_rows(panel: Panel) -> Rows:
    """Return the shared coefficients, and what is held of each beforehand."""
    rows = [["coefficient", "start", "range", "beforehand"]]
    for one in panel.coefficients:
        span = show_range(one.low, one.high, "fine") if one.fitted else "not fitted"
        rows.append([one.name, precise(one.value), span, _beforehand(one)])
    return rows


def panel_words(panel: Panel) -> str:
    """Return all of it for a terminal."""
    head = (
        f"{panel.name}: {plural(len(panel.train), 'conflict')} to fit, {len(panel.test):,} to score"
    )
    tables: list[tuple[Sequence[Sequence[object]], str]] = [
        (panel_facts(panel), "< <"),
        (class_rows(panel), "< < > >"),
        (coefficient_rows(panel), "< > > <"),
        (formula_rows(panel), "< <"),
    ]
    parts = ["\n".join(table(rows, sides, indent="  ")) for rows, sides in tables if rows]
    return f"{head}\n" + "\n\n".join(parts)


def _side(formula: str, count: int) -> str:
    return f"{count:,}: {formula}" if formula else f"{count:,}"


def _ending(outcome: FinalOutcome | RecordOutcome) -> str:
    if isinstance(outcome, RecordOutcome):
        return f"a dated record, which begins at {_begins(outcome.start)}"
    order = "; the classes stand in an order" if outcome.ordered else ""
    if not outcome.first:
        return f"the state after {_years(outcome.horizon)}{order}"
    within = "" if math.isinf(outcome.horizon) else f" within {_years(outcome.horizon)}"
    return f"the first event{within}{order}"


def _begins(start: str) -> str:
    return "any state alike" if start == "uniform" else "the status quo"


def _years(horizon: float) -> str:
    return "1 year" if horizon == 1.0 else f"{precise(horizon)} years"


def _beforehand(one: Coefficient) -> str:
    if not one.fitted:
        return ""
    if one.distribution == "normal":
        return f"normal about {precise(one.centre)}, sd {precise(one.sd)}"
    return one.distribution
