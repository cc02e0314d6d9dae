"""Identifiers, dates, counts and lists in words."""

from __future__ import annotations

import datetime as dt

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")


def spaced(identifier: str) -> str:
    """Return an identifier as words.

    Examples
    --------
    >>> spaced("level_2017")
    'level 2017'
    """
    return identifier.replace("_", " ")


def day(date: dt.date) -> str:
    """Return a date in the report's style.

    Examples
    --------
    >>> day(dt.date(2021, 3, 15))
    '15 Mar 2021'
    """
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def calendar_marks(first: dt.date, last: dt.date, most: int) -> list[tuple[dt.date, str]]:
    """Return where a time axis is marked, and with what (empty: unlabelled).

    Marks stand where years begin; where fewer than two do, at quarters, or else at months. One in
    so many has a label that at most `most` have one, a year that begins among them.

    Examples
    --------
    >>> [words for _, words in calendar_marks(dt.date(2023, 3, 1), dt.date(2024, 1, 1), 4)]
    ['Apr', 'July', 'Oct', '2024']
    """
    months = [
        dt.date(year, k, 1) for year in range(first.year, last.year + 1) for k in range(1, 13)
    ]
    found: list[dt.date] = []
    for step in (12, 3, 1):
        found = [at for at in months if first <= at <= last and (at.month - 1) % step == 0]
        if len(found) > 1:
            break
    gap = max(1, -(-len(found) // most))
    lead = next((k for k, at in enumerate(found) if at.month == 1), 0)
    return [
        (at, "" if (k - lead) % gap else str(at.year) if at.month == 1 else MONTHS[at.month - 1])
        for k, at in enumerate(found)
    ]


def plural(count: int, noun: str) -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> plural(1, "draw"), plural(2, "draw")
    ('1 draw', '2 draws')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def listed(words: list[str]) -> str:
    """Return words as a list in a sentence.

    Examples
    --------
    >>> listed(["C1", "C2", "C3"])
    'C1, C2 and C3'
    """
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def and_more(count: int) -> list[str]:
    """Return the last line of a list that leaves out so many; no line where it leaves out none.

    Examples
    --------
    >>> and_more(1_200), and_more(0)
    (['  and 1,200 more'], [])
    """
    return [f"  and {count:,} more"] if count > 0 else []
