"""Histories of a case drawn from the model itself, written down as an analyst would."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np

from detente.case.model import Case, Observation

FIRST = dt.date(1950, 1, 1)


def simulated(case: Case, parameters: dict[str, float], years: float, seed: int, dark=()) -> Case:
    """Return the case with a history of its own making, by the day, from a random state on.

    Variables in ``dark`` are never seen. A history in which a variable changes twice on a day is
    drawn again, as rows cannot say so.
    """
    equilibrium = case.conflict(**parameters).equilibrium()
    conflict = equilibrium.conflict
    rng = np.random.default_rng(seed)
    while True:
        start = int(rng.choice(np.flatnonzero(conflict.feasible)))
        path = equilibrium.simulate(1, years, start, int(rng.integers(2**31)))
        places = np.array(np.unravel_index(path.state, conflict.shape)).T
        rows: list[Observation] = []
        clear = True
        last = FIRST + dt.timedelta(days=int(years * 365.25) - 1)
        for k, axis in enumerate(conflict.space.axes):
            if axis.name in dark:
                continue
            changes = np.flatnonzero(np.diff(places[:, k])) + 1
            days = [FIRST + dt.timedelta(days=int(path.time[c] * 365.25)) for c in changes]
            clear &= len(set(days)) == len(days) and all(FIRST < day <= last for day in days)
            until = days[0] - dt.timedelta(days=1) if days else last
            rows.append(
                Observation(FIRST, axis.name, ((int(places[0, k]), 1.0),), "drawn", "seen", until)
            )
            rows += [
                Observation(day, axis.name, ((int(places[c, k]), 1.0),), "drawn", "from")
                for day, c in zip(days, changes, strict=True)
            ]
        if clear:
            return replace(case, history=tuple(rows), start=last, since=FIRST, end=last)
