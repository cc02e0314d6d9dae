"""What is asked of a deal: which behaviour of whom, paid for by whom, with what.

An offer is one of three things. A *payment* is a flow added to the actor's utility in every state
where the wanted formula holds, and taken from the payer's at a stated exchange: action for action,
announced, for good. A *level* of one of the payer's options is held for the whole period, and
announced. A *parameter* is set to a value. Questions that make no sense are refused here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from detente.conflict import TIE, Conflict, freeze, rank_from_utility, reachable_box, restrict
from detente.equilibrium import changed_conflict
from detente.errors import InputError
from detente.stability import known_concept
from detente.text import Result, show, suggestion
from detente.values import Bools, Floats, plain_fields

Kind = Literal["payment", "level", "parameter"]

PAYMENT = "payment"


@dataclass(frozen=True, eq=False)
class DealQuestion(Result):
    """A question about a deal that makes sense; made by `deal_question`.

    Attributes
    ----------
    conflict : Conflict
        Without a deal, as far as the start leads.
    want : str
        State formula of the wanted behaviour.
    of, payer : str
        Who must change, and who pays.
    offer : str
        ``payment``, an option of the payer's, or a parameter.
    kind : {"payment", "level", "parameter"}
    low, high : float
        Offers looked at; places among ``levels`` for an option.
    horizon : float
        Years.
    probability : float
        That the wanted behaviour is to reach within the horizon.
    concept : str
        Of stability.
    exchange : float
        What a unit of the actor's utility costs the payer, in units of its own.
    levels : tuple of str
        Names of the levels on offer; empty unless the offer is an option. In the order of the case
        here; in a `Price`, from the one that costs its payer least.
    """

    conflict: Conflict
    want: str
    of: str
    payer: str
    offer: str
    kind: Kind
    low: float
    high: float
    horizon: float
    probability: float
    concept: str
    exchange: float
    levels: tuple[str, ...] = ()

    @property
    def holds_today(self) -> bool:
        """Whether the wanted behaviour holds at the start already."""
        return bool(self.conflict.where(self.want)[self.conflict.status_quo])

    @property
    def notes(self) -> tuple[str, ...]:
        """What should be known before the answers are read; empty when there is nothing."""
        if not self.holds_today:
            return ()
        return (
            f"{self.want} holds at the start already: there is nothing to bring about, so that any "
            "offer makes it likely enough; read what makes it stable, and what it costs to hold it",
        )

    def words(self, value: float) -> str:
        """Return an offer in words."""
        return self.levels[round(value)] if self.levels else show(value, "plain")

    def grid(self, points: int) -> Floats:
        """Return offers to look at, in their order: every level of an option."""
        if self.kind == "level":
            return np.arange(len(self.levels), dtype=np.float64)
        return np.linspace(self.low, self.high, points)

    def can_be(self, value: float) -> bool:
        """Return whether some state that the start leads to has the offer; any number can be."""
        if not self.levels:
            return True
        space = self.conflict.space
        k = space.axis(self.offer)
        held = self.conflict.feasible.take(space.axes[k].level(self.words(value)), axis=k)
        return bool(held.any())

    def under(self, value: float) -> Conflict:
        """Return the conflict in which an offer stands.

        Parameters
        ----------
        value : float
            Utility a year, a level's place among ``levels``, or a parameter's value.

        Returns
        -------
        Conflict
            Its status quo has the level that is held, and may be infeasible.
        """
        match self.kind:
            case "level":
                return changed_conflict(self.conflict, {self.offer: self.words(value)})
            case "parameter":
                return self.with_parameters({self.offer: value})
            case "payment":
                where = self.conflict.where(self.want)
                gains = {self.of: value, self.payer: -self.exchange * value}
                return _paid(self.conflict, np.asarray(where), gains)

    def with_parameters(self, values: Mapping[str, float]) -> Conflict:
        """Return the conflict without a deal at other values of some parameters.

        Parameters
        ----------
        values : mapping of str to float
        """
        if not values:
            return self.conflict
        changed = changed_conflict(self.conflict, None, values)
        return reached(replace(changed, status_quo=self.conflict.status_quo))

    def to_dict(self) -> dict[str, Any]:
        """Return the question, ready for JSON."""
        ends = (self.low, self.high)
        return {
            **plain_fields(self, "want", "of", "payer", "offer", "kind"),
            "range": list(self.levels) or list(ends),
            "holds_today": self.holds_today,
            **plain_fields(self, "horizon", "probability", "concept", "exchange"),
        }


def deal_question(
    conflict: Conflict,
    want: str,
    of: str,
    payer: str,
    offer: str = PAYMENT,
    *,
    given: Mapping[str, str | int] | None = None,
    low: float | None = None,
    high: float | None = None,
    horizon: float = 5.0,
    probability: float = 0.8,
    concept: str = "seq",
    exchange: float = 1.0,
) -> DealQuestion:
    """Return a question about a deal, checked.

    Parameters
    ----------
    conflict : Conflict
        Without a deal, with a status quo.
    want : str
        State formula, such as ``china.enforcement >= level_2017``.
    of : str
        The actor that must change.
    payer : str
        The actor that pays.
    offer : str
        ``payment``, an option of the payer's, or a parameter of the case.
    given : mapping, optional
        Levels that replace those of the status quo.
    low, high : float, optional
        Offers to look at: from 0 to the actor's whole span of utility for a payment, the stated
        range for a parameter. Options are looked at whole.
    horizon : float
        Years.
    probability : float
        Wanted within the horizon, above 0 and at most 1.
    concept : str
        Of stability.
    exchange : float
        What a unit of the actor's utility costs the payer, in units of its own.

    Raises
    ------
    InputError
        When the question makes no sense: an unknown actor, level or offer, a payer that pays
        itself, a formula that always or never holds or that the actor has no hand in, a
        probability that is not one.

    Examples
    --------
    >>> conflict = Conflict.build(
    ...     options={"us": {"offer": ["none", "some"]}, "china": {"help": ["no", "yes"]}},
    ...     utility={"us": [[0, 3], [-1, 2]], "china": [[1, 0], [2, 1]]},
    ...     status_quo=0,
    ... )
    >>> deal_question(conflict, "china.help == yes", of="china", payer="us").high
    2.0
    """
    for name in (of, payer):
        if name not in conflict.actors:
            hint = suggestion(str(name), conflict.actors, "actor")
            raise InputError(f"there is no actor {name!r}; {hint}")
    if of == payer:
        raise InputError(
            f"{payer} would pay itself; name another payer, or another who must change"
        )
    if not 0.0 < probability <= 1.0:
        raise InputError(f"probability is {probability:g}; give one above 0 and at most 1")
    if not (np.isfinite(horizon) and horizon > 0.0):
        raise InputError(f"horizon is {horizon:g}; give a positive number of years")
    if not (np.isfinite(exchange) and exchange > 0.0):
        raise InputError(f"exchange is {exchange:g}; give a positive number")
    if given:
        start = conflict.space.position(conflict.index(dict(given)))
        conflict = replace(conflict, status_quo=tuple(int(k) for k in start))
    conflict.index()
    concept = known_concept(concept)
    conflict = reached(conflict)
    _refuse_empty(conflict, want, of)
    kind, low, high = _range(conflict, of, payer, offer, low, high)
    levels = conflict.space.axes[conflict.space.axis(offer)].levels if kind == "level" else ()
    return DealQuestion(
        conflict, want, of, payer, offer, kind, low, high, horizon, probability, concept, exchange,
        levels,
    )  # fmt: skip


def reached(conflict: Conflict) -> Conflict:
    """Return the conflict over what its status quo can lead to."""
    start = conflict.status_quo or ()
    levels = {axis.name: {start[k]} for k, axis in enumerate(conflict.space.axes)}
    return restrict(conflict, reachable_box(conflict, levels))


def _refuse_empty(conflict: Conflict, want: str, of: str) -> None:
    where = conflict.where(want)
    if not where.any():
        raise InputError(
            f"{want!r} holds in no state that the start can lead to; ask for something that can be"
        )
    if where[conflict.feasible].all():
        raise InputError(f"{want!r} always holds: nobody need pay for it; ask for something else")
    own = conflict.space.of(of)
    some = np.any(where, axis=tuple(own))
    other = np.any(conflict.feasible & ~where, axis=tuple(own))
    if not (some & other).any():
        raise InputError(
            f"{of} has no hand in {want!r}: its options never decide it; name who must change"
        )


def _range(
    conflict: Conflict, of: str, payer: str, offer: str, low: float | None, high: float | None
) -> tuple[Kind, float, float]:
    space = conflict.space
    options = [space.axes[k].name for k in space.of(payer)]
    known = [] if conflict.case is None else list(conflict.case.parameters)
    if offer in options:
        if low is not None or high is not None:
            raise InputError(f"{offer} is an option: all its levels are looked at; drop the range")
        return "level", 0.0, float(len(space.axes[space.axis(offer)].levels) - 1)
    if offer == PAYMENT:
        span = float(np.ptp(conflict.utility[of][conflict.feasible]))
        first, last = 0.0 if low is None else low, span if high is None else high
        kind: Kind = "payment"
    elif offer in known and conflict.case is not None:
        stated = conflict.case.parameters[offer]
        first = stated.low if low is None else low
        last = stated.high if high is None else high
        kind = "parameter"
    elif offer in {axis.name for axis in space.axes}:
        hint = suggestion(str(offer), options, "option")
        raise InputError(f"{offer} is not {payer}'s to offer; {hint}")
    else:
        hint = suggestion(str(offer), [PAYMENT, *options, *known], "name")
        raise InputError(f"there is nothing called {offer!r} to offer; {hint}")
    if not (np.isfinite([first, last]).all() and first < last):
        raise InputError(f"{offer} has no range to look at ({first:g} to {last:g}); give one")
    return kind, float(first), float(last)


def _paid(conflict: Conflict, where: Bools, gains: Mapping[str, float]) -> Conflict:
    """Return the conflict, and everybody's view of it, with flows added where something holds."""
    utility, rank = dict(conflict.utility), dict(conflict.rank)
    for actor, gain in gains.items():
        flow = np.where(where, utility[actor] + gain, utility[actor])
        utility[actor] = freeze(flow)
        rank[actor] = freeze(rank_from_utility(flow, conflict.feasible, TIE))
    views = {actor: _paid(view, where, gains) for actor, view in conflict.views.items()}
    return replace(conflict, utility=utility, rank=rank, views=views)
