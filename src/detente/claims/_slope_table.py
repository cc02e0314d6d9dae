"""The slopes of some answers by some parameters, as a table that prints itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.text import Result, show, table
from detente.values import Floats, data_frame, plain, plain_fields

_STEEPEST = 3


@dataclass(frozen=True, eq=False)
class ClaimSlopes(Result):
    """How fast the answers of claims and to queries move with the parameters, at one point.

    Attributes
    ----------
    claims, parameters : tuple of str
        A query stands among the claims with its text.
    at : ndarray, (parameters,)
        The values of the parameters.
    value : ndarray, (claims,)
        The answers there.
    slope : ndarray, (claims, parameters)
        Change of the answer by unit of the parameter; nan where there is none.
    why_not : mapping of str to str
        Why a claim has no slopes, by its id.
    """

    claims: tuple[str, ...]
    parameters: tuple[str, ...]
    at: Floats
    value: Floats
    slope: Floats
    why_not: Mapping[str, str]

    @property
    def elasticity(self) -> Floats:
        """Change of the answer in per cent by per cent of the parameter; nan where it is 0."""
        with np.errstate(all="ignore"):
            found = self.slope * self.at / self.value[:, None]
        return np.where(np.isfinite(found), found, np.nan)

    def of(self, claim: str) -> dict[str, float]:
        """Return the slopes of one claim by parameter, the largest change by per cent first."""
        row = self.slope[self.claims.index(claim)]
        size = np.where(np.isnan(row), -1.0, np.abs(row * self.at))
        return {self.parameters[k]: float(row[k]) for k in np.argsort(-size, kind="stable")}

    def __str__(self) -> str:
        """Return a line for each claim: its answer and where it is steepest."""
        rows = [["", "answer", "changes most by 1 % of"]]
        for claim, value in zip(self.claims, self.value.tolist(), strict=True):
            rows.append([claim, show(value, "fine"), self._steepest(claim)])
        return "\n".join(table(rows, "< > <"))

    def _steepest(self, claim: str) -> str:
        if claim in self.why_not:
            return self.why_not[claim]
        at = dict(zip(self.parameters, self.at.tolist(), strict=True))
        moves = {name: 0.01 * at[name] * slope for name, slope in self.of(claim).items()}
        words = [f"{n} {show(move, 'signed')}" for n, move in moves.items() if abs(move) > 1e-9]
        bends = [name for name, move in moves.items() if np.isnan(move)]
        none = f"; no slope by {', '.join(bends)}, which stands at an edge" if bends else ""
        return (", ".join(words[:_STEEPEST]) or "nothing") + none

    def to_dict(self) -> dict[str, Any]:
        """Return the table, ready for JSON; None where there is no slope."""
        rows = {
            claim: {
                "answer": plain(self.value[k]),
                "slopes": dict(zip(self.parameters, map(plain, self.slope[k]), strict=True)),
            }
            for k, claim in enumerate(self.claims)
        }
        at = dict(zip(self.parameters, map(plain, self.at), strict=True))
        return {"at": at, "claims": rows, **plain_fields(self, "why_not")}

    def to_pandas(self) -> Any:
        """Return one row for each claim and parameter (needs pandas)."""
        count = len(self.parameters)
        return data_frame(
            {
                "claim": np.repeat(self.claims, count),
                "parameter": np.tile(self.parameters, len(self.claims)),
                "answer": np.repeat(self.value, count),
                "slope": self.slope.reshape(-1),
                "elasticity": self.elasticity.reshape(-1),
            }
        )
