"""What the table of bargaining comes to at the setting, and who trades what with whom.

Positions, outcomes, exchanges and trades are those of the report, with its words and pictures. The
table reads parameters alone: what is held, and today's levels, leave it as it is. Cost: that of the
models of bargaining, no solving in time.
"""

from __future__ import annotations

from collections.abc import Iterator

from detente.case import Case
from detente.errors import InputError
from detente.model import TODAY, SolvedTable
from detente.report import bargaining_words
from detente.values import plain
from detente.workbench._request import FIRST, Fragment, PageView, PlainTable, Request, put
from detente.workbench._templates import render

_PARTS = ("positions", "outcomes", "exchanges", "trades")


def _frame(request: Request) -> str:
    _check(request)
    return render("bargaining_view.html.j2")


def _check(request: Request) -> None:
    case = request.scene.case
    if not _offered(case):
        raise InputError(f"{case.name} has no table of bargaining; add a part `bargaining` to it")


def _offered(case: Case) -> bool:
    return case.bargaining is not None


def _table(request: Request) -> SolvedTable:
    _check(request)
    return request.scene.model.under(TODAY).bargaining


def _answer(request: Request) -> Iterator[Fragment]:
    words = bargaining_words(_table(request).titled)
    for part in _PARTS:
        html = render("bargaining_part.html.j2", part=part, words=words)
        yield put(f"bargaining-{part}", html)
    yield FIRST


def _table_of_positions(request: Request) -> PlainTable:
    table = _table(request).table
    parts = (table.position, table.salience, table.capability, table.red_line)
    rows = [
        [actor, issue, *(plain(part[i, k]) for part in parts)]
        for k, issue in enumerate(table.issues)
        for i, actor in enumerate(table.actors)
        if table.party[i, k]
    ]
    return PlainTable(["actor", "issue", "position", "salience", "capability", "red line"], rows)


def _table_of_outcomes(request: Request) -> PlainTable:
    found = _table(request).comparison
    rows = [
        [issue, *(plain(one.outcome[k]) for one in found.outcomes)]
        for k, issue in enumerate(found.table.issues)
    ]
    return PlainTable(["issue", *(one.model for one in found.outcomes)], rows)


def _table_of_exchanges(request: Request) -> PlainTable:
    rows: list[list[str | float | None]] = [
        [one.givers[side], one.issues[side], one.before[side], one.after[side], one.gains[side],
         one.givers[1 - side], one.rest]
        for one in _table(request).exchanges.made
        for side in (0, 1)
    ]  # fmt: skip
    head = ["gives", "issue", "from", "to", "gain", "in exchange with", "all others"]
    return PlainTable(head, rows)


def _table_of_trades(request: Request) -> PlainTable:
    rows: list[list[str | float | None]] = [
        [flow.giver, flow.issue, flow.receiver, flow.moved, flow.shift, flow.gain]
        for flow in _table(request).comparison.trades.flows
    ]
    return PlainTable(["giver", "issue", "receiver", "moved", "shift", "gain"], rows)


VIEW = PageView(
    "bargaining",
    "Bargaining",
    _frame,
    _answer,
    tables={
        "Positions": _table_of_positions,
        "Outcomes": _table_of_outcomes,
        "Exchanges": _table_of_exchanges,
        "Trades": _table_of_trades,
    },
    check=_check,
    offered=_offered,
)
