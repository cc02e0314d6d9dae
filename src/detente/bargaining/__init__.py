"""Bargaining over issues: what a table of positions comes to under the models of the field."""

from detente.bargaining._compromise import compromise
from detente.bargaining._exchange import Exchange, Exchanges, exchange
from detente.bargaining._mean import plain_mean
from detente.bargaining._median import weighted_median
from detente.bargaining._mode import most_weight
from detente.bargaining._nash import nash_bargaining
from detente.bargaining._outcome import BargainingOutcome
from detente.bargaining._table import BargainingTable, bargaining_table

__all__ = [
    "BargainingOutcome",
    "BargainingTable",
    "Exchange",
    "Exchanges",
    "bargaining_table",
    "compromise",
    "exchange",
    "most_weight",
    "nash_bargaining",
    "plain_mean",
    "weighted_median",
]
