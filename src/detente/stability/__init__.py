"""Stability: what holds, and why (the graph model for conflict resolution)."""

from detente.stability.stability import CONCEPTS, Stability

__all__ = ["CONCEPTS", "Stability"]
