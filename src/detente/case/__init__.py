"""What an analyst writes: the case file, its formulas, its words, its sources."""

from detente.case._anchor_search import (
    AnchoredSentence,
    AnchorSearch,
    find_anchors,
    require_source_id,
)
from detente.case._anchors import bare_words, check_anchors, paragraphs, sentence_hash, sentences
from detente.case._bargaining import Bargaining, BargainingIssue, Stake, VotingRule
from detente.case._case import Case
from detente.case._case_folder import CaseFolder
from detente.case._changing import changed_text
from detente.case._correlation import score_correlation
from detente.case._expectation import ExpectedAnswer, ExpectedTruth, OneSidedBound, StatedInterval
from detente.case._format_fields import FormatField, format_fields
from detente.case._format_page import (
    FormatEntry,
    FormatTopic,
    describe_field,
    format_page,
    format_topics,
)
from detente.case._json_schema import json_schema
from detente.case._labels import Labels, variable_title
from detente.case._meant import WARNING_KINDS, Meant, WarningKind
from detente.case._model import (
    Actor,
    Anchor,
    Claim,
    Condition,
    DraftNote,
    Infeasible,
    Issue,
    Observation,
    Option,
    Parameter,
    Ranking,
    Resolved,
    Source,
    Statements,
    View,
    Weights,
)
from detente.case._outline import read_outline
from detente.case._passage import AnchoredPassage, find_passage
from detente.case._places import Places
from detente.case._question import (
    Arm,
    AverageQuestion,
    BargainingModel,
    EquilibriumQuestion,
    ExchangeGainQuestion,
    ExchangeQuestion,
    ExpectedQuestion,
    GainQuestion,
    OutcomeQuestion,
    ProbabilityQuestion,
    Question,
    ReachabilityQuestion,
    TableQuestion,
)
from detente.case._reader import builtin_cases, load, read_case
from detente.case._sealed_questions import (
    QuestionFileFields,
    SealedQuestions,
    as_written,
    make_questions,
    read_questions,
)
from detente.case._size import available_memory, check_size
from detente.case._spelling import identifiers, one_line, quoted, scalar
from detente.case._tables_beside import Beside, beside
from detente.case._variants import Correlation, Variant, VariantLevel
from detente.case._words import SCALES, EstimativeWords, look_up, phrases, synonyms

__all__ = [
    "SCALES",
    "WARNING_KINDS",
    "Actor",
    "Anchor",
    "AnchorSearch",
    "AnchoredPassage",
    "AnchoredSentence",
    "Arm",
    "AverageQuestion",
    "Bargaining",
    "BargainingIssue",
    "BargainingModel",
    "Beside",
    "Case",
    "CaseFolder",
    "Claim",
    "Condition",
    "Correlation",
    "DraftNote",
    "EquilibriumQuestion",
    "EstimativeWords",
    "ExchangeGainQuestion",
    "ExchangeQuestion",
    "ExpectedAnswer",
    "ExpectedQuestion",
    "ExpectedTruth",
    "FormatEntry",
    "FormatField",
    "FormatTopic",
    "GainQuestion",
    "Infeasible",
    "Issue",
    "Labels",
    "Meant",
    "Observation",
    "OneSidedBound",
    "Option",
    "OutcomeQuestion",
    "Parameter",
    "Places",
    "ProbabilityQuestion",
    "Question",
    "QuestionFileFields",
    "Ranking",
    "ReachabilityQuestion",
    "Resolved",
    "SealedQuestions",
    "Source",
    "Stake",
    "StatedInterval",
    "Statements",
    "TableQuestion",
    "Variant",
    "VariantLevel",
    "View",
    "VotingRule",
    "WarningKind",
    "Weights",
    "as_written",
    "available_memory",
    "bare_words",
    "beside",
    "builtin_cases",
    "changed_text",
    "check_anchors",
    "check_size",
    "describe_field",
    "find_anchors",
    "find_passage",
    "format_fields",
    "format_page",
    "format_topics",
    "identifiers",
    "json_schema",
    "load",
    "look_up",
    "make_questions",
    "one_line",
    "paragraphs",
    "phrases",
    "quoted",
    "read_case",
    "read_outline",
    "read_questions",
    "require_source_id",
    "scalar",
    "score_correlation",
    "sentence_hash",
    "sentences",
    "synonyms",
    "variable_title",
]
