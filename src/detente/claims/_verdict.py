"""From answers over many draws to a verdict: a word and numbers.

One answer against an interval (`verdict_word`): inside it *agrees*.

- An interval on one side of even odds: an answer further out is *stronger*, one between the
  interval and even odds, or at them, *weaker*, one on the other side *contradicts*.
- An interval around even odds: an answer up to half-way from the nearer bound to certainty is
  *stronger*, as it is more decided than the claim; beyond that it *contradicts*. Where the interval
  itself reaches 0 or 1 it is a bound, with one way out, and that *contradicts*.
- Where there are no even odds, as for differences: an answer outside *contradicts*.

Over draws: the word at which more than half of the answers stand, *open* where there is none. A
share of draws is not a probability and is never called one. Cost: linear in the draws.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.case import Claim, ExpectedAnswer
from detente.claims._near_miss import near_miss
from detente.claims._resampling import resampled_shares, share_ranges
from detente.claims._wording import kind_of, show_beside
from detente.engine import Seed
from detente.text import Result, show_range
from detente.values import plain, plain_fields

if TYPE_CHECKING:
    from detente.drawing import Drawing


WORDS = ("agrees", "stronger", "weaker", "contradicts")
OPEN = "open"
NO_WORD = "no interval"
NO_ANSWER = "no answer"
_DIGITS = 9
"""Digits of an answer that are compared: what lies beyond is rounding."""
_NEAR_CUT = 1e-8
"""Further than this from where the word changes, rounding cannot change it."""


@dataclass(frozen=True)
class Verdict(Result):
    """How the model stands to one claim, over all draws.

    Attributes
    ----------
    claim : Claim
    word : str
        Where more than half of the answers stand: agrees, stronger, weaker, contradicts; "open"
        where fewer do; "no interval" where the claim gives none, "no answer" where no draw has one.
    median : float
    half, most : tuple of float
        Ranges that hold 50 % and 90 % of the draws' answers.
    counts : mapping of str to int
        Draws by word.
    draws : int
        Draws with an answer.
    unscoped : float
        Median without the scope condition; equal to ``median`` where there is none.
    ranges : mapping of str to (float, float)
        95 % bootstrap intervals of the shares of draws by word.
    steady : float
        Share of bootstrap resamples of the draws with the same word; nan without an interval.
    near : str
        Why the verdict is a near miss, in a few words; empty where it is none.
    same : bool
        Whether two draws or more all give the same answer.
    """

    claim: Claim
    word: str
    median: float
    half: tuple[float, float]
    most: tuple[float, float]
    counts: Mapping[str, int]
    draws: int
    unscoped: float
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    steady: float = float("nan")
    near: str = ""
    same: bool = False

    def plot(self) -> Drawing:
        """Draw where the answers lie; see `detente.drawing.Drawing`."""
        from detente.drawing import Drawing, range_bar

        return Drawing(range_bar(self, kind_of(self.claim)))

    def __str__(self) -> str:
        """Return one line."""
        text = f"{self.claim.id} {self.word}"
        if self.draws == 0:
            return text
        kind = kind_of(self.claim)
        if self.same:
            text += f": {show_beside(self.claim, self.median)} in all {self.draws} draws"
        else:
            most = show_range(*self.most, kind)
            text += f": median {show_beside(self.claim, self.median)}, 90 % of draws {most}"
        if self.counts and not self.same:
            low, high = self.ranges["agrees"]
            text += f"; agrees in {self.counts['agrees']} of {self.draws} draws"
            text += f" ({show_range(low, high, 'share')})" if low < high else ""
        return f"{text}; near miss: {self.near}" if self.near else text

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON; numbers are None where no draw has an answer."""
        return {
            "claim": self.claim.id,
            **plain_fields(self, "word", "near", "same", "median"),
            "range50": plain(self.half),
            "range90": plain(self.most),
            **plain_fields(self, "counts", "draws", "unscoped"),
            "share_ranges": plain(self.ranges),
            "steady": plain(self.steady),
        }


def verdict_word(value: float, expect: ExpectedAnswer) -> str:
    """Return how one answer stands to an expectation.

    Parameters
    ----------
    value : float
    expect : ExpectedAnswer

    Returns
    -------
    str
        One of `WORDS`.

    Examples
    --------
    >>> from detente.case import StatedInterval
    >>> unlikely = StatedInterval(0.2, 0.45, even=0.5)
    >>> [verdict_word(x, unlikely) for x in (0.3, 0.1, 0.48, 0.7)]
    ['agrees', 'stronger', 'weaker', 'contradicts']
    >>> even = StatedInterval(0.45, 0.55, even=0.5)
    >>> [verdict_word(x, even) for x in (0.1, 0.3, 0.5, 0.7, 0.9)]
    ['contradicts', 'stronger', 'agrees', 'stronger', 'contradicts']
    """
    value, low, high, even = round(value, _DIGITS), expect.low, expect.high, expect.even
    if low <= value <= high:
        return "agrees"
    if even is None:
        return "contradicts"
    beyond = max(low - value, value - high)
    if low < even < high or low == even == high:
        to_certainty = low if value < low else 1.0 - high
        bound = low <= 0.0 or high >= 1.0
        far = bound or round(2.0 * beyond - to_certainty, _DIGITS) > 0.0
        return "contradicts" if far else "stronger"
    side = 1.0 if low >= even else -1.0
    if side * (value - even) < 0.0:
        return "contradicts"
    return "stronger" if (value > high) == (side > 0.0) else "weaker"


