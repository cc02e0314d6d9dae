"""A draft of a case, made from a document without a model of language.

Every sentence that forecasts, conditions, causes or judges becomes a claim that points at it;
nothing is said in the analyst's name. The text of the draft is read back as a case before it is
given out, so it is sound or it is an error. Cost: linear in the document, about a second for a
hundred claims.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente import __version__
from detente.case import Case, read_case
from detente.errors import InputError
from detente.reading._actors import SuggestedActor
from detente.reading._case_text import (
    example_question,
    head_lines,
    model_lines,
    options_in,
)
from detente.reading._claim_text import (
    TO_DO,
    DraftClaim,
    claim_lines,
    draft_claims,
    remaining_lines,
)
from detente.reading._document import Document, Sentence
from detente.reading._marking import mark_sentences
from detente.reading._marks import SentenceMarks
from detente.reading._suggest import suggest_actors
from detente.text import Result, plural, quote
from detente.values import plain

if TYPE_CHECKING:
    import pandas as pd

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_LARGEST_CASE = 2**20
_NAMED = 8
_LONGEST_ID = 40


@dataclass(frozen=True)
class Draft(Result):
    """A draft of a case.

    Attributes
    ----------
    document : Document
    source : str
        Id of the document among the sources of the case; its clean text belongs beside the case
        under this name, with the ending ``.txt``.
    marks : tuple of SentenceMarks
        Of every sentence.
    claims : tuple of DraftClaim
    actors : tuple of SuggestedActor
    text : str
        The case file.
    case : Case
        What the text says.
    """

    document: Document
    source: str
    marks: tuple[SentenceMarks, ...]
    claims: tuple[DraftClaim, ...]
    actors: tuple[SuggestedActor, ...]
    text: str
    case: Case = field(repr=False)

    @property
    def remaining(self) -> tuple[Sentence, ...]:
        """The sentences that became no claim."""
        return tuple(found.sentence for found in self.marks if not found.is_claim)

    @property
    def to_do(self) -> int:
        """How many places of the text are marked as the analyst's to answer."""
        return self.text.count(TO_DO)

    @property
    def summary(self) -> tuple[str, ...]:
        """What the draft has: claims by kind, words of likelihood, actors, what is to do."""
        kinds: Counter[str] = Counter(claim.marks.kind for claim in self.claims)
        words = Counter(claim.likelihood.phrase for claim in self.claims if claim.likelihood)
        named = [actor.title for actor in self.actors[:_NAMED]]
        more = len(self.actors) - len(named)
        notes = plural(len(self.document.notes), "note")
        return (
            plural(len(self.claims), "claim") + (f": {_counted(kinds)}" if kinds else ""),
            f"words of likelihood: {_counted(words) or 'none'}",
            f"actors: {', '.join(named) or 'none found'}" + (f" and {more} more" if more else ""),
            f"no claim: {plural(len(self.remaining), 'sentence')}",
            f"left out of the text: {notes}, in the source record",
            f'to do: {plural(self.to_do, "place")}, marked "{TO_DO}"',
        )

    def __str__(self) -> str:
        """Return what the document says of itself, and the summary."""
        return "\n".join([known_of(self.document), *self.summary])

    def to_dict(self) -> dict[str, Any]:
        """Return the draft ready for JSON."""
        return {
            "document": self.document.to_dict(),
            "source": self.source,
            "claims": [_row(claim) for claim in self.claims],
            "actors": [
                {
                    "name": actor.name,
                    "title": actor.title,
                    "kind": actor.kind,
                    "names": list(actor.names),
                    "sentences": [sentence.place for sentence in actor.sentences],
                    "options": [
                        {"name": option.name, "verbs": list(option.verbs)}
                        for option in actor.options
                    ],
                }
                for actor in self.actors
            ],
            "remaining": [sentence.place for sentence in self.remaining],
            "to_do": self.to_do,
            "text": self.text,
        }

    def to_pandas(self) -> pd.DataFrame:
        """Return a row for each claim."""
        import pandas as pd

        rows = [_row(claim) for claim in self.claims]
        return pd.DataFrame(rows, columns=list(rows[0]) if rows else ["id"]).set_index("id")


