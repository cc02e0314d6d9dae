"""What a study found: answers by draw and claim, paths, failures, and verdicts out of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.case.model import Case, Claim
from detente.claims import Verdict, verdict
from detente.errors import InputError
from detente.study.design import Design
from detente.study.drivers import Driver, drivers

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Failure:
    """A draw without a result, or without an answer to one claim, and why."""

    draw: int
    reason: str
    claim: str = ""


@dataclass(frozen=True, eq=False)
class Study:
    """Answers to every asked claim over many draws; made by `detente.study.run_study`.

    Attributes
    ----------
    case : Case
    design : Design
        Parameter values of every draw.
    kept : ndarray of int, (done,)
        Numbers of the draws that were done.
    asked : tuple of Claim
    values, unguarded : ndarray, (done, claims)
        Answers as stated and without scope conditions; nan where a draw has none.
    times : ndarray, (points,)
        Years from the start.
    shares : ndarray, (done, points, levels of all axes)
        Probability of each level of each option and condition.
    issues : ndarray, (done, points, issues)
        Means.
    residual : float
        Largest over the draws.
    failures : tuple of Failure
    """

    case: Case
    design: Design
    kept: NDArray[np.int64]
    asked: tuple[Claim, ...]
    values: Floats
    unguarded: Floats
    times: Floats
    shares: Floats
    issues: Floats
    residual: float
    failures: tuple[Failure, ...]

    def verdicts(self) -> tuple[Verdict, ...]:
        """Return the verdict on every asked claim, in the order of the case."""
        return self._verdicts

    @cached_property
    def _verdicts(self) -> tuple[Verdict, ...]:
        return tuple(
            verdict(claim, self.values[:, k], self.unguarded[:, k])
            for k, claim in enumerate(self.asked)
        )

    def verdict(self, claim: str) -> Verdict:
        """Return the verdict on one claim, by id."""
        return self._verdicts[self._column(claim)]

    def drivers(self, claim: str) -> tuple[Driver, ...]:
        """Return which parameters move the answer to a claim, strongest first."""
        return drivers(
            self.design.names, self.design.values[self.kept], self.values[:, self._column(claim)]
        )

    def share(self, variable: str) -> Floats:
        """Return the probabilities of a variable's levels, (done, points, levels)."""
        first = 0
        for name, levels in self.variables.items():
            if name == variable:
                return self.shares[:, :, first : first + len(levels)]
            first += len(levels)
        raise InputError(
            f"there is no variable {variable!r}; there are {', '.join(self.variables)}"
        )

    @cached_property
    def variables(self) -> Mapping[str, tuple[str, ...]]:
        """Levels by option and condition, in the order of the tensor."""
        options = {o.full_name: o.levels for actor in self.case.actors for o in actor.options}
        return {**options, **{c.name: c.levels for c in self.case.conditions}}

    def _column(self, claim: str) -> int:
        ids = [asked.id for asked in self.asked]
        if claim not in ids:
            known = claim in {stated.id for stated in self.case.claims}
            what = f"{claim} is not asked" if known else f"there is no claim {claim!r}"
            raise InputError(f"{what}; asked are {', '.join(ids)}")
        return ids.index(claim)

    def __str__(self) -> str:
        """Return the verdicts, a line a claim."""
        failed = len({f.draw for f in self.failures if not f.claim})
        head = f"Study of {self.case.name}: {len(self.design)} draws, {failed} failed"
        return "\n".join([head, *(f"  {v}" for v in self._verdicts)])

    def to_dict(self) -> dict[str, Any]:
        """Return design, answers, verdicts and failures, ready for JSON."""
        return {
            "draws": len(self.design),
            "seed": self.design.seed,
            "parameters": {
                name: self.design.values[:, k].tolist() for k, name in enumerate(self.design.names)
            },
            "kept": self.kept.tolist(),
            "answers": {
                claim.id: [None if np.isnan(x) else float(x) for x in self.values[:, k]]
                for k, claim in enumerate(self.asked)
            },
            "verdicts": [v.to_dict() for v in self._verdicts],
            "residual": self.residual,
            "failures": [
                {"draw": f.draw, "claim": f.claim, "reason": f.reason} for f in self.failures
            ],
        }

    def to_pandas(self) -> Any:
        """Return parameters and answers by draw as a DataFrame (needs pandas)."""
        import pandas as pd

        parameters = self.design.values[self.kept]
        names = [*self.design.names, *(claim.id for claim in self.asked)]
        index = pd.Index(self.kept, name="draw")
        return pd.DataFrame(np.hstack([parameters, self.values]), columns=names, index=index)
