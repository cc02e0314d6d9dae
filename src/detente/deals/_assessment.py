"""Everything asked of one deal at one set of numbers: price, fair points, linked deals, schedules.

The wanted behaviour of one actor is priced in every coin that the payer has: a payment, and each of
its options. Beside that stand what the behaviour costs its actor when it is given for nothing (that
is what keeping the chip is worth), the fair points between the two, the linked deals of all actors,
and schedules of the level that the actor would like best. Cost: some fifty equilibria.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.conflict import Conflict
from detente.deals._bargaining_solutions import BargainingSolutions, bargaining_solutions
from detente.deals._leverage import Leverage, leverage
from detente.deals._linked_deals import LinkedDeals, linked_deals
from detente.deals._offers import flows
from detente.deals._packages import Packages, packages
from detente.deals._price import Price, price
from detente.deals._question import PAYMENT, DealQuestion, deal_question
from detente.equilibrium import Equilibrium, hold_levels, solve
from detente.errors import InputError
from detente.stability import Stability
from detente.text import Result, precise, show
from detente.values import plain_fields

if TYPE_CHECKING:
    from detente.drawing import Drawing


_COARSE, _FINE = 5, 13
_DEALS = 5


@dataclass(frozen=True)
class BargainingChip:
    """What the wanted behaviour costs its actor when it is given for nothing.

    Attributes
    ----------
    levels : mapping of str to str
        The cheapest way to give it: levels that the actor binds itself to.
    gain : mapping of str to float
        What every actor has more than without a deal, in its utility a year.
    """

    levels: Mapping[str, str]
    gain: Mapping[str, float]

    def __str__(self) -> str:
        """Return the chip in one line."""
        words = ", ".join(f"{name} {level}" for name, level in self.levels.items())
        gains = ", ".join(f"{actor} {show(gain, 'signed')}" for actor, gain in self.gain.items())
        return f"given for nothing ({words or 'all as at the start'}): {gains} a year"

    def to_dict(self) -> dict[str, Any]:
        """Return the chip, ready for JSON."""
        return plain_fields(self)


@dataclass(frozen=True)
class SideQuestion:
    """Another state of affairs that is asked about beside the deal.

    Attributes
    ----------
    formula : str
    probability : float
        That it comes about within the horizon without a deal.
    stable : bool
        Whether some state in which it holds is an equilibrium under the concept.
    """

    formula: str
    probability: float
    stable: bool

    def __str__(self) -> str:
        """Return the aim in one line."""
        told = "can" if self.stable else "cannot"
        share = show(self.probability, "tenths")
        return f"{self.formula}: {share} in time without a deal; {told} be stable"

    def to_dict(self) -> dict[str, Any]:
        """Return the aim, ready for JSON."""
        return plain_fields(self)


@dataclass(frozen=True, eq=False)
class DealAssessment(Result):
    """The answers about one deal; made by `assess_deal`.

    Attributes
    ----------
    question : DealQuestion
    probability : float
        Of the wanted behaviour within the horizon without a deal.
    prices : mapping of str to Price
        By what is offered: ``payment``, then the payer's options.
    chip : BargainingChip or None
        None where the actor cannot give the behaviour by its own options alone.
    fair : BargainingSolutions
        Between payer and actor.
    linked : LinkedDeals
        The best linked deals, of any actors.
    packages : Packages or None
        Of the level of the payer's options that the actor would like best if it were held; None
        where it likes none, or none can follow a rule.
    leverage : Leverage or None
        None where it was not asked for.
    side_questions : tuple of SideQuestion
        What else was asked about.
    """

    question: DealQuestion
    probability: float
    prices: Mapping[str, Price]
    chip: BargainingChip | None
    fair: BargainingSolutions
    linked: LinkedDeals
    packages: Packages | None
    leverage: Leverage | None
    side_questions: tuple[SideQuestion, ...] = ()

    def plot(self) -> Drawing:
        """Draw cooperation along each offer, and who gains; see `detente.drawing.Drawing`."""
        from detente.drawing import Drawing

        found = [price.plot() for price in self.prices.values()]
        return Drawing(*(p for one in [*found, self.linked.plot()] for p in one.pictures))

    def __str__(self) -> str:
        """Return all answers, one paragraph each."""
        question = self.question
        first = (
            f"{question.want}: {show(self.probability, 'tenths')} within "
            f"{precise(question.horizon)} years without a deal"
        )
        parts = [
            "\n".join([first, *question.notes, *map(str, self.side_questions)]),
            *map(str, self.prices.values()),
        ]
        if self.chip is not None:
            parts.append(str(self.chip))
        parts.append(str(self.fair))
        parts.append(str(self.linked))
        parts += [str(found) for found in (self.packages, self.leverage) if found is not None]
        return "\n\n".join(parts)

    def to_dict(self) -> dict[str, Any]:
        """Return all answers, ready for JSON."""
        return {
            **plain_fields(self, "question", "probability", "side_questions", "prices", "chip"),
            **plain_fields(self, "fair", "linked", "packages", "leverage"),
        }


def assess_deal(
    conflict: Conflict,
    want: str,
    of: str,
    payer: str,
    *,
    given: Mapping[str, str | int] | None = None,
    horizon: float = 5.0,
    probability: float = 0.8,
    concept: str = "seq",
    exchange: float = 1.0,
    size: int = 2,
    also: Sequence[str] = (),
    coarse: bool = False,
) -> DealAssessment:
    """Answer everything about one deal.

    Parameters
    ----------
    conflict : Conflict
        With a status quo.
    want, of, payer, given, horizon, probability, concept, exchange
        As in `detente.deals.deal_question`.
    size : int
        Most changes in one linked deal, 2 or 3.
    also : sequence of str
        State formulas: how likely they are without a deal, and whether they can be stable.
    coarse : bool
        Fewer payments, thresholds between them by straight lines, no levers: for studies.

    Raises
    ------
    InputError
        When the question makes no sense; see `detente.deals.deal_question`.
    AnalysisError
        When a game cannot be solved.

    Examples
    --------
    >>> import detente
    >>> conflict = detente.load("sanctions").conflict()
    >>> want = "target.programme == dismantled"
    >>> found = assess_deal(conflict, want, "target", "sender", coarse=True)
    >>> list(found.prices), found.chip.levels
    (['payment', 'sender.sanctions', 'sender.offer'], {'target.programme': 'dismantled'})
    """

    def asked(offer: str) -> DealQuestion:
        return deal_question(
            conflict, want, of, payer, offer, given=given, horizon=horizon,
            probability=probability, concept=concept, exchange=exchange,
        )  # fmt: skip

    question = asked(PAYMENT)
    world = question.conflict
    without = solve(world)
    options = [world.space.axes[k].name for k in world.space.of(payer)]
    points = _COARSE if coarse else _FINE
    paid = price(question, points, refine=not coarse, without=without)
    others = {name: price(asked(name), without=without) for name in options}
    return DealAssessment(
        question=question,
        probability=without.probability(f"F[0, {horizon!r}] ({want})", error=1e-9).value,
        prices={PAYMENT: paid, **others},
        chip=_chip(question, without),
        fair=bargaining_solutions(world, [payer, of], without=without),
        linked=linked_deals(world, size, concept=concept, best=_DEALS, without=without),
        packages=_packages(list(others.values()), flows(without, world), without, coarse),
        leverage=leverage(question) if world.case is not None and not coarse else None,
        side_questions=tuple(_aim(question, without, formula) for formula in also),
    )


def _aim(question: DealQuestion, without: Equilibrium, formula: str) -> SideQuestion:
    conflict, years = question.conflict, question.horizon
    asked = without.probability(f"F[0, {years!r}] ({formula})", error=1e-9)
    holds = Stability(conflict).equilibria(question.concept) & conflict.where(formula)
    return SideQuestion(formula, asked.value, bool(holds.any()))


def _chip(question: DealQuestion, without: Equilibrium) -> BargainingChip | None:
    """Return the cheapest way for an actor to bind itself to the wanted behaviour."""
    conflict = question.conflict
    space, start = conflict.space, conflict.status_quo or ()
    wanted, today = conflict.where(question.want), flows(without, conflict)
    own = list(space.of(question.of))
    best: BargainingChip | None = None
    for levels in itertools.product(*(range(space.shape[k]) for k in own)):
        place = list(start)
        for k, level in zip(own, levels, strict=True):
            place[k] = level
        whole = tuple(slice(None) if k not in own else place[k] for k in range(len(place)))
        if not conflict.feasible[tuple(place)] or not np.all(
            wanted[whole] | ~conflict.feasible[whole]
        ):
            continue
        bound = hold_levels(
            conflict, {space.axes[k].name: place[k] for k in own if place[k] != start[k]}
        )
        after = flows(solve(bound), bound)
        gain = {actor: after[actor] - today[actor] for actor in conflict.actors}
        if best is None or gain[question.of] > best.gain[question.of]:
            names = {
                space.axes[k].name: space.axes[k].levels[place[k]] for k in own
                if place[k] != start[k]
            }  # fmt: skip
            best = BargainingChip(names, gain)
    return best


def _packages(
    prices: list[Price], today: Mapping[str, float], without: Equilibrium, coarse: bool
) -> Packages | None:
    """Compare schedules of the level that the actor would like best, of those that can follow."""
    offers = [
        (effect.flow[found.question.of] - today[found.question.of], effect.offer, found)
        for found in prices
        for effect in found.effects
        if effect.possible
    ]
    for gain, offer, found in sorted(offers, key=lambda offer: -offer[0]):
        if gain <= 0.0:
            break
        try:
            top = found.question.words(offer)
            return packages(found.question, top, without=without, brief=coarse)
        except InputError:
            continue
    return None
