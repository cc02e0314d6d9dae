"""Negations: those that belong to words of likelihood, and that of the main statement.

A negation belongs to words of likelihood where nothing but auxiliaries and adverbs stands between
(*probably will not*, *is not at all likely*), or where the subject of their clause is negative (*no
side is likely*). *Not only*, *not just* and the like negate nothing. Cost: a few words around each
of those asked about.
"""

from __future__ import annotations

from dataclasses import dataclass

from detente.reading._cues import word_class
from detente.reading._tokens import Tokens

MODAL_VERBS = word_class("modal verbs")
AUXILIARIES = MODAL_VERBS | word_class("other auxiliaries")
ADVERBS = word_class("adverbs in a verb")
_NEGATIVE = word_class("negatives")
_NO_NEGATION = word_class("no negation after not")
_NO_COUNTS = word_class("no negation after no")
_BETWEEN = word_class("between not and likely")
_NEGATIVE_SUBJECTS = word_class("negative subjects")
OPENING = word_class("openings of a clause")
_LITERAL = frozenset(("without", "until", "necessarily"))
_TWO_WORDS = {("no", "means"), ("no", "longer"), ("far", "from"), ("anything", "but")}
_FARTHEST = 6
_FARTHEST_DENIAL = 15


@dataclass(frozen=True, slots=True)
class Negation:
    """Words from ``start`` up to ``end`` that negate, and where they stand to what they negate.

    ``place`` is ``before``, ``after`` or ``subject``.
    """

    start: int
    end: int
    place: str


def is_negator(tokens: Tokens, at: int) -> bool:
    """Whether a word negates what follows it."""
    word, following = tokens.at(at), tokens.at(at + 1)
    if word == "no":
        return following == "longer"
    return word in _NEGATIVE and not (word in {"not", "nor"} and following in _NO_NEGATION)


def negation_of(tokens: Tokens, start: int, end: int, adverb: bool) -> Negation | None:
    """Return the negation that belongs to words of likelihood, where there is one.

    Parameters
    ----------
    tokens : Tokens
    start, end : int
        The words.
    adverb : bool
        Whether they are an adverb such as ``probably``, which negates no verb before it.
    """
    return (
        _after(tokens, end)
        or _before(tokens, start, 1 if adverb else _FARTHEST)
        or _by_subject(tokens, start)
    )


def _after(tokens: Tokens, end: int) -> Negation | None:
    for at in range(end, min(end + 4, len(tokens))):
        if tokens.stops[at]:
            return None
        word = tokens.words[at]
        if word in {"neither", "nor"}:
            return None
        if is_negator(tokens, at) or (word == "not" and tokens.at(at + 1) in _LITERAL):
            return Negation(at, at + (2 if word == "no" else 1), "after")
        if word == "no" and tokens.at(at + 1) not in _NO_COUNTS:
            near = at == end or tokens.words[at - 1] in {"is", "are", "was", "were"}
            return Negation(at, at + 1, "after") if near else None
        if word not in AUXILIARIES and word not in ADVERBS and not (word == "to" and at == end):
            return None
    return None


def _before(tokens: Tokens, start: int, farthest: int) -> Negation | None:
    for at in range(start - 1, max(start - 1 - farthest, -1), -1):
        if tokens.stops[at + 1]:
            return None
        word = tokens.words[at]
        if is_negator(tokens, at) or (word == "no" and at == start - 1):
            return Negation(at, at + 1, "before")
        if (tokens.at(at - 1), word) in _TWO_WORDS:
            return Negation(at - 1, at + 1, "before")
        if word not in _BETWEEN:
            return None
    return None


def _by_subject(tokens: Tokens, start: int) -> Negation | None:
    first = tokens.clause_start(start, OPENING, most=12)
    if first < start and tokens.words[first] in _NEGATIVE_SUBJECTS:
        counts = tokens.at(first + 1) in _NO_COUNTS and tokens.at(first + 1) != "one"
        return None if counts else Negation(first, first + 1, "subject")
    return None


def negators_before(tokens: Tokens, at: int) -> set[int]:
    """Return what negates between the last stop and a word, a negative subject included."""
    first = tokens.clause_start(at, most=_FARTHEST_DENIAL)
    return {
        k
        for k in range(first, at)
        if is_negator(tokens, k) or tokens.words[k] in _NEGATIVE_SUBJECTS
    }


def is_main_negated(tokens: Tokens, start: int, taken: frozenset[int]) -> bool:
    """Return whether the verb of the main statement is negated.

    Parameters
    ----------
    tokens : Tokens
    start : int
        Where the main statement begins.
    taken : frozenset of int
        Words that are accounted for elsewhere: an antecedent, relative clauses, a negation that
        was read with words of likelihood.
    """
    words = tokens.words
    if start < len(tokens) and words[start] in _NEGATIVE_SUBJECTS and start not in taken:
        return tokens.at(start + 1) not in _NO_COUNTS or tokens.at(start + 1) == "one"
    for at in range(start, len(tokens)):
        if tokens.stops[at] == ";" and at > start:
            return False
        if at in taken:
            continue
        if words[at] == "never" or (words[at] == "no" and tokens.at(at + 1) == "longer"):
            return True
        if words[at] in AUXILIARIES:
            return _verb_negated(tokens, at, taken)
    return False


def _verb_negated(tokens: Tokens, at: int, taken: frozenset[int]) -> bool:
    for k in range(at + 1, min(at + 6, len(tokens))):
        if is_negator(tokens, k):
            return k not in taken
        word = tokens.words[k]
        if tokens.stops[k] or not (word in AUXILIARIES or word in ADVERBS or word.endswith("ly")):
            return False
    return False
