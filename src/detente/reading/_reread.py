"""Reading a document again into a case that was drafted from it, or from an edition of it.

What the analyst wrote stays, comments too. An anchor follows its sentence; a claim whose sentence
is gone stays as it is, with a note; sentences that were not in the text read last become claims
after the others. A sentence that was there before and has no claim was left out or deleted by the
analyst, so it stays out. Cost: that of a draft, and a few readings of the case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.case import Beside, Case, Claim, beside, changed_text, load, read_case
from detente.errors import InputError
from detente.reading._claim_text import (
    TO_DO,
    DraftClaim,
    claim_lines,
    draft_claims,
    remaining_lines,
)
from detente.reading._document import Document, Sentence
from detente.reading._draft import known_of, source_id
from detente.reading._editions import Editions
from detente.reading._marking import mark_sentences
from detente.reading._marks import SentenceMarks
from detente.reading._read import document_of
from detente.text import Result, listed, plural, quote

_GONE = f"{TO_DO} its sentence is not in the text read last"
_GONE_NOTE = re.compile(rf" ?{re.escape(_GONE)}(; the nearest is [\d.]+\d)?\.")
_RECORD = ("title", "author", "date", "publisher", "address")


@dataclass(frozen=True)
class Rereading(Result):
    """A case after its document was read again.

    Attributes
    ----------
    document : Document
    source : str
        Id of the document among the sources of the case.
    text : str
        The case file with all that follows done in it.
    unchanged : int
        Claims whose sentence stands where it stood.
    moved : mapping of str to (str, str)
        By claim: where its sentence stood and stands, as paragraph.sentence.
    vanished : mapping of str to str
        Claims whose sentence is gone, with the place of the new sentence nearest to it; empty where
        none is near.
    returned : tuple of str
        Claims whose sentence had been gone.
    added : tuple of DraftClaim
    replaced : mapping of str to (str, str)
        By claim that is added: the vanished one whose place it may take, and how its words of
        likelihood differ, in words.
    record : tuple of str
        What the document says of itself that the source record of the case does not.
    """

    document: Document
    source: str
    text: str
    unchanged: int
    moved: Mapping[str, tuple[str, str]]
    vanished: Mapping[str, str]
    returned: tuple[str, ...]
    added: tuple[DraftClaim, ...]
    replaced: Mapping[str, tuple[str, str]]
    record: tuple[str, ...]

    def __str__(self) -> str:
        """Return what changed, claim by claim."""
        rows = [f"{plural(self.unchanged, 'claim')} where they stood"]
        rows += [f"{name}: moved from {old} to {new}" for name, (old, new) in self.moved.items()]
        rows += [f"{name}: its sentence is there again" for name in self.returned]
        rows += [
            f"{name}: its sentence is gone" + (f"; the nearest is {near}" if near else "")
            for name, near in self.vanished.items()
        ]
        for claim in self.added:
            near = self.replaced.get(claim.id)
            place = claim.marks.sentence.place
            rows.append(
                f"{claim.id}: new, from {place}" + (f", for {''.join(near)}" if near else "")
            )
        return "\n".join([known_of(self.document), *rows, *self.record])

    def to_dict(self) -> dict[str, Any]:
        """Return what changed, ready for JSON."""
        return {
            "source": self.source,
            "unchanged": self.unchanged,
            "moved": {name: list(places) for name, places in self.moved.items()},
            "vanished": dict(self.vanished),
            "returned": list(self.returned),
            "added": {claim.id: claim.marks.sentence.place for claim in self.added},
            "replaced": {name: list(near) for name, near in self.replaced.items()},
            "record": list(self.record),
            "text": self.text,
        }


def reread_case(path: Path | str, document: Document, source: str | None = None) -> Rereading:
    """Read a document again into a case that was made from it.

    Parameters
    ----------
    path : Path or str
        The case file. The text that was read last is looked for beside it, under the id of the
        source with the ending ``.txt``; without it every sentence that no claim points at is new.
    document : Document
    source : str, optional
        Id of the document among the sources of the case; made from its name by default.

    Returns
    -------
    Rereading
        Nothing is written.

    Raises
    ------
    InputError
        When the case is unsound (`CaseError`), or has no such source.
    """
    path = Path(path)
    case = load(path)
    found = _source_of(case, document, source)
    last = path.parent / f"{found}.txt"
    before = mark_sentences(document_of(_text_in(last), last.name)) if last.is_file() else None
    return made_rereading(
        _text_in(path), str(path), document, found, mark_sentences(document), before, beside(path)
    )


def made_rereading(
    text: str,
    name: str,
    document: Document,
    source: str,
    marks: Sequence[SentenceMarks],
    before: Sequence[SentenceMarks] | None,
    table: Beside | None = None,
) -> Rereading:
    """Return what a new reading of one of its sources makes of the text of a case.

    ``before`` is what was read last, None where nobody knows; ``table`` reads the
    history of the case where that is a file of its own.
    """
    case = read_case(text.encode(), name, table)
    editions = Editions(
        [found.sentence for found in marks],
        None if before is None else [found.sentence for found in before],
    )
    moved, vanished = dict[str, tuple[str, str]](), dict[str, str]()
    near, changes = dict[Sentence, list[Claim]](), dict[str, dict[str, Any]]()
    returned: list[str] = []
    anchored = [claim for claim in case.claims if claim.where and claim.where.source == source]
    for claim in anchored:
        assert claim.where is not None
        place, here = f"{claim.where.paragraph}.{claim.where.sentence}", editions.find(claim.where)
        change: dict[str, Any] = {}
        if here is None:
            like = editions.nearest(claim.where)
            vanished[claim.id] = like.place if like else ""
            if like is not None:
                near.setdefault(like, []).append(claim)
            if _GONE not in claim.note:
                hint = f"; the nearest is {like.place}" if like else ""
                change["note"] = f"{claim.note} {_GONE}{hint}.".strip()
        else:
            if _GONE in claim.note:
                returned.append(claim.id)
                change["note"] = _GONE_NOTE.sub("", claim.note).strip() or None
            if here.place != place:
                moved[claim.id] = place, here.place
                change["where"] = {"paragraph": here.paragraph, "sentence": here.number}
        if change:
            changes[claim.id] = change
    pointed = {claim.where.hash for claim in anchored if claim.where}
    fresh = {sentence.hash for sentence in editions.fresh} - pointed
    new = draft_claims(
        (found for found in marks if found.sentence.hash in fresh),
        (claim.id for claim in case.claims),
    )
    changed = changed_text(text, {"claims": changes}) if changes else text
    for claim_id, (old, place) in moved.items():
        changed = _with_place(changed, claim_id, old, place)
    replaced = dict(_replaced(near, new))
    if new:
        said = {
            name: f"{TO_DO} put it into the place of {old}, or keep both{change}"
            for name, (old, change) in replaced.items()
        }
        lines = list(claim_lines(new, source, {}, said))
        changed = _with_claims(changed, name, lines, new, table)
    changed = _with_remaining(changed, before or (), marks)
    return Rereading(
        document, source, changed, len(anchored) - len(moved) - len(vanished), moved, vanished,
        tuple(returned), tuple(new), replaced, tuple(_record(document, case, source)),
    )  # fmt: skip


def _replaced(
    near: Mapping[Sentence, list[Claim]], new: Sequence[DraftClaim]
) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the new claims that vanished ones became, those with the same words first."""
    for sentence, gone in near.items():
        here = [claim for claim in new if claim.marks.sentence == sentence]
        for old in sorted(gone, key=lambda old: old.words not in map(_words, here)):
            if here:
                claim = next((one for one in here if _words(one) == old.words), here[0])
                here.remove(claim)
                yield claim.id, (old.id, _changed_words(old.words, _words(claim)))


