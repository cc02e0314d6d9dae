"""The views of the page, one module each, and the actions that a page can ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from detente.workbench._bench import Bench
from detente.workbench._request import Fragment, PageView
from detente.workbench._sharing import share
from detente.workbench._views import (
    ask,
    bargaining,
    claims,
    compare,
    digest,
    draw_filter,
    edit,
    jobs,
    long_run,
    paths,
    phase,
    record,
    show,
    state_map,
    today,
    why,
)
from detente.workbench._views.edit_actions import EDIT_ACTIONS

_GROUPS: Mapping[str, tuple[PageView, ...]] = {
    "See": (
        claims.VIEW,
        why.VIEW,
        paths.VIEW,
        today.VIEW,
        state_map.VIEW,
        phase.VIEW,
        long_run.VIEW,
        bargaining.VIEW,
    ),
    "Explore": (ask.VIEW, draw_filter.VIEW, compare.VIEW, digest.VIEW, record.VIEW),
    "Work": (edit.VIEW, jobs.VIEW, show.VIEW),
}
VIEWS: Mapping[str, PageView] = {
    view.name: replace(view, group=group) for group, views in _GROUPS.items() for view in views
}
"""By name, in the order in which the page lists them."""

ACTIONS: Mapping[str, Callable[[Bench, Mapping[str, Any]], Iterable[Fragment]]] = {
    "share": share,
    "digest": digest.tell,
    **ask.ACTIONS,
    **jobs.ACTIONS,
    **EDIT_ACTIONS,
}
"""What a page asks for beside its view, by name; takes the body of the request."""
