"""What an offer brings about: everything a question asks, at one value of the offer.

Each value costs one announced equilibrium, one probability and one stability analysis; what has
been worked out is kept. Levels of an option are ordered by what each costs the payer, in its own
equilibrium value: the order in which a case lists them says nothing about generosity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from detente.conflict import Conflict
from detente.deals._question import DealQuestion
from detente.equilibrium import Equilibrium, solve
from detente.stability import Stability
from detente.values import plain_fields

_SAME = 7
"""Digits to which two levels must cost the payer differently, in spans of its utility."""


@dataclass(frozen=True, eq=False)
class Effect:
    """What one offer brings about.

    Attributes
    ----------
    offer : float
    possible : bool
        False when the start is infeasible under the offer; the numbers are nan then.
    stable : bool
        Whether some state with the wanted behaviour, and with conditions as at the start, is an
        equilibrium under the question's concept.
    probability : float
        That the wanted behaviour comes about within the horizon.
    preference : float
        What the actor's best move at the start that ends in the wanted behaviour is worth more
        than its best other one (staying is a move), by its own equilibrium value less the cost of
        moving, as an average flow a year; infinite where there is no other, or no such one.
    flow : mapping of str to float
        Each actor's equilibrium value at the start, as an average flow a year.
    """

    offer: float
    possible: bool
    stable: bool
    probability: float
    preference: float
    flow: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Return the effect, ready for JSON."""
        return plain_fields(self)


class Offers:
    """A question's offers, each tried once.

    Parameters
    ----------
    question : DealQuestion
    without : Equilibrium, optional
        Of the question's conflict, where it has been solved already.
    """

    def __init__(self, question: DealQuestion, without: Equilibrium | None = None) -> None:
        self.question = question
        self._found: dict[float, Effect] = {}
        self._without = without

    @property
    def without(self) -> Equilibrium:
        """The equilibrium without a deal."""
        if self._without is None:
            self._without = solve(self.question.conflict)
        return self._without

    @property
    def today(self) -> Mapping[str, float]:
        """Each actor's equilibrium value without a deal, as an average flow a year."""
        return flows(self.without, self.question.conflict)

    def at(self, offer: float) -> Effect:
        """Return what an offer brings about."""
        if offer not in self._found:
            self._found[offer] = self._try(offer)
        return self._found[offer]

    def gain(self, actor: str, offer: float) -> float:
        """Return what an actor's equilibrium value rises by, as an average flow a year."""
        return self.at(offer).flow[actor] - self.today[actor]

    def cheapest_first(self) -> Offers:
        """Return the same levels, from the one that costs its payer least.

        Of two that cost the same the one that the actor gains less by comes first, then by name;
        levels that are not possible come last.
        """
        question = self.question
        payer, actor = question.payer, question.of
        utility = question.conflict.utility
        span = {who: float(np.ptp(utility[who])) or 1.0 for who in (payer, actor)}

        def order(k: int) -> tuple[bool, float, float, str]:
            effect = self.at(float(k))
            gain = {who: round(self.gain(who, float(k)) / span[who], _SAME) for who in span}
            if not effect.possible:
                return True, 0.0, 0.0, question.levels[k]
            return False, -gain[payer], gain[actor], question.levels[k]

        places = sorted(range(len(question.levels)), key=order)
        levels = tuple(question.levels[k] for k in places)
        found = Offers(replace(question, levels=levels), self._without)
        found._found = {
            float(n): replace(self.at(float(k)), offer=float(n)) for n, k in enumerate(places)
        }
        return found

    def _try(self, offer: float) -> Effect:
        question = self.question
        conflict = question.under(offer) if question.can_be(offer) else None
        if (
            conflict is None
            or conflict.status_quo is None
            or not conflict.feasible[conflict.status_quo]
        ):
            nothing = dict.fromkeys(question.conflict.actors, np.nan)
            return Effect(offer, False, False, np.nan, np.nan, nothing)
        same = question.kind == "payment" and offer == 0.0
        solved = self.without if same else solve(conflict)
        asked = solved.probability(f"F[0, {question.horizon!r}] ({question.want})", error=1e-9)
        return Effect(
            offer=offer,
            possible=True,
            stable=_stable(conflict, question),
            probability=asked.value,
            preference=preference(solved, conflict, question),
            flow=flows(solved, conflict),
        )


def flows(solved: Equilibrium, conflict: Conflict) -> dict[str, float]:
    """Return each actor's equilibrium value at the start, as an average flow a year."""
    here = conflict.index()
    values = {actor: solved.believed(actor).value[actor] for actor in conflict.actors}
    return {a: float(conflict.discount[a] * values[a].reshape(-1)[here]) for a in values}


def preference(solved: Equilibrium, conflict: Conflict, question: DealQuestion) -> float:
    """Return by how much an actor prefers moving to the wanted behaviour; see `Effect`."""
    actor, space = question.of, conflict.space
    here = conflict.index()
    today = space.position(here)
    value = solved.believed(actor).value[actor].reshape(-1)
    wanted = conflict.where(question.want).reshape(-1)
    best = {True: -np.inf, False: -np.inf}
    for there in (here, *conflict.moves_from(here)[actor]):
        levels = space.position(there)
        cost = sum(conflict.cost[k][today[k], levels[k]] for k in space.of(actor))
        kind = bool(wanted[there])
        best[kind] = max(best[kind], float(value[there] - cost))
    return conflict.discount[actor] * (best[True] - best[False])


def _stable(conflict: Conflict, question: DealQuestion) -> bool:
    holds = Stability(conflict).equilibria(question.concept) & conflict.where(question.want)
    start, space = conflict.status_quo or (), conflict.space
    for k in space.conditions:
        holds = holds & (space.levels[space.axes[k].name] == start[k])
    return bool(holds.any())
