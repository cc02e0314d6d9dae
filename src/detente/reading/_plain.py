"""The lines of plain text and Markdown: encoding, line ends, front matter, mark-up.

UTF-8 with and without a byte order mark, UTF-16 and UTF-32 with one; anything else that has no NUL
is read as Windows-1252, and a note says so. Of Markdown only what shapes the text is read:
headings, list items, emphasis, links, images, quotations, rules, code, footnotes. Cost: linear.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from detente.errors import InputError
from detente.reading._furniture import FEWEST_WORDS

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_FRONT_MATTER = re.compile(r"\A\s*---[^\S\n]*\n(.*?)\n?---[^\S\n]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"([A-Za-z][\w-]{0,30})[^\S\n]*:[^\S\n]*(\S.*)")
_IMAGE = re.compile(r"!\[[^\]\[\n]{0,2000}\](?:\([^()\n]{0,2000}\)|\[[^\]\[\n]{0,200}\])")
_LINK = re.compile(r"\[([^\]\[\n]{0,2000})\](?:\([^()\n]{0,2000}\)|\[[^\]\[\n]{0,200}\])")
_TARGET = re.compile(r"^ {0,3}\[(?!\^)[^\]\n]{1,200}\]:[^\S\n]+\S.*$", re.MULTILINE)
_UNSEEN = tuple(
    (re.compile(start, re.IGNORECASE), re.compile(end, re.IGNORECASE))
    for start, end in (
        ("<!--", "-->"),
        (r"<script\b", "</script\\s*>"),
        (r"<style\b", "</style\\s*>"),
    )
)
_TAG = re.compile(
    r"</?(?:a|abbr|b|blockquote|br|center|code|div|em|font|h[1-6]|hr|i|img|li|ol|p|pre|s|small|span|"
    r"strong|sub|sup|table|tbody|td|th|thead|tr|u|ul)(?:\s[^<>\n]{0,1000})?/?>",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*(?:[-–—*_=~|:+]\s*){3,}$")
_MARKUP = re.compile(r"[*_`\[<&\\]")
_EMPHASIS = re.compile(
    r"(?<![\w*_\\])(?:\*{1,3}|_{1,3})(?=[^\s*_])|(?<=[^\s*_\\])(?:\*{1,3}|_{1,3})(?![\w*_])"
)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!>~|-])")
_HEADING = re.compile(r"^ {0,3}#{1,6}(?:\s+|(?=\*)|$)")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-{3,})\s*$")
_ITEM = re.compile(r"^\s{0,12}[-*+]\s+(?=\S)(.*)$")
_QUOTED = re.compile(r"^ {0,3}(?:>\s?)+")
_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_FOOTNOTE = re.compile(r"^\[\^([^\]\s]{1,40})\]:\s+(.*)$")
_TABLE_ROW = re.compile(r"^\s*\|.*\|\s*$")
_BEGINS = re.compile(r"^(?:\[\^| {0,3}(?:#|>|```|~~~)|\s*\|)|^ {0,3}[-*+]\s")
_FOOTNOTE_MARK = re.compile(r"\[\^[^\]\s]{1,40}\](?!:)")
_WHOLLY_EMPHASISED = re.compile(r"^([*_]{1,3})(?![*_\s])(.+)(?<![*_\s])\1$")


@dataclass(frozen=True, slots=True)
class _Plain:
    """The lines of a text as (role, text), what it says of itself, and notes on how it was read."""

    lines: list[tuple[str, str]]
    known: dict[str, str]
    notes: list[str]


def decode(raw: bytes, name: str) -> tuple[str, list[str]]:
    r"""Return the text of a file and notes on its encoding.

    Raises
    ------
    InputError
        When it is no text.

    Examples
    --------
    >>> decode("caf\u00e9".encode("utf-16"), "menu.txt")
    ('café', [])
    >>> decode(b"caf\xe9", "menu.txt")
    ('café', ['Not UTF-8: read as Windows-1252, so check letters with accents'])
    """
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), "utf-8")
    try:
        text, notes = raw.decode(encoding), []
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise InputError(
                f"{name}: byte {error.start} is not {encoding.upper()}, as the file begins; save "
                "it as UTF-8"
            ) from None
        # The five bytes without a meaning in Windows-1252 are taken out and counted later.
        text = raw.decode("cp1252", "replace").replace("\ufffd", "\x81")
        notes = ["Not UTF-8: read as Windows-1252, so check letters with accents"]
    if "\0" in text or len(_CONTROLS.findall(text)) > len(text) // 50:
        raise InputError(
            f"{name}: it is not text; give a PDF, Word, HTML, Markdown or text file, text as UTF-8"
        )
    return text, notes


def read_plain(text: str) -> _Plain:
    r"""Return the lines of plain text or Markdown with their roles.

    Examples
    --------
    >>> read_plain("# The dam\n\nIt **held**, see [here](x).").lines
    [('', ''), ('heading', 'The dam'), ('', ''), ('', ''), ('', 'It held, see here.')]
    """
    known: dict[str, str] = {}
    front = _FRONT_MATTER.match(text)
    if front and all(
        not row.strip() or _FIELD.match(row) or row[0] in " -#" for row in front[1].split("\n")
    ):
        fields = filter(None, map(_FIELD.match, front[1].split("\n")))
        known = {found[1].lower(): found[2].strip().strip("\"'") for found in fields}
        text = text[front.end() :]
    for start, end in _UNSEEN:
        text = _without(text, start, end)
    for pattern in (_TARGET, _IMAGE):
        text = pattern.sub("", text)
    return _Plain(list(_lines(list(_joined(text.split("\n"))))), known, [])


def _without(text: str, start: re.Pattern[str], end: re.Pattern[str]) -> str:
    """Return a text without what stands between two marks; a mark without its end stays."""
    left, place = [], 0
    while (first := start.search(text, place)) and (last := end.search(text, first.end())):
        left.append(text[place : first.start()])
        place = last.end()
    return "".join([*left, text[place:]])


def _joined(rows: list[str]) -> Iterator[str]:
    """Yield lines, those of a footnote as one and those of a table as one."""
    begun = ""
    for row in rows:
        in_table = bool(_TABLE_ROW.match(begun))
        if in_table and _TABLE_ROW.match(row):
            begun += "" if _RULE.match(row) else row.strip()[1:]
        elif begun and not in_table and row.strip() and not _BEGINS.match(row):
            begun += f" {row.strip()}"
        else:
            if begun:
                yield begun
            begun = row if _FOOTNOTE.match(row) or _TABLE_ROW.match(row) else ""
            if not begun:
                yield row
    if begun:
        yield begun


def _lines(rows: list[str]) -> Iterator[tuple[str, str]]:
    fenced = ""
    fences = {found[1]: k for k, row in enumerate(rows) if (found := _FENCE.match(row))}
    for k, raw in enumerate(rows):
        fence = _FENCE.match(raw)
        if fenced or fence:
            if fence and fence[1] == fenced:
                fenced = ""
            elif fence and fences[fence[1]] > k:
                fenced = fence[1]
            elif raw.strip() and not fence:
                yield "aside", raw.strip()
            continue
        row = _QUOTED.sub("", raw)
        if _WHOLLY_EMPHASISED.match(row.strip()) and _stands_alone(rows, k):
            yield "aside", plain_words(row)
        elif heading := _HEADING.match(row):
            yield from (
                ("", ""),
                ("heading", plain_words(row[heading.end() :].rstrip(" #"))),
                ("", ""),
            )
        elif (
            k + 1 < len(rows)
            and row.strip()
            and len(row.split()) < FEWEST_WORDS
            and _UNDERLINE.match(rows[k + 1])
            and _stands_alone(rows, k)
        ):
            yield from (("heading", plain_words(row)), ("", ""))
        elif note := _FOOTNOTE.match(row):
            yield from (("aside", f"Footnote {note[1]}: {plain_words(note[2])}"), ("", ""))
        elif _RULE.match(row):
            yield "", ""
        elif _TABLE_ROW.match(row):
            cells = (cell.strip() for cell in row.strip().strip("|").split("|"))
            yield "aside", plain_words(f"Table: {' | '.join(cells)}")
        elif item := _ITEM.match(row):
            yield "item", plain_words(item[1])
        else:
            yield "", _FOOTNOTE_MARK.sub("", plain_words(row))


def _stands_alone(rows: list[str], k: int) -> bool:
    """Return whether the line above is blank, and the line below too or an underline."""
    below = rows[k + 1] if k + 1 < len(rows) else ""
    return not (k and rows[k - 1].strip()) and (not below.strip() or bool(_UNDERLINE.match(below)))


def plain_words(row: str) -> str:
    r"""Return a line of Markdown without its mark-up.

    Examples
    --------
    >>> plain_words("**Author:** [A. Nobody](#), &copy; `x`")
    'Author: A. Nobody, © x'
    """
    if not _MARKUP.search(row):
        return row.rstrip()
    row = _LINK.sub(r"\1", row)
    row = _TAG.sub("", _EMPHASIS.sub("", row)).replace("``", '"').replace("`", "")
    return html.unescape(_ESCAPE.sub(r"\1", row)).rstrip()
