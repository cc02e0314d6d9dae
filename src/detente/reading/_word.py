"""The paragraphs of a Word file (.docx), by python-docx, after a look at its zip.

Heading and list item come from the style; text in boxes, fields and insertions counts, deleted and
hidden text does not. Headers and footers are left out by their nature, footnotes come as asides.
Sizes are looked at before anything is unpacked, entities are refused. Runs in the child process.
Cost: linear in what is unpacked.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

MOST_PARTS = 5_000
MOST_UNPACKED = 200 * 2**20
MOST_TEXT_UNPACKED = 32 * 2**20
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LEFT_OUT = {f"{_W}del", f"{_W}moveFrom", _FALLBACK}
_SIGNS = {
    f"{_W}tab": " ",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
    f"{_W}softHyphen": "",
}
_REMEDY = "open it in Word and save it anew as .docx, or give its text as a .txt file"


def _refusal(raw: bytes) -> str | None:
    """Say why the zip is not opened; None where it may be."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            parts = packed.infolist()
            names = {part.filename for part in parts}
            if len(parts) > MOST_PARTS:
                return f"it has {len(parts):,} parts, more than {MOST_PARTS:,}; {_REMEDY}"
            unpacked = sum(part.file_size for part in parts)
            if unpacked > MOST_UNPACKED:
                return (
                    f"it unpacks to {unpacked:,} bytes, more than {MOST_UNPACKED:,}; take out its "
                    "pictures, or give its text as a .txt file"
                )
            if "EncryptedPackage" in names or any(part.flag_bits & 1 for part in parts):
                return "it is encrypted; save it without a password"
            if "word/document.xml" not in names:
                return f"it is a zip without a Word document in it; {_REMEDY}"
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    if part.file_size > MOST_TEXT_UNPACKED:
                        return (
                            f"{part.filename} in it unpacks to {part.file_size:,} bytes; {_REMEDY}"
                        )
                    # No more than the size it claims is ever unpacked.
                    text = packed.read(part).replace(b"\0", b"")
                    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                        return f"{part.filename} in it declares entities; {_REMEDY}"
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError):
        return f"its zip is damaged or cut short; {_REMEDY}"
    return None


def _own(element: Any) -> Iterator[Any]:
    """Yield the parts of a paragraph, but not of paragraphs inside it, nor what was deleted."""
    for part in element:
        if part.tag in _LEFT_OUT or part.tag == f"{_W}p":
            continue
        yield part
        yield from _own(part)


def _is_hidden(run: Any) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(f"{_W}val", "1") not in {"0", "false", "off"}


def _text(paragraph: Any) -> tuple[str, bool]:
    """Return the text of a paragraph, and whether some of it was hidden."""
    words, hidden = [], False
    for part in _own(paragraph):
        if part.tag not in _SIGNS and part.tag != f"{_W}t":
            continue
        if _is_hidden(part.getparent()):
            hidden = True
        else:
            words.append(_SIGNS.get(part.tag) if part.tag in _SIGNS else part.text or "")
    return "".join(map(str, words)), hidden


def _role(paragraph: Any, styles: dict[str, str]) -> str:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    name = styles.get(style.get(f"{_W}val"), "").lower() if style is not None else ""
    if name.startswith(("heading", "title", "subtitle", "toc")):
        return "heading"
    if name.startswith("list") or paragraph.find(f"{_W}pPr/{_W}numPr") is not None:
        return "item"
    if name.startswith(("footnote", "endnote", "caption")):
        return "aside"
    if any(True for _ in paragraph.iterancestors(f"{_W}tc")):
        return "cell"
    return ""


def _footnotes(document: Any) -> Iterator[str]:
    from docx.oxml import parse_xml  # resolves no entities

    for relation in document.part.rels.values():
        kind = relation.reltype.rpartition("/")[2]
        if kind in {"footnotes", "endnotes"} and not relation.is_external:
            for note in parse_xml(relation.target_part.blob):
                words = " ".join(_text(p)[0] for p in note.iter(f"{_W}p")).strip()
                if words:
                    yield f"Footnote {note.get(f'{_W}id')}: {words}"


def take_apart(raw: bytes) -> dict[str, Any]:
    """Return the lines of a Word file, see `detente.reading._child.take_apart`."""
    refused = _refusal(raw)
    if refused:
        return {"refused": refused}
    import docx

    document = docx.Document(io.BytesIO(raw))
    styles = {style.style_id: style.name or "" for style in document.styles}
    lines: list[tuple[str, str]] = []
    notes: list[str] = []
    any_hidden = False
    for paragraph in document.element.body.iter(f"{_W}p"):
        if any(True for _ in paragraph.iterancestors(*_LEFT_OUT)):
            continue
        text, hidden = _text(paragraph)
        any_hidden |= hidden
        role = _role(paragraph, styles)
        lines += [*((role, row) for row in text.split("\n")), ("", "")]
    notes += _footnotes(document)
    if any_hidden:
        notes.append("Text that Word hides was left out")
    about = document.core_properties
    known = {"title": about.title, "author": about.author}
    if known["author"] == "python-docx":
        known["author"] = ""
    return {"lines": lines, "known": known, "notes": notes}
