"""Solve a conflict in time: the true game, and each actor's view of it (docs/design.md, 5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.case import check_size
from detente.conflict import Conflict, drop_unused_levels
from detente.engine import side_by_side
from detente.equilibrium._game import TimedGame, pack
from detente.equilibrium._result import Equilibrium
from detente.equilibrium._trace import Branch, Lost, correct_beside, trace
from detente.errors import AnalysisError, InputError
from detente.text import show
from detente.values import Floats


def solve(
    conflict: Conflict,
    tolerance: float = 1e-10,
    start: Equilibrium | None = None,
    *,
    threads: bool = False,
    trail: bool = False,
) -> Equilibrium:
    """Solve the timed game and the games that actors with a view believe in.

    Each actor solves the game as it believes it to be and acts on that; an actor without a view
    believes in the true game, and that the others do too (first-level hypergame).

    Parameters
    ----------
    conflict : Conflict
    tolerance : float
        Largest imbalance of the equilibrium equations, in spans of each actor's utility a year.
    start : Equilibrium, optional
        Of a conflict of the same shape with other numbers, solved with its ``trail``. The branch is
        followed all the way as without it, in fewer sweeps. Answers agree within the tolerance, not
        in every digit.
    threads : bool
        Whether the true game and the views' are solved at the same moment. Changes no digit.
    trail : bool
        Whether other games may start from this equilibrium; it then takes several times the memory.

    Raises
    ------
    AnalysisError
        When the tolerance is not reached; the message says where and what to try.
    SizeError
        When there are too many states for the memory at hand.

    Examples
    --------
    >>> import numpy as np
    >>> from detente import Conflict
    >>> conflict = Conflict.build(
    ...     options={"row": {"act": ["cooperate", "defect"]}, "col": {"act": ["c", "d"]}},
    ...     utility={"row": [[3, 1], [4, 2]], "col": [[3, 4], [1, 2]]},
    ...     precision={"row": 2.0, "col": 2.0},
    ... )
    >>> solve(conflict).residual < 1e-9
    True

    See Also
    --------
    detente.equilibrium._trace.trace : the branch from zero precision.
    """
    if not tolerance > 0.0:
        raise InputError(f"tolerance is {tolerance}; it must be positive")
    return _solved(conflict, tolerance, start, threads, trail)


def solve_beside(
    conflict: Conflict, values: Sequence[Floats], tolerance: float = 1e-10
) -> Equilibrium:
    """Solve a game from the values of one of the same states with nearly the same numbers.

    Newton's method corrects them and no branch is followed: where it bends that costs far less. So
    it is the equilibrium that goes on from the other game's, which need not be that of the branch.

    Parameters
    ----------
    conflict : Conflict
    values : sequence of ndarray
        The `Equilibrium.scaled_values` of the other game.
    tolerance : float
        As for `solve`.

    Raises
    ------
    AnalysisError
        When no equilibrium is close to the other game's.

    Examples
    --------
    >>> from detente import Conflict
    >>> conflict = Conflict.build({"us": {"offer": ["none", "some"]}}, {"us": [0.0, 1.0]})
    >>> found = solve_beside(conflict, solve(conflict).scaled_values)
    >>> found.points, found.residual < 1e-9
    (0, True)
    """
    return _solved(conflict, tolerance, None, False, False, values)


def _solved(
    conflict: Conflict,
    tolerance: float,
    start: Equilibrium | None,
    threads: bool,
    trail: bool,
    beside: Sequence[Floats] | None = None,
) -> Equilibrium:
    small, states = drop_unused_levels(conflict)
    check_size(small.shape, len(small.actors))
    game = pack(small)

    values = (None,) * (1 + len(conflict.views)) if beside is None else tuple(beside)

    def believed(actor: str, scaled: Floats | None) -> Equilibrium:
        view = replace(conflict.views[actor], views={})
        like = None if start is None else start.beliefs.get(actor)
        near = None if scaled is None else (scaled,)
        return _solved(view, tolerance, like, False, trail, near)

    def own() -> Branch:
        mine = values[0]
        if mine is None:
            return _branch(game, conflict, states, tolerance, start, trail)
        return correct_beside(game, mine[states].T, tolerance)

    views = [
        partial(believed, actor, one) for actor, one in zip(conflict.views, values[1:], strict=True)
    ]
    works: list[Callable[[], Any]] = [own, *views]
    branch, *found = side_by_side(works, threads)
    beliefs: dict[str, Equilibrium] = dict(zip(conflict.views, found, strict=True))
    scaled = np.zeros((len(conflict.actors), conflict.size))
    value = {}
    for k, actor in enumerate(conflict.actors):
        scaled[k, states] = branch.values[:, k]
        if actor in beliefs:
            value[actor] = beliefs[actor].value[actor]
            continue
        worth = game.span[k] * scaled[k] + game.centre[k] / game.discount[k]
        worth[~conflict.feasible.reshape(-1)] = 0.0
        value[actor] = worth.reshape(conflict.shape)
    solved = list(beliefs.values())
    equilibrium = Equilibrium(
        conflict=conflict,
        value=value,
        residual=max([branch.residual, *(b.residual for b in solved)]),
        sweeps=branch.sweeps + sum(b.sweeps for b in solved),
        points=branch.points + sum(b.points for b in solved),
        folds=branch.folds + tuple(share for b in solved for share in b.folds),
        scaled=scaled.T,
        beliefs=beliefs,
        trail=branch.trail,
        slow="; ".join(dict.fromkeys(e for e in (branch.slow, *(b.slow for b in solved)) if e)),
    )
    if small.shape == conflict.shape:
        equilibrium.__dict__["game"] = game
    return equilibrium


def _branch(
    game: TimedGame,
    conflict: Conflict,
    states: NDArray[np.intp],
    tolerance: float,
    start: Equilibrium | None,
    noted: bool,
) -> Branch:
    guide = None
    if start is not None:
        if start.conflict.shape != conflict.shape:
            raise InputError(
                f"the start has states of shape {start.conflict.shape}, the conflict of shape "
                f"{conflict.shape}; start from the same case at other numbers"
            )
        if np.array_equal(start.conflict.feasible, conflict.feasible):
            guide = start.trail
    try:
        return trace(game, tolerance, guide, noted)
    except Lost as lost:
        actor = conflict.actors[lost.actor]
        words = conflict.space.words(int(states[lost.state]))
        if lost.share >= 1.0:
            raise AnalysisError(
                "the equilibrium was not reached: at the stated precision its equations cannot be "
                f"balanced to {lost.tolerance:.0e} spans of utility a year (worst for {actor} at "
                f"{words}); digits are lost where chances to move are very frequent beside the "
                "discount rate: lower the rates or raise the discount rate"
            ) from None
        precision = f" ({show(lost.share * conflict.precision[actor], 'fine')} for {actor})"
        raise AnalysisError(lost.message(actor, f"({words})", precision)) from None
