"""What all printing in a terminal shares: the console, tables without lines, and the verdicts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from io import StringIO
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from detente.claims import Verdict, kind_of, show_beside, starred
from detente.text import printable, show_range

_STYLE = {"agrees": "green", "stronger": "cyan", "weaker": "yellow", "contradicts": "red"}

Words = Callable[[Verdict], str]


class _Plain(Console):
    """A console that shows what cannot be seen by its code point, whatever it is given to print."""

    def render_str(self, text: str, **how: Any) -> Text:
        return super().render_str(printable(text), **how)


_paper: ContextVar[StringIO | None] = ContextVar("_paper", default=None)
_WIDTH = 100
"""Columns of what is printed on paper."""


def console(stderr: bool = False) -> Console:
    """Return a console; it honours ``NO_COLOR`` and is plain when not a terminal."""
    if (paper := _paper.get()) is not None:
        return _Plain(file=paper, width=_WIDTH, color_system=None, highlight=False)
    return _Plain(stderr=stderr, highlight=False)


@contextmanager
def on_paper() -> Iterator[StringIO]:
    r"""Gather what is printed inside through `console`, in this thread, instead of printing it.

    Examples
    --------
    >>> with on_paper() as paper:
    ...     console().print("what a command prints")
    >>> paper.getvalue()
    'what a command prints\n'
    """
    paper = StringIO()
    token = _paper.set(paper)
    try:
        yield paper
    finally:
        _paper.reset(token)


def open_table(title: str | None = None, left: int = 0) -> Table:
    """Return an empty table without lines, its title to the left."""
    return Table(
        box=None, pad_edge=False, padding=(0, 1, 0, left), title=title, title_justify="left"
    )


def verdict_table(
    verdicts: Iterable[Verdict],
    expects: Words | None = None,
    agrees: Words | None = None,
) -> Table:
    """Return a row for each claim: what it says, the model's answers, and the verdict.

    Parameters
    ----------
    verdicts : iterable of Verdict
    expects, agrees : callable, optional
        Print columns before and after the answers: the words' interval, and the share that agrees.
    """
    table = open_table()
    table.add_column("claim", no_wrap=True)
    table.add_column("says", ratio=1)
    if expects is not None:
        table.add_column("expects", max_width=13)
    for name in ("median", "90 % of draws", *(["agrees in"] if agrees else [])):
        table.add_column(name, no_wrap=True, justify="right")
    table.add_column("verdict", no_wrap=True)
    for found in verdicts:
        (low, high), kind = found.most, kind_of(found.claim)
        table.add_row(
            *map(escape, (found.claim.id, found.claim.says)),
            *([escape(expects(found))] if expects else []),
            show_beside(found.claim, found.median),
            f"all {found.draws} alike" if found.same else show_range(low, high, kind),
            *([agrees(found)] if agrees else []),
            f"[{_STYLE.get(found.word, 'default')}]{starred(found)}[/]",
        )
    return table
