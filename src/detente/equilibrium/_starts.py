"""Looking for other equilibria: the equations solved again from many other points.

The traced branch is one equilibrium. Others, where there are any, can be met from elsewhere: from
what each state is worth if nobody moves, from what it is worth if everyone heads for one joint
choice and stays there, and from values drawn at random. From each point damped sweeps (which stay
in its basin) are followed by accelerated ones and by Newton's method. Finding none proves nothing;
finding one does. Cost: each start about a solve, 100 to 1,000 sweeps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.conflict import drop_unused_levels
from detente.engine import Seed, generator_of, poll
from detente.equilibrium._anderson import settle, workspace
from detente.equilibrium._game import TimedGame, pack
from detente.equilibrium._moves import kernels
from detente.equilibrium._newton import polish
from detente.equilibrium._sweep import sweep
from detente.errors import InputError
from detente.text import show
from detente.values import Floats, plain_fields

if TYPE_CHECKING:
    from detente.equilibrium._result import Equilibrium

_DAMPED = 40
_PATIENCE = 400
_TOLERANCE = 1e-10
_APART = 1e-5
"""Values that differ by less than this share of their range are the same equilibrium."""


@dataclass(frozen=True, eq=False)
class Starts:
    """What other starting points led to.

    Attributes
    ----------
    tried, converged : int
    again : int
        How many of those that converged led to the traced equilibrium.
    others : tuple of Equilibrium
        Each other equilibrium once, in the order found; ask them what you ask the traced one.
    distance : tuple of float
        For each other, the largest difference of any actor's value from the traced one in any
        state, as a share of the range of the actor's utility when it lasts for ever.
    """

    tried: int
    converged: int
    again: int
    others: tuple[Equilibrium, ...]
    distance: tuple[float, ...]

    def __str__(self) -> str:
        """Return one or two lines."""
        text = (
            f"{self.tried} other starts: {self.converged} converged, {self.again} of them to the "
            "traced equilibrium"
        )
        if not self.others:
            return f"{text}; no other was found"
        apart = ", ".join(show(share, "share") for share in self.distance)
        return f"{text}; {len(self.others)} others found, values up to {apart} of the range apart"

    def to_dict(self) -> dict[str, Any]:
        """Return the counts and distances, ready for JSON."""
        return {
            **plain_fields(self, "tried", "converged", "again"),
            "others": len(self.others),
            "distance": list(self.distance),
        }


def from_elsewhere(equilibrium: Equilibrium, starts: int = 20, rng: Seed = 1) -> Starts:
    """Solve the game of an equilibrium again from other starting points.

    Parameters
    ----------
    equilibrium : Equilibrium
        Its own game is solved; those that actors believe in have equilibria of their own, in
        ``equilibrium.beliefs``.
    starts : int
        One from utilities alone, the others in turn from a joint choice that everyone heads for
        and from random values.
    rng : int, numpy Generator or None

    Raises
    ------
    InputError
        For a negative number of starts.

    Examples
    --------
    Two drivers who hardly err: either may be the one who swerves.

    >>> from detente import Conflict
    >>> chicken = Conflict.build(
    ...     options={"row": {"act": ["swerve", "go"]}, "col": {"act": ["swerve", "go"]}},
    ...     utility={"row": [[3, 2], [4, 1]], "col": [[3, 4], [2, 1]]},
    ...     precision={"row": 6.0, "col": 6.0},
    ... )
    >>> found = from_elsewhere(chicken.equilibrium(), starts=12)
    >>> len(found.others) > 0
    True

    See Also
    --------
    detente.equilibrium._certificate.certify : this among other checks.
    """
    if starts < 0:
        raise InputError(f"starts is {starts}; give zero or more")
    small, states = drop_unused_levels(equilibrium.conflict)
    game = pack(small)
    known = [np.ascontiguousarray(equilibrium.scaled[states])]
    spread = np.ptp(known[0][game.feasible], axis=0)
    reach = np.maximum(spread, 1e-3 / game.discount)
    converged = again = 0
    others: list[Equilibrium] = []
    distance: list[float] = []
    for _, values in zip(range(starts), _points(game, generator_of(rng)), strict=False):
        residual, sweeps = _solve_from(game, values)
        if not residual <= _TOLERANCE:
            continue
        converged += 1
        apart = [float((np.abs(values - other) / reach).max()) for other in known]
        if min(apart) > _APART:
            known.append(values)
            others.append(_as_equilibrium(equilibrium, game, states, values, residual, sweeps))
            distance.append(float((np.abs(values - known[0]) * game.discount).max()))
        elif apart[0] <= _APART:
            again += 1
    return Starts(starts, converged, again, tuple(others), tuple(distance))


def _points(game: TimedGame, rng: np.random.Generator) -> Iterator[Floats]:
    yield np.where(game.feasible[:, None], game.flow / game.discount, 0.0)
    while True:
        yield _heading(game, rng)
        yield _random(game, rng)


def _heading(game: TimedGame, rng: np.random.Generator) -> Floats:
    """Return what states are worth if every actor heads for one choice of its own and stays."""
    layout, states = game.layout, np.arange(game.feasible.size)
    goals = []
    for first, stop in zip(layout.first, layout.stop, strict=True):
        goal = states.copy()
        for k in range(first, stop):
            size, stride = int(layout.size[k]), int(layout.stride[k])
            level = (states // stride) % size
            wanted = int(rng.integers(size))
            allowed = game.allowed[layout.offset[k] + level * size + wanted]
            goal += np.where(allowed, (wanted - level) * stride, 0)
        goals.append(np.where(game.feasible[goal], goal, states))
    lead = game.discount + game.rate.sum()
    values = game.flow / lead
    for _ in range(_PATIENCE):
        moved = sum(rate * values[goal] for rate, goal in zip(game.rate, goals, strict=True))
        values, before = (game.flow + moved) / lead, values
        if np.abs(values - before).max() < 1e-3:
            break
    return np.where(game.feasible[:, None], values, 0.0)


def _random(game: TimedGame, rng: np.random.Generator) -> Floats:
    """Return values made of random tastes for levels and a random share of their own."""
    layout, states = game.layout, np.arange(game.feasible.size)
    values = rng.normal(size=game.flow.shape)
    for k in range(layout.size.size):
        taste = rng.normal(size=(int(layout.size[k]), game.flow.shape[1]))
        values += 2.0 * taste[(states // layout.stride[k]) % layout.size[k]]
    values *= rng.uniform(0.05, 1.0) / (np.ptp(values, axis=0) * game.discount)
    return np.where(game.feasible[:, None], values, 0.0)


def _solve_from(game: TimedGame, values: Floats) -> tuple[float, int]:
    """Solve the equations from ``values``, in place; return their imbalance and the sweeps."""
    kernel, priced = kernels(game.allowed, game.cost, game.layout, game.precision)
    point = np.ascontiguousarray(values.T)
    image, work = np.empty_like(point), workspace(game)
    for _ in range(_DAMPED):
        poll()
        sweep(game, game.precision, kernel, priced, point, image)
        point += 0.5 * (image - point)
    residual, sweeps, _ = settle(
        game, game.precision, kernel, priced, point, _TOLERANCE, _PATIENCE, work
    )
    poll()
    more = 0
    if residual > _TOLERANCE:
        residual, more = polish(game, game.precision, kernel, priced, point, _TOLERANCE)
    values[:] = point.T
    return float(residual), _DAMPED + int(sweeps) + more


def _as_equilibrium(
    like: Equilibrium,
    game: TimedGame,
    states: Any,
    values: Floats,
    residual: float,
    sweeps: int,
) -> Equilibrium:
    conflict = like.conflict
    scaled, worth = np.zeros((2, conflict.size, len(conflict.actors)))
    scaled[states], worth[states] = values, game.to_values(values)
    value = {
        actor: np.where(conflict.feasible, worth[:, k].reshape(conflict.shape), 0.0)
        for k, actor in enumerate(conflict.actors)
    }
    return replace(
        like,
        value=value,
        residual=residual,
        sweeps=sweeps,
        points=1,
        scaled=scaled,
        beliefs={},
        slow="",
    )
