"""What of a sentence its author does not say: quotations, and what others are said to think.

*Beijing believes that war is likely* says nothing of how likely the author thinks war. What others
say begins after a verb or noun of belief or speech (``voices.csv``) that the author does not claim
with *we*, *I* or *our* (nor leaves to no one: *is believed*), and ends at the next comma or
stronger stop. Cost: linear.
"""

from __future__ import annotations

from detente.reading._cues import cue_table, word_class
from detente.reading._polarity import AUXILIARIES
from detente.reading._tokens import Tokens

_OWN = word_class("author and passive")
_NOT_SAID = AUXILIARIES | word_class("no statement after a verb of speech")
_BETWEEN = word_class("before a verb of speech")


def attributed(tokens: Tokens) -> tuple[bool, ...]:
    """Return for each word whether it is quoted or ascribed to others.

    Examples
    --------
    >>> from detente.reading._tokens import tokens_of
    >>> attributed(tokens_of("They believe that war is likely, and we agree."))
    (False, False, True, True, True, True, False, False, False)
    """
    found = list(tokens.quoted)
    for cue in cue_table("voices").find(tokens):
        if _is_own(tokens, cue.start) or not _opens(tokens, cue.end, cue.sign):
            continue
        at = cue.end
        while at < len(tokens) and not tokens.stops[at] and not found[at]:
            found[at] = True
            at += 1
    return tuple(found)


def _is_own(tokens: Tokens, start: int) -> bool:
    at = start - 1
    while at > max(start - 6, 0) and tokens.words[at] in _BETWEEN and not tokens.stops[at + 1]:
        at -= 1
    return tokens.at(at) in _OWN


def _opens(tokens: Tokens, at: int, sign: str) -> bool:
    """Whether something that is said or believed follows, and not a thing or person."""
    if at >= len(tokens) or tokens.stops[at]:
        return False
    return tokens.words[at] == "that" or (sign == "verb" and tokens.words[at] not in _NOT_SAID)
