"""What one page is about: a case, and everything that the reader has moved away from it.

A setting is a value. It is written as an address, ``case=peninsula&set.leverage=0.7``, in one order
and one spelling, so that equal settings have equal addresses: a link is all it takes to share one,
and the browser's Back and Forward undo and redo. What was moved is stored, never found by comparing
numbers: a parameter moved back to its stated value by hand is still a parameter that is set.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from urllib.parse import parse_qsl, quote

import numpy as np

from detente.case import Arm, Case, Claim
from detente.errors import InputError
from detente.model import World
from detente.text import precise, suggestion

_SHA = 12
"""Hex digits of a case's hash that an address carries."""


def _frozen(pairs: Mapping[str, object]) -> Mapping[str, object]:
    return MappingProxyType(dict(sorted(pairs.items())))


@dataclass(frozen=True)
class Setting:
    """A case with what was moved.

    Attributes
    ----------
    case : str
        The name of a built-in case, or a path inside of the folder that is served.
    sha : str
        The first digits of the hash of the case that the numbers were seen with, or nothing.
    variants : tuple of str
        Each as ``variant.level``.
    parameters : mapping of str to float
        Those that were moved.
    held : mapping of str to str
        Options and conditions held at a level.
    announced : bool
        Whether the actors know of what is held.
    during : (float, float), optional
        Years at which the hold begins and ends; the whole period without it.
    today : mapping of str to str
        Levels at which the present differs from the case's status quo.
    start : date, optional
        The day on which the clock starts.

    Examples
    --------
    >>> setting, rest = Setting.parse("case=chicken&set.nerve=4&view=claims")
    >>> setting.parameters["nerve"], rest
    (4.0, {'view': 'claims'})
    >>> setting.address()
    'case=chicken&set.nerve=4'
    """

    case: str
    sha: str = ""
    variants: tuple[str, ...] = ()
    parameters: Mapping[str, float] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    announced: bool = True
    during: tuple[float, float] | None = None
    today: Mapping[str, str] = field(default_factory=dict)
    start: dt.date | None = None

    def __post_init__(self) -> None:
        for name in ("parameters", "held", "today"):
            object.__setattr__(self, name, _frozen(getattr(self, name)))
        object.__setattr__(self, "variants", tuple(sorted(self.variants)))

    def __hash__(self) -> int:
        """Return the hash of the address."""
        return hash(self.address())

    @classmethod
    def parse(cls, query: str) -> tuple[Setting, dict[str, str]]:
        """Read an address, and return the setting and what in it belongs to a view.

        Parameters
        ----------
        query : str
            What stands behind the question mark.

        Raises
        ------
        InputError
            For what no page could have written.
        """
        found, rest = cls(""), dict[str, str]()
        for key, value in parse_qsl(query, keep_blank_values=True):
            head, dot, name = key.partition(".")
            if not dot:
                found = found._with(key, value, rest)
            elif head == "set":
                found = replace(found, parameters={**found.parameters, name: _number(key, value)})
            elif head == "do":
                found = replace(found, held={**found.held, name: value})
            elif head == "today":
                found = replace(found, today={**found.today, name: value})
            else:
                rest[key] = value
        return found, rest

    def _with(self, key: str, value: str, rest: dict[str, str]) -> Setting:
        match key:
            case "case":
                return replace(self, case=value)
            case "at":
                return replace(self, sha=value)
            case "variant":
                return replace(self, variants=(*self.variants, value))
            case "announced":
                return replace(self, announced=value != "no")
            case "during":
                begin, _, end = value.partition(",")
                return replace(self, during=(_number(key, begin), _number(key, end)))
            case "start":
                return replace(self, start=_day(value))
        rest[key] = value
        return self

    def address(self) -> str:
        """Return the setting as what stands behind the question mark of an address."""
        pairs = [("case", self.case), ("at", self.sha)]
        pairs += [("variant", name) for name in self.variants]
        pairs += [(f"set.{name}", _plain(value)) for name, value in self.parameters.items()]
        pairs += [(f"do.{name}", level) for name, level in self.held.items()]
        if self.held:
            pairs.append(("announced", "" if self.announced else "no"))
            if self.during is not None:
                pairs.append(("during", ",".join(map(_plain, self.during))))
        pairs += [(f"today.{name}", level) for name, level in self.today.items()]
        pairs.append(("start", "" if self.start is None else self.start.isoformat()))
        return "&".join(
            f"{quote(key, safe='.')}={quote(value, safe='.,/')}" for key, value in pairs if value
        )

    @property
    def moved(self) -> int:
        """How many things are moved."""
        own = (self.variants, self.parameters, self.held, self.today)
        return sum(map(len, own)) + (self.start is not None)

    def at(self, case: Case) -> Setting:
        """Return the setting with the hash of a case."""
        return replace(self, sha=case.sha256[:_SHA])

    def fits(self, case: Case) -> bool:
        """Whether the case is the one that the address was written for."""
        return not self.sha or case.sha256.startswith(self.sha)

    def apply(self, case: Case) -> Case:
        """Return the case as this setting has it.

        Variants and parameters go into the case, as does today's state; what is held goes into the
        questions of its claims, beside what a claim holds itself, which wins.

        Raises
        ------
        InputError
            For a name or level that the case does not have, or a present that cannot be.
        """
        changed = case.variant(*self.variants).set(self.parameters)
        today = _levels(case, self.today, "today")
        if today:
            changed = replace(changed, status_quo={**changed.status_quo, **today})
            _check_feasible(changed)
        if self.start is not None:
            changed = replace(changed, start=self.start)
        held = _levels(case, self.held, "do")
        if held:
            claims = tuple(_holding(claim, held, self.announced) for claim in changed.claims)
            changed = replace(changed, claims=claims)
        return changed

    def world(self, case: Case) -> World:
        """Return the world of what is held."""
        return World.of(Arm(do=_levels(case, self.held, "do"), announced=self.announced))


def _plain(value: float) -> str:
    return precise(value).replace("\N{MINUS SIGN}", "-")


def _number(key: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"{key}={text} in the address is not a number; take it out or give one")
    return number


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"start={text} in the address is not a day; write it as 2021-03-01"
        ) from None


def _levels(case: Case, words: Mapping[str, str], key: str) -> dict[str, int]:
    variables = case.namespace.variables
    found = {}
    for name, word in words.items():
        if name not in variables:
            hint = suggestion(name, variables, "option or condition")
            raise InputError(f"{key}.{name}: {case.name} has no {name!r}; {hint}")
        levels = variables[name].levels
        if word not in levels:
            raise InputError(f"{key}.{name}={word}: {suggestion(word, levels, 'level')}")
        found[name] = levels.index(word)
    return found


def _check_feasible(case: Case) -> None:
    values = {name: parameter.value for name, parameter in case.parameters.items()}
    if any(
        np.any(rule.formula.evaluate({**values, **case.status_quo})) for rule in case.infeasible
    ):
        levels = ", ".join(
            f"{name} {case.namespace.variables[name].levels[k]}"
            for name, k in case.status_quo.items()
        )
        raise InputError(f"the case rules out that today is {levels}; choose another level")


def _holding(claim: Claim, held: Mapping[str, int], announced: bool) -> Claim:
    if claim.ask is None:
        return claim

    def also(arm: Arm) -> Arm:
        own = arm.announced if arm.do else announced
        return replace(arm, do={**held, **(arm.do or {})}, announced=own)

    versus = None if claim.versus is None else also(claim.versus)
    return replace(claim, ask=replace(claim.ask, arm=also(claim.ask.arm)), versus=versus)
