"""Bargaining over issues: who has which stake, on which scale, under which rule of a vote.

Stakes come from the issues themselves and from the rows of a table; each is built once, with the
place where it stands, and its numbers are judged at the stated values of the parameters. Cost:
linear in the stakes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from detente.case._bargaining import Bargaining, BargainingIssue, Stake, VotingRule
from detente.case._bargaining_schema import (
    BargainingFile,
    BargainingIssueFile,
    StakeFile,
    StakeRowFile,
)
from detente.case._checks.actors import number
from detente.case._checks.findings import Path, Problems
from detente.case._checks.names import KnownNames
from detente.case._model import Parameter
from detente.case._schema import CaseFile
from detente.expression import Formula
from detente.text import quote

_START: Path = ("bargaining",)
_NUMBER_FROM_0 = "give a number of 0 or more"


@dataclass(frozen=True, slots=True)
class _Placed:
    """A stake and where it stands; ``own`` says whether it has a capability of its own."""

    stake: Stake
    path: Path
    own: bool


def read_bargaining(
    file: CaseFile, names: KnownNames, parameters: Mapping[str, Parameter], findings: Problems
) -> Bargaining | None:
    """Check the table of a file and build it; None where there is none."""
    body = file.bargaining
    if not isinstance(body, BargainingFile):
        return None
    before = len(findings.problems)
    at = _by_issue(body.table if isinstance(body.table, list) else [])
    capability = {
        party: number((*_START, "capability", party), text, names, findings)
        for party, text in body.capability.items()
    }
    made: list[tuple[BargainingIssue, list[_Placed]]] = []
    for name in dict.fromkeys([*body.issues, *at]):
        about = body.issues.get(name) or BargainingIssueFile()
        made.append(_issue(name, about, at.get(name, []), capability, names, findings))
    found = Bargaining(
        tuple(issue for issue, _ in made), _voting(body, names, findings), _groups(body)
    )
    if not made and not _maimed(findings):
        findings.add(_START, "nothing is bargained over", "add `issues: …`", key=True)
    _check_parties(body, found.parties, findings)
    if len(findings.problems) == before == 0:
        values = {name: parameter.value for name, parameter in parameters.items()}
        for party, means in capability.items():
            path, what = (*_START, "capability", party), f"the capability of {party}"
            _within(path, what, means, values, (0.0, math.inf), _NUMBER_FROM_0, findings)
        for issue, placed in made:
            _check_numbers(issue, placed, values, findings)
        _check_threshold(found.voting, values, findings)
    return found


def _maimed(findings: Problems, *path: str) -> bool:
    """Return whether something was left out at a place of this part, or of its table."""
    return any(findings.maimed((*_START, *where)) for where in ((), path, ("table",), ("issues",)))


def _by_issue(rows: Sequence[StakeRowFile]) -> dict[str, list[tuple[int, StakeRowFile]]]:
    found: dict[str, list[tuple[int, StakeRowFile]]] = {}
    for index, row in enumerate(rows):
        found.setdefault(row.issue, []).append((index, row))
    return found


def _issue(
    name: str, about: BargainingIssueFile, rows: Sequence[tuple[int, StakeRowFile]],
    capability: Mapping[str, Formula], names: KnownNames, findings: Problems,
) -> tuple[BargainingIssue, list[_Placed]]:  # fmt: skip
    path: Path = (*_START, "issues", name)
    low, high = about.scale
    if not low < high:
        said = f"the scale [{low:g}, {high:g}] of {name} has no length"
        findings.add((*path, "scale"), said, "write [lowest, highest]")
    points = tuple((float(point), meaning) for point, meaning in about.points.items())
    for written, (point, _) in zip(about.points, points, strict=True):
        if low < high and not low <= point <= high:
            said = f"{written} is off the scale of {name}, {low:g} to {high:g}"
            findings.add((*path, "points", written), said, "move it, or widen the scale", key=True)
    before = len(findings.problems)
    placed = list(_stakes(name, about, rows, capability, names, findings))
    whole = (
        len(findings.problems) == before
        and not _maimed(findings, "issues", name)
        and not findings.maimed((*path, "parties"))
    )
    if len(placed) < 2 and whole:
        said = f"{name} has {len(placed) or 'no'} part{'y' if len(placed) == 1 else 'ies'}"
        there = not rows
        where = path if there else (*_START, "table", rows[0][0], "issue")
        findings.add(where, said, "give two or more a position, or take the issue out", key=there)
    reference = _reference(name, about, rows, names, findings)
    issue = BargainingIssue(
        name, about.title or name, low, high, points, reference,
        tuple(one.stake for one in placed), about.about,
    )  # fmt: skip
    return issue, placed


def _stakes(
    issue: str, about: BargainingIssueFile, rows: Sequence[tuple[int, StakeRowFile]],
    capability: Mapping[str, Formula], names: KnownNames, findings: Problems,
) -> Iterator[_Placed]:  # fmt: skip
    seen: dict[str, Path] = {}
    path: Path = (*_START, "issues", issue, "parties")
    given_here: list[tuple[str, StakeFile | StakeRowFile, Path]] = [
        (party, stake, (*path, party)) for party, stake in about.parties.items()
    ]
    given_here += [(row.actor, row, (*_START, "table", index)) for index, row in rows]
    for party, given, place in given_here:
        if given.position is None:
            for key in ("salience", "red_line"):
                if getattr(given, key) is not None and not findings.maimed(place):
                    said = f"{party} has {key.replace('_', ' ')} on {issue} but no position"
                    findings.add((*place, key), said, "give its position, or blank the rest")
            continue
        if party in seen:
            said = f"{party} has a position on {issue} already (line {findings.line(seen[party])})"
            where = (*place, "actor") if isinstance(given, StakeRowFile) else place
            findings.add(where, said, "keep one", key=where is place)
            continue
        seen[party] = place
        if given.salience is None:
            if not findings.maimed(place):
                said = f"{party} has a position on {issue} but no salience"
                findings.add((*place, "position"), said, "add one from 0 to 1")
            continue
        own, line = given.capability, given.red_line
        means = capability.get(party) if own is None else None
        yield _Placed(
            Stake(
                party,
                number((*place, "position"), given.position, names, findings),
                number((*place, "salience"), given.salience, names, findings),
                means or number((*place, "capability"), own or "1", names, findings),
                None if line is None else number((*place, "red_line"), line, names, findings),
            ),
            place,
            own is not None,
        )


def _reference(
    issue: str, about: BargainingIssueFile, rows: Sequence[tuple[int, StakeRowFile]],
    names: KnownNames, findings: Problems,
) -> Formula | None:  # fmt: skip
    given = [
        (row.reference, (*_START, "table", index, "reference"))
        for index, row in rows
        if row.reference is not None
    ]
    if about.reference is not None:
        given.insert(0, (about.reference, (*_START, "issues", issue, "reference")))
    if not given:
        return None
    first, path = given[0]
    for text, place in given[1:]:
        if text != first:
            said = f"{issue} has another reference point (line {findings.line(path)})"
            findings.add(place, said, "give one, the same in all rows of an issue")
    return number(path, first, names, findings)


def _voting(body: BargainingFile, names: KnownNames, findings: Problems) -> VotingRule | None:
    rule = body.voting
    if rule is None:
        return None
    threshold = number((*_START, "voting", "threshold"), rule.threshold, names, findings)
    return VotingRule(rule.setter, threshold, tuple(rule.veto))


def _groups(body: BargainingFile) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, tuple(parties)) for name, parties in body.groups.items())


def _check_parties(body: BargainingFile, parties: Sequence[str], findings: Problems) -> None:
    """Check that whoever is named outside of the issues is a party to one, and named once."""
    if _maimed(findings):
        return
    named: list[tuple[str, Path, bool]] = [
        (party, (*_START, "capability", party), True) for party in body.capability
    ]
    lists: dict[Path, Sequence[str]] = {
        (*_START, "groups", name): members for name, members in body.groups.items()
    }
    for group in body.groups:
        if group in parties:
            said = f"the group {group} has the name of a party"
            findings.add((*_START, "groups", group), said, "give it another", key=True)
    if body.voting is not None:
        named.append((body.voting.setter, (*_START, "voting", "setter"), False))
        lists[(*_START, "voting", "veto")] = body.voting.veto
    for path, members in lists.items():
        for index, party in enumerate(members):
            named.append((party, (*path, index), False))
            if party in members[:index]:
                findings.add((*path, index), f"{party} stands twice in {path[-1]}", "keep one")
    for party, path, key in dict.fromkeys(named):
        said = f"{quote(party)} is party to no issue"
        findings.knows(path, party, parties, "party", said, key=key)


def _check_numbers(
    issue: BargainingIssue, placed: Sequence[_Placed], values: Mapping[str, float],
    findings: Problems,
) -> None:  # fmt: skip
    """Check the numbers of an issue at the stated values of the parameters."""
    where: Path = (*_START, "issues", issue.name, "reference")
    if "reference" not in findings.find(where[:-1])[1].pairs and placed:
        where = (*placed[0].path, "reference")
    _on_scale(where, "the reference point", issue.reference, issue, values, findings)
    weight = False
    for one in placed:
        stake = one.stake
        who = f"of {stake.party} on {issue.name}"
        _on_scale(
            (*one.path, "position"), f"the position {who}", stake.position, issue, values, findings
        )
        _on_scale(
            (*one.path, "red_line"), f"the red line {who}", stake.red_line, issue, values, findings
        )
        salience = _within(
            (*one.path, "salience"), f"the salience {who}", stake.salience, values, (0.0, 1.0),
            "give a number from 0 to 1", findings,
        )  # fmt: skip
        capability = float(stake.capability.evaluate(values))
        if one.own:
            path = (*one.path, "capability")
            what, bounds = f"the capability {who}", (0.0, math.inf)
            _within(path, what, stake.capability, values, bounds, _NUMBER_FROM_0, findings)
        weight |= salience * capability != 0
    if not weight:
        path = (*_START, "issues", issue.name)
        said = f"nobody on {issue.name} has both salience and capability above 0"
        findings.add(path, said, "give somebody both, or take the issue out", key=True)


def _on_scale(
    path: Path, what: str, formula: Formula | None, issue: BargainingIssue,
    values: Mapping[str, float], findings: Problems,
) -> None:  # fmt: skip
    if formula is not None:
        bounds = issue.low, issue.high
        remedy = f"move it onto the scale, {issue.low:g} to {issue.high:g}, or widen that"
        _within(path, what, formula, values, bounds, remedy, findings)


def _within(
    path: Path, what: str, formula: Formula, values: Mapping[str, float],
    bounds: tuple[float, float], remedy: str, findings: Problems,
) -> float:  # fmt: skip
    value = float(formula.evaluate(values))
    if not bounds[0] <= value <= bounds[1] or math.isinf(value):
        at = "" if not formula.uses else " at the stated values"
        findings.add(path, f"{what} is {value:g}{at}", remedy)
    return value


def _check_threshold(
    rule: VotingRule | None, values: Mapping[str, float], findings: Problems
) -> None:
    if rule is None:
        return
    share = float(rule.threshold.evaluate(values))
    if not 0 < share <= 1:
        said = f"the threshold is {share:g}"
        remedy = "give a share above 0, at most 1"
        findings.add((*_START, "voting", "threshold"), said, remedy)
