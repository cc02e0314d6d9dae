"""From the lines of a document to its clean text, and what stood beside it.

Blocks are gone through in order. A heading, an aside or a line of furniture goes where it belongs;
what is left is text. A block without an end goes on in the next one where that begins with a small
letter, where the last line reached the margin, or where only furniture stood between. The
paragraphs that come out are those that `detente.case.paragraphs` finds in them. Cost: linear.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from detente.case import paragraphs, sentences
from detente.reading._blocks import (
    Block,
    Line,
    Words,
    blocks_of,
    joined,
    without_furniture,
    without_number,
    words_of,
)
from detente.reading._furniture import (
    FEWEST_WORDS,
    date_in,
    ended,
    is_contact,
    is_dateline,
    label,
    may_go_on,
)
from detente.text import hidden_character, plural

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
_RULE = re.compile(r"^[-–—*_=~•·.#\s]+$")
_SPEAKER = re.compile(
    r"^((?:Mr|Mrs|Ms|Miss|Dr)\. [A-Z][A-Z’'-]+(?: of [A-Z][a-z]+)?"
    r"|The [A-Z]{3,}(?: [A-Z]{3,}){0,3})\. +(?=[A-Z\"“])"
)
_CREDIT = re.compile(r"^((?:Mr|Mrs|Ms|Miss|Dr)\. [A-Z][A-Z’'-]+)\s*[—–-]+\s*(.+)$")
_CODE = re.compile(r"^[0-9a-f]{16,}$")
_MARK = re.compile(r"(?<=[^\W\d_][.,;:!?”\"’)])(\d{1,3})(?=[\s;,.]|$)|\[(\d{1,3})\]|([¹²³⁰⁴-⁹]+)")
_SURE_MARK = re.compile(
    r"(?<=[a-z]{3}[.!?])\d{1,2}(?=\s+[A-Z“\"]|$)|(?<=[.!?][”\"’])\d{1,2}(?=\s|$)"
)
_NOTE = re.compile(r"^(?:(\d{1,3})\s+|\[(\d{1,3})\]\s*|([¹²³⁰⁴-⁹]+)\s*)(?=[A-Z“\"‘(\[*])")
_SOURCE = re.compile(r"^[*†‡]?\s*(?:Source|Note)s?:\s")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_UNITS = re.compile(r"(?:\b[kcm]?m|\bft|\bmi)$")
_NOTES_HEADING = re.compile(
    r"^(?:end ?notes?|foot ?notes?|notes|references|bibliography)$", re.IGNORECASE
)


@dataclass(slots=True)
class CleanText:
    """What is left of a document's lines, and what was beside it."""

    paragraphs: list[str] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    title: str | None = None


def clean(lines: list[Line]) -> CleanText:
    """Return the clean text of lines with their roles.

    Examples
    --------
    >>> lines = [("", "T H E  D A M"), ("", ""), ("", "It will"), ("", ""), ("", "[ 3 ]"), ("", "")]
    >>> found = clean([*lines, ("", "hold.")])
    >>> found.headings, found.paragraphs
    ([(1, 'THE DAM')], ['It will hold.'])
    """
    lines, notes = _seen(lines)
    lines, furniture = without_furniture(lines)
    words = words_of(lines)
    text = CleanText(notes=[*notes, *furniture])
    blocks = _without_footnotes(blocks_of(lines, words), text.notes)
    _Builder(text, words).build(blocks)
    return text


def _seen(lines: list[Line]) -> tuple[list[Line], list[str]]:
    """Return the lines without characters that cannot be seen, ligatures spelt out, and a note."""
    found: Counter[str] = Counter()
    seen = []
    for role, raw in lines:
        text = raw.translate(_LIGATURES).replace("\xa0", " ").replace("''", '"')
        broken = text.rstrip().endswith("\xad")
        text = text.replace("\xad", "")
        while hidden := hidden_character(text):
            mark = text[hidden[0]]
            found[hidden[1].partition(" ")[0]] += text.count(mark)
            text = text.replace(mark, "")
        seen.append((role, f"{text.rstrip()}\u2010" if broken else text))
    if not found:
        return seen, []
    some = ", ".join(sorted(found)[:5]) + (", …" if len(found) > 5 else "")
    return seen, [f"{plural(sum(found.values()), 'hidden character')} taken out: {some}"]


