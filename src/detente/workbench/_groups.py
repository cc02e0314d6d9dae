"""Whose each parameter is: the actor whose preferences, costs, rates, views or stakes alone use it.

An actor uses the parameters in its weights, in the issues that it weighs and in what those are made
of, in its statements or ranking, its rate, precision, discount rate, the costs of its options, and
its view and what it has at stake at the table of bargaining; the rest of that table is a group of
its own. Conditions and rules are the world's. Cost: linear in the formulas.
"""

from __future__ import annotations

from collections.abc import Iterable

from detente.case import Actor, Case, Ranking, Statements, Weights
from detente.expression import Formula
from detente.text import spaced

SEVERAL = "Several actors"
WORLD = "The world"
TABLE = "Bargaining"
ELSEWHERE = "Questions only"
_OTHERS = (SEVERAL, WORLD, TABLE, ELSEWHERE)


def grouped(case: Case) -> dict[str, tuple[str, ...]]:
    """Return the parameters of a case by whose they are, actors first.

    Examples
    --------
    >>> import detente
    >>> for whose, names in grouped(detente.load("sanctions")).items():
    ...     print(whose, names)
    Sender ('price', 'threat')
    Neighbour ('trade',)
    Target ('pain', 'pride', 'security', 'worth', 'trust', 'leak')
    Several actors ('sharpness', 'patience')
    """
    actors = {actor.name: _reached(case, _formulas(actor, case)) for actor in case.actors}
    rates = [formula for condition in case.conditions for *_, formula in condition.rates]
    world = _reached(case, [*rates, *(rule.formula for rule in case.infeasible)])
    table = _reached(case, case.bargaining.formulas if case.bargaining else ())
    titles = {actor.name: actor.title or spaced(actor.name) for actor in case.actors}
    found: dict[str, list[str]] = {t: [] for t in (*titles.values(), *_OTHERS)}
    for name in case.parameters:
        using = [titles[actor] for actor, uses in actors.items() if name in uses]
        if not using:
            whose = WORLD if name in world else TABLE if name in table else ELSEWHERE
        else:
            whose = SEVERAL if len(using) > 1 or name in world else using[0]
        found[whose].append(name)
    return {whose: tuple(names) for whose, names in found.items() if names}


def _formulas(actor: Actor, case: Case) -> list[Formula]:
    found = [actor.rate, actor.precision, actor.discount, *(o.cost for o in actor.options)]
    found += [formula for v in case.views if v.actor == actor.name for _, formula in v.values]
    at_stake = case.bargaining.stakes(actor.name) if case.bargaining else ()
    found += [formula for stake in at_stake for formula in stake.formulas]
    issues = {issue.name: issue.formula for issue in case.issues}
    match actor.preference:
        case Weights(items):
            for issue, weight in items:
                found += [weight, issues[issue]]
        case Statements(formulas) | Ranking(formulas):
            found += formulas
    return found


def _reached(case: Case, formulas: Iterable[Formula]) -> set[str]:
    """Return the names that formulas use, through the issues in them."""
    issues = {issue.name: issue.formula for issue in case.issues}
    pending, found = list(formulas), set[str]()
    while pending:
        new = pending.pop().uses - found
        found |= new
        pending += [issues[name] for name in new if name in issues]
    return found
