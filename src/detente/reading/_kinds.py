"""What kind of statement a sentence is, and whether it is a claim.

A sentence that has an antecedent is *conditional*. Of what is said outside of relative clauses,
the words of ``kinds.csv`` decide: what rests on something (*depends on*) is *causal*; what will or
may be is *predictive*, what ought to be *normative*, the earlier of the two where both are said;
then what has a cause is *causal*. What the author announces (*I will speak of*) is none of
these. Everything else is *descriptive*, and is a claim where it judges
(``judgements.csv``: *is determined to*, *is highly transactional*) and does not only record. A
question is no claim. Cost: linear in the sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detente.reading._cues import Cue, cue_table
from detente.reading._marks import StatementKind
from detente.reading._polarity import AUXILIARIES
from detente.reading._tokens import Tokens

_RELATIVE = frozenset(("which", "who", "whose"))
_OWN = frozenset(("we", "i"))
_FARTHEST = 25
_AIM = 8


@dataclass(frozen=True, slots=True)
class SentenceKind:
    """The kind of a sentence, the words that made it so, and whether it is a claim."""

    kind: StatementKind
    cues: tuple[Cue, ...]
    is_claim: bool


def kind_of(
    tokens: Tokens,
    antecedent: Cue | None,
    modals: Sequence[Cue],
    likely: Sequence[Cue],
    hedges: Sequence[Cue],
) -> SentenceKind:
    """Return the kind of a sentence.

    Parameters
    ----------
    tokens : Tokens
    antecedent : Cue or None
        The words that open a condition.
    modals, likely, hedges : sequence of Cue
        Modal verbs, words of likelihood, and other words that say something may be.
    """
    if antecedent is not None:
        return SentenceKind("conditional", (antecedent,), not tokens.is_question)
    aside = relative_clauses(tokens)
    modals = [modal for modal in modals if tokens.at(modal.start - 1) != "i"]
    found = [
        cue
        for cue in cue_table("kinds").find(tokens)
        if not tokens.quoted[cue.start] and tokens.at(cue.start - 1) != "i"
    ]
    main = [cue for cue in found if not aside[cue.start]]
    future = [
        *(cue for cue in main if cue.sign == "forecast"),
        *(cue for cue in likely if not aside[cue.start] and _foretells(tokens, cue)),
        *(cue for cue in modals if cue.sign in {"future", "possible"} and not aside[cue.start]),
    ]
    duty = [cue for cue in main if cue.sign == "norm"]
    ranked: tuple[tuple[StatementKind, list[Cue]], ...] = (
        ("causal", [cue for cue in main if cue.sign == "rests"]),
        ("predictive" if _first(future) <= _first(duty) else "normative", [*future, *duty]),
        ("causal", [cue for cue in main if cue.sign == "cause" and not _is_aim(tokens, cue)]),
    )
    for kind, cues in ranked:
        if cues:
            ordered = {cue.start: cue for cue in sorted(cues, key=lambda cue: cue.start)}
            return SentenceKind(kind, tuple(ordered.values()), not tokens.is_question)
    judging = cue_table("judgements").find(tokens)
    judged = tuple(cue for cue in judging if not tokens.quoted[cue.start])
    claims = bool(judged or likely or modals or hedges) and not tokens.is_question
    return SentenceKind("descriptive", judged, claims)


def _first(cues: Sequence[Cue]) -> int:
    return min((cue.start for cue in cues), default=1_000_000_000)


def _foretells(tokens: Tokens, cue: Cue) -> bool:
    """Whether words of likelihood are said of what is to happen, not of what is: *likely to*."""
    if tokens.words[cue.start] in _OWN:
        return False
    at_end = cue.end == len(tokens) or bool(tokens.stops[cue.end])
    that = tokens.words[cue.end - 1] == "that"
    return that or at_end or tokens.words[cue.end] in {"to", "that", "for", "of", "ever"}


def _is_aim(tokens: Tokens, cue: Cue) -> bool:
    """Whether a verb says what is wanted, not what follows: *tools to compel*."""
    before = tokens.at(cue.start - 1)
    first = max(0, cue.start - (_AIM if before in {"and", "or"} else 1))
    return "to" in tokens.words[first : cue.start] and tokens.joined(first, cue.start)


def relative_clauses(tokens: Tokens) -> tuple[bool, ...]:
    """Return for each word whether it stands in a relative clause, as far as words show it.

    Without a comma before it only a clause counts that follows the verb of the sentence: in *the
    risk that they run will grow*, what grows is the main thing.

    Examples
    --------
    >>> from detente.reading._tokens import tokens_of
    >>> relative_clauses(tokens_of("He, who will go, is what he will be."))[:5]
    (False, True, True, True, False)
    """
    contents = cue_table("contents")
    found = [False] * len(tokens)
    until, verb = 0, False
    for at, word in enumerate(tokens.words):
        if until and (tokens.stops[at] or at >= until):
            until = 0
        if at and (word in _RELATIVE or (word == "that" and not tokens.stops[at])):
            content = word == "that" and contents.find_at(tokens, at - 1) is not None
            if not content and (tokens.stops[at] or verb):
                until = at + _FARTHEST
        found[at] = bool(until)
        verb = verb or word in AUXILIARIES
    return tuple(found)
