"""Options, conditions and levels that make no difference, or that nothing leads to.

Whether a variable matters is read off the compiled conflict at the stated values and its views:
utilities, jumps of conditions and feasible states, along the variable's axis. Cost: passes over the
tensor; pairs of levels for each variable.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.case import Arm
from detente.conflict import Conflict
from detente.expression import Formula
from detente.review._facts import CaseFacts, levels_in, reachable
from detente.review._warning import CaseWarning

_TIE = 1e-12


def idle_variables(facts: CaseFacts) -> Iterator[CaseWarning]:
    """Warn about options that nobody values and conditions that move nothing."""
    asked = facts.variables(*facts.asked_formulas) | {name for name, _ in facts.placed}
    for k, axis in enumerate(facts.conflict.space.axes):
        if not all(_flat(conflict, k) for conflict in facts.conflicts):
            continue
        path = _variable_path(facts, k)
        if axis.owner is not None:
            message = (
                f"nobody values {axis.name}: no utility, rate or rule depends on it, so "
                f"{axis.owner} changes it at random"
            )
            yield facts.warn("option-unvalued", f"option {axis.name}", path, message)
        elif axis.name not in asked:
            message = f"{axis.name} moves no utility, no other rate and no rule, and no claim asks"
            yield facts.warn("condition-idle", f"condition {axis.name}", path, message)


def alike_levels(facts: CaseFacts) -> Iterator[CaseWarning]:
    """Warn about levels that differ in nothing, and levels that nothing speaks for."""
    conflict = facts.conflict
    for k, axis in enumerate(conflict.space.axes):
        if all(_flat(one, k) for one in facts.conflicts):
            continue
        for level, name in enumerate(axis.levels):
            subject = f"level {axis.name}.{name}"
            path = (*_variable_path(facts, k), "levels", level)
            for other in range(len(axis.levels)):
                if other == level or not _alike_but_for(facts, k, level, other, axis.owner):
                    continue
                beside = axis.levels[other]
                below = _compare(conflict, k, level, other, axis.owner)
                if below == "same" and other < level:
                    message = f"{axis.name} {name} differs from {beside} in nothing"
                    yield facts.warn("levels-alike", subject, path, message)
                    break
                if below == "worse" and level != facts.case.status_quo[axis.name]:
                    message = (
                        f"{axis.name} {name} is worse for {axis.owner} than {beside} in every "
                        "state, and matters to nobody else"
                    )
                    yield facts.warn("level-dominated", subject, path, message)
                    break


def reached_levels(facts: CaseFacts) -> Iterator[CaseWarning]:
    """Warn about levels that nothing leads to, and about a start that leads nowhere."""
    conflict = facts.conflict
    today = facts.reach(Arm())
    if int(today.sum()) <= 1:
        message = "the status quo leads to no other state: nothing can happen"
        yield facts.warn("one-state", "case", ("status_quo",), message)
        return
    reached = today.copy()
    for _, claim, question in facts.asked:
        for _, arm in facts.arms(claim, question):
            reached |= facts.reach(arm)
    named = facts.named_levels
    if named and conflict.status_quo is not None:
        starts = np.zeros(conflict.shape, dtype=bool)
        for k, level in named:
            starts[(*conflict.status_quo[:k], level, *conflict.status_quo[k + 1 :])] = True
        reached |= reachable(conflict, starts, facts.loose)
    for k, axis in enumerate(conflict.space.axes):
        there = levels_in(reached, k)
        for level, name in enumerate(axis.levels):
            if not there[level] and (k, level) not in named:
                message = f"nothing leads to {axis.name} {name}: no start, move or jump"
                path = (*_variable_path(facts, k), "levels", level)
                yield facts.warn("level-unreachable", f"level {axis.name}.{name}", path, message)


def _flat(conflict: Conflict, axis: int) -> bool:
    """Return whether nothing but the variable's own jumps depends on an axis."""
    first = conflict.space.conditions.start
    feasible = conflict.feasible
    if (feasible != feasible.take([0], axis)).any():
        return False
    others = [rate for k, rate in enumerate(conflict.jumps) if first + k != axis]
    for values in (*conflict.utility.values(), *others):
        one = values.take([0], axis)
        mask = feasible if values.ndim == feasible.ndim else feasible[..., None]
        if ((np.abs(values - one) > _TIE) & mask).any():
            return False
    return True


def _alike_but_for(facts: CaseFacts, axis: int, level: int, other: int, owner: str | None) -> bool:
    """Return whether two levels differ at most in their owner's utility."""
    for formula in (*facts.asked_formulas, *(i.formula for i in facts.case.infeasible)):
        name = facts.conflict.space.axes[axis].name
        if name in facts.variables(formula) and not _same_along(facts, formula, axis, level, other):
            return False
    if facts.conflict.space.axes[axis].name in {name for name, _ in facts.placed}:
        return False
    for conflict in facts.conflicts:
        first = conflict.space.conditions.start
        feasible = _at(conflict.feasible, level, axis)
        if (feasible != _at(conflict.feasible, other, axis)).any():
            return False
        flows = [flow for actor, flow in conflict.utility.items() if actor != owner]
        beside = [k for k in range(conflict.shape[axis]) if k not in (level, other)]
        jumps = [
            rate[..., beside] if first + k == axis else rate
            for k, rate in enumerate(conflict.jumps)
        ]
        for values in (*flows, *jumps):
            apart = np.abs(_at(values, level, axis) - _at(values, other, axis)) > _TIE
            mask = feasible if apart.ndim == feasible.ndim else np.expand_dims(feasible, -1)
            if (apart & mask).any():
                return False
        if axis < first:
            moves = conflict.allowed[axis]
            if (moves[level, beside] != moves[other, beside]).any():
                return False
    return True


def _compare(conflict: Conflict, axis: int, level: int, other: int, owner: str | None) -> str:
    if owner is None:
        return "same"
    flow, there = conflict.utility[owner], _at(conflict.feasible, level, axis)
    gain = (_at(flow, level, axis) - _at(flow, other, axis))[there]
    if not gain.size:
        return ""
    if (np.abs(gain) <= _TIE).all():
        return "same"
    return "worse" if (gain < -_TIE).all() else ""


def _same_along(facts: CaseFacts, formula: Formula, axis: int, level: int, other: int) -> bool:
    conflict = facts.conflict
    value = np.broadcast_to(formula.evaluate(conflict.values), conflict.shape).astype(float)
    return bool(np.array_equal(_at(value, level, axis), _at(value, other, axis)))


def _at(values: NDArray[Any], level: int, axis: int) -> NDArray[Any]:
    """Return what an array of the tensor holds at one level of a variable."""
    return np.asarray(np.take(values, level, axis))


def _variable_path(facts: CaseFacts, axis: int) -> tuple[str | int, ...]:
    one = facts.conflict.space.axes[axis]
    if one.owner is None:
        return ("conditions", one.name)
    return ("actors", one.owner, "options", one.option)
