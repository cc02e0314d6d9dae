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

from detente.case import Arm, Case
from detente.claims import hold_in_claim
from detente.errors import InputError
from detente.model import World
from detente.text import precise, suggestion
from detente.workbench._present import check_possible, present

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
        # An address has twelve digits, and equal addresses must have equal answers.
        rounded = {name: _spelled(value) for name, value in self.parameters.items()}
        object.__setattr__(self, "parameters", MappingProxyType(rounded))
        if self.during is not None:
            object.__setattr__(self, "during", tuple(map(_spelled, self.during)))
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
            What stands behind the question mark. Empty values, as a form sends them, say nothing.

        Returns
        -------
        Setting, dict of str to str
            What an address says of one thing more than once stands in lines.

        Raises
        ------
        InputError
            For what no page could have written.
        """
        found, during, rest = cls(""), list[str](), dict[str, str]()
        for key, value in parse_qsl(query, keep_blank_values=True):
            head, dot, name = key.partition(".")
            if dot and head in {"set", "do", "today"}:
                found = found._moving(key, head, name, value.strip())
            elif key == "during":
                during += value.replace(",", " ").split()
            elif not dot:
                found = found._with(key, value, rest)
            else:
                _also(rest, key, value)
        return replace(found, during=_period(during)), rest

    def _moving(self, key: str, head: str, name: str, value: str) -> Setting:
        if not value:
            return self
        if head == "set":
            return replace(self, parameters={**self.parameters, name: number_in(key, value)})
        if head == "do":
            return replace(self, held={**self.held, name: value})
        return replace(self, today={**self.today, name: value})

    def _with(self, key: str, value: str, rest: dict[str, str]) -> Setting:
        match key:
            case "case":
                return replace(self, case=value)
            case "at":
                return replace(self, sha=value)
            case "variant":
                return replace(self, variants=(*self.variants, *value.split()))
            case "announced":
                return replace(self, announced=value != "no")
            case "start":
                return replace(self, start=_day(value) if value else None)
        _also(rest, key, value)
        return self

    def address(self) -> str:
        """Return the setting as what stands behind the question mark of an address."""
        pairs = [("case", self.case), ("at", self.sha)]
        pairs += [("variant", name) for name in self.variants]
        pairs += [(f"set.{name}", plain_number(value)) for name, value in self.parameters.items()]
        pairs += [(f"do.{name}", level) for name, level in self.held.items()]
        if self.held:
            pairs.append(("announced", "" if self.announced else "no"))
            if self.during is not None:
                pairs.append(("during", ",".join(map(plain_number, self.during))))
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
        held = self.levels(case)
        changed = present(changed, levels_in(case, self.today, "today"), self.start)
        begin = 0.0 if self.during is None else self.during[0]
        if self.today or self.start or held:
            check_possible(changed, {} if begin else held)
        if self.during is None:
            claims = tuple(hold_in_claim(one, held, self.announced) for one in changed.claims)
            return replace(changed, claims=claims)
        if not 0 <= begin < self.during[1]:
            years = " to ".join(map(plain_number, self.during))
            raise InputError(
                f"the hold runs from year {years}; give the year in which it begins, 0 for today, "
                "and a later one in which it ends"
            )
        return changed

    def levels(self, case: Case) -> dict[str, int]:
        """Return what is held, as level indices."""
        return levels_in(case, self.held, "do")

    def world(self, case: Case) -> World:
        """Return the world of what is held for the whole period.

        Raises
        ------
        InputError
            Where it is held for a part of the period, which is no world of its own.
        """
        if self.held and self.during is not None:
            raise InputError(
                "a hold for a part of the period answers claims only; hold for the whole period "
                "to see this"
            )
        return World.of(Arm(do=self.levels(case), announced=self.announced))


def _also(words: dict[str, str], key: str, value: str) -> None:
    words[key] = f"{words[key]}\n{value}" if key in words else value


def plain_number(value: float) -> str:
    """Return a number as an address, a command and a field have it: with a plain minus.

    Examples
    --------
    >>> plain_number(-0.25)
    '-0.25'
    """
    return precise(value).replace("\N{MINUS SIGN}", "-")


def _spelled(value: float) -> float:
    return float(plain_number(value)) + 0.0  # minus zero is zero


def number_in(key: str, text: str) -> float:
    """Return a number that stands in an address (`InputError` else)."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"{key}={text} in the address is not a number; take it out or give one")
    return number


def _period(years: list[str]) -> tuple[float, float] | None:
    if not years:
        return None
    if len(years) != 2:
        raise InputError(
            f"during={','.join(years)} in the address is not a period; write the years in which "
            "it begins and ends, as during=0,2"
        )
    return number_in("during", years[0]), number_in("during", years[1])


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"start={text} in the address is not a day; write it as 2021-03-01"
        ) from None


def levels_in(case: Case, words: Mapping[str, str], key: str) -> dict[str, int]:
    """Return levels as indices; ``key`` is what the address calls them (`InputError` else)."""
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
