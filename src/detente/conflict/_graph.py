"""A conflict given state by state: who can move from which state to which, and who prefers what.

For conflicts that are not a product of options: states that stand for several outcomes at once
(coalesced states), moves that two actors share, moves that cannot be undone. The states are the
levels of one axis named ``state`` that belongs to nobody; the moves are kept as lists of arcs, by
actor. Cost: O(states + moves).

Source: Fang, Hipel & Kilgour (1993), Interactive Decision Making: The Graph Model for Conflict
Resolution, chapter 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.case import check_size
from detente.conflict._build import freeze
from detente.conflict._conflict import Conflict
from detente.conflict._preference import ScaledRanks, rank_from_order
from detente.conflict._space import Axis, Space, State
from detente.errors import InputError
from detente.values import Bools, Ints

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium


@dataclass(frozen=True, eq=False)
class GraphConflict(Conflict):
    """A conflict as an explicit graph; made by `Conflict.from_graph`.

    Only its stability can be analysed: the timed game and simultaneous moves need options.

    Attributes
    ----------
    arcs : mapping of str to ndarray of int64
        By actor its moves, a row ``(from, to)`` each, in order and without repetition.
    """

    arcs: Mapping[str, Ints] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def options(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """No options: the moves are `arcs`."""
        return {actor: {} for actor in self.actors}

    @cached_property
    def conditions(self) -> Mapping[str, tuple[str, ...]]:
        """No conditions."""
        return {}

    def moves_from(self, state: State | None = None) -> dict[str, tuple[int, ...]]:
        """Return the states that each actor can move to from one; see `Conflict.moves_from`.

        Examples
        --------
        >>> moves = {"us": [(0, 1), (0, 2)], "china": [(1, 2)]}
        >>> ranks = {"us": [2, 3, 1], "china": [1, 2, 3]}
        >>> Conflict.from_graph(["talks", "offer", "walkout"], moves, ranks).moves_from(0)
        {'us': (1, 2), 'china': ()}
        """
        start = self.index(state)
        return {a: tuple(own[own[:, 0] == start, 1].tolist()) for a, own in self.arcs.items()}

    def equilibrium(
        self,
        tolerance: float = 1e-10,
        start: Equilibrium | None = None,
        *,
        threads: bool = False,
        trail: bool = False,
    ) -> NoReturn:
        """Refuse: the timed game needs options."""
        raise InputError(
            "the timed game is played with options, and an explicit graph has none; "
            "build the conflict with Conflict.build, or analyse its stability"
        )

    def __str__(self) -> str:
        """Return a summary of a few lines."""
        lines = [f"Conflict of {len(self.actors)} actors, {self.size:,} states, as a graph"]
        lines += [f"  {actor}: {len(self.arcs[actor]):,} moves" for actor in self.actors]
        return "\n".join(lines)

    def __repr__(self) -> str:
        """Return one line for a debugger."""
        return f"<GraphConflict of {self.size} states of {', '.join(self.actors)}>"


def build_graph(
    states: Sequence[str] | int,
    moves: Mapping[str, ArrayLike],
    rank: Mapping[str, ArrayLike],
    status_quo: State | None,
) -> GraphConflict:
    """Check every argument of `Conflict.from_graph` and put the conflict together."""
    names = _names(states, len(rank))
    if len(set(names)) < len(names):
        twice = next(name for place, name in enumerate(names) if names.index(name) < place)
        raise InputError(f"states names {twice!r} twice; make the names differ")
    actors = tuple(rank)
    if not actors:
        raise InputError("rank names no actor; give each actor's ranks of the states")
    for actor in moves:
        if actor not in actors:
            raise InputError(f"moves names {actor!r}, who has no rank; give rank[{actor!r}]")
    space = Space(actors, (Axis("state", None, names, ordered=False),))
    check_size(space.shape, len(actors), "order")
    possible = freeze(np.ones(len(names), dtype=bool))
    ranks = {actor: freeze(_ranks(actor, rank[actor], possible)) for actor in actors}
    ones = dict.fromkeys(actors, 1.0)
    return GraphConflict(
        space=space,
        feasible=possible,
        utility=ScaledRanks(ranks, possible),
        rank=ranks,
        allowed=(),
        cost=(),
        jumps=(),
        rates=ones,
        precision=ones,
        discount=dict.fromkeys(actors, 0.1),
        cardinal=dict.fromkeys(actors, False),
        status_quo=None if status_quo is None else space.position(status_quo),
        arcs={actor: freeze(_arcs(actor, moves.get(actor, ()), len(names))) for actor in actors},
    )


def _names(states: Sequence[str] | int, actors: int) -> tuple[str, ...]:
    if isinstance(states, str) or not isinstance(states, int | Iterable):
        raise InputError(f"states is {states!r}; give a list of names, or how many there are")
    if not isinstance(states, int):
        names = tuple(map(str, states))
        if not names:
            raise InputError("states is empty; give at least one")
        return names
    if states < 1:
        raise InputError(f"states is {states}; give at least one")
    check_size((states,), actors, "order")
    return tuple(map(str, range(states)))


def _ranks(actor: str, given: ArrayLike, possible: Bools) -> NDArray[np.int32]:
    try:
        order = np.asarray(given)
        if order.dtype.kind not in "iu":
            order = order.astype(np.float64)
    except (TypeError, ValueError):
        raise InputError(f"rank[{actor!r}] is not a list of numbers; give one per state") from None
    if order.shape != possible.shape:
        raise InputError(
            f"rank[{actor!r}] has shape {order.shape}; give {possible.size} numbers, one per state"
        )
    if not np.isfinite(order).all():
        raise InputError(f"rank[{actor!r}] is not finite in some state; fix it")
    return rank_from_order(order, possible)


def _arcs(actor: str, given: ArrayLike, states: int) -> Ints:
    wanted = f"give pairs (from, to) of states from 0 to {states - 1}"
    try:
        pairs = np.array(given if isinstance(given, np.ndarray) else list(given))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise InputError(f"moves[{actor!r}] is not a list of pairs; {wanted}") from None
    if not pairs.size:
        return np.empty((0, 2), dtype=np.int64)
    if pairs.ndim != 2 or pairs.shape[1] != 2 or pairs.dtype.kind not in "iu":
        raise InputError(f"moves[{actor!r}] is not a list of pairs of whole numbers; {wanted}")
    outside = ((pairs < 0) | (pairs >= states)).any(axis=1)
    if outside.any():
        first = tuple(pairs[outside][0].tolist())
        raise InputError(f"moves[{actor!r}] has {first}, but there is no such state; {wanted}")
    code = np.unique(pairs[:, 0].astype(np.int64) * states + pairs[:, 1].astype(np.int64))
    source, target = np.divmod(code, states)
    arcs: Ints = np.column_stack([source, target])[source != target]
    return arcs
