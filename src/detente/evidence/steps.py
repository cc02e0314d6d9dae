"""The record as a filter takes it: stretches of time in which the same is known throughout.

The exact likelihood of a partly observed path needs no more than this. Carry p, the weight of each
state together with all that was recorded so far, from ``start``, where the distribution p is given:

for each step, at its start
    1. multiply p by ``weights[axis]`` along each axis that has them;
    2. where ``entered`` is given for some axis (a change at exactly this time), replace p(s') by
       sum over s of p(s) q(s, s'), over pairs that differ in each such axis, from a level of
       weight zero to one of positive weight, and differ in no axis whose ``kept`` forbids it;
       multiply by ``entered[axis]``. p is then a density, per year for each such change;
then to its end
    3. solve dp/dt = p A, where A has the generator's exit rates -q(s) on the diagonal, *all* of
       them, and q(s, s') off it only where ``kept[axis][level of s, level of s']`` is true for
       every axis that has one. What is left out would have been seen, and was not.

The sum of p at the end is the likelihood; p divided by it the distribution of the state at the end
given all that was recorded. A uncertain change costs nothing extra: in its days the levels move
only from those outside it to those in it, so whether it has come can be read off the state.

Source: filtering of finite-state Markov chains, as in Bladt & Sørensen 2005 for discretely observed
ones. Cost of making the steps: breakpoints times entries.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.evidence.history import Entry, Record, Track

Weights = NDArray[np.float64]
Kept = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Step:
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
    kept : tuple of (ndarray of bool, shape (levels, levels), or None)
        Level changes ``[from, to]`` that agree with the record between ``start`` and ``end``; the
        identity where the level is known not to change; None where nothing is known.
    """

    start: float
    end: float
    weights: tuple[Weights | None, ...]
    entered: tuple[Weights | None, ...]
    kept: tuple[Kept | None, ...]


def steps(record: Record) -> tuple[Step, ...]:
    """Split a record into stretches in which the same is known throughout.

    Parameters
    ----------
    record : Record

    Returns
    -------
    tuple of Step
        In the order of time, without holes, from ``record.start`` to ``record.end``; the last has
        no length and carries the evidence at the end.

    Examples
    --------
    >>> import datetime as dt
    >>> change = Entry("from", 1.0, 2.0, 4.0, np.array([0.0, 1.0]))
    >>> track = Track("rain", 0, ("wet", "dry"), (change,))
    >>> made = steps(Record(dt.date(2020, 1, 1), 0.0, 5.0, (track,)))
    >>> [(step.start, step.end) for step in made]
    [(0.0, 1.0), (1.0, 2.0), (2.0, 4.0), (4.0, 5.0), (5.0, 5.0)]
    >>> made[1].weights[0].tolist(), made[1].kept[0].tolist()
    ([1.0, 0.0], [[True, True], [False, True]])
    >>> made[2].weights[0].tolist(), made[2].kept[0].tolist()
    ([0.0, 1.0], [[True, False], [False, True]])
    """
    times = {record.start, record.end}
    for track in record.tracks:
        for entry in track.entries:
            if entry.kind != "gap":
                times |= {entry.earliest, entry.latest, entry.holds}
    breaks = sorted(time for time in times if record.start <= time <= record.end)
    made = []
    for place, start in enumerate(breaks):
        end = breaks[place + 1] if place + 1 < len(breaks) else start
        made.append(
            Step(
                start,
                end,
                tuple(_weights(track, start) for track in record.tracks),
                tuple(_entered(track, start) for track in record.tracks),
                tuple(_kept(track, start, end) for track in record.tracks),
            )
        )
    return tuple(made)


def _weights(track: Track, time: float) -> Weights | None:
    found: list[Weights] = []
    for entry in track.entries:
        if entry.kind == "seen" and entry.earliest == time:
            found.append(entry.weights)
        elif entry.kind == "from" and entry.earliest < entry.latest:
            if entry.earliest == time:
                found.append((entry.weights == 0).astype(np.float64))
            if entry.latest == time:
                found.append(entry.weights)
    return _frozen(np.prod(found, axis=0)) if found else None


def _entered(track: Track, time: float) -> Weights | None:
    for entry in track.entries:
        if entry.kind == "from" and entry.earliest == entry.latest == time:
            return entry.weights
    return None


def _kept(track: Track, start: float, end: float) -> Kept | None:
    size = len(track.levels)
    kept: Kept | None = None
    for entry in track.entries:
        if entry.kind == "gap":
            continue
        if _within(start, end, entry) and entry.kind == "from":
            turned = entry.weights > 0
            own = np.eye(size, dtype=bool) | (~turned[:, None] & turned)
        elif _within(start, end, entry) or (entry.latest <= start and end <= entry.holds):
            own = np.eye(size, dtype=bool)
        else:
            continue
        kept = own if kept is None else kept & own
    if kept is not None:
        kept.setflags(write=False)
    return kept


def _within(start: float, end: float, entry: Entry) -> bool:
    return entry.earliest <= start and end <= entry.latest and entry.earliest < entry.latest


def _frozen(array: Weights) -> Weights:
    array.setflags(write=False)
    return array
