"""Actors: units of precision, discount, rates and costs, and what nobody can say no to.

What an actor can gain is bounded by the span of its utility over the feasible states: a year of it
by the span, all of the future by the span over its discount rate, and what lasts until its next
chance to act by the span over discount and rate together. Cost: passes over the compiled tensor.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from detente.case import Actor
from detente.review._facts import CaseFacts, number
from detente.review._warning import CaseWarning
from detente.stability import Stability

_NOISE = 0.2
"""The log odds between an actor's best and worst, below which its choice is noise."""
_SWITCH = 200.0
"""The log odds from which on a choice is a switch."""
_IMPATIENT, _ENDLESS = 1.0, 0.002
"""Discount rates a year beyond which per cent, or days, are more likely meant."""
_DAILY = 100.0
"""Chances or jumps a year from which on days are more likely meant."""


def sharpness(facts: CaseFacts) -> Iterator[CaseWarning]:
    """Warn about precision that makes choices noise, or a switch."""
    conflict = facts.conflict
    for actor in facts.case.actors:
        name, span = actor.name, _span(facts, actor)
        patience = conflict.rates[name] + conflict.discount[name]
        odds = conflict.precision[name] * span / patience
        path, subject = ("actors", name, "precision"), f"actor {name}"
        told = f"precision {number(conflict.precision[name])} of {name}"
        if span > 0 and odds < _NOISE:
            message = (
                f"{told} is so low that it takes its best state before its worst at odds of "
                f"{number(math.exp(odds))} to 1: choice is noise"
            )
            yield facts.warn("choice-is-noise", subject, path, message)
        elif odds > _SWITCH:
            message = (
                f"{told} is so high, with utilities {number(span)} apart, that choice is a switch: "
                "there may be several equilibria, and draws may fail"
            )
            yield facts.warn("too-sharp", subject, path, message)


def discounts(facts: CaseFacts) -> Iterator[CaseWarning]:
    """Warn about discount rates that look like per cent, months or days."""
    for actor in facts.case.actors:
        low, high = facts.ends(actor.discount)
        path, subject = ("actors", actor.name, "discount"), f"actor {actor.name}"
        if high > _IMPATIENT:
            counts = number(100 * math.exp(-high))
            message = (
                f"discount {number(high)} of {actor.name}: what comes in a year counts {counts} % "
                "of what comes now, as if it were per cent"
            )
            remedy = f"write {number(high / 100)} for {number(high)} per cent a year"
            yield facts.warn("discount-unit", subject, path, message, remedy)
        elif low < _ENDLESS:
            message = (
                f"discount {number(low)} of {actor.name} looks {number(1 / low)} years ahead, "
                "as if it were a rate a day"
            )
            yield facts.warn("discount-unit", subject, path, message)


def rates(facts: CaseFacts) -> Iterator[CaseWarning]:
    """Warn about rates that look like a number a month or a day."""
    for actor in facts.case.actors:
        rate = facts.conflict.rates[actor.name]
        path, subject = ("actors", actor.name, "rate"), f"actor {actor.name}"
        if 0 < rate * facts.years < 1:
            message = (
                f"rate {number(rate)} of {actor.name} gives it {number(rate * facts.years)} "
                f"chances to act in all of {number(facts.years)} years, as if it were a month's"
            )
            remedy = f"write {number(12 * rate)} for {number(rate)} chances a month"
            yield facts.warn("rate-unit", subject, path, message, remedy)
        elif rate > _DAILY:
            message = f"rate {number(rate)} of {actor.name} is a chance to act every day or so"
            yield facts.warn("rate-unit", subject, path, message)
    for k, condition in enumerate(facts.case.conditions):
        fastest = float(facts.conflict.jumps[k].max())
        if fastest > _DAILY:
            message = f"{condition.name} jumps {number(fastest)} times a year"
            path = ("conditions", condition.name, "rates")
            yield facts.warn("rate-unit", f"condition {condition.name}", path, message)


def costs(facts: CaseFacts) -> Iterator[CaseWarning]:
    """Warn about changes that cost more than their actor could gain for ever after."""
    conflict = facts.conflict
    for actor in facts.case.actors:
        most = _span(facts, actor) / conflict.discount[actor.name]
        for k, option in zip(conflict.space.of(actor.name), actor.options, strict=True):
            others = conflict.allowed[k] & ~np.eye(len(option.levels), dtype=bool)
            least = float(conflict.cost[k][others].min()) if others.any() else 0.0
            if most > 0 and least > most:
                message = (
                    f"a change of {option.full_name} costs {number(least)}, more than "
                    f"{actor.name} could gain by it for ever after ({number(most)})"
                )
                path = ("actors", actor.name, "options", option.name, "cost")
                yield facts.warn("cost-beyond-gain", f"option {option.full_name}", path, message)


def free_gains(facts: CaseFacts) -> Iterator[CaseWarning]:
    """Warn about a level that costs nothing, is best whatever others do, and gets no answer.

    Best: no other level of the option is better in any state. An answer: a reply that deters the
    move (sequential stability) and that its mover would not want today anyway.
    """
    conflict, today = facts.conflict, facts.conflict.status_quo
    if today is None:
        return
    stability = Stability(conflict)
    for actor in facts.case.actors:
        free = None
        for k, option in zip(conflict.space.of(actor.name), actor.options, strict=True):
            for level in _best_everywhere(facts, actor.name, k):
                cost = conflict.cost[k][today[k], level]
                if cost > 0 or not conflict.allowed[k][today[k], level]:
                    continue
                if free is None:
                    free = _unanswered(stability, actor.name)
                if ((option.name, option.levels[level]),) not in free:
                    continue
                message = (
                    f"going to {option.full_name} {option.levels[level]} costs {actor.name} "
                    "nothing, no other level is better for it in any state, and nobody has an "
                    "answer to it"
                )
                path = ("actors", actor.name, "options", option.name)
                yield facts.warn("free-gain", f"option {option.full_name}", path, message)


def _unanswered(stability: Stability, actor: str) -> set[tuple[tuple[str, str], ...]]:
    """Return the improvements on today that no reply is an answer to."""
    found = set()
    for one in stability.explain(actor, None, "seq").departures:
        reply = one.reply[0] if one.reply else None
        anyway = stability.explain(reply.actor, None, "nash").departures if reply else ()
        if reply is None or reply.changes in {other.move.changes for other in anyway}:
            found.add(one.move.changes)
    return found


def _best_everywhere(facts: CaseFacts, actor: str, axis: int) -> Iterator[int]:
    conflict = facts.conflict
    flow = np.moveaxis(conflict.utility[actor], axis, 0)
    feasible = np.moveaxis(conflict.feasible, axis, 0)
    assert conflict.status_quo is not None
    now = conflict.status_quo[axis]
    for level in range(len(flow)):
        both = feasible & feasible[level]
        better = (flow[level] - flow > 1e-12) & both
        worse = (flow[level] - flow < -1e-12) & both
        if level != now and better[now].any() and not worse.any():
            yield level


def _span(facts: CaseFacts, actor: Actor) -> float:
    return float(np.ptp(facts.conflict.utility[actor.name][facts.conflict.feasible]))
