"""What happened, beside the forecast: the record as drawings, and as rows with their sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from detente.analysis import Analysis, Citation, cited
from detente.case import Case, Labels
from detente.drawing import ForecastLevels, record_figure
from detente.evidence import Entry, Record, Track
from detente.text import calendar_marks, day, listed, show, spaced

_MARKS = 7


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One row of the record as printed; its source as a citation, or None in a cut."""

    when: str
    what: str
    source: Citation | None
    confidence: str
    note: str


@dataclass(frozen=True, slots=True)
class TrackRows:
    """One variable: the drawing and the rows it is made of."""

    title: str
    drawing: Markup
    rows: tuple[RecordRow, ...]


@dataclass(frozen=True, slots=True)
class RecordRows:
    """The variables of which something is recorded, and in words those of which nothing is."""

    since: str
    until: str
    tracks: tuple[TrackRows, ...]
    unrecorded: str


def record_rows(findings: Analysis) -> RecordRows | None:
    """Return the record of a case, drawn and listed; None where the case has no history."""
    known = findings.record
    if known is None:
        return None
    times = findings.study.times + today_of(findings.case, known)
    forecasts = {
        name: ForecastLevels(times, quantiles[2], findings.expected_levels.get(name))
        for name, quantiles in findings.quantiles.items()
    }
    return recorded(findings.case, known, forecasts)


def today_of(case: Case, known: Record) -> float:
    """Return when the forecast starts, in years of the record."""
    return known.end if case.start is None else known.years(case.start)


def recorded(
    case: Case, known: Record, forecasts: Mapping[str, ForecastLevels], only: Sequence[str] = ()
) -> RecordRows:
    """Return a record, drawn beside what is forecast and listed.

    Parameters
    ----------
    case : Case
    known : Record
    forecasts : mapping of str to ForecastLevels
        By variable.
    only : sequence of str
        The variables that are wanted; all by default.
    """
    names = Labels(case)
    tracks = [track for track in known.tracks if not only or track.variable in only]
    nothing = [names.variable(track.variable) for track in tracks if not track.entries]
    last = known.origin + dt.timedelta(days=round(known.end * 365.25) - 1)
    return RecordRows(
        since=day(known.origin),
        until=day(last),
        tracks=tuple(
            _track(t, known, forecasts[t.variable], case, names) for t in tracks if t.entries
        ),
        unrecorded=listed(nothing) if nothing else "",
    )


def _track(
    track: Track, known: Record, forecast: ForecastLevels, case: Case, names: Labels
) -> TrackRows:
    rows = tuple(_row(entry, track, case) for entry in track.entries)
    title = names.variable(track.variable)
    end = max(known.end, float(forecast.times[-1]))
    drawing = record_figure(
        track, forecast, (known.start, known.end, end), _ticks(known, end),
        (
            f"{title}: what is recorded, and from today on what is forecast",
            [spaced(level) for level in track.levels],
            [_told(row) for row in rows],
        ),
    )  # fmt: skip
    return TrackRows(title, drawing, rows)


def _row(entry: Entry, track: Track, case: Case) -> RecordRow:
    observed = entry.row
    assert observed is not None
    when = day(observed.date)
    if observed.until is not None:
        when += f" to {day(observed.until)}"
    source = case.sources.get(observed.source)
    return RecordRow(
        when,
        _what(entry, track),
        None if source is None else cited(source),
        observed.confidence,
        observed.note,
    )


def _what(entry: Entry, track: Track) -> str:
    if entry.kind == "gap":
        return "nothing known"
    several = [
        f"{spaced(level)} ({show(weight, 'share')})" if weight < 1.0 else spaced(level)
        for level, weight in zip(track.levels, entry.weights, strict=True)
        if weight > 0.0
    ]
    words = " or ".join(several)
    return f"change to {words}" if entry.kind == "from" else words


def _told(row: RecordRow) -> str:
    source = "" if row.source is None else f"{row.source.title} ({row.source.id})"
    parts = (f"{row.when}: {row.what}", source, row.note)
    return ". ".join(part for part in parts if part)


def _ticks(known: Record, end: float) -> list[tuple[float, str]]:
    """Return where years or months begin, one in so many with its label."""
    last = known.origin + dt.timedelta(days=int(end * 365.25))
    marks = calendar_marks(known.origin, last, _MARKS)
    return [(known.years(at), words) for at, words in marks]
