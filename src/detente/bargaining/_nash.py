"""Nash bargaining over all issues at once, against what holds without agreement.

The outcome maximises the sum of c_i log(U_i(o) - U_i(r)), with U_i(o) the loss of actor i at o with
its sign turned, r the reference points and c_i the actor's capability (Nash 1950; Achen 2006). It
is concave in o, and its slope separates by issue: with lambda_i = c_i / (U_i(o) - U_i(r)) an
outcome is the solution exactly when on every issue it is a weighted median of the positions with
weights lambda_i s_iq. That is the certificate that each result carries.

How it is found: a start at which everybody gains (a linear program that makes the least gain
largest), then Newton steps on a barrier. In the barrier |x_iq - o_q| is a variable t_iq above both
of its sides; the Hessian by actor is diagonal but for one rank, so t goes out by hand (Sherman and
Morrison) and a step costs O(actors x issues^2 + issues^3). Last, an outcome within reach of a kink
is set on it where the certificate is then better.

Where no outcome is better for all than disagreement, that is the outcome, and the note says so.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from detente.bargaining._outcome import BargainingOutcome
from detente.bargaining._table import BargainingTable
from detente.errors import AnalysisError, InputError
from detente.text import quote, show
from detente.values import Bools, Floats

_LEAST_GAIN = 1e-9
_BARRIER = (1.0, 1e-11, 0.2)
_STEPS = 60
_CERTIFIED = 1e-5
_FAR_APART = 1e4


def nash_bargaining(table: BargainingTable) -> BargainingOutcome:
    """Return the Nash solution of all issues together.

    Parameters
    ----------
    table : BargainingTable
        With a reference point for every issue. An actor's capability is its mean over the issues
        to which it is a party; actors without capability or salience count for nothing.

    Raises
    ------
    InputError
        Where an issue has no reference point.
    AnalysisError
        Where the outcome found does not pass its certificate.

    Examples
    --------
    >>> from detente.bargaining import bargaining_table
    >>> cells = {
    ...     "cut": {"a": (100, 1, 1), "b": (0, 1, 1)},
    ...     "fund": {"a": (0, 0.1, 1), "b": (100, 1, 1)},
    ... }
    >>> found = nash_bargaining(bargaining_table(cells, reference={"cut": 0, "fund": 0}))
    >>> found.outcome.round(2).tolist()
    [55.0, 100.0]
    """
    missing = [issue for issue, r in zip(table.issues, table.reference, strict=True) if np.isnan(r)]
    if missing:
        raise InputError(
            f"{quote(missing[0])} has no reference point; say what holds without agreement"
        )
    counts = table.party & (table.weight > 0)
    there = counts.any(axis=1)
    sizes = table.scale[:, 1] - table.scale[:, 0]
    position = ((np.nan_to_num(table.position) - table.scale[:, 0]) / sizes)[there]
    reference = (table.reference - table.scale[:, 0]) / sizes
    salience = np.where(counts, table.salience, 0.0)[there]
    capability = (
        np.where(counts, table.capability, 0.0).sum(axis=1)[there] / counts.sum(axis=1)[there]
    )
    note = ""
    start = _start(position, salience, reference)
    if start is None:
        found = reference
        note = "No outcome is better for all than what holds without agreement, so that stays."
    else:
        found = _polish(
            _climb(start, position, salience, capability / capability.max(), reference),
            position,
            salience,
            capability,
            reference,
        )
        worst = certificate(found, position, salience, capability, reference)
        if worst > _CERTIFIED:
            ratio = capability.max() / capability.min()
            remedy = (
                f"capabilities differ by a factor of {show(ratio, 'fine')}: write them nearer to "
                "one another"
                if ratio > _FAR_APART
                else "give fewer issues at once"
            )
            raise AnalysisError(
                "the Nash solution was not reached: on one issue the sides differ by a share of "
                f"{show(worst, 'fine')} of their weight; {remedy}"
            )
    return nash_outcome(table, table.scale[:, 0] + sizes * found, note)


def nash_outcome(table: BargainingTable, outcome: Floats, note: str) -> BargainingOutcome:
    """Return an outcome as one of this model."""
    return BargainingOutcome(
        "Nash bargaining",
        "All agree on what makes the product of their gains over disagreement largest.",
        "Nash 1950; Achen 2006",
        table,
        outcome,
        note,
    )


def gains(outcome: Floats, position: Floats, salience: Floats, reference: Floats) -> Floats:
    """Return each actor's gain over disagreement, (actors,)."""
    better = np.abs(position - reference) - np.abs(position - outcome)
    gain: Floats = (salience * better).sum(axis=1)
    return gain


def certificate(
    outcome: Floats, position: Floats, salience: Floats, capability: Floats, reference: Floats
) -> float:
    """Return by how much an outcome misses its conditions, as a share of the weight; 0 is optimal.

    On each issue the weight on one side may exceed that on the other by no more than what lies on
    the outcome itself; at an end of the scale there is no other side to go to.
    """
    weight = salience * (capability / gains(outcome, position, salience, reference))[:, None]
    away = position - outcome
    near = 1e-9
    above = np.where(away > near, weight, 0.0).sum(axis=0)
    below = np.where(away < -near, weight, 0.0).sum(axis=0)
    here = np.where(np.abs(away) <= near, weight, 0.0).sum(axis=0)
    return float((np.maximum(np.abs(above - below) - here, 0.0) / weight.sum(axis=0)).max())


