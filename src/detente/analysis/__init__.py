"""Everything that one run of a case finds, as one typed result that reports only tell."""

from detente.analysis._citations import Citation, ClaimCitations, cited, claim_citations
from detente.analysis._move_graph import MoveGraph, move_graph
from detente.analysis._result import QUANTILES, Analysis, HeldLevels
from detente.analysis._run import analyse
from detente.analysis._stable_states import CONCEPTS, StableCounts, stable_counts

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
    "move_graph",
    "stable_counts",
]
