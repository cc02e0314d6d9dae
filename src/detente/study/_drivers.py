"""Which parameters move an answer: rank correlation, and the answer at either end of the range.

A first look from the draws a study has anyway; cost O(draws log draws) per parameter. Spearman's
coefficient catches any steady rise or fall and is blind to a bend in the middle.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.values import Floats

_FIFTHS = 5
_FEWEST = 10


@dataclass(frozen=True, slots=True)
class Driver:
    """How one parameter moves one answer.

    Attributes
    ----------
    parameter : str
    correlation : float
        Spearman's rank correlation with the answer.
    low, high : float
        Median answer among the fifth of draws with the lowest and with the highest values.
    """

    parameter: str
    correlation: float
    low: float
    high: float


def drivers(names: tuple[str, ...], parameters: Floats, answers: Floats) -> tuple[Driver, ...]:
    """Rank parameters by how strongly they move the answers.

    Parameters
    ----------
    parameters : ndarray, (draws, parameters)
    answers : ndarray, (draws,)
        nan where a draw has none.

    Returns
    -------
    tuple of Driver
        Strongest first; empty with fewer than ten answers or when all are equal.

    Examples
    --------
    >>> x = np.linspace(0.0, 1.0, 20)
    >>> found = drivers(("x",), x[:, None], -x)[0]
    >>> found.parameter, round(found.correlation, 6)
    ('x', -1.0)
    """
    answered = ~np.isnan(answers)
    values, inputs = answers[answered], parameters[answered]
    if values.size < _FEWEST or np.ptp(values) <= 1e-12 * max(1.0, float(np.abs(values).max())):
        return ()
    found = []
    ranks = _ranks(values)
    for k, name in enumerate(names):
        column = inputs[:, k]
        if np.ptp(column) == 0.0:
            continue
        order = np.argsort(column, kind="stable")
        fifth = max(1, values.size // _FIFTHS)
        found.append(
            Driver(
                name,
                float(np.corrcoef(_ranks(column), ranks)[0, 1]),
                float(np.median(values[order[:fifth]])),
                float(np.median(values[order[-fifth:]])),
            )
        )
    return tuple(sorted(found, key=lambda d: -abs(d.correlation)))


def _ranks(values: Floats) -> Floats:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return ((last - (counts - 1) / 2.0)[place]).astype(np.float64)
