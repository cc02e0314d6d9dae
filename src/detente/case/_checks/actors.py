"""Actors: their options, moves and costs, and what they care about."""

from __future__ import annotations

from detente.case._checks.findings import Path, Problems
from detente.case._checks.names import KnownNames, level_index, long_form
from detente.case._model import Actor, Option, Ranking, Statements, Weights
from detente.case._schema import ActorFile, CaseFile, CostFile, OptionFile
from detente.expression import Formula, Variable, compile_formula
from detente.text import quote

_PREFERENCES = ("weights", "statements", "ranking")


def read_actors(file: CaseFile, names: KnownNames, findings: Problems) -> tuple[Actor, ...]:
    """Check the actors of a file and build them."""
    return tuple(_actor(name, body, names, findings) for name, body in file.actors.items())


def _actor(name: str, body: ActorFile, names: KnownNames, findings: Problems) -> Actor:
    path: Path = ("actors", name)
    return Actor(
        name,
        body.title or name,
        tuple(
            _option(name, option, long_form(form), names, findings)
            for option, form in body.options.items()
        ),
        _preference(body, path, names, findings),
        number((*path, "rate"), body.rate, names, findings),
        number((*path, "precision"), body.precision, names, findings),
        number((*path, "discount"), body.discount, names, findings),
        body.about,
    )


def number(path: Path, text: str, names: KnownNames, findings: Problems) -> Formula:
    """Compile a formula of parameters; a wrong one is reported and counts as 1 from then on."""
    made = findings.formula(path, text, names.namespace.only_parameters())
    return made or compile_formula("1", names.namespace, "number")


def _option(
    actor: str, name: str, body: OptionFile, names: KnownNames, findings: Problems
) -> Option:
    path: Path = ("actors", actor, "options", name)
    variable = names.variables[f"{actor}.{name}"]
    cost = body.cost
    kind = "step" if body.ordered else "flat"
    if isinstance(cost, CostFile):
        given = {key: text for key in ("step", "flat") if (text := getattr(cost, key)) is not None}
        if len(given) != 1:
            findings.add((*path, "cost"), "a cost is either step or flat", "give exactly one")
        if "step" in given and not body.ordered:
            findings.add(
                (*path, "cost", "step"), "unordered levels have no steps", "use flat", key=True
            )
        kind, text = next(iter(given.items()), (kind, "0"))
        price = number((*path, "cost", kind), text, names, findings)
    else:
        price = number((*path, "cost"), cost, names, findings)
    return Option(
        actor,
        name,
        variable.levels,
        body.ordered,
        _allowed(body, variable, (*path, "moves"), findings),
        "step" if kind == "step" else "flat",
        price,
        body.about,
    )


def _allowed(
    body: OptionFile, variable: Variable, path: Path, findings: Problems
) -> tuple[tuple[bool, ...], ...]:
    count = range(len(variable.levels))
    moves = body.moves
    if isinstance(moves, str):
        if moves != "any" and not body.ordered:
            findings.add(path, f"unordered levels cannot move {moves}", "list the pairs")
        return tuple(
            tuple(
                moves == "any" or (end >= start if moves == "up" else end <= start) for end in count
            )
            for start in count
        )
    pairs = set()
    for index, pair in enumerate(moves):
        ends = [
            level_index(level, variable, (*path, index, side), findings)
            for side, level in enumerate(pair)
        ]
        if pair[0] == pair[1]:
            findings.add((*path, index), "staying is always allowed", "delete this pair")
        pairs.add(tuple(ends))
    return tuple(tuple(a == b or (a, b) in pairs for b in count) for a in count)


def _preference(
    body: ActorFile, path: Path, names: KnownNames, findings: Problems
) -> Weights | Statements | Ranking:
    path = (*path, "preferences")
    stated = [key for key in _PREFERENCES if getattr(body.preferences, key) is not None]
    if not stated and findings.maimed(path):
        return Statements(())
    if len(stated) != 1:
        found = " and ".join(stated) or "none of them"
        findings.add(
            path,
            f"preferences are weights, statements or ranking, not {found}",
            "give one",
            key=True,
        )
        return Statements(())
    if body.preferences.weights is not None:
        path = (*path, "weights")
        return Weights(
            tuple(
                (issue, number((*path, issue), text, names, findings))
                for issue, text in body.preferences.weights.items()
                if _is_issue(issue, (*path, issue), names, findings)
            )
        )
    texts = body.preferences.statements or body.preferences.ranking or []
    formulas = tuple(
        made
        for index, text in enumerate(texts)
        if (made := findings.formula((*path, stated[0], index), text, names.namespace, "truth"))
    )
    return Statements(formulas) if stated == ["statements"] else Ranking(formulas)


def _is_issue(name: str, path: Path, names: KnownNames, findings: Problems) -> bool:
    issues = [known for known, kind in names.namespace.numbers.items() if kind == "issue"]
    message = f"there is no issue {quote(name)} to weigh"
    return findings.knows(path, name, issues, "issue", message, key=True)
