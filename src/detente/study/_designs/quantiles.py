"""From shares of probability to values: the inverse of each stated distribution."""

from __future__ import annotations

import numpy as np

from detente.case import Parameter
from detente.values import Floats


def quantile(parameter: Parameter, share: Floats) -> Floats:
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
