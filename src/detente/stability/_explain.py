"""Why a state is stable for an actor, or is not: each improvement, and the reply that deters it.

Cost: the closure of replies once (see `detente.stability._closure`), then a search from each
improvement (see `detente.stability._replies`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from detente.conflict import Conflict
from detente.stability._game import RankedGame
from detente.stability._replies import RULES, Reply, Threats, end_of, joint_choice, sequence
from detente.text import Result, plural
from detente.values import data_frame, plain

_SHOWN = 5

_OPEN = {
    "nash": "nothing that follows counts",
    "gmr": "no reply of the others undoes it",
    "smr": "no reply of the others undoes it for good",
    "seq": "no reply that the others would want undoes it",
    "sseq": "no reply that the others would want undoes it for good",
    "sim": "no improvements of the others at the same moment undo it",
}


@dataclass(frozen=True, slots=True)
class UnilateralMove(Result):
    """One move of one actor.

    Parameters
    ----------
    actor : str
    changes : tuple of (str, str)
        Each option that changes, by its own name, and its new level.
    state : int
        Flat index of the state it leads to; under ``sim``, if the actor moved alone.
    """

    actor: str
    changes: tuple[tuple[str, str], ...]
    state: int

    def __str__(self) -> str:
        """Return the change in words."""
        return " and ".join(f"{option} to {level}" for option, level in self.changes)

    def to_dict(self) -> dict[str, Any]:
        """Return who changes what, ready for JSON."""
        return {"actor": self.actor, "changes": dict(self.changes)}


def in_turn(
    steps: Iterable[UnilateralMove],
    link: str = ", then ",
    named: Callable[[str], str] = str,
) -> str:
    """Return moves in words, one after another."""
    return link.join(f"{named(step.actor)} ({step})" for step in steps)


@dataclass(frozen=True, slots=True)
class UnilateralImprovement:
    """One improvement of the actor, and what becomes of it.

    Parameters
    ----------
    move : UnilateralMove
    reply : tuple of UnilateralMove
        A shortest reply that deters the move; empty when none does.
    end : int
        Flat index of the state after the reply.
    """

    move: UnilateralMove
    reply: tuple[UnilateralMove, ...]
    end: int

    @property
    def deterred(self) -> bool:
        """Whether some reply deters the move."""
        return bool(self.reply)


@dataclass(frozen=True, eq=False)
class Explanation(Result):
    """Why a state is stable for an actor under a concept, or is not; prints itself in words.

    Parameters
    ----------
    conflict : Conflict
    state : int
        Flat index.
    actor, concept : str
    departures : tuple of UnilateralImprovement
        Every improvement, those that nothing deters first, then the best first.
    """

    conflict: Conflict
    state: int
    actor: str
    concept: str
    departures: tuple[UnilateralImprovement, ...]

    @property
    def stable(self) -> bool:
        """Whether every improvement is deterred."""
        return all(departure.deterred for departure in self.departures)

    def words(self, most: int = _SHOWN, named: Callable[[str], str] = str) -> str:
        """Return the explanation, with at most this many improvements.

        Parameters
        ----------
        most : int
            How many to list; the rest are counted.
        named : callable
            What an actor, option or condition is called; its name by default.
        """
        label = self.conflict.label(self.state)
        where = ", ".join(f"{named(name)} {level}" for name, level in label.items())
        holds = "stable" if self.stable else "not stable"
        count = len(self.departures)
        deterred = sum(departure.deterred for departure in self.departures)
        what = (
            f"{deterred} of {plural(count, 'improvement')} deterred" if count else "no improvement"
        )
        lines = [f"{named(self.actor)} is {holds} ({self.concept}) at {where}: {what}"]
        lines += [f"- {self._line(departure, named)}" for departure in self.departures[:most]]
        if count > most:
            lines.append(f"- and {plural(count - most, 'more improvement')}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, every improvement with its reply."""
        return {
            "state": self.conflict.label(self.state),
            "actor": self.actor,
            "concept": self.concept,
            "stable": self.stable,
            "improvements": [
                {
                    "changes": dict(departure.move.changes),
                    "deterred": departure.deterred,
                    "reply": plain(departure.reply),
                    "end": self.conflict.label(departure.end),
                }
                for departure in self.departures
            ],
        }

    def to_pandas(self) -> Any:
        """Return a row for each improvement as a DataFrame (needs pandas)."""
        return data_frame(
            {
                "improvement": [str(departure.move) for departure in self.departures],
                "deterred": [departure.deterred for departure in self.departures],
                "reply": [self.reply(departure) for departure in self.departures],
                "end": [self.conflict.label(departure.end) for departure in self.departures],
            }
        )

    def __str__(self) -> str:
        """Return the explanation in a few lines."""
        return self.words()

    def _line(self, departure: UnilateralImprovement, named: Callable[[str], str]) -> str:
        if not departure.deterred:
            return f"{departure.move}: {_OPEN[self.concept]}"
        rule = RULES.get(self.concept)
        undone = "undone for good" if rule is not None and rule.final else "undone"
        return f"{departure.move}: {undone} by {self.reply(departure, named)}"

    def reply(self, departure: UnilateralImprovement, named: Callable[[str], str] = str) -> str:
        """Return the reply that deters an improvement, in words; empty where none does."""
        return in_turn(departure.reply, " with " if self.concept == "sim" else ", then ", named)


def explain(
    game: RankedGame, concept: str, state: int, actor: str, threats: Callable[[], Threats]
) -> Explanation:
    """Explain why a state is stable for an actor, or is not.

    Parameters
    ----------
    concept : str
        One that exists.
    state : int
        Flat index of a feasible state.
    threats : callable
        Returns what the others can do to the actor; called for the concepts in `RULES`.
    """
    rank = game.rank(actor)
    limit = int(rank[state])
    found = []
    for target in game.targets(actor, state, improving=True).tolist():
        reply: Reply | None = None
        if concept in RULES:
            reply = sequence(game, actor, threats(), target, limit)
        elif concept == "sim":
            reply = joint_choice(game, actor, state, target)
        found.append((target, reply or ()))
    found.sort(key=lambda item: (bool(item[1]), -rank[item[0]], item[0]))
    joint = concept == "sim"
    departures = tuple(
        UnilateralImprovement(
            step_between(game.conflict, actor, state, target),
            _steps(game.conflict, reply, state if joint else target, joint=joint),
            end_of(reply, state, target, joint=joint),
        )
        for target, reply in found
    )
    return Explanation(game.conflict, state, actor, concept, departures)


def _steps(
    conflict: Conflict, reply: Reply, state: int, *, joint: bool
) -> tuple[UnilateralMove, ...]:
    steps = []
    for mover, target in reply:
        steps.append(step_between(conflict, mover, state, target))
        state = state if joint else target
    return tuple(steps)


def step_between(conflict: Conflict, actor: str, state: int, target: int) -> UnilateralMove:
    """Return an actor's move from one state to another, by flat index, as a step in words."""
    before, after = conflict.label(state), conflict.label(target)
    changes = tuple(
        (axis.option, after[axis.name])
        for axis in conflict.space.axes
        if before[axis.name] != after[axis.name]
    )
    return UnilateralMove(actor, changes, target)
