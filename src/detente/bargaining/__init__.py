"""Bargaining over issues: what a table of positions comes to under the models of the field."""

from detente.bargaining._case_table import StatedVote, table_at, table_of, vote_at
from detente.bargaining._challenge import Challenge, Challenges, challenge
from detente.bargaining._comparison import BargainingComparison, compare_models
from detente.bargaining._compromise import compromise
from detente.bargaining._decide_round import DecideRound, decide_round
from detente.bargaining._deu_file import SettledProposal, read_settled, write_settled
from detente.bargaining._equal_gain import PositionExchange, PositionExchanges, exchange
from detente.bargaining._mean import plain_mean
from detente.bargaining._median import weighted_median
from detente.bargaining._mode import most_weight
from detente.bargaining._models import TABLE_MODELS
from detente.bargaining._nash import nash_bargaining
from detente.bargaining._outcome import BargainingOutcome
from detente.bargaining._package import PairPackage, PairPackages, pair_packages
from detente.bargaining._procedural import procedural
from detente.bargaining._table import BargainingTable, bargaining_table
from detente.bargaining._table_file import read_table, write_table
from detente.bargaining._third_parties import (
    CounterOffer,
    ExchangeEffects,
    GroupEffects,
    ThirdParties,
    third_parties,
)
from detente.bargaining._trade_map import TradeFlow, TradeMap, TradePair, trade_map
from detente.bargaining._trajectory import BargainingTrajectory, trajectory

__all__ = [
    "TABLE_MODELS",
    "BargainingComparison",
    "BargainingOutcome",
    "BargainingTable",
    "BargainingTrajectory",
    "Challenge",
    "Challenges",
    "CounterOffer",
    "DecideRound",
    "ExchangeEffects",
    "GroupEffects",
    "PairPackage",
    "PairPackages",
    "PositionExchange",
    "PositionExchanges",
    "SettledProposal",
    "StatedVote",
    "ThirdParties",
    "TradeFlow",
    "TradeMap",
    "TradePair",
    "bargaining_table",
    "challenge",
    "compare_models",
    "compromise",
    "decide_round",
    "exchange",
    "most_weight",
    "nash_bargaining",
    "pair_packages",
    "plain_mean",
    "procedural",
    "read_settled",
    "read_table",
    "table_at",
    "table_of",
    "third_parties",
    "trade_map",
    "trajectory",
    "vote_at",
    "weighted_median",
    "write_settled",
    "write_table",
]