def _words(claim: DraftClaim) -> str:
    return claim.likelihood.phrase if claim.likelihood else ""


def _changed_words(old: str, new: str) -> str:
    if old and new:
        return "" if old == new else f"; {quote(old)} is now {quote(new)}"
    return f"; {quote(old or new)} is {'gone' if old else 'new'}" if old or new else ""


def _with_place(text: str, claim: str, old: str, new: str) -> str:
    """Return a case in whose remark above a claim its sentence has another place."""
    remark = re.compile(rf"(?<=- id: {re.escape(claim)}\n)(\s*# ){re.escape(old)}(?=: |, as )")
    return remark.sub(rf"\g<1>{new}", text, count=1)


def _source_of(case: Case, document: Document, source: str | None) -> str:
    """Return the source of a case that a document is: of its id, or the only one pointed at."""
    named = source_id(document, source)
    pointed = {claim.where.source for claim in case.claims if claim.where}
    if named in case.sources:
        return named
    if source is None and len(pointed) == 1:
        return pointed.pop()
    raise InputError(
        f"{case.path} has no source {quote(named)}; say with --source which of its sources this "
        f"is: {listed(sorted(pointed or case.sources)) if pointed or case.sources else 'none'}"
    )


def _text_in(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is not UTF-8; save it as such") from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; check its name and permissions") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _with_claims(
    text: str, name: str, block: list[str], new: Iterable[DraftClaim], table: Beside | None
) -> str:
    """Return the text of a case with more claims after its last, comments and all."""
    case = read_case(text.encode(), name, table)
    wanted = [*(claim.id for claim in case.claims), *(claim.id for claim in new)]
    lines = text.rstrip("\n").split("\n")
    for at, indent in _ends_of_claims(lines, case):
        inset = [indent + line[2:] if line else "" for line in block]
        before = ["", *inset] if case.claims else ["claims:", *inset]
        tried = "\n".join([*lines[:at], *before, *lines[at:]]) + "\n"
        try:
            found = read_case(tried.encode(), name, table)
        except InputError:
            continue
        if [claim.id for claim in found.claims] == wanted and found.claims[: len(case.claims)] == (
            case.claims
        ):
            return tried
    raise InputError(
        f"{name}: the new claims cannot be added where its claims end; write `claims` as a list "
        "with an entry on lines of its own"
    )


