"""Inverse analysis: the smallest change of preferences that makes a wanted state an equilibrium."""

from detente.stability._inverse.change import RankChange, Swap
from detente.stability._inverse.rankings import least_rank_change
from detente.stability._inverse.weights import WeightChange, least_weight_change

__all__ = [
    "RankChange",
    "Swap",
    "WeightChange",
    "least_rank_change",
    "least_weight_change",
]
