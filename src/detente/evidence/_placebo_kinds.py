"""Ways of making an actor's preferences mean nothing, each a placebo of the stated ones.

A way changes nothing but preferences: options, costs, paces, precisions, patience, views,
conditions and claims stay as they are. Two ways that come to the same preferences are one, and
what comes to the stated ones is none. Where a kind has no more ways than are asked for, all are
taken; otherwise a random sample of different ones. Cost: linear in the ways.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, chain, islice, pairwise, permutations, product, repeat

import numpy as np

from detente.case import Actor, Case, Ranking, Statements, Weights
from detente.expression import Formula, Namespace, compile_formula

KINDS = {
    "swapped": "Each actor, or each of some, gets the preferences of another.",
    "turned": "The preferences of one actor or more are turned round: the best state is the worst.",
    "signs": "A coin says of each weight (or statement, or ranking) whether it is turned round.",
    "shuffled": "Each actor's weights are dealt out anew among its own issues (its statements or "
    "ranked groups among their places).",
}
"""The kinds of placebo, and what is changed in each."""

Preference = Weights | Statements | Ranking
Way = tuple[tuple[int, ...], ...]
_ATTEMPTS = 20
"""Random ways that are tried for each that is wanted: many may come to the same."""


def placebo_cases(
    case: Case, kind: str, most: int, generator: np.random.Generator
) -> tuple[list[Case], bool]:
    """Return a case with placebos of its preferences.

    Parameters
    ----------
    case : Case
    kind : str
        One of `KINDS`.
    most : int
        How many at most.
    generator : numpy Generator

    Returns
    -------
    list of Case
    bool
        Whether these are all there are.

    Examples
    --------
    >>> import detente
    >>> found, all_ways = placebo_cases(
    ...     detente.load("chicken"), "swapped", 50, np.random.default_rng(1)
    ... )
    >>> len(found), all_ways
    (1, True)
    """
    sizes = [_terms(actor.preference, kind) for actor in case.actors]
    everything = _number(kind, sizes) - 1 <= most
    ways = (
        _all_ways(kind, sizes)
        if everything
        else islice(_random_ways(kind, sizes, generator), _ATTEMPTS * most)
    )
    seen, found = {_key([actor.preference for actor in case.actors])}, list[Case]()
    for way in ways:
        preferences = _changed(case, kind, way)
        key = _key(preferences)
        if key not in seen:
            seen.add(key)
            actors = zip(case.actors, preferences, strict=True)
            found.append(replace(case, actors=tuple(_with(*pair) for pair in actors)))
        if len(found) == most:
            break
    return found, everything


def _with(actor: Actor, preference: Preference) -> Actor:
    return replace(actor, preference=preference)


def _terms(preference: Preference, kind: str) -> int:
    """Return how many parts of a preference are turned round or dealt out by themselves."""
    match preference:
        case Weights(items):
            return len(items)
        case Statements(formulas):
            return len(formulas)
        case Ranking(groups):
            return len(groups) if kind == "shuffled" else 1


def _number(kind: str, sizes: Sequence[int]) -> int:
    match kind:
        case "swapped":
            return math.factorial(len(sizes))
        case "turned":
            return int(2 ** len(sizes))
        case "signs":
            return int(2 ** sum(sizes))
    return math.prod(map(math.factorial, sizes))


def _all_ways(kind: str, sizes: Sequence[int]) -> Iterator[Way]:
    match kind:
        case "swapped":
            return ((way,) for way in permutations(range(len(sizes))))
        case "turned":
            bits = product((0, 1), repeat=len(sizes))
            return (_alike(way, sizes) for way in bits)
        case "signs":
            return (_cut(way, sizes) for way in product((0, 1), repeat=sum(sizes)))
    return product(*(permutations(range(size)) for size in sizes))


def _random_ways(kind: str, sizes: Sequence[int], generator: np.random.Generator) -> Iterator[Way]:
    def order(size: int) -> tuple[int, ...]:
        return tuple(int(k) for k in generator.permutation(size))

    def coins(count: int) -> tuple[int, ...]:
        return tuple(int(bit) for bit in generator.integers(2, size=count))

    for _ in repeat(None):
        match kind:
            case "swapped":
                yield (order(len(sizes)),)
            case "turned":
                yield _alike(coins(len(sizes)), sizes)
            case "signs":
                yield _cut(coins(sum(sizes)), sizes)
            case _:
                yield tuple(order(size) for size in sizes)


def _alike(bits: Sequence[int], sizes: Sequence[int]) -> Way:
    return tuple((bit,) * size for bit, size in zip(bits, sizes, strict=True))


def _cut(bits: Sequence[int], sizes: Sequence[int]) -> Way:
    return tuple(tuple(bits[a:b]) for a, b in pairwise(accumulate(sizes, initial=0)))


def _changed(case: Case, kind: str, way: Way) -> list[Preference]:
    stated = [actor.preference for actor in case.actors]
    if kind == "swapped":
        return [stated[k] for k in way[0]]
    change = _dealt_out if kind == "shuffled" else _turned
    return [
        change(preference, part, case.namespace)
        for preference, part in zip(stated, way, strict=True)
    ]


def _turned(preference: Preference, bits: Sequence[int], names: Namespace) -> Preference:
    """Turn round the parts whose bit is 1."""
    match preference:
        case Weights(items):
            return Weights(
                tuple(
                    (issue, _negative(weight, names) if bit else weight)
                    for (issue, weight), bit in zip(items, bits, strict=True)
                )
            )
        case Statements(formulas):
            return Statements(
                tuple(
                    _where(f"not ({formula.text})", names) if bit else formula
                    for formula, bit in zip(formulas, bits, strict=True)
                )
            )
        case Ranking(groups):
            return Ranking(_apart(groups, names)[::-1]) if bits[0] else preference


def _dealt_out(preference: Preference, order: Sequence[int], names: Namespace) -> Preference:
    match preference:
        case Weights(items):
            weights = [items[k][1] for k in order]
            issues = (issue for issue, _ in items)
            return Weights(tuple(zip(issues, weights, strict=True)))
        case Statements(formulas):
            return Statements(tuple(formulas[k] for k in order))
        case Ranking(groups):
            apart = _apart(groups, names)
            return Ranking(tuple(apart[k] for k in order))


def _apart(groups: Sequence[Formula], names: Namespace) -> tuple[Formula, ...]:
    """Return groups that overlap nowhere: a state belongs to the first of the stated ones."""
    return tuple(
        _where(" and ".join([f"({group.text})", *(f"not ({g.text})" for g in groups[:k])]), names)
        for k, group in enumerate(groups)
    )


def _negative(weight: Formula, names: Namespace) -> Formula:
    return compile_formula(f"-({weight.text})", names, "number")


def _where(text: str, names: Namespace) -> Formula:
    return compile_formula(text, names, "truth")


def _key(preferences: Sequence[Preference]) -> tuple[object, ...]:
    """Return what tells preferences apart: their kind and what is written in them."""
    return tuple(chain.from_iterable(map(_written, preferences)))


def _written(preference: Preference) -> tuple[object, ...]:
    match preference:
        case Weights(items):
            return ("weights", *sorted((issue, weight.text) for issue, weight in items))
        case Statements(formulas):
            return ("statements", *(formula.text for formula in formulas))
        case Ranking(groups):
            return ("ranking", *(group.text for group in groups))
