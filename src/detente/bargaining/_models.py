"""The models that need nothing but the table, by the names under which they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from detente.bargaining._challenge import challenge
from detente.bargaining._compromise import compromise
from detente.bargaining._mean import plain_mean
from detente.bargaining._median import weighted_median
from detente.bargaining._mode import most_weight
from detente.bargaining._nash import nash_bargaining
from detente.bargaining._outcome import BargainingOutcome
from detente.bargaining._table import BargainingTable

TABLE_MODELS: Mapping[str, Callable[[BargainingTable], BargainingOutcome]] = {
    "compromise": compromise,
    "mean": plain_mean,
    "median": weighted_median,
    "mode": most_weight,
    "nash": nash_bargaining,
    "challenge": lambda table: challenge(table).outcome,
}
"""Of the others, procedural needs a voting rule, and exchange leads to more than an outcome."""
