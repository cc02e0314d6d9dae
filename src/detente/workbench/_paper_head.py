"""The case and the setting in words, for the head of a page on paper or in a file."""

from __future__ import annotations

from detente.case import Case
from detente.workbench._moved import moves_of
from detente.workbench._setting import Setting
from detente.workbench._templates import render


def paper_head(setting: Setting, case: Case) -> str:
    """Return which case it is and what is moved, as HTML.

    Examples
    --------
    >>> import detente
    >>> case = detente.load("chicken")
    >>> print(paper_head(Setting("chicken", "ab12"), case))
    <p>chicken <span class="quiet">(ab12)</span>. Everything as the case states it.</p>
    """
    moves = [move.words for move in moves_of(setting, case)]
    words = f"Moved: {'; '.join(moves)}." if moves else "Everything as the case states it."
    return render("setting_words.html.j2", words=words, name=setting.case, sha=setting.sha)