def count_words(values: Iterable[float], expect: ExpectedAnswer) -> dict[str, int]:
    """Return how many answers stand at each of `WORDS`; answers that are nan count nowhere.

    Between two neighbouring cuts the word is the same, so one answer tells it for all; within
    rounding of a cut each is asked.
    """
    found = np.fromiter(values, dtype=np.float64)
    found = found[~np.isnan(found)]
    ends = [expect.low, expect.high, expect.low / 2.0, (1.0 + expect.high) / 2.0]
    cuts = np.sort([cut for cut in (*ends, expect.even) if cut is not None and math.isfinite(cut)])
    place = np.searchsorted(cuts, found)
    place[(np.abs(found[:, None] - cuts) < _NEAR_CUT).any(axis=1)] = -1
    counts = dict.fromkeys(WORDS, 0)
    for here in np.unique(place):
        members = found[place == here]
        if here < 0:
            for value, count in zip(*np.unique(members, return_counts=True), strict=True):
                counts[verdict_word(float(value), expect)] += int(count)
        else:
            counts[verdict_word(float(members[0]), expect)] += members.size
    return counts


def word_over_draws(counts: Mapping[str, int]) -> str:
    """Return the word at which more than half of the answers stand, or `OPEN`.

    Examples
    --------
    >>> word_over_draws({"agrees": 201, "contradicts": 199})
    'agrees'
    >>> word_over_draws({"agrees": 200, "contradicts": 200})
    'open'
    """
    half = sum(counts.values()) / 2
    return next((word for word, count in counts.items() if count > half), OPEN)


def judge_claim(
    claim: Claim,
    values: NDArray[np.float64],
    unscoped: NDArray[np.float64] | None = None,
    rng: Seed = 0,
) -> Verdict:
    """Return the verdict on a claim from its answers over draws.

    Parameters
    ----------
    claim : Claim
    values : ndarray
        One answer a draw, nan where a draw has none.
    unscoped : ndarray, optional
        Answers without the claim's scope condition; ``values`` by default.
    rng : int, numpy Generator or None
        Seed or generator of the bootstrap.
    """
    answered = values[~np.isnan(values)]
    free = values if unscoped is None else unscoped
    free = free[~np.isnan(free)]
    if answered.size == 0:
        nothing = (np.nan, np.nan)
        return Verdict(claim, NO_ANSWER, np.nan, nothing, nothing, {}, 0, _median(free))
    low, quarter, median, three_quarters, high = np.quantile(
        answered, [0.05, 0.25, 0.5, 0.75, 0.95]
    )
    counts: dict[str, int] = {}
    ranges: dict[str, tuple[float, float]] = {}
    word, steady, near = NO_WORD, float("nan"), ""
    if claim.expect is not None:
        counts = count_words(answered, claim.expect)
        word = word_over_draws(counts)
        shares = resampled_shares(list(counts.values()), rng)
        ranges = dict(zip(counts, share_ranges(shares), strict=True))
        majority = shares > 0.5
        same_word = majority[:, WORDS.index(word)] if word in counts else ~majority.any(axis=1)
        steady = float(same_word.mean())
        near = near_miss(word, ranges, float(median), claim.expect)
    return Verdict(
        claim=claim,
        word=word,
        median=float(median),
        half=(float(quarter), float(three_quarters)),
        most=(float(low), float(high)),
        counts=counts,
        draws=int(answered.size),
        unscoped=_median(free),
        ranges=ranges,
        steady=steady,
        near=near,
        same=answered.size > 1 and round(float(np.ptp(answered)), _DIGITS) == 0.0,
    )


def judge_answer(claim: Claim, value: float) -> Verdict:
    """Return how one answer stands to a claim, as a verdict over that one, without a near miss.

    Parameters
    ----------
    claim : Claim
    value : float
        nan where there is none.
    """
    one = (value, value)
    if math.isnan(value):
        return Verdict(claim, NO_ANSWER, value, one, one, {}, 0, value)
    if claim.expect is None:
        return Verdict(claim, NO_WORD, value, one, one, {}, 1, value)
    word = verdict_word(value, claim.expect)
    counts = {name: int(name == word) for name in WORDS}
    return Verdict(claim, word, value, one, one, counts, 1, value)


def _median(values: NDArray[np.float64]) -> float:
    return float(np.median(values)) if values.size else float("nan")
