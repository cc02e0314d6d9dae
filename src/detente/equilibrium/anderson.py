"""Anderson acceleration of the sweep, inside one compiled loop.

Plain sweeps shrink the error by about Lambda / (rho + Lambda) each and need thousands at low
discount rates. Anderson's method (Anderson 1965; Walker & Ni 2011, type II) combines the last few
sweeps so that their differences cancel, which takes tens. A combined step that makes the imbalance
worse is not kept: the plain sweep is taken instead and the memory starts anew.

Cost per iteration: one sweep and O(memory x actors x states).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from detente.equilibrium.sweep import sweep

MEMORY = 20


@njit(cache=True, nogil=True)
def settle(game, precision, kernel, priced, values, tolerance, limit):  # type: ignore[no-untyped-def]
    """Improve ``values`` in place until the equations balance to ``tolerance``.

    Returns
    -------
    imbalance : float
        Largest difference between the sides of the equations, in spans of utility a year.
    sweeps : int
    """
    states, actors = values.shape
    length = actors * states
    wide, narrow = np.empty((2, states * (actors + 1))), np.empty((4, states))
    image = np.empty_like(values)
    trial = np.empty_like(values)
    trial_image = np.empty_like(values)
    step_memory = np.empty((MEMORY, length))
    change_memory = np.empty((MEMORY, length))
    gram = np.empty((MEMORY, MEMORY))
    used, place = 0, 0

    imbalance = sweep(game, precision, kernel, priced, values, image, wide, narrow)
    sweeps, failures = 1, 0
    while imbalance > tolerance and sweeps < limit:
        combine(
            values.reshape(-1), image.reshape(-1), step_memory, change_memory, gram, used,
            trial.reshape(-1),
        )  # fmt: skip
        reached = sweep(game, precision, kernel, priced, trial, trial_image, wide, narrow)
        sweeps += 1
        if not (reached <= 10.0 * imbalance) and used > 0:
            used, place = 0, 0
            failures += 1
            trial[:] = image
            reached = sweep(game, precision, kernel, priced, trial, trial_image, wide, narrow)
            sweeps += 1
        remember(
            values.reshape(-1), image.reshape(-1), trial.reshape(-1), trial_image.reshape(-1),
            step_memory, change_memory, gram, used, place,
        )  # fmt: skip
        used = min(used + 1, MEMORY)
        place = (place + 1) % MEMORY
        values[:] = trial
        image, trial_image = trial_image, image
        imbalance = reached
        if not np.isfinite(imbalance):
            break
    return imbalance, sweeps


@njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})
def inner(left, right):  # type: ignore[no-untyped-def]
    """Return the inner product, always summed in the same order whatever the threads."""
    total = 0.0
    for k in range(left.size):
        total += left[k] * right[k]
    return total


@njit(cache=True, nogil=True)
def remember(values, image, trial, trial_image, steps, changes, gram, used, place):  # type: ignore[no-untyped-def]
    """Store the latest differences of points and of residuals, and their inner products."""
    count = min(used + 1, steps.shape[0])
    for k in range(values.size):
        steps[place, k] = trial_image[k] - image[k]
        changes[place, k] = (trial_image[k] - trial[k]) - (image[k] - values[k])
    for row in range(count):
        product = inner(changes[row], changes[place])
        gram[row, place] = product
        gram[place, row] = product


@njit(cache=True, nogil=True)
def combine(values, image, steps, changes, gram, used, trial):  # type: ignore[no-untyped-def]
    """Fill ``trial`` with the combination of the last images whose residual is least."""
    trial[:] = image
    if used == 0:
        return
    residual = image - values
    right = np.empty(used)
    for row in range(used):
        right[row] = inner(changes[row], residual)
    system = gram[:used, :used].copy()
    for row in range(used):
        system[row, row] *= 1.0 + 1e-12
        system[row, row] += 1e-300
    weights = np.linalg.solve(system, right)
    for row in range(used):
        factor, step = weights[row], steps[row]
        for k in range(trial.size):
            trial[k] -= factor * step[k]
