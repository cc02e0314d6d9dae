"""Conflicts in option form, as the literature prints them: yes-no options and numbered states.

States are numbered from 1 in binary order of the options taken, the first option counting least,
infeasible ones left out.
"""

from __future__ import annotations

import numpy as np

from detente.conflict import Conflict


def holds(shape, condition):
    """Where a condition such as "3Y 4N" holds: options are numbered from 1."""
    index = np.indices(shape)
    where = np.ones(shape, dtype=bool)
    for word in condition.split():
        where &= index[int(word[:-1]) - 1] == (word[-1] == "Y")
    return where


def conflict(options, infeasible, preferences):
    """Return the conflict and the flat index of each numbered state.

    ``preferences`` has for each actor either its states, best first, equal ones in a list, or
    conditions, the most important first.
    """
    shape = (2,) * sum(map(len, options.values()))
    feasible = ~np.logical_or.reduce([holds(shape, c) for c in infeasible] or [np.zeros(shape)])
    order = np.arange(feasible.size).reshape(shape).reshape(-1, order="F")
    states = [int(flat) for flat in order if feasible.reshape(-1)[flat]]
    rank = {}
    for actor, preference in preferences.items():
        values = np.zeros(shape)
        for place, entry in enumerate(preference):
            if isinstance(entry, str):
                values += holds(shape, entry) * 2.0**-place
            else:
                equal = entry if isinstance(entry, list) else [entry]
                values.reshape(-1)[[states[k - 1] for k in equal]] = -place
        rank[actor] = values
    own = {actor: dict.fromkeys(names, 2) for actor, names in options.items()}
    return Conflict.build(own, rank=rank, feasible=feasible), states


def numbers(where, states):
    """Return the numbers of the states where something holds."""
    return {k for k, flat in enumerate(states, 1) if where.reshape(-1)[flat]}
