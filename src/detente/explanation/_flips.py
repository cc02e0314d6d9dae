"""The nearest change of the assumptions that flips a verdict: one parameter, then two together.

One parameter moves from its stated value towards an end of its range at which the word is another
one. Two move together, each in the direction that brings the answer nearer to the edge of its
interval and by shares of their ranges in the proportion of their slopes, which is the shortest way
where the answer is straight. The first place on the way with another word is found as `_road` says.
Distances are shares of the ranges (two: the root of the sum of squares). Every change is rounded
outwards and seen to flip by solving the model there anew. Cost: about four solves per candidate, of
which the few nearest by their ends are tried.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from detente.explanation._effects import Change, ParameterEffect, Solver
from detente.explanation._road import Road, Word, first_flips
from detente.study import DOUBT
from detente.text import Result, listed, precise, show
from detente.values import plain_fields

HALVINGS = 8
CANDIDATES = 6
"""Parameters that are tried alone, and from which pairs are made."""


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

    def flips(answer: float) -> bool:
        return word(answer) not in ("", word(value))

    def guessed(effect: ParameterEffect, answer: float) -> float:
        doubtful = effect.by_slope and not flips(answer)
        return value + DOUBT * (answer - value) if doubtful else answer

    ends = [
        (effect, end, guessed(effect, answer))
        for effect in effects
        for end, answer in ((effect.low, effect.at_low), (effect.high, effect.at_high))
        if end != effect.value
    ]
    open_ends = [one for one in ends if flips(one[2])]
    open_ends.sort(key=lambda one: _guess(one[0], one[1], one[2], value, word))
    roads: list[Road] = []
    while open_ends and len(roads) < CANDIDATES:
        some = open_ends[: CANDIDATES - len(roads)]
        open_ends = open_ends[len(some) :]
        solved = iter(solver.answers([({e.name: end}, False) for e, end, _ in some if e.by_slope]))
        roads += [
            _alone(effect, end, answer)
            for effect, end, known in some
            if flips(answer := next(solved) if effect.by_slope else known)
        ]
    widths = {effect.name: effect.high - effect.low for effect in effects}
    found = _as_flips(solver, roads, widths, value, word)
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
    roads.sort(key=lambda road: -math.hypot(*(e.local for e in road[0])))

    def flips(answer: float) -> bool:
        return word(answer) not in ("", word(value))

    open_roads: list[Road] = []
    hopeful = [one for one in roads if flips(value + DOUBT * _straight(*one))]
    while hopeful and len(open_roads) < CANDIDATES // 2:
        some, hopeful = hopeful[:CANDIDATES], hopeful[CANDIDATES:]
        ends = [(_along(pair, sign, _reach(pair, sign)), False) for pair, sign in some]
        open_roads += [
            _both(pair, sign, answer)
            for (pair, sign), answer in zip(some, solver.answers(ends), strict=True)
            if flips(answer)
        ]
    widths = {effect.name: effect.high - effect.low for effect in effects}
    found = _as_flips(solver, open_roads[: CANDIDATES // 2], widths, value, word)
    return min(found, key=lambda flip: flip.distance, default=None)


def _as_flips(
    solver: Solver, roads: Sequence[Road], widths: Mapping[str, float], value: float, word: Word
) -> list[Flip]:
    """Return the first flip on each of several ways, where there is one."""
    found = []
    for road, flip in zip(roads, first_flips(solver, roads, value, word), strict=True):
        if flip is not None:
            change, answer = flip
            shares = [(to - road.stated[name]) / widths[name] for name, to in change.items()]
            pairs = {name: (road.stated[name], to) for name, to in change.items()}
            found.append(Flip(pairs, answer, word(answer), math.hypot(*shares)))
    return found


def _alone(effect: ParameterEffect, end: float, answer: float) -> Road:
    """Return the way of one parameter to an end of its range."""
    start = effect.value

    def at(share: float) -> Change:
        return {effect.name: start + share * (end - start)}

    return Road(at, {effect.name: start}, answer, effect.slope * (end - start))


def _both(pair: Sequence[ParameterEffect], sign: float, answer: float) -> Road:
    """Return the way of two parameters until one is at an end of its range."""
    reach = _reach(pair, sign)

    def at(share: float) -> Change:
        return _along(pair, sign, share * reach)

    return Road(at, {e.name: e.value for e in pair}, answer, _straight(pair, sign))


def _straight(pair: Sequence[ParameterEffect], sign: float) -> float:
    """Return what the answer would change over the way of two were it a straight line."""
    return sign * _reach(pair, sign) * math.hypot(*(effect.local for effect in pair))


def _guess(effect: ParameterEffect, end: float, answer: float, value: float, word: Word) -> float:
    """Return the distance at which a straight line between the two answers changes its word."""
    far = abs(end - effect.value) / (effect.high - effect.low)
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        changed = word(value + middle * (answer - value)) != word(value)
        low, high = (low, middle) if changed else (middle, high)
    return high * far


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