def _with_remaining(
    text: str, before: Sequence[SentenceMarks], now: Sequence[SentenceMarks]
) -> str:
    """Bring the list of what became no claim up to date, where nobody has touched it."""
    old, new = ("\n".join(remaining_lines(found)) for found in (before, now))
    return text.replace(old, new) if old and text.count(old) == 1 else text


def _ends_of_claims(lines: list[str], case: Case) -> Iterator[tuple[int, str]]:
    """Yield lines before which new claims may go, the likeliest first, and how far they stand in.

    That is after the last line of the section that is neither blank nor a comment, or, where a text
    ends in what looks like a comment, at the end of the section.
    """
    if not case.claims:
        yield len(lines), "  "
        return
    last = case.places.of("claims", len(case.claims) - 1)[0] - 1
    dash = re.match(r"\s*(?=-\s)", lines[last])
    end = next((n for n in range(last + 1, len(lines)) if re.match(r"[^\s#-]", lines[n])), None)
    end = len(lines) if end is None else end
    ends = [n + 1 for n in range(last, end) if lines[n].strip() and lines[n].lstrip()[0] != "#"]
    for at in dict.fromkeys([ends[-1] if ends else end, end]):
        yield at, dash[0] if dash else "  "


def _record(document: Document, case: Case, source: str) -> Iterator[str]:
    recorded = case.sources[source]
    for name in _RECORD:
        here, there = getattr(document, name), getattr(recorded, name)
        if here and str(here) != str(there or ""):
            yield f"{name}: {here} in the document, {there or 'nothing'} in the case"
