"""Verbs and adverbs that say a likelihood without saying which: *will*, *may not*, *possibly*.

They have no interval on any scale, so they are left to the analyst. A modal verb beside words of
likelihood (*will probably*) is not unmarked and stands with them instead. A *not* or *never* after
the verb belongs to it, adverbs between included. Left out are the month of May, *a will*, *military
might*, *a must*, and what is quoted. Cost: linear in the sentence.
"""

from __future__ import annotations

from collections.abc import Sequence

from detente.reading._cues import Cue, cue_table, word_class
from detente.reading._polarity import ADVERBS, is_negator
from detente.reading._tokens import Tokens

_BEFORE_NOUN = word_class("before a modal that is a noun")
_BEFORE_MONTH = word_class("before a month")
_MOST_ADVERBS = 3


def modals_of(tokens: Tokens) -> tuple[Cue, ...]:
    """Return the modal verbs of a sentence with their negations; the sign of a cue is its sort.

    Examples
    --------
    >>> from detente.reading._tokens import tokens_of
    >>> tokens = tokens_of("In May they may still not agree, and cannot wait.")
    >>> [tokens.span(one.start, one.end).text for one in modals_of(tokens)]
    ['may still not', 'cannot']
    """
    return tuple(
        Cue(cue.start, _negated_end(tokens, cue.end), cue.sign)
        for cue in cue_table("modals").find(tokens)
        if _is_verb(tokens, cue.start)
    )


def hedges_of(tokens: Tokens, unclear: Sequence[Cue] = ()) -> tuple[Cue, ...]:
    """Return other words that say something may be, without an interval.

    That is what is possible, expected, or compared (*more likely*), negations of certainty, and the
    words of likelihood of which a negation cannot be read, ``unclear``.
    """
    found = {cue.start: cue for cue in (*unclear, *cue_table("hedges").find(tokens))}
    return tuple(found[at] for at in sorted(found) if not tokens.quoted[at])


def without_mark(cues: Sequence[Cue], marked: Sequence[tuple[int, int]]) -> tuple[Cue, ...]:
    """Return the cues that have no words of likelihood beside or inside them.

    ``marked`` are the places of those words; adjoining counts as beside.
    """
    taken = {at for start, end in marked for at in range(start - 1, end + 1)}
    return tuple(cue for cue in cues if taken.isdisjoint(range(cue.start, cue.end)))


def _is_verb(tokens: Tokens, at: int) -> bool:
    word, raw, before = tokens.words[at], tokens.raw[at], tokens.at(at - 1)
    if tokens.quoted[at]:
        return False
    if raw[:1].isupper() and not raw.isupper():
        return at == 0 and tokens.is_question
    if word == "may" and raw.isupper():
        return not tokens.at(at + 1).isdigit() and before not in _BEFORE_MONTH
    noun = word in {"will", "might", "must", "can"} and before in _BEFORE_NOUN
    return not (noun and not tokens.stops[at])


def _negated_end(tokens: Tokens, end: int) -> int:
    for at in range(end, min(end + _MOST_ADVERBS + 1, len(tokens))):
        if tokens.stops[at]:
            break
        if is_negator(tokens, at) and tokens.words[at] not in {"neither", "nor"}:
            return at + (2 if tokens.words[at] == "no" else 1)
        if tokens.words[at] not in ADVERBS and not tokens.words[at].endswith("ly"):
            break
    return end
