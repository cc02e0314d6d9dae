"""The compiled model: the state tensor, moves and preferences."""

from detente.conflict.compile import compile_case
from detente.conflict.conflict import Conflict
from detente.conflict.graph import GraphConflict
from detente.conflict.restrict import restrict, squeeze, within_reach
from detente.conflict.space import Axis, Space, State

__all__ = [
    "Axis",
    "Conflict",
    "GraphConflict",
    "Space",
    "State",
    "compile_case",
    "restrict",
    "squeeze",
    "within_reach",
]
