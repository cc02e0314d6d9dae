"""Questions to the table of bargaining: the issues and parties that they name, and their arms.

The table knows parameters but no states and no time, so an arm may set parameters and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence

from detente.case._bargaining import Bargaining
from detente.case._checks.findings import Path, Problems
from detente.case._question import (
    Arm,
    ExchangeGainQuestion,
    ExchangeQuestion,
    OutcomeQuestion,
    TableQuestion,
)
from detente.case._schema import ArmFile, AskFile
from detente.text import quote

BY_EXCHANGE = "gain by exchange"
"""What a gain through exchanges of positions is called in messages."""
OF_THE_TABLE = ("outcome", "exchange", BY_EXCHANGE)
_MOST_TRADED = 2


def table_question(
    path: Path, body: AskFile, measure: str, arm: Arm, table: Bargaining | None, findings: Problems
) -> TableQuestion | None:
    """Check a question to the table and build it; None where there is no table to ask."""
    key = "gain" if measure == BY_EXCHANGE else measure
    if table is None:
        if not findings.maimed(()):
            said = f"{measure} asks the table of bargaining, and the case has none"
            findings.add((*path, key), said, "add a part `bargaining`", key=True)
        return None
    issues = tuple(body.issues or ())
    _check_names((*path, "issues"), issues, [one.name for one in table.issues], "issue", findings)
    match measure:
        case "outcome":
            assert body.outcome is not None
            known = [one.name for one in table.issues]
            findings.knows((*path, "outcome"), body.outcome, known, "issue")
            _check_model(path, body, table, findings)
            return OutcomeQuestion(body.outcome, body.model or "compromise", arm)
        case "exchange":
            assert body.exchange is not None
            _check_names((*path, "exchange"), body.exchange, table.parties, "party", findings)
            if len(issues) > _MOST_TRADED:
                said = f"an exchange trades two issues, not {len(issues)}"
                findings.add((*path, "issues"), said, "name one or two")
            one, other = body.exchange
            return ExchangeQuestion((one, other), issues, arm)
    assert body.gain is not None
    findings.knows((*path, "gain"), body.gain, table.parties, "party")
    return ExchangeGainQuestion(body.gain, issues, arm)


def check_table_arm(path: Path, body: ArmFile, measure: str, findings: Problems) -> None:
    """Refuse what an arm says about states."""
    given = {
        "given": body.given is not None,
        "do": body.do is not None,
        "announced": not body.announced,
    }
    for key in (key for key, there in given.items() if there):
        said = f"{measure} takes no {key}: the table of bargaining knows no states"
        findings.add((*path, key), said, "take it out; an arm may `set` parameters", key=True)


def _check_names(
    path: Path, names: Sequence[str], known: Sequence[str], what: str, findings: Problems
) -> None:
    for index, name in enumerate(names):
        findings.knows((*path, index), name, known, what)
        if name in names[:index]:
            findings.add((*path, index), f"{name} stands twice in {path[-1]}", "name another")


def _check_model(path: Path, body: AskFile, table: Bargaining, findings: Problems) -> None:
    """Check that the table has what the model reads."""
    if body.model == "procedural" and table.voting is None:
        said = "procedural needs to know who proposes, and the table has no voting"
        findings.add((*path, "model"), said, "add `voting` with a setter to `bargaining`")
    lacking = [issue.name for issue in table.issues if issue.reference is None]
    if body.model in {"nash", "procedural"} and lacking:
        said = f"{body.model} needs a reference point of every issue; {quote(lacking[0])} has none"
        findings.add((*path, "model"), said, "add `reference: …` to it, or ask another model")
