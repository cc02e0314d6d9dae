"""How numbers are printed: one format for each kind of answer, the same everywhere."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Literal

Kind = Literal["share", "tenths", "points", "truth", "signed", "plain", "fine"]
"""share: a probability, in per cent; tenths: the same, to a tenth of one; points: a difference of
two; truth: 1 or 0; signed and plain: two digits; fine: three, without zeros at the end."""

THIN = "\u202f"
MINUS = "\u2212"
EN_DASH = "\u2013"
NOTHING = "\u2013"

_MOST = 1e7
"""Larger numbers are printed with their power of ten."""
_NOTHING = 1e-9
"""Smaller numbers are rounding, or the next number after an open bound."""


def show(value: float, kind: Kind, digits: int = 3) -> str:
    """Print one number.

    Parameters
    ----------
    value : float
        nan where there is none.
    kind : str
        One of `Kind`.
    digits : int
        Significant ones of a ``fine`` number.

    Examples
    --------
    >>> [show(x, "share").replace(THIN, " ") for x in (0.0, 0.001, 0.256, 0.999)]
    ['0 %', '<1 %', '26 %', '>99 %']
    >>> [show(x, "tenths").replace(THIN, " ") for x in (0.0, 0.0001, 0.256, 0.9999, 1.0)]
    ['0 %', '<0.1 %', '25.6 %', '>99.9 %', '100 %']
    >>> show(-0.123, "signed").replace(MINUS, "-"), show(1.0, "truth")
    ('-0.12', 'yes')
    """
    if math.isnan(value):
        return NOTHING
    match kind:
        case "share" | "tenths":
            return f"{_per_cent(value, kind)}{THIN}%"
        case "points":
            return f"{_points(value)}{THIN}points"
        case "truth":
            return {0.0: "no", 1.0: "yes"}.get(value, plain(value))
        case "signed":
            return _sign(value) + plain(abs(value))
        case "plain":
            return plain(value)
        case "fine":
            return fine(value, digits)


def finer(kind: Kind) -> Kind:
    """Return the kind that prints a digit more, so that it shows on which side of a bound one is.

    Examples
    --------
    >>> show(0.4508, finer("share")).replace(THIN, " "), show(1.234, finer("plain"))
    ('45.1 %', '1.23')
    """
    finest: dict[Kind, Kind] = {"share": "tenths", "plain": "fine", "signed": "fine"}
    return finest.get(kind, kind)


def show_range(low: float, high: float, kind: Kind) -> str:
    """Print a range.

    Examples
    --------
    >>> show_range(0.2, 0.45, "share").replace(THIN, " ").replace(EN_DASH, "-")
    '20-45 %'
    >>> show_range(0.2, 0.999, "share").replace(THIN, " ")
    '20 to >99 %'
    >>> show_range(-0.1, 0.2, "points").replace(THIN, " ").replace(MINUS, "-")
    '-10 to +20 points'
    """
    if math.isnan(low) or math.isnan(high):
        return NOTHING
    first, last = show(low, kind), show(high, kind)
    if first == last:
        return first
    match kind:
        case "share" | "tenths":
            between = " to " if last.startswith(">") else EN_DASH
            return f"{_per_cent(low, kind)}{between}{last}"
        case "points":
            return f"{_points(low)} to {last}"
        case "truth":
            return f"{first} to {last}"
        case _:
            between = " to " if low < 0 or kind == "signed" else EN_DASH
            return f"{first}{between}{last}"


def plain(value: float) -> str:
    """Print a number to two significant digits, or to the unit where that is more.

    Examples
    --------
    >>> plain(0.12345), plain(1500.0), plain(2.0), plain(0.0)
    ('0.12', '1,500', '2.0', '0')
    """
    if abs(value) < _NOTHING:
        return "0"
    if 99.5 <= abs(value) < _MOST:
        return f"{value:,.0f}".replace("-", MINUS)
    return f"{value:#.2g}".rstrip(".").replace("-", MINUS)


def fine(value: float, digits: int = 3) -> str:
    """Print a number to some significant digits at most, or to the unit where that is more.

    Examples
    --------
    >>> fine(0.12345), fine(1534.2), fine(2.0), fine(0.00002), fine(0.0), fine(99.96, 4)
    ('0.123', '1,534', '2', '0.00002', '0', '99.96')
    """
    if abs(value) < _NOTHING:
        return "0"
    if 10**digits - 0.5 <= abs(value) < _MOST:
        return f"{value:,.0f}".replace("-", MINUS)
    text = f"{value:.{digits}g}"
    return (text if abs(value) >= _MOST else f"{Decimal(text):f}").replace("-", MINUS)


def precise(value: float) -> str:
    """Print a stated number as it was given, to twelve digits.

    Examples
    --------
    >>> precise(0.1), precise(1234.5678)
    ('0.1', '1234.5678')
    """
    return f"{value:.12g}".replace("-", MINUS)


def _per_cent(value: float, kind: Kind) -> str:
    digits = 1 if kind == "tenths" else 0
    step = 10.0**-digits
    if _NOTHING < value < step / 200:
        return f"<{step:g}"
    if 1 - step / 200 < value < 1 - _NOTHING:
        return f">{100 - step:g}"
    text = f"{100 * value:.{digits}f}"
    exact = {0.0: "0", 100.0: "100"}
    return exact.get(float(text), text).replace("-", MINUS)


def _points(value: float) -> str:
    size = abs(100 * value)
    if size < 0.05:
        return "0"
    return _sign(value) + (f"{size:.1f}" if size < 9.95 else f"{size:.0f}")


def _sign(value: float) -> str:
    if abs(value) < _NOTHING:
        return ""
    return MINUS if value < 0 else "+"