def draft_case(
    document: Document, source: str | None = None, day: datetime.date | None = None
) -> Draft:
    """Make a draft of a case from a document.

    Parameters
    ----------
    document : Document
    source : str, optional
        Id of the document among the sources of the case; made from its name by default.
    day : date, optional
        Day of the draft, for `drafted_by`; today by default.

    Returns
    -------
    Draft

    Raises
    ------
    InputError
        When the id is none, or the draft would be larger than a case may be.

    Examples
    --------
    >>> from detente.reading import document_of
    >>> draft = draft_case(document_of("The dam will probably hold. It was built in 1990.", "dam"))
    >>> [(claim.id, claim.likelihood.phrase) for claim in draft.claims]
    [('C01', 'probably')]
    >>> [sentence.place for sentence in draft.remaining]
    ['1.2']
    """
    return made_draft(document, mark_sentences(document), suggest_actors(document), source, day)


def made_draft(
    document: Document,
    marks: tuple[SentenceMarks, ...],
    actors: tuple[SuggestedActor, ...],
    source: str | None = None,
    day: datetime.date | None = None,
) -> Draft:
    """Return the draft that marks and actors give."""
    name = source_id(document, source)
    claims = tuple(draft_claims(marks))
    lines = [
        *head_lines(document, name, __version__, day or datetime.date.today()),
        *model_lines(actors),
        "",
    ]
    if claims:
        beside = options_in(actors)
        for sentence, heading in _headed(document, claims).items():
            beside.setdefault(sentence, []).insert(0, f"under: {heading}")
        lines += [*_how_to_answer(actors), "claims:", *claim_lines(claims, name, beside)]
    text = "\n".join([*lines, *remaining_lines(marks)]) + "\n"
    size = len(text.encode())
    if size > _LARGEST_CASE:
        raise InputError(
            f"{document.name}: its draft would have {plural(len(claims), 'claim')} and {size:,} "
            f"bytes, more than a case may have ({_LARGEST_CASE:,}); give a part of the document"
        )
    case = read_case(text.encode(), f"draft of {document.name}")
    return Draft(document, name, marks, claims, actors, text, case)


def known_of(document: Document) -> str:
    """Return what a document says of itself, and its size, without what was left out of it."""
    rows = str(document).split("\n")
    return "\n".join(row for row in rows if row not in document.notes)


def source_id(document: Document, source: str | None = None) -> str:
    """Return the id of a document among the sources of a case.

    Raises
    ------
    InputError
        When the given one is none.
    """
    if source is not None:
        if not _SLUG.fullmatch(source):
            raise InputError(
                f"{quote(source)} is no id of a source; give one of small letters, digits and "
                "hyphens"
            )
        return source
    stem = re.sub(r"[^a-z0-9]+", "-", Path(document.name).stem.lower()).strip("-")
    short = stem if len(stem) <= _LONGEST_ID else stem[: _LONGEST_ID + 1].rpartition("-")[0]
    return short or stem[:_LONGEST_ID] or "document"


def _headed(document: Document, claims: Iterable[DraftClaim]) -> dict[Sentence, str]:
    """Return the first sentence with a claim under each heading of a document."""
    found: dict[str, Sentence] = {}
    for claim in claims:
        sentence = claim.marks.sentence
        above = [text for before, text in document.headings if before <= sentence.paragraph]
        if above:
            found.setdefault(above[-1], sentence)
    return {sentence: heading for heading, sentence in found.items()}


def _how_to_answer(actors: tuple[SuggestedActor, ...]) -> list[str]:
    return [
        f"# {TO_DO} for each claim that matters: write `says`, and in the place of `unasked` a",
        "# question and what the claim expects of its answer, such as",
        f"#     {example_question(actors)}",
        "#     expect: words",
        "# (an interval such as [0.6, 0.9] where it has no words), and give the weights above that",
        "# the question turns on. Delete the claims that do not matter.",
    ]


def _row(claim: DraftClaim) -> dict[str, Any]:
    marks, words = claim.marks, claim.likelihood
    horizon = marks.horizon
    return {
        "id": claim.id,
        "paragraph": marks.sentence.paragraph,
        "sentence": marks.sentence.number,
        "hash": marks.sentence.hash,
        "text": marks.sentence.text,
        "kind": marks.kind,
        "negated": marks.negated,
        "words": words.phrase if words else None,
        "scale": words.scale if words else None,
        "low": words.low if words else None,
        "high": words.high if words else None,
        "less_likely": words.negated if words else None,
        "modals": [modal.text for modal in marks.modals],
        "antecedent": marks.antecedent.text if marks.antecedent else None,
        "horizon": horizon.span.text if horizon else None,
        "until": plain(horizon.end) if horizon else None,
    }


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{word} {count}" for word, count in counts.most_common())
