"""What each input alone does to some answers: solved where it shows, by slope where it is small.

The exact slopes at the stated values (`detente.claims.claim_slopes`) say how far each input moves
an answer over its range if the answer goes on as it begins: a probability in its log odds, anything
else straight. Solved at both ends, for all claims at once, is every input that has no slope by some
claim or moves none, as an answer may bend further away; and every input that could be among the
first `DISPLAYED` bars of a claim if it moved the answer `DOUBT` times as far as its slope says. Of
the rest the end that is farther away is solved, to see whether the answer bends; where it could
still be among the first, the other end is solved too. So bars that are displayed are solved, and
ends by slope belong to small ones. How often that was right stands in docs/why.md. Cost: the
slopes, about three solutions, and one or two for each input.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np
from scipy.special import expit, logit

from detente.case import Case, Claim
from detente.claims import answer_claim, claim_slopes, claims_model, kind_of
from detente.engine import FAILURES, Backend, Progress, map_tasks, poll
from detente.model import SolvedModel
from detente.study._design import Design, make_design
from detente.study._solve import LARGEST
from detente.study.sensitivity import Tornado, tornado
from detente.values import Bools, Floats, Ints

DISPLAYED = 8
"""Bars of a claim that are displayed."""
DOUBT = 2.0
"""How many times as long as by slope a bar may be."""
_NOTHING = 1e-9
"""Share of an answer below which a change is that of rounding."""

_Asked = tuple[Case, Sequence[Claim], Design]


def claim_tornados(
    case: Case,
    claims: Sequence[Claim],
    *,
    model: SolvedModel | None = None,
    variants: bool = True,
    workers: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Tornado]:
    """Return what each input alone does to the answers to some claims, by their ids.

    The tornado of `run_study` with ``design="tornado"`` has every bar solved.

    Parameters
    ----------
    case : Case
    claims : sequence of Claim
        That are asked. Those without an answer at the stated values are left out.
    model : SolvedModel, optional
        Of the case at its stated values, made for these claims.
    variants : bool
        Whether variants are inputs too.
    workers : int, optional
        Threads; all cores by default.
    progress : callable, optional
        Told (done, all, failed) as models are solved.

    Examples
    --------
    >>> import detente
    >>> case = detente.load("sanctions")
    >>> found = claim_tornados(case, [case.claim("T1")])["T1"]
    >>> found.bars[0].name, found.bars[0].by_slope
    ('pain', False)
    """
    plan = make_design(case if variants else replace(case, variants=()), 1, 0, "tornado")
    if model is None:
        model = claims_model(case, claims=claims, threads=True)
    values = np.full((len(plan), len(claims)), np.nan)
    values[0] = [_answer(claim, model) for claim in claims]
    slopes = _slopes(case, claims, plan, model)
    solved, far = _predicted(plan, claims, values, slopes)
    guessed = values.copy()
    backend = Backend("threads", workers)
    failures = 0

    def tell(done: int, _: int, failed: int) -> None:
        if progress is not None:
            progress(before + done, len(plan) - 1, failures + failed)

    while (rows := _next_rows(plan, values, solved, far)).size:
        poll()
        before = int(solved.sum()) - 1
        found = map_tasks(
            _answers, (case, claims, plan), rows.tolist(), backend,
            progress=tell, failed=lambda answers: bool(np.isnan(answers).all()),
        )  # fmt: skip
        values[rows], solved[rows] = found, True
        _bound(plan, values, guessed, solved, far)
        failures += sum(bool(np.isnan(answers).all()) for answers in found)
    if progress is not None:
        progress(len(plan) - 1, len(plan) - 1, failures)
    return {
        claim.id: tornado(plan, values[:, k], by_slope=~solved, slopes=slopes[k])
        for k, claim in enumerate(claims)
        if not np.isnan(values[0, k])
    }


def _slopes(case: Case, claims: Sequence[Claim], plan: Design, model: SolvedModel) -> Floats:
    """Return the slopes of each claim by each input; nan where there are none."""
    slopes = np.full((len(claims), len(plan.names)), np.nan)
    names = [name for name in plan.names if name not in plan.levels]
    with suppress(*FAILURES):  # without slopes all is solved
        slopes[:, : len(names)] = claim_slopes(case, claims, names, model=model).slope
    return slopes


def _predicted(
    plan: Design, claims: Sequence[Claim], values: Floats, slopes: Floats
) -> tuple[Bools, Floats]:
    """Put answers by slope into their rows; return what is solved, and how long bars are by slope.

    A bar without a slope may be of any length.
    """
    solved = np.zeros(len(plan), dtype=bool)
    solved[0] = True
    far = np.full((len(plan.names), len(claims)), np.inf)
    for k, rows in enumerate(_rows_by_input(plan)):
        steps = plan.values[rows, k] - plan.values[0, k]
        if plan.names[k] in plan.levels:
            continue
        if not steps.any():  # fixed as stated
            solved[rows], far[k] = True, 0.0
            values[rows] = values[0]
            continue
        for j, claim in enumerate(claims):
            base, slope = values[0, j], slopes[j, k]
            straight = base + slope * steps
            ends = straight
            if kind_of(claim) == "share":
                ends = np.clip(straight, 0.0, 1.0)
                if 0.0 < base < 1.0:
                    ends = expit(logit(base) + slope / (base * (1.0 - base)) * steps)
            if not np.isnan(slope):
                far[k, j] = max(np.ptp(ends), np.ptp(straight))
                values[rows, j] = ends
    return solved, far


def _bound(plan: Design, values: Floats, guessed: Floats, solved: Bools, far: Floats) -> None:
    """Say how long bars of which one end is solved may be, in place: more, where the answer bends.

    A `DOUBT`-th of it, as of those by slope.
    """
    for k, rows in enumerate(_rows_by_input(plan)):
        ends = [row for row in rows if solved[row]]
        if len(ends) == 1 < len(rows):
            (end,), (other,) = ends, [row for row in rows if row not in ends]
            bend = np.abs(values[end] - guessed[end])
            longest = np.abs(values[end] - values[0]) + bend
            longest += DOUBT * np.abs(guessed[other] - values[0])
            far[k] = np.where(np.isnan(longest), np.inf, longest / DOUBT)


def _next_rows(plan: Design, values: Floats, solved: Bools, far: Floats) -> Ints:
    """Return the rows that are to be solved next: what may be displayed, then the farther ends."""
    groups = _rows_by_input(plan)
    wanted = [row for k in _needed(groups, values, solved, far) for row in groups[k]]
    if not wanted:
        for k, rows in enumerate(groups):
            if not solved[rows].any():
                wanted.append(
                    max(rows, key=lambda row: abs(plan.values[row, k] - plan.values[0, k]))
                )
    return np.array([row for row in wanted if not solved[row]], dtype=np.int64)


def _needed(
    groups: Sequence[Sequence[int]], values: Floats, solved: Bools, far: Floats
) -> list[int]:
    """Return the inputs of which both ends are to be solved."""
    done = np.array([solved[rows].all() for rows in groups], dtype=bool)
    asked = ~np.isnan(values[0])
    still = far > _NOTHING * np.abs(values[0])
    wanted = ~done & ~(still & asked).any(axis=1)
    for j in np.flatnonzero(asked):
        size = np.where(done, [_swing(values[[0, *rows], j]) for rows in groups], far[:, j])
        order = np.argsort(-size, kind="stable")
        first = order[:DISPLAYED]
        last = size[first[-1]] if len(order) >= DISPLAYED and done[first].all() else np.inf
        mine = np.isinf(far[:, j]) | (DOUBT * far[:, j] >= last)
        mine[first] = True
        wanted |= mine & still[:, j] & ~done
    return np.flatnonzero(wanted).tolist()


def _swing(answers: Floats) -> float:
    """Return how far an input alone moves an answer; 0 where one is missing."""
    gap = float(np.ptp(answers[1:] if answers.size == 3 else answers))
    return 0.0 if math.isnan(gap) else gap


def _rows_by_input(plan: Design) -> list[Sequence[int]]:
    """Return for each input the rows of a tornado design in which it is moved."""
    found, start = list[Sequence[int]](), 1
    for name in plan.names:
        count = len(plan.levels[name]) - 1 if name in plan.levels else 2
        found.append(range(start, start + count))
        start += count
    return found


def _answers(asked: _Asked, row: int) -> list[float]:
    case, claims, plan = asked
    try:
        model = claims_model(case, *plan.point(row), claims)
    except FAILURES:
        return [math.nan] * len(claims)
    return [_answer(claim, model) for claim in claims]


def _answer(claim: Claim, model: SolvedModel) -> float:
    try:
        found = answer_claim(claim, model).value
    except FAILURES:
        return math.nan
    return found if abs(found) <= LARGEST else math.nan
