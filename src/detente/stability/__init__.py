"""Stability: what holds, and why (the graph model for conflict resolution)."""

from detente.stability.explain import Departure, Explanation, Step
from detente.stability.stability import CONCEPTS, Stability

__all__ = ["CONCEPTS", "Departure", "Explanation", "Stability", "Step"]
