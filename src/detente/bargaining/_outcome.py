"""What a model of bargaining says comes out on each issue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.bargaining._table import BargainingTable
from detente.text import Result, show, table
from detente.values import Floats, data_frame

_NOISE = 1e-9
"""Of a scale: what is smaller is rounding."""


def without_noise(numbers: Floats | float, size: Floats | float = 100.0) -> Floats:
    """Return numbers on scales of a size, with 0 for what only rounding keeps from it."""
    found: Floats = np.where(np.abs(numbers) < _NOISE * size, 0.0, numbers)
    return found


@dataclass(frozen=True, eq=False)
class BargainingOutcome(Result):
    """The outcome of each issue under one model.

    Attributes
    ----------
    model : str
    assumption : str
        What the model takes for granted, in one sentence.
    source : str
    table : BargainingTable
    outcome : ndarray, (issues,)
        On the scale of each issue; NaN where the model has none.
    note : str
        What a reader should know of this outcome, such as whose red lines it lies past; empty
        where there is nothing to say.
    """

    model: str
    assumption: str
    source: str
    table: BargainingTable
    outcome: Floats
    note: str = ""

    def __post_init__(self) -> None:
        outcome = without_noise(self.outcome, self.table.scale[:, 1] - self.table.scale[:, 0])
        object.__setattr__(self, "outcome", outcome)
        past = self.table.past_red_lines(self.outcome)
        if past not in self.note:
            object.__setattr__(self, "note", f"{self.note} {past}".lstrip())

    @property
    def losses(self) -> Floats:
        """What each actor loses, in salience times points of a scale of 100, (actors,)."""
        sizes = self.table.scale[:, 1] - self.table.scale[:, 0]
        return without_noise((self.table.loss(self.outcome) * 100 / sizes).sum(axis=1))

    def __str__(self) -> str:
        """Return the outcome issue by issue, and whom it leaves how far from what it wants."""
        rows = [[issue, show(value, "fine")] for issue, value in self._rows()]
        far = [
            [actor, show(loss, "fine")]
            for actor, loss in zip(self.table.actors, self.losses, strict=True)
        ]
        parts = [
            f"{self.model}: {self.assumption} ({self.source})",
            *table([["issue", "outcome"], *rows, ["actor", "loss"], *far], "< >"),
            self.note,
        ]
        return "\n".join(part for part in parts if part)

    def _rows(self) -> list[tuple[str, float]]:
        return list(zip(self.table.issues, map(float, self.outcome), strict=True))

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome ready for JSON."""
        return {
            "model": self.model,
            "assumption": self.assumption,
            "source": self.source,
            "outcome": dict(self._rows()),
            "loss": dict(zip(self.table.actors, self.losses.tolist(), strict=True)),
            "note": self.note,
        }

    def to_pandas(self) -> Any:
        """Return a row an issue."""
        return data_frame([{"issue": issue, "outcome": value} for issue, value in self._rows()])
