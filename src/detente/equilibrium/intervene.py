"""Interventions: options or conditions held at a level, parameters set (DESIGN section 6, ``do``).

Announced, everyone knows and the game is solved anew. Unannounced, everyone goes on acting on the
solution of the game as it was, within what is still possible; that is the first-level hypergame in
which nobody has heard.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from detente.conflict import Conflict, compile_case, restrict
from detente.equilibrium.result import Equilibrium
from detente.equilibrium.solve import solve
from detente.errors import InputError


def intervene(
    equilibrium: Equilibrium,
    do: Mapping[str, str | int] | None = None,
    set: Mapping[str, float] | None = None,
    announced: bool = True,
) -> Equilibrium:
    """Return the equilibrium under an intervention that lasts the whole period.

    Parameters
    ----------
    equilibrium : Equilibrium
        Without the intervention.
    do : mapping, optional
        Options or conditions held at a level, by name or index.
    set : mapping, optional
        Parameters of the case set to a value.
    announced : bool
        Whether the actors know and solve the game anew.

    Returns
    -------
    Equilibrium
        Its conflict's status quo has the held levels.
    """
    if not do and not set:
        return equilibrium
    conflict = change(equilibrium.conflict, do, set)
    if announced:
        return solve(conflict)
    deaf = {actor: equilibrium.believed(actor) for actor in conflict.actors}
    return replace(equilibrium, conflict=conflict, beliefs=deaf)


def change(
    conflict: Conflict,
    do: Mapping[str, str | int] | None = None,
    set: Mapping[str, float] | None = None,
) -> Conflict:
    """Return the conflict under an intervention, as `intervene` solves it."""
    if set:
        if conflict.case is None:
            raise InputError("only a conflict from a case has parameters to set; use do instead")
        known = {name: float(conflict.numbers[name]) for name in conflict.case.parameters}
        unknown = [name for name in set if name not in known]
        if unknown:
            raise InputError(f"there is no parameter {unknown[0]!r}; there are {', '.join(known)}")
        conflict = compile_case(conflict.case, known | dict(set))
    return hold(conflict, do) if do else conflict


def hold(conflict: Conflict, do: Mapping[str, str | int]) -> Conflict:
    """Return the conflict in which options or conditions are at a level and cannot leave it.

    Parameters
    ----------
    conflict : Conflict
    do : mapping
        Level, by name or index, of each option or condition that is held.

    Returns
    -------
    Conflict
        Its status quo, if it has one, has the held levels; where that is infeasible, questions need
        a start of their own.
    """
    space = conflict.space
    held = {
        space.axis(name): space.axes[space.axis(name)].level(level) for name, level in do.items()
    }
    there = np.ones(space.shape, dtype=bool)
    for k, level in held.items():
        there = there & (space.levels[space.axes[k].name] == level)
    start = conflict.status_quo
    if start is not None:
        start = tuple(held.get(k, level) for k, level in enumerate(start))
    return replace(restrict(conflict, there), status_quo=start)
