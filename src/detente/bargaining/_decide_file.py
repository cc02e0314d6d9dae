"""Tables of the program Decide: a row an actor, an issue, a point of a scale, or a cell.

Tab separated, texts in single quotes. ``#A`` key, name; ``#P`` key, name; ``#M`` issue, position,
meaning; ``#D`` actor, issue, position, salience, power; ``#0`` and ``#/`` are comments. The scale
of an issue runs from its lowest to its highest point, from 0 to 100 where it has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from detente.bargaining._cells import Cells, Place, Row, check_cells
from detente.bargaining._table import SCALE, BargainingTable, bargaining_table
from detente.text import quote, suggestion

KINDS = ("#A", "#P", "#M", "#D", "#0", "#/")


def read_decide(rows: Sequence[Row]) -> BargainingTable:
    """Return the table in the rows of a file of Decide."""
    actors: dict[str, Place] = {}
    issues: dict[str, Place] = {}
    positions: list[tuple[Row, str]] = []
    points: dict[str, dict[float, str]] = {}
    cells: Cells = {}
    for row in rows:
        kind = row.cells[0]
        if kind not in KINDS:
            row.refuse(0, f"{quote(kind)} is no kind of row; {suggestion(kind, KINDS, 'kind')}")
        if kind == "#A":
            actors[_new(row, actors, "actor")] = row, 1
        elif kind == "#P":
            issue = _new(row, cells, "issue")
            issues[issue] = row, 1
            cells[issue], points[issue] = {}, {}
        elif kind == "#M":
            value = row.number_at(2, "the position")
            if value is not None:
                meaning = row.cells[3] if len(row.cells) > 3 else ""
                points[_known(row, 1, points, "issue")][value] = meaning
        elif kind == "#D":
            positions.append((row, _cell(row, actors, cells)))
    scale = {issue: (min(found), max(found)) for issue, found in points.items() if len(found) > 1}
    for row, issue in positions:
        row.point_at(3, "the position", scale.get(issue, SCALE))
    check_cells(rows[0], cells, issues, actors)
    said = {issue: {v: m for v, m in found.items() if m} for issue, found in points.items()}
    return bargaining_table(cells, scale=scale, points=said)


def _cell(row: Row, actors: Iterable[str], cells: Cells) -> str:
    """Put a cell where it belongs, and return its issue."""
    actor, issue = _known(row, 1, actors, "actor"), _known(row, 2, cells, "issue")
    if actor in cells[issue]:
        row.refuse(1, f"{actor} has a position on {issue} already; give one")
    position = row.number_at(3, "the position")
    if position is not None:
        salience = row.number_at(4, "the salience", 0, 1)
        power = row.capability_at(5, "the power")
        if salience is None or power is None:
            row.refuse(4, "a position without salience or power; give both, or leave out the row")
        cells[issue][actor] = (position, salience, power)
    return issue


def _new(row: Row, names: Iterable[str], what: str) -> str:
    name = row.text(1, f"the {what}")
    if name in names:
        row.refuse(1, f"the {what} {quote(name)} stands twice; give it once")
    return name


def _known(row: Row, column: int, names: Iterable[str], what: str) -> str:
    name = row.text(column, f"the {what}")
    if name not in names:
        row.refuse(
            column, f"there is no {what} {quote(name)} above; {suggestion(name, names, what)}"
        )
    return name


def write_decide(table: BargainingTable) -> str:
    """Return a table as a file of Decide, which takes no reference points."""
    lines = [f"'#A'\t'{actor}'\t'{actor}'\t''" for actor in table.actors]
    for k, issue in enumerate(table.issues):
        lines.append(f"'#P'\t'{issue}'\t'{issue}'\t''")
        points = {float(end): "" for end in table.scale[k]} | dict(table.points.get(issue, {}))
        if tuple(sorted(points)) != SCALE or any(points.values()):
            lines += [f"'#M'\t'{issue}'\t{v!r}\t'{points[v]}'" for v in sorted(points)]
    lines += [
        "\t".join([
            "'#D'", f"'{actor}'", f"'{issue}'",
            *(repr(float(a[i, k])) for a in (table.position, table.salience, table.capability)),
        ])
        for i, actor in enumerate(table.actors)
        for k, issue in enumerate(table.issues)
        if table.party[i, k]
    ]  # fmt: skip
    return "\n".join(lines) + "\n"
