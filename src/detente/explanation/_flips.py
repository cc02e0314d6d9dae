"""The nearest change of the assumptions that flips a verdict: one parameter, then two together.

One parameter moves from its stated value towards an end of its range at which the word is another
one; the first of eight stretches that ends in another word is halved until the place is known. Two
move together, each in the direction that brings the answer nearer to the edge of its interval and
by shares of their ranges in the proportion of their slopes, which is the shortest way where the
answer is straight; the place is found in the same way. Distances are shares of the ranges (two: the
root of the sum of squares). Every change is rounded outwards and seen to flip by solving the model
there anew. Cost: about sixteen solves per candidate, of which the few nearest by their ends are
tried.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from detente.explanation._effects import Change, ParameterEffect, Solver
from detente.text import Result, listed, precise, show
from detente.values import plain_fields

Word = Callable[[float], str]
STRETCHES = 8
"""Parts of a way of which the first that ends in another word is halved."""
HALVINGS = 8
CANDIDATES = 6
"""Parameters that are tried alone, and from which pairs are made."""
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Flip(Result):
    """A change of parameters that flips a verdict.

    Attributes
    ----------
    changes : mapping of str to (float, float)
        Parameter to its stated and its new value.
    answer : float
        With the new values.
    word : str
        The verdict then.
    distance : float
        How far it is, in shares of the parameters' ranges.
    """

    changes: Mapping[str, tuple[float, float]]
    answer: float
    word: str
    distance: float

    @property
    def words(self) -> str:
        """What to change."""
        return self.named()

    def named(self, title: Callable[[str], str] = str) -> str:
        """Return what to change, with a title for the name of each parameter."""
        changes = self.changes.items()
        return listed([f"{title(n)} from {precise(a)} to {precise(b)}" for n, (a, b) in changes])

    def __str__(self) -> str:
        """Return what to change, and what follows."""
        return f"{self.words}: {show(self.answer, 'fine')}, {self.word}"

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return {
            **plain_fields(self, "answer", "word", "distance"),
            "changes": {name: list(pair) for name, pair in self.changes.items()},
        }


def single_flips(
    solver: Solver, effects: Sequence[ParameterEffect], value: float, word: Word
) -> tuple[Flip, ...]:
    """Return changes of one parameter that flip the word, nearest first.

    Parameters
    ----------
    solver : Solver
    effects : sequence of ParameterEffect
    value : float
        The answer at the stated values.
    word : callable
        From an answer to its word; "" for none.
    """
    roads = [
        (effect, end, answer)
        for effect in effects
        for end, answer in ((effect.low, effect.at_low), (effect.high, effect.at_high))
        if end != effect.value and word(answer) not in ("", word(value))
    ]
    roads.sort(key=lambda road: _guess(road[0], road[1], road[2], value, word))
    found = []
    for effect, end, _ in roads[:CANDIDATES]:
        start, width = effect.value, effect.high - effect.low

        def at(share: float, effect=effect, start=start, end=end) -> Change:  # type: ignore[no-untyped-def]
            return {effect.name: start + share * (end - start)}

        flip = _first_flip(solver, at, {effect.name: start}, {effect.name: width}, value, word)
        if flip is not None:
            found.append(flip)
    return tuple(sorted(found, key=lambda flip: flip.distance))


def pair_flip(
    solver: Solver, effects: Sequence[ParameterEffect], value: float, word: Word
) -> Flip | None:
    """Return the nearest change of two parameters together that flips the word, if one is found."""
    steep = sorted(
        (e for e in effects if math.isfinite(e.local) and e.local != 0.0),
        key=lambda effect: -abs(effect.local),
    )[:CANDIDATES]
    roads = [
        (pair, sign)
        for pair in combinations(steep, 2)
        for sign in (-1.0, 1.0)
        if _reach(pair, sign) > 0.0
    ]
    ends = solver.answers([_along(pair, sign, _reach(pair, sign)) for pair, sign in roads])
    open_roads = [
        (pair, sign, answer)
        for (pair, sign), answer in zip(roads, ends, strict=True)
        if word(answer) not in ("", word(value))
    ]
    open_roads.sort(key=lambda road: -math.hypot(*(e.local for e in road[0])))
    found = []
    for pair, sign, _ in open_roads[: CANDIDATES // 2]:
        reach = _reach(pair, sign)

        def at(share: float, pair=pair, sign=sign, reach=reach) -> Change:  # type: ignore[no-untyped-def]
            return _along(pair, sign, share * reach)

        stated = {e.name: e.value for e in pair}
        widths = {e.name: e.high - e.low for e in pair}
        flip = _first_flip(solver, at, stated, widths, value, word)
        if flip is not None:
            found.append(flip)
    return min(found, key=lambda flip: flip.distance, default=None)


def _guess(effect: ParameterEffect, end: float, answer: float, value: float, word: Word) -> float:
    """Return the distance at which a straight line between the two answers changes its word."""
    far = abs(end - effect.value) / (effect.high - effect.low)
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        changed = word(value + middle * (answer - value)) != word(value)
        low, high = (low, middle) if changed else (middle, high)
    return high * far


def _first_flip(
    solver: Solver, at: Callable[[float], Change], stated: Change, widths: Change, value: float,
    word: Word,
) -> Flip | None:  # fmt: skip
    """Return the first flip on a road whose end flips, by halving, rounded and solved again."""
    before = word(value)
    between = [k / STRETCHES for k in range(1, STRETCHES)]
    answers = solver.answers([at(share) for share in between])
    changed_at = [k for k, x in zip(between, answers, strict=True) if word(x) not in ("", before)]
    high = min(changed_at, default=1.0)
    low = high - 1.0 / STRETCHES
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        (answer,) = solver.answers([at(middle)])
        changed = word(answer) not in ("", before)
        low, high = (low, middle) if changed else (middle, high)
    end = at(1.0)
    for digits in (_DIGITS, _DIGITS + 1, 8):
        change = {
            name: _outwards(to, stated[name], end[name], digits) for name, to in at(high).items()
        }
        (answer,) = solver.answers([change])
        if word(answer) not in ("", before):
            shares = [(to - stated[name]) / widths[name] for name, to in change.items()]
            pairs = {name: (stated[name], to) for name, to in change.items()}
            return Flip(pairs, answer, word(answer), math.hypot(*shares))
    return None


def _outwards(to: float, start: float, end: float, digits: int) -> float:
    """Round away from the start, to some digits, but not past the end."""
    if to in (start, 0.0):
        return to
    places = digits - 1 - math.floor(math.log10(abs(to)))
    unit = 10.0**-places
    rounded = round((math.ceil if end > start else math.floor)(to / unit) * unit, places)
    return min(rounded, max(end, to)) if end > start else max(rounded, min(end, to))


def _direction(pair: Sequence[ParameterEffect], sign: float) -> tuple[float, ...]:
    """Return by how much of its range each goes for one unit of the way."""
    size = math.hypot(*(effect.local for effect in pair))
    return tuple(sign * effect.local / size for effect in pair)


def _reach(pair: Sequence[ParameterEffect], sign: float) -> float:
    """Return how far both can go before one comes to an end of its range."""
    return min(
        ((effect.high if share > 0.0 else effect.low) - effect.value)
        / (share * (effect.high - effect.low))
        for effect, share in zip(pair, _direction(pair, sign), strict=True)
    )


def _along(pair: Sequence[ParameterEffect], sign: float, far: float) -> Change:
    return {
        effect.name: effect.value + far * share * (effect.high - effect.low)
        for effect, share in zip(pair, _direction(pair, sign), strict=True)
    }
