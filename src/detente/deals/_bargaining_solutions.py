"""Fair points of one conflict: which levels, why, and how much better than no deal.

An agreement fixes the parties' options for good, and everybody knows. What it is worth is each
actor's equilibrium value at the start of the game among the others (``others="move"``), or what
`kept_flow` says when everybody stays as at the start (``"stay"``), as a flow a year, as the actor
sees it. Disagreement is the forecast without a deal, by the same measure. Cost: an equilibrium
without a deal, one for all agreements together (or linear systems), and the rules of `bargain`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from detente.conflict import Conflict, freeze
from detente.deals._bargain import RULES, Rule, bargain
from detente.deals._frontier import frontier
from detente.deals._offers import flows
from detente.deals._terms import no_change_worth, terms, terms_in_words
from detente.equilibrium import Equilibrium, solve
from detente.errors import AnalysisError, InputError
from detente.text import Result, show
from detente.values import Floats, plain_fields


@dataclass(frozen=True, eq=False)
class Settlement:
    """One fair point in levels and issues.

    Attributes
    ----------
    rule : str
    mix : tuple of (mapping, float)
        Levels that change by option (empty: all stay), and the weight of that agreement.
    gain : mapping of str to float
        What each actor, party or not, has more than without a deal, in its utility a year.
    terms : mapping of str to mapping
        By party, what the change of levels brings by issue at today's conditions; see `terms`.
    """

    rule: Rule
    mix: tuple[tuple[Mapping[str, str], float], ...]
    gain: Mapping[str, float]
    terms: Mapping[str, Mapping[str, float]]

    def __str__(self) -> str:
        """Return the levels, the gains and what they are made of."""
        lines = [f"{self.rule.replace('_', '-')}:"]
        for changes, weight in self.mix:
            share = "" if len(self.mix) == 1 else f"{show(weight, 'share')} "
            words = ", ".join(f"{name} {level}" for name, level in changes.items())
            lines.append(f"  {share}{words or 'all as at the start'}")
        for actor, gain in self.gain.items():
            made = terms_in_words(self.terms.get(actor, {}))
            lines.append(
                f"  {actor} {show(gain, 'signed')} a year{f' (at once: {made})' if made else ''}"
            )
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the point, ready for JSON."""
        mix = [{"changes": dict(changes), "weight": weight} for changes, weight in self.mix]
        return {**plain_fields(self), "mix": mix}


@dataclass(frozen=True, eq=False)
class BargainingSolutions(Result):
    """The fair points of a conflict, and the frontier they lie on.

    Attributes
    ----------
    parties : tuple of str
    agreements : int
        How many there are.
    efficient : tuple of mapping
        Levels that change, for each agreement on the Pareto frontier.
    disagreement : mapping of str to float
        What each actor has without a deal, in its utility a year.
    points : tuple of Settlement
        By rule; empty when no agreement makes every party better off.
    """

    parties: tuple[str, ...]
    agreements: int
    efficient: tuple[Mapping[str, str], ...]
    disagreement: Mapping[str, float]
    points: tuple[Settlement, ...]

    def __str__(self) -> str:
        """Return the fair points in words."""
        lines = [
            f"{len(self.efficient)} of {self.agreements:,} agreements between "
            f"{' and '.join(self.parties)} are Pareto efficient"
        ]
        if not self.points:
            lines.append("no agreement makes every party better off than the forecast without one")
        return "\n".join([*lines, *map(str, self.points)])

    def to_dict(self) -> dict[str, Any]:
        """Return the points, ready for JSON."""
        return plain_fields(self)


