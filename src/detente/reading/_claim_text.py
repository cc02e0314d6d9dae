"""The claims of a draft as they stand in a case file, each with its sentence and marks in comments.

A sentence gives a claim for each of its words of likelihood, and one where it has none. What the
text says stands in comments, on lines of their own that begin with ``#`` whatever they quote; what
the analyst must answer is marked ``to do:``. Cost: linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from textwrap import shorten, wrap
from types import MappingProxyType

from detente.case import AnchoredSentence, one_line, quoted
from detente.reading._document import Sentence
from detente.reading._marks import Horizon, LikelihoodWords, SentenceMarks
from detente.text import EN_DASH, THIN, show_range

TO_DO = "to do:"
"""What marks every place that an analyst must answer."""

SAYS = f"{TO_DO} the claim, in your own words"
UNASKED = f"{TO_DO} ask the model, or say why it cannot be asked"

_WIDE = 96
_FIRST_WORDS = 72


@dataclass(frozen=True, slots=True)
class DraftClaim:
    """A claim of a draft, with what it was made from.

    Attributes
    ----------
    id : str
    marks : SentenceMarks
        Of its sentence.
    likelihood : LikelihoodWords or None
        Its words of likelihood, one claim for each in the sentence.
    """

    id: str
    marks: SentenceMarks
    likelihood: LikelihoodWords | None


def draft_claims(marks: Iterable[SentenceMarks], used: Iterable[str] = ()) -> list[DraftClaim]:
    """Return the claims that sentences give, with ids that no claim has yet, nor looks to have."""
    taken = {re.sub(r"(?<=^C)0+", "", name) for name in used}
    numbers = (n for n in range(1, 1_000_000) if f"C{n}" not in taken)
    return [
        DraftClaim(f"C{next(numbers):02d}", found, words)
        for found in marks
        if found.is_claim
        for words in found.likelihoods or (None,)
    ]


def comment(text: str, indent: str = "", first: str = "") -> list[str]:
    r"""Return any text as wrapped lines of comment.

    Examples
    --------
    >>> print(*comment("It will\nnot: hold\u202e", "  ", "3.2: "), sep="\n")
      # 3.2: It will not: hold\u202e
    """
    start = f"{indent}# "
    return wrap(
        one_line(first + text), _WIDE, initial_indent=start, subsequent_indent=start,
        break_on_hyphens=False,
    )  # fmt: skip


def claim_lines(
    claims: Iterable[DraftClaim],
    source: str,
    beside: Mapping[Sentence, Sequence[str]],
    of_claims: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[str]:
    """Yield the lines of claims of a case file, a blank line before each but the first.

    ``beside`` are remarks on some sentences, ``of_claims`` one each on some claims.
    """
    before: DraftClaim | None = None
    for claim in claims:
        if before is not None:
            yield ""
        sentence = claim.marks.sentence
        yield f"  - id: {claim.id}"
        if before is not None and before.marks.sentence == sentence:
            yield f"    # {sentence.place}, as {before.id}"
            said: Iterable[str] = remarks(claim)
        else:
            yield from comment(sentence.text, "    ", f"{sentence.place}: ")
            said = chain(remarks(claim), beside.get(sentence, ()))
        for remark in chain(said, filter(None, [of_claims.get(claim.id)])):
            yield from comment(remark, "    ")
        yield f"    says: {quoted(SAYS)}"
        yield f"    {AnchoredSentence(sentence.anchor(source), sentence.text)}"
        if claim.likelihood is not None:
            yield f"    words: {quoted(claim.likelihood.phrase)}"
            yield f"    scale: {claim.likelihood.scale}"
        yield f"    unasked: {quoted(UNASKED)}"
        before = claim


def remarks(claim: DraftClaim) -> Iterator[str]:
    """Yield what the marks of a claim say, a remark a line, without the sentence."""
    marks, words = claim.marks, claim.likelihood
    kind = f"{marks.kind}, negated" if marks.negated else marks.kind
    yield f"{kind}: {marks.antecedent.text}" if marks.antecedent else kind
    if words is not None:
        less = ", less likely than not" if words.negated else ""
        yield f"{words.phrase}: {interval(words)} on {words.scale}{less}"
    if marks.modals:
        said = ", ".join(dict.fromkeys(f'"{modal.text.lower()}"' for modal in marks.modals))
        yield f"yours to decide, without an interval: {said}"
    if marks.horizon is not None:
        yield f"horizon: {horizon_words(marks.horizon)}"


def interval(words: LikelihoodWords) -> str:
    """Return the interval of words of likelihood, in per cent."""
    found = show_range(words.low, words.high, "share")
    return found.replace(EN_DASH, " to ").replace(THIN, " ")


def horizon_words(horizon: Horizon) -> str:
    """Return a horizon as the text has it, and the days it means where it says so."""
    days = [str(day) for day in (horizon.start, horizon.end) if day is not None]
    return f"{horizon.span.text} ({' to '.join(days)})" if days else horizon.span.text


def remaining_lines(marks: Iterable[SentenceMarks]) -> Iterator[str]:
    """Yield the sentences that became no claim as comments, each by its first words."""
    left = [found.sentence for found in marks if not found.is_claim]
    if left:
        yield ""
        yield "# Text that became no claim, by paragraph.sentence and first words:"
    for sentence in left:
        first = shorten(one_line(sentence.text), _FIRST_WORDS, placeholder=" …")
        yield f"#   {sentence.place:6} {first}"
