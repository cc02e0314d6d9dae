"""The page of a table of bargaining: who wants what, what comes out, and who trades with whom."""

from __future__ import annotations

import detente
from detente.bargaining import BargainingComparison
from detente.report._bargaining import bargaining_words
from detente.report._page import fill


def render_bargaining(found: BargainingComparison, name: str) -> str:
    """Return the page of a comparison as HTML.

    Parameters
    ----------
    found : BargainingComparison
    name : str
        What the table is called.

    Returns
    -------
    str
        A whole page; everything that comes from the table is escaped.
    """
    return fill(
        "bargaining_page.html.j2",
        name=name,
        words=bargaining_words(found),
        version=detente.__version__,
    )
