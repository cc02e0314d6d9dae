"""Forecasts that know no strategy, one for each variable alone, out of its own past.

========== ===================================================================================
baseline   the level at a later time is
========== ===================================================================================
uniform    any one alike: it knows nothing at all
no change  the one last seen
frequency  each one as often as it was in the quarters of the past, with half a quarter added to
           each level (Jeffreys' prior)
chain      where a Markov chain of the variable alone leads from the level last seen. Its rate
           from i to j is (changes seen + 1 / (2 (levels - 1))) / (years at i + 1): half a change
           and a year are added to every level
========== ===================================================================================

Between two sightings at different levels one change is counted, and half of the time for each. A
variable never seen before has all levels alike, under each of them. Cost: linear in the entries,
and a small matrix exponential per question.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from detente.evidence._questions import (
    ForecastQuestion,
    forecast_questions,
    known_at,
    last_seen,
    spell,
)
from detente.evidence._record import Record, Track
from detente.values import Floats

BASELINES = ("uniform", "no change", "frequency", "chain")


def baseline_forecasts(known: Record, asked: Sequence[ForecastQuestion]) -> dict[str, list[Floats]]:
    """Return what each baseline forecasts.

    Parameters
    ----------
    known : Record
        What may be known: cut before the first question.

    Returns
    -------
    dict of str to list of ndarray
        For each of `BASELINES`, a distribution over the levels for each question.

    Examples
    --------
    >>> import detente
    >>> from detente.evidence import observed_record
    >>> case = detente.load("peninsula")
    >>> known = observed_record(case, until="2021-03-15")
    >>> asked = forecast_questions(observed_record(case), known.end)
    >>> asked = [question for question in asked if question.variable == "rivalry"]
    >>> found = baseline_forecasts(known, asked)
    >>> found["no change"][0].tolist(), found["frequency"][0].round(2).tolist()
    ([0.0, 1.0], [0.91, 0.09])
    """
    past = forecast_questions(known, known.start)
    made: dict[str, list[Floats]] = {name: [] for name in BASELINES}
    chains = {track.axis: fitted(track) for track in known.tracks}
    for question in asked:
        track = known.tracks[question.axis]
        size = len(track.levels)
        seen = last_seen(track, -np.inf, known.end)
        time, now = seen if seen is not None else (known.end, np.full(size, 1.0 / size))
        own = [q.outcome for q in past if q.axis == question.axis]
        often = np.sum(own, axis=0) + 0.5 if own else np.ones(size)
        made["uniform"].append(np.full(size, 1.0 / size))
        made["no change"].append(now)
        made["frequency"].append(often / often.sum())
        made["chain"].append(_led(now, chains[question.axis], question.time - time))
    return made


def fitted(track: Track) -> Floats:
    """Return the generator of a variable's own chain, fitted to its past, (levels, levels)."""
    size = len(track.levels)
    changes, years = np.zeros((size, size)), np.zeros(size)
    ends = [end for entry in track.entries if entry.kind != "gap" for end in spell(entry)]
    known = [(time, known_at(track, time)) for time in sorted(set(ends))]
    for (before, one), (after, other) in pairwise(known):
        years += 0.5 * (after - before) * (one + other)
        # The same uncertain sighting at both ends of its stretch is no change.
        changes += 0.0 if np.array_equal(one, other) else np.outer(one, other)
    np.fill_diagonal(changes, 0.0)
    rates = (changes + 0.5 / max(size - 1, 1)) / (years[:, None] + 1.0)
    np.fill_diagonal(rates, 0.0)
    np.fill_diagonal(rates, -rates.sum(axis=1))
    return rates


def _led(now: Floats, rates: Floats, years: float) -> Floats:
    from scipy.linalg import expm

    later = np.clip(now @ expm(rates * years), 0.0, None)
    return np.asarray(later / later.sum(), dtype=np.float64)
