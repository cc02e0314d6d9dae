"""The stated distributions of a case's parameters, as independent or correlated normal scores.

A score z stands for the share Phi(z) of its input's distribution, so every prior is a normal one:
standard, with the correlation that belongs to the stated rank correlations (Gaussian copula, as in
`detente.case._correlation`). Variants that are drawn are inputs too, by their shares. Cost: linear.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.case import Case, Variant, score_correlation
from detente.errors import InputError
from detente.study import Point, make_design, quantile
from detente.values import Floats

EDGE = 1e-9
"""Shares are kept this far from 0 and 1, so that scores are finite."""


@dataclass(frozen=True, eq=False)
class Prior:
    """What a case says of its inputs before any evidence.

    Attributes
    ----------
    case : Case
    names : tuple of str
        Parameters that vary, then variants that are drawn.
    """

    case: Case
    names: tuple[str, ...]

    @property
    def drawn(self) -> tuple[Variant, ...]:
        """The variants that are drawn: the last of the names."""
        return tuple(variant for variant in self.case.variants if variant.drawn)

    def levels(self, variant: str, values: Floats) -> list[str]:
        """Return the names of a variant's levels in rows of values."""
        names = [drawn.name for drawn in self.drawn]
        levels = self.drawn[names.index(variant)].levels
        column = values[:, len(self.names) - len(names) + names.index(variant)]
        return [levels[int(k)].name for k in column]

    @cached_property
    def correlation(self) -> Floats:
        """Of the scores; (names, names)."""
        return np.asarray(score_correlation(self.names, self.case.correlations), dtype=np.float64)

    def scores(self, draws: int, seed: int) -> Floats:
        """Return a Latin hypercube of the prior as scores, (draws, names)."""
        from scipy.special import ndtri

        shares = make_design(self.case, draws, seed, "lhs").shares
        return np.asarray(ndtri(np.clip(shares, EDGE, 1.0 - EDGE)), dtype=np.float64)

    def values(self, scores: Floats) -> Floats:
        """Return values for scores, (draws, names); for a variant the index of its level."""
        from scipy.special import ndtr

        shares = np.clip(ndtr(scores), EDGE, 1.0 - EDGE)
        values: Floats = np.empty(shares.shape)
        first = len(self.names) - len(self.drawn)
        for k, variant in enumerate(self.drawn, start=first):
            ends = np.cumsum([level.share for level in variant.levels])
            place = np.searchsorted(ends, shares[:, k] * ends[-1], side="right")
            values[:, k] = np.minimum(place, len(ends) - 1)
        for row in np.unique(values[:, first:], axis=0):
            here = (values[:, first:] == row).all(axis=1)
            stated = self._world(row).parameters
            for k, name in enumerate(self.names[:first]):
                values[here, k] = quantile(stated[name], shares[here, k])
        return values

    def point(self, row: Floats) -> Point:
        """Return one row of values as parameters by name and the names of variants."""
        first = len(self.names) - len(self.drawn)
        numbers = dict(zip(self.names[:first], map(float, row[:first]), strict=True))
        return numbers, self._variants(row[first:])

    def _variants(self, row: Floats) -> tuple[str, ...]:
        pairs = zip(self.drawn, row, strict=True)
        return tuple(f"{v.name}.{v.levels[int(k)].name}" for v, k in pairs)

    def _world(self, row: Floats) -> Case:
        return self.case.variant(*self._variants(row))


def prior_of(case: Case) -> Prior:
    """Return what a case says of its inputs before any evidence.

    Raises
    ------
    InputError
        When nothing varies, so that there is nothing to learn.

    Examples
    --------
    >>> import detente
    >>> import numpy as np
    >>> prior = prior_of(detente.load("chicken"))
    >>> prior.values(np.zeros((1, len(prior.names)))).shape == (1, len(prior.names))
    True
    """
    names = make_design(case, 1, 0, "lhs").names
    if not names:
        raise InputError(
            f"nothing varies in {case.name}; give parameters a range or a distribution"
        )
    return Prior(case, names)
