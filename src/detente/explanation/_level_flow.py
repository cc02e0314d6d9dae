"""Where the conflict goes by the levels of a few variables: time spent, and moves between them.

States that agree in the chosen variables are one cell, so that a conflict of thousands of states
becomes a map of a dozen. A cell has the share of the time that is spent in it, an arrow how often
the chain is expected to go from one cell to another within the years, both exact, by uniformization
(see `detente.forecast.average_flow`). Cost: O(ticks x transitions) of the chain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.equilibrium import Equilibrium
from detente.errors import InputError
from detente.expression import compile_formula
from detente.forecast import Start, average_flow, chain_of, start_distribution
from detente.text import Result, show, spaced, suggestion, table
from detente.values import Floats, Ints, data_frame, plain, plain_fields


@dataclass(frozen=True, slots=True)
class LevelArrow:
    """How often the chain goes from one cell to another, and who moves it there.

    ``times`` is expected within the years; ``by`` holds the expected times by actor, conditions
    under an empty name.
    """

    source: int
    target: int
    times: float
    by: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class LevelFlow(Result):
    """A map of the conflict by the levels of a few variables.

    Attributes
    ----------
    variables : tuple of str
    cells : tuple of mapping of str to str
        The level of each variable, in each cell that is feasible.
    states : tuple of int
        By cell the flat index of the state in which most of its time is spent.
    share : ndarray, (cells,)
        Of the years, expected.
    arrows : tuple of LevelArrow
        The most frequent first.
    start : int
        The cell in which it starts, where it starts in one; else -1.
    years : float
    """

    variables: tuple[str, ...]
    cells: tuple[Mapping[str, str], ...]
    states: tuple[int, ...]
    share: Floats
    arrows: tuple[LevelArrow, ...]
    start: int
    years: float

    def words(self, cell: int) -> str:
        """Return a cell by its levels."""
        return ", ".join(spaced(level) for level in self.cells[cell].values())

    def __str__(self) -> str:
        """Return a line for each arrow."""
        rows = [
            (self.words(arrow.source), self.words(arrow.target), show(arrow.times, "fine"))
            for arrow in self.arrows
        ]
        head = f"{', '.join(self.variables)} over {show(self.years, 'fine')} years"
        return "\n".join([head, *table([("from", "to", "times"), *rows], "< < >", indent="  ")])

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return {
            **plain_fields(self, "variables", "cells", "states", "share", "start", "years"),
            "arrows": [plain(arrow) for arrow in self.arrows],
        }

    def to_pandas(self) -> Any:
        """Return a row for each arrow as a DataFrame (needs pandas)."""
        return data_frame(
            {
                "source": [self.words(arrow.source) for arrow in self.arrows],
                "target": [self.words(arrow.target) for arrow in self.arrows],
                "times": [arrow.times for arrow in self.arrows],
            }
        )


def level_flow(
    equilibrium: Equilibrium,
    variables: Sequence[str],
    years: float,
    start: Start | None = None,
) -> LevelFlow:
    """Return where the conflict goes, by the levels of some options and conditions.

    Parameters
    ----------
    equilibrium : Equilibrium
    variables : sequence of str
        One or more.
    years : float
        Positive.
    start : state, str, ndarray or FilteredStart, optional
        The status quo by default.

    Raises
    ------
    InputError
        For a variable that does not exist, none at all, or years that are not positive.

    Examples
    --------
    >>> import detente
    >>> found = level_flow(detente.load("chicken").conflict().equilibrium(), ["row.wheel"], 1)
    >>> len(found.cells), bool(abs(found.share.sum() - 1) < 1e-12)
    (2, True)
    """
    conflict = equilibrium.conflict
    if not variables:
        raise InputError("name one variable or more by which states are put together")
    if not (np.isfinite(years) and years > 0):
        raise InputError(f"years is {years}; it must be positive")
    names = [axis.name for axis in conflict.space.axes]
    for name in variables:
        if name not in names:
            raise InputError(f"there is no {name!r}; {suggestion(name, names, 'variable')}")
    axes = [names.index(name) for name in dict.fromkeys(variables)]
    weight = start_distribution(conflict, start)
    chain = chain_of(equilibrium, weight)
    one = compile_formula("1", conflict.namespace, "number")
    flow = average_flow(chain, one, chain.over_live(weight).astype(np.float64), years)
    places = np.stack(np.unravel_index(chain.live, conflict.shape), axis=1)
    own, cell = np.unique(places[:, axes], axis=0, return_inverse=True)
    cell = cell.reshape(-1)
    begins = np.unique(cell[chain.over_live(weight) > 0.0])
    edges = chain.step.tocoo()
    away = edges.row != edges.col
    source, target = edges.row[away], edges.col[away]
    times = flow.years[source] * chain.rate * edges.data[away]
    # The mover is the owner of the first variable that changes: a transition has one mover.
    changed = np.argmax(places[source] != places[target], axis=1)
    owners = [axis.owner or "" for axis in conflict.space.axes]
    return LevelFlow(
        variables=tuple(names[k] for k in axes),
        cells=tuple(
            {
                names[k]: conflict.space.axes[k].levels[level]
                for k, level in zip(axes, row, strict=True)
            }
            for row in own.tolist()
        ),
        states=tuple(
            int(chain.live[inside[np.argmax(flow.years[inside])]])
            for inside in (np.flatnonzero(cell == k) for k in range(len(own)))
        ),
        share=np.bincount(cell, flow.years, len(own)) / years,
        arrows=_arrows(cell[source], cell[target], times, owners, changed),
        start=int(begins[0]) if begins.size == 1 else -1,
        years=float(years),
    )


def _arrows(
    source: Ints, target: Ints, times: Floats, owners: Sequence[str], changed: Ints
) -> tuple[LevelArrow, ...]:
    found: dict[tuple[int, int], dict[str, float]] = {}
    between = np.flatnonzero((source != target) & (times > 0.0))
    for k in between.tolist():
        by = found.setdefault((int(source[k]), int(target[k])), {})
        owner = owners[int(changed[k])]
        by[owner] = by.get(owner, 0.0) + float(times[k])
    arrows = (LevelArrow(s, t, sum(by.values()), by) for (s, t), by in found.items())
    return tuple(sorted(arrows, key=lambda arrow: (-arrow.times, arrow.source, arrow.target)))
