"""A tornado: the answer with each input alone at either end of its range, the rest as stated.

Read from a design of kind ``tornado``: two solves an input and one for the stated values, or fewer
where small bars are by slope. It shows size and direction at a glance, and no interactions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.errors import AnalysisError, InputError
from detente.study._design import Design
from detente.text import Kind, Result, listed, plural, show, table
from detente.values import Bools, Floats, data_frame, plain_fields

_FIRST = 3


if TYPE_CHECKING:
    from detente.drawing import Drawing


@dataclass(frozen=True, slots=True)
class Bar:
    """One input of a tornado.

    Attributes
    ----------
    name : str
    low, high : float or str
        The input at the ends of the bar; for a variant the names of two levels.
    at_low, at_high : float
        The answers there; nan where there is none.
    slope : float
        Change of the answer by unit of the input at the stated values; nan where it is not known.
    by_slope : bool
        Whether the answer at an end is what the slope says; both are solved otherwise.
    """

    name: str
    low: float | str
    high: float | str
    at_low: float
    at_high: float
    slope: float = np.nan
    by_slope: bool = False

    @property
    def swing(self) -> float:
        """The distance between the two answers; 0 where one is missing."""
        gap = abs(self.at_high - self.at_low)
        return 0.0 if np.isnan(gap) else gap


@dataclass(frozen=True, slots=True)
class Tornado(Result):
    """The answer at the stated values and at either end of each input, longest bar first."""

    base: float
    bars: tuple[Bar, ...]

    @property
    def sentence(self) -> str:
        """The longest bars, in one line."""
        rows = [
            f"{bar.name} {_answer(bar.at_low)} to {_answer(bar.at_high)}"
            for bar in self.bars[:_FIRST]
            if _answer(bar.at_low) != _answer(bar.at_high)
        ]
        small = any(bar.swing for bar in self.bars)
        none = f"no input alone moves it{' by as much as shows' if small else ''}"
        return f"as stated {show(self.base, 'fine')}; {listed(rows) if rows else none}"

    @property
    def by_slope(self) -> str:
        """How many bars are by slope, in words; empty where all are solved."""
        count = sum(bar.by_slope for bar in self.bars)
        return f"{plural(count, 'input')} that move it less, by slope" if count else ""

    def plot(self, kind: Kind = "plain") -> Drawing:
        """Draw the bars that have a length; see `detente.text.Kind`, `detente.drawing.Drawing`."""
        from detente.drawing import Drawing, tornado_figure

        bars = tuple(bar for bar in self.bars if bar.swing > 0.0)
        return Drawing(tornado_figure(replace(self, bars=bars), kind)) if bars else Drawing()

    def __str__(self) -> str:
        """Return one line per bar."""
        rows = [["input", f"answer at either end (as stated: {show(self.base, 'fine')})"]]
        for bar in self.bars:
            low, high = _shown(bar.low), _shown(bar.high)
            ends = f"{_answer(bar.at_low)} at {low}, {_answer(bar.at_high)} at {high}"
            rows.append([bar.name, f"{ends}, by slope" if bar.by_slope else ends])
        return "\n".join(table(rows, "< <"))

    def to_dict(self) -> dict[str, Any]:
        """Return the bars, ready for JSON; None where there is no answer."""
        return plain_fields(self)

    def to_pandas(self) -> Any:
        """Return the bars as a DataFrame (needs pandas)."""
        rows = [(b.name, b.low, b.high, b.at_low, b.at_high, b.by_slope) for b in self.bars]
        return data_frame(rows, columns=["input", "low", "high", "at_low", "at_high", "by_slope"])


def tornado(
    design: Design, answers: Any, *, by_slope: Bools | None = None, slopes: Floats | None = None
) -> Tornado:
    """Return the tornado of an answer over a design of kind ``tornado``.

    An input that is fixed in the usual case, and varies in another one only, has no bar. A variant
    with more than two levels gives a bar from the level with the least answer to that with the
    greatest.

    Parameters
    ----------
    design : Design
    answers : array_like, (draws,)
        nan where a draw has none.
    by_slope : ndarray of bool, (draws,), optional
        Which answers are what slopes say; all are solved by default.
    slopes : ndarray, (inputs,), optional
        Of the answer at the stated values, nan where there is none.

    Raises
    ------
    InputError
        When the design is of another kind or the answers are of another design.
    AnalysisError
        When there is no answer at the stated values.

    Examples
    --------
    >>> rows = np.array([[1.0, 5.0], [0.0, 5.0], [2.0, 5.0], [1.0, 4.0], [1.0, 7.0]])
    >>> design = Design(("x", "y"), rows, seed=0, kind="tornado")
    >>> print(tornado(design, rows[:, 0] + 2 * rows[:, 1]))
    input  answer at either end (as stated: 11)
    y      9 at 4, 15 at 7
    x      10 at 0, 12 at 2
    """
    values = np.asarray(answers, dtype=np.float64)
    if design.kind != "tornado":
        raise InputError(f"this is a {design.kind} design; make one with kind='tornado'")
    if values.shape != (len(design),):
        raise InputError(f"{values.size} answers for {len(design)} draws; give one per draw")
    if np.isnan(values[0]):
        raise AnalysisError("there is no answer at the stated values, so there is no tornado")
    bars, row = [], 1
    for k, name in enumerate(design.names):
        if name in design.levels:
            bar, row = _of_levels(design, k, values, row)
        else:
            low, high = map(float, design.values[row : row + 2, k])
            ends = float(values[row]), float(values[row + 1])
            slope = np.nan if slopes is None else float(slopes[k])
            bar = Bar(
                name,
                low,
                high,
                *ends,
                slope,
                by_slope is not None and bool(by_slope[row : row + 2].any()),
            )
            row += 2
            if low == high:
                continue
        bars.append(bar)
    return Tornado(float(values[0]), tuple(sorted(bars, key=lambda bar: -bar.swing)))


def _of_levels(design: Design, column: int, values: Any, row: int) -> tuple[Bar, int]:
    levels = design.levels[design.names[column]]
    found = [float(values[0]), *map(float, values[row : row + len(levels) - 1])]
    known = [k for k, value in enumerate(found) if not np.isnan(value)]
    low, high = min(known, key=lambda k: found[k]), max(known, key=lambda k: found[k])
    bar = Bar(design.names[column], levels[low], levels[high], found[low], found[high])
    return bar, row + len(levels) - 1


def _shown(end: float | str) -> str:
    return end if isinstance(end, str) else show(end, "fine")


def _answer(value: float) -> str:
    return "no answer" if np.isnan(value) else show(value, "fine")
