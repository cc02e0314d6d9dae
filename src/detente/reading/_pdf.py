"""The lines of a PDF, by pypdf, with what their place and size on the page say of them.

Text is taken in the order in which it is drawn. A gap between two lines that is larger than usual
is a blank line, letters larger than those of the text make a heading, smaller ones an aside. Runs
in the child process. Cost: some milliseconds a page.
"""

from __future__ import annotations

import io
import itertools
import logging
import re
from collections import Counter
from dataclasses import dataclass, field
from statistics import median
from typing import Any

MOST_PAGES = 1_000
MOST_CHARACTERS = 2_000_000
# An apostrophe from another font comes with spaces around it.
_SPLIT_OFF = re.compile(r"(?<=\w) ([’ʼ']) (?=(?:s|t|re|ve|ll|d|m)\b)|(?<=s) ([’ʼ])(?= \w|$)")
_MARK = re.compile(r"\s*\d{1,3}\s*$")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LARGER, _SMALLER = 1.12, 0.88
_GAP, _GAP_IN_HEADINGS = 1.35, 1.6
_INDENT = 4.0, 60.0


@dataclass(slots=True)
class _Row:
    """A line of a page: its text, where it stands, and the size of most of its letters."""

    height: float
    left: float = 0.0
    words: list[str] = field(default_factory=list)
    sizes: Counter[float] = field(default_factory=Counter)

    @property
    def text(self) -> str:
        return _SPLIT_OFF.sub(r"\1\2", "".join(self.words).rstrip())

    @property
    def size(self) -> float:
        return self.sizes.most_common(1)[0][0] if self.sizes else 0.0


def _rows(page: Any) -> list[_Row]:
    """Return the lines of a page as drawn."""
    rows = [_Row(0.0)]

    def see(text: str, outer: list[float], inner: list[float], font: Any, size: float) -> None:
        scale = abs(inner[3] or inner[1] or 1.0) * abs(outer[3] or outer[1] or 1.0)
        height = inner[4] * outer[1] + inner[5] * outer[3] + outer[5]
        for k, piece in enumerate(text.split("\n")):
            if k:
                rows.append(_Row(height))
            if piece.strip():
                row = rows[-1]
                if not row.sizes:
                    row.height, row.left = height, inner[4]
                if row.size * _SMALLER > size * scale and _MARK.match(piece):
                    piece = piece.translate(_RAISED)  # noqa: PLW2901 - the mark of a footnote
                row.sizes[round(size * scale, 1)] += len(piece)
            rows[-1].words.append(piece)

    page.extract_text(visitor_text=see)
    return [row for row in rows if row.text.strip()]


def _with_roles(pages: list[list[_Row]]) -> list[tuple[str, str]]:
    """Return the lines of all pages with their roles; a page ends with a cut."""
    sizes: Counter[float] = Counter()
    gaps = []
    for rows in pages:
        for row in rows:
            sizes[row.size] += len(row.text)
        gaps += [a.height - b.height for a, b in itertools.pairwise(rows)]
    usual = sizes.most_common(1)[0][0]
    steps = [gap for gap in gaps if 0 < gap < 4 * max(usual, 1.0)]
    step = median(steps) if steps else 0.0
    lines: list[tuple[str, str]] = []
    for rows in pages:
        above = None
        for row in rows:
            gap = 0.0 if above is None else above.height - row.height
            role = _role(row.size, usual)
            # The lines of a heading stand further apart than those of the text.
            heading = role == "heading" and 0 < gap < _GAP_IN_HEADINGS * row.size
            other = above is not None and above.size != row.size
            far = bool(step) and (gap > _GAP * step or gap < -step)
            if other or (far and not heading):
                lines.append(("", ""))
            indented = above is not None and _INDENT[0] < row.left - above.left < _INDENT[1]
            lines.append((role, "  " + row.text.lstrip() if indented else row.text))
            above = row
        lines.append(("cut", ""))
    return lines


def _role(size: float, usual: float) -> str:
    if usual and size > _LARGER * usual:
        return "heading"
    return "small" if usual and size < _SMALLER * usual else ""


def _about(reader: Any) -> dict[str, str]:
    try:
        about = reader.metadata or {}
        known = {"title": about.get("/Title"), "author": about.get("/Author")}
        return {key: str(value) for key, value in known.items() if isinstance(value, str)}
    except Exception:  # metadata may be damaged where the text is not
        return {}


def take_apart(raw: bytes) -> dict[str, Any]:
    """Return the lines of a PDF, see `detente.reading._child.take_apart`."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = pypdf.PdfReader(io.BytesIO(raw))
    if reader.is_encrypted and not reader.decrypt(""):
        return {"refused": "it is encrypted; save it without a password"}
    count = len(reader.pages)
    if count > MOST_PAGES:
        return {"refused": f"it has {count:,} pages, more than {MOST_PAGES:,}; give a part of it"}
    pages: list[list[_Row]] = []
    damaged, bare = [], []
    length = 0
    for number, page in enumerate(reader.pages, 1):
        try:
            rows = _rows(page)
        except (MemoryError, RecursionError):
            raise
        except Exception:  # one page may be damaged where others are not
            damaged.append(number)
            continue
        if rows:
            pages.append(rows)
        else:
            bare.append(number)
        length += sum(len(row.text) for row in rows)
        if length > MOST_CHARACTERS:
            return {"refused": f"its text has more than {MOST_CHARACTERS:,} letters; give a part"}
    if not pages:
        if damaged:
            return {"refused": "no page of it can be read: it is damaged; open it and save it anew"}
        return {
            "refused": "it has no text in it, so it was probably scanned; run it through text "
            "recognition (OCR) first"
        }
    notes = [
        f"{what}: {', '.join(map(str, numbers[:10]))}{', …' if len(numbers) > 10 else ''}"
        for what, numbers in (
            ("Pages that are damaged and were not read", damaged),
            ("Pages without text, perhaps scanned", bare),
        )
        if numbers
    ]
    return {"lines": _with_roles(pages), "known": _about(reader), "notes": notes}
