"""Two things side by side: two cases, variants, settings or result files, and what differs."""

from detente.comparison._changes import ClaimChange, Difference, LevelChange, StableChange
from detente.comparison._inputs import InputChange, input_changes
from detente.comparison._pair import compare
from detente.comparison._result import Comparison, claim_rows, level_row, stable_row
from detente.comparison._side import Side

__all__ = [
    "ClaimChange",
    "Comparison",
    "Difference",
    "InputChange",
    "LevelChange",
    "Side",
    "StableChange",
    "claim_rows",
    "compare",
    "input_changes",
    "level_row",
    "stable_row",
]
