"""From the lines of a document to its blocks: lines joined, what was printed around them left out.

A block is what stands between two blank lines, or begins with a bullet, a number, an indent, or
after a line that ends a sentence well before the margin. Stamps, page numbers and running heads are
taken out and leave a cut: what they stand between may be one sentence. A word broken at the end of
a line is joined; its hyphen stays unless the document has the word without it, or breaks words in
general. Cost: linear in the text.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from detente.reading._furniture import (
    FEWEST_WORDS,
    ended,
    is_leader,
    is_page_number,
    is_stamp,
)
from detente.text import plural

Line = tuple[str, str]
"""The role of a line, and its text: a blank line has neither, a cut has no text."""

_BULLET = re.compile(r"^\s*(?:[•◦▪▫■□●○‣⁃∙·➢➤►✓❖\uf000-\uf0ff]\s*|[-–—*+]\s+|o\s{2,})(?=\S)")
_LONE_BULLET = re.compile(r"^\s*[•◦▪▫■□●○‣⃁∙·➢➤►✓❖\uf000-\uf0ff]\s*$")
_NUMBER = re.compile(
    r"^\s*(?:\(?\d{1,3}[.)]|\((?:[a-z]|[ivx]{1,5})\)|[a-z]\))\s+(?=[\"“‘'(\[]?[A-Z])"
)
_FOOTNOTE = re.compile(r"^\s*(?:\d{1,3}|[¹²³⁰⁴-⁹]{1,3}|[*†‡§]|\[\d{1,3}\])[\s.)]?")
_BROKEN = re.compile(r"[^\W\d_][-‐]$")
_LONGEST_WORD = 60
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
_TAIL = re.compile(r"([^\W\d_]+)[-‐]$")
_HEAD = re.compile(r"^[^\W\d_]+")
_STARTS_OF_COMPOUNDS = frozenset(
    word
    for row in (
        "all anti counter cross double ex far first full half hard high large left light",
        "long low many mid multi near non off one out over post pre pro pseudo quasi re",
        "right run second self semi short single small so soft state third three top two",
        "ultra under up vice war well wide",
    )
    for word in row.split()
)
_WIDEST = 160
_NEARLY_FULL, _CLEARLY_SHORT = 0.72, 0.6
_FEWEST_LINES = 3
_OFTEN = 3

Kind = Literal["text", "item", "heading", "aside", "cell", "cut"]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a document, for whether a piece of one is a word by itself.

    ``breaks_words`` says whether the document breaks words at the ends of lines in general.
    """

    known: frozenset[str]
    breaks_words: bool = False

    def loses_hyphen(self, first: str, second: str) -> bool:
        """Return whether the hyphen in which the first text ends only broke a word."""
        if first[-1] == "\u2010":  # a soft hyphen, see `detente.reading._cleaning`
            return True
        head, tail = _HEAD.match(second), _TAIL.search(first[-_LONGEST_WORD:])
        if head is None or tail is None or head[0][0].isupper():
            return False
        left, right = tail[1].lower(), head[0].lower()
        if f"{left}{right}" in self.known:
            return True
        if f"{left}-{right}" in self.known or left in _STARTS_OF_COMPOUNDS:
            return False
        return self.breaks_words and not {left, right} <= self.known


class GrowingText:
    """A text that grows at its end, a broken word at the joint made whole again.

    Examples
    --------
    >>> text = GrowingText("It will prob-")
    >>> text.add("ably hold.", Vocabulary(frozenset({"probably"})))
    >>> str(text), text.words, text.end
    ('It will probably hold.', 5, 'ably hold.')
    """

    def __init__(self, text: str) -> None:
        self._pieces = [text]
        self.words = len(text.split())

    @property
    def end(self) -> str:
        """The piece that was added last."""
        return self._pieces[-1]

    def add(self, text: str, words: Vocabulary) -> None:
        """Go on with a text."""
        last = self._pieces[-1]
        if not _BROKEN.search(last[-2:]):
            self._pieces.append(" ")
        elif words.loses_hyphen(last, text):
            self._pieces[-1] = last[:-1]
        self._pieces.append(text)
        self.words += len(text.split())

    def __str__(self) -> str:
        return "".join(self._pieces)


