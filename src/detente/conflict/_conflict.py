"""The compiled model that every analysis reads: arrays over the state tensor, and their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.conflict._space import Space, State
from detente.errors import InputError
from detente.expression import ExpressionError, Namespace, compile_formula

if TYPE_CHECKING:
    from detente.case import Case
    from detente.conflict._graph import GraphConflict
    from detente.equilibrium import Equilibrium
    from detente.oneshot import OneShot, Rule
    from detente.stability import Stability

Moves = Mapping[str, Mapping[str, str | ArrayLike]]


@dataclass(frozen=True, eq=False)
class Conflict:
    """A conflict at fixed parameter values.

    Made by `Conflict.build` or `detente.case.Case.conflict`, not by hand; see also
    `Conflict.from_graph`.

    Attributes
    ----------
    space : Space
        The axes of the state tensor.
    feasible : ndarray of bool
        Of `shape`.
    utility : mapping of str to ndarray of float64
        By actor, a flow per year, of `shape`.
    rank : mapping of str to ndarray of int32
        By actor, ties equal, -1 where infeasible.
    allowed : tuple of ndarray of bool
        For each option axis the level changes ``[from, to]`` that are possible.
    cost : tuple of ndarray of float64
        For each option axis the cost of a level change, in utility.
    jumps : tuple of ndarray of float64
        For each condition axis the rates per year, of ``shape + (levels,)``, zero to itself.
    rates, precision, discount : mapping of str to float
        By actor: chances to move a year, logit precision, discount rate a year.
    cardinal : mapping of str to bool
        Whether the utility was stated, or is a rank scaled to 0..1.
    status_quo : tuple of int or None
        Level indices of today.
    views : mapping of str to Conflict
        The conflict as an actor believes it to be, where it differs.
    """

    space: Space
    feasible: NDArray[np.bool_]
    utility: Mapping[str, NDArray[np.float64]]
    rank: Mapping[str, NDArray[np.int32]]
    allowed: tuple[NDArray[np.bool_], ...]
    cost: tuple[NDArray[np.float64], ...]
    jumps: tuple[NDArray[np.float64], ...]
    rates: Mapping[str, float]
    precision: Mapping[str, float]
    discount: Mapping[str, float]
    cardinal: Mapping[str, bool]
    status_quo: tuple[int, ...] | None = None
    views: Mapping[str, Conflict] = field(default_factory=lambda: MappingProxyType({}))
    numbers: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    case: Case | None = None

    @classmethod
    def build(
        cls,
        options: Mapping[str, Mapping[str, Sequence[str] | int]],
        utility: Mapping[str, ArrayLike] | None = None,
        *,
        rank: Mapping[str, ArrayLike] | None = None,
        feasible: ArrayLike | None = None,
        moves: Moves | None = None,
        conditions: Mapping[str, Mapping[str, Any]] | None = None,
        rates: Mapping[str, float] | None = None,
        precision: Mapping[str, float] | None = None,
        discount: Mapping[str, float] | None = None,
        costs: Mapping[str, Mapping[str, ArrayLike]] | None = None,
        status_quo: State | None = None,
    ) -> Conflict:
        """Build a conflict without a file.

        Parameters
        ----------
        options : mapping
            ``{actor: {option: levels}}``; levels are names, or a number n for levels "0" to "n-1".
        utility : mapping of array_like, optional
            By actor, of the conflict's shape, a flow per year; higher is better.
        rank : mapping of array_like of int, optional
            Instead of ``utility``, for actors whose preference is only an order; higher is better.
        feasible : array_like of bool, optional
            Of the conflict's shape; all states by default.
        moves : mapping, optional
            ``{actor: {option: "any" | "up" | "down" | matrix}}``, the matrix bool ``[from, to]``.
        conditions : mapping, optional
            ``{name: {"levels": names or n, "rate": array}}`` with ``rate[state..., to]`` a year,
            broadcast to the conflict's shape and the number of levels.
        rates, precision, discount : mapping of float, optional
            By actor; 1, 1 and 0.1 by default.
        costs : mapping, optional
            ``{actor: {option: cost}}``, a level step, or a whole matrix ``[from, to]``.
        status_quo : state, optional

        Raises
        ------
        InputError
            When an argument has a wrong name, shape or value; the message says which and where.
        SizeError
            When the state space is too large for the memory at hand.

        Examples
        --------
        >>> import numpy as np
        >>> conflict = Conflict.build(
        ...     options={"row": {"act": ["cooperate", "defect"]}, "col": {"act": ["c", "d"]}},
        ...     utility={"row": [[3, 1], [4, 2]], "col": [[3, 4], [1, 2]]},
        ... )
        >>> conflict.shape
        (2, 2)
        >>> conflict.rank["row"].tolist()
        [[2, 0], [3, 1]]
        """
        from detente.conflict._build import build

        return build(
            cls, options, utility, rank, feasible, moves, conditions, rates, precision, discount,
            costs, status_quo,
        )  # fmt: skip

    @classmethod
    def from_graph(
        cls,
        states: Sequence[str] | int,
        moves: Mapping[str, ArrayLike],
        rank: Mapping[str, ArrayLike],
        *,
        status_quo: State | None = None,
    ) -> GraphConflict:
        """Build a conflict state by state, for one that is not a product of options.

        Several actors may share a move, and a state may stand for several outcomes at once.
        Stability is analysed as usual, except for ``sim``, which needs options.

        Parameters
        ----------
        states : sequence of str or int
            Their names, or a number n for states "0" to "n-1".
        moves : mapping of array_like of int
            By actor, pairs ``(from, to)`` of states counted from 0. An actor who is left out never
            moves; a pair of a state with itself means nothing.
        rank : mapping of array_like
            By actor, a number for each state; higher is better, equal is indifferent.
        status_quo : state, optional

        Raises
        ------
        InputError
            When an argument has a wrong name, shape or value; the message says which and where.

        Examples
        --------
        Either side may end the talks for good.

        >>> conflict = Conflict.from_graph(
        ...     states=["talks", "offer", "walkout"],
        ...     moves={"us": [(0, 1), (0, 2), (1, 2)], "china": [(0, 2), (1, 2)]},
        ...     rank={"us": [2, 3, 1], "china": [1, 2, 3]},
        ... )
        >>> conflict.stability().states("seq")
        ({'state': 'walkout'},)
        """
        from detente.conflict._graph import build_graph

        return build_graph(states, moves, rank, status_quo)

    @property
    def actors(self) -> tuple[str, ...]:
        """The actors, in the order of their axes."""
        return self.space.actors

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of levels on each axis of the state tensor."""
        return self.space.shape

    @property
    def size(self) -> int:
        """Number of states, feasible or not."""
        return self.space.size

    @cached_property
    def options(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """Levels by actor and option."""
        return {
            actor: {
                self.space.axes[k].option: self.space.axes[k].levels for k in self.space.of(actor)
            }
            for actor in self.actors
        }

    @cached_property
    def conditions(self) -> Mapping[str, tuple[str, ...]]:
        """Levels by condition."""
        return {self.space.axes[k].name: self.space.axes[k].levels for k in self.space.conditions}

    @cached_property
    def namespace(self) -> Namespace:
        """The names that a formula may use: variables, and the case's parameters and issues."""
        kinds = {n: "issue" if np.ndim(v) else "parameter" for n, v in self.numbers.items()}
        return Namespace(self.space.namespace.variables, kinds)

    def index(self, state: State | None = None) -> int:
        """Return the flat index of a feasible state; of the status quo when none is given.

        A mapping may leave variables out: they stay as in the status quo, where there is one.
        """
        if state is None:
            if self.status_quo is None:
                raise InputError("the conflict has no status quo; give a start state")
            state = self.status_quo
        flat = self.space.index(state, self.status_quo)
        if not self.feasible.reshape(-1)[flat]:
            words = ", ".join(f"{k} {v}" for k, v in self.space.label(flat).items())
            raise InputError(f"the state ({words}) is infeasible; start from a feasible one")
        return flat

    def label(self, state: State) -> dict[str, str]:
        """Return the level names of a state by variable."""
        return self.space.label(state)

    def moves_from(self, state: State | None = None) -> dict[str, tuple[int, ...]]:
        """Return the feasible states that each actor can move to from a feasible one.

        Parameters
        ----------
        state : state, optional
            The status quo by default.

        Returns
        -------
        dict of str to tuple of int
            By actor, flat indices in rising order; `label` names their levels.

        Examples
        --------
        >>> conflict = Conflict.build(
        ...     {"us": {"offer": ["none", "some"]}, "china": {"enforce": 3}},
        ...     {"us": [[0, 1, 2], [1, 2, 3]], "china": [[0, 0, 0], [1, 1, 1]]},
        ... )
        >>> moves = conflict.moves_from(["none", "1"])
        >>> moves, conflict.label(moves["us"][0])
        ({'us': (4,), 'china': (0, 2)}, {'us.offer': 'some', 'china.enforce': '1'})
        """
        start, feasible = self.index(state), self.feasible.reshape(-1)
        today = self.space.position(start)
        found = {}
        for actor in self.actors:
            reach = [np.array([level]) for level in today]
            for k in self.space.of(actor):
                reach[k] = np.flatnonzero(self.allowed[k][today[k]])
            ends = np.ravel_multi_index(np.ix_(*reach), self.shape).ravel().tolist()
            found[actor] = tuple(end for end in ends if end != start and feasible[end])
        return found

    def where(self, formula: str) -> NDArray[np.bool_]:
        """Return where a state formula holds, False at infeasible states.

        Parameters
        ----------
        formula : str
            Such as ``"china.enforcement >= level_2017 and rivalry == managed"``.

        Returns
        -------
        ndarray of bool
            Of the conflict's shape.
        """
        if not isinstance(formula, str):
            raise InputError(f"the formula is {formula!r}; give text, such as 'us.offer > none'")
        try:
            truth = compile_formula(formula, self.namespace, "truth").evaluate(self.values)
        except ExpressionError as error:
            raise InputError(f"formula {formula!r}, column {error.start + 1}: {error}") from None
        return np.broadcast_to(truth, self.shape) & self.feasible

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """What formulas read: levels of every variable, values of parameters and issues."""
        return {**self.space.levels, **self.numbers}

    def stability(self) -> Stability:
        """Analyse who would want to leave which state; see `detente.stability.Stability`."""
        from detente.stability import Stability

        return Stability(self)

    def equilibrium(
        self,
        tolerance: float = 1e-10,
        start: Equilibrium | None = None,
        *,
        threads: bool = False,
        trail: bool = False,
    ) -> Equilibrium:
        """Solve the timed game; see `detente.equilibrium.solve`."""
        from detente.equilibrium import solve

        return solve(self, tolerance, start, threads=threads, trail=trail)

    def one_shot(
        self,
        state: State | None = None,
        conditions: Mapping[str, str | int] | None = None,
        *,
        costs: bool = False,
        infeasible: Rule = "refuse",
    ) -> OneShot:
        """Return the game in which all choose at once; see `detente.oneshot.one_shot`."""
        from detente.oneshot import one_shot

        return one_shot(self, state, conditions, costs=costs, infeasible=infeasible)

    def __str__(self) -> str:
        """Return a summary of a few lines."""
        lines = [
            f"Conflict of {len(self.actors)} actors, {int(self.feasible.sum()):,} feasible of "
            f"{self.size:,} states"
        ]
        for axis in self.space.axes:
            lines.append(f"  {axis.name}: {(' < ' if axis.ordered else ', ').join(axis.levels)}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        """Return one line for a debugger."""
        return f"<Conflict {'x'.join(map(str, self.shape))} of {', '.join(self.actors)}>"
