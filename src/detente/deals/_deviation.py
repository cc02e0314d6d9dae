"""Whether a linked deal holds once made, and what it is worth when it is held.

A deal is self-enforcing when its state is stable for every actor under a concept. Otherwise the
promise broken first is the improvement, of any actor, that gains most as a share of its span of
utility and that nothing deters; what would deter it is a reply of the others, if there is one at
all (as in general metarationality, whether they would want it or not), or a payment for keeping at
least as large as what breaking gains. Held, the parties' changes cannot be undone and everyone
knows: the game is solved anew. Cost: a stability analysis and an equilibrium per deal.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.conflict import Conflict
from detente.deals._linkage import Exchange
from detente.deals._offers import flows
from detente.equilibrium import hold_levels, solve
from detente.stability import Stability
from detente.text import Result, show
from detente.values import plain_fields


@dataclass(frozen=True)
class Deviation:
    """The promise that would be broken first.

    Attributes
    ----------
    actor : str
    changes : mapping of str to str
        What it would do: new level by option.
    gain : float
        In its utility a year: a payment for keeping of at least this much deters it.
    reply : str
        What the others could do about it, in words; empty when there is nothing.
    """

    actor: str
    changes: Mapping[str, str]
    gain: float
    reply: str

    def __str__(self) -> str:
        """Return the breach in words."""
        moves = " and ".join(f"{name} to {level}" for name, level in self.changes.items())
        could = f"; the others could answer with {self.reply}" if self.reply else ""
        return f"{self.actor} would move {moves} ({show(self.gain, 'signed')} a year){could}"

    def to_dict(self) -> dict[str, Any]:
        """Return the breach, ready for JSON."""
        return plain_fields(self)


@dataclass(frozen=True, eq=False)
class LinkedDeal(Result):
    """A linked deal, whether it holds, and what it is worth when it is held.

    Attributes
    ----------
    exchange : Exchange
    concept : str
    deviation : Deviation or None
        None when the deal is self-enforcing under the concept.
    held : mapping of str to float
        What each actor's equilibrium value gains over no deal when the changes are held and all
        else goes on, as an average flow a year; empty where the start is infeasible then.
    """

    exchange: Exchange
    concept: str
    deviation: Deviation | None
    held: Mapping[str, float]

    @property
    def kind(self) -> str:
        """The word ``trade``, or ``gift``: some party's own part alone would gain it something."""
        return "trade" if self.exchange.trade else "gift"

    def __str__(self) -> str:
        """Return the deal in a few lines of at most 80 columns."""
        outside = ", ".join(f"{a} {show(g, 'signed')}" for a, g in self.exchange.outside.items())
        lines = [str(self.exchange), self.standing()]
        if outside:
            lines.append(f"outside: {outside}")
        if self.held:
            held = ", ".join(f"{a} {show(g, 'signed')}" for a, g in self.held.items())
            lines.append(f"held: {held}")
        return "\n".join(
            textwrap.fill(line, 80, initial_indent="  " * (k > 0), subsequent_indent="    ")
            for k, line in enumerate(lines)
        )

    def standing(self) -> str:
        """Return in words which kind of deal it is and whether it holds."""
        if self.deviation is None:
            return f"{self.kind}; holds ({self.concept})"
        return f"{self.kind}; breaks ({self.concept}): {self.deviation}"

    def to_dict(self) -> dict[str, Any]:
        """Return the deal, ready for JSON."""
        return {
            **self.exchange.to_dict(),
            "outside": dict(self.exchange.outside),
            "concept": self.concept,
            "self_enforcing": self.deviation is None,
            **plain_fields(self, "deviation", "held"),
        }


def first_deviation(stability: Stability, state: int, concept: str) -> Deviation | None:
    """Return the promise that would be broken first at a state; None when it holds.

    Parameters
    ----------
    state : int
        Flat index.
    """
    conflict = stability.conflict
    found: list[tuple[float, Deviation]] = []
    for actor in conflict.actors:
        told = stability.explain(actor, state, concept)
        flow = conflict.utility[actor].reshape(-1)
        span = float(np.ptp(flow[conflict.feasible.reshape(-1)])) or 1.0
        for departure in told.departures:
            if departure.deterred:
                continue
            gain = float(flow[departure.move.state] - flow[state])
            changes = {f"{actor}.{option}": level for option, level in departure.move.changes}
            reply = _reply(stability, state, actor, departure.move.state)
            found.append((gain / span, Deviation(actor, changes, gain, reply)))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _reply(stability: Stability, state: int, actor: str, target: int) -> str:
    for departure in stability.explain(actor, state, "gmr").departures:
        if departure.move.state == target and departure.deterred:
            return ", then ".join(f"{step.actor} ({step})" for step in departure.reply)
    return ""


def gains_if_honoured(
    conflict: Conflict, deal: Exchange, today: Mapping[str, float]
) -> dict[str, float]:
    """Return what everybody gains when a deal is held; empty where its start is infeasible.

    Parameters
    ----------
    today : mapping of str to float
        Flows without a deal.

    Returns
    -------
    dict of str to float
        Utility a year.
    """
    held = hold_levels(conflict, deal.changes)
    if held.status_quo is None or not held.feasible[held.status_quo]:
        return {}
    after = flows(solve(held), held)
    return {actor: after[actor] - today[actor] for actor in conflict.actors}
