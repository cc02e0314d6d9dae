"""Reorders the columns of a point set so that they have wanted correlations.

Normal scores of the columns are turned to the wanted correlation, and each column takes over the
order of its turned scores (Iman & Conover 1982). Every column keeps exactly its values, so a Latin
hypercube stays one. Cost: a sort per column and a Cholesky factor.
"""

from __future__ import annotations

import numpy as np

from detente.values import Floats

_TINY = 1e-9


def correlate(points: Floats, correlation: Floats) -> Floats:
    """Return points whose normal scores have, as nearly as can be, the given correlation.

    Parameters
    ----------
    points : ndarray, (points, axes)
        In the unit cube; columns all but independent.
    correlation : ndarray, (axes, axes)
        Positive definite, of normal scores; see `detente.case.score_correlation`.

    Examples
    --------
    >>> cube = np.random.default_rng(1).random((1000, 2))
    >>> turned = correlate(cube, np.array([[1.0, 0.8], [0.8, 1.0]]))
    >>> bool(abs(np.corrcoef(turned.T)[0, 1] - 0.786) < 0.03)
    True
    """
    from scipy.special import ndtri

    count, axes = points.shape
    scores = ndtri(np.clip(points, _TINY, 1.0 - _TINY))
    if count > axes + 1:
        scores = scores - scores.mean(axis=0)
        found = np.linalg.cholesky(np.corrcoef(scores, rowvar=False).reshape(axes, axes))
        scores = np.linalg.solve(found, (scores / scores.std(axis=0)).T).T
    turned = scores @ np.linalg.cholesky(correlation).T
    made = np.empty_like(points)
    for k in range(axes):
        made[np.argsort(turned[:, k], kind="stable"), k] = np.sort(points[:, k])
    return made
