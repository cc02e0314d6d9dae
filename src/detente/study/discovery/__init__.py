"""Where among the draws something happens: boxes of inputs, and a tree as a second opinion."""

from detente.study.discovery._box import Box, Restriction
from detente.study.discovery._prim import Discovery, PeelingStep, discover
from detente.study.discovery._tree import DecisionTree, Leaf, decision_tree

__all__ = [
    "Box",
    "DecisionTree",
    "Discovery",
    "Leaf",
    "PeelingStep",
    "Restriction",
    "decision_tree",
    "discover",
]
