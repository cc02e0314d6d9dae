"""Small random conflicts, as plain arrays that any test can rebuild, permute or solve by hand.

A ``Spec`` holds everything that `detente.Conflict.build` takes, one array a thing, and knows
nothing of detente's own layout. ``random_spec`` draws one with any mix of: 1-3 actors with 1-2
options of 2-4 levels, one-way and matrix moves, costs (a step or a matrix), infeasible states,
conditions whose rates depend on the state, actors that never move, ties, and unequal rates,
precisions and discounts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from detente.conflict import Conflict

NAMES = ("us", "china", "dprk", "rok")
OPTIONS = ("offer", "press")
CONDITIONS = ("rivalry", "harvest")


@dataclass(frozen=True)
class Spec:
    """A conflict as plain arrays.

    ``levels[actor][option]`` and ``conditions[name]`` are numbers of levels; ``moves`` and
    ``costs`` are matrices ``[from, to]`` by actor and option; ``jumps[name]`` is of shape +
    (levels,).
    """

    levels: Mapping[str, Mapping[str, int]]
    conditions: Mapping[str, int]
    utility: Mapping[str, np.ndarray]
    feasible: np.ndarray
    moves: Mapping[str, Mapping[str, np.ndarray]]
    costs: Mapping[str, Mapping[str, np.ndarray]]
    jumps: Mapping[str, np.ndarray]
    rates: Mapping[str, float]
    precision: Mapping[str, float]
    discount: Mapping[str, float]
    names: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def actors(self) -> list[str]:
        """The actors in order."""
        return list(self.levels)

    @property
    def shape(self) -> tuple[int, ...]:
        """Levels on each axis: options by actor, then conditions."""
        own = [n for options in self.levels.values() for n in options.values()]
        return (*own, *self.conditions.values())

    @property
    def axes(self) -> list[tuple[str | None, str]]:
        """(actor or None, option or condition) of each axis."""
        own = [(a, o) for a, options in self.levels.items() for o in options]
        return [*own, *((None, name) for name in self.conditions)]

    def build(self, **change: object) -> Conflict:
        """Return the conflict; keywords replace arguments of `Conflict.build`."""
        arguments = {
            "options": {
                a: {o: self.names.get(f"{a}.{o}", n) for o, n in options.items()}
                for a, options in self.levels.items()
            },
            "utility": self.utility,
            "feasible": self.feasible,
            "moves": self.moves,
            "conditions": {
                name: {"levels": n, "rate": self.jumps[name]} for name, n in self.conditions.items()
            },
            "rates": self.rates,
            "precision": self.precision,
            "discount": self.discount,
            "costs": self.costs,
        }
        return Conflict.build(**{**arguments, **change})  # type: ignore[arg-type]


def random_spec(
    rng: np.random.Generator,
    actors: int | None = None,
    largest: int = 48,
    sharpness: float = 2.0,
    conditions: int | None = None,
) -> Spec:
    """Draw a conflict of at most ``largest`` states.

    ``sharpness`` scales the precisions; up to about 2 branches rarely fold.
    """
    while True:
        spec = _draw(rng, actors or int(rng.integers(1, 4)), sharpness, conditions)
        if np.prod(spec.shape) <= largest:
            return spec


def random_conflict(seed: int, **settings: object) -> Conflict:
    """Return the conflict of one seed."""
    return random_spec(np.random.default_rng(seed), **settings).build()  # type: ignore[arg-type]


def _draw(rng: np.random.Generator, count: int, sharpness: float, nature: int | None) -> Spec:
    actors = NAMES[:count]
    levels = {
        a: {o: int(rng.integers(2, 5)) for o in OPTIONS[: rng.integers(1, 3)]} for a in actors
    }
    wanted = int(rng.integers(0, 3)) if nature is None else nature
    conditions = {name: int(rng.integers(2, 4)) for name in CONDITIONS[:wanted]}
    own = [n for options in levels.values() for n in options.values()]
    shape = (*own, *conditions.values())

    feasible = np.ones(shape, dtype=bool)
    if rng.random() < 0.6:
        feasible = rng.random(shape) < 0.8
        feasible.reshape(-1)[rng.choice(feasible.size, 2, replace=False)] = True
    utility = {}
    for actor in actors:
        flow = rng.normal(size=shape) * 10.0 ** rng.uniform(-1.0, 1.0) + rng.normal() * 3.0
        utility[actor] = np.round(flow, 1) if rng.random() < 0.3 else flow
    discount = {a: float(rng.choice([0.05, 0.1, 0.3, 1.0])) for a in actors}
    rates = {a: float(rng.choice([0.0, 0.5, 1.0, 4.0], p=[0.1, 0.3, 0.3, 0.3])) for a in actors}
    precision = {
        a: float(rng.choice([0.0, 0.3, 1.0, 2.0], p=[0.1, 0.3, 0.4, 0.2]))
        * sharpness
        / (float(np.ptp(utility[a])) or 1.0)
        for a in actors
    }
    return Spec(
        levels=levels,
        conditions=conditions,
        utility=utility,
        feasible=feasible,
        moves={a: {o: _moves(rng, n) for o, n in own.items()} for a, own in levels.items()},
        costs={
            a: {o: _costs(rng, n) * float(np.ptp(utility[a])) for o, n in own.items()}
            for a, own in levels.items()
        },
        jumps={name: _jumps(rng, shape, n) for name, n in conditions.items()},
        rates=rates,
        precision=precision,
        discount=discount,
    )


def _moves(rng: np.random.Generator, n: int) -> np.ndarray:
    kind = rng.choice(["any", "up", "down", "matrix"], p=[0.5, 0.15, 0.15, 0.2])
    everything = np.ones((n, n), dtype=bool)
    matrix = rng.random((n, n)) < 0.5
    np.fill_diagonal(matrix, True)
    shapes = {
        "any": everything, "up": np.triu(everything), "down": np.tril(everything), "matrix": matrix,
    }  # fmt: skip
    return shapes[str(kind)]


def _costs(rng: np.random.Generator, n: int) -> np.ndarray:
    kind = rng.choice(["none", "step", "matrix"])
    if kind == "none":
        return np.zeros((n, n))
    if kind == "step":
        return rng.exponential(0.3) * np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    matrix = rng.exponential(0.5, size=(n, n))
    np.fill_diagonal(matrix, 0.0)
    return matrix


def _jumps(rng: np.random.Generator, shape: tuple[int, ...], n: int) -> np.ndarray:
    rate = rng.exponential(0.7, size=(*shape, n))
    return np.where(rng.random(rate.shape) < 0.3, 0.0, rate)
