"""The time line of a record as text: a line for each variable, the years across.

Every column is a stretch of time of equal length. It shows the last level known in it, a letter of
the level's name; nothing known is a dot, a change under way a tilde, several possible levels the
likeliest in small letters. Cost: columns times entries.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from textwrap import fill

from detente.evidence._record import YEAR, Entry, Record, Track

NOTHING, TURNING = "·", "~"
_NARROWEST = 48


def draw_timeline(record: Record, width: int = 80) -> str:
    """Draw a record.

    Parameters
    ----------
    record : Record
    width : int, default 80
        Columns; at least 48 are used.

    Returns
    -------
    str
        A line of years, a line for each variable, and a legend of the letters.

    Examples
    --------
    >>> import datetime as dt, numpy as np
    >>> wet = Entry("seen", 0.5, 1.0, 1.0, np.array([1.0, 0.0]))
    >>> dry = Entry("from", 2.0, 3.0, 4.0, np.array([0.0, 1.0]))
    >>> track = Track("rain", 0, ("wet", "dry"), (wet, dry))
    >>> print(draw_timeline(Record(dt.date(2020, 1, 1), 0.0, 4.0, (track,)), 48))
             20        21        22       23
    rain     ····WWWWWW·········~~~~~~~~~~DDDDDDDDDD
    <BLANKLINE>
    rain     W wet, D dry
    · nothing known   ~ a change under way   small letter: uncertain
    """
    names = max([len(track.variable) for track in record.tracks], default=0) + 1
    names = max(names, 8)
    columns = max(width, _NARROWEST) - names - 1
    span = (record.end - record.start) / columns
    edges = [record.start + span * column for column in range(columns + 1)]
    ticks = _ticks(record, edges)
    years = [" "] * columns
    for column, year in _labels(ticks):
        years[column : column + 2] = f"{year % 100:02d}"
    lines = [" " * (names + 1) + "".join(years[:columns]).rstrip()]
    legend = []
    for track in record.tracks:
        letters = letters_for(track.levels)
        cells = [_cell(track, start, end, letters) for start, end in pairwise(edges)]
        lines.append(f"{track.variable:{names}} " + "".join(cells))
        told = ", ".join(f"{x} {level}" for x, level in zip(letters, track.levels, strict=True))
        legend.append(f"{track.variable:{names}} {told}")
    lines += ["", *legend]
    lines.append(
        f"{NOTHING} nothing known   {TURNING} a change under way   small letter: uncertain"
    )
    return "\n".join(lines)


def list_rows(record: Record, width: int = 80) -> str:
    """List the rows of a record in the order of time, each with its source and note.

    Parameters
    ----------
    record : Record
    width : int, default 80

    Examples
    --------
    >>> import detente
    >>> from detente.evidence import observed_record
    >>> print(list_rows(observed_record(detente.load("peninsula"), until="2006-07-10")))
    2006-07-01 to 2006-07-10 rivalry seen managed
        widely-documented, medium: Regular dialogues, quarrels handled, up to the
        first tariffs
    2006-07-05               dprk.conduct from strategic
        cns-missiles, high: Unha rocket, failed; six shorter missiles the same day
    """
    lines = []
    for row in record.rows():
        days = row["date"] or f"{row['earliest']:.3f}"
        if row["until"]:
            days += f" to {row['until']}"
        several = len(row["levels"]) > 1
        levels = " or ".join(
            f"{level} ({weight:g})" if several else level for level, weight in row["levels"].items()
        )
        lines.append(f"{days:24} {row['variable']} {row['kind']} {levels}".rstrip())
        told = ", ".join(filter(None, (row["source"], row["confidence"])))
        told = ": ".join(filter(None, (told, row["note"])))
        if told:
            lines.append(fill(told, width, initial_indent="    ", subsequent_indent="    "))
    return "\n".join(lines)


def letters_for(levels: Sequence[str]) -> list[str]:
    """Return a capital or digit for each level, each once.

    Examples
    --------
    >>> letters_for(["strategic", "short_range", "moratorium"]), letters_for(["0", "1"])
    (['S', 'H', 'M'], ['0', '1'])
    """
    taken: list[str] = []
    spare = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    for level in levels:
        wanted = [*(char for char in level.upper() if char.isalnum()), *spare]
        taken.append(next((char for char in wanted if char not in taken), "?"))
    return taken


def _cell(track: Track, start: float, end: float, letters: Sequence[str]) -> str:
    """Return what is last known of a variable in a stretch of time."""
    last, shown = -1.0, NOTHING
    for entry in track.entries:
        if entry.kind == "gap" or entry.earliest >= end:
            continue
        turning = entry.kind == "from" and entry.latest >= end and entry.latest > entry.earliest
        until = entry.latest if turning else entry.holds
        point = entry.earliest == until
        inside = (start < until) or (point and start <= until)
        if inside and min(until, end) >= last:
            last = min(until, end)
            shown = TURNING if turning else _letter(entry, letters)
    return shown


def _letter(entry: Entry, letters: Sequence[str]) -> str:
    best = letters[int(entry.weights.argmax())]
    return best if entry.weights.max() == entry.weights.sum() else best.lower()


def _ticks(record: Record, edges: Sequence[float]) -> list[tuple[int, int]]:
    """Return (column, year) where a year begins; the first column names the year it lies in."""
    first = record.origin + dt.timedelta(days=round(record.start * YEAR))
    last = record.origin + dt.timedelta(days=round(record.end * YEAR))
    span = edges[1] - edges[0]
    ticks = [(0, first.year)]
    for year in range(first.year + 1, last.year + 1):
        column = int((record.years(dt.date(year, 1, 1)) - record.start) / span + 0.5)
        if column < len(edges) - 2:
            ticks.append((column, year))
    return ticks


def _labels(ticks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leave out the years that would run into each other."""
    kept: list[tuple[int, int]] = []
    for column, year in ticks:
        if not kept or column >= kept[-1][0] + 3:
            kept.append((column, year))
        elif len(kept) == 1:
            kept[0] = (column, year)
    return kept
