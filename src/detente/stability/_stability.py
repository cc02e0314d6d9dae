"""The stability analysis of a conflict: which states hold, for whom, under which concept.

Each answer is worked out when first asked for and kept; see the modules of the single concepts for
what they mean, how they are computed and at what cost. Conditions stay fixed: nature does not act.

Sources: Fang, Hipel & Kilgour (1993), Interactive Decision Making: The Graph Model for Conflict
Resolution, and those named with each concept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.conflict import Conflict, State
from detente.engine import poll
from detente.errors import InputError
from detente.stability._coalition import Coalitions
from detente.stability._concepts import gmr, nash, seq, smr, sseq
from detente.stability._explain import Explanation, explain
from detente.stability._game import RankedGame
from detente.stability._graph import check_memory, ranked_game
from detente.stability._replies import RULES, Threats
from detente.stability._sim import sim
from detente.stability._status_quo import ShortestPaths, StatusQuoAnalysis, cut_off
from detente.stability._table import records, summary
from detente.text import Result, suggestion

if TYPE_CHECKING:
    from detente.drawing import Drawing

_STABLE: Mapping[str, Callable[[RankedGame, str], NDArray[np.bool_]]] = MappingProxyType(
    {"nash": nash, "gmr": gmr, "smr": smr, "seq": seq, "sseq": sseq, "sim": sim}
)
CONCEPTS = tuple(_STABLE)
"""The names of the concepts."""


class Stability(Result):
    """Which states are stable for whom, and the equilibria.

    Parameters
    ----------
    conflict : Conflict

    Raises
    ------
    SizeError
        When there are too many states for the memory at hand.

    Examples
    --------
    The prisoner's dilemma: mutual defection is the only state that neither would leave, but
    cooperation holds too when each reckons with the other's reply.

    >>> conflict = Conflict.build(
    ...     options={
    ...         "row": {"act": ["cooperate", "defect"]},
    ...         "col": {"act": ["cooperate", "defect"]},
    ...     },
    ...     rank={"row": [[3, 1], [4, 2]], "col": [[3, 4], [1, 2]]},
    ... )
    >>> stability = Stability(conflict)
    >>> stability.stable("nash", "row").tolist()
    [[False, False], [True, True]]
    >>> stability.states("nash")
    ({'row.act': 'defect', 'col.act': 'defect'},)
    >>> stability.equilibria("seq").tolist()
    [[True, False], [False, True]]
    """

    def __init__(self, conflict: Conflict) -> None:
        check_memory(conflict)
        self._game = ranked_game(conflict)
        self._stable: dict[tuple[str, str], NDArray[np.bool_]] = {}
        self._equilibria: dict[str, NDArray[np.bool_]] = {}
        self._latest: tuple[str, str, Threats] | None = None

    @property
    def conflict(self) -> Conflict:
        """The conflict that was analysed."""
        return self._game.conflict

    def stable(self, concept: str, actor: str) -> NDArray[np.bool_]:
        """Return where an actor has no reason to move, under a concept.

        Parameters
        ----------
        concept : str
            One of `CONCEPTS`.
        actor : str

        Returns
        -------
        ndarray of bool
            Of the conflict's shape, read-only, False at infeasible states.

        Raises
        ------
        InputError
            For a concept or an actor that does not exist.
        """
        judge = _STABLE[self._known(concept, actor)]
        if (concept, actor) not in self._stable:
            poll()
            found = judge(self._game, actor).reshape(self.conflict.shape)
            found.setflags(write=False)
            self._stable[concept, actor] = found
        return self._stable[concept, actor]

    def equilibria(self, concept: str) -> NDArray[np.bool_]:
        """Return where every actor is stable under a concept.

        Parameters
        ----------
        concept : str
            One of `CONCEPTS`.

        Returns
        -------
        ndarray of bool
            Of the conflict's shape, read-only, False at infeasible states.
        """
        if self._known(concept) not in self._equilibria:
            found = self.conflict.feasible.copy()
            for actor in self.conflict.actors:
                found &= self.stable(concept, actor)
            found.setflags(write=False)
            self._equilibria[concept] = found
        return self._equilibria[concept]

    def states(self, concept: str) -> tuple[dict[str, str], ...]:
        """Return the equilibria under a concept, each as level names by variable."""
        found = np.flatnonzero(self.equilibria(concept))
        return tuple(self.conflict.label(int(state)) for state in found)

    def explain(self, actor: str, state: State | None = None, concept: str = "seq") -> Explanation:
        """Explain why a state is stable for an actor, or is not.

        Parameters
        ----------
        actor : str
        state : state, optional
            A feasible one, by default the status quo; a mapping may leave out variables, which
            stay as in the status quo.
        concept : str
            One of `CONCEPTS`.

        Returns
        -------
        Explanation
            Every improvement with a shortest reply that deters it; prints itself in words.

        Raises
        ------
        InputError
            For a state, an actor or a concept that does not exist.

        Examples
        --------
        >>> conflict = Conflict.build(
        ...     options={"row": {"act": ["stay", "go"]}, "col": {"act": ["stay", "go"]}},
        ...     rank={"row": [[3, 1], [4, 2]], "col": [[3, 4], [1, 2]]},
        ... )
        >>> print(Stability(conflict).explain("row", ["stay", "stay"]))
        row is stable (seq) at row.act stay, col.act stay: 1 of 1 improvement deterred
        - act to go: undone by col (act to go)
        """
        self._known(concept, actor)
        return explain(
            self._game, concept, self.conflict.index(state), actor,
            lambda: self._threats(concept, actor),
        )  # fmt: skip

    def paths(self, state: State | None = None) -> ShortestPaths:
        """Return the shortest paths from a feasible state, by default the status quo."""
        return ShortestPaths(self._game, self.conflict.index(state))

    def status_quo_analysis(
        self, concept: str = "seq", state: State | None = None, *, most: int = 100
    ) -> StatusQuoAnalysis:
        """Tell how the equilibria can be reached from a state.

        Parameters
        ----------
        concept : str
            One of `CONCEPTS`.
        state : state or None
            A feasible one, None for the status quo.
        most : int
            Paths to at most this many equilibria, the nearest; all are counted.

        Returns
        -------
        StatusQuoAnalysis
            For each equilibrium a shortest legal path and a shortest improvement path, with who
            moves; prints itself in words.

        Examples
        --------
        >>> conflict = Conflict.build(
        ...     options={"row": {"act": ["stay", "go"]}, "col": {"act": ["stay", "go"]}},
        ...     rank={"row": [[3, 1], [4, 2]], "col": [[3, 4], [1, 2]]},
        ... )
        >>> print(Stability(conflict).status_quo_analysis("nash", ["stay", "stay"]))
        From row.act stay, col.act stay: 1 equilibrium (nash), 1 within reach, 1 by improvements
        - row.act go, col.act go
          by col (act to go), then row (act to go)
        """
        if not isinstance(most, int) or most < 1:
            raise InputError(f"most is {most!r}; give a whole number of paths, one or more")
        return self.paths(state).status_quo_analysis(concept, self.equilibria(concept), most)

    def cut_off(
        self, concept: str = "seq", equilibrium: State | None = None, *, improving: bool = False
    ) -> NDArray[np.bool_]:
        """Return the feasible states from which equilibria cannot be reached.

        Parameters
        ----------
        concept : str
            One of `CONCEPTS`.
        equilibrium : state or None
            One of them; None for any: then these are the states from which none can be reached.
        improving : bool
            Whether each move must be an improvement for its mover.

        Returns
        -------
        ndarray of bool
            Of the conflict's shape.

        Raises
        ------
        InputError
            When the state is not an equilibrium under the concept.
        """
        goals = self.equilibria(concept)
        if equilibrium is not None:
            place = self.conflict.index(equilibrium)
            if not goals.reshape(-1)[place]:
                words = ", ".join(f"{k} {v}" for k, v in self.conflict.label(place).items())
                raise InputError(f"({words}) is not an equilibrium under {concept}; name one")
            goals = np.zeros_like(goals)
            goals.reshape(-1)[place] = True
        return cut_off(self._game, goals, improving=improving)

    def coalitions(self) -> Coalitions:
        """Ask what actors can do together; see `Coalitions`."""
        return Coalitions(self.conflict)

    def _known(self, concept: str, actor: str | None = "") -> str:
        if known_concept(concept) == "sim" and not self._game.simultaneous:
            raise InputError(
                "sim stability needs options: in an explicit graph two moves at the same moment "
                "have no joint outcome; use seq or sseq"
            )
        if actor != "" and actor not in self.conflict.actors:
            self.conflict.space.of(str(actor))
        return concept

    def _threats(self, concept: str, actor: str) -> Threats:
        latest = self._latest
        if latest is None or latest[:2] != (concept, actor):
            latest = (concept, actor, Threats.of(self._game, actor, RULES[concept]))
            self._latest = latest
        return latest[2]

    def plot(self, concept: str = "seq") -> Drawing:
        """Draw the graph of moves and the stability matrix; see `detente.drawing.Drawing`."""
        from detente.drawing import stability_drawing

        return stability_drawing(self, known_concept(concept))

    @property
    def concepts(self) -> tuple[str, ...]:
        """The concepts that tables show: all on a small conflict, else those asked for so far."""
        small = self.conflict.size <= _SMALL
        return tuple(
            c
            for c in CONCEPTS
            if (small and (c != "sim" or self._game.simultaneous)) or c in self._equilibria
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain values: by concept the equilibria and, by actor, how many states are stable.

        Of the concepts in `concepts`.
        """
        return {
            "actors": list(self.conflict.actors),
            "states": int(self.conflict.feasible.sum()),
            "concepts": {
                concept: {
                    "equilibria": list(self.states(concept)),
                    "stable": {
                        actor: int(self.stable(concept, actor).sum())
                        for actor in self.conflict.actors
                    },
                }
                for concept in self.concepts
            },
        }

    def to_pandas(self) -> Any:
        """Return a row for each feasible state: levels, ranks, who is stable, equilibrium or not.

        Columns of stability are named ``"seq china"``, of equilibria ``"seq"``, for the concepts in
        `concepts`. Needs pandas.
        """
        import pandas as pd

        return pd.DataFrame(records(self))

    def __str__(self) -> str:
        """Return a table: stable states by concept and actor, then the equilibria."""
        return summary(self)

    def __repr__(self) -> str:
        """Return one line for a debugger."""
        return f"<Stability of {self.conflict!r}>"


_SMALL = 1 << 12


def known_concept(concept: str) -> str:
    """Return the name of a concept, or raise `InputError` with the nearest that exists."""
    if isinstance(concept, str) and concept in _STABLE:
        return concept
    hint = suggestion(str(concept), CONCEPTS, "concept")
    raise InputError(f"there is no stability concept {concept!r}; {hint}")
