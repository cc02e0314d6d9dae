"""From stated rank correlations to the correlation of normal scores, and whether it can be.

Under a Gaussian copula Spearman's rho belongs to a correlation 2 sin(pi rho / 6) of the normal
scores (Kruskal 1958). Cost: an eigenvalue problem for each group of parameters tied together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from detente.case._variants import Correlation
from detente.values import Floats

_LEAST = 1e-6


def score_correlation(names: Sequence[str], correlations: Iterable[Correlation]) -> Floats:
    """Return the correlation matrix of the normal scores of some parameters.

    Parameters
    ----------
    names : sequence of str
        The parameters, in the order of the matrix.
    correlations : iterable of Correlation
        Pairs with a parameter that is not among the names are left out.

    Returns
    -------
    ndarray, (names, names)

    Examples
    --------
    >>> score_correlation(("a", "b"), [Correlation(("a", "b"), 0.5)]).round(4).tolist()
    [[1.0, 0.5176], [0.5176, 1.0]]
    """
    matrix = np.eye(len(names))
    place = {name: k for k, name in enumerate(names)}
    for pair in correlations:
        if all(name in place for name in pair.between):
            a, b = (place[name] for name in pair.between)
            matrix[a, b] = matrix[b, a] = 2.0 * np.sin(np.pi * pair.rank / 6.0)
    return matrix


def impossible_groups(correlations: Sequence[Correlation]) -> list[list[Correlation]]:
    """Return the groups of tied parameters whose correlations cannot hold together.

    Pairs that are not named count as uncorrelated.

    Examples
    --------
    >>> pairs = [Correlation(("a", "b"), 0.6), Correlation(("b", "c"), 0.6)]
    >>> impossible_groups(pairs)
    []
    >>> [len(group) for group in impossible_groups([*pairs, Correlation(("a", "c"), -0.6)])]
    [3]
    """
    groups: list[list[Correlation]] = []
    for pair in correlations:
        near = [g for g in groups if any(set(pair.between) & set(other.between) for other in g)]
        groups = [g for g in groups if g not in near]
        groups.append([*(other for group in near for other in group), pair])
    return [group for group in groups if not _definite(group)]


def _definite(group: Sequence[Correlation]) -> bool:
    names = sorted({name for pair in group for name in pair.between})
    return bool(np.linalg.eigvalsh(score_correlation(names, group))[0] > _LEAST)
