"""What follows from the equilibrium: distributions, paths, and temporal probabilities."""

from detente.forecast.chain import Chain, chain_of
from detente.forecast.durations import Durations, recurrences, spells
from detente.forecast.expectations import Expectation, Expectations, expectations
from detente.forecast.path_statistics import (
    Changes,
    Order,
    Quantiles,
    changes,
    order,
    quantiles,
)
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
    "Changes",
    "Durations",
    "Expectation",
    "Expectations",
    "Order",
    "Paths",
    "Probability",
    "Quantiles",
    "Simulation",
    "ask_average",
    "ask_expected",
    "ask_probability",
    "chain_of",
    "changes",
    "distribution",
    "expectations",
    "expected_paths",
    "order",
    "probability",
    "quantiles",
    "read_off",
    "recurrences",
    "simulate",
    "solve_queries",
    "spells",
    "start_distribution",
]
