"""Where among the draws something happens: boxes of inputs, and a tree as a second opinion."""

from detente.study.discovery.box import Box, Restriction
from detente.study.discovery.prim import Discovery, Step, discover
from detente.study.discovery.tree import Leaf, Tree, tree

__all__ = ["Box", "Discovery", "Leaf", "Restriction", "Step", "Tree", "discover", "tree"]