def _start(position: Floats, salience: Floats, reference: Floats) -> Floats | None:
    """Return an outcome at which the least gain is largest; None where somebody gains nothing."""
    actors, issues = position.shape
    cells = actors * issues
    # Variables: outcome, |position - outcome| by cell, the least gain.
    cost = np.zeros(issues + cells + 1)
    cost[-1] = -1.0
    here = np.tile(np.eye(issues), (actors, 1))
    own = np.eye(cells)
    none = np.zeros((cells, 1))
    flat = position.ravel()
    sums = np.zeros((actors, cells))
    for i in range(actors):
        sums[i, i * issues : (i + 1) * issues] = salience[i]
    rows = np.vstack([
        np.hstack([here, -own, none]),
        np.hstack([-here, -own, none]),
        np.hstack([np.zeros((actors, issues)), sums, np.ones((actors, 1))]),
    ])  # fmt: skip
    most = (salience * np.abs(position - reference)).sum(axis=1)
    bounds = [(0, 1)] * issues + [(0, None)] * cells + [(None, None)]
    found = linprog(cost, rows, np.concatenate([flat, -flat, most]), bounds=bounds, method="highs")
    if not found.success or -found.fun < _LEAST_GAIN:
        return None
    least = gains(found.x[:issues], position, salience, reference).min()
    for inside in (1e-2, 1e-3, 1e-4, 1e-6, 1e-9):
        start: Floats = np.clip(found.x[:issues], inside, 1 - inside)
        if gains(start, position, salience, reference).min() > least / 2:
            return start
    return None


def _climb(
    start: Floats, position: Floats, salience: Floats, capability: Floats, reference: Floats
) -> Floats:
    most = (salience * np.abs(position - reference)).sum(axis=1)
    least = gains(start, position, salience, reference).min()
    counts = salience > 0
    o = start
    # The gap between t and the distance must leave everybody a gain.
    t = np.abs(position - o) + 0.25 * least / np.maximum(salience.sum(axis=1, keepdims=True), 1e-9)
    mu, last, shrink = _BARRIER
    while mu > last:
        for _ in range(_STEPS):
            step_o, step_t, slope = _newton(o, t, mu, position, salience, capability, most, counts)
            length = _longest(o, t, step_o, step_t, position, salience, most, counts)
            o, t = o + length * step_o, t + length * step_t
            if slope < 1e-10:
                break
        mu *= shrink
    return o


def _newton(
    o: Floats, t: Floats, mu: float, position: Floats, salience: Floats, capability: Floats,
    most: Floats, counts: Bools,
) -> tuple[Floats, Floats, float]:  # fmt: skip
    """Return a Newton step of the barrier, and half its decrement squared."""
    away = position - o
    up, down = t - away, t + away
    gain = most - (salience * t).sum(axis=1)
    pull = np.where(counts, 1 / up - 1 / down, 0.0)
    # Slopes of sum c log gain + mu (sum log up + log down + log o + log(1 - o)).
    by_o = mu * pull.sum(axis=0) + mu * (1 / o - 1 / (1 - o))
    by_t = np.where(counts, mu * (1 / up + 1 / down) - (capability / gain)[:, None] * salience, 0.0)
    same = np.where(counts, mu * (1 / up**2 + 1 / down**2), 1.0)
    cross = np.where(counts, mu * (1 / up**2 - 1 / down**2), 0.0)
    size = np.where(counts, same, 0.0).sum(axis=0) + mu * (1 / o**2 + 1 / (1 - o) ** 2)
    # By actor: diag(same) + k s s'; its inverse by Sherman and Morrison.
    k = capability / gain**2
    s_over = np.where(counts, salience / same, 0.0)
    factor = k / (1 + k * (salience * s_over).sum(axis=1))
    along = cross * s_over
    matrix = np.diag(size - (cross**2 / same).sum(axis=0)) + along.T @ (factor[:, None] * along)
    # Where many outcomes are as good, rounding alone decides the direction among them.
    matrix += np.diag(1e-13 * size)
    solved = by_t / same - s_over * (factor * (s_over * by_t).sum(axis=1))[:, None]
    step_o = np.linalg.solve(matrix, by_o - (cross * solved).sum(axis=0))
    rest = by_t - cross * step_o
    step_t = rest / same - s_over * (factor * (s_over * rest).sum(axis=1))[:, None]
    return step_o, np.where(counts, step_t, 0.0), float(by_o @ step_o + (by_t * step_t).sum()) / 2


def _longest(
    o: Floats, t: Floats, step_o: Floats, step_t: Floats, position: Floats, salience: Floats,
    most: Floats, counts: Bools,
) -> float:  # fmt: skip
    """Return the longest step, at most 1, that stays well inside."""
    away = position - o
    room = [
        (o, step_o),
        (1 - o, -step_o),
        ((t - away)[counts], (step_t + step_o)[counts]),
        ((t + away)[counts], (step_t - step_o)[counts]),
        (most - (salience * t).sum(axis=1), -(salience * step_t).sum(axis=1)),
    ]
    longest = 1.0
    for here, change in room:
        falling = change < 0
        if falling.any():
            longest = min(longest, 0.9 * float((-here[falling] / change[falling]).min()))
    return longest


def _polish(
    found: Floats, position: Floats, salience: Floats, capability: Floats, reference: Floats
) -> Floats:
    """Set what lies next to a position, or to an end, on it where that is better."""
    best, miss = found, certificate(found, position, salience, capability, reference)
    for reach in (1e-3, 1e-5, 1e-7):
        near = found.copy()
        for k in range(len(found)):
            kinks = np.append(position[salience[:, k] > 0, k], (0.0, 1.0))
            closest = kinks[np.argmin(np.abs(kinks - found[k]))]
            if abs(closest - found[k]) < reach:
                near[k] = closest
        if (gains(near, position, salience, reference) > 0).all():
            other = certificate(near, position, salience, capability, reference)
            if other < miss:
                best, miss = near, other
    return best
