"""What an analyst writes: the case file, its formulas, its words, its sources."""

from detente.case._anchors import check_anchors
from detente.case._case import Case
from detente.case._correlation import score_correlation
from detente.case._expectation import ExpectedAnswer, ExpectedTruth, OneSidedBound, StatedInterval
from detente.case._model import (
    Actor,
    Claim,
    Observation,
    Parameter,
    Ranking,
    Source,
    Statements,
    Weights,
)
from detente.case._question import (
    Arm,
    AverageQuestion,
    EquilibriumQuestion,
    ExpectedQuestion,
    GainQuestion,
    ProbabilityQuestion,
    Question,
    ReachabilityQuestion,
)
from detente.case._reader import builtin_cases, load, read_case
from detente.case._schema import json_schema
from detente.case._size import available_memory, check_size
from detente.case._variants import Variant
from detente.case._words import EstimativeWords

__all__ = [
    "Actor",
    "Arm",
    "AverageQuestion",
    "Case",
    "Claim",
    "EquilibriumQuestion",
    "EstimativeWords",
    "ExpectedAnswer",
    "ExpectedQuestion",
    "ExpectedTruth",
    "GainQuestion",
    "Observation",
    "OneSidedBound",
    "Parameter",
    "ProbabilityQuestion",
    "Question",
    "Ranking",
    "ReachabilityQuestion",
    "Source",
    "StatedInterval",
    "Statements",
    "Variant",
    "Weights",
    "available_memory",
    "builtin_cases",
    "check_anchors",
    "check_size",
    "json_schema",
    "load",
    "read_case",
    "score_correlation",
]
