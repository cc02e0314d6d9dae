"""The exponential of many numbers at once, none above zero.

A call of the mathematical library for each number keeps the processor from working on several at a
time. Here exp x = 2^k exp r with k the nearest whole number to x / ln 2 and r the rest, at most
half of ln 2, whose exponential is its Taylor polynomial of degree 13 (error 4e-18); k enters as
the exponent bits of the result. Relative error below 4e-16; x below -700 gives zero.
"""

from __future__ import annotations

import numpy as np
from numba import njit

_PER_LN2 = 1.4426950408889634
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_WHOLE = 6755399441055744.0
_LEAST = -700.0


@njit(cache=True, nogil=True, inline="always")
def exponential(x):  # type: ignore[no-untyped-def]
    """Return exp x for x <= 0, 0 below -700."""
    within = x if x > _LEAST else _LEAST
    near = within * _PER_LN2 + _WHOLE
    k = near - _WHOLE
    r = (within - k * _LN2_HIGH) - k * _LN2_LOW
    p = 1.0 / 6227020800.0
    p = p * r + 1.0 / 479001600.0
    p = p * r + 1.0 / 39916800.0
    p = p * r + 1.0 / 3628800.0
    p = p * r + 1.0 / 362880.0
    p = p * r + 1.0 / 40320.0
    p = p * r + 1.0 / 5040.0
    p = p * r + 1.0 / 720.0
    p = p * r + 1.0 / 120.0
    p = p * r + 1.0 / 24.0
    p = p * r + 1.0 / 6.0
    p = p * r + 0.5
    p = p * r + 1.0
    p = p * r + 1.0
    bits = (np.float64(near).view(np.int64) + 1023) << 52
    return p * np.int64(bits).view(np.float64) if x > _LEAST else 0.0
