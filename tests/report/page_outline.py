"""Read a page the strict way: every tag closed in order, tables and links kept for the tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass
class Table:
    """What a table has: the words of its caption, its header cells, the widths of its rows."""

    caption: str = ""
    scopes: list[str | None] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)


class Outline(HTMLParser):
    """The parts of a page; raises when tags are not balanced."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.tables: list[Table] = []
        self.text = ""
        self.feed(page)
        self.close()
        assert self.open == [], f"left open: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert len(given) == len(attrs), f"an attribute twice in <{tag}>"
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "table":
            self.tables.append(Table())
        elif tag == "tr":
            self.tables[-1].widths.append(0)
        elif tag in {"td", "th"}:
            self.tables[-1].widths[-1] += int(given.get("colspan") or 1)
            if tag == "th":
                self.tables[-1].scopes.append(given.get("scope"))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert "svg" in self.open or tag in VOID, f"<{tag}/> outside of a drawing"
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1] == tag, f"</{tag}> closes <{self.open[-1]}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            return
        self.text += data
        if "caption" in self.open:
            self.tables[-1].caption += data

    def check_sound(self, drawings: int) -> None:
        """Assert that names are unique, tables have captions and even rows, and all is here."""
        assert len(self.ids) == len(set(self.ids))
        labels = [value for _, name, value in self.attributes if name == "aria-labelledby"]
        assert set(labels) <= set(self.ids)
        assert self.tags.count("h1") == 1
        assert {"script", "link", "img"} & set(self.tags) == set()
        assert self.tags.count("svg") == self.attributes.count(("svg", "role", "img")) == drawings
        for table in self.tables:
            assert table.caption.strip()
            assert len(set(table.widths)) == 1, table.caption
