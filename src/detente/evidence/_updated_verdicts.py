"""The claims before and after the record: every answer over draws of the prior and the posterior.

The posterior's particles have one weight, so an even selection of them is a study like any other:
its verdicts stand beside those of a Latin hypercube of the stated ranges, with as many draws. Cost:
twice that many draws of a study.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from textwrap import fill
from typing import Any

import numpy as np

from detente.claims import Verdict, note_near_misses, starred
from detente.engine import Progress
from detente.errors import InputError
from detente.evidence._posterior import Posterior
from detente.study import Study, run_study
from detente.text import Result, show, table
from detente.values import data_frame


@dataclass(frozen=True, eq=False)
class UpdatedVerdicts(Result):
    """Verdicts on every asked claim, before and after the record.

    Attributes
    ----------
    prior, posterior : Study
        As many draws each.
    """

    prior: Study
    posterior: Study

    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each asked claim, in the order of the case.

        ``prior`` and ``posterior`` are 5 %, 50 % and 95 % of the draws' answers (None where there
        are none), ``moved`` the shift of the median as a share of the prior's 90 % range.
        """
        made = []
        pairs = zip(self.prior.verdicts(), self.posterior.verdicts(), strict=True)
        for before, after in pairs:
            width = before.most[1] - before.most[0]
            shift = after.median - before.median
            made.append(
                {
                    "claim": before.claim.id,
                    "says": before.claim.says,
                    "prior": _three(before),
                    "prior_word": before.word,
                    "prior_near": before.near,
                    "posterior": _three(after),
                    "posterior_word": after.word,
                    "posterior_near": after.near,
                    "moved": shift / width if width > 0.0 and math.isfinite(shift) else None,
                }
            )
        return made

    def __str__(self) -> str:
        """Return a table, at most 80 columns wide."""
        lines = [
            f"claims over {len(self.prior.completed)} draws of the stated ranges and "
            f"{len(self.posterior.completed)} of the posterior",
        ]
        rows = [["", "prior 5 %, 50, 95", "", "posterior"]]
        changed = []
        for row, before, after in zip(
            self.rows(), self.prior.verdicts(), self.posterior.verdicts(), strict=True
        ):
            old, new = f"  {starred(before)}", f"  {starred(after)}"
            cells = (_cells(row["prior"]), old, _cells(row["posterior"]), new)
            rows.append([row["claim"], *cells])
            if before.word != after.word:
                changed.append(before.claim.id)
        lines += table(rows, "<6 >21 <14 >21 <", "")
        notes = [f"another verdict than before: {', '.join(changed) or 'none'}"]
        for name, study in (("prior", self.prior), ("posterior", self.posterior)):
            note = note_near_misses(study.verdicts())
            notes += [f"{name}: {note}"] if note else []
        return "\n".join([*lines, *(fill(note, 80) for note in notes)])

    def to_dict(self) -> dict[str, Any]:
        """Return the rows and how many draws they are over, ready for JSON."""
        return {
            "prior_draws": len(self.prior.completed),
            "posterior_draws": len(self.posterior.completed),
            "claims": self.rows(),
        }

    def to_pandas(self) -> Any:
        """Return a row for each claim (needs pandas)."""
        return data_frame(self.rows()).set_index("claim")


def updated_verdicts(
    posterior: Posterior,
    draws: int = 400,
    workers: int | None = None,
    progress: Progress | None = None,
    *,
    processes: bool = False,
) -> UpdatedVerdicts:
    """Answer every claim over the prior and over the posterior.

    Parameters
    ----------
    posterior : Posterior
    draws : int
        Of each; no more than there are particles. Particles are taken evenly.
    workers : int, optional
        Threads or processes; all cores by default. Results do not depend on it.
    progress : callable, optional
        Called with (draws done, draws, draws failed); it runs through twice.
    processes : bool
        Work in processes of their own rather than in threads of this one.

    Raises
    ------
    InputError
        When there is no claim to answer, or when draws is below two.
    AnalysisError
        When every draw fails.

    Examples
    --------
    >>> import detente
    >>> from importlib.resources import files
    >>> from detente.evidence import sample_posterior
    >>> case = detente.load(files("detente.case") / "example.yaml").set(thirst=0.5, power=0.8)
    >>> found = sample_posterior(case, 20, rng=1)
    >>> [row["claim"] for row in updated_verdicts(found, draws=2).rows()][:2]
    ['D1', 'D2']

    See Also
    --------
    detente.evidence._posterior : Where the draws come from.
    """
    if draws < 2:
        raise InputError(f"draws is {draws}; give two or more")
    case = posterior.problem.case
    if not any(claim.ask is not None for claim in case.claims):
        raise InputError(f"{case.name} has no claim that is asked; give one an `ask`")
    count = min(draws, len(posterior))
    chosen = np.linspace(0, len(posterior) - 1, count).round().astype(np.int64)
    told: dict[str, Any] = {"workers": workers, "progress": progress, "processes": processes}
    before = run_study(case, count, posterior.seed, **told)
    given = replace(
        before.design, values=posterior.values[chosen], kind="given", shares=np.zeros((0, 0))
    )
    return UpdatedVerdicts(before, run_study(case, design=given, **told))


def _three(verdict: Verdict) -> list[float] | None:
    three = [verdict.most[0], verdict.median, verdict.most[1]]
    return None if any(math.isnan(x) for x in three) else three


def _cells(three: list[float] | None) -> str:
    if three is None:
        return "no answer"
    return "".join(f"{x:7.3f}" if abs(x) < 10 else f"{show(x, 'fine'):>7}" for x in three)
