"""Addresses of views at settings, which make links that need no script."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from detente.workbench._setting import Setting


def link(view: str, setting: Setting, *pairs: tuple[str, str]) -> str:
    """Return the address of a view at a setting.

    Parameters
    ----------
    view : str
    setting : Setting
    *pairs : (str, str)
        What in the address belongs to the view; empty ones are left out.

    Examples
    --------
    >>> link("why", Setting("chicken", parameters={"nerve": 4.0}), ("claim", "K1"))
    '/why?case=chicken&set.nerve=4&claim=K1'
    """
    more = urlencode([pair for pair in pairs if pair[1]])
    return f"/{view}?{setting.address()}{'&' if more else ''}{more}"


def moved(setting: Setting, values: dict[str, float]) -> Setting:
    """Return a setting with some parameters moved."""
    return replace(setting, parameters={**setting.parameters, **values})
