"""What a blind forecast is asked: the level of each variable, once a quarter, where it was seen.

From a day on, time is cut into quarters of a year. For each variable and quarter the record is
asked for the last moment at which it knows the level; that moment and level are a question and its
outcome. A variable that was watched all the time so counts as often as one that was seen by chance
each quarter, and never more. Where several levels are possible the outcome is a set of weights.
Cost: quarters times entries.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from detente.evidence._record import Entry, Record, Track
from detente.values import Floats

QUARTER = 0.25
"""Years between questions about a variable."""


@dataclass(frozen=True, eq=False)
class ForecastQuestion:
    """One question and its outcome.

    Attributes
    ----------
    variable : str
    axis : int
        Of the state tensor.
    time : float
        Years from the origin of the record.
    outcome : ndarray, (levels,)
        Weights of the levels, summing to one: one level has it all, unless the coding is uncertain.
    """

    variable: str
    axis: int
    time: float
    outcome: Floats


def forecast_questions(
    record: Record, after: float, horizon: float | None = None, every: float = QUARTER
) -> tuple[ForecastQuestion, ...]:
    """Return what a record can be asked about the time after some day.

    Parameters
    ----------
    after : float
        Years from its origin; questions are about later moments only.
    horizon : float, optional
        Years after that up to which to ask; the whole record by default.
    every : float
        Years between questions about a variable.

    Returns
    -------
    tuple of ForecastQuestion
        By variable, then time.

    Examples
    --------
    >>> import detente
    >>> from detente.evidence import observed_record
    >>> known = observed_record(detente.load("peninsula"))
    >>> asked = forecast_questions(known, known.end - 1.0)
    >>> sorted({q.variable for q in asked})[:2], len(asked)
    (['attention', 'china.enforcement'], 20)
    """
    end = record.end if horizon is None else min(record.end, after + horizon)
    count = max(math.ceil((end - after) / every - 1e-9), 0)
    found = []
    for track in record.tracks:
        for k in range(count):
            first, last = after + k * every, min(after + (k + 1) * every, end)
            seen = last_seen(track, first, last)
            if seen is not None:
                found.append(ForecastQuestion(track.variable, track.axis, *seen))
    return tuple(found)


def last_seen(track: Track, first: float, last: float) -> tuple[float, Floats] | None:
    """Return the last moment in (first, last] at which the level is known, and its weights.

    Parameters
    ----------
    first, last : float
        Years; ``-inf`` is allowed.
    """
    times = [min(known[1], last) for known in map(spell, track.entries) if known[0] <= last]
    time = max((t for t in times if t > first), default=None)
    if time is None:
        return None
    return time, known_at(track, time)


def known_at(track: Track, time: float) -> Floats:
    """Return weights of the levels at a time from all entries that know it, summing to one."""
    weights = np.ones(len(track.levels))
    for entry in sorted(track.entries, key=lambda entry: spell(entry)[0]):
        begins, ends = spell(entry)
        if begins <= time <= ends:
            both = weights * entry.weights
            # Where one level ends at the instant at which the next begins, it is the next one.
            weights = both if both.any() else entry.weights
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def spell(entry: Entry) -> tuple[float, float]:
    """Return from when to when an entry knows the level; an empty stretch for a gap."""
    if entry.kind == "gap":
        return np.inf, -np.inf
    return (entry.earliest, entry.latest) if entry.kind == "seen" else (entry.latest, entry.holds)
