"""What an analyst states beside the parameters: what goes together, and what may be otherwise.

A *correlation* ties two parameters; a *variant* tells apart cases that differ in structure: another
aim, an option or condition held, parameters in another range. Immutable values, as in
`detente.case._model`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detente.errors import InputError
from detente.expression import Formula
from detente.text import suggestion


@dataclass(frozen=True, slots=True)
class Correlation:
    """Two parameters that go together: ``rank`` is Spearman's coefficient between them."""

    between: tuple[str, str]
    rank: float
    reason: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class VariantLevel:
    """One of the cases that a variant tells apart.

    ``do`` holds options and conditions at a level index, for good; ``set`` gives parameters another
    (low, high), equal where the parameter is fixed; ``weights`` holds (actor, issue, weight) that
    replace or join what the actor weighs. ``share`` is the part of the draws that take this level.
    """

    name: str
    share: float
    do: Mapping[str, int]
    set: Mapping[str, tuple[float, float]]
    weights: tuple[tuple[str, str, Formula], ...]
    reason: str = ""
    source: str = ""

    @property
    def plain(self) -> bool:
        """Whether this level changes nothing."""
        return not (self.do or self.set or self.weights)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return {
            "name": self.name,
            "share": self.share,
            "do": dict(self.do),
            "set": {name: list(ends) for name, ends in self.set.items()},
            "weights": {f"{actor}.{issue}": f.text for actor, issue, f in self.weights},
            "reason": self.reason,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class Variant:
    """A choice between cases that differ in structure; the first level is the usual one.

    A variant that is not ``drawn`` is for comparison by name only: studies leave it alone.
    """

    name: str
    levels: tuple[VariantLevel, ...]
    drawn: bool = True
    about: str = ""

    def level(self, name: str) -> VariantLevel:
        """Return the level with this name."""
        levels = {level.name: level for level in self.levels}
        if name not in levels:
            hint = suggestion(str(name), levels, "level")
            raise InputError(f"variant {self.name} has no level {name!r}; {hint}")
        return levels[name]
