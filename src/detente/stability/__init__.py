"""Stability: what holds, and why (the graph model for conflict resolution)."""

from detente.stability._coalition import COALITION_CONCEPTS, Coalitions
from detente.stability._coalition_improvement import (
    CoalitionImprovement,
    CoalitionImprovements,
    CoalitionMove,
)
from detente.stability._explain import Explanation, UnilateralImprovement, UnilateralMove
from detente.stability._inverse.change import RankChange, Swap
from detente.stability._inverse.rankings import least_rank_change
from detente.stability._inverse.weights import WeightChange, least_weight_change
from detente.stability._stability import CONCEPTS, Stability, known_concept
from detente.stability._status_quo import Route, ShortestPaths, StatusQuoAnalysis
from detente.stability._strength import StrengthStability, strength_stability
from detente.stability._uncertain import UncertainStability, uncertain_stability

__all__ = [
    "COALITION_CONCEPTS",
    "CONCEPTS",
    "CoalitionImprovement",
    "CoalitionImprovements",
    "CoalitionMove",
    "Coalitions",
    "Explanation",
    "RankChange",
    "Route",
    "ShortestPaths",
    "Stability",
    "StatusQuoAnalysis",
    "StrengthStability",
    "Swap",
    "UncertainStability",
    "UnilateralImprovement",
    "UnilateralMove",
    "WeightChange",
    "known_concept",
    "least_rank_change",
    "least_weight_change",
    "strength_stability",
    "uncertain_stability",
]
