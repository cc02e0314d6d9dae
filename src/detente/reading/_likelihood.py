"""Words of likelihood in a sentence, with the interval of a published scale and their polarity.

The words are those of `detente.case.phrases` and `synonyms`, of every scale, and a chance that is
said to be small, good or even (``chances.csv``), before its noun or after it. A phrase is read on
the document's own scale where it names one, else on the first scale that has it. A negation that
belongs to the words is read with them, as `detente.case.look_up` reads it: *probably will not*,
*is not likely*, *no side is likely*; where that cannot mean one thing only, there is no interval.

What compares (*less likely than*, *increasingly likely*) or names a likelihood without a degree
(*the likelihood of war*) has none either, nor has what others are said to think. Words in quotation
marks or in the antecedent of a condition are left out.
Cost: linear in the sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from detente.case import SCALES, EstimativeWords, look_up, phrases, synonyms
from detente.errors import InputError
from detente.reading._cues import Cue, CueTable, cue_table, table_of, word_class
from detente.reading._marks import LikelihoodWords
from detente.reading._polarity import ADVERBS, MODAL_VERBS, OPENING, Negation, negation_of
from detente.reading._tokens import Tokens

_EVEN = 0.5
_COMPARES = word_class("compares")
_COMPARED = frozenset(("likely", "probable"))
_DENIED = ("believe", "estimate", "think", "expect")
_DENIALS = frozenset(("we doubt", "i doubt", *(f"we do not {verb}" for verb in _DENIED)))
BELIEFS = _DENIALS | {"we believe", "we estimate"}
_NOUNS = word_class("nouns of chance")
_LINKS = word_class("links to a degree")
_LOOSE = word_class("between link and degree")
_ATTRIBUTIVE = word_class("before a noun")
_NO_POSSIBILITY = frozenset(("good chance", "very good chance", "high chance", "strong chance"))
_DUTIES = frozenset(("should", "must", "ought"))
_AHEAD = 12
_FARTHEST_NOUN = 30


@cache
def _phrases() -> CueTable:
    """Return the phrases of all scales in every spelling, but those that `_polarity` makes."""
    rows = []
    for scale in SCALES:
        for phrase in (*phrases(scale), *(words for words, _ in synonyms(scale))):
            negated = phrase.endswith(" not") and not phrase.endswith((" than not", " as not"))
            if negated or phrase in {"remote", "about even"}:
                continue
            for spelling in _spellings(phrase):
                rows.append((spelling, spelling))
    return table_of(rows)


def _spellings(phrase: str) -> set[str]:
    """Return a phrase without its brackets, and with an adverb for its adjective.

    Examples
    --------
    >>> sorted(_spellings("almost certain(ly)"))
    ['almost certain', 'almost certainly']
    """
    bare = phrase.partition("(")[0].strip()
    adverbs = {"probable": "probably", "certain": "certainly", "improbable": "improbably"}
    *before, last = bare.split()
    return {bare, " ".join([*before, adverbs.get(last, last)])}


def likelihoods_of(
    tokens: Tokens,
    left_out: Sequence[bool],
    reported: Sequence[bool],
    scale: str | None = None,
) -> tuple[tuple[LikelihoodWords, ...], tuple[Cue, ...]]:
    """Return the words of likelihood of a sentence, and those that leave it no interval.

    Parameters
    ----------
    tokens : Tokens
    left_out : sequence of bool
        For each word whether it is quoted or in an antecedent.
    reported : sequence of bool
        For each word whether others are said to think it.
    scale : str or None
        The scale that the document names.

    Examples
    --------
    >>> from detente.reading._tokens import tokens_of
    >>> tokens = tokens_of("The dam will probably not hold.")
    >>> [one], _ = likelihoods_of(tokens, [False] * 7, [False] * 7)
    >>> one.span.text, one.phrase, one.scale, one.negated
    ('probably not', 'probably not', 'kent', True)
    """
    found, unclear = [], []
    cues = [cue for cue in _candidates(tokens) if not left_out[cue.start]]
    said = [cue for cue in cues if not reported[cue.start]]
    denial: Cue | None = None
    for k, cue in enumerate(said):
        following = said[k + 1] if k + 1 < len(said) else None
        if cue.sign.casefold() in BELIEFS and following and _speaks_of(tokens, cue, following):
            denial = cue if cue.sign.casefold() in _DENIALS else None
            continue
        negation = _negation(tokens, cue)
        if denial is not None:
            negation = negation or Negation(cue.start, cue.end, "before")
            denial = None
        words = _interval(_composed(cue.sign, negation), scale)
        start, end = _with_negation(cue, negation)
        if words is None:
            unclear.append(Cue(start, end, cue.sign))
            continue
        found.append(
            LikelihoodWords(
                tokens.span(start, end),
                words.phrase,
                words.scale,
                words.low,
                words.high,
                words.high < _EVEN,
            )
        )
    unclear += [cue for cue in cues if reported[cue.start]]
    return tuple(found), tuple(unclear)


def _speaks_of(tokens: Tokens, belief: Cue, following: Cue) -> bool:
    """Whether what is believed has words of likelihood of its own."""
    return tokens.joined(belief.start, following.start + 1)


def _candidates(tokens: Tokens) -> Iterable[Cue]:
    chances = _chances(tokens)
    at = 0
    while at < len(tokens):
        cue = chances.get(at) or _phrases().find_at(tokens, at)
        if cue is not None and _counts(tokens, cue):
            yield cue
            at = cue.end
        else:
            at += 1


def _chances(tokens: Tokens) -> dict[int, Cue]:
    """Return degrees of a chance by their first word, the noun included where it follows."""
    found = {}
    for cue in cue_table("chances").find(tokens):
        if tokens.at(cue.end) in _NOUNS and not tokens.stops[cue.end]:
            if tokens.words[cue.end] != "possibility" or cue.sign not in _NO_POSSIBILITY:
                found[cue.start] = Cue(cue.start, cue.end + 1, cue.sign)
        elif not cue.sign.startswith("no ") and _noun_before(tokens, cue.start):
            found[cue.start] = cue
    return found


def _noun_before(tokens: Tokens, start: int) -> bool:
    at = start - 1
    while at >= max(0, start - 4) and (tokens.words[at] in _LOOSE or tokens.words[at][-2:] == "ly"):
        at -= 1
    if tokens.at(at) not in _LINKS:
        return False
    for k in range(at - 1, max(at - _FARTHEST_NOUN, -1), -1):
        if tokens.stops[k + 1] == ";" or (tokens.stops[k + 1] and tokens.words[k + 1] in OPENING):
            return False
        if tokens.words[k] in _NOUNS:
            return True
    return False


def _counts(tokens: Tokens, cue: Cue) -> bool:
    """Whether words that may say something else say a likelihood here."""
    before, after = tokens.at(cue.start - 1), tokens.at(cue.end)
    plain = not tokens.stops[cue.start]
    if tokens.at(tokens.clause_start(cue.start, OPENING, most=12) - 1) == "whether":
        return False
    match cue.sign:
        case "likely" | "probable":
            return not (plain and before in _COMPARES)
        case "certain":
            return after in {"to", "that"} and before not in _ATTRIBUTIVE
        case "certainly":
            return before in MODAL_VERBS or after in MODAL_VERBS
        case "impossible" | "doubtful" | "inevitable":
            return before in _LINKS or before in ADVERBS or before in {"it", "not"}
        case "sure to" | "bound to":
            return before not in {"make", "makes", "be", "and"} or tokens.at(cue.start - 2) in {
                "will", "would", "to",
            }  # fmt: skip
        case belief if belief.casefold() in BELIEFS:
            ahead = tokens.words[cue.end : cue.end + _AHEAD]
            return not (after in {"in", "to"} or after.isdigit() or _DUTIES.intersection(ahead))
        case "no chance":
            return before not in {"take", "taking"} and after != "to"
        case "50-50":
            return before in _LINKS or after in _NOUNS
        case "even chance" | "even odds":
            return before in {"an", "the", "about", "roughly", "of", "than"} or not before
    return True


def _negation(tokens: Tokens, cue: Cue) -> Negation | None:
    """Return the negation of a phrase; of one that says no already only what stands before it."""
    words = _interval(cue.sign, None)
    if words is None or cue.sign.casefold() in BELIEFS:
        return None
    found = negation_of(tokens, cue.start, cue.end, _is_adverb(cue.sign))
    plain = words.low >= _EVEN and not cue.sign.endswith("chance")
    return found if found is None or plain or found.place == "before" else None


def _is_adverb(phrase: str) -> bool:
    return phrase.endswith(("bly", "inly", "tedly"))


def _composed(phrase: str, negation: Negation | None) -> str:
    if negation is None:
        return phrase
    by_subject = negation.place == "subject" and _is_adverb(phrase) and phrase != "inevitably"
    return f"{phrase} not" if by_subject or negation.place == "after" else f"not {phrase}"


def _with_negation(cue: Cue, negation: Negation | None) -> tuple[int, int]:
    if negation is None or negation.place == "subject":
        return cue.start, cue.end
    return min(cue.start, negation.start), max(cue.end, negation.end)


@cache
def _interval(phrase: str, scale: str | None) -> EstimativeWords | None:
    """Return a phrase on the first scale whose table has it, else the first that understands it."""
    order = dict.fromkeys(((scale,) if scale else ()) + SCALES)
    read = []
    for name in order:
        try:
            read.append(look_up(phrase, name))
        except InputError:
            continue
    own = (words for words in read if not _is_derived(words))
    return next(own, next(iter(read), None))


def _is_derived(words: EstimativeWords) -> bool:
    """Whether a phrase was read through its negation, and is on no row of its scale."""
    rows = {*phrases(words.scale), *(phrase for phrase, _ in synonyms(words.scale))}
    return " not" in f" {words.phrase}" and words.phrase not in rows
