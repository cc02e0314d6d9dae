"""Likelihood in a claim's sentence against its words and its interval.

Phrases of the claim's scale are looked for in the sentence, longest first, a "not" beside one
included; those that compare ("less likely than") say nothing about a likelihood. Where the question
itself is negated, the sentence may say the opposite of the words and mean the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from detente.case import Claim, EstimativeWords, Question, look_up, phrases
from detente.errors import InputError
from detente.review._facts import CaseFacts, formulas_of
from detente.review._warning import CaseWarning
from detente.text import show_range

_LONGEST = 5
_COMPARES = {"more", "less", "as", "how", "equally", "likelier"}
_ALSO_NOUNS = {"certain", "remote"}
"""Words that say a likelihood on a scale, and more often something else in a sentence."""
_TOUCH = 1e-9


@dataclass(frozen=True, slots=True)
class Likelihood:
    """A phrase, between what it lies, and whether it was read with its "not" turned round."""

    phrase: str
    low: float
    high: float
    negated: bool = False

    def apart(self, low: float, high: float) -> bool:
        """Return whether an interval has no more than an end in common with this."""
        if low == high or self.low == self.high:
            return high < self.low - _TOUCH or low > self.high + _TOUCH
        return high <= self.low + _TOUCH or low >= self.high - _TOUCH

    @property
    def text(self) -> str:
        """The phrase and its interval."""
        return f"{self.phrase!r} ({show_range(self.low, self.high, 'share')})"


def worded_claims(facts: CaseFacts) -> Iterator[CaseWarning]:
    """Warn about words, sentences and intervals of a claim that say different things."""
    for index, claim, question in facts.asked:
        if question.kind != "share" or claim.versus is not None:
            continue
        subject, path = f"claim {claim.id}", ("claims", index)
        words, expect = _words(claim), claim.expect
        said = [one for one in likelihoods(claim.says, claim.scale) if not _turned(one, question)]
        if words and said and all(one.apart(words.low, words.high) for one in said):
            message = f"{claim.id} says {said[0].text}, and its words are {words.text}"
            yield facts.warn("words-against-says", subject, (*path, "words"), message)
        if expect is None or isinstance(expect, EstimativeWords):
            continue
        if words and words.apart(expect.low, expect.high):
            message = f"the words of {claim.id} are {words.text}, and it expects {expect.text}"
            yield facts.warn("words-against-interval", subject, (*path, "expect"), message)
        elif said and not words and all(one.apart(expect.low, expect.high) for one in said):
            message = f"{claim.id} says {said[0].text}, and it expects {expect.text}"
            yield facts.warn("says-against-interval", subject, (*path, "expect"), message)


def likelihoods(sentence: str, scale: str) -> list[Likelihood]:
    """Return the likelihoods that a sentence states, in order.

    Examples
    --------
    >>> [one.text.replace("\u202f", " ") for one in likelihoods("It is very likely.", "icd203")]
    ["'very likely' (80–95 %)"]
    >>> likelihoods("It is less likely than before.", "icd203")
    []
    """
    tokens = re.findall(r"[a-z']+", sentence.lower().replace("-", " "))
    found, at = [], 0
    while at < len(tokens):
        for size in range(min(_LONGEST, len(tokens) - at), 0, -1):
            one = _read(tokens, at, size, scale)
            if one is not None:
                if at == 0 or tokens[at - 1] not in _COMPARES:
                    found.append(one)
                at += size
                break
        else:
            at += 1
    return found


def _read(tokens: list[str], at: int, size: int, scale: str) -> Likelihood | None:
    window = tokens[at : at + size]
    if not _vocabulary(scale).intersection(window) or window[0] == "is":
        return None
    if window[0] in _ALSO_NOUNS and size == 1:
        return None
    bare = [word for word in window if word != "not"]
    if bare == ["certain"]:
        return None
    whole = _interval(" ".join(window), scale)
    if whole is not None:
        return whole
    at_an_end = "not" in {window[0], window[-1]} and len(bare) == size - 1
    one = _interval(" ".join(bare), scale) if bare and at_an_end else None
    if one is None:
        return None
    return Likelihood(" ".join(window), 1.0 - one.high, 1.0 - one.low, True)


@cache
def _vocabulary(scale: str) -> frozenset[str]:
    words = re.findall(r"[a-z]+", " ".join(phrases(scale)).lower())
    return frozenset((*words, "probably", "improbably", "certainly")) - {"not"}


def _interval(phrase: str, scale: str) -> Likelihood | None:
    try:
        found = look_up(phrase, scale)
    except InputError:
        return None
    return Likelihood(phrase, found.low, found.high, "not" in phrase.split())


def _words(claim: Claim) -> Likelihood | None:
    return _interval(claim.words, claim.scale) if claim.words.strip() else None


def _turned(said: Likelihood, question: Question) -> bool:
    """Return whether the "not" of a sentence may stand in the formula of the question."""
    text = " ".join(formula.text for formula in formulas_of(question))
    return said.negated and ("!=" in text or re.search(r"\bnot\b", text) is not None)
