"""Which parameter values a study tries: a Latin hypercube over the stated distributions.

Each parameter's range is cut into as many slices of equal probability as there are draws and every
slice is used once (McKay, Beckman & Conover 1979). The design depends on the seed and on the number
of draws, never on how the work is shared out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.case.model import Case, Parameter
from detente.errors import InputError


@dataclass(frozen=True, eq=False)
class Design:
    """The parameter values of every draw.

    Attributes
    ----------
    names : tuple of str
        Parameters that vary.
    values : ndarray, (draws, parameters)
    seed : int
    """

    names: tuple[str, ...]
    values: NDArray[np.float64]
    seed: int

    def __len__(self) -> int:
        """Return the number of draws."""
        return int(self.values.shape[0])

    def draw(self, number: int) -> dict[str, float]:
        """Return one draw's values by name."""
        return dict(zip(self.names, map(float, self.values[number]), strict=True))


def latin_hypercube(case: Case, draws: int, rng: Any = None) -> Design:
    """Return a Latin hypercube over a case's parameters.

    Parameters
    ----------
    case : Case
    draws : int
    rng : int, numpy Generator or None
        Seed or generator; None draws a seed, which the design then names.

    Returns
    -------
    Design
    """
    if draws < 1:
        raise InputError(f"draws is {draws}; give one or more")
    seed = _seed(rng)
    varying = [p for p in case.parameters.values() if p.distribution != "fixed"]
    if not varying:
        return Design((), np.zeros((draws, 0)), seed)
    from scipy.stats import qmc

    sampler = qmc.LatinHypercube(len(varying), rng=np.random.default_rng(seed))
    cube = sampler.random(draws)
    values = np.column_stack([quantile(p, cube[:, k]) for k, p in enumerate(varying)])
    return Design(tuple(p.name for p in varying), values, seed)


def quantile(parameter: Parameter, share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values below which the given shares of a parameter's distribution lie.

    Parameters
    ----------
    parameter : Parameter
    share : ndarray
        Between 0 and 1.

    Returns
    -------
    ndarray
    """
    low, high = parameter.low, parameter.high
    match parameter.distribution:
        case "fixed":
            return np.full(share.shape, parameter.value)
        case "uniform":
            return low + share * (high - low)
        case "loguniform":
            return np.asarray(low * (high / low) ** share, dtype=np.float64)
        case "choices":
            options = np.asarray(parameter.choices)
            place = np.minimum((share * options.size).astype(int), options.size - 1)
            return np.asarray(options[place], dtype=np.float64)
        case "triangular":
            from scipy.stats import triang

            width = high - low
            peak = (parameter.mode - low) / width
            return np.asarray(triang.ppf(share, peak, low, width), dtype=np.float64)
        case "normal":
            from scipy.stats import truncnorm

            a, b = (low - parameter.mode) / parameter.sd, (high - parameter.mode) / parameter.sd
            return np.asarray(
                truncnorm.ppf(share, a, b, parameter.mode, parameter.sd), dtype=np.float64
            )


def _seed(rng: Any) -> int:
    if isinstance(rng, int | np.integer) and not isinstance(rng, bool):
        if rng < 0:
            raise InputError(f"the seed is {rng}; it must be zero or more")
        return int(rng)
    return int(np.random.default_rng(rng).integers(2**32))
