"""Histories of a case drawn from the model itself, written down as an analyst would."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np

from detente.case import Case, Observation

FIRST = dt.date(1950, 1, 1)

TABLE = b"""
detente: 1
title: Three at a table
parameters:
  zeal: {value: 2, range: [0.5, 5], distribution: loguniform, reason: unknown, source: judgement}
  worth: {value: 1, range: [-1, 3], reason: unknown, source: judgement}
  storms: {value: 0.6, range: [0.1, 2], distribution: triangular, reason: guess, source: judgement}
actors:
  us:
    rate: 1.5
    precision: zeal
    options: {offer: {levels: [none, some], cost: 0.1}}
    preferences: {weights: {help: 1, price: -0.5}}
  china:
    rate: 1
    precision: zeal
    options: {enforce: {levels: [lax, partial, strict], cost: 0.1}}
    preferences: {weights: {paid: worth, help: -0.4, calm: 0.3}}
  dprk:
    rate: 2
    precision: zeal
    options: {test: {levels: [hold, launch], cost: 0.05}}
    preferences: {weights: {show: 0.6, pain: -0.8}}
conditions:
  weather: {levels: [fair, foul], rates: {fair -> foul: storms, foul -> fair: 1}}
issues:
  help: 0.5 * (china.enforce == partial) + (china.enforce == strict)
  price: us.offer == some
  paid: (us.offer == some) * (china.enforce >= partial)
  calm: dprk.test == hold
  show: (dprk.test == launch) * (1 - 0.5 * (weather == foul))
  pain: (dprk.test == launch) * (china.enforce == strict)
status_quo: {us.offer: none, china.enforce: lax, dprk.test: hold, weather: fair}
"""


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
