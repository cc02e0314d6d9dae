"""The marks of every sentence of a document, as far as its words show them.

Each sentence is divided into words once; then `_conditions` finds an antecedent, `_attribution`
what the author does not say, `_likelihood` words with an interval, `_modality` those without,
`_stated_numbers` chances in figures, `_horizons` when, `_polarity` whether the statement is
negated, and `_kinds` what kind it is. The tables of words are the CSV files of this folder and
`detente.case.phrases`. Nothing is looked up in a model of the language, so marks are suggestions
with a place. Cost: linear in the text.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from detente.reading._attribution import attributed
from detente.reading._conditions import Antecedent, clause_end, condition_of
from detente.reading._cues import Cue, cue_table, word_class
from detente.reading._document import Document, Sentence
from detente.reading._horizons import horizon_of
from detente.reading._kinds import kind_of, relative_clauses
from detente.reading._likelihood import BELIEFS, likelihoods_of
from detente.reading._marks import LikelihoodWords, SentenceMarks, Span
from detente.reading._modality import hedges_of, modals_of, without_mark
from detente.reading._polarity import is_main_negated, is_negator, negators_before
from detente.reading._stated_numbers import stated_numbers
from detente.reading._tokens import Tokens, tokens_of

_CONCESSIONS = word_class("openings of a concession")
_REPORTING = frozenset(("we", "i", "it"))
_LONGEST_REPORT = 9


def mark_sentences(document: Document) -> tuple[SentenceMarks, ...]:
    """Mark what each sentence of a document does, read from its words.

    Parameters
    ----------
    document : Document

    Returns
    -------
    tuple of SentenceMarks
        One for each sentence, in the order of the text.

    Examples
    --------
    >>> sentence = Sentence(1, 1, "Talks will probably not resume by 2030.", "0" * 16)
    >>> document = Document("a", "text", None, None, None, None, None, (), (), ((sentence,),))
    >>> [marks] = mark_sentences(document)
    >>> marks.kind, marks.likelihoods[0].phrase, marks.horizon.span.text
    ('predictive', 'probably not', 'by 2030')
    """
    read = [(sentence, tokens_of(sentence.text)) for sentence in document.sentences()]
    notes = [tokens_of(note) for note in document.notes]
    scale = _named_scale([*notes, *(tokens for _, tokens in read)])
    return tuple(_mark(sentence, tokens, document.date, scale) for sentence, tokens in read)


def _named_scale(texts: Iterable[Tokens]) -> str | None:
    """Return the scale of likelihood that a document names, if it names one only."""
    table = cue_table("scales")
    named = {cue.sign for tokens in texts for cue in table.find(tokens)}
    return named.pop() if len(named) == 1 else None


def _mark(
    sentence: Sentence, tokens: Tokens, date: datetime.date | None, scale: str | None
) -> SentenceMarks:
    modals = modals_of(tokens)
    voices = attributed(tokens)
    likely, unclear = likelihoods_of(tokens, tokens.quoted, voices, scale)
    future = [modal for modal in modals if modal.sign in {"future", "possible"}]
    condition = condition_of(tokens, uncertain=bool(future or likely))
    if condition is not None and not _is_all(tokens, condition):
        left_out = tuple(
            quoted or condition.start <= at < condition.end
            for at, quoted in enumerate(tokens.quoted)
        )
        likely, unclear = likelihoods_of(tokens, left_out, voices, scale)
    places = [_cue_of(tokens, one.span) for one in likely]
    marked = [(cue.start, cue.end) for cue in places]
    unmarked = without_mark(modals, [*marked, *_governed(tokens, likely, places, modals)])
    numbers = without_mark(stated_numbers(tokens, tokens.quoted), marked)
    hedges = (*without_mark(hedges_of(tokens, unclear), marked), *numbers)
    opening = None if condition is None else Cue(condition.start, condition.cue_end, "if")
    verbs = [modal for modal in modals if modal.sign != "ability"]
    kind = kind_of(tokens, opening, _outside(verbs, condition), [*places, *numbers], hedges)
    return SentenceMarks(
        sentence=sentence,
        kind=kind.kind,
        is_claim=kind.is_claim,
        likelihoods=likely,
        modals=_spans(tokens, _outside((*unmarked, *hedges), condition)),
        negated=_negated(tokens, condition, likely, [*places, *hedges], voices),
        antecedent=None if condition is None else tokens.span(condition.start, condition.end),
        cues=_spans(tokens, kind.cues),
        horizon=horizon_of(tokens, date, future=bool(modals or likely)),
    )


def _governed(
    tokens: Tokens,
    likely: Sequence[LikelihoodWords],
    places: Sequence[Cue],
    modals: Sequence[Cue],
) -> list[tuple[int, int]]:
    """Return the modals that words of likelihood speak of: *it is unlikely that he will*."""
    found = []
    starts = [modal.start for modal in modals]
    for words, place in zip(likely, places, strict=True):
        if (
            "that" in tokens.words[place.end - 1 : place.end + 1]
            or words.phrase.casefold() in BELIEFS
        ):
            first = bisect_left(starts, place.end)
            found += [(one.start, one.end) for one in modals[first : first + 1]]
    return found


def _is_all(tokens: Tokens, condition: Antecedent) -> bool:
    """Whether no end of an antecedent was found, so that the main statement lies inside."""
    return condition.start <= 1 and condition.end == len(tokens)


def _outside(cues: Sequence[Cue], condition: Antecedent | None) -> tuple[Cue, ...]:
    ordered = sorted(cues, key=lambda cue: cue.start)
    if condition is None:
        return tuple(ordered)
    return tuple(cue for cue in ordered if not condition.start <= cue.start < condition.end)


def _spans(tokens: Tokens, cues: Iterable[Cue]) -> tuple[Span, ...]:
    return tuple(tokens.span(cue.start, cue.end) for cue in cues)


def _negated(
    tokens: Tokens,
    condition: Antecedent | None,
    likely: Sequence[LikelihoodWords],
    read: Sequence[Cue],
    voices: Sequence[bool],
) -> bool:
    """Whether the main statement is negated, but for what words of likelihood already say."""
    taken = {at for cue in read for at in range(cue.start, cue.end)}
    asides = zip(relative_clauses(tokens), voices, strict=True)
    taken.update(at for at, aside in enumerate(asides) if any(aside))
    start = 0
    if condition is not None:
        taken.update(range(condition.start, condition.end))
        start = condition.end if condition.start <= 1 else 0
    elif tokens.at(0) in _CONCESSIONS:
        start = clause_end(tokens, 0, 1)
    for words, cue in zip(likely, read, strict=False):
        if "not" in words.phrase.split():
            taken |= negators_before(tokens, cue.start)
        if tokens.at(cue.end) == "that":
            start = max(start, cue.end + 1)
    return is_main_negated(tokens, _reported(tokens, start), frozenset(taken))


def _reported(tokens: Tokens, start: int) -> int:
    """Return where the statement begins after *we assess that*, *the fact is that*."""
    own = tokens.at(start) in _REPORTING
    for at in range(start + 1, min(start + _LONGEST_REPORT, len(tokens))):
        if tokens.words[at] == "that" and (own or tokens.words[at - 1] == "fact"):
            return at + 1
        own = own and not is_negator(tokens, at)
    return start


def _cue_of(tokens: Tokens, span: Span) -> Cue:
    """Return the words that a span covers."""
    start, end = bisect_left(tokens.starts, span.start), bisect_left(tokens.starts, span.end)
    return Cue(start, end, span.text)
