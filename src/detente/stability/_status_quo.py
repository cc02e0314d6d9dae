"""Status-quo analysis: how a conflict can get from a state to its equilibria, and whether it can.

Two kinds of paths: *legal* ones, in which actors move as they can, nobody twice in a row; and
*improvement* paths, in which besides each step is an improvement for the one who takes it.
Conditions stay as they are. Cost: that of one breadth-first search of each kind (see
`detente.stability._spread`), no more for many equilibria than for one.

Source: Li, Kilgour & Hipel (2004, 2005), status quo analysis in the graph model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.conflict import Conflict, State
from detente.stability._explain import UnilateralMove, in_turn, step_between
from detente.stability._game import RankedGame
from detente.stability._spread import SequenceSearch, search_sequences
from detente.text import Result
from detente.values import Bools, data_frame, plain

_SHOWN = 12

Path = tuple[UnilateralMove, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """How a state is reached.

    Parameters
    ----------
    state : int
        Flat index of the state reached.
    legal, improving : tuple of UnilateralMove or None
        A shortest path of each kind, empty when it is the start itself; None when there is none.
    """

    state: int
    legal: Path | None
    improving: Path | None


@dataclass(frozen=True, eq=False)
class StatusQuoAnalysis(Result):
    """The equilibria as seen from a state; prints itself in words.

    Parameters
    ----------
    conflict : Conflict
    start : int
        Flat index.
    concept : str
    equilibria : int
        How many there are.
    reached, improved : int
        How many have a legal path, and an improvement path.
    routes : tuple of Route
        Those with the shortest improvement path first, then with the shortest legal path, then
        those out of reach; not all, where there are very many.
    """

    conflict: Conflict
    start: int
    concept: str
    equilibria: int
    reached: int
    improved: int
    routes: tuple[Route, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values: counts, and for each route its state and paths."""
        return {
            "start": self.conflict.label(self.start),
            "concept": self.concept,
            "equilibria": self.equilibria,
            "reached": self.reached,
            "improved": self.improved,
            "routes": [
                {
                    "state": self.conflict.label(route.state),
                    "legal": plain(route.legal),
                    "improving": plain(route.improving),
                }
                for route in self.routes
            ],
        }

    def to_pandas(self) -> Any:
        """Return a row for each route as a DataFrame (needs pandas)."""
        return data_frame(
            [
                {
                    **self.conflict.label(route.state),
                    "legal moves": np.nan if route.legal is None else len(route.legal),
                    "improvements": np.nan if route.improving is None else len(route.improving),
                    "legal path": _words(route.legal),
                    "improvement path": _words(route.improving),
                }
                for route in self.routes
            ]
        )

    def __str__(self) -> str:
        """Return the counts, then a few lines for each of the nearest equilibria."""
        noun = "equilibrium" if self.equilibria == 1 else "equilibria"
        space = self.conflict.space
        lines = [
            f"From {space.words(self.start)}: {self.equilibria:,} {noun} ({self.concept}), "
            f"{self.reached:,} within reach, {self.improved:,} by improvements"
        ]
        for route in self.routes[:_SHOWN]:
            lines.append(f"- {space.words(route.state)}")
            if route.legal is None:
                lines.append("  cannot be reached")
            elif not route.legal:
                lines.append("  is where it starts")
            else:
                lines.append(f"  by {_words(route.legal)}")
                if route.improving is None:
                    lines.append("  not by improvements alone")
                elif route.improving != route.legal:
                    lines.append(f"  by improvements: {_words(route.improving)}")
        shown = len(self.routes[:_SHOWN])
        if self.equilibria > shown:
            lines.append(f"- and {self.equilibria - shown:,} more")
        return "\n".join(lines)


class ShortestPaths:
    """Shortest paths from one state to all others.

    Made by `Stability.paths`.

    Parameters
    ----------
    game : RankedGame
    start : int
        Flat index of a feasible state.
    """

    def __init__(self, game: RankedGame, start: int) -> None:
        self._game = game
        self.start = start
        self._searches: dict[bool, SequenceSearch] = {}

    @property
    def conflict(self) -> Conflict:
        """The conflict that was analysed."""
        return self._game.conflict

    def distance(self, *, improving: bool = False) -> NDArray[np.int32]:
        """Return the number of moves to each state, -1 where no path leads.

        Parameters
        ----------
        improving : bool
            Whether each move must be an improvement for its mover.
        """
        return self._search(improving).depth.reshape(self.conflict.shape)

    def to(self, state: State, *, improving: bool = False) -> Path | None:
        """Return a shortest path to a state; None when there is none.

        Parameters
        ----------
        state : state
            A feasible one.
        improving : bool
            Whether each move must be an improvement for its mover.
        """
        steps = self._search(improving).trace(self.conflict.index(state))
        if steps is None:
            return None
        here, path = self.start, []
        for mover, target in steps:
            path.append(step_between(self.conflict, self.conflict.actors[mover], here, target))
            here = target
        return tuple(path)

    def status_quo_analysis(self, concept: str, equilibria: Bools, most: int) -> StatusQuoAnalysis:
        """Return the shortest paths to at most this many of the equilibria."""
        states = np.flatnonzero(equilibria)
        legal, improving = (self._search(kind).depth[states] for kind in (False, True))
        never = np.iinfo(np.int32).max
        keys = [np.where(depth < 0, never, depth) for depth in (legal, improving)]
        order = np.lexsort((states, *keys))[:most]
        routes = tuple(
            Route(state, self.to(state), self.to(state, improving=True))
            for state in states[order].tolist()
        )
        return StatusQuoAnalysis(
            self.conflict, self.start, concept, len(states),
            int((legal >= 0).sum()), int((improving >= 0).sum()), routes,
        )  # fmt: skip

    def _search(self, improving: bool) -> SequenceSearch:
        if improving not in self._searches:
            self._searches[improving] = search_sequences(
                self._game, [self.start], improving=improving
            )
        return self._searches[improving]


def cut_off(game: RankedGame, goals: Bools, *, improving: bool) -> Bools:
    """Return the feasible states from which no path leads to any of some states.

    Parameters
    ----------
    goals : ndarray of bool
        Of the conflict's shape.
    improving : bool
        Whether each move must be an improvement for its mover.
    """
    sources = np.flatnonzero(goals & game.conflict.feasible)
    found = search_sequences(game, sources, improving=improving, back=True)
    return np.asarray((game.feasible & (found.depth < 0)).reshape(game.conflict.shape))


def _words(path: Path | None) -> str:
    return "none" if path is None else in_turn(path)
