"""What follows from the equilibrium: distributions, paths, and temporal probabilities."""

from detente.forecast.chain import Chain, chain_of
from detente.forecast.paths import Paths, distribution, expected_paths
from detente.forecast.question import (
    Probability,
    ask_average,
    ask_expected,
    ask_probability,
    probability,
    read_off,
    solve_queries,
)
from detente.forecast.simulate import Simulation, simulate
from detente.forecast.start import start_distribution

__all__ = [
    "Chain",
    "Paths",
    "Probability",
    "Simulation",
    "ask_average",
    "ask_expected",
    "ask_probability",
    "chain_of",
    "distribution",
    "expected_paths",
    "probability",
    "read_off",
    "simulate",
    "solve_queries",
    "start_distribution",
]
