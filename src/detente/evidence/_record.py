"""The record of a case: what is known of each variable and when, in years, ready for a filter.

Rows of a case are dates; here each becomes an `Entry` with times in years from an origin, and the
entries of one variable a `Track`. A day is a stretch of time, not an instant: the row ``from
2018-06-12`` says that the change came between the beginning and the end of that day, so two actors
who act on one day act in either order, and every likelihood is a probability. Times are exact to a
day because nothing finer is recorded; entries made by hand may use instants instead (``earliest ==
latest``), and then likelihoods are densities. Cost: linear in the rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from detente.case import Case, Observation
from detente.errors import InputError
from detente.text import Result
from detente.values import Floats, data_frame, plain_fields

if TYPE_CHECKING:
    from detente.evidence._filter_steps import FilterStep

YEAR = 365.25
"""Days in a year."""


@dataclass(frozen=True, eq=False)
class Entry:
    """What one row says of one variable, in years from the origin of its record.

    ``weights[k]`` is in proportion to the likelihood of the evidence if the variable is at level
    k: zero where the row rules the level out. With x(t) the level at time t:

    ======== =============================================================================
    kind     what it says
    ======== =============================================================================
    ``seen`` x does not change in [earliest, latest]; the likelihood takes the factor
             weights[x(earliest)]. ``holds == latest``.
    ``from`` x changes exactly once in [earliest, latest], from a level of weight zero to one of
             positive weight, at a time that nothing more is known about (the model's own
             dynamics weigh it); the likelihood takes the factor weights[x(latest)]. x does not
             change in [latest, holds].
    ``gap``  nothing is known of x in [earliest, latest]; ``holds == latest``, weights all one.
    ======== =============================================================================

    Outside all [earliest, holds] of its entries a variable is not observed: it may change any
    number of times, unseen. Entries agree where they overlap (a ``seen`` inside the hold of a
    ``from`` adds its weights, nothing else). Changes of two variables at exactly one time are one
    change of both.

    Attributes
    ----------
    kind : {"seen", "from", "gap"}
    earliest, latest, holds : float
        Years. A day without `until` is 1/365.25 long for ``from``; for ``seen`` it is the instant
        at its end. ``earliest == latest`` in a ``from`` means a change at exactly that time.
    weights : ndarray of float64, shape (levels,)
        Read-only; sums to one, except in a gap.
    row : Observation or None
        Where it comes from; None when made by hand.
    """

    kind: Literal["seen", "from", "gap"]
    earliest: float
    latest: float
    holds: float
    weights: Floats
    row: Observation | None = None

    def __post_init__(self) -> None:
        own = np.array(self.weights, dtype=np.float64)
        own.setflags(write=False)
        object.__setattr__(self, "weights", own)
        if not self.earliest <= self.latest <= self.holds < np.inf:
            times = f"{self.earliest:g}, {self.latest:g}, {self.holds:g}"
            raise InputError(
                f"an entry at {times} runs backwards; put earliest, latest, holds in order"
            )
        if own.ndim != 1 or not (np.isfinite(own).all() and own.min() >= 0 and own.sum() > 0):
            raise InputError("weights of an entry are one number per level, not below 0, not all 0")
        if self.kind == "from" and own.min() > 0:
            raise InputError("a change into any of all levels says nothing; give one weight 0")

    @property
    def time(self) -> float:
        """The middle of [earliest, latest], for pictures."""
        return 0.5 * (self.earliest + self.latest)


@dataclass(frozen=True, eq=False)
class Track:
    """All that is recorded of one variable: its entries in the order of ``earliest``.

    ``axis`` is its axis in the state tensor of the conflict.
    """

    variable: str
    axis: int
    levels: tuple[str, ...]
    entries: tuple[Entry, ...]

    def __post_init__(self) -> None:
        for entry in self.entries:
            if len(entry.weights) != len(self.levels):
                given, wanted = len(entry.weights), len(self.levels)
                raise InputError(
                    f"an entry of {self.variable} has {given} weights for {wanted} levels"
                )


@dataclass(frozen=True, eq=False)
class Record(Result):
    """The tracks of all variables, in the order of the axes, from ``start`` to ``end``.

    Attributes
    ----------
    origin : datetime.date
        Time 0 is the beginning of this day.
    start, end : float
        Years; nothing is known before and after.
    tracks : tuple of Track
        One for each axis of the state tensor, those without entries too.
    until : datetime.date or None
        The last day known, when the record was cut.
    """

    origin: dt.date
    start: float
    end: float
    tracks: tuple[Track, ...]
    until: dt.date | None = None

    def __post_init__(self) -> None:
        for track in self.tracks:
            for entry in track.entries:
                if entry.earliest < self.start or entry.holds > self.end:
                    raise InputError(
                        f"an entry of {track.variable} at {entry.earliest:g} to {entry.holds:g} "
                        f"reaches outside the record, {self.start:g} to {self.end:g}; cut it there"
                    )

    def years(self, date: dt.date) -> float:
        """Return the time of the beginning of a day."""
        return (date - self.origin).days / YEAR

    @cached_property
    def steps(self) -> tuple[FilterStep, ...]:
        """The record as a filter takes it, see `detente.evidence._filter_steps`."""
        from detente.evidence._filter_steps import filter_steps

        return filter_steps(self)

    def __str__(self) -> str:
        """Draw the time line, 80 columns wide."""
        from detente.evidence._timeline import draw_timeline

        return draw_timeline(self)

    def rows(self) -> list[dict[str, Any]]:
        """Return what is known as one flat row for each entry, by time, then by variable."""
        made = []
        for track in self.tracks:
            for entry in track.entries:
                weights = {
                    name: round(float(weight), 12)
                    for name, weight in zip(track.levels, entry.weights, strict=True)
                    if weight > 0 and entry.kind != "gap"
                }
                row = entry.row
                made.append(
                    {
                        "variable": track.variable,
                        "kind": entry.kind,
                        "date": str(row.date) if row else None,
                        "until": str(row.until) if row and row.until else None,
                        "levels": weights,
                        "earliest": entry.earliest,
                        "latest": entry.latest,
                        "holds": entry.holds,
                        "source": row.source if row else "",
                        "confidence": row.confidence if row else "",
                        "note": row.note if row else "",
                        "place": row.place if row else "",
                    }
                )
        return sorted(made, key=lambda row: (row["earliest"], row["variable"]))

    def to_dict(self) -> dict[str, Any]:
        """Return the record as plain data for JSON."""
        return {
            **plain_fields(self, "origin", "start", "end", "until"),
            "variables": {track.variable: list(track.levels) for track in self.tracks},
            "entries": self.rows(),
        }

    def to_pandas(self) -> Any:
        """Return the entries as a table."""
        return data_frame(self.rows())


def observed_record(case: Case, until: dt.date | str | None = None) -> Record:
    """Return what is known of each variable of a case, and when.

    Parameters
    ----------
    case : Case
    until : datetime.date or str, optional
        The last day that may be known, see `known_by`.

    Returns
    -------
    Record
        From the first day of the case's clock (``since``, else ``start``; without a clock, of the
        first row) to the last (``end``, else of the last row) or to ``until``.

    Raises
    ------
    InputError
        When the case has no history, or ``until`` is not a date in the record.

    See Also
    --------
    Entry : what each entry says, exactly.
    detente.evidence._filter_steps.filter_steps : the same as a filter takes it.

    Examples
    --------
    >>> import detente
    >>> known = observed_record(detente.load("peninsula"), until="2021-03-15")
    >>> known.origin, round(known.end, 2), len(known.tracks)
    (datetime.date(2006, 7, 1), 14.71, 8)
    >>> moscow = known.tracks[-1]
    >>> moscow.variable, moscow.entries[0].kind, moscow.entries[0].weights.tolist()
    ('moscow', 'seen', [1.0, 0.0])
    """
    rows = case.history
    if not rows:
        raise InputError(f"the case {case.name} has no history; add rows under `history`")
    first = case.since or case.start or min(row.date for row in rows)
    last = case.end or max(row.until or row.date for row in rows)
    if until is not None:
        day = _day(until)
        if not first <= day <= last:
            raise InputError(f"until {day} is outside the record; choose from {first} to {last}")
        rows, last = known_by(rows, day), day
    else:
        day = None
    ends = last.toordinal() + 1
    names = [(o.full_name, o.levels) for actor in case.actors for o in actor.options]
    names += [(condition.name, condition.levels) for condition in case.conditions]
    tracks = tuple(
        Track(name, axis, levels, _entries(rows, name, len(levels), first.toordinal(), ends))
        for axis, (name, levels) in enumerate(names)
    )
    return Record(first, 0.0, (ends - first.toordinal()) / YEAR, tracks, day)


def known_by(rows: Iterable[Observation], until: dt.date) -> tuple[Observation, ...]:
    """Return what was known at the end of a day: nothing that happened later leaks.

    Rows that begin later are dropped and stretches of days end on that day. A change of uncertain
    date that may have come before or after the day is turned into a gap from its first day on,
    without its levels, source or note: that it was under way is not known from what happened.
    What remains of such a row is that its variable is unknown from then on.

    Rows are cut by when things happened. A source may have been written later.

    Parameters
    ----------
    rows : iterable of Observation
    until : datetime.date
        The last day that may be known.

    Examples
    --------
    >>> import datetime as dt
    >>> change = Observation(
    ...     dt.date(2020, 1, 16), "rivalry", ((1, 1.0),), "press", "from", dt.date(2020, 7, 22)
    ... )
    >>> known_by([change], dt.date(2020, 7, 22))[0].kind
    'from'
    >>> kept = known_by([change], dt.date(2020, 7, 21))[0]
    >>> kept.kind, kept.levels, kept.until
    ('gap', (), None)
    >>> known_by([change], dt.date(2020, 1, 15))
    ()
    """
    made = []
    for row in rows:
        if row.date > until:
            continue
        if (row.until or row.date) <= until:
            made.append(row)
        elif row.kind == "from":
            made.append(Observation(row.date, row.variable, (), "", "gap"))
        else:
            made.append(replace(row, until=until))
    return tuple(made)


def _day(value: dt.date | str) -> dt.date:
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise InputError(f"until {value!r} is not a date; write it as 2021-03-15") from None


def _entries(
    rows: Sequence[Observation], name: str, levels: int, first: int, ends: int
) -> tuple[Entry, ...]:
    own = [row for row in rows if row.variable == name]
    own.sort(key=lambda row: (row.first, row.kind != "seen"))
    made = []
    for place, row in enumerate(own):
        later = [other.first for other in own[place + 1 :] if other.kind != "seen"]
        last = row.last
        if row.kind == "gap" and row.until is None:
            last = min([other.first for other in own[place + 1 :]], default=ends)
        holds = min(later, default=ends) if row.kind == "from" else last
        weights = np.ones(levels)
        if row.kind != "gap":
            weights[:] = 0.0
            for level, weight in row.levels:
                weights[level] = weight
        earliest, latest, until = ((day - first) / YEAR for day in (row.first, last, holds))
        made.append(Entry(row.kind, earliest, latest, until, weights, row))
    return tuple(made)
