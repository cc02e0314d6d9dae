"""The main text of a page of HTML, by trafilatura; nothing is fetched and no script runs.

Navigation, advertisements and comments are left out, as trafilatura sees them. What the page says
of itself comes from its own metadata. Runs in the child process. Cost: linear in the page, and a
few times the time of parsing it.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

_ROLES = {"head": "heading", "item": "item", "cell": "cell", "code": "aside"}
_NO_TEXT = {
    "refused": "no main text was found in it; save the article from the browser as text, and give "
    "that as a .txt file"
}
_HOLDERS = {"list", "table", "row", "quote", "body", "div"}


def _lines(element: Any) -> Iterator[tuple[str, str]]:
    role = _ROLES.get(element.tag, "")
    if element.tag in _HOLDERS or (role in {"item", "cell"} and len(element.findall("p"))):
        if (element.text or "").strip():
            yield role, element.text
            yield "", ""
        for part in element:
            for own, text in _lines(part):
                yield own or (role if text.strip() else ""), text
            if (part.tail or "").strip():
                yield role, part.tail
                yield "", ""
        return
    for line_break in element.iter("lb"):
        line_break.tail = "\n" + (line_break.tail or "")
    words = "".join(element.itertext())
    for row in words.split("\n"):
        if row.strip():
            yield role, " ".join(row.split())
    yield "", ""


def take_apart(raw: bytes) -> dict[str, Any]:
    """Return the lines of a page, see `detente.reading._child.take_apart`."""
    import trafilatura
    from trafilatura.settings import DEFAULT_CONFIG

    tree = trafilatura.load_html(raw)
    if tree is None:
        return _NO_TEXT
    settings = deepcopy(DEFAULT_CONFIG)
    # Of what is shorter, trafilatura would give all the page for its text, navigation included.
    settings["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "40"
    # As the page writes it: trafilatura drops the stops of initials.
    authors = tree.xpath("//meta[@name='author']/@content")
    page = trafilatura.bare_extraction(
        tree,
        include_comments=False,
        include_formatting=True,
        with_metadata=True,
        config=settings,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    if page is None or isinstance(page, dict) or page.body is None:
        return _NO_TEXT
    known = {
        "title": page.title,
        "author": str(authors[0]) if authors else page.author,
        "date": page.date,
        "publisher": page.sitename,
        "address": page.url,
    }
    return {"lines": list(_lines(page.body)), "known": known, "notes": []}
