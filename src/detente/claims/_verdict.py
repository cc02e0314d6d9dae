"""From answers over many draws to a verdict: a word and numbers (docs/design.md, section 7).

Against an interval an answer *agrees* (inside), is *stronger* (outside, same side of even odds,
further out), *weaker* (same side, nearer to even) or *contradicts* (other side). Where there are no
even odds, as for differences, an answer agrees or contradicts. A share of draws is not a
probability and is never called one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.case import Claim, ExpectedAnswer
from detente.claims._resampling import share_ranges, steadiness
from detente.claims._wording import kind_of
from detente.engine import Seed
from detente.text import Result
from detente.values import plain, plain_fields

if TYPE_CHECKING:
    from detente.drawing import Drawing


WORDS = ("agrees", "stronger", "weaker", "contradicts")
NO_WORD = "no interval"
NO_ANSWER = "no answer"
_DIGITS = 9
"""Digits of an answer that are compared: what lies beyond is rounding."""


@dataclass(frozen=True)
class Verdict(Result):
    """How the model stands to one claim, over all draws.

    Attributes
    ----------
    claim : Claim
    word : str
        Where the median answer stands: agrees, stronger, weaker, contradicts; "no interval" where
        the claim gives none.
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

    @property
    def divided(self) -> bool:
        """Whether fewer than half of the draws stand where the median does."""
        return self.word in self.counts and 2 * self.counts[self.word] < self.draws

    def plot(self) -> Drawing:
        """Draw where the answers lie; see `detente.drawing.Drawing`."""
        from detente.drawing import Drawing, range_bar

        return Drawing(range_bar(self, kind_of(self.claim)))

    def __str__(self) -> str:
        """Return one line."""
        if self.draws == 0:
            return f"{self.claim.id} {self.word}"
        text = (
            f"{self.claim.id} {self.word}{' (divided)' if self.divided else ''}: median "
            f"{self.median:.3g}, 90 % of draws {self.most[0]:.3g} to {self.most[1]:.3g}"
        )
        if self.counts:
            low, high = self.ranges.get("agrees", (0.0, 0.0))
            text += f"; agrees in {self.counts['agrees']} of {self.draws} draws"
            text += f" ({low:.0%} to {high:.0%})" if low < high else ""
        return text

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON; numbers are None where no draw has an answer."""
        return {
            "claim": self.claim.id,
            **plain_fields(self, "word", "divided", "median"),
            "range50": plain(self.half),
            "range90": plain(self.most),
            **plain_fields(self, "counts", "draws", "unscoped"),
            "share_ranges": plain(self.ranges),
            "steady": plain(self.steady),
        }


def verdict_word(value: float, expect: ExpectedAnswer) -> str:
    """Return how an answer stands to an expectation.

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
    """
    value = round(value, _DIGITS)
    if expect.low <= value <= expect.high:
        return "agrees"
    if expect.even is None:
        return "contradicts"
    if expect.high <= expect.even:
        return _one_side(expect.low - value, expect.even - value)
    if expect.low >= expect.even:
        return _one_side(value - expect.high, value - expect.even)
    return "contradicts"


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
    word, steady = NO_WORD, float("nan")
    expect = claim.expect
    if expect is not None:
        stands = [verdict_word(float(value), expect) for value in answered]
        counts = {name: stands.count(name) for name in WORDS}
        word = verdict_word(float(median), expect)
        ranges = share_ranges(counts, rng)
        steady = steadiness(answered, lambda value: verdict_word(value, expect), rng)
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
    )


def _one_side(beyond: float, from_even: float) -> str:
    if beyond > 0.0:
        return "stronger"
    return "weaker" if from_even >= 0.0 else "contradicts"


def _median(values: NDArray[np.float64]) -> float:
    return float(np.median(values)) if values.size else float("nan")
