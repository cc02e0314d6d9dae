"""The first place on a way through the parameters at which an answer has another word.

The way goes from the stated values to changed ones whose answer has another word; places on it are
2,048ths of it. Where the slope at the start leads towards the answer at the end, the way is taken
to cross the edge of the word once, and the crossing is guessed from what is solved already: shares
of the way as a polynomial of the answers, the slope at the start among them (inverse interpolation,
Press et al. 2007, *Numerical Recipes*, sections 3.2 and 9.3). Else eight stretches are solved and
the first that ends in another word is taken. Places that round outwards to the same changes are one
place, so few guesses do. What is returned was solved from scratch. Cost: about four solutions where
there is a slope, at most some twenty.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from detente.explanation._effects import Change, Solver, Try

Word = Callable[[float], str]
STRETCHES = 8
"""Parts of a way of which the first that ends in another word is taken."""
_PLACES = 2048
_DIGITS = 3
_BISECT = 4
"""Every so many guesses the middle is tried, so that bad guesses do not go on."""
_NEAREST = 4
"""Solved places from which the next is guessed."""

Found = tuple[Change, float]
"""A change that gives another word, and its answer."""


@dataclass(frozen=True, slots=True)
class Road:
    """A way from the stated values to an end whose answer has another word.

    Attributes
    ----------
    at : callable
        From a share of the way to the change there.
    stated : mapping of str to float
        The values at its start.
    answer : float
        At its end.
    slope : float
        Change of the answer by share of the way at its start; nan where it is not known.
    """

    at: Callable[[float], Change]
    stated: Mapping[str, float]
    answer: float
    slope: float


def first_flips(
    solver: Solver, roads: Sequence[Road], value: float, word: Word
) -> list[Found | None]:
    """Return the first flip on each of several ways; their next places are solved side by side."""
    found: list[Found | None] = [None] * len(roads)
    searches = [_search(road, value, word) for road in roads]
    wanted = {k: next(search) for k, search in enumerate(searches)}
    while wanted:
        answers = iter(solver.answers([one for tries in wanted.values() for one in tries]))
        going: dict[int, Sequence[Try]] = {}
        for k, tries in wanted.items():
            try:
                going[k] = searches[k].send([next(answers) for _ in tries])
            except StopIteration as end:
                found[k] = end.value
        wanted = going
    return found


def _search(
    road: Road, value: float, word: Word
) -> Generator[Sequence[Try], list[float], Found | None]:
    """Yield what is to be solved next and take the answers; return the flip."""
    end = road.at(1.0)

    def flips(answer: float) -> bool:
        return word(answer) not in ("", word(value))

    def rounded(place: int, digits: int = _DIGITS) -> Change:
        return {
            name: _outwards(to, road.stated[name], end[name], digits)
            for name, to in road.at(place / _PLACES).items()
        }

    low, high, slope = 0, _PLACES, road.slope
    known = {0: value, _PLACES: road.answer}
    if not slope * (road.answer - value) > 0.0:
        slope = math.nan
        places = [k * _PLACES // STRETCHES for k in range(1, STRETCHES)]
        known |= zip(places, (yield [(road.at(k / _PLACES), True) for k in places]), strict=True)
        high = min(place for place, answer in known.items() if flips(answer))
        low = high - _PLACES // STRETCHES
    edge = _edge(value, known[high], flips)
    count = 0
    while rounded(low + 1) != rounded(high):
        count += 1
        guess = _crossing(known, slope, edge) if count % _BISECT else math.nan
        middle = (low + high + 1) // 2
        place = min(max(math.ceil(guess), low + 1), high) if math.isfinite(guess) else middle
        while place < high and rounded(place + 1) == rounded(place):
            place += 1
        while rounded(place) == rounded(high):
            place -= 1
        (answer,) = yield [(road.at(place / _PLACES), True)]
        known[place] = answer
        low, high = (low, place) if flips(answer) else (place, high)
    for digits in (_DIGITS, _DIGITS + 1, 8):
        change = rounded(high, digits)
        (answer,) = yield [(change, False)]
        if flips(answer):
            return change, answer
    return None


def _edge(value: float, answer: float, flips: Callable[[float], bool]) -> float:
    """Return the answer between two at which the word changes."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (low, middle) if flips(value + middle * (answer - value)) else (middle, high)
    return value + high * (answer - value)


def _crossing(known: Mapping[int, float], slope: float, edge: float) -> float:
    """Return the place at which a polynomial through the nearest solved ones has an answer.

    By Newton's divided differences; the start counts twice where there is a slope. nan where two
    answers are the same.
    """
    near = sorted(
        ((answer, float(place)) for place, answer in known.items() if math.isfinite(answer)),
        key=lambda one: abs(one[0] - edge),
    )[:_NEAREST]
    twice = 1 if math.isnan(slope) else 2
    nodes = [one for one in near for _ in range(twice if one[1] == 0.0 else 1)]
    answers, table = [one[0] for one in nodes], [one[1] for one in nodes]
    found, factor = table[0], 1.0
    for order in range(1, len(nodes)):
        ends = zip(answers, answers[order:], strict=False)
        steps = [
            (after - before, b - a)
            for (before, after), (a, b) in zip(ends, pairwise(table), strict=True)
        ]
        if any(gap == 0.0 and (order > 1 or step) for gap, step in steps):
            return math.nan
        # Nothing by nothing is the start beside itself: what its slope says.
        table = [step / gap if gap else _PLACES / slope for gap, step in steps]
        factor *= edge - answers[order - 1]
        found += factor * table[0]
    return found


def _outwards(to: float, start: float, end: float, digits: int) -> float:
    """Round away from the start, to some digits, but not past the end."""
    if to in (start, 0.0):
        return to
    places = digits - 1 - math.floor(math.log10(abs(to)))
    unit = 10.0**-places
    rounded = round((math.ceil if end > start else math.floor)(to / unit) * unit, places)
    return min(rounded, max(end, to)) if end > start else max(rounded, min(end, to))