@dataclass(slots=True)
class Block:
    """Lines that belong together.

    ``runs_on`` says that the last line reaches the margin, so that a text without an end may go on
    in the next block.
    """

    kind: Kind
    text: str
    runs_on: bool = False


def words_of(lines: Sequence[Line]) -> Vocabulary:
    """Return the words of a document, those broken at the end of a line left out."""
    found: Counter[str] = Counter()
    for _, text in lines:
        row = text.rstrip()
        if is_capitals(row):  # a heading, whose words may be in pieces
            continue
        words = _WORD.findall(row)
        if words and _BROKEN.search(row[-2:]):
            words.pop()
        for word in words:
            found[word.lower()] += 1
            found.update(word.lower().split("-"))
    known = Vocabulary(frozenset(found))
    broken = 0
    for (_, above), (_, below) in itertools.pairwise(lines):
        tail, head = _TAIL.search(above.rstrip()[-_LONGEST_WORD:]), _HEAD.match(below.strip())
        broken += bool(tail and head and f"{tail[1]}{head[0]}".lower() in known.known)
    return Vocabulary(known.known, broken > 0)


def _masked(text: str) -> str:
    return re.sub(r"\d+", "0", " ".join(text.split())).casefold()


def without_furniture(lines: Sequence[Line]) -> tuple[list[Line], list[str]]:
    """Return the lines with cuts in the place of stamps, page numbers and running heads, and notes.

    Examples
    --------
    >>> lines = [("", "It"), ("", ""), ("", "[ 7 ]"), ("", ""), ("", "held.")]
    >>> without_furniture(lines)
    ([('', 'It'), ('', ''), ('cut', ''), ('', ''), ('', 'held.')], ['1 page number left out'])
    """
    edge = [True, *(not text.strip() for _, text in lines), True]
    near_cut = _near_cuts(lines)
    often = Counter(
        _masked(text)
        for k, (_, text) in enumerate(lines)
        if text.strip() and (k in near_cut or (edge[k] and edge[k + 2]))
    )
    left: list[Line] = []
    stamps: Counter[str] = Counter()
    heads: Counter[str] = Counter()
    numbers = leaders = 0
    for k, (role, text) in enumerate(lines):
        row = "" if _LONE_BULLET.match(text) else text.strip()
        alone = edge[k] and edge[k + 2]
        if not row:
            left.append((role, text))
            continue
        if is_stamp(row):
            stamps[row] += 1
        elif (alone or k in near_cut or row.startswith("[")) and is_page_number(row):
            numbers += 1
        elif is_leader(row):
            leaders += 1
        elif (
            (alone or k in near_cut)
            and len(row.split()) < FEWEST_WORDS
            and role not in {"item", "cell"}
            and not ended(row)
            and not _BULLET.match(text)
            and often[_masked(row)] >= _OFTEN
        ):
            heads[_masked(row)] += 1
            if heads[_masked(row)] == 1:
                stamps[f"Running head: {row}"] += 0
        else:
            left.append((role, text))
            continue
        left.append(("cut", ""))
    notes = [
        (row if row.startswith("Running head: ") else f"Stamp: {row}")
        + (f" ({count} times)" if count > 1 else "")
        for row, count in stamps.items()
    ]
    if leaders:
        notes.append(f"{plural(leaders, 'line')} of a table of contents left out")
    if numbers:
        notes.append(f"{plural(numbers, 'page number')} left out")
    return left, notes


def _near_cuts(lines: Sequence[Line]) -> set[int]:
    """Return the places of the first and last two lines of pages, where a document has pages."""
    near: set[int] = set()
    cuts = [-1, *(k for k, (role, _) in enumerate(lines) if role == "cut")]
    if len(cuts) == 1:
        return near
    for start, end in zip(cuts, [*cuts[1:], len(lines)], strict=True):
        own = [k for k in range(start + 1, end) if lines[k][1].strip()]
        near.update(own[:2], own[-2:])
    return near


