"""The words of a sentence with their places, and where a stretch of it begins and ends.

A word is a run of letters and digits, apostrophes inside it included; the *n't* of a verb is a word
of its own, read as *not*, and *cannot* is *can* and *not*. Hyphens divide words. Cost: linear in
the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from detente.reading._marks import Span

_APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}"
_NT = rf"(?i:n[{_APOSTROPHES}]t)\b"
_WORD = re.compile(
    rf"(?i:\bcan(?=not\b)|(?<=\bcan)not\b)|{_NT}|[^\W_]+?(?={_NT})"
    rf"|[^\W_]+(?:[{_APOSTROPHES}][^\W_]+)*"
)
_CURLY = re.compile(f"[{_APOSTROPHES[1:]}]")
_SHORT = {"wo": "will", "ca": "can", "sha": "shall"}
_STOP = re.compile(r"[,;:.!?…()\[\]\N{EM DASH}\N{EN DASH}]|--|-\s|\s-")
_HARD_STOP = re.compile(r"[;:()\[\]\N{EM DASH}\N{EN DASH}]|--|\s-\s|[.!?…]\s")
_ASKS = re.compile(r"\?\W*$")
_QUOTES = re.compile(r"[\"\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}«»]|''|``")
_OPENING = {"\N{LEFT DOUBLE QUOTATION MARK}", "«", "``"}


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a sentence.

    Attributes
    ----------
    text : str
        The sentence.
    words : tuple of str
        In small letters, *n't* as ``not``.
    raw : tuple of str
        As they stand in the sentence.
    starts, ends : tuple of int
    stops : tuple of str
        What stands before each word that divides the sentence: ``,`` for a comma, ``;`` for what
        divides more, nothing otherwise.
    quoted : tuple of bool
        Whether a word stands between quotation marks.
    is_question : bool
    """

    text: str
    words: tuple[str, ...]
    raw: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    stops: tuple[str, ...]
    quoted: tuple[bool, ...]
    is_question: bool

    def __len__(self) -> int:
        return len(self.words)

    def span(self, start: int, end: int) -> Span:
        """Return the words from number ``start`` up to ``end``, and none of them halved."""
        if start and self.starts[start] == self.ends[start - 1]:
            start -= 1
        first, last = self.starts[start], self.ends[end - 1]
        return Span(first, last, self.text[first:last])

    def at(self, index: int) -> str:
        """Return a word, and nothing beyond either end."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def joined(self, start: int, end: int) -> bool:
        """Whether no comma or the like stands between the words of a stretch."""
        return not any(self.stops[start + 1 : end])

    def clause_start(self, index: int, opening: Iterable[str] = (), most: int = 40) -> int:
        """Return where the clause of a word begins: after a stop or after a word of ``opening``."""
        first = index
        while first > max(0, index - most) and not self.stops[first]:
            if self.words[first - 1] in opening:
                break
            first -= 1
        return first


def tokens_of(text: str) -> Tokens:
    """Divide a sentence into words.

    Examples
    --------
    >>> tokens_of("It won't hold, they can't mend it.").words
    ('it', 'will', 'not', 'hold', 'they', 'can', 'not', 'mend', 'it')
    """
    found = list(_WORD.finditer(text))
    raw = tuple(match.group() for match in found)
    words, stops, quoted = [], [], []
    inside, before = False, 0
    for k, match in enumerate(found):
        word = _CURLY.sub("'", match.group().casefold())
        following = found[k + 1] if k + 1 < len(found) else None
        if word == "n't":
            word = "not"
        elif word in _SHORT and following and following.start() == match.end():
            word = _SHORT[word]
        gap = text[before : match.start()]
        for mark in _QUOTES.findall(gap):
            inside = mark in _OPENING or (not inside and mark in {'"', "''"})
        words.append(word)
        stops.append(";" if _HARD_STOP.search(gap) else "," if _STOP.search(gap) else "")
        quoted.append(inside)
        before = match.end()
    return Tokens(
        text,
        tuple(words),
        raw,
        tuple(match.start() for match in found),
        tuple(match.end() for match in found),
        tuple(stops),
        tuple(quoted),
        _ASKS.search(text[-8:]) is not None,
    )
