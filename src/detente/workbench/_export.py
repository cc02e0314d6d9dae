"""What can be taken away from a page: one file with all of it, or its tables for a spreadsheet.

The page comes as it reads without script, its style in it, its links to the server cut: it opens
from disk and asks for nothing. A table comes with its numbers in full; a view that offers none has
those of its page, as printed. Texts that a spreadsheet would take for a formula get an apostrophe
in front. Everything is solved anew and from scratch. Cost: that of the page.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from html.parser import HTMLParser

from markupsafe import Markup

from detente.errors import InputError
from detente.text import csv_cell, suggestion
from detente.workbench._bench import Scene
from detente.workbench._page import fill
from detente.workbench._paper_head import paper_head
from detente.workbench._request import PageView, Request
from detente.workbench._style import page_style
from detente.workbench._templates import render

_GONE = {
    "form", "script", "dialog", "datalist", "noscript", "button", "select", "output", "template",
}  # fmt: skip
"""Elements that mean nothing in a file."""
_TOOLS = {"tools", "show-bar"}
"""Classes of what holds nothing else."""
_SHEETS = ("workbench.css", "export.css")

Cells = Sequence[Sequence[str | float | None]]


def export_page(view: PageView, request: Request) -> str:
    """Return a page as one file.

    Parameters
    ----------
    view : PageView
    request : Request
    """
    cold = _cold(request)
    return render(
        "export.html.j2",
        case=cold.scene.case,
        view=view,
        words=Markup(paper_head(cold.scene.setting, cold.scene.base)),
        style=Markup(page_style(*_SHEETS, view.style)),
        content=Markup(_quiet(fill(view.frame(cold), view.answer(cold)))),
    )


def export_table(view: PageView, request: Request, name: str) -> str:
    """Return one table of a view as CSV.

    Parameters
    ----------
    view : PageView
    request : Request
    name : str
        Of one that the view offers; where it offers none, all tables of its page come.

    Raises
    ------
    InputError
        When there is no such table.
    """
    cold = _cold(request)
    if not view.tables:
        return tables_of(fill(view.frame(cold), view.answer(cold)))
    if name not in view.tables:
        raise InputError(f"there is no table {name!r}; {suggestion(name, view.tables, 'table')}")
    found = view.tables[name](cold)
    return as_csv([found.header, *found.rows])


def file_name(view: PageView, request: Request, name: str, ending: str) -> str:
    """Return what a download is called: plain letters only."""
    case = request.scene.setting.case.rpartition("/")[2]
    words = [case.removesuffix(".yaml").removesuffix(".yml"), view.name, name]
    plain = (re.sub(r"[^A-Za-z0-9]+", "-", word).strip("-").lower() for word in words)
    return "-".join(filter(None, plain)) + f".{ending}"


def as_csv(rows: Cells) -> str:
    """Return rows as CSV, numbers in full.

    Examples
    --------
    >>> print(as_csv([["name", "value"], ["=1+1", -0.5], ["-", None]]), end="")
    name,value
    '=1+1,-0.5
    '-,
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerows(map(csv_cell, row) for row in rows)
    return stream.getvalue()


def _cold(request: Request) -> Request:
    """Return the request at a scene of which nothing is solved yet, for a page without script."""
    scene = Scene(request.scene.setting, request.scene.base)
    return Request(request.bench, scene, {**request.words, "plain": "1"})


class _Quiet(HTMLParser):
    """Repeats HTML without what needs a server or script."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self._gone, self._depth = "", 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        if self._gone:
            self._depth += tag == self._gone
        elif tag in _GONE or _TOOLS.intersection(classes):
            self._gone, self._depth = tag, 1
        elif tag != "input":
            text = re.sub(r' href="/[^"]*"', "", self.get_starttag_text() or "")
            if tag == "details" and "open" not in dict(attrs):
                text = text.replace("<details", "<details open", 1)
            self._add(text)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if self._gone:
            self._depth -= tag == self._gone
            self._gone = self._gone if self._depth else ""
        else:
            self._add(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._add(data)

    def handle_entityref(self, name: str) -> None:
        self._add(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._add(f"&#{name};")

    def _add(self, text: str) -> None:
        if not self._gone:
            self.parts.append(text)


def _quiet(html: str) -> str:
    reader = _Quiet()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)


class _Tables(HTMLParser):
    """Reads the tables of a page: captions, and rows of cells as printed."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table" and self.rows:
            self.rows.append([])
        if tag in {"tr", "caption"}:
            self.rows.append([])
        if tag in {"th", "td", "caption"}:
            self._text = []

    def handle_endtag(self, tag: str) -> None:
        if tag in {"th", "td", "caption"} and self._text is not None and self.rows:
            self.rows[-1].append(" ".join("".join(self._text).split()))
            self._text = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)


def tables_of(html: str) -> str:
    """Return the tables of a page as CSV, one below the other, a caption above each.

    Examples
    --------
    >>> html = "<table><caption>Odds</caption><tr><th>a</th><td>26 %</td></tr></table>"
    >>> print(tables_of(html), end="")
    Odds
    a,26 %
    """
    reader = _Tables()
    reader.feed(html)
    reader.close()
    return as_csv(reader.rows)
