"""What a sentence of an argument does, read from its words: the marks that a claim is made from.

Marks are suggestions with a place, for a person to confirm: a word of likelihood with its interval
and whether it was negated, modals without an interval, the kind of statement, the antecedent of a
condition, the horizon where one is stated.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from detente.reading._document import Sentence

StatementKind = Literal["predictive", "conditional", "causal", "normative", "descriptive"]


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a sentence: ``sentence.text[start:end]``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class LikelihoodWords:
    """Words of likelihood in a sentence.

    Attributes
    ----------
    span : Span
        Where they stand, negation included where it stands beside them.
    phrase : str
        The words as `detente.case.look_up` takes them: ``probably not``, ``highly unlikely``.
    scale : str
        The scale that has them; the document's own where it names one.
    low, high : float
        The interval of probability.
    negated : bool
        Whether the words make the statement less likely than not.
    """

    span: Span
    phrase: str
    scale: str
    low: float
    high: float
    negated: bool


@dataclass(frozen=True, slots=True)
class Horizon:
    """When something is said to happen: the words, and the days they mean where they say so."""

    span: Span
    start: datetime.date | None
    end: datetime.date | None


@dataclass(frozen=True, slots=True)
class SentenceMarks:
    """The marks of one sentence.

    Attributes
    ----------
    sentence : Sentence
    kind : str
        ``predictive``, ``conditional``, ``causal``, ``normative`` or ``descriptive``.
    is_claim : bool
        Whether it forecasts, conditions, causes or judges.
    likelihoods : tuple of LikelihoodWords
        In the order of the sentence.
    modals : tuple of Span
        Words such as ``will``, ``may not`` or ``could``, which have no interval on any scale.
    negated : bool
        Whether the main statement is negated (``will not accept``).
    antecedent : Span or None
        The condition: ``if the coalition withdraws support``.
    cues : tuple of Span
        The words that made the kind what it is.
    horizon : Horizon or None
    """

    sentence: Sentence
    kind: StatementKind
    is_claim: bool
    likelihoods: tuple[LikelihoodWords, ...]
    modals: tuple[Span, ...]
    negated: bool
    antecedent: Span | None
    cues: tuple[Span, ...]
    horizon: Horizon | None
