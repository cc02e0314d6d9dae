"""Compile what most tests need before they start, as each worker would do for itself otherwise.

Kernels lie on the disk afterwards, so that a second run takes seconds. `make test` does it on one
core while types are checked on the other.
"""

from __future__ import annotations

import numpy as np

import detente
from detente.bargaining import compare_models, table_of
from detente.claims import claim_slopes
from detente.conflict import Conflict
from detente.oneshot import mixed_equilibria, one_shot
from detente.workbench._warm import warm


def compile_kernels() -> None:
    """Compile what the live page compiles, slopes, large and one-shot games, and bargaining."""
    for _ in warm():
        pass
    for name in ("sanctions", "peninsula"):
        claim_slopes(detente.load(name))
    actors, shape = ("a", "b", "c"), (40, 40, 40)
    large = np.random.default_rng(1).normal(size=shape)
    Conflict.build(
        {actor: {"x": 40} for actor in actors},
        dict.fromkeys(actors, large),
        precision=dict.fromkeys(actors, 1.0),
        discount=dict.fromkeys(actors, 0.1),
    ).equilibrium(1e-3)
    mixed_equilibria(one_shot(detente.load("chicken").conflict()))
    compare_models(table_of(detente.load("market")))


if __name__ == "__main__":
    compile_kernels()