def _number(found: re.Match[str]) -> str:
    return str(next(filter(None, found.groups()))).translate(_SUPERSCRIPTS)


def _without_footnotes(blocks: list[Block], notes: list[str]) -> list[Block]:
    """Return the blocks without footnotes and their marks; the footnotes become notes."""
    marks: dict[str, int] = {}
    for k, block in enumerate(blocks):
        if block.kind in {"text", "item"}:
            for mark in _MARK.finditer(block.text):
                marks.setdefault(_number(mark), k)
    left: list[Block] = []
    noted: set[str] = set()
    in_notes = False
    for k, block in enumerate(blocks):
        if block.kind == "heading":
            in_notes = bool(_NOTES_HEADING.match(block.text.strip()))
        found = _NOTE.match(block.text)
        number = _number(found) if found else ""
        if in_notes and block.kind in {"text", "item"}:
            notes.append(f"Note: {block.text}")
        elif found and block.kind != "heading" and marks.get(number, k) < k:
            noted.add(number)
            notes.append(f"Footnote {number}: {block.text[found.end() :]}")
        elif block.kind in {"text", "item"} and _SOURCE.match(block.text):
            notes.append(block.text.lstrip("*†‡ "))
        else:
            left.append(block)
    for block in left:
        if block.kind in {"text", "item"}:
            block.text = _SURE_MARK.sub(
                "", _MARK.sub(lambda one: _unmarked(one, noted), block.text)
            )
    return left


def _unmarked(found: re.Match[str], noted: set[str]) -> str:
    if found[3] and not _UNITS.search(found.string[: found.start()]):
        return ""
    return "" if _number(found) in noted else found[0]


class _Builder:
    """Puts blocks, in their order, where they belong."""

    def __init__(self, text: CleanText, words: Words) -> None:
        self.text = text
        self.words = words
        self.cut = False
        self.runs_on = False
        self.before_small = False
        """Whether the next block of text begins with a small letter."""

    def build(self, blocks: list[Block]) -> None:
        cells: list[str] = []
        for k, block in enumerate(blocks):
            block.text = block.text.strip()
            follows = next((one for one in blocks[k + 1 :] if one.kind != "cut"), None)
            self.before_small = (
                follows is not None and follows.kind == "text" and follows.text[:1].islower()
            )
            if block.kind == "cut":
                self.cut = True
            elif block.kind == "cell" and not self._is_sentence(block.text):
                cells.append(" ".join(block.text.split()))
            elif block.kind == "aside":
                self._note(block.text)
            elif block.text and not _RULE.match(block.text):
                self._place(block)
        if any(cells):
            self.text.notes.append("Table: " + " | ".join(filter(None, cells)))
        self._finish()

    def _note(self, text: str) -> None:
        if not self._says_of_itself(text):
            self.text.notes.append(" ".join(text.split()))

    def _place(self, block: Block) -> None:
        """Put a block of text, an item or a heading where it belongs."""
        bare = " ".join(block.text.split())
        body = self.text.paragraphs
        if block.kind == "heading":
            self._head(block.text, marked=True)
        elif body and self._goes_on(bare, block):
            body[-1] = self.words.join(body[-1], bare)
            self.cut, self.runs_on = False, block.runs_on
        elif block.kind == "text" and not self.before_small and self._is_heading(bare):
            if not self._says_of_itself(bare):
                self._head(block.text)
        elif block.kind == "text" and is_dateline(bare):
            self._says_of_itself(bare)
        else:
            self._begin(bare, block)

    def _begin(self, bare: str, block: Block) -> None:
        bare = without_number(bare)
        speaker = _SPEAKER.match(bare)
        if speaker:
            bare = bare[speaker.end() :]
            self.text.notes.append(
                f"Speaker of paragraph {len(self.text.paragraphs) + 1}: {speaker[1]}"
            )
        bare = re.sub(r"^(?:[#*_\s]|!\[|<!--)+", "", bare)
        if not bare:
            return
        self.text.paragraphs.append(bare)
        self.cut, self.runs_on = False, block.runs_on

    def _goes_on(self, bare: str, block: Block) -> bool:
        """Return whether a block goes on with the sentence of the last paragraph."""
        last = self.text.paragraphs[-1]
        if not may_go_on(last):
            return False
        if bare[0].islower():
            return not ended(last) or self.cut or self.runs_on
        if block.kind != "text" or ended(last) or self._is_heading(bare):
            return False
        return self.runs_on or (self.cut and len(last.split()) >= FEWEST_WORDS)

    @staticmethod
    def _is_sentence(text: str) -> bool:
        return ended(text) or len(text.split()) >= FEWEST_WORDS

    def _is_heading(self, bare: str) -> bool:
        if ended(bare):
            return False
        letters = [letter for letter in bare if letter.isalpha()]
        capitals = bool(letters) and not any(letter.islower() for letter in letters)
        return len(bare.split()) < FEWEST_WORDS or (capitals and len(bare) < 200)

    def _head(self, text: str, *, marked: bool = False) -> None:
        heading = unspaced(text, self.words.known)
        if self._says_of_itself(heading):
            return
        if _CODE.match(heading):
            self.text.notes.append(f"Identifier: {heading}")
        else:
            self.text.headings.append((len(self.text.paragraphs) + 1, heading))
            if marked and not self.text.paragraphs:
                self.text.title = self.text.title or heading

    def _says_of_itself(self, bare: str) -> bool:
        """Take a byline, a date, a contact line into what is known or noted; False for others."""
        known, notes = self.text.known, self.text.notes
        said = label(bare)
        credit = _CREDIT.match(bare)
        if said:
            word, value = said
            names = {"by": "author", "authors": "author", "written by": "author"}
            day = date_in(value)
            if day and word not in {"title", "source", "url"}:
                known.setdefault("date", day.isoformat())
            elif value:
                known.setdefault(names.get(word, word), value)
            notes.append(bare)
        elif credit and date_in(credit[2]):
            known.setdefault("author", credit[1])
            known.setdefault("date", str(date_in(credit[2])))
            notes.append(bare)
        elif is_dateline(bare):
            known.setdefault("date", str(date_in(bare)))
            notes.append(f"Dateline: {bare}")
        elif is_contact(bare):
            notes.append(f"Contact line: {bare}")
        else:
            return False
        return True

    def _finish(self) -> None:
        """End list items that have no end, which would otherwise count as headings."""
        body = self.text.paragraphs
        for k in range(len(body)):
            if not ended(body[k]) and len(body[k].split()) < FEWEST_WORDS:
                body[k] = body[k].rstrip(" ,;:—–-") + "."