def bargaining_solutions(
    conflict: Conflict,
    parties: Sequence[str],
    *,
    mixed: bool = True,
    rules: Sequence[Rule] = RULES,
    without: Equilibrium | None = None,
    others: Literal["move", "stay"] = "move",
) -> BargainingSolutions:
    """Return the fair points of a bargain between some actors.

    Parameters
    ----------
    conflict : Conflict
        With a status quo.
    parties : sequence of str
        Two or more actors; only their options are part of agreements.
    mixed : bool
        Whether lotteries over agreements are agreements too.
    rules : sequence of str
        Of `detente.deals._bargain.RULES`.
    without : Equilibrium, optional
        Without a deal; solved here by default.
    others : {"move", "stay"}
        What those who are not parties do under an agreement.

    Raises
    ------
    InputError
        When fewer than two different actors are named, or one that does not exist.

    Examples
    --------
    >>> conflict = Conflict.build(
    ...     options={"row": {"act": ["defect", "give"]}, "col": {"act": ["defect", "give"]}},
    ...     utility={"row": [[2, 4], [1, 3]], "col": [[2, 1], [4, 3]]},
    ...     precision={"row": 5.0, "col": 5.0}, status_quo=0,
    ... )
    >>> found = bargaining_solutions(conflict, ["row", "col"], rules=["nash"])
    >>> [dict(point.mix[0][0]) for point in found.points]
    [{'row.act': 'give', 'col.act': 'give'}]
    """
    if len(set(parties)) < 2:
        raise InputError("a bargain needs two parties or more; name different actors")
    space, here = conflict.space, conflict.index()
    own = [k for party in parties for k in space.of(party)]
    start = space.position(here)
    place = tuple(slice(None) if k in own else level for k, level in enumerate(start))
    states = np.arange(conflict.size).reshape(conflict.shape)[place].reshape(-1)
    states = states[conflict.feasible.reshape(-1)[states]]
    today = flows(solve(conflict) if without is None else without, conflict)
    if others == "stay":
        kept = no_change_worth(conflict)
        worth = {actor: kept[actor].reshape(-1)[states] for actor in conflict.actors}
    else:
        worth = _held(conflict, own, states)
    payoffs = np.column_stack([worth[party] for party in parties])
    disagreement = np.array([today[party] for party in parties])
    efficient = frontier(payoffs, mixed)
    changes = [_changes(conflict, here, int(state)) for state in states]
    points = []
    for rule in rules:
        try:
            found = bargain(payoffs, disagreement, rule, mixed)
        except AnalysisError:
            break
        mix = [(int(states[row]), weight) for row, weight in found.mix]
        rows, weights = zip(*found.mix, strict=True)
        points.append(
            Settlement(
                rule=rule,
                mix=tuple((changes[row], weight) for row, weight in found.mix),
                gain={
                    a: float(np.dot(weights, worth[a][list(rows)]) - today[a])
                    for a in conflict.actors
                },
                terms={party: _expected(conflict, party, here, mix) for party in parties},
            )
        )
    return BargainingSolutions(
        parties=tuple(parties),
        agreements=len(states),
        efficient=tuple(changes[k] for k in np.flatnonzero(efficient)),
        disagreement=today,
        points=tuple(points),
    )


def _held(conflict: Conflict, own: Sequence[int], states: NDArray[np.intp]) -> dict[str, Floats]:
    """Return each actor's flow from each state if the parties' options stay and others move.

    Every agreement is a game of its own, and no play leads from one to another; so all are solved
    at once, as one game in which the parties' options cannot move.
    """
    still = _still(conflict, own)
    solved = solve(still)
    return {
        actor: conflict.discount[actor] * solved.believed(actor).value[actor].reshape(-1)[states]
        for actor in conflict.actors
    }


def _still(conflict: Conflict, own: Sequence[int]) -> Conflict:
    """Return the conflict in which some options cannot move, to everybody's knowledge."""
    allowed = tuple(
        freeze(np.eye(len(moves), dtype=bool)) if k in own else moves
        for k, moves in enumerate(conflict.allowed)
    )
    views = {actor: _still(view, own) for actor, view in conflict.views.items()}
    return replace(conflict, allowed=allowed, views=views)


def _changes(conflict: Conflict, before: int, after: int) -> dict[str, str]:
    old, new = conflict.label(before), conflict.label(after)
    return {name: level for name, level in new.items() if level != old[name]}


def _expected(
    conflict: Conflict, actor: str, here: int, mix: Sequence[tuple[int, float]]
) -> dict[str, float]:
    total: dict[str, float] = {}
    for state, weight in mix:
        for issue, brings in terms(conflict, actor, here, state).items():
            total[issue] = total.get(issue, 0.0) + weight * brings
    return dict(sorted(total.items(), key=lambda pair: -abs(pair[1])))
