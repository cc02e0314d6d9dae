"""What can be moved: parameters by actor, presets, levels to hold, and the present.

The panel is made of the case as it is stated. What a setting makes of it, a variant above all, goes
beside it as `setting_facts`, which the page's script paints, so that no control is ever replaced
under the reader's hands. Nothing here solves or compiles anything.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from detente.analysis import Citation, cited
from detente.case import Case, Labels, Parameter
from detente.errors import InputError
from detente.text import day, listed, precise, show, spaced
from detente.workbench._groups import SEVERAL, grouped
from detente.workbench._moved import Move, moves_of, present_words
from detente.workbench._present import check_start, recorded_levels
from detente.workbench._setting import Setting, plain_number
from detente.workbench._templates import render

_FEW = 20
"""Parameters that a panel has open from the start; with more, what nobody moved is closed."""
_FINE = 100
"""Steps over a range that a slider has at least."""


@dataclass(frozen=True)
class ParameterControl:
    """A parameter as it is stated, with the value it is moved to, if it is."""

    parameter: Parameter
    label: str
    title: str
    moved: str
    stated: str
    printed: str
    ends: tuple[str, str]
    digits: int
    choices: tuple[str, ...]
    drawn: str
    source: Citation


@dataclass(frozen=True)
class ParameterGroup:
    """The parameters of one actor, or of several."""

    title: str
    parameters: tuple[ParameterControl, ...]
    moved: int


@dataclass(frozen=True)
class LevelChoice:
    """An option or condition with its levels, the one it is held at, and today's."""

    name: str
    title: str
    levels: tuple[tuple[str, str], ...]
    held: str
    today: str
    stated: str


@dataclass(frozen=True)
class Preset:
    """A level of a variant, as a button."""

    key: str
    label: str
    reason: str
    chosen: bool


@dataclass(frozen=True)
class Controls:
    """All that the page lets move, and what is moved."""

    setting: Setting
    address: str
    groups: tuple[ParameterGroup, ...]
    presets: tuple[tuple[str, str, tuple[Preset, ...]], ...]
    levers: tuple[LevelChoice, ...]
    moves: tuple[Move, ...]
    start: str
    starting: str
    facts: str
    fits: bool
    problem: str
    folded: bool


def controls(setting: Setting, case: Case) -> Controls:
    """Return what can be moved in a case as its file has it, at a setting."""
    names = Labels(case)
    groups = []
    for whose, parameters in grouped(case).items():
        found = tuple(
            _parameter(case.parameters[name], whose, setting, case) for name in parameters
        )
        groups.append(ParameterGroup(whose, found, sum(bool(one.moved) for one in found)))
    stated = present_words(setting, case)
    levers = tuple(
        LevelChoice(
            name=name,
            title=names.variable(name),
            levels=tuple((level, spaced(level)) for level in variable.levels),
            held=setting.held.get(name, ""),
            today=setting.today.get(name, ""),
            stated=stated[name],
        )
        for name, variable in case.namespace.variables.items()
    )
    return Controls(
        setting=setting,
        address=setting.at(case).address(),
        groups=tuple(groups),
        presets=tuple(_presets(setting, case)),
        levers=levers,
        moves=moves_of(setting, case),
        start="" if case.start is None else day(case.start),
        starting=start_words(setting, case),
        facts=setting_facts(setting, case),
        fits=setting.fits(case),
        problem=problem_of(setting, case),
        folded=len(case.parameters) > _FEW,
    )


def panel(setting: Setting, case: Case) -> dict[str, str]:
    """Return the parts of the page that follow a setting without anything being solved, by id."""
    moves = moves_of(setting, case)
    fits, problem = setting.fits(case), problem_of(setting, case)
    address = setting.at(case).address()
    words = {"moves": moves, "fits": fits, "problem": problem, "address": address}
    return {
        "moved": render("moved.html.j2", **words),
        "drawer-words": drawer_words(len(moves)),
        "starting": render("words.html.j2", words=start_words(setting, case)),
        "facts": render("words.html.j2", words=setting_facts(setting, case)),
    }


def problem_of(setting: Setting, case: Case) -> str:
    """Say why a setting cannot be, and how to mend it; nothing where it can."""
    try:
        setting.apply(case)
    except InputError as error:
        return str(error)
    return ""


