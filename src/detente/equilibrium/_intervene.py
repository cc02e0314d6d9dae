"""Interventions: options or conditions held at a level, parameters set (docs/design.md, 6).

Announced, everyone knows and the game is solved anew. Unannounced, everyone goes on acting on the
solution of the game as it was, within what is still possible; that is the first-level hypergame in
which nobody has heard. Interventions add up: what an earlier one holds stays held, and who has not
heard of it still has not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from detente.conflict import Conflict, compile_case, restrict
from detente.equilibrium._result import Equilibrium
from detente.equilibrium._solve import solve
from detente.errors import InputError
from detente.text import suggestion


def intervene(
    equilibrium: Equilibrium,
    do: Mapping[str, str | int] | None = None,
    set: Mapping[str, float] | None = None,
    announced: bool = True,
    *,
    tolerance: float = 1e-10,
    start: Equilibrium | None = None,
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
    tolerance, start
        As `detente.equilibrium.solve` takes them, for a game that is solved anew.

    Returns
    -------
    Equilibrium
        Its conflict's status quo has the held levels.

    Raises
    ------
    InputError
        For a name or level that does not exist, and for one that is already held at another level.
    AnalysisError
        When the game under an announced intervention cannot be solved.
    """
    if not do and not set:
        return equilibrium
    held = _held(equilibrium, do or {})
    conflict = changed_conflict(equilibrium.conflict, held, set)
    if not announced:
        deaf = {actor: equilibrium.believed(actor) for actor in conflict.actors}
        return replace(equilibrium, conflict=conflict, beliefs=deaf, held=held, heard=False)
    if equilibrium.heard:
        return replace(solve(conflict, tolerance, start), held=held)
    told = {
        actor: intervene(own, do, set, tolerance=tolerance)
        for actor, own in equilibrium.beliefs.items()
    }
    return replace(
        equilibrium,
        conflict=conflict,
        value={actor: own.value[actor] for actor, own in told.items()},
        residual=max(own.residual for own in told.values()),
        beliefs=told,
        held=held,
    )


def solve_changed(
    conflict: Conflict,
    do: Mapping[str, str | int] | None,
    set: Mapping[str, float] | None,
    tolerance: float = 1e-10,
    start: Equilibrium | None = None,
    *,
    threads: bool = False,
    trail: bool = False,
) -> Equilibrium:
    """Solve the game under an announced intervention; that without one is not needed for it.

    Parameters
    ----------
    conflict : Conflict
        Without the intervention.
    do, set
        As `intervene` takes them.
    tolerance, start, threads, trail
        As `detente.equilibrium.solve` takes them.

    Examples
    --------
    >>> from detente import Conflict
    >>> conflict = Conflict.build({"us": {"offer": ["none", "some"]}}, {"us": [0.0, 1.0]})
    >>> dict(solve_changed(conflict, {"us.offer": "some"}, None).held)
    {'us.offer': 1}
    """
    axes = {name: conflict.space.axes[conflict.space.axis(name)] for name in do or {}}
    held = {axis.name: axis.level((do or {})[name]) for name, axis in axes.items()}
    changed = changed_conflict(conflict, held, set)
    solved = solve(changed, tolerance, start, threads=threads, trail=trail)
    return replace(solved, held=held)


def _held(equilibrium: Equilibrium, do: Mapping[str, str | int]) -> dict[str, int]:
    """Return the levels held before and now."""
    space = equilibrium.conflict.space
    held = dict(equilibrium.held)
    for name, wanted in do.items():
        axis = space.axes[space.axis(name)]
        level = axis.level(wanted)
        if held.setdefault(axis.name, level) != level:
            raise InputError(
                f"{axis.name} is already held at {axis.levels[held[axis.name]]}; to hold it at "
                f"{axis.levels[level]}, start from the equilibrium without that intervention"
            )
    return held


def changed_conflict(
    conflict: Conflict,
    do: Mapping[str, str | int] | None = None,
    set: Mapping[str, float] | None = None,
) -> Conflict:
    """Return the conflict under an intervention, as `intervene` solves it.

    With ``set`` the case is compiled anew: parameters that were set before stay so, but levels that
    the conflict itself holds are only held if ``do`` names them again.
    """
    if set:
        if conflict.case is None:
            raise InputError("only a conflict from a case has parameters to set; use do instead")
        known = {name: float(conflict.numbers[name]) for name in conflict.case.parameters}
        unknown = [name for name in set if name not in known]
        if unknown:
            hint = suggestion(str(unknown[0]), known, "parameter")
            raise InputError(f"there is no parameter {unknown[0]!r}; {hint}")
        conflict = compile_case(conflict.case, known | dict(set))
    return hold_levels(conflict, do) if do else conflict


def hold_levels(conflict: Conflict, do: Mapping[str, str | int]) -> Conflict:
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
