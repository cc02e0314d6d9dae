"""Conflicts as graph-model files (`.gmcr`), for the programs that read them.

Every option of more than two levels becomes several yes-no options: "at least this level" for each
level of an ordered option but the lowest, so that one-way moves stay exact; one for each level but
the first otherwise. Preferences are written as a ranking of the feasible states. The states, the
moves, the ranks and so all equilibria are the same.

Cost: one sort of the states for each actor; the format lists every state, so conflicts are small.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.conflict import Axis, Conflict
from detente.errors import InputError
from detente.interop._cubes import cover

MOST_OPTIONS = 16
"""Yes-no options of a written file."""


def write_gmcr(conflict: Conflict) -> str:
    """Return the text of a `.gmcr` file of a conflict.

    Parameters
    ----------
    conflict : Conflict
        Without conditions, as the format knows no variable without owner. Its status quo, times,
        costs and the sizes of its utilities have no place in the format and are left out.

    Raises
    ------
    InputError
        When the format cannot hold the conflict; the message says why and what to do.

    Examples
    --------
    >>> conflict = Conflict.build(
    ...     options={"row": {"act": ["c", "d"]}, "col": {"act": ["c", "d"]}},
    ...     rank={"row": [[3, 1], [4, 2]], "col": [[3, 4], [1, 2]]},
    ... )
    >>> data = json.loads(write_gmcr(conflict))
    >>> [(maker["name"], maker["preferenceRanking"]) for maker in data["decisionMakers"]]
    [('row', [2, 1, 4, 3]), ('col', [3, 1, 4, 2])]
    """
    if conflict.conditions:
        raise InputError(
            f"a .gmcr file has no conditions; take out {', '.join(conflict.conditions)}"
        )
    if conflict.views:
        raise InputError("a .gmcr file has no views; take out those of the case")
    if any(len(axis.levels) - 1 > MOST_OPTIONS for axis in conflict.space.axes):
        count = MOST_OPTIONS + 1
    else:
        coded = [_coded(axis, conflict.allowed[k]) for k, axis in enumerate(conflict.space.axes)]
        count = sum(len(code.names) for code in coded)
    if count > MOST_OPTIONS:
        raise InputError(
            f"a .gmcr file would need more than {MOST_OPTIONS} yes-no options; "
            "leave out options or levels"
        )

    first = np.cumsum([0, *(len(code.names) for code in coded)])
    levels = np.indices(conflict.shape)
    bits = np.concatenate([c.bits[at] for c, at in zip(coded, levels, strict=True)], axis=-1)
    codes = bits.reshape(conflict.size, count) @ (1 << np.arange(count))
    feasible = conflict.feasible.reshape(-1)
    exists = np.zeros(1 << count, dtype=bool)
    exists[codes[feasible]] = True
    coded_at_all = np.zeros(1 << count, dtype=bool)
    coded_at_all[codes] = True
    shape = (2,) * count
    known = coded_at_all.reshape(shape, order="F")
    barred = known & ~exists.reshape(shape, order="F")

    infeasible = [
        [[int(first[k]) + option, "NY"[taken]] for option, taken in sorted(rule.items())]
        for k, code in enumerate(coded)
        for rule in code.rules
    ]
    infeasible += [
        [[option, "NY"[taken]] for option, taken in sorted(cube.items())]
        for cube in cover(barred, ~known)
    ]
    number = np.cumsum(exists)
    data = {
        "decisionMakers": [
            {
                "name": _title(conflict, actor),
                "options": [
                    int(first[k]) + o
                    for k in conflict.space.of(actor)
                    for o in range(len(coded[k].names))
                ],
                "preferences": [],
                "misperceptions": [],
                "preferenceRanking": _ranking(
                    conflict.rank[actor].reshape(-1)[feasible], number[codes[feasible]]
                ),
            }
            for actor in conflict.actors
        ],
        "coalitions": list(range(len(conflict.actors))),
        "options": [
            {"name": name, "permittedDirection": code.direction}
            for code in coded
            for name in code.names
        ],
        "infeasibles": infeasible,
        "useManualPreferenceRanking": True,
        "program": "detente",
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


@dataclass(frozen=True)
class _Code:
    """An option as yes-no options: ``bits[level]`` says which are taken; ``rules`` cannot be."""

    names: list[str]
    direction: str
    bits: NDArray[np.int64]
    rules: list[dict[int, int]]


def _coded(axis: Axis, allowed: NDArray[np.bool_]) -> _Code:
    levels = len(axis.levels)
    direction = _direction(axis, allowed)
    plain = axis.option
    if levels == 2:
        names = [plain if axis.levels == ("no", "yes") else f"{plain}: {axis.levels[1]}"]
        return _Code(names, direction, np.array([[0], [1]]), [])
    if axis.ordered or direction != "both":
        names = [f"{plain}: at least {level}" for level in axis.levels[1:]]
        bits = np.tri(levels, levels - 1, -1, dtype=np.int64)
        rules = [{k: 0, k + 1: 1} for k in range(levels - 2)]
        return _Code(names, direction, bits, rules)
    names = [f"{plain}: {level}" for level in axis.levels[1:]]
    bits = np.eye(levels, levels - 1, -1, dtype=np.int64)
    rules = [{i: 1, j: 1} for j in range(levels - 1) for i in range(j)]
    return _Code(names, direction, bits, rules)


def _direction(axis: Axis, allowed: NDArray[np.bool_]) -> str:
    levels = len(axis.levels)
    for direction, moves in (
        ("both", np.ones((levels, levels), dtype=bool)),
        ("fwd", np.triu(np.ones((levels, levels), dtype=bool))),
        ("back", np.tril(np.ones((levels, levels), dtype=bool))),
    ):
        if np.array_equal(allowed, moves):
            return direction
    raise InputError(
        f"a .gmcr file cannot say the moves of {axis.name}; it knows any, up and down only"
    )


def _ranking(rank: NDArray[np.int32], number: NDArray[np.int64]) -> list[Any]:
    """Return the numbers of the states, best first, ties together."""
    groups = [sorted(map(int, number[rank == r])) for r in range(int(rank.max()), -1, -1)]
    return [group[0] if len(group) == 1 else group for group in groups]


def _title(conflict: Conflict, actor: str) -> str:
    if conflict.case is None:
        return actor
    return {a.name: a.title or a.name for a in conflict.case.actors}[actor]
