"""What in a table is sound, but most likely a slip of the pen.

A name that is nearly that of another actor, and a red line on a side to which its actor never
moves. Only an actor with a single position, on an issue where the other has none, is taken for the
other. Cost: actors with a single position times actors, red lines times actors.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

import numpy as np

from detente.bargaining._table import BargainingTable
from detente.text import show

_ALIKE = 0.8


def likely_slips(table: BargainingTable) -> tuple[str, ...]:
    """Return a sentence for each slip.

    Examples
    --------
    >>> from detente.bargaining import bargaining_table
    >>> cells = {
    ...     "cut": {"north": (100, 1, 1), "south": (0, 1, 1)},
    ...     "fund": {"nroth": (20, 1, 1), "south": (90, 1, 1)},
    ...     "seats": {"north": (9, 1, 1), "south": (5, 1, 1)},
    ... }
    >>> likely_slips(bargaining_table(cells))
    ('nroth is party to one issue only; did you mean north?',)
    """
    return (*_names(table), *_red_lines(table))


def _names(table: BargainingTable) -> Iterator[str]:
    issues = table.party.sum(axis=1)
    for i in np.flatnonzero(issues == 1):
        (k,) = np.flatnonzero(table.party[i])
        # Of two with one position each, the later is named.
        others = np.flatnonzero(~table.party[:, k] & ((issues > 1) | (np.arange(len(issues)) < i)))
        meant = _alike(table.actors[i], [table.actors[j] for j in others])
        if meant:
            yield f"{table.actors[i]} is party to one issue only; did you mean {meant}?"


def _alike(name: str, others: list[str]) -> str:
    """Return the name that is the same but for a letter or two of each word."""
    words = name.casefold().split()
    for other in others:
        found = other.casefold().split()
        pairs = zip(words, found, strict=True) if len(words) == len(found) else [(words, found)]
        if all(_share("".join(a), "".join(b)) >= _ALIKE for a, b in pairs):
            return other
    return ""


def _share(word: str, other: str) -> float:
    """Return the share of letters in common, 0 where a bound of it is too low already."""
    match = difflib.SequenceMatcher(None, word, other)
    bounds = (match.real_quick_ratio(), match.quick_ratio())
    return match.ratio() if min(bounds) >= _ALIKE else 0.0


def _red_lines(table: BargainingTable) -> Iterator[str]:
    position, line = table.position, table.red_line
    for i, k in np.argwhere(~np.isnan(line) & (line != position)):
        side = np.sign(line[i, k] - position[i, k])
        if not (side * (position[:, k] - position[i, k]) > 0).any():
            at = show(float(line[i, k]), "fine")
            yield (
                f"the red line of {table.actors[i]} on {table.issues[k]} ({at}) binds nothing: "
                "nobody stands on that side"
            )
