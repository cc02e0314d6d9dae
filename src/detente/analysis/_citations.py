"""What a claim rests on: where it stands in its source, and what shows how it turned out.

Ids of sources are looked up in the case; evidence that is no id is free text. Cost: linear.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from detente.case import Case, Claim, Source
from detente.text import Result, day
from detente.values import plain


@dataclass(frozen=True, slots=True)
class Citation:
    """A source of the case, or free text.

    Attributes
    ----------
    id : str
        Of the source; empty for free text, and where the case lacks the source.
    title : str
        Of the source, or the text.
    record : str
        Author, publisher and date, as far as the case has them.
    address : str
    """

    id: str
    title: str
    record: str = ""
    address: str = ""

    @property
    def link(self) -> str:
        """The address where it is one of the web, else nothing."""
        try:
            parts = urlsplit(self.address)
        except ValueError:
            return ""
        return self.address if parts.scheme in {"http", "https"} and parts.netloc else ""


@dataclass(frozen=True, slots=True)
class ClaimCitations(Result):
    """The citations of one claim.

    Attributes
    ----------
    source : Citation or None
        Of the document in which the claim stands.
    paragraph, sentence : int or None
    hash : str
        Of the sentence; see `detente.case.find_anchors`.
    evidence : tuple of Citation
        What shows how the claim turned out.
    """

    source: Citation | None
    paragraph: int | None
    sentence: int | None
    hash: str
    evidence: tuple[Citation, ...]

    @property
    def place(self) -> str:
        """Where in the source the claim stands, in words."""
        if self.source is None:
            return ""
        return f"paragraph {self.paragraph}, sentence {self.sentence}"

    def __str__(self) -> str:
        """Return a line for where the claim stands, and one for each piece of evidence."""
        where = [f"{self.source.title}, {self.place}"] if self.source else []
        return "\n".join([*where, *(one.title for one in self.evidence)])

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        where = {
            "source": plain(self.source),
            "paragraph": self.paragraph,
            "sentence": self.sentence,
            "hash": self.hash,
        }
        return {"where": where if self.source else None, "evidence": plain(self.evidence)}


def cited(source: Source) -> Citation:
    """Return the citation of a source."""
    date = "" if source.date is None else day(source.date)
    record = ", ".join(part for part in (source.author, source.publisher, date) if part)
    return Citation(source.id, source.title, record, source.address)


def claim_citations(claim: Claim, case: Case) -> ClaimCitations:
    """Return what a claim rests on.

    Examples
    --------
    >>> import detente
    >>> case = detente.load("peninsula")
    >>> found = claim_citations(case.claim("C39"), case)
    >>> found.source.id, found.place, [one.id for one in found.evidence]
    ('sun-2021', 'paragraph 7, sentence 2', [''])
    """
    where, resolved = claim.where, claim.resolved
    return ClaimCitations(
        source=None if where is None else _citation(where.source, case),
        paragraph=None if where is None else where.paragraph,
        sentence=None if where is None else where.sentence,
        hash="" if where is None else where.hash,
        evidence=tuple(_citation(text, case) for text in (resolved.evidence if resolved else ())),
    )


def _citation(text: str, case: Case) -> Citation:
    return cited(case.sources[text]) if text in case.sources else Citation("", text)
