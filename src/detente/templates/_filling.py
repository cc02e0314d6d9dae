"""Cases to start from: each a short, sound file in this folder, with a remark on every part.

A template gets the title and the first day of the new case; everything else stays as it is
written, remarks and all. Cost: two readings of a short text.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from importlib.resources import files

from detente.case import changed_text, read_case
from detente.errors import InputError
from detente.text import quote, suggestion


@dataclass(frozen=True, slots=True)
class CaseTemplate:
    """A case that others start from.

    Attributes
    ----------
    name : str
    about : str
        What it is for, the remark of its first line.
    text : str
        Its file.
    """

    name: str
    about: str
    text: str


def case_templates() -> tuple[CaseTemplate, ...]:
    """Return the templates, in the order of their names, the blank one last.

    Examples
    --------
    >>> [template.name for template in case_templates()][:3]
    ['alliance', 'crisis_bargaining', 'deterrence']
    """
    found = []
    for file in files("detente").joinpath("templates").iterdir():
        name, _, ending = file.name.rpartition(".")
        if ending == "yaml":
            text = file.read_text(encoding="utf-8")
            found.append(CaseTemplate(name, text.partition("\n")[0].lstrip("# "), text))
    return tuple(sorted(found, key=lambda template: (template.name == "blank", template.name)))


def fill_template(name: str, title: str = "", start: dt.date | None = None) -> str:
    """Return the text of a new case made from a template.

    Parameters
    ----------
    name : str
        One of `case_templates`.
    title : str, optional
        Of the new case; that of the template where it is empty.
    start : date, optional
        First day of its clock, which stays as long as it is; that of the template by default.

    Raises
    ------
    InputError
        For a name that no template has.

    Examples
    --------
    >>> text = fill_template("blank", "Grain: a quarrel", dt.date(2027, 3, 1))
    >>> case = read_case(text.encode(), "grain.yaml")
    >>> case.title, str(case.start), str(case.end)
    ('Grain: a quarrel', '2027-03-01', '2032-02-28')
    >>> fill_template("deterence")
    Traceback (most recent call last):
    detente.errors.InputError: there is no template 'deterence'; did you mean 'deterrence'?
    """
    texts = {template.name: template.text for template in case_templates()}
    if name not in texts:
        raise InputError(
            f"there is no template {quote(name)}; {suggestion(name, texts, 'template')}"
        )
    changes: dict[str, object] = {"title": title} if title else {}
    if start is not None:
        changes["clock"] = {"start": start, "end": _moved_end(texts[name], start)}
    return changed_text(texts[name], changes)


def _moved_end(text: str, start: dt.date) -> dt.date:
    """Return the last day of a clock that starts on another day and is as long."""
    case = read_case(text.encode(), "template")
    assert case.start is not None
    assert case.end is not None
    return start + (case.end - case.start)
