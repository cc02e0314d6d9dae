"""Tables of the data set DEU: a row an issue, a column of positions and one of salience an actor.

Tab separated. ``prnr`` and ``isnr`` name the proposal and the issue, ``p...`` and ``s...`` hold
positions on 0 to 100 and salience from 0 to 100 of the actor that the rest of the head names,
``rp`` the reference point, ``out`` the outcome; blanks are unknown. A row without an issue (one of
sizes of economies) is left out. Capability is the same for all, as the data set has none.

Arregui and Perarnaud, Journal of European Public Policy, 2021, doi 10.34810/data53.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from detente.bargaining._cells import Cells, Place, Row, check_cells, rows_of, table_text
from detente.bargaining._table import BargainingTable, bargaining_table
from detente.errors import InputError
from detente.files import write_file
from detente.text import quote

_NO_ACTOR = {"prnrnmc", "isnrnmc", "prnr", "prname", "isnr", "proc", "proccde"}


@dataclass(frozen=True)
class SettledProposal:
    """The issues of one proposal, with what came out.

    Attributes
    ----------
    name : str
    introduced : date or None
    table : BargainingTable
    outcome : tuple of float or None
        By issue of the table; None where it is not known.
    """

    name: str
    introduced: datetime.date | None
    table: BargainingTable
    outcome: tuple[float | None, ...]


def read_settled(path: Path | str) -> tuple[SettledProposal, ...]:
    """Read the proposals of a file in the layout of DEU, in the order of the file.

    Raises
    ------
    InputError
        With row and column, for whatever is wrong.
    """
    file = Path(path).name
    found = rows_of(table_text(path), file, "\t", '"')
    head = next(found, None)
    if head is None:
        raise InputError(f"{file}: empty; give the table of DEU with its heads")
    place = {name: k for k, name in enumerate(head.cells)}
    for name in ("prnr", "isnr", "rp", "out"):
        if name not in place:
            head.refuse(0, f"there is no column {name}; give the table of DEU with its heads")
    actors = {
        name[1:]: (k, place[f"s{name[1:]}"])
        for name, k in place.items()
        if name.startswith("p") and name not in _NO_ACTOR and f"s{name[1:]}" in place
    }
    proposals: dict[str, list[Row]] = {}
    for row in found:
        if place["isnr"] < len(row.cells) and row.cells[place["isnr"]]:
            proposals.setdefault(row.text(place["prnr"], "the proposal"), []).append(row)
    return tuple(_proposal(name, own, actors, place) for name, own in proposals.items())


def write_settled(proposals: Iterable[SettledProposal], path: Path | str) -> None:
    """Write proposals to a file that `read_settled` reads.

    Positions, reference points and outcomes are written on 0 to 100, whatever the scale of the
    issue; capability, red lines and named points have no place there.

    Examples
    --------
    >>> import tempfile
    >>> table = bargaining_table({"cut": {"a": (100, 0.9, 1), "b": (0, 0.5, 1)}}, {"cut": 20})
    >>> path = Path(tempfile.mkdtemp()) / "settled.tsv"
    >>> write_settled([SettledProposal("one", None, table, (40.0,))], path)
    >>> found = read_settled(path)[0]
    >>> found.outcome, found.table.salience.tolist()
    ((40.0,), [[0.9], [0.5]])
    """
    found = list(proposals)
    actors = list(dict.fromkeys(actor for one in found for actor in one.table.actors))
    if taken := [actor for actor in actors if f"p{actor}" in _NO_ACTOR]:
        raise InputError(f"{quote(taken[0])} cannot name an actor in this layout; rename it")
    head = ["prnr", "isnr", "intro", *(f"p{one}" for one in actors), *(f"s{one}" for one in actors)]
    rows = [[*head, "rp", "out"], *(row for one in found for row in _rows(one, actors))]
    for cell in (cell for row in rows for cell in row):
        if any(mark in cell for mark in '\t\n\r"'):
            raise InputError(f"{quote(cell)} cannot stand in this layout; take out tabs and quotes")
    write_file(Path(path), "".join("\t".join(row) + "\n" for row in rows))


def _rows(proposal: SettledProposal, actors: list[str]) -> list[list[str]]:
    table = proposal.table
    day = proposal.introduced.isoformat() if proposal.introduced else ""
    rows = []
    for k, issue in enumerate(table.issues):
        low, high = table.scale[k]
        on_hundred = 100 / (high - low)
        known = np.array([*table.position[:, k], table.reference[k], np.nan])
        known[-1] = np.nan if proposal.outcome[k] is None else proposal.outcome[k]
        known = (known - low) * on_hundred
        position = dict(zip(table.actors, known[:-2], strict=True))
        salience = dict(
            zip(
                table.actors,
                np.where(table.party[:, k], 100 * table.salience[:, k], np.nan),
                strict=True,
            )
        )
        numbers = [part.get(actor, np.nan) for part in (position, salience) for actor in actors]
        cells = [_number(float(value)) for value in (*numbers, *known[-2:])]
        rows.append([proposal.name, issue, day, *cells])
    return rows


def _number(value: float) -> str:
    return "" if np.isnan(value) else repr(round(value, 12))


def _proposal(
    name: str, rows: list[Row], actors: dict[str, tuple[int, int]], place: dict[str, int]
) -> SettledProposal:
    cells: Cells = {}
    issues: dict[str, Place] = {}
    reference: dict[str, float] = {}
    outcomes: list[float | None] = []
    for row in rows:
        issue = row.text(place["isnr"], "the issue")
        if issue in cells:
            row.refuse(place["isnr"], f"the issue {issue} stands twice; give it once")
        cells[issue] = {}
        issues[issue] = row, place["isnr"]
        for actor, (p, s) in actors.items():
            position = row.point_at(p, "the position")
            salience = row.number_at(s, "the salience", 0, 100)
            if position is not None:
                cells[issue][actor] = (position, (salience or 0.0) / 100, 1.0)
        known = row.point_at(place["rp"], "the reference point")
        if known is not None:
            reference[issue] = known
        outcomes.append(row.point_at(place["out"], "the outcome"))
    check_cells(rows[0], cells, issues, {actor: (rows[0], p) for actor, (p, _) in actors.items()})
    day = place.get("intro")
    table = bargaining_table(cells, reference)
    return SettledProposal(name, _date(rows[0], day), table, tuple(outcomes))


def _date(row: Row, column: int | None) -> datetime.date | None:
    """Return a day such as 26-01-00; years above 69 are of the last century."""
    text = row.cells[column] if column is not None and column < len(row.cells) else ""
    if not text:
        return None
    for form in ("%d-%m-%y", "%Y-%m-%d", "%d-%m-%Y"):
        try:
            return datetime.datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None
