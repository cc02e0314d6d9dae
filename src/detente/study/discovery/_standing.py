"""Which ends of a box stand on draws that it was not found on.

Each end of an interval, or set of levels, must show that without it hits would be rarer: a
one-sided binomial quasi-p (Bryant & Lempert 2010). All are judged together as in Holm (1979), the
weakest being dropped until all stand. Cost: ends times draws for each that is dropped.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.special import bdtrc

from detente.study.discovery._box import Restriction
from detente.values import Bools, Floats

SURE = 0.05
"""Quasi-p that all restrictions of a box together stay below."""


def standing(
    box: tuple[Restriction, ...], inputs: Floats, hits: Bools
) -> tuple[tuple[Restriction, ...], tuple[Restriction, ...]]:
    """Return the restrictions that stand together, and the ends and sets that were dropped.

    Parameters
    ----------
    box : tuple of Restriction
    inputs : ndarray, (inputs, draws)
        Independent draws: equal rows once.
    hits : ndarray of bool, (draws,)
    """
    stands, dropped = [end for restriction in box for end in _ends(restriction)], []
    family = len(stands)
    while stands:
        holds = [r.holds(inputs[r.column]) for r in stands]
        outside = np.sum([~mask for mask in holds], axis=0, dtype=np.int16)
        here = outside == 0
        for k, mask in enumerate(holds):
            without = outside == ~mask
            p = quasi_p(
                int(here.sum()), int(hits[here].sum()), int(without.sum()), int(hits[without].sum())
            )
            stands[k] = replace(stands[k], quasi_p=p)
        ranked = np.sort([r.quasi_p for r in stands])
        if (ranked < SURE / (family - np.arange(len(stands)))).all():
            break
        dropped.append(stands.pop(max(range(len(stands)), key=lambda k: stands[k].quasi_p)))
    return _merged(stands), tuple(dropped)


def _ends(restriction: Restriction) -> list[Restriction]:
    """Return the two ends of an interval apart, since one may stand without the other."""
    if np.isfinite(restriction.low) and np.isfinite(restriction.high):
        return [replace(restriction, high=np.inf), replace(restriction, low=-np.inf)]
    return [restriction]


def _merged(ends: list[Restriction]) -> tuple[Restriction, ...]:
    made: dict[int, Restriction] = {}
    for end in ends:
        old = made.get(end.column, end)
        made[end.column] = replace(
            old,
            low=max(old.low, end.low),
            high=min(old.high, end.high),
            quasi_p=max(old.quasi_p, end.quasi_p),
        )
    return tuple(made[column] for column in sorted(made))


def quasi_p(inside: int, hits: int, without: int, hits_without: int) -> float:
    """Return the chance of as many hits in a box, or more, at the density without a restriction.

    Parameters
    ----------
    inside, hits : int
        Draws and hits in the box.
    without, hits_without : int
        The same in the box without the restriction.

    Returns
    -------
    float
        One-sided binomial; 1 for an empty box.

    Examples
    --------
    >>> quasi_p(5, 5, 10, 5)
    0.03125
    """
    if inside == 0 or hits == 0 or without == 0:
        return 1.0
    density = hits_without / without
    return 1.0 if density >= 1.0 else float(bdtrc(hits - 1, inside, density))
