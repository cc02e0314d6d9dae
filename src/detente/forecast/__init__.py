"""What follows from the equilibrium: distributions, paths, and temporal probabilities."""

from detente.forecast.accumulate import accumulated
from detente.forecast.chain import Chain, chain_of
from detente.forecast.durations import Durations, recurrences, spells
from detente.forecast.expectations import Expectation, Expectations, expectations
from detente.forecast.long_run import LongRun, Settled, long_run
from detente.forecast.observed import Filtered, observe
from detente.forecast.path_statistics import (
    Changes,
    Order,
    Quantiles,
    changes,
    order,
    quantiles,
)
from detente.forecast.paths import Paths, distribution, expected_paths
from detente.forecast.quantity import Quantity
from detente.forecast.question import (
    Probability,
    ask_average,
    ask_expected,
    ask_probability,
    probability,
    read_average,
    read_off,
    solve_averages,
    solve_queries,
)
from detente.forecast.simulate import Simulation, simulate
from detente.forecast.start import start_distribution
from detente.forecast.timing import ExpectedTime, expected_time

__all__ = [
    "Chain",
    "Changes",
    "Durations",
    "Expectation",
    "Expectations",
    "ExpectedTime",
    "Filtered",
    "LongRun",
    "Order",
    "Paths",
    "Probability",
    "Quantiles",
    "Quantity",
    "Settled",
    "Simulation",
    "accumulated",
    "ask_average",
    "ask_expected",
    "ask_probability",
    "chain_of",
    "changes",
    "distribution",
    "expectations",
    "expected_paths",
    "expected_time",
    "long_run",
    "observe",
    "order",
    "probability",
    "quantiles",
    "read_average",
    "read_off",
    "recurrences",
    "simulate",
    "solve_averages",
    "solve_queries",
    "spells",
    "start_distribution",
]
