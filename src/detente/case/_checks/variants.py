"""Correlations between parameters, and variants of the case."""

from __future__ import annotations

from detente.case._checks.actors import number
from detente.case._checks.findings import Path, Problems
from detente.case._checks.names import KnownNames
from detente.case._checks.parameters import JUDGEMENT, check_source_id
from detente.case._checks.record import read_levels
from detente.case._checks.states import States, check_weight, is_feasible
from detente.case._correlation import impossible_groups
from detente.case._model import Actor, Parameter, Weights
from detente.case._schema import CaseFile
from detente.case._variants import Correlation, Variant, VariantLevel
from detente.case._variants_schema import VariantLevelFile
from detente.expression import Formula
from detente.text import listing, quote

Settings = dict[str, tuple[float, float]]


def read_correlations(
    file: CaseFile, parameters: dict[str, Parameter], findings: Problems
) -> tuple[Correlation, ...]:
    """Check which parameters go together, and whether they can all at once."""
    made: dict[frozenset[str], Correlation] = {}
    before = len(findings.problems)
    for index, body in enumerate(file.correlations):
        path: Path = ("correlations", index)
        first, second = body.between
        for place, name in enumerate(body.between):
            where = (*path, "between", place)
            if not findings.knows(where, name, parameters, "parameter"):
                continue
            if parameters[name].distribution == "fixed":
                message = f"{name} has no range, so nothing goes together with it"
                findings.add(where, message, "give it a range, or delete this")
        if first == second:
            findings.add((*path, "between"), f"{first} appears twice", "name two parameters")
        elif frozenset(body.between) in made:
            message = f"{first} and {second} are tied twice"
            findings.add((*path, "between"), message, "keep one")
        if not -1 < body.rank < 1:
            message = f"the rank correlation {body.rank:g} is not between -1 and 1"
            findings.add((*path, "rank"), message, "write a number such as 0.6")
        _check_reason(body.reason, body.source, path, "this correlation", file, findings)
        made[frozenset(body.between)] = Correlation(
            (first, second), body.rank, body.reason, body.source
        )
    pairs = tuple(made.values())
    if len(findings.problems) == before:
        for group in impossible_groups(pairs):
            told = listing([f"{a} with {b} {c.rank:g}" for c in group for a, b in [c.between]])
            message = f"these rank correlations cannot hold together: {told}"
            remedy = "weaken one, or tie the pairs left out too: they count as 0"
            findings.add(("correlations", pairs.index(group[-1]), "rank"), message, remedy)
    return pairs


def read_variants(
    file: CaseFile,
    names: KnownNames,
    parameters: dict[str, Parameter],
    actors: tuple[Actor, ...],
    states: States | None,
    status_quo: dict[str, int] | None,
    findings: Problems,
) -> tuple[Variant, ...]:
    """Check the variants of a file and build them."""
    made = []
    for name, body in file.variants.items():
        path: Path = ("variants", name)
        if name in parameters:
            message = f"{name} names both a variant and a parameter"
            findings.add(path, message, "rename one of them", key=True)
        shares = [level.share for level in body.levels.values()]
        _check_shares(name, shares, path, findings)
        levels = []
        for level, changes in body.levels.items():
            where = (*path, "levels", level)
            share = 1.0 / len(shares) if changes.share is None else changes.share
            found = VariantLevel(
                level,
                share,
                read_levels(changes.do or {}, names, (*where, "do"), findings),
                _settings(changes, parameters, where, findings),
                _weights(changes, names, actors, states, where, findings),
                changes.reason,
                changes.source,
            )
            if changes.do or changes.set or changes.weights:
                label = f"{name}.{level}"
                _check_reason(changes.reason, changes.source, where, label, file, findings)
            whole = states and status_quo and len(found.do) == len(changes.do or {})
            if states and whole and not is_feasible(states, {**(status_quo or {}), **found.do}):
                message = "with this held the status quo is infeasible"
                findings.add((*where, "do"), message, "hold more, or change the rule", key=True)
            levels.append(found)
        made.append(Variant(name, tuple(levels), body.drawn, body.about))
    return tuple(made)


def _settings(
    changes: VariantLevelFile, parameters: dict[str, Parameter], path: Path, findings: Problems
) -> Settings:
    made: Settings = {}
    for name, setting in (changes.set or {}).items():
        where = (*path, "set", name)
        if not findings.knows(where, name, parameters, "parameter", key=True):
            continue
        low, high = setting if isinstance(setting, list) else (setting, setting)
        if isinstance(setting, list) and low >= high:
            message = f"the range [{low:g}, {high:g}] is empty"
            findings.add(where, message, "write [low, high] with low < high")
        elif parameters[name].distribution == "loguniform" and low <= 0 and low < high:
            findings.add(where, "loguniform needs a range above 0", "raise the lower end")
        made[name] = low, high
    return made


def _weights(
    changes: VariantLevelFile,
    names: KnownNames,
    actors: tuple[Actor, ...],
    states: States | None,
    path: Path,
    findings: Problems,
) -> tuple[tuple[str, str, Formula], ...]:
    made = []
    weighing = {actor.name: isinstance(actor.preference, Weights) for actor in actors}
    issues = [name for name, kind in names.namespace.numbers.items() if kind == "issue"]
    for who, weights in (changes.weights or {}).items():
        where = (*path, "weights", who)
        if not findings.knows(where, who, weighing, "actor", key=True):
            continue
        if not weighing[who]:
            findings.add(where, f"{who} has no weights", "give it weights, not a ranking", key=True)
            continue
        for issue, text in weights.items():
            place = (*where, issue)
            message = f"there is no issue {quote(issue)} to weigh"
            if not findings.knows(place, issue, issues, "issue", message, key=True):
                continue
            formula = number(place, text, names, findings)
            if states:
                check_weight(states, place, formula, findings)
            made.append((who, issue, formula))
    return tuple(made)


def _check_shares(name: str, shares: list[float | None], path: Path, findings: Problems) -> None:
    given = [share for share in shares if share is not None]
    if not given or findings.maimed((*path, "levels")):
        return
    if len(given) < len(shares):
        message = f"{name} gives a share to {len(given)} of {len(shares)} levels"
        findings.add((*path, "levels"), message, "give one to each, or to none", key=True)
    elif min(given) < 0 or abs(sum(given) - 1.0) > 1e-6:
        message = (
            f"the shares of {name} add up to {sum(given):g}"
            if min(given) >= 0
            else (f"a share of {name} is negative")
        )
        findings.add((*path, "levels"), message, "make them add up to 1", key=True)


def _check_reason(
    reason: str, source: str, path: Path, what: str, file: CaseFile, findings: Problems
) -> None:
    if findings.maimed(path):
        return
    if not reason.strip():
        findings.add(path, f"{what} has no reason", "add `reason: …`", key=True)
    if not source:
        remedy = f"add `source:` with the id of a source, or {JUDGEMENT}"
        findings.add(path, f"{what} has no source", remedy, key=True)
    elif source != JUDGEMENT:
        check_source_id(source, (*path, "source"), file.sources, findings, JUDGEMENT)
