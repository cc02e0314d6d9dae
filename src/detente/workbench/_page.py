"""The whole page: frame, assumptions, and the view; or the list of cases; or what is wrong.

A page comes without answers, at once, and its script asks for them. With ``plain``, and so where
there is no script, the answers stand in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from markupsafe import Markup

from detente.case import builtin_cases
from detente.errors import CaseError
from detente.workbench._bench import Bench
from detente.workbench._controls import controls
from detente.workbench._request import Fragment, PageView, Request
from detente.workbench._setting_words import render_words
from detente.workbench._templates import render


def render_start(bench: Bench) -> str:
    """Return the page with the cases that can be opened."""
    found = [(name, _title(bench, name)) for name in bench.folder.cases()]
    builtin = [(name, _title(bench, name)) for name in builtin_cases()]
    return render("start.html.j2", own=found, builtin=builtin, folder=bench.folder.root.name)


def _title(bench: Bench, name: str) -> str:
    try:
        return bench.case(name).title
    except CaseError as error:
        return f"cannot be read: {error.problems[0]}"


def render_page(
    views: Mapping[str, PageView], view: PageView, request: Request, plain: bool
) -> str:
    """Return the page of a view at a setting.

    Parameters
    ----------
    views : mapping of str to PageView
        All that the page offers.
    view : PageView
        The one to show.
    request : Request
    plain : bool
        Whether the answers stand in the page, for a browser without script.
    """
    content = view.frame(request)
    if plain:
        content = fill(content, view.answer(request))
    return render(
        "workbench.html.j2",
        views=views,
        view=view,
        scene=request.scene,
        case=request.scene.case,
        names=request.scene.names,
        address=request.scene.setting.address(),
        controls=controls(request.scene),
        content=Markup(content),
        words=Markup(render_words(request.scene)),
        query=f"{request.scene.setting.address()}&{urlencode(request.words)}".rstrip("&"),
        plain=plain,
    )


def render_error(message: str, query: str) -> str:
    """Return a page that says what is wrong with an address or a case."""
    return render("error.html.j2", message=message, query=query)


def fill(frame: str, fragments: Iterable[Fragment]) -> str:
    """Return a frame with fragments put in place, as the page's script would.

    Places are empty elements with an id; what is put later wins.

    Examples
    --------
    >>> fill('<p id="a"></p>', [{"put": "a", "html": "<b>1</b>"}])
    '<p id="a"><b>1</b></p>'
    """
    last = {line["put"]: line["html"] for line in fragments if "put" in line}
    for place, html in last.items():
        opening = re.search(rf'<[a-z0-9]+\b[^<>]*\bid="{re.escape(place)}"[^<>]*>', frame)
        if opening is not None:
            frame = frame[: opening.end()] + html + frame[opening.end() :]
    return frame
