"""Inverse analysis: the smallest change of preferences that makes a wanted state an equilibrium."""

from detente.stability.inverse.change import RankChange, Swap
from detente.stability.inverse.rankings import least_rank_change
from detente.stability.inverse.weights import WeightChange, least_weight_change

__all__ = ["RankChange", "Swap", "WeightChange", "least_rank_change", "least_weight_change"]
