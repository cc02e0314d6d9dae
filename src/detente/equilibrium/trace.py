"""The branch of equilibria from zero precision to the stated one.

At zero precision every actor chooses evenly among its moves and the equilibrium is unique. The
branch is followed as all precisions grow in proportion, each point predicted from the last two and
corrected by accelerated sweeps; a step that cannot be corrected is halved, and where the branch
folds it is followed by arc length (McKelvey & Palfrey 1995; Turocy 2005; Eibelshaeuser & Poensgen
2019).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.equilibrium.anderson import settle
from detente.equilibrium.arclength import follow
from detente.equilibrium.game import Floats, Game
from detente.equilibrium.moves import kernels
from detente.equilibrium.newton import polish
from detente.errors import AnalysisError

_LOOSE = 1e-3
_TIGHT = 1e-8
_FIRST_STEP = 0.34
_SMALLEST_STEP = 1.0 / 64.0
_PATIENCE = 100
_STRAYED = 0.5


@dataclass(frozen=True, slots=True)
class Branch:
    """Where the branch ended and how it got there.

    Attributes
    ----------
    values : ndarray, (states, actors)
        In the game's scaled units.
    residual : float
        Largest imbalance of the equations, in spans of utility a year.
    sweeps, points : int
        Work done: sweeps of the equations, points on the branch.
    folds : tuple of float
        Share of the stated precision near which the branch first folds back, if it was seen to:
        near a fold there are several equilibria, and at the stated precision there may be.
    """

    values: Floats
    residual: float
    sweeps: int
    points: int
    folds: tuple[float, ...]


def trace(game: Game, tolerance: float = 1e-10) -> Branch:
    """Follow the branch to the game's own precision.

    Parameters
    ----------
    game : Game
    tolerance : float
        Largest imbalance of the equations at the end, in spans of utility a year.

    Returns
    -------
    Branch

    Raises
    ------
    AnalysisError
        When the equations cannot be balanced to the tolerance.
    """
    values = np.zeros_like(game.flow)
    _, sweeps = _correct(game, 0.0, values, _LOOSE, _PATIENCE)
    share, step, points = 0.0, _FIRST_STEP, 1
    before: tuple[float, Floats] | None = None
    while share < 1.0:
        target = min(1.0, share + step)
        guess = values.copy()
        if before is not None:
            guess += (values - before[1]) * ((target - share) / (share - before[0]))
        predicted = guess.copy()
        imbalance, used = _correct(game, target, guess, _LOOSE, _PATIENCE)
        sweeps += used
        moved = float(np.abs(guess - predicted).max()) if before is not None else 0.0
        if imbalance > _LOOSE or moved > _STRAYED * (1.0 + float(np.ptp(guess))):
            step = (target - share) / 2.0
            if step < _SMALLEST_STEP:
                if before is None:
                    raise _failure(share, imbalance, _LOOSE)
                return _round_folds(game, before, (share, values), tolerance, sweeps, points)
            continue
        before, values = (share, values), guess
        share, points = target, points + 1
        step *= 2.0 if used < _PATIENCE // 2 else 1.0
    imbalance, used = _correct(game, 1.0, values, tolerance, 10 * _PATIENCE)
    if imbalance > tolerance:
        kernel, priced = kernels(game.allowed, game.cost, game.layout, game.precision)
        imbalance, more = polish(game, game.precision, kernel, priced, values, tolerance)
        used += more
    if imbalance > tolerance:
        raise _failure(1.0, imbalance, tolerance)
    return Branch(values, imbalance, sweeps + used, points, ())


def _correct(
    game: Game, share: float, values: Floats, tolerance: float, patience: int
) -> tuple[float, int]:
    precision = game.precision * share
    kernel, priced = kernels(game.allowed, game.cost, game.layout, precision)
    imbalance, sweeps = settle(game, precision, kernel, priced, values, tolerance, patience)
    return float(imbalance), int(sweeps)


def _round_folds(
    game: Game,
    before: tuple[float, Floats],
    last: tuple[float, Floats],
    tolerance: float,
    sweeps: int,
    points: int,
) -> Branch:
    for share, values in (before, last):
        sweeps += _correct(game, share, values, _TIGHT, 10 * _PATIENCE)[1]
    followed = follow(game, before, last)
    if followed is None:
        raise _failure(last[0], float("nan"), tolerance)
    values, more, further, least = followed
    kernel, priced = kernels(game.allowed, game.cost, game.layout, game.precision)
    imbalance, polished = polish(game, game.precision, kernel, priced, values, tolerance)
    if imbalance > tolerance:
        raise _failure(1.0, imbalance, tolerance)
    folds = (last[0],) if least < last[0] else ()
    return Branch(values, imbalance, sweeps + more + polished, points + further, folds)


def _failure(share: float, imbalance: float, tolerance: float) -> AnalysisError:
    return AnalysisError(
        f"the equilibrium was not reached: past {100 * share:.0f} % of the stated precision the "
        f"branch is lost (equations out by {imbalance:.1e} spans of utility a year, "
        f"{tolerance:.0e} is wanted); lower the precision, raise the discount rate or add costs "
        "of moving"
    )
