"""Interventions for a period: before it, during it and after it the chain is another.

From the end backwards, each stretch of time carries the probability of the question back to its
beginning under its own chain. When the period begins, held options and conditions are put at their
levels; when it ends they are free to leave them.

Unannounced, everybody goes on acting on the equilibrium without the intervention: three stretches,
each exact. Announced, everybody knows from today when the period begins and ends. What actors will
want then changes with time until it ends: their values are integrated backwards from the
equilibrium that follows it. Time is cut into slices; in each, choices are those at its middle (a
half slice of prediction first) and everything else is exact, so the error falls with the square of
the slices. It is estimated from the answer with half as many. Cost: O(slices x joint moves).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.conflict import Conflict
from detente.equilibrium import (
    Equilibrium,
    TimedGame,
    assemble,
    changed_conflict,
    intervene,
    joint_matrices,
    own_size,
    pack,
    sharp,
)
from detente.errors import InputError
from detente.expression import Query
from detente.forecast._accumulate import gather
from detente.forecast._chain import TAIL, Chain, chain_of, ticks, uniformized
from detente.forecast._march import march
from detente.forecast._paths import carry
from detente.forecast._reach import eventually
from detente.forecast._until import ROUNDING, SolvedUntil, stay
from detente.values import Bools, Floats

SLICES = 24
"""Slices of each stretch, in the coarser of two answers."""
_POSSIBLE = 1e-9
"""Chance of a state that cannot be put at the held levels up to which it does not matter."""


class Slice(NamedTuple):
    """A stretch of time with its chain, over the states that are feasible in it."""

    begin: float
    end: float
    chain: Chain


def solve_during(
    equilibrium: Equilibrium,
    query: Query,
    do: Mapping[str, str | int] | None,
    set: Mapping[str, float] | None,
    announced: bool,
    during: tuple[float, float],
    start: Floats,
) -> SolvedUntil:
    """Return the probability of a query from every state, with an intervention for a period.

    Parameters
    ----------
    equilibrium : Equilibrium
        Without the intervention.
    do, set, announced
        As in `detente.equilibrium._intervene`.
    during : (float, float)
        Years at which it begins and ends.
    start : ndarray, (feasible states,)
        Where it is asked from: the intervention must be possible wherever that leads.

    Returns
    -------
    SolvedUntil
        Over the feasible states of the equilibrium.

    Raises
    ------
    InputError
        When the period is not one, or may begin where the held levels are impossible.
    """
    begin, end = during
    if not (0.0 <= begin < end and math.isfinite(end)):
        raise InputError(
            f"during is ({begin:g}, {end:g}); give the years at which the period begins and ends"
        )
    if not do and not set:
        raise InputError("during is about an intervention; give do or set")
    target, stuck = _put(equilibrium.conflict, do)
    _check_possible(equilibrium, stuck, begin, announced, start)
    if not announced:
        held = chain_of(intervene(equilibrium, do, set, announced=False))
        slices = [Slice(begin, end, held)]
        if begin > 0.0:
            slices.insert(0, Slice(0.0, begin, chain_of(equilibrium)))
        value, error = _carry_back(equilibrium, query, slices, target, begin)
        return SolvedUntil(value, np.ones_like(value), np.full(value.size, error))
    if equilibrium.beliefs:
        raise InputError(
            "an announced period is not offered where actors have views of their own; use "
            "announced=False, or take out the views"
        )
    fine, error = _carry_back(
        equilibrium,
        query,
        _foresee(equilibrium, do, set, during, target, 2 * SLICES),
        target,
        begin,
    )
    coarse, _ = _carry_back(
        equilibrium, query, _foresee(equilibrium, do, set, during, target, SLICES), target, begin
    )
    return SolvedUntil(fine, np.ones_like(fine), np.abs(fine - coarse) + error)


def _put(conflict: Conflict, do: Mapping[str, str | int] | None) -> tuple[NDArray[np.intp], Bools]:
    """Return for each feasible state the place of the one it is put at, and where there is none."""
    live = np.flatnonzero(conflict.feasible)
    levels = list(np.unravel_index(live, conflict.shape))
    for name, level in (do or {}).items():
        k = conflict.space.axis(name)
        levels[k] = np.full(live.size, conflict.space.axes[k].level(level))
    flat = np.ravel_multi_index(levels, conflict.shape)
    stuck = ~conflict.feasible.reshape(-1)[flat]
    return np.searchsorted(live, np.where(stuck, live, flat)), stuck


def _check_possible(
    equilibrium: Equilibrium, stuck: Bools, begin: float, announced: bool, start: Floats
) -> None:
    """Refuse a period that may begin where nothing feasible has the held levels."""
    if not stuck.any():
        return
    conflict = equilibrium.conflict
    there = start
    if begin > 0.0:
        there = carry(chain_of(equilibrium), start, np.array([begin]))[0]
    chance = np.where(stuck, there, 0.0)
    if chance.sum() > _POSSIBLE or (announced and begin > 0.0):
        state = int(np.flatnonzero(conflict.feasible)[int(np.argmax(chance + 1e-300 * stuck))])
        raise InputError(
            f"from ({conflict.space.words(state)}) nothing feasible has the held levels when the "
            "period begins; let it begin at once, hold something else, or rule that state out"
        )


def _carry_back(
    equilibrium: Equilibrium,
    query: Query,
    slices: list[Slice],
    target: NDArray[np.intp],
    begin: float,
) -> tuple[Floats, float]:
    """Carry a query's probability back over the slices; the equilibrium's chain follows them."""
    conflict = equilibrium.conflict
    live = np.flatnonzero(conflict.feasible)
    after = chain_of(equilibrium)
    everywhere = np.ones(live.size, dtype=bool)
    left = everywhere if query.left is None else _truth(conflict, query.left.evaluate, live)
    right = _truth(conflict, query.right.evaluate, live)
    right = ~right if query.operator == "G" else right
    last = slices[-1].end
    error = 0.0
    if math.isinf(query.high):
        values, wrong = eventually(after, left, right)
        error = float(wrong.max(initial=0.0))
        top = max(last, query.low)
    else:
        values, top = right.astype(np.float64), query.high
    for piece in reversed([*slices, Slice(last, max(top, last), after)]):
        inside = np.searchsorted(live, piece.chain.live)
        cuts = sorted({piece.begin, piece.end, min(max(query.low, piece.begin), piece.end)})
        for early, late in reversed(list(pairwise(cuts))):
            if early >= top:
                continue
            years = min(late, top) - early
            found, wrong_here = _stretch(
                piece.chain, left[inside], right[inside], values[inside], years, early >= query.low
            )
            values[inside] = found
            error += wrong_here
        if piece.begin == begin and piece.begin < top:
            values = values[target]
    return values, error


def _stretch(
    chain: Chain, left: Bools, right: Bools, values: Floats, years: float, open_: bool
) -> tuple[Floats, float]:
    if not open_:
        return stay(chain, left, values, years)
    fixed = np.where(right, 1.0, np.where(left, values, 0.0))[:, None]
    first, weights = ticks(chain.rate * years)
    walk = (left & ~right)[:, None]
    total, missed = march(chain.step, fixed, first, weights, walk, error=TAIL)
    return total[:, 0], missed + TAIL + ROUNDING * (10 + first + weights.size)


def _truth(conflict: Conflict, evaluate: object, live: NDArray[np.intp]) -> Bools:
    holds = evaluate(conflict.values)  # type: ignore[operator]
    return np.broadcast_to(holds, conflict.shape).reshape(-1)[live].astype(bool)


def _foresee(
    equilibrium: Equilibrium,
    do: Mapping[str, str | int] | None,
    set: Mapping[str, float] | None,
    during: tuple[float, float],
    target: NDArray[np.intp],
    count: int,
) -> list[Slice]:
    """Return the slices before and during the period, choices being those of who sees it coming."""
    conflict = equilibrium.conflict
    live = np.flatnonzero(conflict.feasible)
    values = np.stack([equilibrium.value[a].reshape(-1) for a in conflict.actors], axis=1)
    held = changed_conflict(conflict, do, set)
    begin, end = during
    slices: list[Slice] = []
    for world, early, late in ((held, begin, end), (conflict, 0.0, begin)):
        times = np.linspace(early, late, count + 1) if late > early else np.zeros(1)
        game = pack(world)
        for start, stop in zip(times[-2::-1], times[:0:-1], strict=True):
            years = float(stop - start)
            chain, flow = _frozen(world, game, values)
            middle = _back(world, chain, flow, values, years / 2.0)
            chain, flow = _frozen(world, game, middle)
            values = _back(world, chain, flow, values, years)
            slices.insert(0, Slice(float(start), float(stop), chain))
        if world is held:
            put = values.copy()
            put[live] = values[live[target]]
            values = put
    return slices


def _frozen(conflict: Conflict, game: TimedGame, values: Floats) -> tuple[Chain, Floats]:
    """Return the chain when everybody chooses by some values, and the flow of utility less cost."""
    scaled = (values - game.centre / game.discount) / game.span
    movers = [(game, np.ascontiguousarray(scaled[:, k])) for k in range(scaled.shape[1])]
    chain = uniformized(conflict, assemble(game, movers), np.flatnonzero(conflict.feasible))
    flow = np.stack([conflict.utility[a].reshape(-1) for a in conflict.actors], axis=1)
    for actor, (_, value) in enumerate(movers):
        paid = np.zeros(value.size)
        pay(game, value, actor, own_size(game, actor), paid)
        flow[:, actor] -= paid * game.span[actor]
    return chain, flow[chain.live]


def _back(conflict: Conflict, chain: Chain, flow: Floats, values: Floats, years: float) -> Floats:
    """Return the values some years earlier, choices being those of the chain."""
    out = values.copy()
    everywhere = np.ones(chain.live.size, dtype=bool)
    for k, actor in enumerate(conflict.actors):
        discount = conflict.discount[actor]
        later, _ = stay(chain, everywhere, values[chain.live, k], years)
        earned, _ = gather(chain, flow[:, k], years, discount)
        out[chain.live, k] = earned + math.exp(-discount * years) * later
    return out


@njit(cache=True, nogil=True)
def pay(game, value, actor, own, out):  # type: ignore[no-untyped-def]
    """Fill what an actor's moves cost it a year, in spans, in every feasible state."""
    layout = game.layout
    after = layout.stride[layout.stop[actor] - 1]
    allowed, cost = np.empty((own, own)), np.empty((own, own))
    joint_matrices(game.allowed, layout, actor, allowed, False)
    joint_matrices(game.cost, layout, actor, cost, True)
    probability = np.empty(own)
    for s in range(value.size):
        if game.feasible[s]:
            here = (s // after) % own
            base = s - here * after
            sharp(
                game.precision[actor], allowed, cost, value, game.feasible, after, base,
                probability, here,
            )  # fmt: skip
            for m in range(own):
                out[s] += game.rate[actor] * probability[m] * cost[here, m]
