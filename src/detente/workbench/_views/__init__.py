"""The views of the page, one module each, and the actions that a page can ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from detente.workbench._bench import Bench
from detente.workbench._request import Fragment, PageView
from detente.workbench._views import ask, claims, jobs

VIEWS: Mapping[str, PageView] = {view.name: view for view in (claims.VIEW, ask.VIEW, jobs.VIEW)}
"""By name, in the order in which the page lists them."""

ACTIONS: Mapping[str, Callable[[Bench, Mapping[str, Any]], Iterable[Fragment]]] = {
    **ask.ACTIONS,
    **jobs.ACTIONS,
}
"""What changes something, such as a file, by name; takes the body of the request."""


def warm() -> Iterable[str]:
    """Compile what pages will need, and say in words how far that is."""
    from detente.case import load
    from detente.claims import answer_claim, claims_model

    yield "compiling the solver (once after an installation, about half a minute)"
    case = load("peninsula")
    model = claims_model(case)
    for claim in case.claims:
        if claim.ask is not None:
            answer_claim(claim, model)
    yield "ready"
