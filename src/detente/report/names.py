"""Names as a reader wants them: titles of actors, level names without underscores, dates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from detente.case.model import Case

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")
_DAYS = 365.25


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
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


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


@dataclass(frozen=True, slots=True)
class Names:
    """What the variables and levels of one case are called in the report."""

    case: Case

    def actor(self, name: str) -> str:
        """Return an actor's title."""
        return {actor.name: actor.title or spaced(actor.name) for actor in self.case.actors}[name]

    def variable(self, name: str) -> str:
        """Return what an option or condition is called."""
        actor, dot, option = name.partition(".")
        return f"{self.actor(actor)}: {spaced(option)}" if dot else spaced(name).capitalize()

    def levels(self, name: str) -> tuple[str, ...]:
        """Return the level names of an option or condition, as in the case."""
        for actor in self.case.actors:
            for option in actor.options:
                if option.full_name == name:
                    return option.levels
        return {c.name: c.levels for c in self.case.conditions}[name]

    def when(self, years: float) -> str:
        """Return a time, counted from the start of the case's clock, as month or years."""
        if self.case.start is None:
            return f"{years:.3g} years"
        date = self.case.start + dt.timedelta(days=round(years * _DAYS))
        return f"{_MONTHS[date.month - 1]} {date.year}"

    def ticks(self, years: float) -> list[tuple[float, str]]:
        """Return where a time axis of some years is marked, and with what (empty: unlabelled)."""
        if self.case.start is None:
            step = max(1, round(years / 5))
            marks = [(float(t), str(t)) for t in range(0, int(years + 1e-9) + 1, step)]
        else:
            start = self.case.start
            later = range(start.year + 1, start.year + 2 + int(years))
            found = [((dt.date(y, 1, 1) - start).days / _DAYS, str(y)) for y in later]
            marks = [(t, label) for t, label in found if t <= years]
        gap = max(1, -(-len(marks) // 3))
        return [(t, label if k % gap == 0 else "") for k, (t, label) in enumerate(marks)]
