"""Chances that a sentence states as a number: *a one in five chance*, *a probability of 40 %*.

No scale is needed for them and none has them, so they are left to the analyst, as modals are. Cost:
linear in the sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from detente.reading._cues import Cue, word_class
from detente.reading._tokens import Tokens

_FIGURE = r"\d{1,3}(?:[.,]\d{1,3})?"
_SHARE = rf"{_FIGURE}(?:\s?(?:[-–]|to)\s?{_FIGURE})?\s?(?:%|per\s?cent)"
_COUNT = r"(?:two|three|four|five|six|seven|eight|nine|ten|twenty|hundred|\d{1,3})"
_RATIO = rf"(?:one|{_COUNT})[\s-](?:in|out of)[\s-](?:a[\s-])?{_COUNT}\b"
_NUMBER = rf"(?:{_SHARE}|{_RATIO})"
_NOUN = rf"(?:{'|'.join(sorted(word_class('nouns of chance'), key=len, reverse=True))})"
_OF = r"(?:(?:of|that)(?:\s[^\W\d]{1,30}){1,6}\s(?=(?:is|are|was|at)\b))?"
_LINK = (
    r"(?:of|is|are|at|as|was)\s(?:(?:about|around|roughly|perhaps|only|some|at\s(?:most|least))\s)?"
)
_STATED = re.compile(
    rf"(?<![\w.])(?:{_NUMBER}[\s-]{_NOUN}\b|{_NOUN}\s{_OF}{_LINK}{_NUMBER})", re.IGNORECASE
)


def stated_numbers(tokens: Tokens, left_out: Sequence[bool]) -> tuple[Cue, ...]:
    """Return the chances that are stated as numbers, but for words that are left out.

    Examples
    --------
    >>> from detente.reading._tokens import tokens_of
    >>> tokens = tokens_of("There is a one in five chance that it fails.")
    >>> [tokens.span(one.start, one.end).text for one in stated_numbers(tokens, [False] * 10)]
    ['one in five chance']
    """
    found = []
    for match in _STATED.finditer(tokens.text):
        start = bisect_left(tokens.starts, match.start())
        end = bisect_left(tokens.starts, match.end())
        if start < end and not left_out[start]:
            found.append(Cue(start, end, "number"))
    return tuple(found)
