"""What would tell rival explanations apart: the sighting that is expected to say most.

From each explanation's forecasts of every variable, once a quarter for three years: how much one
sighting would tell is the expected information gain about which explanation holds, the mutual
information of explanation and level, in bits, at even weights for all of them (Lindley 1956).
Cost: linear in the forecasts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.evidence._questions import QUARTER, ForecastQuestion
from detente.evidence._record import YEAR, Record
from detente.values import Floats

AHEAD = 3.0
"""Years ahead in which a telling sighting is looked for."""


@dataclass(frozen=True)
class DiagnosticSighting:
    """A sighting that would tell explanations apart.

    Attributes
    ----------
    variable, level : str
        The level whose chances differ most.
    date : datetime.date
    bits : float
        Expected information gain about the explanation.
    chances : mapping of str to float
        Of that level, by explanation.
    """

    variable: str
    level: str
    date: dt.date
    bits: float
    chances: Mapping[str, float]


def information(chances: Sequence[Floats]) -> float:
    """Return the mutual information of explanation and level, in bits, explanations all alike.

    Parameters
    ----------
    chances : sequence of ndarray, (levels,)
        One distribution for each explanation.

    Examples
    --------
    >>> information([np.array([1.0, 0.0]), np.array([0.0, 1.0])])
    1.0
    """
    table = np.array(chances)
    mean = table.mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(table > 0.0, table * np.log2(table / mean), 0.0)
    return float(max(terms.sum(axis=1).mean(), 0.0))


def later_questions(known: Record) -> tuple[ForecastQuestion, ...]:
    """Return questions about each variable each quarter after what is known, without outcomes."""
    times = [known.end + (k + 1) * QUARTER for k in range(round(AHEAD / QUARTER))]
    return tuple(
        ForecastQuestion(track.variable, track.axis, time, np.zeros(len(track.levels)))
        for track in known.tracks
        for time in times
    )


def diagnostic_sightings(
    known: Record, later: Sequence[ForecastQuestion], forecasts: Mapping[str, list[Floats]]
) -> tuple[DiagnosticSighting, ...]:
    """Return the most telling sighting of each variable, the most telling variable first.

    Parameters
    ----------
    known : Record
        What the forecasts start from.
    later : sequence of ForecastQuestion
        What they are about.
    forecasts : mapping of str to list of ndarray
        By explanation, a distribution over the levels for each question.

    Returns
    -------
    tuple of DiagnosticSighting
        Empty when fewer than two explanations are left.
    """
    if len(forecasts) < 2:
        return ()
    best: dict[str, DiagnosticSighting] = {}
    for k, question in enumerate(later):
        chances = [given[k] for given in forecasts.values()]
        bits = information(chances)
        if question.variable in best and bits <= best[question.variable].bits:
            continue
        level = int(np.argmax(np.ptp(np.array(chances), axis=0)))
        day = known.origin + dt.timedelta(days=round(question.time * YEAR) - 1)
        best[question.variable] = DiagnosticSighting(
            question.variable,
            known.tracks[question.axis].levels[level],
            day,
            bits,
            {name: float(given[k][level]) for name, given in forecasts.items()},
        )
    return tuple(sorted(best.values(), key=lambda told: -told.bits))
