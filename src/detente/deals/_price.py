"""The price of a behaviour, what its payer would give, and whether the two meet.

Three tests of an offer: the wanted behaviour is *stable* under a concept, it is *likely* enough to
come about within the horizon, and it is the actor's *preferred* move at the start. Two wishes: the
*payer* and the *actor* are no worse off than without a deal, by their own equilibrium values. Where
along the offers each holds is searched as in `threshold`; the price is the least offer that passes
a test, the willingness the most at which the payer does not lose, and the zone of possible
agreement where a test is passed and both wishes hold. The levels of an option go from the one that
costs its payer least to the dearest. Cost: an equilibrium per offer tried.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from detente.deals._offers import Effect, Offers
from detente.deals._question import DealQuestion
from detente.deals._threshold import Between, Threshold, overlap, threshold
from detente.equilibrium import Equilibrium
from detente.errors import InputError
from detente.text import Result, show
from detente.values import data_frame, plain

if TYPE_CHECKING:
    from detente.drawing import Drawing


Test = Literal["stable", "likely", "preferred"]
TESTS: tuple[Test, ...] = ("stable", "likely", "preferred")
TEST_WORDS: Mapping[Test, str] = MappingProxyType(
    {"stable": "stable", "likely": "likely enough", "preferred": "preferred at once"}
)
WISHES = ("payer", "actor")

_STEPS = 1000.0
_SLACK = 1e-9


@dataclass(frozen=True, eq=False)
class Price(Result):
    """What a behaviour costs, and whether anyone would pay it.

    Attributes
    ----------
    question : DealQuestion
    effects : tuple of Effect
        On the grid of offers, from what costs the payer least.
    today : mapping of str to float
        Each actor's equilibrium value without a deal, as an average flow a year.
    passes : mapping of str to Threshold
        Where each of `TESTS` is passed.
    gains : mapping of str to Threshold
        Where the ``payer`` and the ``actor`` are no worse off than without a deal.
    tolerance : float
        Width to which the ends of intervals are found.
    """

    question: DealQuestion
    effects: tuple[Effect, ...]
    today: Mapping[str, float]
    passes: Mapping[Test, Threshold]
    gains: Mapping[str, Threshold]
    tolerance: float

    @property
    def willingness(self) -> float | None:
        """The most that the payer would give; None when it would give nothing.

        For an option a place among ``question.levels``, which go from the cheapest for the payer.
        """
        return self.gains["payer"].most

    def zone(self, test: Test) -> tuple[tuple[float, float], ...]:
        """Return the offers that pass a test and leave both sides no worse off.

        Parameters
        ----------
        test : {"stable", "likely", "preferred"}

        Returns
        -------
        tuple of (float, float)
            Empty when there is no zone of possible agreement.
        """
        wished = overlap(self.gains["payer"].intervals, self.gains["actor"].intervals)
        return overlap(self.passes[test].intervals, wished)

    def gap(self, test: Test) -> float | None:
        """Return how far the payer's willingness falls short of the price.

        Negative when it more than covers the price; None where either does not exist.
        """
        price, most = self.passes[test].least, self.willingness
        return None if price is None or most is None else price - most

    def plot(self) -> Drawing:
        """Draw cooperation along the offers; see `detente.drawing.Drawing`."""
        from detente.drawing import Drawing, offers_figure

        return Drawing(offers_figure(self))

    def __str__(self) -> str:
        """Return the answers, one line each."""
        question = self.question
        lines = [
            f"{question.want}, by {question.of}, paid for by {question.payer} with {question.offer}"
        ]
        if question.levels:
            lines.append(f"  from what costs {question.payer} least: {self._ladder()}")
        lines += [f"  {TEST_WORDS[test]}: {self._in_words(test)}" for test in TESTS]
        most = self.willingness
        none = most is None or (question.kind == "payment" and most <= self.tolerance)
        if none or most is None:
            given = "nothing"
        elif not question.levels:
            given = f"up to {question.words(most)}"
        elif round(most) == sum(effect.possible for effect in self.effects) - 1:
            given = "any of them, at no loss"
        else:
            given = self._between(self.gains["payer"].intervals)
        lines.append(f"  {question.payer} would give: {given}")
        return "\n".join(lines)

    def _ladder(self) -> str:
        """Return the levels with what each leaves the payer with, the cheapest first."""
        payer = self.question.payer
        return ", ".join(
            f"{self.question.words(effect.offer)} "
            + (
                f"({show(effect.flow[payer] - self.today[payer], 'signed')} a year)"
                if effect.possible
                else "(not possible at the start)"
            )
            for effect in self.effects
        )

    def _in_words(self, test: Test) -> str:
        found = self.passes[test]
        if found.least is None:
            offer, margin = found.best
            near = f"; nearest at {self.question.words(offer)}" if np.isfinite(margin) else ""
            return f"no price within the range{near}"
        if self.question.levels:
            passed = f"at {self._between(found.intervals)}"
        else:
            bend = "" if found.monotone else ", not monotone"
            passed = f"from {self.question.words(found.least)}{bend}"
        zone = self.zone(test)
        meet = f"agreement possible at {self._between(zone)}" if zone else "no zone of agreement"
        return f"{passed}; {meet}"

    def _between(self, intervals: Sequence[tuple[float, float]]) -> str:
        """Return offers in words: every level by its name, ranges of numbers by their ends."""
        words = self.question.words
        if self.question.levels:
            inside = (k for a, b in intervals for k in range(round(a), round(b) + 1))
            return " or ".join(words(k) for k in inside)
        ends = [(words(a), words(b)) for a, b in intervals]
        return " or ".join(a if a == b else f"{a} to {b}" for a, b in ends)

    def to_dict(self) -> dict[str, Any]:
        """Return everything, ready for JSON."""
        return {
            **self.question.to_dict(),
            "without": dict(self.today),
            "curve": [{**e.to_dict(), "offer": self._plain(e.offer)} for e in self.effects],
            "price": {test: self._where(self.passes[test]) for test in TESTS},
            "gains": {who: self._where(self.gains[who]) for who in WISHES},
            "willingness": self._plain(self.willingness),
            "zone": {test: self._ends(self.zone(test)) for test in TESTS},
            "gap": {test: self.gap(test) for test in TESTS},
            "tolerance": self.tolerance,
        }

    def _plain(self, offer: float | None) -> Any:
        """Return an offer for JSON: a level by its name."""
        return self.question.words(offer) if self.question.levels and offer is not None else offer

    def _ends(self, intervals: Sequence[tuple[float, float]]) -> list[list[Any]]:
        return [[self._plain(a), self._plain(b)] for a, b in intervals]

    def _where(self, found: Threshold) -> dict[str, Any]:
        offer, margin = found.best
        return {
            "least": self._plain(found.least),
            "intervals": self._ends(found.intervals),
            "monotone": found.monotone,
            "best": [self._plain(offer), plain(margin)],
        }

    def to_pandas(self) -> Any:
        """Return the curve as a DataFrame, one row per offer (needs pandas)."""
        return data_frame(
            [
                {
                    "offer": self._plain(e.offer),
                    "stable": e.stable,
                    "probability": e.probability,
                    "preference": e.preference,
                    **{f"gain {actor}": e.flow[actor] - self.today[actor] for actor in e.flow},
                }
                for e in self.effects
            ]
        )


def price(
    question: DealQuestion,
    points: int = 13,
    tolerance: float | None = None,
    refine: bool = True,
    without: Equilibrium | None = None,
) -> Price:
    """Return what a behaviour costs, what the payer would give, and whether the two meet.

    Parameters
    ----------
    question : DealQuestion
        From `detente.deals.deal_question`.
    points : int
        Offers on the grid; an option's levels are all looked at.
    tolerance : float, optional
        To which ends of intervals are found; a thousandth of the range by default.
    refine : bool
        Without it only the grid is solved and crossings lie on straight lines between its points.
    without : Equilibrium, optional
        Of the question's conflict, where it has been solved already.

    Raises
    ------
    InputError
        With fewer than two points.
    AnalysisError
        When the game under an offer cannot be solved.

    Examples
    --------
    A unit a year makes help as good as none to China; the rest is what moves cost and errors take.

    >>> from detente import Conflict
    >>> from detente.deals import deal_question
    >>> conflict = Conflict.build(
    ...     options={"us": {"talk": ["no", "yes"]}, "china": {"help": ["no", "yes"]}},
    ...     utility={"us": [[0, 3], [0, 3]], "china": [[1, 0], [1, 0]]},
    ...     status_quo=0,
    ... )
    >>> found = price(deal_question(conflict, "china.help == yes", "china", "us", high=4.0), 5)
    >>> round(found.passes["stable"].least, 2), round(found.passes["preferred"].least, 2)
    (1.0, 1.0)
    >>> round(found.willingness, 1)
    1.7
    """
    if points < 2:
        raise InputError(f"{points} points; give two or more")
    offers = Offers(question, without)
    if question.levels:
        offers = offers.cheapest_first()
        question = offers.question
    grid = question.grid(points)
    width = float(grid[-1] - grid[0]) / _STEPS if tolerance is None else tolerance

    def search(margin: Callable[[float], float], between: Between = "bend") -> Threshold:
        kind: Between = "nothing" if question.kind == "level" else between
        return threshold(margin, grid, width, kind, refine)

    passes: dict[Test, Threshold] = {
        "stable": search(lambda x: 1.0 if offers.at(x).stable else -1.0, "step"),
        "likely": search(lambda x: offers.at(x).probability - question.probability),
        "preferred": search(lambda x: offers.at(x).preference),
    }
    sides = {"payer": question.payer, "actor": question.of}
    gains = {
        side: search(lambda x, actor=actor: offers.gain(actor, x) + _SLACK)  # type: ignore[misc]
        for side, actor in sides.items()
    }
    effects = tuple(offers.at(float(x)) for x in grid)
    return Price(question, effects, offers.today, passes, gains, width)
