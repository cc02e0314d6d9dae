"""Which coalitions would leave a state, as a result that prints itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detente.conflict import Conflict
from detente.stability._explain import UnilateralMove, in_turn
from detente.text import Result
from detente.values import data_frame, plain


@dataclass(frozen=True, slots=True)
class CoalitionMove:
    """A legal sequence of moves of the members of a coalition.

    Parameters
    ----------
    moves : tuple of UnilateralMove
    end : int
        Flat index of the state that it leads to.
    """

    moves: tuple[UnilateralMove, ...]
    end: int

    def __str__(self) -> str:
        """Return the moves in words."""
        return in_turn(self.moves)


@dataclass(frozen=True, slots=True)
class CoalitionImprovement:
    """A coalition that would leave a state, and how.

    Parameters
    ----------
    members : tuple of str
    joint : CoalitionMove
        A shortest sequence to a coalition improvement that nothing deters.
    """

    members: tuple[str, ...]
    joint: CoalitionMove


@dataclass(frozen=True, eq=False)
class CoalitionImprovements(Result):
    """The coalitions that would leave a state under a concept; prints itself in words.

    Parameters
    ----------
    conflict : Conflict
    state : int
        Flat index.
    concept : str
    asked : int
        How many coalitions were asked about.
    found : tuple of CoalitionImprovement
    """

    conflict: Conflict
    state: int
    concept: str
    asked: int
    found: tuple[CoalitionImprovement, ...]

    @property
    def coalitions(self) -> tuple[tuple[str, ...], ...]:
        """The coalitions that would leave."""
        return tuple(breach.members for breach in self.found)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values: for each coalition its moves and where they end."""
        return {
            "state": self.conflict.label(self.state),
            "concept": self.concept,
            "asked": self.asked,
            "breaking": [
                {
                    "members": list(breach.members),
                    "moves": plain(breach.joint.moves),
                    "end": self.conflict.label(breach.joint.end),
                }
                for breach in self.found
            ],
        }

    def to_pandas(self) -> Any:
        """Return a row for each coalition that would leave, as a DataFrame (needs pandas)."""
        return data_frame(
            {
                "coalition": [" and ".join(breach.members) for breach in self.found],
                "moves": [str(breach.joint) for breach in self.found],
                "end": [self.conflict.label(breach.joint.end) for breach in self.found],
            }
        )

    def __str__(self) -> str:
        """Return a line for each coalition that would leave."""
        where = self.conflict.space.words(self.state)
        noun = "coalition" if self.asked == 1 else "coalitions"
        lines = [f"{len(self.found)} of {self.asked} {noun} would leave {where} ({self.concept})"]
        lines += [f"- {' and '.join(breach.members)}: {breach.joint}" for breach in self.found]
        return "\n".join(lines)
