"""Everything that one run of a case finds, as one typed result that reports only tell."""

from detente.analysis._citations import Citation, ClaimCitations, cited, claim_citations
from detente.analysis._move_graph import MoveGraph, move_graph
from detente.analysis._result import QUANTILES, Analysis, HeldLevels
from detente.analysis._run import analyse, held_levels
from detente.analysis._stable_states import (
    CONCEPTS,
    StableCounts,
    nearest_equilibria,
    stable_counts,
)

__all__ = [
    "CONCEPTS",
    "QUANTILES",
    "Analysis",
    "Citation",
    "ClaimCitations",
    "HeldLevels",
    "MoveGraph",
    "StableCounts",
    "analyse",
    "cited",
    "claim_citations",
    "held_levels",
    "move_graph",
    "nearest_equilibria",
    "stable_counts",
]
