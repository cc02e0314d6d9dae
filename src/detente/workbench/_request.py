"""What a view is asked, and what it answers with: fragments, the cheap ones first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from detente.case import Case
from detente.errors import CaseError
from detente.workbench._bench import Bench, Scene

Fragment = Mapping[str, Any]
"""One line of a stream; see `put`, `say` and `FIRST`."""

FIRST: Fragment = {"first": True}
"""Says that what came so far answers the question; what follows refines it."""


def put(place: str, html: str) -> Fragment:
    """Return a fragment that replaces what stands in the element of this id."""
    return {"put": place, "html": str(html)}


def put_all(places: Mapping[str, str]) -> Fragment:
    """Return a fragment that replaces what stands in several elements, by id, at once."""
    return {"puts": {place: str(html) for place, html in places.items()}}


def say(words: str) -> Fragment:
    """Return a fragment that says how far the work is."""
    return {"say": words}


@dataclass(frozen=True)
class Request:
    """A question to a view.

    Attributes
    ----------
    bench : Bench
        Where everything read and solved is remembered.
    scene : Scene
        The setting that the page is at.
    words : mapping of str to str
        What in the address belongs to the view, such as ``claim``.
    """

    bench: Bench
    scene: Scene
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def plain(self) -> bool:
        """Whether the page is for a browser without script."""
        return "plain" in self.words

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What a form of the view's own carries along: the setting, and ``plain``."""
        return [*parse_qsl(self.scene.setting.address()), *([("plain", "1")] if self.plain else [])]


@dataclass(frozen=True)
class PlainTable:
    """A table as spreadsheets want it: numbers in full, None where there is none."""

    header: Sequence[str]
    rows: Sequence[Sequence[str | float | None]]


@dataclass(frozen=True)
class PageView:
    """One view of the page.

    Attributes
    ----------
    name : str
        As in its address.
    title : str
    frame : callable
        Gives the HTML that stands before anything is solved: fast, no equilibrium.
    answer : callable
        Gives the fragments that fill it.
    script, style : str
        Files of ``static`` that this view alone needs.
    tables : mapping of str to callable
        By name the tables that can be exported; without them those of the page are, as printed.
    mend : callable, optional
        Gives a page for a case that cannot be read, from its name, what is wrong, and the words of
        the address.
    group : str
        Under which word the page lists it.
    check : callable, optional
        Refuses what the frame would refuse (`InputError`), where that is cheaper than the frame.
    offered : callable
        Whether the page of a case offers the view.
    """

    name: str
    title: str
    frame: Callable[[Request], str]
    answer: Callable[[Request], Iterable[Fragment]]
    script: str = ""
    style: str = ""
    tables: Mapping[str, Callable[[Request], PlainTable]] = field(default_factory=dict)
    mend: Callable[[Bench, str, CaseError, Mapping[str, str]], str] | None = None
    group: str = ""
    check: Callable[[Request], object] | None = None
    offered: Callable[[Case], bool] = lambda case: True
