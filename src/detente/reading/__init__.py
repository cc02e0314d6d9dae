"""From a document to a draft case: its text, the marks of its sentences, who acts in it."""

from detente.reading._actors import SuggestedActor, SuggestedOption
from detente.reading._claim_text import DraftClaim
from detente.reading._document import Document, Sentence
from detente.reading._draft import Draft, draft_case
from detente.reading._marking import mark_sentences
from detente.reading._marks import (
    Horizon,
    LikelihoodWords,
    SentenceMarks,
    Span,
    StatementKind,
)
from detente.reading._read import document_of, read_document
from detente.reading._reread import Rereading, reread_case
from detente.reading._suggest import suggest_actors

__all__ = [
    "Document",
    "Draft",
    "DraftClaim",
    "Horizon",
    "LikelihoodWords",
    "Rereading",
    "Sentence",
    "SentenceMarks",
    "Span",
    "StatementKind",
    "SuggestedActor",
    "SuggestedOption",
    "document_of",
    "draft_case",
    "mark_sentences",
    "read_document",
    "reread_case",
    "suggest_actors",
]
