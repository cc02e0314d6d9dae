"""The price of a behaviour, what its payer would give, and whether the two meet.

Three tests of an offer: the wanted behaviour is *stable* under a concept, it is *likely* enough to
come about within the horizon, and it is the actor's *preferred* move at the start. Two wishes: the
*payer* and the *actor* are no worse off than without a deal, by their own equilibrium values. Where
along the offers each holds is searched as in `threshold`; the price is the least offer that passes
a test, the willingness the most at which the payer does not lose, and the zone of possible
agreement where a test is passed and both wishes hold. Cost: an equilibrium per offer tried.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from detente.deals._offers import Effect, Offers
from detente.deals._question import DealQuestion
from detente.deals._threshold import Between, Threshold, overlap, threshold
from detente.equilibrium import Equilibrium
from detente.errors import InputError
from detente.text import Result
from detente.values import data_frame, plain

if TYPE_CHECKING:
    from detente.drawing import Drawing


Test = Literal["stable", "likely", "preferred"]
TESTS: tuple[Test, ...] = ("stable", "likely", "preferred")
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
        On the grid of offers, from the least.
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
        """The most that the payer would give; None when it would give nothing."""
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
        lines += [f"  {_TOLD[test]}: {self._told(test)}" for test in TESTS]
        most = self.willingness
        none = most is None or (question.kind == "payment" and most <= self.tolerance)
        given = "nothing" if none or most is None else f"up to {question.words(most)}"
        lines.append(f"  {question.payer} would give: {given}")
        return "\n".join(lines)

    def _told(self, test: Test) -> str:
        found = self.passes[test]
        if found.least is None:
            offer, margin = found.best
            near = f"; nearest at {self.question.words(offer)}" if np.isfinite(margin) else ""
            return f"no price within the range{near}"
        bend = "" if found.monotone else ", not monotone"
        zone = self.zone(test)
        if not zone:
            return f"from {self.question.words(found.least)}{bend}; no zone of agreement"
        ends = " or ".join(
            self.question.words(a)
            if self.question.words(a) == self.question.words(b)
            else f"{self.question.words(a)} to {self.question.words(b)}"
            for a, b in zone
        )
        return f"from {self.question.words(found.least)}{bend}; agreement possible at {ends}"

    def to_dict(self) -> dict[str, Any]:
        """Return everything, ready for JSON."""
        return {
            **self.question.to_dict(),
            "without": dict(self.today),
            "curve": plain(self.effects),
            "price": {test: self.passes[test].to_dict() for test in TESTS},
            "gains": {who: self.gains[who].to_dict() for who in WISHES},
            "willingness": self.willingness,
            "zone": {test: plain(self.zone(test)) for test in TESTS},
            "gap": {test: self.gap(test) for test in TESTS},
            "tolerance": self.tolerance,
        }

    def to_pandas(self) -> Any:
        """Return the curve as a DataFrame, one row per offer (needs pandas)."""
        return data_frame(
            [
                {
                    "offer": self.question.words(e.offer) if self.question.levels else e.offer,
                    "stable": e.stable,
                    "probability": e.probability,
                    "preference": e.preference,
                    **{f"gain {actor}": e.flow[actor] - self.today[actor] for actor in e.flow},
                }
                for e in self.effects
            ]
        )


_TOLD = {"stable": "stable", "likely": "likely enough", "preferred": "preferred at once"}


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
