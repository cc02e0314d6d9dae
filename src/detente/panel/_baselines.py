"""Forecasts of how conflicts end that know no strategy: what a model of it must beat.

======================== ==================================================================
base rates               how often each class came on the earlier side
logit                    multinomial logit of the columns that the model reads
calendar                 multinomial logit of the year alone
logit with the calendar  both
persistence              the class that the same group last came to, as often as it came again
======================== ==================================================================

A logit's slopes are of standardised columns and have a normal prior of deviation 3, so that it
stays finite where a column parts the classes. Counts have half a case added to each class. Only the
earlier side is looked at, but for what a group came to before the conflict at hand. Cost: a smooth
search over classes times columns.
"""

from __future__ import annotations

import numpy as np

from detente.panel._panel import SIDES, Panel
from detente.values import Floats, Ints

BASE_RATES = "base rates"
_PRIOR_SD = 3.0


def baseline_forecasts(panel: Panel) -> dict[str, Floats]:
    """Return the forecasts of each baseline for the later side, (conflicts, classes)."""
    classes = len(panel.classes)
    earlier, later = panel.happened("train"), len(panel.test)
    rates = base_rates(earlier, classes)
    found = {BASE_RATES: np.tile(rates, (later, 1))}
    columns = list(panel.covariates)
    chosen = {"logit": columns}
    if panel.year_column:
        year = [panel.year_column]
        chosen["calendar"] = year
        if columns and panel.year_column not in columns:
            chosen["logit with the calendar"] = [*columns, *year]
    for name, used in chosen.items():
        if used:
            rows = [np.column_stack([panel.column(c, side) for c in used]) for side in SIDES]
            found[name] = logit_forecasts(rows[0], earlier, rows[1], classes)
    if panel.group_column and panel.year_column:
        found["persistence"] = _persistence(panel, rates)
    return found


def base_rates(happened: Ints, classes: int) -> Floats:
    """Return the share of each class, with half a case added to each.

    Examples
    --------
    >>> base_rates(np.array([0, 0, 1]), 2).tolist()
    [0.625, 0.375]
    """
    counts = np.bincount(happened, minlength=classes) + 0.5
    return np.asarray(counts / counts.sum(), dtype=np.float64)


def logit_forecasts(rows: Floats, happened: Ints, later: Floats, classes: int) -> Floats:
    """Return what a multinomial logit fitted to some rows forecasts for others.

    Examples
    --------
    >>> rows = np.array([[0.0], [1.0], [2.0], [3.0]])
    >>> found = logit_forecasts(rows, np.array([0, 0, 1, 1]), np.array([[0.0], [3.0]]), 2)
    >>> bool(found[0, 0] > 0.8), bool(found[1, 1] > 0.8)
    (True, True)
    """
    from scipy.optimize import minimize
    from scipy.special import log_softmax

    centre, spread = rows.mean(axis=0), rows.std(axis=0)
    spread = np.where(spread > 0.0, spread, 1.0)

    def design(given: Floats) -> Floats:
        return np.column_stack([np.ones(len(given)), (given - centre) / spread])

    earlier = design(rows)
    hits = np.eye(classes)[happened]
    penalty = np.full((earlier.shape[1], classes), _PRIOR_SD**-2)
    penalty[0] = 1e-4

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(penalty.shape)
        logs = log_softmax(earlier @ weights, axis=1)
        value = -(hits * logs).sum() + 0.5 * (penalty * weights**2).sum()
        return float(value), (earlier.T @ (np.exp(logs) - hits) + penalty * weights).ravel()

    found = minimize(loss, np.zeros(penalty.size), jac=True, method="L-BFGS-B")
    logs = log_softmax(design(later) @ found.x.reshape(penalty.shape), axis=1)
    return np.asarray(np.exp(logs), dtype=np.float64)


def _persistence(panel: Panel, rates: Floats) -> Floats:
    """Return base rates, moved to what the same group last came to as far as the past says."""
    rows = (*panel.train, *panel.test)
    classes = np.concatenate([panel.happened("train"), panel.happened("test")])
    groups = [panel.table.words(panel.group_column)[row] for row in rows]
    years = panel.table.numbers(panel.year_column, rows)
    before = np.full(len(rows), -1)
    for k in range(len(rows)):
        past = [j for j in range(len(rows)) if groups[j] == groups[k] and years[j] < years[k]]
        if past:
            before[k] = classes[max(past, key=lambda j: years[j])]
    count = len(panel.train)
    known = np.flatnonzero(before[:count] >= 0)
    again = int((before[known] == classes[known]).sum())
    share = (again + 0.5) / (known.size + 1.0)
    found = np.tile(rates, (len(panel.test), 1))
    for row, last in enumerate(before[count:]):
        if last >= 0:
            others = np.where(np.arange(rates.size) == last, 0.0, rates)
            found[row] = (1.0 - share) * others / others.sum()
            found[row, last] = share
    return found
