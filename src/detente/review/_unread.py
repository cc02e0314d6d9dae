"""Issues and parameters that nothing reads: read off the formulas of the case, at no cost."""

from __future__ import annotations

from collections.abc import Iterator

from detente.case import Ranking, Statements, Weights
from detente.expression import Formula
from detente.review._facts import CaseFacts
from detente.review._warning import CaseWarning


def unread_issues(facts: CaseFacts) -> Iterator[CaseWarning]:
    """Warn about issues that nobody weighs and nothing reads."""
    weighed = _weights(facts)
    others = [*facts.asked_formulas, *_model_formulas(facts)]
    read = facts.reads(*others, *(i.formula for i in facts.case.issues if i.name in weighed))
    zero = {name for name, formulas in weighed.items() if all(map(_is_zero, formulas))}
    for issue in facts.case.issues:
        path = ("issues", issue.name)
        if issue.name not in read and issue.name not in weighed:
            message = f"nobody weighs the issue {issue.name}, and nothing that counts reads it"
            yield facts.warn("issue-unweighted", f"issue {issue.name}", path, message)
        elif issue.name in zero and issue.name not in facts.reads(*others):
            message = f"the issue {issue.name} has the weight 0 wherever it is weighed"
            yield facts.warn("issue-unweighted", f"issue {issue.name}", path, message)


def unread_parameters(facts: CaseFacts) -> Iterator[CaseWarning]:
    """Warn about parameters that no formula reads."""
    formulas = [*facts.asked_formulas, *_model_formulas(facts)]
    formulas += [issue.formula for issue in facts.case.issues]
    formulas += [weight for weights in _weights(facts).values() for weight in weights]
    read = facts.reads(*formulas)
    for name in facts.case.parameters:
        if name not in read:
            path, message = ("parameters", name), f"no formula reads the parameter {name}"
            yield facts.warn("parameter-unused", f"parameter {name}", path, message)


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
    if case.bargaining is not None:
        yield from case.bargaining.formulas


def _is_zero(formula: Formula) -> bool:
    return not formula.uses and float(formula.evaluate({})) == 0.0
