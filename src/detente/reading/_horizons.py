"""When something is said to happen: *by 2030*, *over the next two years*, *this decade*.

Set phrases stand in ``horizons.csv``; numbers, years and dates are read by pattern. Days are given
where the words and the date of the document say them: a period begins on that date. *By 2030* ends
with that year, *before 2030* with the year before; *two years* are counted from the date. What
lies before the document's date is no horizon. Cost: linear in the sentence.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterator

from detente.reading._cues import cue_table
from detente.reading._marks import Horizon, Span
from detente.reading._tokens import Tokens

_NUMBERS = {
    **{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8},
    **{"nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "eighteen": 18},
    **{"twenty": 20, "thirty": 30, "fifty": 50, "a": 1, "an": 1},
}
_DAYS = {"day": 1, "week": 7}
_MONTHS_OF = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?:(?:{'|'.join(_NAMES)})[a-z]{{0,6}}\.?)"
_COUNT = rf"(?:\d{{1,3}}|{'|'.join(word for word in _NUMBERS if len(word) > 2)})"
_UNIT = r"(?P<unit>day|week|month|quarter|year|decade)s?\b"
_PERIOD = re.compile(
    rf"\b(?:within|in|over|during|for|throughout|across|inside)\s(?:at\sleast\s)?(?:about\s)?(?:"
    rf"the\s(?:next|coming|following|ensuing)\s(?:(?:{_COUNT}\sto\s|{_COUNT}-)?(?P<next>{_COUNT})"
    rf"[\s-]|(?P<vague>few|several|couple\sof)\s)?"
    rf"|(?P<count>{_COUNT}|an?)[\s-]|(?P<some>a\sfew|several|a\scouple\sof)\s){_UNIT}(?!-)",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"\b(?P<how>by|before|until|till|through|in|during)\s(?:around\s|about\s)?"
    rf"(?P<part>the\send\sof\s|end\s|year-end\s|early[\s-]|mid[\s-]|late[\s-])?"
    rf"(?:(?P<first>\d{{1,2}})\s)?(?:(?P<month>{_MONTH})\s)?(?:(?P<day>\d{{1,2}}),?\s)?"
    r"(?:the\s)?(?P<year>(?:19|20|21)\d\d)(?P<s>s?)\b(?![-–])",
    re.IGNORECASE,
)


def horizon_of(tokens: Tokens, date: datetime.date | None, future: bool) -> Horizon | None:
    """Return the first horizon of a sentence.

    Parameters
    ----------
    tokens : Tokens
    date : date or None
        Of the document.
    future : bool
        Whether the sentence speaks of what will or may be; without a date of the document only
        then is a year a horizon, and one after *in* only where the sentence begins with it.

    Examples
    --------
    >>> from detente.reading._tokens import tokens_of
    >>> tokens = tokens_of("It will fail within 18 months.")
    >>> found = horizon_of(tokens, datetime.date(2021, 3, 15), future=True)
    >>> found.span.text, found.end
    ('within 18 months', datetime.date(2022, 9, 15))
    """
    found = [
        *_set_phrases(tokens, date, future),
        *_periods(tokens, date),
        *_years(tokens, date, future),
    ]
    return min(found, key=lambda one: (one.span.start, -one.span.end), default=None)


def _set_phrases(tokens: Tokens, date: datetime.date | None, future: bool) -> Iterator[Horizon]:
    for cue in cue_table("horizons").find(tokens):
        past = tokens.at(cue.start - 1) == "earlier" or (cue.sign == "year" and not future)
        if tokens.quoted[cue.start] or past:
            continue
        span = tokens.span(cue.start, cue.end)
        count, _, unit = cue.sign.rpartition(" ")
        if cue.sign == "open" or date is None:
            yield Horizon(span, None, None)
        elif count.isdigit():
            yield Horizon(span, date, _later(date, unit, int(count)))
        else:
            start, end = _calendar(date, unit, 1 if count == "next" else 0)
            yield Horizon(span, start if count else date, end)


def _periods(tokens: Tokens, date: datetime.date | None) -> Iterator[Horizon]:
    for match in _PERIOD.finditer(tokens.text):
        span = Span(match.start(), match.end(), match.group())
        said = match["next"] or match["count"]
        vague = match["vague"] or match["some"]
        number = 1 if said is None else _NUMBERS.get(said.lower()) or int(said)
        if match["count"] and match.group().lower().startswith(
            ("for", "over", "during", "through")
        ):
            continue
        known = date is not None and not vague
        end = _later(date, match["unit"].lower(), number) if date and known else None
        yield Horizon(span, date if known else None, end)


def _years(tokens: Tokens, date: datetime.date | None, future: bool) -> Iterator[Horizon]:
    for match in _YEAR.finditer(tokens.text):
        year, how = int(match["year"]), match["how"].lower()
        part = (match["part"] or "").strip().lower()
        decade = bool(match["s"])
        said = how not in {"in", "during"} or match.start() == 0
        if date is None and not (future and said):
            continue
        if date is not None and (
            year + 9 * decade < date.year or (year == date.year and not future)
        ):
            continue
        end = _end_of(match, year + 9 * decade)
        if how == "before" and "end" not in part:
            end = _end_before(match, year)
        if part.startswith(("early", "late", "mid")) and not match["month"]:
            end = datetime.date(year, 6, 30) if part.startswith("mid") else None
        start = date
        if how in {"in", "during"} and end is not None and not decade:
            first = datetime.date(year, end.month if match["month"] else 1, 1)
            start = max(date, first) if date is not None else first
        yield Horizon(Span(match.start(), match.end(), match.group()), start, end)


def _end_of(match: re.Match[str], year: int) -> datetime.date | None:
    if not match["month"]:
        return datetime.date(year, 12, 31)
    month = _month(match["month"])
    day = match["first"] or match["day"]
    last = calendar.monthrange(year, month)[1]
    return datetime.date(year, month, min(int(day), last) if day and int(day) else last)


def _end_before(match: re.Match[str], year: int) -> datetime.date | None:
    month = _month(match["month"]) if match["month"] else 1
    day = int(match["first"] or match["day"] or 1)
    last = calendar.monthrange(year, month)[1]
    return datetime.date(year, month, max(1, min(day, last))) - datetime.timedelta(days=1)


def _month(name: str) -> int:
    return _NAMES.index(name[:3].lower()) + 1


def _later(date: datetime.date, unit: str, count: int) -> datetime.date | None:
    """Return the day so much later, the last of its month where that is shorter."""
    try:
        if unit in _DAYS:
            return date + datetime.timedelta(days=_DAYS[unit] * count)
        months = date.year * 12 + date.month - 1 + _MONTHS_OF[unit] * count
        year, month = divmod(months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return datetime.date(year, month + 1, min(date.day, last))
    except (OverflowError, ValueError, calendar.IllegalMonthError):
        return None


def _calendar(
    date: datetime.date, unit: str, ahead: int
) -> tuple[datetime.date | None, datetime.date | None]:
    """Return the first and last day of this week, month, year, decade or century, or the next."""
    if unit == "week":
        if not 7 < date.toordinal() < datetime.date.max.toordinal() - 14:
            return None, None
        first = date + datetime.timedelta(days=7 * ahead - date.weekday())
        return first, first + datetime.timedelta(days=6)
    length = _MONTHS_OF[unit]
    months = date.year * 12 + (date.month - 1 if unit == "month" else 0)
    begin = (months // length + ahead) * length
    if unit == "century":
        begin += 12
    year, month = divmod(begin + length - 1, 12)
    if year > datetime.MAXYEAR or begin < 12:
        return None, None
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(begin // 12, begin % 12 + 1, 1), datetime.date(year, month + 1, last)
