"""Options, conditions, levels, issues and parameters that make no difference.

Whether a variable matters is read off the compiled conflict at the stated values and its views:
utilities, jumps of conditions and feasible states, along the variable's axis. Cost: passes over the
tensor; pairs of levels for each variable.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from detente.case import Arm, GainQuestion, Ranking, Statements, Weights
from detente.conflict import Conflict
from detente.expression import Formula
from detente.review._facts import CaseFacts, arms_of, formulas_of, reachable
from detente.review._warning import CaseWarning

_TIE = 1e-12


def idle_variables(facts: CaseFacts) -> Iterator[CaseWarning]:
    """Warn about options that nobody values and conditions that move nothing."""
    asked = facts.variables(*_asked(facts)) | _started(facts)
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
            subject, path = f"level {axis.name}.{name}", (*_variable_path(facts, k), "levels", level)
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
        for _, arm in arms_of(claim, question):
            reached |= facts.reach(arm)
    named = facts.named_levels
    if named and conflict.status_quo is not None:
        starts = np.zeros(conflict.shape, dtype=bool)
        for k, level in named:
            starts[(*conflict.status_quo[:k], level, *conflict.status_quo[k + 1 :])] = True
        reached |= reachable(conflict, starts, facts.loose)
    for k, axis in enumerate(conflict.space.axes):
        there = reached.any(axis=tuple(j for j in range(reached.ndim) if j != k))
        for level, name in enumerate(axis.levels):
            if not there[level] and (k, level) not in named:
                message = f"nothing leads to {axis.name} {name}: no start, move or jump"
                path = (*_variable_path(facts, k), "levels", level)
                yield facts.warn("level-unreachable", f"level {axis.name}.{name}", path, message)


def unread_issues(facts: CaseFacts) -> Iterator[CaseWarning]:
    """Warn about issues that nobody weighs and nothing reads."""
    weighed = _weights(facts)
    others = [*_asked(facts), *_model_formulas(facts)]
    read = facts.reads(*others, *(i.formula for i in facts.case.issues if i.name in weighed))
    zero = {name for name, formulas in weighed.items() if all(map(_is_zero, formulas))}
    for issue in facts.case.issues:
        path = ("issues", issue.name)
        if issue.name not in read and issue.name not in weighed:
            message = f"nobody weighs the issue {issue.name}, and nothing else reads it"
            yield facts.warn("issue-unweighted", f"issue {issue.name}", path, message)
        elif issue.name in zero and issue.name not in facts.reads(*others):
            message = f"the issue {issue.name} has the weight 0 wherever it is weighed"
            yield facts.warn("issue-unweighted", f"issue {issue.name}", path, message)


def unread_parameters(facts: CaseFacts) -> Iterator[CaseWarning]:
    """Warn about parameters that no formula reads."""
    formulas = [*_asked(facts), *_model_formulas(facts)]
    formulas += [issue.formula for issue in facts.case.issues]
    formulas += [weight for weights in _weights(facts).values() for weight in weights]
    read = facts.reads(*formulas)
    for name in facts.case.parameters:
        if name not in read:
            path, message = ("parameters", name), f"no formula reads the parameter {name}"
            yield facts.warn("parameter-unused", f"parameter {name}", path, message)


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
        if (np.abs(values - one) > _TIE).any(where=np.broadcast_to(mask, values.shape)):
            return False
    return True


def _alike_but_for(facts: CaseFacts, axis: int, level: int, other: int, owner: str | None) -> bool:
    """Return whether two levels differ at most in their owner's utility."""
    for formula in (*_asked(facts), *(i.formula for i in facts.case.infeasible)):
        name = facts.conflict.space.axes[axis].name
        if name in facts.variables(formula) and not _same_along(facts, formula, axis, level, other):
            return False
    if facts.conflict.space.axes[axis].name in _started(facts):
        return False
    for conflict in facts.conflicts:
        first = conflict.space.conditions.start
        feasible = [conflict.feasible.take(one, axis) for one in (level, other)]
        if (feasible[0] != feasible[1]).any():
            return False
        flows = [flow for actor, flow in conflict.utility.items() if actor != owner]
        beside = [k for k in range(conflict.shape[axis]) if k not in (level, other)]
        jumps = [
            rate[..., beside] if first + k == axis else rate
            for k, rate in enumerate(conflict.jumps)
        ]
        for values in (*flows, *jumps):
            one, two = values.take(level, axis), values.take(other, axis)
            mask = feasible[0] if one.ndim == feasible[0].ndim else feasible[0][..., None]
            if (np.abs(one - two) > _TIE).any(where=np.broadcast_to(mask, one.shape)):
                return False
        if axis < first:
            moves = conflict.allowed[axis]
            if (moves[level, beside] != moves[other, beside]).any():
                return False
    return True


