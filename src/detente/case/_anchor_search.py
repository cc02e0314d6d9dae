"""Make the anchor of a claim: find a sentence in a text by its first words.

The text is read as `detente.case._anchors` reads it when it checks a case against its sources, and
words are compared as they count for the hash, so that quotes, dashes, case and line breaks do not
matter. Where no sentence starts with the words, those are named that hold them, or whose beginning
is most like them (Ratcliff and Obershelp, as in `difflib`). Cost: linear in the text; for the
nearest, times the square of the words given.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent, shorten
from typing import Any

from detente.case._anchors import bare_words, read_sentences, sentence_hash
from detente.case._fields import SLUG
from detente.case._model import Anchor
from detente.errors import InputError
from detente.text import plural, quote
from detente.values import plain

_NEAREST = 3
_ALIKE = 0.5
_WIDE = 76
_NUMBER = re.compile(r"[0-9]+(e[0-9]+)?")


@dataclass(frozen=True, slots=True)
class AnchoredSentence:
    """A sentence of a text, with the anchor that points at it."""

    anchor: Anchor
    text: str

    def __str__(self) -> str:
        """Return the `where` of a claim, to paste into its case file."""
        at = self.anchor
        # Digits alone would be read as a number.
        digest = f'"{at.hash}"' if _NUMBER.fullmatch(at.hash) else at.hash
        return (
            f"where: {{source: {at.source}, paragraph: {at.paragraph}, "
            f"sentence: {at.sentence}, hash: {digest}}}"
        )


@dataclass(frozen=True, slots=True)
class AnchorSearch:
    """What a search for a sentence by its first words found.

    Attributes
    ----------
    document, words : str
    matches : tuple of AnchoredSentence
        Sentences that start with the words, in the order of the text.
    nearest : tuple of AnchoredSentence
        Where none does: those that come nearest, best first.
    """

    document: str
    words: str
    matches: tuple[AnchoredSentence, ...]
    nearest: tuple[AnchoredSentence, ...] = ()

    def __str__(self) -> str:
        """Return the one `where`, or each with the beginning of its sentence."""
        if len(self.matches) == 1:
            return str(self.matches[0])
        found = self.matches or self.nearest
        said = f"start with {quote(self.words)}"
        if self.matches:
            head = f"{plural(len(found), 'sentence')} of {self.document} {said}:"
        else:
            head = f"no sentence of {self.document} starts with {quote(self.words)}; "
            head += "the nearest:" if found else "none comes near"
        lines = [head]
        for sentence in found:
            told = shorten(sentence.text, _WIDE, placeholder=" …")
            lines += ["", str(sentence), indent(told, "  ")]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return what was found, ready for JSON."""
        return {
            "document": self.document,
            "words": self.words,
            **{
                name: [
                    {"where": plain(one.anchor), "text": one.text} for one in getattr(self, name)
                ]
                for name in ("matches", "nearest")
            },
        }


def find_anchors(document: Path | str, words: str, source: str | None = None) -> AnchorSearch:
    """Find where a sentence stands in a text, for the `where` of a claim.

    Parameters
    ----------
    document : Path or str
        A copy of the source, plain text or Markdown.
    words : str
        How the sentence begins.
    source : str, optional
        Id of the source in the case; the name of the file without its ending by default.

    Returns
    -------
    AnchorSearch

    Raises
    ------
    InputError
        When the text cannot be read or has no sentence, or there are no words to look for.

    See Also
    --------
    check_anchors : Whether the anchors of a case lead to their sentences.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "memo.txt"
    >>> _ = path.write_text("The river was low. Nobody had asked the town.")
    >>> print(find_anchors(path, "Nobody had asked"))
    where: {source: memo, paragraph: 1, sentence: 2, hash: 284f34999cd304fd}
    """
    path = Path(document)
    name = require_source_id(path.stem if source is None else source)
    wanted = bare_words(words)
    if not wanted:
        raise InputError("there are no words to look for; give the first words of the sentence")
    found = list(_anchored(path, name))
    if not found:
        raise InputError(f"{path.name}: no sentence in it; give the text of the source")
    matches = tuple(one for one in found if f"{bare_words(one.text)} ".startswith(f"{wanted} "))
    return AnchorSearch(path.name, words, matches, () if matches else _nearest(wanted, found))


def require_source_id(name: str) -> str:
    """Return a name that a source of a case can have; raise `InputError` for any other.

    Examples
    --------
    >>> require_source_id("essay-2026")
    'essay-2026'
    """
    if not re.fullmatch(SLUG, name):
        raise InputError(
            f"{quote(name)} is no id of a source; give one of small letters, digits and hyphens "
            "(on the command line with --source)"
        )
    return name


def _anchored(path: Path, source: str) -> Iterator[AnchoredSentence]:
    rows = read_sentences(path, "give a text of the source that is there and can be read")
    for paragraph, row in enumerate(rows, 1):
        for number, text in enumerate(row, 1):
            yield AnchoredSentence(Anchor(source, paragraph, number, sentence_hash(text)), text)


def _nearest(wanted: str, found: list[AnchoredSentence]) -> tuple[AnchoredSentence, ...]:
    def alike(sentence: AnchoredSentence) -> float:
        words = bare_words(sentence.text)
        if wanted in words:
            return 1.0
        return difflib.SequenceMatcher(None, wanted, words[: len(wanted)]).ratio()

    scores = [alike(sentence) for sentence in found]
    order = sorted(range(len(found)), key=lambda k: (-scores[k], k))[:_NEAREST]
    return tuple(found[k] for k in order if scores[k] >= _ALIKE)
