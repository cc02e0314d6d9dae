"""Regret: what an actor would gain by its best own plan while the others choose as they do.

With the others' choices fixed, actor i faces a decision process in continuous time, whose best
values W solve

    (rho_i + lambda_i - G) W = u_i + lambda_i max_a (W(a) - c_i(s, a)),

G being the generator of nature and of the others. Policy iteration (Howard 1960) solves it: each
policy is valued by GMRES on a sparse system, and improved by a maximum over joint moves that goes
option by option, since costs add up. What is left of the equations, e(s), bounds the error: the
best values lie within min e / rho_i and max e / rho_i of W, however the iteration went, since a
policy's values depend on its flow through the inverse of rho_i - Q, whose rows are positive and
sum to 1 / rho_i. No kernel of the solver is used. Cost: some policies (3 to 10 as a rule), each
some tens of products of G; memory O(states x joint moves of all actors).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array
from scipy.sparse.linalg import LinearOperator, gmres

from detente.equilibrium._game import TimedGame
from detente.equilibrium._generator import assemble
from detente.values import Floats

_GOAL = 1e-10
"""Imbalance that is good enough, in spans of utility a year times the discount rate."""
_LOOSE = 1e-3
"""Share of the imbalance to which a policy is valued before it is improved again."""
_POLICIES = 200
_ROUNDING = 1e-14
"""A policy that gains less than this share of the values gains nothing."""


class Best(NamedTuple):
    """An actor's best values against fixed choices of the others, in the game's scaled units.

    Attributes
    ----------
    value : ndarray, (feasible states,)
    error : float
        The true best values are within this of ``value``.
    slip : ndarray, (feasible states,)
        What the actor's own choice at one chance to move loses on the best one, going on as it
        does afterwards.
    policies : int
        Policies that were valued.
    """

    value: Floats
    error: float
    slip: Floats
    policies: int


def best_values(game: TimedGame, values: Floats, actor: int) -> Best:
    """Return the best values of an actor whose rivals choose by ``values``.

    Parameters
    ----------
    values : ndarray, (states, actors)
        Scaled values of an equilibrium, on which everyone acts.
    """
    alone = game._replace(rate=np.where(np.arange(game.rate.size) == actor, 0.0, game.rate))
    others = assemble(alone, [(alone, values[:, j]) for j in range(values.shape[1])])
    others.eliminate_zeros()
    live = np.flatnonzero(game.feasible)
    flow, rate, discount = game.flow[live, actor], game.rate[actor], game.discount[actor]
    value = values[live, actor].copy()
    goal = _GOAL * discount
    slip = None
    policies, least, kept, gained = 0, np.inf, value, np.inf
    while True:
        best, target, paid = _best_moves(game, actor, live, value)
        left = flow + others @ value + rate * (best - value) - discount * value
        if slip is None:
            slip = np.maximum(left, 0.0) / rate if rate > 0.0 else np.zeros(live.size)
        worst = float(np.abs(left).max())
        if worst < least:
            least, kept = worst, value
        if worst <= goal or gained <= _ROUNDING or policies == _POLICIES:
            break
        before = value
        near = max(0.1 * goal, _LOOSE * worst)
        value = _value_of(others, target, flow - rate * paid, rate, discount, value, near)
        gained = float((value - before).max()) / (1.0 + float(np.abs(value).max()))
        policies += 1
    return Best(kept, least / float(discount), slip, policies)


def _value_of(
    others: csr_array,
    target: NDArray[np.intp],
    earned: Floats,
    rate: float,
    discount: float,
    guess: Floats,
    near: float,
) -> Floats:
    """Return the values of going from each state to its target, their equations out by ``near``."""
    lead = rate + discount - others.diagonal() - rate * (target == np.arange(target.size))
    inward = csr_array(others - diags_array(others.diagonal()))
    moving = target != np.arange(target.size)

    def equations(value: Floats) -> Floats:
        come = inward @ value + rate * moving * value[target]
        return np.asarray(value - come / lead)

    operator = LinearOperator((earned.size, earned.size), matvec=equations, dtype=np.float64)
    wanted = earned / lead
    value = guess
    for _ in range(8):
        gap = wanted - equations(value)
        worst = float(np.abs(gap * lead).max())
        if worst <= near:
            break
        goal = max(0.3 * near / worst, 1e-10) * float(np.linalg.norm(gap))
        step, _ = gmres(operator, gap, rtol=0.0, atol=goal, restart=60, maxiter=2)
        value = value + step
    return value


def _best_moves(
    game: TimedGame, actor: int, live: NDArray[np.intp], value: Floats
) -> tuple[Floats, NDArray[np.intp], Floats]:
    """Return the best of value less cost over an actor's moves, where it leads, and its cost."""
    layout = game.layout
    shape = tuple(int(size) for size in layout.size)
    worth = np.full(game.feasible.size, -np.inf)
    worth[live] = value
    worth, paid = worth.reshape(shape), np.zeros(shape)
    target = np.arange(game.feasible.size).reshape(shape)
    for axis in range(layout.first[actor], layout.stop[actor]):
        size, start = shape[axis], int(layout.offset[axis])
        entries = slice(start, start + size * size)
        price = np.where(game.allowed[entries], game.cost[entries], np.inf).reshape(size, size)
        net = np.moveaxis(worth, axis, 0)[None] - price.reshape(size, size, *[1] * (len(shape) - 1))
        best = net.argmax(axis=1)
        here = np.arange(size).reshape(size, *[1] * (len(shape) - 1))
        worth = np.moveaxis(np.take_along_axis(net, best[:, None], axis=1)[:, 0], 0, axis)
        before = np.take_along_axis(np.moveaxis(paid, axis, 0), best, axis=0)
        paid = np.moveaxis(before + price[here, best], 0, axis)
        led = np.take_along_axis(np.moveaxis(target, axis, 0), best, axis=0)
        target = np.moveaxis(led, 0, axis)
    number = np.cumsum(game.feasible) - 1
    return worth.reshape(-1)[live], number[target.reshape(-1)[live]], paid.reshape(-1)[live]
