"""Newton's method with a Krylov solver, for where accelerated sweeps stall.

Solves V = sweep(V). Each Newton step solves the linearised equations by GMRES with directional
differences of the sweep as matrix-vector products, and is halved until the imbalance falls
(Knoll & Keyes 2004). Cost: some tens of sweeps per step; used only on the hard part of a branch.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse.linalg import LinearOperator, gmres

from detente.engine import poll
from detente.equilibrium._game import TimedGame
from detente.equilibrium._sweep import sweep
from detente.values import Floats

_HALVINGS = 8


def polish(
    game: TimedGame,
    precision: Floats,
    kernel: Floats,
    priced: Floats,
    values: Floats,
    tolerance: float,
    steps: int = 30,
) -> tuple[float, int]:
    """Improve ``values`` in place until the equations balance to ``tolerance``.

    Parameters
    ----------
    game, precision, kernel, priced
        As for `sweep`.
    values : ndarray, (actors, states)
    tolerance : float
        In spans of utility a year.
    steps : int
        Newton steps at most.
    """
    live = np.flatnonzero(np.tile(game.feasible, values.shape[0]))
    sweeps = 0

    def image_of(point: Floats) -> tuple[Floats, float]:
        nonlocal sweeps
        poll()
        sweeps += 1
        image = np.empty_like(point)
        return image, float(sweep(game, precision, kernel, priced, point, image))

    image, imbalance = image_of(values)
    for _ in range(steps):
        if imbalance <= tolerance:
            break
        residual = (image - values).reshape(-1)[live]
        length = 1e-7 * (1.0 + float(np.abs(values).max()))

        def derivative(direction: Floats, image: Floats = image, length: float = length) -> Floats:
            size = float(np.abs(direction).max())
            if size == 0.0:
                return np.zeros_like(direction)
            moved = values.copy()
            moved.reshape(-1)[live] += direction * (length / size)
            change = (image_of(moved)[0] - image).reshape(-1)[live] * (size / length)
            return direction - change

        operator = LinearOperator((live.size, live.size), matvec=derivative, dtype=np.float64)
        step, _ = gmres(operator, residual, rtol=1e-3, restart=60, maxiter=3)
        share = 1.0
        for _ in range(_HALVINGS):
            trial = values.copy()
            trial.reshape(-1)[live] += share * step
            trial_image, reached = image_of(trial)
            if reached < imbalance:
                break
            share /= 2.0
        else:
            break
        values[:], image, imbalance = trial, trial_image, reached
    return imbalance, sweeps
