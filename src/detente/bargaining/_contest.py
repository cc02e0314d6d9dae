"""What actors think of each other's positions and risks, and what a challenge would bring.

All positions run from 0 to 1. The distance of j's position for i is d = sqrt(sum_q (s_iq (x_iq -
x_jq))^2 / sum_q s_iq^2), its worth (1 - d)(1 + R_i d). R_i is i's attitude to risk: found from the
chances that the positions would have if nobody minded risk, from -1/2 for the least likely to win,
which gives way sooner, to 1 for the likeliest. h takes i's attitude to be (2 R_h + R_i) / 3.

Where i challenges j, both throw in their weight times what they would lose; every third party joins
the side on which it would lose less, as it stays where it is if its side wins and must follow the
winner if it does not. P is i's share of all that. If j does not resist (salience S_j), or loses, it
comes to i; if it wins, i comes to it. So the gain of k is

    (u_ki - u_kj)(1 - 2 S_j (1 - P)),

which is what (1 - S_j) 2 u_ki + S_j (P 2 u_ki + (1 - P) 2 u_kj) - (u_ki + u_kj) comes to. A
challenge of somebody whose salience is below one half pays whatever the chances.

Bueno de Mesquita 1984, 1994; in more than one dimension as in the open program KTAB. Cost: the cube
of the actors.
"""

from __future__ import annotations

import numpy as np

from detente.bargaining._condorcet import TRACE, Vote
from detente.values import Floats, Ints


def distances(position: Floats, salience: Floats, of: Floats) -> Floats:
    """Return how far each actor finds each of some positions, (actors, positions)."""
    care = salience**2
    square = ((position[:, None, :] - of[None]) ** 2 * care[:, None, :]).sum(axis=2)
    found: Floats = np.sqrt(square / care.sum(axis=1)[:, None])
    return found


def worth(distance: Floats, attitude: Floats) -> Floats:
    """Return what a position at a distance is worth to one with an attitude to risk."""
    value: Floats = (1 - distance) * (1 + attitude * distance)
    return value


def attitudes(chance: Floats) -> Floats:
    """Return each actor's attitude to risk, from the chances of the positions without risk."""
    low, high = chance.min(), chance.max()
    if high - low < 1e-12:
        return np.zeros_like(chance)
    found: Floats = (3 * chance - high - 2 * low) / (2 * (high - low))
    return found


def view(distance: Floats, attitude: Floats, viewer: Ints) -> Floats:
    """Return what positions are worth to all as each viewer sees it, (viewers, actors, actors)."""
    seen = (2 * attitude[viewer, None] + attitude) / 3
    return worth(distance, seen[:, :, None])


def contest(seen: Floats, challenger: Ints, target: Ints, weight: Floats, vote: Vote) -> Floats:
    """Return each challenger's chance against each of its targets, (views, targets).

    Parameters
    ----------
    seen : ndarray, (views, actors, actors)
        What positions are worth to each actor, as somebody sees it.
    challenger : ndarray, (views,)
    target : ndarray, (views, targets)
    weight : ndarray, (actors,)
        Capability times salience.
    vote : callable
    """
    rows = np.arange(len(seen))
    cells = rows[:, None], target, np.arange(target.shape[1])
    mine = seen[rows, :, challenger][:, :, None]
    theirs = np.take_along_axis(seen, target[:, None, :], axis=2)
    home = np.einsum("bkk->bk", seen)[:, :, None]
    gap = weight[:, None] * vote(mine - theirs)
    own, other = gap[rows, challenger], gap[cells]
    trace = TRACE * weight.sum()
    ahead = trace + np.maximum(own, 0) + np.maximum(other, 0)
    behind = trace - np.minimum(own, 0) - np.minimum(other, 0)
    likely = (ahead[:, None] + np.maximum(gap, 0)) / ((ahead + behind)[:, None] + np.abs(gap))
    # Who joins the winner stays at home; who joins the loser must follow the winner.
    joins = weight[:, None] * vote(likely * (home - mine) - (1 - likely) * (home - theirs))
    joins[rows, challenger] = 0.0
    joins[cells] = 0.0
    ahead += np.maximum(joins, 0).sum(axis=1)
    behind -= np.minimum(joins, 0).sum(axis=1)
    chance: Floats = ahead / (ahead + behind)
    return chance


def gain(better: Floats, chance: Floats, resists: Floats) -> Floats:
    """Return what a challenge brings to whom the challenger's position is `better` by so much."""
    value: Floats = better * (1 - 2 * resists * (1 - chance))
    return value
