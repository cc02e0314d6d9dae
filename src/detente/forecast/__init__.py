"""What follows from the equilibrium: distributions, paths, and temporal probabilities."""

from detente.forecast._accumulate import accumulated, discounted
from detente.forecast._answer_slopes import AnswerSlopes, AskedFrom, answer_slopes
from detente.forecast._chain import Chain, chain_of
from detente.forecast._durations import Durations, recurrences, spells
from detente.forecast._endless_slopes import long_run_slopes
from detente.forecast._expectations import Expectation, Expectations, expectations
from detente.forecast._flow import Flow, average_flow, expected_flow, query_flow
from detente.forecast._long_run import LongRun, Settled, long_run
from detente.forecast._observed import FilteredStart, Observation, filter_observations
from detente.forecast._path_statistics import Changes, Order, Quantiles, changes, order, quantiles
from detente.forecast._paths import ExpectedPaths, carry, distribution, expected_paths, paths_over
from detente.forecast._quantity import Quantity
from detente.forecast._question import (
    Probability,
    SolvedAverage,
    ask_expected,
    ask_probability,
    average_from,
    probability,
    probability_from,
    solve_averages,
    solve_expected,
    solve_queries,
)
from detente.forecast._simulate import Simulation, simulate
from detente.forecast._start import Start, start_distribution
from detente.forecast._timing import ExpectedTime, expected_time
from detente.forecast._until import SolvedUntil

__all__ = [
    "AnswerSlopes",
    "AskedFrom",
    "Chain",
    "Changes",
    "Durations",
    "Expectation",
    "Expectations",
    "ExpectedPaths",
    "ExpectedTime",
    "FilteredStart",
    "Flow",
    "LongRun",
    "Observation",
    "Order",
    "Probability",
    "Quantiles",
    "Quantity",
    "Settled",
    "Simulation",
    "SolvedAverage",
    "SolvedUntil",
    "Start",
    "accumulated",
    "answer_slopes",
    "ask_expected",
    "ask_probability",
    "average_flow",
    "average_from",
    "carry",
    "chain_of",
    "changes",
    "discounted",
    "distribution",
    "expectations",
    "expected_flow",
    "expected_paths",
    "expected_time",
    "filter_observations",
    "long_run",
    "long_run_slopes",
    "order",
    "paths_over",
    "probability",
    "probability_from",
    "quantiles",
    "query_flow",
    "recurrences",
    "simulate",
    "solve_averages",
    "solve_expected",
    "solve_queries",
    "spells",
    "start_distribution",
]
