"""The JSON of a `.gmcr` file, checked: everything wrong is reported with its place and a remedy."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from detente.errors import InputError
from detente.interop._case_text import check_text, refuse_hidden
from detente.interop._cubes import Cube

MOST_OPTIONS = 60

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_KNOWN = {
    "file": {"options", "decisionMakers", "infeasibles", "coalitions", "useManualPreferenceRanking",
             "useManualPreferenceVectors"},
    "option": {"name", "permittedDirection"},
    "maker": {"name", "options", "preferences", "misperceptions", "preferenceRanking",
              "preferenceVector"},
}  # fmt: skip
"""The keys that say something of a conflict; what stands under any other becomes a note."""

Condition = Sequence[Cube]
"""Holds where one of its cubes does."""


@dataclass(frozen=True, slots=True)
class GmcrOption:
    """A yes-no option; ``direction`` is fwd (only no to yes), back or both."""

    name: str
    direction: str


@dataclass(frozen=True, slots=True)
class Maker:
    """A decision maker; ``ranking`` has the place and the states of each rank, best first.

    ``unused`` is the preference that the file states too and says not to use, by its key.
    """

    place: str
    name: str
    options: tuple[int, ...]
    preferences: tuple[Condition, ...]
    ranking: tuple[tuple[str, tuple[int | str, ...]], ...] | None
    unused: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class GmcrFile:
    """A whole file."""

    name: str
    options: tuple[GmcrOption, ...]
    makers: tuple[Maker, ...]
    infeasible: tuple[Condition, ...]
    notes: Mapping[str, str]
    """What it says besides, by where."""


def parse(text: str, name: str) -> GmcrFile:
    """Read the text of a `.gmcr` file.

    Parameters
    ----------
    name : str
        The name of the file, for messages.

    Raises
    ------
    InputError
        At the first thing that is wrong.
    """
    check_text(text, name)
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(
            f"{name}:{error.lineno}:{error.colno}: this is not JSON ({error.msg}); "
            "save the file again from the program that made it"
        ) from None
    except (RecursionError, ValueError):
        raise InputError(
            f"{name}: this JSON cannot be read; save the file again from the program that made it"
        ) from None
    for written in _STRING.finditer(text):
        if "\\" in written[0]:
            spelt = json.loads(written[0], strict=False)
            refuse_hidden(spelt, written.start(), text, name, ", written as an escape")
    reader = _Reader(name)
    top = reader.mapping(data, "the file")
    options = reader.options(reader.field(top, "options", name))
    infeasible = tuple(
        reader.condition(rule, f"{name}: infeasibles[{k}]", len(options))
        for k, rule in enumerate(reader.listed(top.get("infeasibles", []), f"{name}: infeasibles"))
    )
    makers = reader.makers(top, len(options))
    reader.alone(top.get("coalitions", []), makers)
    owner: dict[int, str] = {}
    for maker in makers:
        for k in maker.options:
            if k in owner:
                raise InputError(
                    f"{maker.place}: option {k} ({options[k].name}) already belongs to "
                    f"{owner[k]}; give each option to one decision maker"
                )
            owner[k] = maker.name
    free = [k for k in range(len(options)) if k not in owner]
    if free:
        raise InputError(
            f"{name}: options[{free[0]}] ({options[free[0]].name}) belongs to no decision maker; "
            "give it to one or take it out"
        )
    return GmcrFile(name, options, makers, infeasible, dict(_notes(top, makers)))


def _notes(top: dict[str, Any], makers: Sequence[Maker]) -> Iterator[tuple[str, str]]:
    """Yield what a case has no place for, so that nothing of a file is lost without a word."""
    parts = [("", "file", top)]
    parts += [(f"options[{k}].", "option", item) for k, item in enumerate(top["options"])]
    parts += [(f"decisionMakers[{k}].", "maker", m) for k, m in enumerate(top["decisionMakers"])]
    for place, kind, part in parts:
        yield from (
            (place + key, _said(value)) for key, value in part.items() if key not in _KNOWN[kind]
        )
    for k, maker in enumerate(makers):
        for key, value in maker.unused.items():
            yield f"decisionMakers[{k}].{key}, not used", _said(value)
    alone = [member for item in top.get("coalitions", []) for member in _listed(item)]
    if alone and sorted(alone) != list(range(len(makers))):
        yield "coalitions", _said(alone)


def _listed(item: Any) -> list[Any]:
    return item if isinstance(item, list) else [item]


def _said(value: Any) -> str:
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class _Reader:
    name: str

    def field(self, value: dict[str, Any], key: str, place: str) -> Any:
        if key not in value:
            raise InputError(f"{place}: the key {key!r} is missing; add it")
        return value[key]

    def mapping(self, value: Any, place: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise InputError(f"{self.name}: {place} is not an object; write {{...}} with its keys")
        return value

    def listed(self, value: Any, place: str) -> list[Any]:
        if not isinstance(value, list):
            raise InputError(f"{place} is not a list; write [...]")
        return value

    def text(self, value: Any, place: str) -> str:
        if not isinstance(value, str):
            raise InputError(f"{place} is not text; write it in quotation marks")
        return value

    def number(self, value: Any, place: str, count: int, what: str = "option") -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < count:
            raise InputError(
                f"{place} is not the number of a known {what}; {what}s are 0 to {count - 1}"
            )
        return value

    def options(self, value: Any) -> tuple[GmcrOption, ...]:
        listed = self.listed(value, f"{self.name}: options")
        if not 0 < len(listed) <= MOST_OPTIONS:
            raise InputError(
                f"{self.name}: options has {len(listed)} entries; give 1 to {MOST_OPTIONS}"
            )
        found = []
        for k, item in enumerate(listed):
            place = f"{self.name}: options[{k}]"
            option = self.mapping(item, f"options[{k}]")
            name = self.text(self.field(option, "name", place), f"{place}: name")
            direction = option.get("permittedDirection", "both")
            if direction not in ("fwd", "back", "both"):
                raise InputError(f"{place}: permittedDirection must be fwd, back or both; fix it")
            found.append(GmcrOption(name, direction))
        return tuple(found)

    def makers(self, top: dict[str, Any], count: int) -> tuple[Maker, ...]:
        place = f"{self.name}: decisionMakers"
        listed = self.listed(self.field(top, "decisionMakers", self.name), place)
        if not listed:
            raise InputError(f"{place} is empty; give at least one decision maker")
        manual = top.get("useManualPreferenceRanking", top.get("useManualPreferenceVectors"))
        if manual is not None and not isinstance(manual, bool):
            raise InputError(f"{self.name}: useManualPreferenceRanking must be true or false")
        return tuple(
            self.maker(self.mapping(item, f"decisionMakers[{k}]"), f"{place}[{k}]", count, manual)
            for k, item in enumerate(listed)
        )

    def alone(self, value: Any, makers: Sequence[Maker]) -> None:
        """Refuse coalitions: what a program that knows them says of the file is of another game."""
        for k, item in enumerate(self.listed(value, f"{self.name}: coalitions")):
            place = f"{self.name}: coalitions[{k}]"
            members = _listed(item)
            names = [makers[self.number(m, place, len(makers), "decision maker")] for m in members]
            if len(names) > 1:
                together = " and ".join(maker.name[:40] for maker in names)
                numbers = ", ".join(map(str, members))
                raise InputError(
                    f"{place} joins {together} into one player, which a case cannot say; replace "
                    f"[{numbers}] by {numbers}, and `detente stability CASE --coalitions` says "
                    "where they would move together"
                )

    def maker(self, item: dict[str, Any], place: str, count: int, manual: bool | None) -> Maker:
        name = self.text(self.field(item, "name", place), f"{place}: name")
        place = f"{place} ({name[:40]})"
        own = tuple(
            self.number(k, f"{place}: options[{at}]", count)
            for at, k in enumerate(
                self.listed(self.field(item, "options", place), f"{place}: options")
            )
        )
        if not own:
            raise InputError(f"{place} has no option; give it one or take it out")
        if item.get("misperceptions"):
            raise InputError(
                f"{place} misperceives states, which a case cannot say; empty its misperceptions"
            )
        stated = item.get("preferences", [])
        preferences = tuple(
            self.condition(condition, f"{place}: preferences[{k}]", count)
            for k, condition in enumerate(self.listed(stated, f"{place}: preferences"))
        )
        key = "preferenceRanking" if "preferenceRanking" in item else "preferenceVector"
        wanted = manual if manual is not None else key in item and not preferences
        if not wanted:
            unused = {key: item[key]} if item.get(key) else {}
            return Maker(place, name, own, preferences, None, unused)
        listed = self.listed(self.field(item, key, place), f"{place}: {key}")
        ranking = tuple(
            (f"{place}: {key}[{k}]", self.rank(states, f"{place}: {key}[{k}]"))
            for k, states in enumerate(listed)
        )
        unused = {"preferences": stated} if stated else {}
        return Maker(place, name, own, preferences, ranking, unused)

    def rank(self, value: Any, place: str) -> tuple[int | str, ...]:
        states = value if isinstance(value, list) else [value]
        for state in states:
            whole = isinstance(state, int) and not isinstance(state, bool)
            if not whole and not (isinstance(state, str) and set(state) <= {"Y", "N"}):
                raise InputError(
                    f"{place} holds something that is not a state; give its number, or a string "
                    "of Y and N, one for each option"
                )
        return tuple(states)

    def condition(self, value: Any, place: str, count: int) -> Condition:
        if isinstance(value, dict):
            members = self.listed(self.field(value, "members", place), f"{place}: members")
            if not members:
                raise InputError(f"{place}: members is empty; give a condition or take it out")
            return [
                self.cube(member, f"{place}: members[{k}]", count)
                for k, member in enumerate(members)
            ]
        return [self.cube(value, place, count)]

    def cube(self, value: Any, place: str, count: int) -> Cube:
        cube: Cube = {}
        for k, pair in enumerate(self.listed(value, place)):
            if not isinstance(pair, list) or len(pair) != 2 or pair[1] not in ("Y", "N"):
                raise InputError(f'{place}[{k}] must be [number of an option, "Y" or "N"]; fix it')
            option = self.number(pair[0], f"{place}[{k}]", count)
            level = int(pair[1] == "Y")
            if cube.get(option, level) != level:
                raise InputError(f"{place} has option {option} both Y and N; take one out")
            cube[option] = level
        if not cube:
            raise InputError(f"{place} names no option; name one or take the condition out")
        return cube
