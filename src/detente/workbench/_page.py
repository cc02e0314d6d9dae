"""The whole page: frame, assumptions, and the view; or what is wrong.

A page comes without answers, at once, and its script asks for them. With ``plain``, and so where
there is no script, the answers stand in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from markupsafe import Markup

from detente.case import Case
from detente.errors import CaseError, InputError
from detente.workbench._controls import controls
from detente.workbench._paper_head import paper_head
from detente.workbench._request import Fragment, PageView, Request
from detente.workbench._setting import Setting
from detente.workbench._sharing import as_command, as_python
from detente.workbench._templates import render

_EDITOR = "edit"


def render_page(
    views: Mapping[str, PageView],
    view: PageView,
    request: Request,
    plain: bool,
    stamp: str,
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
    stamp : str
        Of the case's file, when it was read.
    """
    content = view.frame(request)
    if plain:
        content = fill(content, view.answer(request))
    return render(
        "workbench.html.j2",
        views=views,
        view=view,
        case=request.scene.case,
        address=request.scene.setting.address(),
        controls=controls(request.scene.setting, request.scene.base),
        content=Markup(content),
        words=Markup(paper_head(request.scene.setting, request.scene.base)),
        query=f"{request.scene.setting.address()}&{urlencode(request.words)}".rstrip("&"),
        plain=plain,
        stamp=stamp,
        shared=_shared(request) if plain else (),
    )


def _shared(request: Request) -> tuple[tuple[str, str], ...]:
    setting, case = request.scene.setting, request.scene.base
    return ("As a command", as_command(setting, case)), ("As Python", as_python(setting, case))


def render_refusal(
    views: Mapping[str, PageView],
    view: PageView,
    setting: Setting,
    case: Case,
    message: str,
    own: bool,
    plain: bool,
    stamp: str,
) -> str:
    """Return a page without answers: it says why, and everything can be moved.

    Parameters
    ----------
    views : mapping of str to PageView
    view : PageView
        The one that was asked for; its script is left out, as its places are not there.
    setting : Setting
    case : Case
        As its file has it.
    message : str
        What is wrong, with the setting or with what the view is asked for.
    own : bool
        Whether the address asks the view for something, which can then be left out.
    plain : bool
    stamp : str
    """
    panel = controls(setting, case)
    content = render(
        "refusal.html.j2",
        view=view,
        message=message,
        problem=panel.problem,
        address=panel.address,
        own=own,
        plain=plain,
    )
    return render(
        "workbench.html.j2",
        views=views,
        view=view,
        case=case,
        address=panel.address,
        controls=panel,
        content=Markup(content),
        words=Markup(paper_head(setting, case)),
        query=panel.address,
        plain=plain,
        stamp=stamp,
        shared=(),
        refused=True,
    )


def render_error(
    error: InputError,
    asked: Setting,
    stamp: str,
    views: Mapping[str, PageView] | None = None,
) -> str:
    """Return a page that says what is wrong with an address or a case, and how to go on.

    Parameters
    ----------
    error : InputError
    asked : Setting
        As far as the address could be read.
    stamp : str
        Of the case's file: when it changes, the page looks again.
    views : mapping of str to PageView, optional
        Where one of them is an editor, the page leads to it.
    """
    problems = error.problems if isinstance(error, CaseError) else ()
    return render(
        "error.html.j2",
        message=str(error),
        problems=problems,
        case=asked.case,
        stamp=stamp,
        moved=bool(asked.moved) and not problems,
        editor=_EDITOR if _EDITOR in (views or {}) and problems and stamp else "",
    )


def fill(frame: str, fragments: Iterable[Fragment]) -> str:
    """Return a frame with fragments put in place, as the page's script would.

    Places are empty elements with an id; what is put later wins.

    Examples
    --------
    >>> fill('<p id="a"></p>', [{"put": "a", "html": "<b>1</b>"}])
    '<p id="a"><b>1</b></p>'
    """
    last: dict[str, str] = {}
    for line in fragments:
        last |= {line["put"]: line["html"]} if "put" in line else line.get("puts", {})
    for place, html in last.items():
        opening = re.search(rf'<[a-z0-9]+\b[^<>]*\bid="{re.escape(place)}"[^<>]*>', frame)
        if opening is not None:
            frame = frame[: opening.end()] + html + frame[opening.end() :]
    return frame
