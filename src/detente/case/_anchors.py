"""Where a claim stands in its source, without copying a sentence of it.

A claim points at a paragraph, a sentence and the first 16 hex digits of the SHA-256 of that
sentence. A reader who has a copy of the source can verify the pointer; the case file itself
carries none of the author's words.

How paragraphs are counted, in any plain text or Markdown:

1. Blank lines separate blocks; the lines of a block are joined.
2. Furniture is dropped: headings (``#``), images, rules, blocks that are emphasised as a whole
   (credits, notes on the author), and short blocks (under 12 words) that do not end like a
   sentence: titles, dates, contact lines, bylines, stamps.
3. A block that starts with a small letter continues a paragraph that was cut in mid-sentence.

A sentence ends at ``.``, ``!`` or ``?`` (and closing quotes) before a space and a capital, a digit
or an opening quote, but not after the number of a paragraph, nor after a title such as ``Dr.``;
after another abbreviation or an initial such as ``U.S.`` only where the next word is one that
begins sentences, such as ``The`` or ``However``.

For the hash a sentence is reduced to its words: NFKC, case folded, link targets dropped, and every
run of other characters made one space. Straight or curly quotes, dashes, line breaks and emphasis
therefore do not matter. Cost: linear in the length of the text.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from detente.case._case import Case
from detente.case._model import Anchor
from detente.errors import InputError
from detente.files import read_text

_FEWEST_WORDS = 12
_CLOSING = "\"'”’»)]*_"
_ENDS = tuple(".!?…")
_WHOLLY_EMPHASISED = re.compile(r"^([*_]{1,3})(?![*_\s])(.+)(?<![*_\s])\1$", re.DOTALL)
_RULE = re.compile(r"^[-*_=\s]+$")
# Neither label nor target reaches over the next bracket: no text takes more than linear time.
_LINK = re.compile(r"!?\[([^\]\[]*)\]\([^()]*(?:\([^()]*\)[^()]*)?\)")
_BOUNDARY = re.compile(r"(?<=[.!?…])[\"'”’»)\]*_]*\s+(?=[\"'“‘«(\[*_]*(?:([A-ZÀ-ÖØ-Þ]\w*)|[0-9]))")
_BEFORE = r"(?:^|[\s(\[\"'“‘-])(?:{})$"
_NEVER_AN_END = re.compile(
    _BEFORE.format(
        r"(?:Mr|Mrs|Ms|Messrs|Dr|Prof|Gen|Col|Sen|Rep|Gov|Sgt|Capt|Lt|Maj|Brig|Adm|Amb|Rev|Hon|St|"
        r"Mt|Ft|vs|cf|ca|viz)\.|e\.g\.|i\.e\."
    )
)
_SELDOM_AN_END = re.compile(
    _BEFORE.format(
        r"[A-Za-z]\.(?:[A-Za-z]\.)*|(?:Jr|Sr|Inc|Corp|Co|Ltd|etc|No|Nos|Art|Vol|pp|al|Fig|para|"
        r"paras|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\."
    )
)
_LONGEST_ABBREVIATION = 24
_NUMBER_OF_A_PARAGRAPH = re.compile(r"^\(?\d{1,3}[.)]$")
_BEGINS_SENTENCES = frozenset(
    word.capitalize()
    for row in (
        "the this that these those it its he she they we there here if when while although",
        "though but however and in on at as after since because such some many most both",
        "neither moreover meanwhile nevertheless thus therefore then yet instead indeed what why",
    )
    for word in row.split()
)


@dataclass(frozen=True, slots=True)
class AnchorProblem:
    """A pointer that does not lead to its sentence.

    ``claims`` are the ids of the claims concerned: one, or all that point at a source whose text
    is not there.
    """

    case: str
    claims: tuple[str, ...]
    source: str
    message: str
    remedy: str

    def __str__(self) -> str:
        who = ", ".join(self.claims[:5]) + (", …" if len(self.claims) > 5 else "")
        return f"{self.case}: {who}: {self.message}; {self.remedy}"


def _is_furniture(block: str) -> bool:
    bare = _LINK.sub(r"\1", block).strip()
    if not bare or block.startswith(("#", "![", "<!--")) or _RULE.match(block):
        return True
    whole = _WHOLLY_EMPHASISED.match(block)
    if whole and whole[1] not in whole[2]:
        return True
    return len(bare.split()) < _FEWEST_WORDS and not _is_ended(bare)


def _is_ended(text: str) -> bool:
    return text.rstrip(_CLOSING)[-1:] in _ENDS


def paragraphs(text: str) -> tuple[str, ...]:
    r"""Return the body paragraphs of a text in order, furniture dropped and cuts repaired.

    Parameters
    ----------
    text : str
        Plain text or Markdown.

    Returns
    -------
    tuple of str
        Paragraph 1 is the first item.

    Examples
    --------
    >>> paragraphs("# A title\n\nBy A. Nobody\n\nThe dam was built.\n\n![](dam.png)\n\nIt held.")
    ('The dam was built.', 'It held.')
    """
    body: list[list[str]] = []
    for raw in re.split(r"\n[^\S\n]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        block = " ".join(raw.split())
        if body and block[:1].islower() and not _is_ended(body[-1][-1]):
            body[-1].append(block)
        elif not _is_furniture(block):
            body.append([block])
    return tuple(map(" ".join, body))


def sentences(paragraph: str) -> tuple[str, ...]:
    """Split a paragraph into sentences.

    Examples
    --------
    >>> sentences('The U.S. Senate met. "Why now?" asked Dr. Kim.')
    ('The U.S. Senate met.', '"Why now?" asked Dr. Kim.')
    >>> sentences("2. It was refused by the U.N. However, Art. 5 held.")
    ('2. It was refused by the U.N.', 'However, Art. 5 held.')
    """
    found: list[str] = []
    start = 0
    for match in _BOUNDARY.finditer(paragraph):
        before = paragraph[max(start, match.start() - _LONGEST_ABBREVIATION) : match.start()]
        if _NEVER_AN_END.search(before) or (start == 0 and _NUMBER_OF_A_PARAGRAPH.match(before)):
            continue
        if match[1] in _BEGINS_SENTENCES or not _SELDOM_AN_END.search(before):
            found.append(paragraph[start : match.end()].strip())
            start = match.end()
    rest = paragraph[start:].strip()
    return (*found, rest) if rest else tuple(found)


def bare_words(text: str) -> str:
    """Return the words of a text as they count for its hash, a space between two.

    Examples
    --------
    >>> bare_words("  The *dam* – \u2018held\u2019! ")
    'the dam held'
    """
    folded = unicodedata.normalize("NFKC", _LINK.sub(r"\1", text)).casefold()
    return " ".join(re.findall(r"[^\W_]+", folded))


def sentence_hash(text: str) -> str:
    """Return the 16 hex digits that stand for a sentence.

    Examples
    --------
    >>> sentence_hash("The dam held.") == sentence_hash("  the *dam*  held ")
    True
    >>> len(sentence_hash("The dam held."))
    16
    """
    return hashlib.sha256(bare_words(text).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class _Text:
    name: str
    hashes: tuple[tuple[str, ...], ...]

    def find(self, wanted: str) -> tuple[int, int] | None:
        for number, row in enumerate(self.hashes, 1):
            if wanted in row:
                return number, row.index(wanted) + 1
        return None


def read_sentences(path: Path, remedy: str) -> tuple[tuple[str, ...], ...]:
    """Return the sentences of each paragraph of a file of text; a remedy goes with its errors."""
    text = read_text(path, remedy, "give the plain text of the source")
    return tuple(map(sentences, paragraphs(text)))


def _read_text(path: Path) -> _Text:
    rows = read_sentences(path, "check the folder of sources")
    return _Text(path.name, tuple(tuple(map(sentence_hash, row)) for row in rows))


def _texts(folder: Path) -> dict[str, _Text]:
    if folder.is_file():
        return {folder.stem: _read_text(folder)}
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; name the folder that holds the sources' texts")
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in {".txt", ".md"})
    return {path.stem: _read_text(path) for path in files if path.is_file()}


def _text_of(source: str, wanted: set[str], texts: Mapping[str, _Text]) -> _Text | None:
    if source in texts:
        return texts[source]
    scored = [(sum(text.find(one) is not None for one in wanted), text) for text in texts.values()]
    best = max(scored, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] else None


def check_anchors(case: Case, folder: Path | str) -> tuple[AnchorProblem, ...]:
    """Look up every claim of a case in the reader's own copies of the sources.

    Parameters
    ----------
    case : Case
        The case whose claims to look up.
    folder : Path or str
        A folder of ``.txt`` and ``.md`` files (or one such file). The text of source ``x`` is
        ``x.txt`` or ``x.md``; without one, the file that holds most of the sentences wanted.

    Returns
    -------
    tuple of AnchorProblem
        Empty when every sentence stands where its claim says.

    Raises
    ------
    InputError
        When the folder or a text in it cannot be read.

    Examples
    --------
    >>> import detente, tempfile
    >>> with tempfile.TemporaryDirectory() as empty:
    ...     [problem.message for problem in check_anchors(detente.load("peninsula"), empty)]
    ['no text of sun-2021 is here']
    """
    texts = _texts(Path(folder))
    pointing: dict[str, dict[str, Anchor]] = {}
    for claim in case.claims:
        if claim.where:
            pointing.setdefault(claim.where.source, {})[claim.id] = claim.where
    problems = []
    for source, anchors in pointing.items():
        text = _text_of(source, {anchor.hash for anchor in anchors.values()}, texts)
        if text is None:
            message, remedy = f"no text of {source} is here", f"put it here as {source}.txt"
            problems.append(AnchorProblem(case.name, tuple(anchors), source, message, remedy))
            continue
        for claim_id, anchor in anchors.items():
            wrong = _look(anchor, text)
            if wrong:
                problems.append(AnchorProblem(case.name, (claim_id,), source, *wrong))
    return tuple(problems)


def _look(anchor: Anchor, text: _Text) -> tuple[str, str] | None:
    """Say what is wrong with a pointer and what to do; None when its sentence stands there."""
    said = f"paragraph {anchor.paragraph}, sentence {anchor.sentence}"
    row = text.hashes[anchor.paragraph - 1] if anchor.paragraph <= len(text.hashes) else ()
    if row[anchor.sentence - 1 : anchor.sentence] == (anchor.hash,):
        return None
    place = text.find(anchor.hash)
    if place is None:
        there = row[anchor.sentence - 1] if anchor.sentence <= len(row) else "none"
        return (
            f"no sentence of {text.name} has the hash {anchor.hash}",
            f"the hash of {said} is {there}; find the sentence that is meant with `detente anchor`",
        )
    found = f"paragraph {place[0]}, sentence {place[1]}"
    return f"{text.name} has this sentence at {found}, not at {said}", "correct the numbers"
