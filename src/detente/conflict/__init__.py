"""The compiled model: the state tensor, moves and preferences."""

from detente.conflict._build import drop_infeasible_jumps, freeze
from detente.conflict._compile import TIE, compile_case, parameter_values, space_of
from detente.conflict._conflict import Conflict
from detente.conflict._gradient import CompileSlopes, ConflictGradient
from detente.conflict._graph import GraphConflict
from detente.conflict._preference import rank_from_utility, utility_from_rank
from detente.conflict._restrict import (
    drop_unused_levels,
    leads_to,
    reachable_box,
    restrict,
    used_levels,
)
from detente.conflict._space import Axis, Space, State

__all__ = [
    "TIE",
    "Axis",
    "CompileSlopes",
    "Conflict",
    "ConflictGradient",
    "GraphConflict",
    "Space",
    "State",
    "compile_case",
    "drop_infeasible_jumps",
    "drop_unused_levels",
    "freeze",
    "leads_to",
    "parameter_values",
    "rank_from_utility",
    "reachable_box",
    "restrict",
    "space_of",
    "used_levels",
    "utility_from_rank",
]
