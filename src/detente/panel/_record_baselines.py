"""Forecasts of the next act of a record that know no strategy: what a model of it must beat.

============== ================================================================================
base rates     how often each level came among the acts of that variable on the earlier side
persistence    the variable's last level, as often as it came again; the others by base rates
Markov chain   how often each level followed the last one of the same variable
============== ================================================================================

Each act is forecast from those before it in its own record, and knows which variable acts, and
when. Acts of the day a record opens on are given, here as in the model's score. Half an act is
added to each count. Cost: linear in the acts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from detente.case import Case, Observation
from detente.panel._baselines import BASE_RATES
from detente.panel._outcome import RecordOutcome
from detente.values import Floats


def record_baselines(
    template: Case, outcome: RecordOutcome, train: Sequence[int], test: Sequence[int]
) -> dict[str, Floats]:
    """Return log likelihoods of the later records under each baseline, by name."""
    sizes = {
        **{one.full_name: len(one.levels) for actor in template.actors for one in actor.options},
        **{one.name: len(one.levels) for one in template.conditions},
    }
    rates = {name: np.full(size, 0.5) for name, size in sizes.items()}
    moves = {name: np.full((size, size), 0.5) for name, size in sizes.items()}
    for number in train:
        for name, acts in _acts(outcome.records[number]).items():
            for _, level in acts:
                rates[name][level] += 1.0
            for (_, last), (_, level) in pairwise(acts):
                moves[name][last, level] += 1.0
    rates = {name: counts / counts.sum() for name, counts in rates.items()}
    chains = {name: counts / counts.sum(axis=1, keepdims=True) for name, counts in moves.items()}
    again = {name: float(np.trace(one) / one.sum()) for name, one in moves.items()}
    found = {name: np.zeros(len(test)) for name in (BASE_RATES, "persistence", "Markov chain")}
    for place, number in enumerate(test):
        for name, acts in _acts(outcome.records[number]).items():
            last = -1
            for given, level in acts:
                chance = dict.fromkeys(found, 1.0 if given else float(rates[name][level]))
                if last >= 0 and not given:
                    chance["Markov chain"] = float(chains[name][last, level])
                    others = 1.0 - float(rates[name][last])
                    chance["persistence"] = (
                        again[name]
                        if level == last
                        else (1.0 - again[name]) * float(rates[name][level]) / others
                    )
                for way, value in chance.items():
                    found[way][place] += math.log(value)
                last = level
    return found


def _acts(rows: Sequence[Observation]) -> dict[str, list[tuple[bool, int]]]:
    """Return by variable whether each act is of the opening day, and its level, by date."""
    opens = min(row.date for row in rows)
    found: dict[str, list[tuple[bool, int]]] = {}
    for row in sorted(rows, key=lambda one: one.date):
        if row.level is not None:
            found.setdefault(row.variable, []).append((row.date == opens, row.level))
    return found
