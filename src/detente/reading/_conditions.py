"""The antecedent of a conditional statement: *if the coalition withdraws*, *should talks fail*.

It begins at a word of ``conditions.csv``. Where the main statement follows, it ends at the first
comma after which a clause with a verb of its own begins; where it comes last, at the end, or at a
comma after which something else is added. *Without* conditions what may happen, and only where a
thing follows, not a doing (*without talking*). *If* after a verb of asking is no condition.
Cost: linear in the sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from detente.reading._cues import Cue, cue_table, word_class
from detente.reading._polarity import AUXILIARIES, MODAL_VERBS
from detente.reading._tokens import Tokens

_ASKING = word_class("asks before if")
_NO_CONDITION = word_class("no condition after if")
_IDIOMS = word_class("idioms with without")
_QUESTION_WORDS = word_class("question words")
_STARTS = word_class("starts of a subject")
_PREPOSITIONS = word_class("ends of prepositions that condition")
_PRONOUNS = word_class("subject pronouns")
_BEFORE_MAIN = word_class("before a condition that comes first")
_NO_MAIN = word_class("starts no main statement")
_ADDS = word_class("adds to a statement")


@dataclass(frozen=True, slots=True)
class Antecedent:
    """The antecedent, words ``start`` up to ``end``, and the last of its cue."""

    start: int
    end: int
    cue_end: int


def condition_of(tokens: Tokens, uncertain: bool) -> Antecedent | None:
    """Return the first antecedent of a sentence.

    Parameters
    ----------
    tokens : Tokens
    uncertain : bool
        Whether the sentence says of something that it will, may or is likely to be.

    Examples
    --------
    >>> from detente.reading._tokens import tokens_of
    >>> tokens = tokens_of("If the dam, now old, gives way, the valley will flood.")
    >>> found = condition_of(tokens, uncertain=True)
    >>> tokens.span(found.start, found.end).text
    'If the dam, now old, gives way'
    """
    for cue in cue_table("conditions").find(tokens):
        if not tokens.quoted[cue.start] and _opens_condition(tokens, cue, uncertain):
            end = clause_end(tokens, cue.start, cue.end)
            if tokens.words[cue.end - 1] in _PREPOSITIONS:
                end = _thing_end(tokens, cue.end, end)
            return Antecedent(cue.start, end, cue.end)
    return None


def _opens_condition(tokens: Tokens, cue: Cue, uncertain: bool) -> bool:
    before, after = tokens.at(cue.start - 1), tokens.at(cue.end)
    if cue.end >= len(tokens) or tokens.stops[cue.end]:
        return False
    opens = cue.start == 0 or bool(tokens.stops[cue.start])
    name = tokens.raw[cue.end][:1].isupper()
    match cue.sign:
        case "if" if tokens.words[cue.start] == "if":
            aside = after == "not" and cue.start > 0
            return not (aside or before in _ASKING or after in _NO_CONDITION)
        case "if" | "unless":
            return not (after.isdigit() or (tokens.words[cue.end - 1] == "as" and after == "a"))
        case "opening":
            return opens or before in _BEFORE_MAIN
        case "without":
            idiom = after.endswith("ing") or after in _IDIOMS
            return uncertain and not idiom and before not in {"not", "never"}
        case "should":
            if tokens.is_question or before in _QUESTION_WORDS:
                return False
            return (after in _STARTS or name) if opens else after in _STARTS - {"that"}
        case "were":
            followed = "to" in tokens.words[cue.end : cue.end + 8]
            return opens and (after in _STARTS or name) and followed
        case _:
            around = tokens.words[max(0, cue.start - 60) : cue.end + 60]
            return opens and (after in _STARTS or name) and not MODAL_VERBS.isdisjoint(around)


def clause_end(tokens: Tokens, start: int, opened: int) -> int:
    """Return where a subordinate clause ends that begins at ``start``, after its opening."""
    commas, hard = [], len(tokens)
    for at in range(opened, len(tokens)):
        if tokens.stops[at] == ";":
            hard = at
            break
        if tokens.stops[at]:
            commas.append(at)
    follows = tokens.stops[start] != ";" and _has_verb(tokens, 0, start)
    if follows and tokens.at(start - 1) not in _BEFORE_MAIN:
        if commas and tokens.stops[start] == ",":
            return commas[0]
        return next((at for at in commas if _adds(tokens.words[at])), hard)
    for at, until in pairwise([*commas, hard]):
        if tokens.words[at] == "then" or _is_main(tokens, at, until):
            return at
    uncut = commas[0] if commas else hard
    begins = _is_turned_round if tokens.words[start] == "only" else _begins_main
    main = (at for at in range(opened + 2, uncut) if begins(tokens, at))
    return next(main, uncut)


def _thing_end(tokens: Tokens, start: int, end: int) -> int:
    """Return where a thing ends that begins at ``start``: before a verb and its subject."""
    verb = next((at for at in range(start + 1, end) if tokens.words[at] in AUXILIARIES), None)
    if verb is None:
        return end
    for at in range(verb - 1, start, -1):
        if tokens.words[at] in _STARTS or tokens.raw[at][:1].isupper():
            return at
    return verb


def _begins_main(tokens: Tokens, at: int) -> bool:
    """Whether a main statement begins at a word that no comma stands before."""
    begins = tokens.words[at] in _PRONOUNS and tokens.at(at + 1) in MODAL_VERBS
    return begins or tokens.words[at] == "then"


def _is_turned_round(tokens: Tokens, at: int) -> bool:
    """Whether a main statement begins with its verb: *only if they ask for it will he go*."""
    after = tokens.at(at + 1)
    name = any(raw[:1].isupper() for raw in tokens.raw[at + 1 : at + 2])
    return tokens.words[at] in AUXILIARIES and (name or after in _STARTS or after in _PRONOUNS)


def _adds(word: str) -> bool:
    return word in _ADDS or (word.endswith("ing") and len(word) > 5)


def _has_verb(tokens: Tokens, start: int, end: int) -> bool:
    return any(word in AUXILIARIES for word in tokens.words[start:end])


def _is_main(tokens: Tokens, start: int, end: int) -> bool:
    return tokens.words[start] not in _NO_MAIN and _has_verb(tokens, start + 1, end)
