"""Which inputs an answer depends on: Sobol indices, Morris effects, and one input at a time."""

from detente.study.sensitivity._morris import MorrisEffects, morris_effects
from detente.study.sensitivity._sobol import SobolIndices, sobol_indices
from detente.study.sensitivity._tornado import Bar, Tornado, tornado

__all__ = [
    "Bar",
    "MorrisEffects",
    "SobolIndices",
    "Tornado",
    "morris_effects",
    "sobol_indices",
    "tornado",
]