def unspaced(text: str, known: frozenset[str]) -> str:
    """Return a heading whose letters were spaced as words.

    Examples
    --------
    >>> unspaced("T H E  D A M", frozenset()), unspaced("TH E  RI VER  D AM S", frozenset())
    ('THE DAM', 'THE RIVER DAMS')
    >>> unspaced("TWO RIV ERS", frozenset({"two", "rivers"}))
    'TWO RIVERS'
    """
    bare = text.strip()
    pieces = bare.split()
    letters = [piece for piece in pieces if piece.isalpha()]
    short = sum(len(piece) <= 3 for piece in letters)
    if len(pieces) >= 3 and all(len(piece) == 1 for piece in pieces):
        return " ".join("".join(word.split()) for word in re.split(r"\s{2,}", bare))
    if bare.isupper() and re.search(r"\S\s{2,}\S", bare) and short * 2 >= len(pieces) >= 4:
        return " ".join("".join(word.split()) for word in re.split(r"\s{2,}", bare))
    if not bare.isupper():
        return " ".join(pieces)
    found = pieces[:1]
    for piece in pieces[1:]:
        both = (found[-1] + piece).lower()
        if both in known and not {found[-1].lower(), piece.lower()} <= known:
            found[-1] += piece
        else:
            found.append(piece)
    return " ".join(found)


def settled(body: list[str]) -> list[tuple[str, ...]]:
    """Return the sentences of paragraphs that stay as they are when their text is read again.

    Examples
    --------
    >>> settled(["It held. Nobody knew.", "The dam"])
    [('It held.', 'Nobody knew.')]
    """
    while True:
        found = list(paragraphs(joined(body)))
        if found == body:
            return [sentences(paragraph) for paragraph in body]
        body = found
