"""From a file to a document: which kind it is, its lines, their clean text.

What a file is, its first bytes say, then its ending. Plain text and Markdown are read here; PDF,
Word and HTML are taken apart in a child process. Limits are looked at before anything is read.
Cost: linear in the file.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from detente.case import sentence_hash
from detente.errors import InputError
from detente.reading._bounded import take_apart_bounded
from detente.reading._cleaning import clean, settled
from detente.reading._document import Document, Sentence
from detente.reading._furniture import date_in
from detente.reading._plain import decode, read_plain

LARGEST_DOCUMENT = 50 * 2**20
MOST_CHARACTERS = 2_000_000
"""So many fit into the 8 MiB that a copy of a source may have, in any script."""
MOST_LINES = 200_000

_KINDS = "a PDF, Word (.docx), HTML, Markdown or text file"
_OTHER_FILES = {
    b"\xd0\xcf\x11\xe0": ("an old Word or Excel file", "save it as .docx or as text"),
    b"{\\rtf": ("an RTF file", "save it as .docx or as text"),
    b"\x89PNG": ("a picture", "run it through text recognition (OCR) first"),
    b"\xff\xd8\xff": ("a picture", "run it through text recognition (OCR) first"),
    b"\x1f\x8b": ("a packed file", "unpack it first"),
}
_HTML = re.compile(
    rb"^\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?><!--.{0,2000}?-->\s*)*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_JUNK_TITLE = re.compile(
    r"^(?:microsoft word\b.*|untitled.*|document\d*|.*\.(?:docx?|pdf|indd|tex|rtf))$", re.IGNORECASE
)


def read_document(path: Path | str) -> Document:
    r"""Read a PDF, a Word file, a page of HTML, Markdown or text.

    Parameters
    ----------
    path : Path or str
        The file. Nothing that it points at is fetched, and nothing in it is run.

    Returns
    -------
    Document

    Raises
    ------
    InputError
        When it cannot be read as one of these, has no text, or is larger than a document may be.

    See Also
    --------
    document_of : From a text at hand.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "memo.md"
    >>> _ = path.write_text("# The dam\n\nBy A. Nobody\n\nIt will prob-\nably hold.\n")
    >>> print(read_document(path))
    memo.md (markdown): 1 paragraph, 1 sentence
    title: The dam
    author: A. Nobody
    By A. Nobody
    """
    path = Path(path)
    raw = _bytes_of(path)
    kind = _kind_of(raw, path)
    if kind in {"text", "markdown"}:
        text, notes = decode(raw, path.name)
        text = re.sub(r"\r\n?|[\x85\u2028\u2029]", "\n", text)
        _require_few(len(text), len(re.findall("[\n\f]", text)), path.name)
        plain = read_plain(text)
        lines, about = _at_page_ends(plain.lines), plain.known
    else:
        answer = take_apart_bounded(kind, raw, path.name)
        lines = [(role, text) for role, text in answer["lines"]]
        about, notes = answer["known"], answer["notes"]
        _require_few(sum(len(text) for _, text in lines), len(lines), path.name)
    found = clean(lines)
    beside = {key: value for key, value in about.items() if value}
    # What a page or front matter says was written to be read; what a PDF says of its author, often
    # by a program.
    first = kind in {"pdf", "word"}
    says = {**beside, **found.known} if first else {**found.known, **beside}
    title = says.get("title") or found.title or _title(found.headings)
    return document_of(
        "\n\n".join(found.paragraphs),
        path.name,
        kind=kind,
        title=title,
        author=says.get("author"),
        date=date_in(str(says.get("date") or "")),
        publisher=says.get("publisher"),
        address=says.get("address") or says.get("url"),
        notes=(*notes, *found.notes),
        headings=found.headings,
    )


def document_of(
    text: str,
    name: str = "text",
    *,
    kind: str = "text",
    title: str | None = None,
    author: str | None = None,
    date: datetime.date | None = None,
    publisher: str | None = None,
    address: str | None = None,
    notes: Iterable[str] = (),
    headings: Iterable[tuple[int, str]] = (),
) -> Document:
    """Return the document of a clean text, whose paragraphs have a blank line between them.

    Parameters
    ----------
    text : str
        Counted as `detente.case.paragraphs` and `detente.case.sentences` count it.
    name, kind, title, author, date, publisher, address, notes, headings
        As in `Document`.

    Raises
    ------
    InputError
        When there is no sentence in it.

    Examples
    --------
    >>> [sentence.place for sentence in document_of("It held. Nobody knew.").sentences()]
    ['1.1', '1.2']
    """
    rows = settled([text])
    if not rows:
        raise InputError(f"{name}: no sentence in it; give the text of the document")
    body = tuple(
        tuple(Sentence(k, n, one, sentence_hash(one)) for n, one in enumerate(row, 1))
        for k, row in enumerate(rows, 1)
    )
    said = (_one_line(value) for value in (title, author, publisher, address))
    title, author, publisher, address = said
    return Document(
        name, kind, title, author, date, publisher, address, tuple(notes), tuple(headings), body
    )


def _one_line(value: Any) -> str | None:
    words = " ".join(str(value or "").split())
    return words[:500] if words and not _JUNK_TITLE.match(words) else None


def _bytes_of(path: Path) -> bytes:
    if re.match(r"https?:/", str(path), re.IGNORECASE):
        raise InputError(f"{path}: nothing is fetched; save the page, and give its file")
    if path.exists() and not path.is_file():
        raise InputError(f"{path}: not a file; give {_KINDS}")
    try:
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_DOCUMENT + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no name of a file"
        raise InputError(f"{path.name}: {why}; give {_KINDS}") from None
    if len(raw) > LARGEST_DOCUMENT:
        raise InputError(
            f"{path.name}: larger than {LARGEST_DOCUMENT // 2**20} MiB; give its text, or a part"
        )
    if not raw.strip():
        raise InputError(f"{path.name}: it is empty; give {_KINDS}")
    return raw


def _kind_of(raw: bytes, path: Path) -> str:
    ending = path.suffix.lower()
    for start, (what, remedy) in _OTHER_FILES.items():
        if raw.startswith(start):
            raise InputError(f"{path.name}: this is {what}; {remedy}")
    if b"%PDF-" in raw[:1024]:
        return "pdf"
    if ending in {".pdf", ".docx"} and _is_text(raw):
        raise InputError(f"{path.name}: this is text, not what its name says; rename it to .txt")
    if ending == ".pdf":
        return "pdf"
    if raw.startswith(b"PK") or ending == ".docx":
        return "word"
    if ending in {".html", ".htm", ".xhtml"} or _HTML.match(raw[:4096]):
        return "html"
    return "markdown" if ending in {".md", ".markdown"} else "text"


def _is_text(raw: bytes) -> bool:
    """Whether a file begins with text, not with the bytes of a program."""
    try:
        text = raw.decode("utf-8-sig")[:4096]
    except UnicodeDecodeError:
        return False
    return all(letter.isprintable() or letter.isspace() for letter in text)


def _require_few(letters: int, lines: int, name: str) -> None:
    for count, most, what in ((letters, MOST_CHARACTERS, "letters"), (lines, MOST_LINES, "lines")):
        if count > most:
            raise InputError(
                f"{name}: it has {count:,} {what}, more than {most:,}; give a part of it"
            )


def _at_page_ends(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the lines with a cut at each form feed."""
    found: list[tuple[str, str]] = []
    for role, text in lines:
        first, *others = text.split("\f")
        found.append((role, first))
        for part in others:
            found += [("cut", ""), (role, part)]
    return found


def _title(headings: list[tuple[int, str]]) -> str | None:
    """Return the heading that is the title: at the top, the first in capitals, else the first."""
    top = [heading for paragraph, heading in headings if paragraph == 1]
    capitals = [one for one in top if one.isupper() and not re.search(r"\d", one)]
    return next(iter(capitals or top), None)
