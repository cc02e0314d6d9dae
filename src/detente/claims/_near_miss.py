"""Near misses: verdicts that other draws, or the rounding of the words, could turn.

A verdict is a near miss in two ways.

- *Of the draws*: the 95 % bootstrap interval of some word's share reaches across one half, so that
  other draws from the same ranges could give another word.
- *Of the scale*: the median answer lies outside of the interval by no more than half of the step in
  which that bound is stated. A published scale states bounds in steps of 5 points where they are
  multiples of 5 %, of 1 point elsewhere (1 %, 33 %, 99 %); an analyst's own in hundredths, or in
  the last digit written where that is finer. Where there are no even odds bounds count as exact:
  that of a difference is most often zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from detente.case import EstimativeWords, ExpectedAnswer, OneSidedBound

_SLACK = 1e-9


def near_miss(
    word: str, ranges: Mapping[str, tuple[float, float]], median: float, expect: ExpectedAnswer
) -> str:
    """Return why a verdict is a near miss, or an empty text.

    Parameters
    ----------
    word : str
        The verdict's.
    ranges : mapping of str to (float, float)
        Bootstrap intervals of the shares of draws by word.
    median : float
    expect : ExpectedAnswer

    Examples
    --------
    >>> from detente.case import StatedInterval
    >>> near_miss("agrees", {"agrees": (0.48, 0.6)}, 0.3, StatedInterval(0.2, 0.45, 0.5))
    "other draws could give 'open'"
    >>> near_miss("weaker", {"weaker": (1.0, 1.0)}, 0.454, StatedInterval(0.2, 0.45, 0.5))
    'median within rounding of 45 %'
    """
    others = ["open"] if word in ranges and ranges[word][0] <= 0.5 else []
    others += [name for name, (_, high) in ranges.items() if name != word and high > 0.5]
    found = [f"other draws could give {' or '.join(map(repr, others))}"] if others else []
    bound = expect.low if median < expect.low else expect.high
    beyond = max(expect.low - median, median - expect.high)
    if _SLACK < beyond <= _half_step(bound, expect) + _SLACK:
        found.append(f"median within rounding of {100 * bound:g} %")
    return "; ".join(found)


def _half_step(bound: float, expect: ExpectedAnswer) -> float:
    """Return half of the step in which a bound is stated; zero where it counts as exact."""
    if expect.even is None:
        return 0.0
    if isinstance(expect, EstimativeWords):
        return 0.025 if round(100 * bound, 6) % 5 == 0 else 0.005
    written = expect.value if isinstance(expect, OneSidedBound) else bound
    exponent = Decimal(repr(written)).as_tuple().exponent
    assert isinstance(exponent, int)
    return 0.5 * min(0.01, 10.0**exponent)
