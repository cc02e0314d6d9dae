"""Stability: what holds, and why (the graph model for conflict resolution)."""

from detente.stability.breach import Breach, Breaches, Joint
from detente.stability.coalition import COALITION_CONCEPTS, Coalitions
from detente.stability.explain import Departure, Explanation, Step
from detente.stability.paths import Outlook, Paths, Route
from detente.stability.stability import CONCEPTS, Stability

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
    "Route",
    "Stability",
    "Step",
]
