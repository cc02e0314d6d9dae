"""Names as a reader wants them: titles of actors, level names without underscores, dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from detente.case._case import Case
from detente.text import MONTHS, calendar_marks, show, spaced

_DAYS = 365.25
_MARKS = 3
"""Labels on the time axis of a small drawing."""


def variable_title(name: str, actors: Mapping[str, str]) -> str:
    """Return what an option or condition is called, with the titles of the actors that have one.

    Examples
    --------
    >>> variable_title("us.offer", {"us": "United States"}), variable_title("dry_year", {})
    ('United States: offer', 'Dry year')
    """
    actor, dot, option = name.partition(".")
    title = actors.get(actor) or spaced(actor)
    return f"{title}: {spaced(option)}" if dot else spaced(name).capitalize()


@dataclass(frozen=True, slots=True)
class Labels:
    """What the names of one case are called in the report and on the page."""

    case: Case

    def actor(self, name: str) -> str:
        """Return an actor's title."""
        return {actor.name: actor.title or spaced(actor.name) for actor in self.case.actors}[name]

    def party(self, name: str) -> str:
        """Return what a party to the table of bargaining is called: an actor by its title."""
        known = any(actor.name == name for actor in self.case.actors)
        return self.actor(name) if known else spaced(name)

    def bargained(self, name: str) -> str:
        """Return what an issue of the table of bargaining is called."""
        table = self.case.bargaining
        titles = {one.name: one.title for one in table.issues} if table else {}
        title = titles.get(name, name)
        return spaced(name) if title == name else title

    def variable(self, name: str) -> str:
        """Return what an option or condition is called."""
        return variable_title(name, {actor.name: actor.title for actor in self.case.actors})

    def parameter(self, name: str) -> str:
        """Return what a parameter is called: one of an actor by its title.

        Examples
        --------
        >>> import detente
        >>> Labels(detente.load("peninsula")).parameter("china.haste")
        'China: haste'
        """
        head, dot, tail = name.partition(".")
        titles = {actor.name: actor.title or spaced(actor.name) for actor in self.case.actors}
        return f"{titles.get(head, spaced(head))}: {spaced(tail)}" if dot else spaced(name)

    def title(self, name: str) -> str:
        """Return what an actor, option, condition or parameter is called."""
        if any(actor.name == name for actor in self.case.actors):
            return self.actor(name)
        known = name in self.case.namespace.variables
        return self.variable(name) if known else self.parameter(name)

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
            return f"{show(years, 'fine')} years"
        date = self.case.start + dt.timedelta(days=round(years * _DAYS))
        return f"{MONTHS[date.month - 1]} {date.year}"

    def ticks(self, years: float) -> list[tuple[float, str]]:
        """Return where a time axis of some years is marked, and with what (empty: unlabelled)."""
        if (start := self.case.start) is not None:
            last = start + dt.timedelta(days=years * _DAYS)
            found = calendar_marks(start + dt.timedelta(days=1), last, _MARKS)
            return [((at - start).days / _DAYS, words) for at, words in found]
        step = max(1, round(years / 5))
        marks = range(0, int(years + 1e-9) + 1, step)
        gap = max(1, -(-len(marks) // _MARKS))
        return [(float(t), "" if k % gap else str(t)) for k, t in enumerate(marks)]
