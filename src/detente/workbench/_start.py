"""The page to begin with: the cases of the folder, the built-in ones, and what runs have left.

A file that is wrong is listed with its first problem. Cost: one reading of each case, remembered;
where there are many, those that would take too long are listed by the title that their text has.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from detente.case import builtin_cases
from detente.errors import CaseError, InputError
from detente.text import hidden_character, printable
from detente.workbench._bench import Bench
from detente.workbench._results import recent_results
from detente.workbench._templates import render

_LONGEST = 1.5
"""Seconds in which cases are read for the list."""
_HEAD = 64 * 1024
_TITLE = re.compile(r"""^title:[ \t]*["']?(.*?)["']?[ \t]*$""", re.MULTILINE)


@dataclass(frozen=True)
class ListedCase:
    """A case in the list.

    Attributes
    ----------
    name, title : str
    problem : str
        The first one of its file, where it cannot be read.
    """

    name: str
    title: str = ""
    problem: str = ""


def render_start(bench: Bench) -> str:
    """Return the page with the cases that can be opened."""
    until = time.monotonic() + _LONGEST
    builtin = [_listed(bench, name) for name in builtin_cases()]
    own = [
        _listed(bench, name) if time.monotonic() < until else ListedCase(name, _title(bench, name))
        for name in bench.folder.cases()
    ]
    own += [
        ListedCase(printable(name), problem=f"{hidden[1]} in its name; rename the file")
        for name in bench.folder.misnamed()
        if (hidden := hidden_character(name))
    ]
    return render(
        "start.html.j2",
        own=own,
        builtin=builtin,
        results=recent_results(bench.folder.root),
        folder=bench.folder.root.resolve().name,
    )


def _listed(bench: Bench, name: str) -> ListedCase:
    try:
        return ListedCase(name, bench.case(name).title)
    except CaseError as error:
        first = error.problems[0]
        return ListedCase(name, problem=f"line {first.line}: {first.message}; {first.remedy}")
    except InputError as error:
        return ListedCase(name, problem=str(error))


def _title(bench: Bench, name: str) -> str:
    """Return the title as the text has it, without reading the case."""
    try:
        with bench.folder.inside(name).open(encoding="utf-8", errors="replace") as file:
            found = _TITLE.search(file.read(_HEAD))
    except (OSError, InputError):
        return ""
    return found[1] if found else ""
