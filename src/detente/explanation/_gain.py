"""What an actor gains by a move, issue by issue, as it sees things.

Its value is the discounted sum of what it weighs less the costs of its own moves, so it splits
exactly: with Q the generator that the actor expects, rho its discount rate and f_k = weight times
issue k,

    (rho - Q) V_k = f_k,    V = sum_k V_k - expected costs of later moves.

The gain over time of a move on issue k is the mean of V_k(after) - V_k(before) over the places
where the move is made, weighted by the flow; at once it is the same of f_k, a year. Cost: one
sparse solve per issue and actor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from detente.case import Weights
from detente.conflict import Conflict
from detente.equilibrium import Equilibrium
from detente.explanation._step import Step, group_transitions
from detente.forecast import Chain, chain_of, discounted
from detente.text import Result, show
from detente.values import Floats, Ints, plain_fields


@dataclass(frozen=True, slots=True)
class IssueGain:
    """What a move changes on one issue for its actor.

    Attributes
    ----------
    issue : str
    now : float
        Weight times the change of the issue, a year, at once.
    later : float
        The same over time, discounted, with all that the actor expects to follow.
    """

    issue: str
    now: float
    later: float


@dataclass(frozen=True, slots=True)
class MoveGain(Result):
    """What an actor gains by a move, as it sees things.

    Attributes
    ----------
    issues : tuple of IssueGain
        Largest gain or loss over time first.
    cost : float
        Of the move itself.
    later_costs : float
        Change of the expected costs of its own later moves.
    net : float
        Sum over the issues over time, less both costs: what the choice compares with staying.
    precision : float
        How sharply it chooses: moves are taken exp(precision x net) times as often as staying.
    then : tuple of (Step, float)
        The fastest changes by others that it expects where most of the flow goes, and their rates
        a year.
    """

    issues: tuple[IssueGain, ...]
    cost: float
    later_costs: float
    net: float
    precision: float
    then: tuple[tuple[Step, float], ...] = ()

    def __str__(self) -> str:
        """Return a line for each issue over time, and the sum."""
        lines = [f"{issue.issue} {show(issue.later, 'signed')}" for issue in self.issues]
        return "\n".join([*lines, f"in all {show(self.net, 'signed')}"])

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return {
            **plain_fields(self, "cost", "later_costs", "net", "precision"),
            "issues": [plain_fields(issue, "issue", "now", "later") for issue in self.issues],
            "then": [{**step.to_dict(), "rate": rate} for step, rate in self.then],
        }


@dataclass(frozen=True, eq=False)
class Outlook:
    """How one actor sees the game: its chain, what it weighs, and values by issue.

    ``flows`` and ``values`` are by issue over the states of the chain; ``total`` is the value.
    """

    actor: str
    conflict: Conflict
    chain: Chain
    flows: Mapping[str, Floats]
    values: Mapping[str, Floats]
    total: Floats


def outlook(equilibrium: Equilibrium, actor: str) -> Outlook:
    """Return how an actor sees the game: all act as in the solution that it acts on itself."""
    own = replace(equilibrium.believed(actor), beliefs={})
    conflict, chain = own.conflict, chain_of(own)
    flows = {name: chain.over_live(flow) for name, flow in weighed(conflict, actor).items()}
    solved = discounted(chain, np.stack(list(flows.values()), axis=1), conflict.discount[actor])
    values = {name: solved[:, k] for k, name in enumerate(flows)}
    return Outlook(actor, conflict, chain, flows, values, chain.over_live(own.value[actor]))


def weighed(conflict: Conflict, actor: str) -> dict[str, Floats]:
    """Return weight times issue by issue, over all states; one entry for an order of states."""
    stated = [] if conflict.case is None else [a for a in conflict.case.actors if a.name == actor]
    if not stated or not isinstance(stated[0].preference, Weights):
        return {"preference": conflict.utility[actor]}
    return {
        issue: float(weight.evaluate(conflict.values))
        * np.where(conflict.feasible, conflict.values[issue], 0.0)
        for issue, weight in stated[0].preference.items
    }


def move_gain(view: Outlook, source: Ints, target: Ints, weight: Floats) -> MoveGain | None:
    """Return what a move gains its actor on average over transitions.

    Parameters
    ----------
    view : Outlook
        Of the actor that moves.
    source, target : ndarray of int
        Flat indices of the states before and after.
    weight : ndarray
        How much each transition counts.
    """
    conflict, live = view.conflict, view.chain.live
    known = conflict.feasible.reshape(-1)[source] & conflict.feasible.reshape(-1)[target]
    source, target, weight = source[known], target[known], np.abs(weight[known])
    if not weight.sum() > 0.0:
        return None
    weight = weight / weight.sum()
    before, after = np.searchsorted(live, source), np.searchsorted(live, target)

    def mean(values: Floats) -> float:
        return float(weight @ (values[after] - values[before]))

    issues = [
        IssueGain(name, mean(view.flows[name]), mean(view.values[name])) for name in view.flows
    ]
    moving = move_cost(conflict, view.actor, source, target)
    cost = float(weight @ moving)
    change = mean(view.total)
    later_costs = sum(issue.later for issue in issues) - change
    return MoveGain(
        issues=tuple(sorted(issues, key=lambda issue: -abs(issue.later))),
        cost=cost,
        later_costs=later_costs,
        net=change - cost,
        precision=conflict.precision[view.actor],
        then=_next_steps(view, int(target[int(np.argmax(weight))])),
    )


def move_cost(conflict: Conflict, actor: str, source: Ints, target: Ints) -> Floats:
    """Return what moves of an actor between states cost it, each the sum over its options."""
    before = np.unravel_index(source, conflict.shape)
    after = np.unravel_index(target, conflict.shape)
    total = np.zeros(source.size)
    for k in conflict.space.of(actor):
        total += conflict.cost[k][before[k], after[k]]
    return total


def _next_steps(view: Outlook, state: int, most: int = 2) -> tuple[tuple[Step, float], ...]:
    chain, here = view.chain, int(np.searchsorted(view.chain.live, state))
    there = chain.step[[here], :].tocoo()
    columns = there.col[there.col != here]
    rates = chain.rate * there.data[there.col != here]
    source = np.full(columns.size, state)
    groups = group_transitions(view.conflict, source, chain.live[columns])
    steps = [
        (step, float(rates[members].sum())) for step, members in groups if step.actor != view.actor
    ]
    return tuple(sorted(steps, key=lambda pair: -pair[1])[:most])
