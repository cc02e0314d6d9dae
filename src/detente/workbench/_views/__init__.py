"""The views of the page, one module each, and the actions that a page can ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from detente.workbench._bench import Bench
from detente.workbench._request import Fragment, PageView
from detente.workbench._views import claims

VIEWS: Mapping[str, PageView] = {view.name: view for view in (claims.VIEW,)}
"""By name, in the order in which the page lists them."""

ACTIONS: Mapping[str, Callable[[Bench, Mapping[str, Any]], Iterable[Fragment]]] = {}
"""What changes something, such as a file, by name; takes the body of the request."""
