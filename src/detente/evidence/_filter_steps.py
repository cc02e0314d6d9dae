"""The record as a filter takes it: stretches of time in which the same is known throughout.

The exact likelihood of a partly observed path needs no more than this. Carry p, the weight of each
state together with all that was recorded so far, from ``start``, where the distribution p is given:

for each step, at its start
    1. multiply p by ``weights[axis]`` along each axis that has them;
    2. where ``entered`` is given for some axis (a change at exactly this time), replace p(s') by
       sum over s of p(s) q(s, s'), over pairs that differ in each such axis, from a level of
       weight zero to one of positive weight, and differ in no axis whose ``unchanged`` forbids it;
       multiply by ``entered[axis]``. p is then a density, per year for each such change;
then to its end
    3. solve dp/dt = p A, where A has the generator's exit rates -q(s) on the diagonal, *all* of
       them, and q(s, s') off it only where ``unchanged[axis][level of s, level of s']`` is true for
       every axis that has one. What is left out would have been seen, and was not.

The sum of p at the end is the likelihood; p divided by it the distribution of the state at the end
given all that was recorded. An uncertain change costs nothing extra: in its days the levels move
only from those outside it to those in it, so whether it has come can be read off the state.

Source: filtering of finite-state Markov chains, as in Bladt & Sørensen 2005 for discretely observed
ones. Cost of making the steps: breakpoints and entries, each over the steps that it spans.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from detente.conflict import freeze
from detente.evidence._record import Record, Track
from detente.values import Bools, Floats


@dataclass(frozen=True, eq=False)
class FilterStep:
    """A stretch of time; all tuples have one item for each axis of the state tensor.

    Attributes
    ----------
    start, end : float
        Years from the origin of the record. The last step has ``start == end``.
    weights : tuple of (ndarray of float64, shape (levels,), or None)
        Evidence at ``start``, before any change there.
    entered : tuple of (ndarray of float64, shape (levels,), or None)
        A change at exactly ``start`` into the levels of positive weight. Never in records made
        from a case, whose changes have a day or more.
    unchanged : tuple of (ndarray of bool, shape (levels, levels), or None)
        Level changes ``[from, to]`` that agree with the record between ``start`` and ``end``; the
        identity where the level is known not to change; None where nothing is known.
    """

    start: float
    end: float
    weights: tuple[Floats | None, ...]
    entered: tuple[Floats | None, ...]
    unchanged: tuple[Bools | None, ...]


def filter_steps(record: Record) -> tuple[FilterStep, ...]:
    """Split a record into stretches in which the same is known throughout.

    Returns
    -------
    tuple of FilterStep
        In the order of time, without holes, from ``record.start`` to ``record.end``; the last has
        no length and carries the evidence at the end.

    Examples
    --------
    >>> import datetime as dt
    >>> from detente.evidence import Entry
    >>> change = Entry("from", 1.0, 2.0, 4.0, np.array([0.0, 1.0]))
    >>> track = Track("rain", 0, ("wet", "dry"), (change,))
    >>> made = filter_steps(Record(dt.date(2020, 1, 1), 0.0, 5.0, (track,)))
    >>> [(step.start, step.end) for step in made]
    [(0.0, 1.0), (1.0, 2.0), (2.0, 4.0), (4.0, 5.0), (5.0, 5.0)]
    >>> made[1].weights[0].tolist(), made[1].unchanged[0].tolist()
    ([1.0, 0.0], [[True, True], [False, True]])
    >>> made[2].weights[0].tolist(), made[2].unchanged[0].tolist()
    ([0.0, 1.0], [[True, False], [False, True]])
    """
    times = {record.start, record.end}
    for track in record.tracks:
        for entry in track.entries:
            if entry.kind != "gap":
                times |= {entry.earliest, entry.latest, entry.holds}
    breaks = sorted(time for time in times if record.start <= time <= record.end)
    told = [_told(track, breaks) for track in record.tracks]
    ends = [*breaks[1:], breaks[-1]]
    return tuple(
        FilterStep(
            start,
            end,
            tuple(own.weights[place] for own in told),
            tuple(own.entered[place] for own in told),
            tuple(own.unchanged[place] for own in told),
        )
        for place, (start, end) in enumerate(zip(breaks, ends, strict=True))
    )


@dataclass(frozen=True, eq=False)
class _Told:
    """What one track says at and after each break."""

    weights: list[Floats | None]
    entered: list[Floats | None]
    unchanged: list[Bools | None]

    def weigh(self, place: int, weights: Floats) -> None:
        before = self.weights[place]
        self.weights[place] = freeze(weights.copy() if before is None else before * weights)

    def keep(self, places: range, kept: Bools) -> None:
        for place in places:
            before = self.unchanged[place]
            self.unchanged[place] = kept if before is None else freeze(before & kept)


def _told(track: Track, breaks: list[float]) -> _Told:
    size = len(track.levels)
    unchanged = freeze(np.eye(size, dtype=bool))
    told = _Told([None] * len(breaks), [None] * len(breaks), [None] * len(breaks))
    at = {time: place for place, time in enumerate(breaks)}
    for entry in track.entries:
        if entry.kind == "gap":
            continue
        turned = entry.weights > 0
        instant = entry.earliest == entry.latest
        if entry.kind == "seen" and entry.earliest in at:
            told.weigh(at[entry.earliest], entry.weights)
        elif entry.kind == "from" and instant and entry.earliest in at:
            told.entered[at[entry.earliest]] = entry.weights
        elif entry.kind == "from" and not instant:
            if entry.earliest in at:
                told.weigh(at[entry.earliest], (~turned).astype(np.float64))
            if entry.latest in at:
                told.weigh(at[entry.latest], entry.weights)
        first, last, until = (
            bisect_left(breaks, time) for time in (entry.earliest, entry.latest, entry.holds)
        )
        turning = freeze(unchanged | (~turned[:, None] & turned))
        told.keep(range(first, last), turning if entry.kind == "from" else unchanged)
        told.keep(range(last, until), unchanged)
    return told
