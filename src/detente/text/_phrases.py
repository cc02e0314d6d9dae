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
