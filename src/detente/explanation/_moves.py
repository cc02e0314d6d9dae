"""Who carries an answer: the flow of its transitions, gathered by the move that they are.

Transitions that change the same variables between the same levels are one move, wherever they
happen; variables that the question does not depend on are not looked at. A move of an actor is
taken at its chances: beside its part of the answer stands how many chances there are where it is
possible and the question is open, and at which share of them it is taken. Cost: O(transitions).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from detente.conflict import Conflict
from detente.explanation._gain import MoveGain
from detente.explanation._step import Step, group_transitions
from detente.forecast import Flow
from detente.text import Result, show
from detente.values import Bools, Floats, Ints, plain_fields


@dataclass(frozen=True, slots=True, eq=False)
class MoveShare(Result):
    """A move, and what it adds to an answer.

    Attributes
    ----------
    step : Step
    part : float
        What it adds to the answer; parts and what the start gives sum to the answer.
    times : float
        How often it is expected to be made while the question is open, given the scope.
    chances : float
        Expected chances of the actor at which it could move so in that time; nan for conditions.
    state : mapping of str to str
        The state from which most of the flow goes, by variable.
    state_share : float
        Share of the move's flow that starts there.
    source, target, weight : ndarray
        Flat indices of the states before and after each of its transitions, and their flows.
    gain : MoveGain or None
        What the actor gains by it, as it sees things; None for conditions.
    """

    step: Step
    part: float
    times: float
    chances: float
    state: Mapping[str, str]
    state_share: float
    source: Ints = field(repr=False)
    target: Ints = field(repr=False)
    weight: Floats = field(repr=False)
    gain: MoveGain | None = None

    @property
    def taken(self) -> float:
        """Share of the chances at which the move is made; nan for conditions."""
        return self.times / self.chances if self.chances > 0.0 else float("nan")

    def __str__(self) -> str:
        """Return the step and what it adds."""
        return f"{self.step}: adds {show(self.part, 'fine')}"

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return {
            **self.step.to_dict(),
            **plain_fields(self, "part", "times", "chances", "taken", "state", "state_share"),
            "gain": None if self.gain is None else self.gain.to_dict(),
        }


def share_moves(
    conflict: Conflict, flow: Flow, matters: Bools | None = None
) -> tuple[MoveShare, ...]:
    """Return the moves of a flow, those that add most first, without what is gained by them.

    Moves are told apart by the variables that ``matters`` names, see `group_transitions`.
    """
    live = flow.chain.live
    return tuple(
        sorted(
            (
                _share(conflict, flow, step, members)
                for step, members in group_transitions(
                    conflict, live[flow.source], live[flow.target], matters
                )
            ),
            key=lambda move: -abs(move.part),
        )
    )


def _share(conflict: Conflict, flow: Flow, step: Step, members: Ints) -> MoveShare:
    live, parts = flow.chain.live, flow.parts[members]
    source, target = flow.source[members], flow.target[members]
    times, chances = float(flow.times[members].sum()), float("nan")
    if step.actor:
        chances = conflict.rates[step.actor] * float(flow.years[np.unique(source)].sum())
    by_state = np.bincount(source, np.abs(parts))
    main = int(np.argmax(by_state))
    return MoveShare(
        step=step,
        part=float(parts.sum()),
        times=times,
        chances=chances,
        state=conflict.label(int(live[main])),
        state_share=float(by_state[main] / by_state.sum()),
        source=live[source],
        target=live[target],
        weight=np.abs(parts),
    )


def less(first: Sequence[MoveShare], second: Sequence[MoveShare]) -> tuple[MoveShare, ...]:
    """Return the moves of the first less those of the second, largest differences first."""
    others = {move.step: move for move in second}
    found = []
    for move in first:
        other = others.pop(move.step, None)
        found.append(move if other is None else replace(move, part=move.part - other.part))
    found += [replace(move, part=-move.part) for move in others.values()]
    return tuple(sorted(found, key=lambda move: -abs(move.part)))


def net_of_returns(moves: Sequence[MoveShare]) -> tuple[MoveShare, ...]:
    """Return the moves with those back between the same levels taken off, largest first."""
    found: dict[tuple[str, frozenset[tuple[str, ...]]], MoveShare] = {}
    for move in moves:
        ends = frozenset((name, *sorted((a, b))) for name, a, b in move.step.changes)
        key = (move.step.actor, ends)
        first = found.get(key)
        found[key] = move if first is None else replace(first, part=first.part + move.part)
    return tuple(sorted(found.values(), key=lambda move: -abs(move.part)))
