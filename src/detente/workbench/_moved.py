"""What a setting moves, one by one and in words, with what takes each move back."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from detente.case import Case, Labels
from detente.text import day, precise, show, spaced
from detente.workbench._present import recorded_levels
from detente.workbench._setting import Setting


@dataclass(frozen=True)
class Move:
    """One thing that is moved.

    Attributes
    ----------
    key : str
        What stands in the address, ``set.pain``; for a variant with its value.
    words : str
    """

    key: str
    words: str


def moves_of(setting: Setting, case: Case) -> tuple[Move, ...]:
    """Return what a setting moves, in the order of its address.

    Names that the case does not have are listed too, so that they can be taken back.

    Examples
    --------
    >>> import detente
    >>> setting, _ = Setting.parse("case=sanctions&set.pain=2&do.sender.offer=small&during=0,2")
    >>> for move in moves_of(setting, detente.load("sanctions")):
    ...     print(move.words)
    pain 2 instead of 0.8, outside of its range 0.3 to 1.5
    Sender: offer held at small from year 0 to 2
    """
    names = Labels(case)
    found = [Move(f"variant={label}", _variant(label)) for label in setting.variants]
    for name, value in setting.parameters.items():
        found.append(Move(f"set.{name}", _parameter(name, value, case)))
    period = ""
    if setting.during is not None:
        begin, end = map(precise, setting.during)
        period = f" from year {begin} to {end}"
    known = "" if setting.announced else ", unknown to the actors"
    for name, level in setting.held.items():
        title = _variable(name, names)
        found.append(Move(f"do.{name}", f"{title} held at {spaced(level)}{period}{known}"))
    stated = present_words(setting, case)
    for name, level in setting.today.items():
        title = _variable(name, names)
        instead = f" instead of {stated[name]}" if name in stated else ""
        later = setting.during is not None and setting.during[0] > 0
        if setting.held.get(name, level) != level and not later:
            instead += ", but the hold wins from today on"
        found.append(Move(f"today.{name}", f"{title} {spaced(level)} today{instead}"))
    if setting.start is not None:
        instead = "" if case.start is None else f" instead of {day(case.start)}"
        found.append(Move("start", f"starting on {day(setting.start)}{instead}"))
    return tuple(found)


def without(setting: Setting, move: Move) -> Setting:
    """Return a setting with one move taken back.

    Examples
    --------
    >>> setting, _ = Setting.parse("case=sanctions&set.pain=2&do.sender.offer=small&during=0,2")
    >>> without(setting, Move("do.sender.offer", "")).address()
    'case=sanctions&set.pain=2'
    """
    pairs = parse_qsl(setting.address())
    others = [(key, value) for key, value in pairs if move.key not in (key, f"{key}={value}")]
    return Setting.parse(urlencode(others))[0]


def present_words(setting: Setting, case: Case) -> dict[str, str]:
    """Return today's levels in words as they are when none is moved by hand."""
    levels = dict(case.status_quo)
    if setting.start is not None:
        levels |= recorded_levels(case, setting.start)
    for variant in case.variants:
        for level in variant.levels:
            if f"{variant.name}.{level.name}" in setting.variants:
                levels |= level.do
    variables = case.namespace.variables
    return {name: spaced(variables[name].levels[k]) for name, k in levels.items()}


def _variant(label: str) -> str:
    variant, _, level = label.rpartition(".")
    return f"{spaced(variant)}: {spaced(level)}"


def _parameter(name: str, value: float, case: Case) -> str:
    instead = ""
    if name in case.parameters:
        one = case.parameters[name]
        low, high = show(one.low, "fine"), show(one.high, "fine")
        instead = f" instead of {show(one.value, 'fine')}"
        if one.low < one.high and not one.low <= value <= one.high:
            instead += f", outside of its range {low} to {high}"
    return f"{Labels(case).parameter(name)} {show(value, 'fine')}{instead}"


def _variable(name: str, names: Labels) -> str:
    known = name in names.case.namespace.variables
    return names.variable(name) if known else name
