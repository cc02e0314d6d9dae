"""How models of bargaining did on issues that were settled, beside baselines that know nothing.

A model's error on an issue is the distance of its outcome from what came out, in per cent of the
issue's scale; its score is the mean (Thomson and others 2006; Arregui and Perarnaud 2021). Issues
of one proposal go together, so a difference of two models is resampled by proposal: 95 % of 2,000
bootstrap samples. Issues whose parties stand on two positions only stand apart, as no average can
be right there; so do the later proposals, which nothing was chosen on. Cost: the models, and one
matrix product a comparison.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.bargaining import (
    BargainingOutcome,
    BargainingTable,
    SettledProposal,
    challenge,
    compromise,
    exchange,
    most_weight,
    plain_mean,
    weighted_median,
)
from detente.engine import Seed, generator_of
from detente.errors import InputError
from detente.text import Result, plural, show, table
from detente.values import Bools, Floats, data_frame, plain_fields

BASELINE = "mean"
"""What every model is compared with."""
_RESAMPLES = 2000

Models = Mapping[str, Callable[[BargainingTable], BargainingOutcome]]

MODELS: Models = {
    "compromise": compromise,
    BASELINE: plain_mean,
    "median": weighted_median,
    "mode": most_weight,
    "exchange": lambda table: exchange(table).outcome,
    "challenge": lambda table: challenge(table).outcome,
    "challenge by issue": lambda table: challenge(table, by_issue=True).outcome,
}
"""The models that need no reference point."""


@dataclass(frozen=True)
class BargainingScore:
    """How one model did on the issues that it has an outcome for.

    Attributes
    ----------
    model : str
    issues : int
    error : float
        Mean distance from what came out, in per cent of the scale.
    standard_error : float
    two_valued, other : float
        The same over the issues whose parties stand on two positions, and over the rest.
    earlier, later : float
        The same before the split, and from it on.
    against_mean : pair of float
        95 % range of its error less that of the plain mean, on the same issues.
    """

    model: str
    issues: int
    error: float
    standard_error: float
    two_valued: float
    other: float
    earlier: float
    later: float
    against_mean: tuple[float, float]

    @property
    def verdict(self) -> str:
        """Whether it beats the plain mean: ``beats it``, ``within chance``, ``loses to it``."""
        low, high = self.against_mean
        if self.model == BASELINE:
            return "is the baseline"
        return "beats it" if high < 0 else "loses to it" if low > 0 else "within chance"


@dataclass(frozen=True, eq=False)
class BargainingScores(Result):
    """Scores of models of bargaining over settled proposals, least error first.

    Attributes
    ----------
    proposals, issues : int
        Those with a known outcome.
    split : date or None
        First day of the later proposals.
    rows : tuple of BargainingScore
    """

    proposals: int
    issues: int
    split: datetime.date | None
    rows: tuple[BargainingScore, ...]

    def __str__(self) -> str:
        """Return a row a model, and what beats the plain mean."""
        head = ["", "issues", "error", "s.e.", "two-valued", "other", "earlier", "later", "vs mean"]
        rows = [
            [
                row.model,
                row.issues,
                *(
                    show(value, "fine")
                    for value in (
                        row.error, row.standard_error, row.two_valued, row.other, row.earlier,
                        row.later,
                    )
                ),
                row.verdict,
            ]
            for row in self.rows
        ]  # fmt: skip
        size = f"{plural(self.issues, 'issue')} of {plural(self.proposals, 'proposal')}"
        said = f"{size}; error: mean distance in per cent of the scale"
        if self.split is not None:
            said += f"; later: from {self.split}"
        return "\n".join([said, *table([head, *rows], "< > > > > > > > <")])

    def to_dict(self) -> dict[str, Any]:
        """Return all scores ready for JSON."""
        rows = [{**plain_fields(row), "verdict": row.verdict} for row in self.rows]
        return {**plain_fields(self), "rows": rows}

    def to_pandas(self) -> Any:
        """Return a row a model."""
        return data_frame([plain_fields(row) for row in self.rows])


def score_bargaining(
    proposals: Sequence[SettledProposal],
    split: datetime.date | None = None,
    models: Models = MODELS,
    rng: Seed = 1,
) -> BargainingScores:
    """Score models of bargaining on settled proposals.

    Parameters
    ----------
    proposals : sequence of SettledProposal
    split : date, optional
        First day of the later proposals; the middle of those that have a day by default.
    models : mapping of str to callable
        The plain mean must be among them. Two baselines come by themselves: the middle of the
        scale and the reference point.
    rng : int or Generator
        Of the bootstrap.

    Examples
    --------
    >>> from detente.bargaining import SettledProposal, bargaining_table
    >>> cells = {"cut": {"a": (100, 1, 3), "b": (0, 1, 1)}}
    >>> done = [SettledProposal(f"d{k}", None, bargaining_table(cells), (70.0,)) for k in range(4)]
    >>> [(row.model, round(row.error)) for row in score_bargaining(done).rows][:2]
    [('compromise', 5), ('exchange', 5)]
    """
    known = [p for p in proposals if any(value is not None for value in p.outcome)]
    if not known:
        raise InputError("no proposal with a known outcome; give the column of outcomes")
    if BASELINE not in models:
        raise InputError(
            "the plain mean is not among the models; it is what they are compared with"
        )
    days = sorted(p.introduced for p in known if p.introduced is not None)
    if split is None and days:
        split = days[len(days) // 2]
    place, two, late, errors = _errors(known, split, models)
    resampled = _resample(len(known), rng)
    rows = []
    for name, error in errors.items():
        there = ~np.isnan(error)
        if there.any():
            rows.append(_score(name, error, errors[BASELINE], there, place, two, late, resampled))
    rows.sort(key=lambda row: row.error)
    return BargainingScores(len(known), len(place), split, tuple(rows))


def _errors(
    known: Sequence[SettledProposal], split: datetime.date | None, models: Models
) -> tuple[Any, Bools, Floats, dict[str, Floats]]:
    """Return by issue its proposal, whether two-valued, whether late, and errors by model."""
    place: list[int] = []
    two: list[bool] = []
    late: list[float] = []
    errors: dict[str, list[float]] = {name: [] for name in (*models, "middle", "reference point")}
    for number, proposal in enumerate(known):
        board = proposal.table
        sizes = board.scale[:, 1] - board.scale[:, 0]
        found = {name: model(board).outcome for name, model in models.items()}
        found["middle"] = board.scale.mean(axis=1)
        found["reference point"] = board.reference
        for k, value in enumerate(proposal.outcome):
            if value is None:
                continue
            place.append(number)
            two.append(len(np.unique(board.position[board.party[:, k], k])) <= 2)
            day = proposal.introduced
            late.append(np.nan if day is None or split is None else float(day >= split))
            for name, outcome in found.items():
                errors[name].append(abs(float(outcome[k]) - value) * 100 / float(sizes[k]))
    return (
        np.array(place),
        np.array(two),
        np.array(late),
        {name: np.array(row) for name, row in errors.items()},
    )


def _resample(proposals: int, rng: Seed) -> Floats:
    """Return how often each proposal is drawn, (resamples, proposals)."""
    draws = generator_of(rng).integers(proposals, size=(_RESAMPLES, proposals))
    counts: Floats = np.stack([np.bincount(row, minlength=proposals) for row in draws]).astype(
        float
    )
    return counts


def _score(
    name: str, error: Floats, baseline: Floats, there: Bools, place: Any, two: Bools,
    late: Floats, resampled: Floats,
) -> BargainingScore:  # fmt: skip
    proposals = resampled.shape[1]
    more = np.bincount(place[there], (error - baseline)[there], minlength=proposals)
    sizes = np.bincount(place[there], minlength=proposals).astype(float)
    means = (resampled @ more) / np.maximum(resampled @ sizes, 1)
    low, high = np.quantile(means, (0.025, 0.975))

    def mean(among: Bools) -> float:
        return float(error[there & among].mean()) if (there & among).any() else float("nan")

    own = error[there]
    return BargainingScore(
        name,
        len(own),
        float(own.mean()),
        float(own.std(ddof=1) / len(own) ** 0.5) if len(own) > 1 else float("nan"),
        mean(two),
        mean(~two),
        mean(late == 0),
        mean(late == 1),
        (float(low), float(high)),
    )
