"""A question of the dialogue, and how answers to it are read.

An answer is read into plain values of the case format. Whether they can stand there is for the
reader of cases to say (`accepted_by`): the case so far is completed with fillers, read as a file
would be, and what is wrong with it is said in the reader's own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from math import prod
from typing import Any

from detente.case import identifiers, read_case
from detente.errors import CaseError, InputError
from detente.templates._layout import laid_out
from detente.text import quote, suggestion

MOST_STATES = 50_000
"""Beyond so many states a case is not solved for warnings."""
_SMALLEST = 0.001
_LINE = re.compile(r" \((first at )?line \d+\)")


@dataclass(frozen=True)
class DialogueQuestion:
    """One question of the dialogue.

    Attributes
    ----------
    part : str
        The part of the case that it belongs to.
    words, example : str
    default : str or None
        What counts as the answer when none is given; None where one is needed.
    read : callable
        Takes an answer and returns what it means, or raises `InputError`.
    understood : callable
        Takes the answer and what it means, and says how it was understood; an empty text where that
        is plain.
    """

    part: str
    words: str
    read: Callable[[str], Any]
    example: str = ""
    default: str | None = None
    understood: Callable[[str, Any], str] = lambda _, __: ""


@dataclass(frozen=True, slots=True)
class Called:
    """A name as it was written, and as it stands in formulas."""

    name: str
    title: str


def read_names(text: str, what: str, most: int, least: int = 1) -> tuple[Called, ...]:
    """Read names that commas part.

    Examples
    --------
    >>> [called.name for called in read_names("Upper state, the Lower one", "actor", 8)]
    ['upper_state', 'the_lower_one']
    """
    titles = [" ".join(part.split()) for part in text.split(",") if part.strip()]
    if len(titles) < least:
        raise InputError(f"give at least {least}, with commas between them")
    if len(titles) > most:
        raise InputError(f"these are {len(titles)}; give at most {most}, and add others later")
    seen: dict[str, str] = {}
    for title in titles:
        if title.casefold() in seen:
            raise InputError(f"{quote(title)} stands there twice; take one out or rename it")
        seen[title.casefold()] = title
    names = identifiers(titles, what, digits=what == "level")
    return tuple(Called(name, title) for name, title in zip(names, titles, strict=True))


def called_in_formulas(_: str, names: tuple[Called, ...]) -> str:
    """Say what names are called in formulas, where they are written otherwise.

    Examples
    --------
    >>> called_in_formulas("", (Called("dam", "dam"), Called("upper_state", "Upper state")))
    'in formulas: upper_state for Upper state'
    """
    other = [f"{one.name} for {one.title}" for one in names if one.name != one.title]
    return f"in formulas: {', '.join(other)}" if other else ""


def read_number(text: str, least: float, most: float) -> float:
    """Read a number within bounds; whole ones as such.

    Examples
    --------
    >>> read_number("+2", -10, 10), read_number("0.5", 0, 1)
    (2, 0.5)
    """
    if re.fullmatch(r"[-+−]?[0-9]+,[0-9]+", text):
        raise InputError(f"{quote(text)} has a decimal comma; write {text.replace(',', '.')}")
    try:
        number = float(text.replace("−", "-"))
    except ValueError:
        raise InputError(f"{quote(text)} is not a number; write one such as 0.5") from None
    if not least <= number <= most:
        raise InputError(f"{quote(text)} is out of range; write a number from {least} to {most}")
    if 0 < abs(number) < _SMALLEST:
        raise InputError(f"{quote(text)} is next to nothing; write 0, or {_SMALLEST} at least")
    return as_written(number)


def as_written(number: float) -> float:
    """Return a whole number as one, so that it is written without a point."""
    return int(number) if float(number).is_integer() else number


def read_choice(text: str, choices: tuple[Called, ...], what: str) -> str:
    """Read one of several names, in either spelling, and return it as formulas have it.

    Examples
    --------
    >>> read_choice("Very Large", read_names("none, very large", "level", 9), "level")
    'very_large'
    """
    wanted = " ".join(text.split()).casefold()
    for one in choices:
        if wanted in {one.name, one.title.casefold()}:
            return one.name
    titles = [one.title for one in choices]
    raise InputError(f"there is no {what} {quote(text)}; {suggestion(text, titles, what)}")


def accepted_by(case: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
    """Raise what the reader of cases has to say against the case with changes (`InputError`)."""
    complete = _completed({**case, **changes})
    counts = [len(option["levels"]) for actor in complete["actors"].values()
              for option in actor["options"].values()]  # fmt: skip
    counts += [len(condition["levels"]) for condition in complete.get("conditions", {}).values()]
    if prod(counts) > MOST_STATES:
        raise InputError(
            f"that makes {prod(counts):,} states, more than {MOST_STATES:,}; give fewer levels or "
            "options, and add others later"
        )
    try:
        read_case(laid_out(complete, "").encode(), "case.yaml")
    except CaseError as error:
        first = error.problems[0]
        raise InputError(_LINE.sub("", f"{first.message}; {first.remedy}")) from None


def _completed(case: dict[str, Any]) -> dict[str, Any]:
    """Return a case that lacks nothing, with fillers where nothing was answered yet."""
    case = deepcopy(case)
    case["actors"] = case.get("actors") or {"filler": {}}
    today = dict(case.get("status_quo", {}))
    for name, actor in case["actors"].items():
        actor["options"] = actor.get("options") or {"filler": {"levels": ["no", "yes"]}}
        actor["preferences"] = actor.get("preferences") or {"statements": ["true"]}
        for option, body in actor["options"].items():
            today.setdefault(f"{name}.{option}", body["levels"][0])
    for name, condition in case.get("conditions", {}).items():
        today.setdefault(name, condition["levels"][0])
    return {**case, "status_quo": today}
