"""Small random conflicts whose numbers lie far apart, as an analyst may write them.

Each has one or two of these: precision 50, a discount rate of 1e-4, no costs, utilities a million
times and a billionth of one another's, issues worth 1e6 beside issues worth 1e-9, rates from 1e-6
to 1e4, options that are nearly the same, several equilibria.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from random_conflicts import Spec, random_spec

Bend = Callable[[Spec, np.random.Generator], Spec]


def extreme_spec(seed: int, largest: int = 24) -> tuple[tuple[str, ...], Spec]:
    """Return what is extreme about the conflict of a seed, and the conflict."""
    rng = np.random.default_rng([seed, 101])
    names = list(BENDS)
    kind = seed % (len(names) + 1)
    both = rng.choice(names, 2, replace=False).tolist()
    chosen = both if kind == len(names) else [names[kind]]
    spec = random_spec(rng, largest=largest, sharpness=1.0)
    for name in chosen:
        spec = BENDS[name](spec, rng)
    return tuple(chosen), spec


def span(values: np.ndarray) -> float:
    """Return the largest difference; 1 where all are equal."""
    return float(np.ptp(values)) or 1.0


def worth(spec: Spec, utility: Mapping[str, np.ndarray]) -> Spec:
    """Return the conflict with other utilities, costs and precision in the same proportion."""
    change = {a: span(utility[a]) / span(spec.utility[a]) for a in spec.actors}
    costs = {a: {o: m * change[a] for o, m in own.items()} for a, own in spec.costs.items()}
    precision = {a: p / change[a] for a, p in spec.precision.items()}
    return replace(spec, utility=utility, costs=costs, precision=precision)


def precise(spec: Spec, rng: np.random.Generator) -> Spec:
    return replace(spec, precision={a: 50.0 / span(u) for a, u in spec.utility.items()})


def patient(spec: Spec, rng: np.random.Generator) -> Spec:
    return replace(spec, discount=dict.fromkeys(spec.actors, 1e-4))


def free(spec: Spec, rng: np.random.Generator) -> Spec:
    costs = {a: {o: 0.0 * m for o, m in own.items()} for a, own in spec.costs.items()}
    return replace(spec, costs=costs)


def scales(spec: Spec, rng: np.random.Generator) -> Spec:
    units = rng.permutation([1e6, 1e-9, 1.0])
    return worth(spec, {a: u * x for (a, u), x in zip(spec.utility.items(), units, strict=False)})


def issues(spec: Spec, rng: np.random.Generator) -> Spec:
    large = {a: 1e6 * u * (rng.random(u.shape) < 0.5) for a, u in spec.utility.items()}
    return worth(spec, {a: u + 1e-9 * rng.normal(size=u.shape) for a, u in large.items()})


def rates(spec: Spec, rng: np.random.Generator) -> Spec:
    jumps = {name: rate * 10.0 ** rng.uniform(-6.0, 2.0) for name, rate in spec.jumps.items()}
    own = {a: float(10.0 ** rng.uniform(-6.0, 4.0)) for a in spec.actors}
    return replace(spec, rates=own, jumps=jumps)


def nearly_equal(spec: Spec, rng: np.random.Generator) -> Spec:
    axis = int(rng.integers(len(spec.shape)))
    close = {}
    for actor, utility in spec.utility.items():
        same = np.broadcast_to(utility.take([0], axis=axis), spec.shape)
        apart = span(utility) * float(rng.choice([1e-6, 1e-9, 1e-12, 0.0]))
        close[actor] = same + apart * rng.normal(size=spec.shape)
    return worth(spec, close)


def several(spec: Spec, rng: np.random.Generator) -> Spec:
    """Everyone wants its first option where the others' are, or all want to be apart."""
    place = np.indices(spec.shape)
    first = [next(k for k, (a, _) in enumerate(spec.axes) if a == actor) for actor in spec.actors]
    own = [place[k] / (spec.shape[k] - 1) for k in first]
    middle = sum(own) / len(own)
    aim = middle if rng.random() < 0.5 else 1.0 - middle
    wanted = {
        a: -((x - aim) ** 2) + 0.02 * rng.normal(size=spec.shape)
        for a, x in zip(spec.actors, own, strict=True)
    }
    sharp = {a: float(rng.choice([1.0, 3.0, 10.0])) / span(u) for a, u in wanted.items()}
    return replace(worth(spec, wanted), precision=sharp)


BENDS: Mapping[str, Bend] = {
    "precision 50": precise,
    "discount 1e-4": patient,
    "no costs": free,
    "utilities 1e6 beside 1e-9": scales,
    "issues 1e6 beside 1e-9": issues,
    "rates 1e-6 to 1e4": rates,
    "options nearly equal": nearly_equal,
    "several equilibria": several,
}
