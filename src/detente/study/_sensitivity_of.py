"""Which inputs an answer depends on, as the design of its draws allows."""

from __future__ import annotations

from detente.engine import Seed, generator_of
from detente.study._design import Design
from detente.study._drivers import Driver, drivers
from detente.study.sensitivity import (
    MorrisEffects,
    SobolIndices,
    Tornado,
    morris_effects,
    sobol_indices,
    tornado,
)
from detente.values import Floats


def sensitivity_of(
    design: Design, answers: Floats, rng: Seed = 0
) -> SobolIndices | MorrisEffects | Tornado | tuple[Driver, ...]:
    """Return indices, effects or a tornado of the designs that are for them, else correlations.

    Parameters
    ----------
    design : Design
    answers : ndarray, (draws,)
        nan where a draw has none.
    rng : int, numpy Generator or None
        Seed or generator of the bootstrap of Morris effects.
    """
    generator = generator_of(rng)
    match design.kind:
        case "saltelli":
            return sobol_indices(design.names, design.shares, answers)
        case "morris":
            return morris_effects(design.names, design.shares, answers, generator)
        case "tornado":
            return tornado(design, answers)
        case _:
            return drivers(design.names, design.values, answers)
