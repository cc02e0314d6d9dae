"""Conditions on draws, "leverage above 0.6": which draws meet them, and the verdicts over those.

A condition is on a parameter or a variant that varies, or on a claim's own answer. In an address it
stands as ``above.NAME=0.6``, ``below.NAME=0.9`` (with both: between) or, for a variant,
``is.NAME=LEVEL``. Cost: linear in draws times claims, 25 ms for 2,000 draws and 34 claims.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from detente.case import Case
from detente.claims import Verdict, judge_claim
from detente.errors import InputError
from detente.study import Study
from detente.text import precise, suggestion
from detente.values import Bools, Floats
from detente.workbench._setting import number_in

FEWEST = 5
"""Draws that must be left for a verdict."""
_SIGNS = ("above", "below", "is")


@dataclass(frozen=True, slots=True)
class DrawCondition:
    """What draws are to meet.

    Attributes
    ----------
    name : str
        A parameter, a variant or a claim.
    above, below : float, optional
        Values between which a draw must lie, ends included.
    level : str
        Of a variant; any where empty.
    """

    name: str
    above: float | None = None
    below: float | None = None
    level: str = ""

    @property
    def words(self) -> str:
        """The condition in words; empty where it leaves all draws."""
        ends = (("above", self.above), ("below", self.below))
        parts = [f"{sign} {precise(end)}" for sign, end in ends if end is not None]
        parts += [self.level] if self.level else []
        return f"{self.name} {' and '.join(parts)}" if parts else ""


def conditions_in(words: Mapping[str, str]) -> tuple[DrawCondition, ...]:
    """Return the conditions of an address, in its order; ``add`` and ``drop`` name one each.

    Raises
    ------
    InputError
        For a bound that is no number.

    Examples
    --------
    >>> [found.words for found in conditions_in({"above.pain": "0.6", "below.pain": "1"})]
    ['pain above 0.6 and below 1']
    """
    found: dict[str, dict[str, str]] = {}
    for key, value in words.items():
        sign, dot, name = key.partition(".")
        if dot and sign in _SIGNS:
            found.setdefault(name, {})[sign] = value
    if words.get("add"):
        found.setdefault(words["add"], {})
    found.pop(words.get("drop", ""), None)
    return tuple(
        DrawCondition(
            name, _bound("above", name, one), _bound("below", name, one), one.get("is", "")
        )
        for name, one in found.items()
    )


def _bound(sign: str, name: str, words: Mapping[str, str]) -> float | None:
    text = words.get(sign, "").strip()
    if not text:
        return None
    return number_in(f"{sign}.{name}", text)


def condition_names(case: Case, names: Iterable[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what conditions can be on, in groups, where ``names`` vary from draw to draw."""
    variants = {variant.name for variant in case.variants}
    varying = tuple(names)
    return (
        ("parameters", tuple(name for name in varying if name not in variants)),
        ("variants", tuple(name for name in varying if name in variants)),
        ("answers to claims", tuple(c.id for c in case.claims if c.ask is not None)),
    )


def values_in_draws(study: Study, name: str) -> Floats:
    """Return what a condition looks at, one number a completed draw; nan where there is none.

    Raises
    ------
    InputError
        For what does not vary and is not asked.
    """
    if name in study.design.names:
        column = study.design.names.index(name)
        return np.asarray(study.design.values[study.completed, column])
    asked = [claim.id for claim in study.asked]
    if name not in asked:
        known = [*study.design.names, *asked]
        raise InputError(f"{name} does not vary in these draws; {suggestion(name, known, 'name')}")
    return np.asarray(study.values[:, asked.index(name)])


def meeting(study: Study, condition: DrawCondition) -> Bools:
    """Return which completed draws meet a condition."""
    values = values_in_draws(study, condition.name)
    met = np.ones(len(values), dtype=bool)
    if condition.above is not None:
        met &= values >= condition.above
    if condition.below is not None:
        met &= values <= condition.below
    if condition.level:
        levels = study.design.levels.get(condition.name, ())
        if condition.level not in levels:
            hint = suggestion(condition.level, levels, "level")
            raise InputError(f"is.{condition.name}={condition.level}: {hint}")
        met &= values == levels.index(condition.level)
    return met


def verdicts_over(study: Study, left: Bools) -> tuple[Verdict, ...]:
    """Return the verdicts over some of the completed draws, as the study gives them over all."""
    values, unscoped = study.values[left], study.unscoped[left]
    return tuple(
        judge_claim(claim, values[:, k], unscoped[:, k]) for k, claim in enumerate(study.asked)
    )