def _margin(lines: Sequence[Line]) -> int:
    """Return about how long a full line is; 0 where lines are not wrapped."""
    long = sorted(
        len(text.rstrip())
        for (role, text), (other, below) in itertools.pairwise(lines)
        if role in {"", "item"} and other == "" and text.strip() and below.strip()
    )
    if len(long) < _FEWEST_LINES:
        return 0
    margin = long[int(0.8 * (len(long) - 1))]
    return margin if margin <= _WIDEST else 0


def blocks_of(lines: Sequence[Line], words: Vocabulary) -> list[Block]:
    """Return the blocks of lines from which `without_furniture` took what is none of the text.

    Examples
    --------
    >>> lines = [("", "The dam was built in"), ("", "spring."), ("", ""), ("", "- It held.")]
    >>> [(block.kind, block.text) for block in blocks_of(lines, words_of(lines))]
    [('text', 'The dam was built in spring.'), ('item', 'It held.')]
    """
    margin = _margin(lines)
    found: list[Block] = []
    growing: list[GrowingText] = []
    is_open = False
    noted = False  # whether a footnote stands above on this page
    above = ""
    for role, text in lines:
        if not text.strip() or _LONE_BULLET.match(text):
            is_open = False
            if role == "cut":
                found.append(Block("cut", ""))
                growing.append(GrowingText(""))
                noted = False
            continue
        kind, row, starts = _kind_of(role, text, noted)
        noted |= role == "small" and kind == "aside"
        if is_open and not starts:
            fits = {"text", "item"} if kind == "text" else {kind}
            starts = found[-1].kind not in fits or (
                kind in {"text", "item"} and _begins(above, text, margin)
            )
        # Runs of spaces are one space, but in a heading whose letters may be spaced.
        row = row if kind == "heading" or is_capitals(row) else " ".join(row.split())
        if is_open and not starts:
            growing[-1].add(row, words)
        else:
            found.append(Block(kind, ""))
            growing.append(GrowingText(row))
        found[-1].runs_on = bool(margin) and len(text.rstrip()) >= _NEARLY_FULL * margin
        is_open = True
        above = text
    for block, text_of in zip(found, growing, strict=True):
        block.text = str(text_of)
    return found


def _kind_of(role: str, text: str, noted: bool) -> tuple[Kind, str, bool]:
    """Return what a line is part of, its text without its bullet, and whether a block starts."""
    row = text.strip()
    if role in {"heading", "cell"}:
        return role, row, role == "cell"  # type: ignore[return-value]
    if role == "aside":
        return "aside", row, False
    if role == "small" and (noted or _FOOTNOTE.match(row)):
        return "aside", row, bool(_FOOTNOTE.match(row))
    bullet = _BULLET.match(text)
    if bullet and not set(row) <= set("-*_=+ "):
        return "item", text[bullet.end() :].strip(), True
    if role == "item":
        return "item", row, True
    return "text", row, False


def _begins(above: str, text: str, margin: int) -> bool:
    """Return whether a line of text begins a block though no blank line stands above it."""
    if is_capitals(above) != is_capitals(text) and len(above.split()) < FEWEST_WORDS:
        return is_capitals(above)
    if _NUMBER.match(text) and (_NUMBER.match(above) or above.rstrip().endswith(":")):
        return True
    if not ended(above):
        return False
    indent = len(text) - len(text.lstrip())
    return (
        bool(_NUMBER.match(text))
        or (indent >= 2 and not above[:1].isspace() and text[:1].isspace())
        or bool(margin and len(above.rstrip()) < _CLEARLY_SHORT * margin)
    )


def is_capitals(text: str) -> bool:
    """Return whether a text has letters, and no small ones."""
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) > 1 and not any(letter.islower() for letter in letters)


def without_number(text: str) -> str:
    """Return a paragraph without the number or letter it begins with.

    Examples
    --------
    >>> without_number("1. With the dam built, ..."), without_number("2020 was dry.")
    ('With the dam built, ...', '2020 was dry.')
    """
    return _NUMBER.sub("", text, count=1)


def joined(rows: Iterable[str]) -> str:
    """Return paragraphs as one text, a blank line between two."""
    return "\n\n".join(rows) + "\n"
