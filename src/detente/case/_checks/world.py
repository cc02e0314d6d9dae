"""Conditions, infeasible states, issues and views."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

from detente.case._checks.actors import number
from detente.case._checks.findings import Path, Problems
from detente.case._checks.names import KnownNames, level_index
from detente.case._model import Condition, Infeasible, Issue, View
from detente.case._schema import CaseFile, ConditionFile, InfeasibleFile, IssueFile
from detente.expression import Formula


def read_conditions(file: CaseFile, names: KnownNames, findings: Problems) -> tuple[Condition, ...]:
    """Check the conditions of a file and build them."""
    return tuple(
        Condition(
            name,
            names.variables[name].levels,
            body.ordered,
            _jumps(name, body, names, findings),
            body.about,
        )
        for name, body in file.conditions.items()
    )


def _jumps(
    name: str, body: ConditionFile, names: KnownNames, findings: Problems
) -> tuple[tuple[int, int, Formula], ...]:
    variable = names.variables[name]
    made: dict[tuple[int, int], Formula] = {}
    for jump, text in body.rates.items():
        path: Path = ("conditions", name, "rates", jump)
        start, end = (
            level_index(level.strip(), variable, path, findings, key=True)
            for level in jump.split("->")
        )
        formula = findings.formula(path, text, names.namespace)
        if start is None or end is None:
            continue
        if start == end:
            findings.add(path, "a jump must change the level", "name two levels", key=True)
        elif (start, end) in made:
            findings.add(path, f"the jump {jump.strip()} appears twice", "keep one", key=True)
        elif formula:
            made[start, end] = formula
    return tuple((start, end, formula) for (start, end), formula in made.items())


def read_infeasible(
    file: CaseFile, names: KnownNames, findings: Problems
) -> tuple[Infeasible, ...]:
    """Check the rules about states that cannot be, and build them."""
    made = []
    for index, form in enumerate(file.infeasible):
        rule = form if isinstance(form, InfeasibleFile) else InfeasibleFile(when=form)
        path: Path = ("infeasible", index, "when")
        formula = findings.formula(path, rule.when, names.state, "truth")
        if formula:
            made.append(Infeasible(formula, rule.reason))
    return tuple(made)


def read_issues(file: CaseFile, names: KnownNames, findings: Problems) -> tuple[Issue, ...]:
    """Check the issues of a file and build them, each after those it reads."""
    made: dict[str, Issue] = {}
    for name, form in file.issues.items():
        body = form if isinstance(form, IssueFile) else IssueFile(value=form)
        formula = findings.formula(("issues", name, "value"), body.value, names.namespace)
        if formula:
            made[name] = Issue(name, formula, body.about)
    graph = {name: sorted(issue.formula.uses & made.keys()) for name, issue in made.items()}
    while True:
        try:
            return tuple(made[name] for name in TopologicalSorter(graph).static_order())
        except CycleError as error:
            circle = list(reversed(error.args[1]))
            first = min(circle[:-1], key=list(made).index)
            turn = circle.index(first)
            told = [*circle[turn:-1], *circle[:turn], first]
            shown = " -> ".join(told[:8]) + (" -> …" if len(told) > 8 else "")
            message = f"the issue {first} depends on itself: {shown}"
            findings.add(("issues", first, "value"), message, "break the cycle")
            graph = {
                name: [read for read in reads if read not in circle]
                for name, reads in graph.items()
                if name not in circle
            }


def read_views(file: CaseFile, names: KnownNames, findings: Problems) -> tuple[View, ...]:
    """Check the views of a file and build them."""
    made = []
    parameters = names.namespace.only_parameters().numbers
    for actor, body in file.views.items():
        findings.knows(("views", actor), actor, file.actors, "actor", key=True)
        values = []
        for name, text in body.values.items():
            path: Path = ("views", actor, "values", name)
            findings.knows(path, name, parameters, "parameter", key=True)
            values.append((name, number(path, text, names, findings)))
        made.append(View(actor, tuple(values), body.reason))
    return tuple(made)
