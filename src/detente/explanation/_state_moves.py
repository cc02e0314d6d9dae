"""What can happen next at one state: every move from it, how fast, for what gain, and what deters.

Two readings of the same moves stand side by side. In time, a move has a rate: the mover's chances a
year times the share of them at which it is taken, from the equilibrium that it acts on, and a gain:
the mover's value after it less before it, less the cost, as it sees things. In order of preference,
a move is an improvement for the mover or is not, and an improvement may be deterred by a reply of
the others under a concept of stability. Cost: the moves of one state, and for each improvement the
search of a reply.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.conflict import State
from detente.equilibrium import Equilibrium
from detente.explanation._gain import move_cost
from detente.explanation._step import Step, group_transitions
from detente.stability import Stability
from detente.text import Result, show, table
from detente.values import data_frame, plain_fields

_ALIKE = 9
"""Decimals of a rate in which moves are alike: they stand in the order of their actors."""


@dataclass(frozen=True, slots=True)
class StateMove(Result):
    """One move from a state.

    Attributes
    ----------
    step : Step
    end : int
        Flat index of the state after it.
    rate : float
        How often a year it is expected to be made while the state lasts.
    gain : float
        What its actor gains by it over time, less the cost, as it sees things; nan for conditions.
    better : bool
        Whether its actor prefers the state after it to the one before; False for conditions.
    reply : str
        The reply of the others that deters an improvement, in words; empty where none does.
    """

    step: Step
    end: int
    rate: float
    gain: float
    better: bool
    reply: str

    @property
    def standing(self) -> str:
        """What the move is for its actor, in words; empty for conditions."""
        if not self.step.actor:
            return ""
        if not self.better:
            return "no improvement"
        return f"deterred by {self.reply}" if self.reply else "improvement, not deterred"

    def __str__(self) -> str:
        """Return the step, and its rate."""
        return f"{self.step}: {show(self.rate, 'fine')} a year"

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return {
            **self.step.to_dict(),
            **plain_fields(self, "end", "rate", "gain", "better", "reply"),
        }


@dataclass(frozen=True, eq=False)
class StateMoves(Result):
    """All moves from one state, the fastest first.

    Attributes
    ----------
    state : int
        Flat index.
    levels : mapping of str to str
        The state, by variable.
    concept : str
        Of stability, under which replies deter.
    moves : tuple of StateMove
    stable : mapping of str to bool
        By actor, whether it has no reason to leave the state under the concept.
    """

    state: int
    levels: Mapping[str, str]
    concept: str
    moves: tuple[StateMove, ...]
    stable: Mapping[str, bool]

    def __str__(self) -> str:
        """Return a line for each move."""
        head = ", ".join(f"{name} {level}" for name, level in self.levels.items())
        rows = [
            (str(move.step), show(move.rate, "fine"), move.standing or "happens by itself")
            for move in self.moves
        ]
        lines = table([("move", "a year", self.concept), *rows], "< > <", indent="  ")
        return "\n".join([f"from {head}", *lines])

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return {
            **plain_fields(self, "state", "levels", "concept", "stable"),
            "moves": [move.to_dict() for move in self.moves],
        }

    def to_pandas(self) -> Any:
        """Return a row for each move as a DataFrame (needs pandas)."""
        return data_frame(
            {
                "actor": [move.step.actor for move in self.moves],
                "move": [move.step.words for move in self.moves],
                "rate": [move.rate for move in self.moves],
                "gain": [move.gain for move in self.moves],
                "standing": [move.standing for move in self.moves],
            }
        )


def moves_from_state(
    equilibrium: Equilibrium,
    state: State | None = None,
    concept: str = "seq",
    stability: Stability | None = None,
    named: Callable[[str], str] = str,
) -> StateMoves:
    """Return what can happen next at a state.

    Parameters
    ----------
    equilibrium : Equilibrium
    state : state, optional
        A feasible one; the status quo by default.
    concept : str
        One of `detente.stability.CONCEPTS`.
    stability : Stability, optional
        Of the same conflict, where it is there already.
    named : callable
        What an actor is called in a reply; its name by default.

    Raises
    ------
    InputError
        For a state or a concept that does not exist.

    Examples
    --------
    >>> import detente
    >>> found = moves_from_state(detente.load("chicken").conflict().equilibrium())
    >>> print(found.moves[0].step, "|", found.moves[0].standing)
    row: wheel from straight to swerve | improvement, not deterred
    """
    conflict = equilibrium.conflict
    judged = Stability(conflict) if stability is None else stability
    here = conflict.index(state)
    live = np.flatnonzero(conflict.feasible)
    row = equilibrium.generator()[[int(np.searchsorted(live, here))], :].tocoo()
    ends, rates = live[row.col], row.data
    ends, rates = ends[ends != here], rates[ends != here]
    explained = {actor: judged.explain(actor, here, concept) for actor in conflict.actors}
    replies = {
        departure.move.state: found.reply(departure, named)
        for found in explained.values()
        for departure in found.departures
    }
    moves = []
    for step, (number,) in group_transitions(conflict, np.full(ends.size, here), ends):
        end = int(ends[number])
        moves.append(
            StateMove(
                step=step,
                end=end,
                rate=float(rates[number]),
                gain=_gain(equilibrium, step.actor, here, end),
                better=end in replies,
                reply=replies.get(end, ""),
            )
        )
    order = {actor: number for number, actor in enumerate((*conflict.actors, ""))}
    return StateMoves(
        state=here,
        levels=conflict.label(here),
        concept=concept,
        moves=tuple(
            sorted(moves, key=lambda move: (-round(move.rate, _ALIKE), order[move.step.actor]))
        ),
        stable={actor: found.stable for actor, found in explained.items()},
    )


def _gain(equilibrium: Equilibrium, actor: str, here: int, end: int) -> float:
    if not actor:
        return float("nan")
    seen = equilibrium.believed(actor)
    value = seen.value[actor].reshape(-1)
    cost = move_cost(seen.conflict, actor, np.array([here]), np.array([end]))[0]
    return float(value[end] - value[here] - cost)
