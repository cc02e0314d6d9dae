"""Stability: what holds, and why (the graph model for conflict resolution)."""

from detente.stability.breach import Breach, Breaches, Joint
from detente.stability.coalition import COALITION_CONCEPTS, Coalitions
from detente.stability.explain import Departure, Explanation, Step
from detente.stability.inverse import (
    RankChange,
    Swap,
    WeightChange,
    least_rank_change,
    least_weight_change,
)
from detente.stability.paths import Outlook, Paths, Route
from detente.stability.stability import CONCEPTS, Stability
from detente.stability.strength import StrengthStability, strength_stability
from detente.stability.uncertain import UncertainStability, uncertain_stability

__all__ = [
    "COALITION_CONCEPTS",
    "CONCEPTS",
    "Breach",
    "Breaches",
    "Coalitions",
    "Departure",
    "Explanation",
    "Joint",
    "Outlook",
    "Paths",
    "RankChange",
    "Route",
    "Stability",
    "Step",
    "StrengthStability",
    "Swap",
    "UncertainStability",
    "WeightChange",
    "least_rank_change",
    "least_weight_change",
    "strength_stability",
    "uncertain_stability",
]
