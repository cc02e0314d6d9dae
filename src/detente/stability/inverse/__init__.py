"""Inverse analysis: the smallest change of preferences that makes a wanted state an equilibrium."""

from detente.stability.inverse.change import RankChange, Swap
from detente.stability.inverse.rankings import least_rank_change

__all__ = ["RankChange", "Swap", "least_rank_change"]
