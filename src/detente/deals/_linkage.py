"""Linked deals: changes of several actors that together leave each of them better off.

From a state, every legal change of one option is a coin; an exchange is two of them (three on
request) on different options of at least two actors, whose joint state is feasible. Its parties are
the actors that change something. It is a deal when every party gains by a yardstick: utility a year
against staying at the state, or the average flow of the kept agreement (`kept_flow`) against that
of the forecast without it. In a *trade* no party would have made its own part alone; otherwise
somebody is paid for what it wants anyway. A deal that holds a smaller one inside it is listed only
if each of its parties gains more than in that one.

Cost: an array look-up for each of (changes choose size) exchanges. Linkage of issues as a source of
agreement: Tollison & Willett 1979; Sebenius 1983.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.conflict import Conflict, State
from detente.errors import InputError
from detente.text import Result, show
from detente.values import Floats, plain_fields

_MOST = 5_000_000


@dataclass(frozen=True, eq=False)
class Exchange(Result):
    """One linked deal.

    Attributes
    ----------
    changes : mapping of str to str
        New level by option.
    parties : tuple of str
        Actors that change something.
    state : int
        Where it leads, as a flat index of the tensor.
    gain : mapping of str to float
        What each actor, party or not, has more than without it, in its utility a year.
    share : mapping of str to float
        The same as a share of the actor's range of utility over the feasible states.
    trade : bool
        Whether every party's own part alone would gain it nothing.
    """

    changes: Mapping[str, str]
    parties: tuple[str, ...]
    state: int
    gain: Mapping[str, float]
    share: Mapping[str, float]
    trade: bool

    @property
    def least(self) -> float:
        """The smallest gain of a party, as a share of its range of utility."""
        return min(self.share[actor] for actor in self.parties)

    @property
    def outside(self) -> Mapping[str, float]:
        """What those who are not parties gain or lose."""
        return {a: g for a, g in self.gain.items() if a not in self.parties}

    def __str__(self) -> str:
        """Return the changes and the gains on one line."""
        changes = ", ".join(f"{name} to {level}" for name, level in self.changes.items())
        gains = ", ".join(f"{actor} {show(self.gain[actor], 'signed')}" for actor in self.parties)
        return f"{changes}: {gains} a year"

    def to_dict(self) -> dict[str, Any]:
        """Return the deal, ready for JSON."""
        return plain_fields(self, "changes", "parties", "gain", "share", "trade")


def linked_exchanges(
    conflict: Conflict,
    state: State | None = None,
    size: int = 2,
    worth: Mapping[str, Floats] | None = None,
    without: Mapping[str, float] | None = None,
    least: float = 1e-9,
) -> tuple[Exchange, ...]:
    """Return every linked deal of up to a number of changes, the largest smallest gain first.

    Parameters
    ----------
    conflict : Conflict
    state : state, optional
        From where; the status quo by default.
    size : int
        Most changes in one exchange, 2 or 3.
    worth : mapping of str to ndarray, optional
        What each actor has a year from a state, of the conflict's shape; its utility by default.
        `detente.deals._no_change_flow.no_change_flow` gives what an agreement is worth that is kept
        for good.
    without : mapping of str to float, optional
        What each actor has a year without a deal; what it has at the state by default.
    least : float
        Smaller gains do not count, as a share of the actor's range of utility.

    Returns
    -------
    tuple of Exchange
        Trades first.

    Raises
    ------
    InputError
        When the size is neither 2 nor 3, or there are too many exchanges to list.

    Examples
    --------
    >>> from detente import Conflict
    >>> conflict = Conflict.build(
    ...     options={"row": {"act": ["defect", "give"]}, "col": {"act": ["defect", "give"]}},
    ...     utility={"row": [[2, 4], [1, 3]], "col": [[2, 1], [4, 3]]},
    ...     status_quo={"row.act": "defect", "col.act": "defect"},
    ... )
    >>> print(*linked_exchanges(conflict))
    row.act to give, col.act to give: row +1.0, col +1.0 a year
    """
    if size not in (2, 3):
        raise InputError(f"an exchange of {size} changes; ask for 2 or 3")
    here = conflict.index(state)
    space = conflict.space
    values = np.stack([(worth or conflict.utility)[a].reshape(-1) for a in conflict.actors])
    before = values[:, here] if without is None else np.array([without[a] for a in conflict.actors])
    spans = np.array([np.ptp(conflict.utility[a][conflict.feasible]) for a in conflict.actors])
    spans[spans == 0.0] = 1.0
    axis, level, step = _changes(conflict, here)
    if len(axis) ** size > _MOST:
        raise InputError(
            f"{len(axis)} changes make too many exchanges of {size} to list; ask for fewer changes"
        )
    owner = np.array([conflict.actors.index(str(space.axes[k].owner)) for k in axis], dtype=int)
    feasible = conflict.feasible.reshape(-1)

    deals: list[tuple[frozenset[int], Exchange]] = []
    for count in range(2, size + 1):
        picked = np.array(list(itertools.combinations(range(len(axis)), count)), dtype=int)
        if not picked.size:
            continue
        axes, owners = np.sort(axis[picked], axis=1), owner[picked]
        target = here + step[picked].sum(axis=1)
        fits = (np.diff(axes, axis=1) > 0).all(axis=1) & (owners != owners[:, :1]).any(axis=1)
        fits[fits] &= feasible[target[fits]]
        picked, owners, target = picked[fits], owners[fits], target[fits]
        share = (values[:, target] - before[:, None]) / spans[:, None]
        gaining = (share[owners.T, np.arange(len(target))] > least).all(axis=0)
        for k in np.flatnonzero(gaining):
            parties = sorted(set(owners[k].tolist()))
            if _adds_nothing(deals, frozenset(picked[k].tolist()), parties, share[:, k], conflict):
                continue
            alone = [_alone(here, step, picked[k], owners[k] == p) for p in parties]
            wanted = [
                feasible[there] and (values[p, there] - values[p, here]) / spans[p] > least
                for p, there in zip(parties, alone, strict=True)
            ]
            found = Exchange(
                changes={
                    space.axes[axis[c]].name: space.axes[axis[c]].levels[level[c]]
                    for c in picked[k]
                },
                parties=tuple(conflict.actors[p] for p in parties),
                state=int(target[k]),
                gain={a: float(share[i, k] * spans[i]) for i, a in enumerate(conflict.actors)},
                share={a: float(share[i, k]) for i, a in enumerate(conflict.actors)},
                trade=not any(wanted),
            )
            deals.append((frozenset(picked[k].tolist()), found))
    return tuple(sorted((d for _, d in deals), key=lambda d: (not d.trade, -d.least)))


def _changes(conflict: Conflict, here: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return axis, level and step in the flat index of every legal change of one option."""
    space = conflict.space
    today = space.position(here)
    found = [
        (k, to, (to - today[k]) * space.strides[k])
        for k, allowed in enumerate(conflict.allowed)
        for to in range(space.shape[k])
        if to != today[k] and allowed[today[k], to]
    ]
    axis, level, step = np.array(found, dtype=np.int64).reshape(-1, 3).T
    return axis, level, step


def _alone(here: int, step: NDArray[Any], picked: NDArray[Any], own: NDArray[Any]) -> int:
    return here + int(step[picked[own]].sum())


def _adds_nothing(
    deals: list[tuple[frozenset[int], Exchange]],
    picked: frozenset[int],
    parties: list[int],
    share: Floats,
    conflict: Conflict,
) -> bool:
    """Return whether a smaller deal inside gives one of its parties at least as much."""
    return any(
        inner < picked
        and any(
            found.share[conflict.actors[p]] >= share[p]
            for p in parties
            if conflict.actors[p] in found.parties
        )
        for inner, found in deals
    )
