"""Conflicts as one-shot games in Gambit's `.nfg` format, over each actor's joint levels.

A one-shot game lets every player choose anything whatever the others choose. So a conflict is
written only if it does the same: no conditions, no one-way moves, and no state that is infeasible
but by an actor's own choice. Its ``nash`` equilibria are then the game's pure ones.
"""

from __future__ import annotations

from functools import reduce
from itertools import product

import numpy as np
from numpy.typing import NDArray

from detente.conflict import Conflict
from detente.errors import InputError
from detente.interop._gambit_file import MOST_PROFILES
from detente.text import one_line


def write_nfg(conflict: Conflict) -> str:
    """Return the text of an `.nfg` file of a conflict.

    Parameters
    ----------
    conflict : Conflict
        Times, costs and the status quo have no place in a one-shot game and are left out. Payoffs
        are the utilities, or the ranks of an actor whose preference is only an order.

    Raises
    ------
    InputError
        When the conflict is not a one-shot game; the message says why and what to do.

    Examples
    --------
    >>> conflict = Conflict.build(
    ...     options={"row": {"act": ["c", "d"]}, "col": {"act": ["c", "d"]}},
    ...     rank={"row": [[3, 1], [4, 2]], "col": [[3, 4], [1, 2]]},
    ... )
    >>> print(write_nfg(conflict))
    NFG 1 R "Conflict" { "row" "col" }
    { { "c" "d" } { "c" "d" } }
    <BLANKLINE>
    2 2
    3 0
    0 3
    1 1
    <BLANKLINE>
    """
    space = conflict.space
    if conflict.conditions:
        raise InputError(
            f"a one-shot game has no conditions; take out {', '.join(conflict.conditions)}"
        )
    if conflict.views:
        raise InputError("a one-shot game has no views; take out those of the case")
    for k, axis in enumerate(space.axes):
        if not conflict.allowed[k].all():
            raise InputError(f"a one-shot game has no one-way moves; free those of {axis.name}")
    shape = tuple(space.block(actor)[1] for actor in conflict.actors)
    feasible = conflict.feasible.reshape(shape)
    own = [np.asarray(feasible.any(axis=_but(k, len(shape)))) for k in range(len(shape))]
    free = reduce(np.logical_and, np.meshgrid(*own, indexing="ij", sparse=True))
    if not np.array_equal(feasible, free):
        raise InputError(
            "a one-shot game lets each player choose freely, but here some choices exclude those "
            "of others; make those states feasible and very bad instead"
        )
    if feasible.sum() > MOST_PROFILES:
        raise InputError(
            f"the game would have {int(feasible.sum()):,} contingencies, at most "
            f"{MOST_PROFILES:,} are written; leave out options or levels"
        )
    payoffs = [_payoffs(conflict, a).reshape(shape)[np.ix_(*own)] for a in conflict.actors]
    rows = zip(*(table.reshape(-1, order="F").tolist() for table in payoffs), strict=True)
    title, names = "Conflict", {actor: actor for actor in conflict.actors}
    if conflict.case is not None:
        title = conflict.case.title
        names = {a.name: a.title or a.name for a in conflict.case.actors}
    choices = [_strategies(conflict, actor, mask) for actor, mask in zip(names, own, strict=True)]
    lines = [
        f"NFG 1 R {_text(title)} {{ {' '.join(map(_text, names.values()))} }}",
        "{ " + " ".join("{ " + " ".join(map(_text, own)) + " }" for own in choices) + " }",
        "",
        *(" ".join(map(repr, row)) for row in rows),
    ]
    return "\n".join(lines) + "\n"


def _but(axis: int, count: int) -> tuple[int, ...]:
    return tuple(k for k in range(count) if k != axis)


def _payoffs(conflict: Conflict, actor: str) -> NDArray[np.float64] | NDArray[np.int32]:
    return conflict.utility[actor] if conflict.cardinal[actor] else conflict.rank[actor]


def _strategies(conflict: Conflict, actor: str, possible: NDArray[np.bool_]) -> list[str]:
    axes = [conflict.space.axes[k] for k in conflict.space.of(actor)]
    if len(axes) == 1:
        return [level for level, kept in zip(axes[0].levels, possible, strict=True) if kept]
    joint = product(*([f"{axis.option} {level}" for level in axis.levels] for axis in axes))
    return [", ".join(levels) for levels, kept in zip(joint, possible, strict=True) if kept]


def _text(text: str) -> str:
    return '"' + one_line(text).replace("\\", "\\\\").replace('"', '\\"') + '"'
