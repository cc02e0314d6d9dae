"""Probabilistic Condorcet: how likely each of several options is to win when all vote on each pair.

Between two options an actor casts votes that grow with what the one is worth to it beyond the
other; the votes for a side add up to its strength, and it wins with its share of both strengths. An
option wins outright when it beats every other: the product of its chances, divided by the sum of
those products over all options (as in the open program KTAB). Near copies of an option take
chances from each other.

A trace of strength on either side makes two options that are worth the same to all a toss-up.
Products are sums of logarithms, as they may be very small. Cost: actors times options squared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from detente.errors import InputError
from detente.text import quote, suggestion
from detente.values import Floats

TRACE = 1e-10
"""Strength that either side of a vote has at least, as a share of all there is."""
_STEP = 1e-8
_AT_ONCE = 2**21

Vote = Callable[[Floats], Floats]


def _step(gap: Floats) -> Floats:
    return np.clip(gap / _STEP, -1, 1)


VOTING: Mapping[str, Vote] = {
    "proportional": lambda gap: gap,
    "binary": _step,
    "cubic": lambda gap: gap**3,
    "proportional and binary": lambda gap: 0.8 * gap + 0.2 * _step(gap),
    "proportional and cubic": lambda gap: 0.5 * gap + 0.5 * gap**3,
    "losses first": lambda gap: np.where(gap > 0, gap * 2 / 3, gap),
}
"""How votes grow with the difference that an option makes to an actor."""


def vote_of(voting: str) -> Vote:
    """Return a rule of voting by its name."""
    if voting not in VOTING:
        raise InputError(
            f"there is no rule of voting {quote(voting)}; {suggestion(voting, VOTING, 'rule')}"
        )
    return VOTING[voting]


def chances_to_beat(weight: Floats, utility: Floats, vote: Vote) -> Floats:
    """Return the chance that an option beats another, (options, options); one half on the diagonal.

    Parameters
    ----------
    weight : ndarray, (actors,)
    utility : ndarray, (actors, options)
    vote : callable
    """
    actors, options = utility.shape
    strength = np.empty((options, options))
    for part in np.array_split(np.arange(options), 1 + actors * options**2 // _AT_ONCE):
        votes = vote(utility[:, part, None] - utility[:, None, :])
        strength[part] = np.einsum("k,kij->ij", weight, np.maximum(votes, 0.0))
    strength += TRACE * weight.sum()
    chance: Floats = strength / (strength + strength.T)
    return chance


def log_chances(beats: Floats) -> Floats:
    """Return the logarithm of each option's chance to win outright, (options,)."""
    product = np.log(beats).sum(axis=1)
    log: Floats = product - np.logaddexp.reduce(product)
    return log