def drawer_words(moved: int) -> str:
    """Return the heading of the panel where it is narrow.

    Examples
    --------
    >>> drawer_words(2)
    'Assumptions, 2 moved'
    """
    return f"Assumptions, {moved} moved" if moved else "Assumptions"


def start_words(setting: Setting, case: Case) -> str:
    """Say where the levels of the day to start from come from, or why it cannot be that day."""
    if setting.start is None:
        return ""
    try:
        check_start(case, setting.start)
    except InputError as error:
        return str(error)
    known = recorded_levels(case, setting.start)
    if not known:
        return f"The record says nothing of {day(setting.start)}; today's levels are as stated."
    variables, names = case.namespace.variables, Labels(case)
    words = [f"{names.variable(n)} {spaced(variables[n].levels[k])}" for n, k in known.items()]
    rest = [names.variable(name) for name in variables if name not in known]
    found = f"On {day(setting.start)}, by the record: {'; '.join(words)}."
    return found + (f" As stated, as the record is silent: {listed(rest)}." if rest else "")


def setting_facts(setting: Setting, case: Case) -> str:
    """Return what the setting makes of stated values, ranges and levels, as JSON for the script."""
    today = present_words(setting, case)
    changed: dict[str, dict[str, Any]] = {}
    try:
        varied = case.variant(*setting.variants)
    except InputError:
        varied = case
    for name, one in varied.parameters.items():
        if one != case.parameters[name]:
            low, high = _ends(one)
            changed[name] = {
                "value": one.value, "low": one.low, "high": one.high, "ends": [low, high],
            }  # fmt: skip
    return json.dumps({"today": today, "parameters": changed})


def _parameter(parameter: Parameter, whose: str, setting: Setting, case: Case) -> ParameterControl:
    title = Labels(case).parameter(parameter.name)
    own = title.removeprefix(f"{whose}: ")
    moved = setting.parameters.get(parameter.name)
    source = case.sources.get(parameter.source)
    rest = "The analyst's judgement" if parameter.source == "judgement" else parameter.source
    return ParameterControl(
        parameter=parameter,
        label=own if whose != SEVERAL else title,
        title=title,
        moved="" if moved is None else plain_number(moved),
        stated=plain_number(parameter.value),
        printed=show(parameter.value if moved is None else moved, "fine"),
        ends=_ends(parameter),
        digits=_digits(parameter.low, parameter.high),
        choices=tuple(plain_number(one) for one in parameter.choices),
        drawn=_drawn(parameter),
        source=cited(source) if source else Citation("", rest),
    )


def _ends(parameter: Parameter) -> tuple[str, str]:
    return show(parameter.low, "fine"), show(parameter.high, "fine")


def _digits(low: float, high: float) -> int:
    """Return how many decimals a slider over a range moves by.

    Examples
    --------
    >>> _digits(0.3, 1.5), _digits(0, 0.004), _digits(0, 5000)
    (2, 5, -1)
    """
    return -math.floor(math.log10((high - low) / _FINE)) if high > low else 0


def _drawn(parameter: Parameter) -> str:
    """Say how a parameter is drawn.

    Examples
    --------
    >>> import detente
    >>> _drawn(detente.load("sanctions").parameters["sharpness"])
    'From 1.5 to 4, drawn so that ratios count alike (log-uniform).'
    """
    if parameter.distribution == "fixed":
        return "Fixed: draws do not vary it."
    if parameter.distribution == "choices":
        return f"One of {listed([precise(one) for one in parameter.choices])}, drawn alike often."
    low, high = _ends(parameter)
    match parameter.distribution:
        case "uniform":
            how = "alike often everywhere (uniform)"
        case "loguniform":
            how = "so that ratios count alike (log-uniform)"
        case "triangular":
            how = f"most often near {precise(parameter.mode)} (triangular)"
        case _:
            spread = precise(parameter.sd)
            how = f"around {precise(parameter.mode)} with standard deviation {spread} (normal)"
    return f"From {low} to {high}, drawn {how}."


def _presets(setting: Setting, case: Case) -> Iterator[tuple[str, str, tuple[Preset, ...]]]:
    for variant in case.variants:
        levels = []
        for level in variant.levels:
            label = f"{variant.name}.{level.name}"
            if not level.plain:
                chosen = label in setting.variants
                levels.append(Preset(label, spaced(level.name), level.reason, chosen))
        if levels:
            yield spaced(variant.name).capitalize(), variant.about, tuple(levels)
