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
    GrowingText,
    Line,
    Vocabulary,
    blocks_of,
    is_capitals,
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
from detente.text import plural, without_hidden

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
_LONGEST_HEADING = 200
_RULE = re.compile(r"^[-–—*_=~•·.#\s]+$")
_SPEAKER = re.compile(
    r"^((?:Mr|Mrs|Ms|Miss|Dr)\. [A-Z][A-Z’'-]+(?: of [A-Z][a-z]+)?"
    r"|The [A-Z]{3,}(?: [A-Z]{3,}){0,3})\. +(?=[A-Z\"“])"
)
_CREDIT = re.compile(r"^((?:Mr|Mrs|Ms|Miss|Dr)\. [A-Z][A-Z’'-]+)\s*[—–-]+\s*(.+)$")
_CODE = re.compile(r"^[0-9a-f]{16,}$")
_MARK = re.compile(
    r"(?:(?<=[^\W\d_][.,;:!?”\"’)])|(?<=[.,!?][”\"’)]))(\d{1,3})(?=[\s;,.]|$)"
    r"|(?: (?=\[\d{1,3}\][.,;:!?]))?\[(\d{1,3})\]|([¹²³⁰⁴-⁹]+)"
)
_SURE_MARK = re.compile(
    r"(?<=[a-z]{3}[.!?])\d{1,2}(?=\s+[A-Z“\"]|$)|(?<=[.!?][”\"’])\d{1,2}(?=\s|$)"
)
_NOTE = re.compile(r"^(?:(\d{1,3})\s+|\[(\d{1,3})\]\s*|([¹²³⁰⁴-⁹]+)\s*)(?=[A-Z“\"‘(\[*])")
_SOURCE = re.compile(r"^[*†‡]?\s*(?:Source|Note)s?:\s")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
# With these a block would count as mark-up, and not as a paragraph.
_LEADING = re.compile(r"^(?:[#*_\s]|!\[|<!--)+")
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
        text = raw.translate(_LIGATURES).replace("''", '"')
        # A soft hyphen is only seen at the end of a line.
        text = f"{text.rstrip()[:-1]}\u2010" if text.rstrip().endswith("\xad") else text
        text, hidden = without_hidden(text.replace("\xad", ""))
        found.update(hidden)
        seen.append((role, text))
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
                if not _is_power(mark):
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


def _is_power(found: re.Match[str]) -> bool:
    """Return whether a mark belongs to a unit, as in km²."""
    return bool(found[3] and _UNITS.search(found.string[max(found.start() - 3, 0) : found.start()]))


def _unmarked(found: re.Match[str], noted: set[str]) -> str:
    return "" if not _is_power(found) and (found[3] or _number(found) in noted) else found[0]


class _Builder:
    """Puts blocks, in their order, where they belong."""

    def __init__(self, text: CleanText, words: Vocabulary) -> None:
        self.text = text
        self.words = words
        self.body: list[GrowingText] = []
        self.cut = False  # whether furniture stood since the last paragraph
        self.runs_on = False  # whether its last line reached the margin

    def build(self, blocks: list[Block]) -> None:
        cells: list[str] = []
        for block, small_follows in zip(blocks, _before_small_letters(blocks), strict=True):
            block.text = block.text.strip()
            if block.kind == "cut":
                self.cut = True
            elif block.kind == "cell" and not _is_sentence(block.text):
                cells.append(" ".join(block.text.split()))
            elif block.kind == "aside":
                self._note(block.text)
            elif block.text and not _RULE.match(block.text):
                self._place(block, small_follows)
        if any(cells):
            self.text.notes.append("Table: " + " | ".join(filter(None, cells)))
        self.text.paragraphs = [_with_an_end(str(grown)) for grown in self.body]

    def _note(self, text: str) -> None:
        if not self._says_of_itself(text):
            self.text.notes.append(" ".join(text.split()))

    def _place(self, block: Block, small_follows: bool) -> None:
        """Put a block of text, an item or a heading where it belongs."""
        bare = _LEADING.sub("", without_number(" ".join(block.text.split())))
        if not any(map(str.isalnum, bare)):
            return
        if block.kind == "heading":
            self._head(block.text, marked=True)
        elif self.body and self._goes_on(bare, block):
            self.body[-1].add(bare, self.words)
            self.cut, self.runs_on = False, block.runs_on
        elif block.kind == "text" and not small_follows and _is_heading(bare):
            self._head(block.text)
        elif block.kind == "text" and is_dateline(bare):
            self._says_of_itself(bare)
        else:
            self._begin(bare, block)

    def _begin(self, bare: str, block: Block) -> None:
        speaker = _SPEAKER.match(bare)
        if speaker:
            bare = bare[speaker.end() :]
            self.text.notes.append(f"Speaker of paragraph {len(self.body) + 1}: {speaker[1]}")
        self.body.append(GrowingText(bare))
        self.cut, self.runs_on = False, block.runs_on

    def _goes_on(self, bare: str, block: Block) -> bool:
        """Return whether a block goes on with the sentence of the last paragraph."""
        last = self.body[-1]
        if bare[0].islower():
            open_end = not ended(last.end)
            return open_end or ((self.cut or self.runs_on) and may_go_on(last.end))
        has_end = ended(last.end) or last.end.endswith(":")
        if block.kind != "text" or has_end or _is_heading(bare):
            return False
        return self.runs_on or (self.cut and last.words >= FEWEST_WORDS)

    def _head(self, text: str, *, marked: bool = False) -> None:
        self.cut = self.runs_on = False
        heading = unspaced(text, self.words.known)
        if self._says_of_itself(heading):
            return
        if _CODE.match(heading):
            self.text.notes.append(f"Identifier: {heading}")
        else:
            self.text.headings.append((len(self.body) + 1, heading))
            if marked and not self.body:
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


def _before_small_letters(blocks: list[Block]) -> list[bool]:
    """Return for each block whether the next one, cuts aside, is text that begins small."""
    found, follows = [], False
    for block in reversed(blocks):
        found.append(follows)
        if block.kind != "cut":
            follows = block.kind == "text" and block.text[:1].islower()
    return found[::-1]


def _is_sentence(text: str) -> bool:
    return ended(text) or len(text.split()) >= FEWEST_WORDS


def _is_heading(bare: str) -> bool:
    return not _is_sentence(bare) or (
        len(bare) < _LONGEST_HEADING and is_capitals(bare) and not ended(bare)
    )


def _with_an_end(paragraph: str) -> str:
    """Return a paragraph with a full stop where it would else count as a heading: a list item.

    Brackets that would count as a link, with words that do not count, are set apart.
    """
    paragraph = paragraph.replace("](", "] (")
    return paragraph if _is_sentence(paragraph) else paragraph.rstrip(" ,;:—–-") + "."


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
