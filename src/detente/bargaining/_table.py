"""A table of bargaining: who wants what on each issue, how dearly, and who counts how much.

Positions lie on each issue's scale, salience from 0 to 1, capability from 0 up. A blank position
means that the actor is no party to the issue, which is never the same as a position of 0. Models
work on the table as it stands; their outcomes are on the scales of the issues.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.errors import InputError
from detente.text import Result, listed, plural, quote, show, suggestion, table
from detente.values import Bools, Floats, data_frame, plain

if TYPE_CHECKING:
    from detente.drawing import Drawing

SCALE = (0.0, 100.0)
"""The usual scale of an issue."""

LARGEST_CAPABILITY = 1e12
"""Far above it, sums of weights are no longer numbers."""


@dataclass(frozen=True, eq=False)
class BargainingTable(Result):
    """Positions, salience and capability of actors on issues.

    Attributes
    ----------
    actors, issues : tuple of str
    position : ndarray, (actors, issues)
        On the scale of the issue; NaN where the actor is no party to it.
    salience : ndarray, (actors, issues)
        How much the issue matters to the actor, 0 to 1.
    capability : ndarray, (actors, issues)
        What the actor can bring to bear on the issue, 0 or more.
    reference : ndarray, (issues,)
        What holds without agreement; NaN where nobody knows.
    scale : ndarray, (issues, 2)
        Lowest and highest position.
    points : mapping of str to mapping of float to str
        What positions of an issue mean.
    red_line : ndarray, (actors, issues), optional
        The farthest point from its position to which the actor would ever move; NaN where it has
        none.

    Examples
    --------
    >>> market = bargaining_table(
    ...     {"cut": {"north": (100, 0.9, 2), "south": (0, 0.5, 1)},
    ...      "fund": {"north": (20, 0.3, 2), "south": (90, 1, 1)}}
    ... )
    >>> market.issues, market.position[1].tolist()
    (('cut', 'fund'), [0.0, 90.0])
    """

    actors: tuple[str, ...]
    issues: tuple[str, ...]
    position: Floats
    salience: Floats
    capability: Floats
    reference: Floats
    scale: Floats
    points: Mapping[str, Mapping[float, str]] = field(default_factory=dict)
    red_line: Floats = field(default_factory=lambda: np.empty((0, 0)))

    def __post_init__(self) -> None:
        if not np.size(self.red_line):
            object.__setattr__(self, "red_line", np.full(self.position.shape, np.nan))
        for name in ("position", "salience", "capability", "reference", "scale", "red_line"):
            array = np.array(getattr(self, name), dtype=np.float64)
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        self._check()

    def _check(self) -> None:
        for kind, names in (("actor", self.actors), ("issue", self.issues)):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise InputError(f"{kind} {quote(twice[0])} stands twice; give each once")
        if len(self.actors) < 2 or not self.issues:
            size = f"{plural(len(self.actors), 'actor')} and {plural(len(self.issues), 'issue')}"
            raise InputError(f"a table of {size}; bargaining takes two actors and an issue")
        for k, issue in enumerate(self.issues):
            self._check_issue(k, issue)

    def _check_issue(self, k: int, issue: str) -> None:
        low, high = self.scale[k]
        span = f"from {show(low, 'fine')} to {show(high, 'fine')}"
        if not low < high:
            raise InputError(f"{quote(issue)}: the scale runs {span}; its end must be the larger")
        point = self.reference[k]
        if not (np.isnan(point) or low <= point <= high):
            said = f"the reference point {show(point, 'fine')} is off the scale {span}"
            raise InputError(f"{quote(issue)}: {said}; move it, or widen the scale")
        for i in np.flatnonzero(self.party[:, k]):
            parts = (self.position, self.salience, self.capability)
            position, salience, capability = (float(part[i, k]) for part in parts)
            wrong = ""
            if not low <= position <= high:
                wrong = f"position {show(position, 'fine')} is off the scale {span}"
            elif not 0 <= salience <= 1:
                wrong = f"salience {show(salience, 'fine')}; give a number from 0 to 1"
            elif not 0 <= capability <= LARGEST_CAPABILITY:
                most = show(LARGEST_CAPABILITY, "fine")
                wrong = f"capability {show(capability, 'fine')}; give a number from 0 to {most}"
            elif not (np.isnan(line := self.red_line[i, k]) or low <= line <= high):
                wrong = f"the red line {show(float(line), 'fine')} is off the scale {span}"
            if wrong:
                raise InputError(f"{self.actors[i]} on {issue}: {wrong}")
        for i in np.flatnonzero(~self.party[:, k] & ~np.isnan(self.red_line[:, k])):
            raise InputError(
                f"{self.actors[i]} on {issue}: a red line without a position; give both or neither"
            )
        if not (self.weight[:, k] > 0).any():
            raise InputError(
                f"{quote(issue)}: nobody has a position, salience and capability above 0; "
                "give at least one actor all three, or leave the issue out"
            )

    @cached_property
    def party(self) -> Bools:
        """Who is a party to which issue, (actors, issues)."""
        found: Bools = ~np.isnan(self.position)
        return found

    @cached_property
    def weight(self) -> Floats:
        """Capability times salience; 0 where the actor is no party, (actors, issues)."""
        weight: Floats = np.where(self.party, self.capability * self.salience, 0.0)
        return weight

    @cached_property
    def room(self) -> Floats:
        """Lowest and highest point to which each actor would move, (2, actors, issues).

        From the end of the scale to the end, or to the red line on the side where that lies; an
        actor whose red line is its position stays there.
        """
        found = np.repeat(self.scale.T[:, None, :], len(self.actors), axis=1)
        for end, drawn in (
            (0, self.red_line <= self.position),
            (1, self.red_line >= self.position),
        ):
            found[end][drawn] = self.red_line[drawn]
        return found

    def beyond(self, outcome: Floats) -> Bools:
        """Return whose red lines an outcome lies past, (actors, issues)."""
        slack = 1e-9 * (self.scale[:, 1] - self.scale[:, 0])
        low, high = self.room
        past: Bools = (outcome < low - slack) | (outcome > high + slack)
        return past & ~np.isnan(self.red_line)

    def past_red_lines(self, outcome: Floats) -> str:
        """Return in words whose red lines an outcome lies past; nothing where it is past none.

        Examples
        --------
        >>> small = bargaining_table(
        ...     {"cut": {"a": (100, 1, 1), "b": (0, 1, 1)}}, red_line={"cut": {"a": 60}}
        ... )
        >>> small.past_red_lines(np.array([50.0]))
        'Past the red line of a on cut (60).'
        """
        past = self.beyond(outcome)
        names = [
            f"{self.actors[i]} on {self.issues[k]} ({show(float(self.red_line[i, k]), 'fine')})"
            for k in range(len(self.issues))
            for i in np.flatnonzero(past[:, k])
        ]
        lines = "lines" if len(names) > 1 else "line"
        return f"Past the red {lines} of {listed(names)}." if names else ""

    def loss(self, outcome: Floats) -> Floats:
        """Return each actor's salience times distance from an outcome, (actors, issues)."""
        away = np.abs(np.where(self.party, self.position, 0.0) - outcome)
        loss: Floats = np.where(self.party, self.salience * away, 0.0)
        return loss

    def with_positions(self, position: Floats) -> BargainingTable:
        """Return the table with other positions; red lines stay where they are."""
        return replace(self, position=position)

    def plot(self) -> Drawing:
        """Draw who stands where on each issue; see `detente.drawing.Drawing`."""
        from detente.drawing import Drawing, positions_figure

        return Drawing(positions_figure(self))

    def meaning(self, issue: str) -> str:
        """Return in words what positions on an issue mean; nothing where none is named."""
        named = sorted(self.points.get(issue, {}).items())
        return "; ".join(f"{show(at, 'fine')}: {said}" for at, said in named)

    @property
    def heading(self) -> str:
        """What a cell of `rows` says."""
        drawn = "" if np.isnan(self.red_line).all() else ", never past its red line"
        return f"position{drawn} (salience x capability)"

    @property
    def rows(self) -> list[list[str]]:
        """The cells in words: a row an actor, a column an issue, the heading first."""
        rows = [
            [actor, *(self._cell(i, k) for k in range(len(self.issues)))]
            for i, actor in enumerate(self.actors)
        ]
        return [["", *self.issues], *rows]

    def __str__(self) -> str:
        """Return a row an actor: position, red line, salience, capability on each issue."""
        return "\n".join([f"{self.heading}:", *table(self.rows, "< >")])

    def _cell(self, i: int, k: int) -> str:
        if not self.party[i, k]:
            return "-"
        parts = (self.position, self.salience, self.capability)
        position, salience, capability = (show(float(part[i, k]), "fine") for part in parts)
        line = float(self.red_line[i, k])
        never = "" if np.isnan(line) else f", never past {show(line, 'fine')}"
        return f"{position}{never} ({salience} x {capability})"

    def to_dict(self) -> dict[str, Any]:
        """Return the table ready for JSON."""
        return {name: plain(getattr(self, name)) for name in self.__dataclass_fields__}

    def to_pandas(self) -> Any:
        """Return a row a cell: actor, issue, position, salience, capability, red line."""
        names = ("position", "salience", "capability", "red_line")
        return data_frame([
            {"actor": actor, "issue": issue, **{name: getattr(self, name)[i, k] for name in names}}
            for i, actor in enumerate(self.actors)
            for k, issue in enumerate(self.issues)
            if self.party[i, k]
        ])  # fmt: skip


