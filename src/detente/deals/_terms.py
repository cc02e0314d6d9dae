"""What a change of state brings an actor, issue by issue: weight times change of each issue."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from detente.case import Weights
from detente.conflict import Conflict
from detente.deals._no_change_flow import no_change_flow
from detente.text import show
from detente.values import Floats

_NOTHING = 1e-12


def believed_conflict(conflict: Conflict, actor: str) -> Conflict:
    """Return the conflict as an actor believes it to be."""
    return conflict.views.get(actor, conflict)


def no_change_worth(conflict: Conflict) -> dict[str, Floats]:
    """Return what kept options are worth to each actor as it sees things; see `no_change_flow`."""
    return {
        actor: no_change_flow(believed_conflict(conflict, actor))[actor]
        for actor in conflict.actors
    }


def terms(conflict: Conflict, actor: str, before: int, after: int) -> dict[str, float]:
    """Return what a change of state brings an actor by issue, the largest first.

    Parameters
    ----------
    conflict : Conflict
        From a case; others have no issues, and the answer is empty.
    actor : str
        Seen with its own eyes, where it has a view.
    before, after : int
        Flat indices of states.

    Returns
    -------
    dict of str to float
        Utility a year; issues that bring nothing are left out. They add up to the whole change
        where the actor's preference is a sum of weighted issues; else there are none.

    Examples
    --------
    >>> import detente
    >>> conflict = detente.load("peninsula").conflict()
    >>> here = conflict.index()
    >>> there = conflict.index({"china.enforcement": "level_2017"})
    >>> round(terms(conflict, "china", here, there)["lifeline"], 2)
    -0.19
    """
    if conflict.case is None:
        return {}
    world = believed_conflict(conflict, actor)
    preference = {a.name: a.preference for a in conflict.case.actors}[actor]
    if not isinstance(preference, Weights):
        return {}
    found = {}
    for issue, weight in preference.items:
        values: Floats = np.broadcast_to(world.values[issue], world.shape).reshape(-1)
        brings = float(weight.evaluate(world.values)) * float(values[after] - values[before])
        if abs(brings) > _NOTHING:
            found[issue] = brings
    return dict(sorted(found.items(), key=lambda pair: -abs(pair[1])))


def terms_in_words(brought: Mapping[str, float], most: int = 4) -> str:
    """Return terms in words, the largest first.

    Examples
    --------
    >>> terms_in_words({"trade": 0.5, "face": -0.25})
    'trade +0.50, face −0.25'
    """
    words = [f"{issue} {show(value, 'signed')}" for issue, value in list(brought.items())[:most]]
    if len(brought) > most:
        words.append(f"{show(sum(list(brought.values())[most:]), 'signed')} from the rest")
    return ", ".join(words)
