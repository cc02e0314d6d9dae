"""From a document to a draft case: its text, the marks of its sentences, who acts in it."""

from detente.reading._actors import SuggestedActor, SuggestedOption
from detente.reading._document import Document, Sentence
from detente.reading._marks import (
    Horizon,
    LikelihoodWords,
    SentenceMarks,
    Span,
    StatementKind,
)
from detente.reading._suggest import suggest_actors

__all__ = [
    "Document",
    "Horizon",
    "LikelihoodWords",
    "Sentence",
    "SentenceMarks",
    "Span",
    "StatementKind",
    "SuggestedActor",
    "SuggestedOption",
    "suggest_actors",
]