def bargaining_table(
    cells: Mapping[str, Mapping[str, Sequence[float]]],
    reference: Mapping[str, float] | None = None,
    scale: Mapping[str, tuple[float, float]] | None = None,
    points: Mapping[str, Mapping[float, str]] | None = None,
    red_line: Mapping[str, Mapping[str, float]] | None = None,
) -> BargainingTable:
    """Return a table from its cells, issue by issue.

    Parameters
    ----------
    cells : mapping
        By issue and actor: position, salience and capability. An actor that is left out is no
        party to the issue.
    reference : mapping of str to float, optional
        By issue: what holds without agreement.
    scale : mapping, optional
        By issue: lowest and highest position; 0 and 100 where left out.
    points : mapping, optional
        By issue: what positions mean.
    red_line : mapping, optional
        By issue and actor: the farthest point from its position to which it would ever move.

    Raises
    ------
    InputError
        For what cannot be a table, with actor and issue.
    """
    issues = tuple(cells)
    actors = tuple(dict.fromkeys(actor for row in cells.values() for actor in row))
    arrays = np.full((3, len(actors), len(issues)), np.nan)
    for k, issue in enumerate(issues):
        for actor, cell in cells[issue].items():
            if len(cell) != 3:
                raise InputError(
                    f"{actor} on {issue}: {plural(len(cell), 'number')}; give position, salience "
                    "and capability"
                )
            arrays[:, actors.index(actor), k] = cell
    lines = np.full(arrays.shape[1:], np.nan)
    for issue, drawn in (red_line or {}).items():
        for actor, point in drawn.items():
            for name, known, kind in ((issue, issues, "issue"), (actor, actors, "actor")):
                if name not in known:
                    raise InputError(
                        f"a red line of {actor} on {issue}: there is no {kind} {quote(name)}; "
                        f"{suggestion(name, known, kind)}"
                    )
            lines[actors.index(actor), issues.index(issue)] = point
    points_of = {issue: dict((points or {}).get(issue, {})) for issue in issues}
    return BargainingTable(
        actors,
        issues,
        arrays[0],
        np.nan_to_num(arrays[1]),
        np.nan_to_num(arrays[2]),
        np.array([(reference or {}).get(issue, np.nan) for issue in issues]),
        np.array([(scale or {}).get(issue, SCALE) for issue in issues]),
        {issue: found for issue, found in points_of.items() if found},
        lines,
    )
