"""What a text says before anybody has checked that it is a case: plain values and their places.

For forms and completion, which must work while a text is being written. Cost: one parse.
"""

from __future__ import annotations

from detente.case._places import Places
from detente.case._text_reading import Complain, decode
from detente.case._yaml_reading import Data, parse
from detente.errors import CaseError


def read_outline(
    text: str, complain: Complain | None = None
) -> tuple[dict[str, Data], Places] | None:
    r"""Return what a text says, key by key, and where; None when it is no mapping in YAML.

    Numbers remember how they were written, in ``written``. What is wrong in a place is left out.

    Parameters
    ----------
    text : str
    complain : callable, optional
        Takes line, column, what is wrong and what to do; called for every problem.

    Examples
    --------
    >>> found = read_outline("title: A dam\nclaims: [{id: D1}]\n")
    >>> found[0], found[1].of("claims", 0)
    ({'title': 'A dam', 'claims': [{'id': 'D1'}]}, (2, 10))
    >>> read_outline("title: [") is None
    True
    """

    def ignore(line: int, column: int, message: str, remedy: str) -> None:
        """Leave it to the reader of cases to complain."""

    say = complain or ignore
    try:
        found = decode(text.encode("utf-8", "replace"), say)
        root = None if found is None else parse(found, say)
    except CaseError:
        return None
    if root is None or root.kind != "map":
        return None
    data = root.data()
    assert isinstance(data, dict)
    return data, Places.in_tree(root)
