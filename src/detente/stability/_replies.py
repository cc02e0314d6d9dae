"""Which reply deters an improvement: a shortest one, found by search from where it leads.

For the concepts with sequences, breadth-first search over (state, last mover), as no actor moves
twice in a row; states from which the closure says that nothing deterring can be reached are left
out, so the search never enters a dead end. For ``sim``, joint choices are tried one by one.

Cost: O(joint levels) a state that is visited; few are, when replies are short.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType

import numpy as np

from detente.stability._extremes import Ranks
from detente.stability._game import RankedGame


@dataclass(frozen=True, slots=True)
class SanctionRule:
    """What a concept asks of a sequence of replies.

    Parameters
    ----------
    improving : bool
        Whether each step must be an improvement for its mover.
    final : bool
        Whether the focal actor may not escape by a further move.
    """

    improving: bool
    final: bool


RULES: Mapping[str, SanctionRule] = MappingProxyType(
    {
        "gmr": SanctionRule(improving=False, final=False),
        "smr": SanctionRule(improving=False, final=True),
        "seq": SanctionRule(improving=True, final=False),
        "sseq": SanctionRule(improving=True, final=True),
    }
)

Reply = tuple[tuple[str, int], ...]


@dataclass(frozen=True, eq=False)
class Threats:
    """What the others can do to an actor under a rule.

    Parameters
    ----------
    rule : SanctionRule
    value : ndarray of int32
        What a state is to the actor: its rank, or the best rank it can escape to.
    worst : ndarray of int32
        The least value over each state and all that replies reach from it.
    """

    rule: SanctionRule
    value: Ranks
    worst: Ranks

    @classmethod
    def of(cls, game: RankedGame, actor: str, rule: SanctionRule) -> Threats:
        """Work out an actor's threats in all states."""
        value = game.escape(actor) if rule.final else game.rank(actor)
        return cls(rule, value, game.worst_reply(actor, value, improving=rule.improving))


def sequence(
    game: RankedGame, actor: str, threats: Threats, start: int, limit: int
) -> Reply | None:
    """Return a shortest legal sequence of the others that brings the actor down to a limit.

    Parameters
    ----------
    actor : str
        The focal actor, who does not move.
    start : int
        The state that the actor has moved to.
    limit : int
        The actor's rank in the state that it left.

    Returns
    -------
    tuple of (str, int) or None
        Who moves where, in turn; None when no sequence does it.
    """
    if threats.worst[start] > limit:
        return None
    others = [other for other in game.conflict.actors if other != actor]
    came: dict[tuple[int, str], tuple[int, str]] = {}
    todo = deque([(start, "")])
    while todo:
        here = todo.popleft()
        state, last = here
        for mover in others:
            if mover == last:
                continue
            onward = game.targets(mover, state, improving=threats.rule.improving)
            values = threats.value[onward]
            if (values <= limit).any():
                return _path(came, here, (mover, int(onward[np.argmin(values)])))
            for target in onward[threats.worst[onward] <= limit].tolist():
                if (target, mover) not in came:
                    came[target, mover] = here
                    todo.append((target, mover))
    raise AssertionError("the closure reaches a state that the search does not")


def joint_choice(game: RankedGame, actor: str, state: int, target: int) -> Reply | None:
    """Return improvements of the others from a state that together undo the actor's move.

    Parameters
    ----------
    state, target : int
        Where the actor was, and where it alone would be after its improvement.

    Returns
    -------
    tuple of (str, int) or None
        Who moves where, each alone from ``state``, who stays left out; None when no choice does it.
    """
    rank = game.rank(actor)
    others = [other for other in game.conflict.actors if other != actor]
    if not others:
        return None
    shifts = [
        np.concatenate([[0], game.targets(other, state, improving=True) - state])
        for other in others
    ]
    for chosen in product(*(own.tolist() for own in shifts[:-1])):
        ranks = rank[target + sum(chosen) + shifts[-1]]
        hits = np.flatnonzero((ranks >= 0) & (ranks <= rank[state]))
        if hits.size:
            joint = [*chosen, int(shifts[-1][hits[0]])]
            return tuple(
                (other, state + shift) for other, shift in zip(others, joint, strict=True) if shift
            )
    return None


def _path(
    came: Mapping[tuple[int, str], tuple[int, str]], here: tuple[int, str], last: tuple[str, int]
) -> Reply:
    steps: list[tuple[str, int]] = [last]
    while here in came:
        state, mover = here
        steps.append((mover, state))
        here = came[here]
    return tuple(reversed(steps))


def end_of(reply: Sequence[tuple[str, int]], state: int, target: int, *, joint: bool) -> int:
    """Return the state after an improvement from ``state`` to ``target`` and the reply to it."""
    if joint:
        return target + sum(where - state for _, where in reply)
    return reply[-1][1] if reply else target
