"""Compile what most tests need before they start, as each worker would do for itself otherwise.

Kernels lie on the disk afterwards, so that a second run takes seconds. `make test` does it on one
core while types are checked on the other.
"""

from __future__ import annotations

import detente
from detente.bargaining import compare_models, table_of
from detente.claims import claim_slopes
from detente.oneshot import mixed_equilibria, one_shot
from detente.workbench._warm import warm


def compile_kernels() -> None:
    """Compile what the live page compiles, and slopes, one-shot games and bargaining."""
    for _ in warm():
        pass
    for name in ("sanctions", "peninsula"):
        claim_slopes(detente.load(name))
    mixed_equilibria(one_shot(detente.load("chicken").conflict()))
    compare_models(table_of(detente.load("market")))


if __name__ == "__main__":
    compile_kernels()