def _compare(conflict: Conflict, axis: int, level: int, other: int, owner: str | None) -> str:
    if owner is None:
        return "same"
    flow, there = conflict.utility[owner], conflict.feasible.take(level, axis)
    gain = (flow.take(level, axis) - flow.take(other, axis))[there]
    if not gain.size:
        return ""
    if (np.abs(gain) <= _TIE).all():
        return "same"
    return "worse" if (gain < -_TIE).all() else ""


def _same_along(facts: CaseFacts, formula: Formula, axis: int, level: int, other: int) -> bool:
    conflict = facts.conflict
    value = np.broadcast_to(formula.evaluate(conflict.values), conflict.shape).astype(float)
    return bool(np.array_equal(value.take(level, axis), value.take(other, axis)))


def _asked(facts: CaseFacts) -> tuple[Formula, ...]:
    """Return the formulas of all claims: questions, scopes and starts."""
    found: list[Formula] = []
    for _, claim, question in facts.asked:
        found += formulas_of(question)
        found += [claim.scope] if claim.scope is not None else []
        found += [arm.given for _, arm in arms_of(claim, question) if isinstance(arm.given, Formula)]
    return tuple(found)


def _started(facts: CaseFacts) -> frozenset[str]:
    """Return the variables whose levels claims start from, hold or compare."""
    found: set[str] = set()
    for _, claim, question in facts.asked:
        if isinstance(question, GainQuestion):
            found |= question.levels.keys()
        for _, arm in arms_of(claim, question):
            given = arm.given
            found |= (arm.do or {}).keys()
            found |= set() if given is None or isinstance(given, Formula) else given.keys()
    return frozenset(found)


def _weights(facts: CaseFacts) -> dict[str, list[Formula]]:
    """Return by issue the weights that actors give it, in variants too."""
    found: dict[str, list[Formula]] = {}
    for actor in facts.case.actors:
        if isinstance(actor.preference, Weights):
            for issue, weight in actor.preference.items:
                found.setdefault(issue, []).append(weight)
    for variant in facts.case.variants:
        for level in variant.levels:
            for _, issue, weight in level.weights:
                found.setdefault(issue, []).append(weight)
    return found


def _model_formulas(facts: CaseFacts) -> Iterator[Formula]:
    """Yield the formulas of the model but issues and weights."""
    case = facts.case
    for actor in case.actors:
        yield from (actor.rate, actor.precision, actor.discount)
        yield from (option.cost for option in actor.options)
        match actor.preference:
            case Statements(formulas):
                yield from formulas
            case Ranking(groups):
                yield from groups
    for condition in case.conditions:
        yield from (rate for _, _, rate in condition.rates)
    yield from (rule.formula for rule in case.infeasible)
    for view in case.views:
        yield from (formula for _, formula in view.values)


def _is_zero(formula: Formula) -> bool:
    return not formula.uses and float(formula.evaluate({})) == 0.0


def _variable_path(facts: CaseFacts, axis: int) -> tuple[str | int, ...]:
    one = facts.conflict.space.axes[axis]
    if one.owner is None:
        return ("conditions", one.name)
    return ("actors", one.owner, "options", one.option)
