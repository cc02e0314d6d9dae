"""Rounds of challenges among actors that each hold one position, on plain arrays.

A round: each actor challenges the one against whom it gains most, if anyone; a challenge makes a
bargain, in which the two meet on each issue at the mean of their positions, weighted by the squares
of salience times chance. Each actor then has to choose among staying, its own bargain and those it
was brought into. All actors vote on every pair of these by what the positions of all would then be
worth to them on average; it takes the likeliest winner. It goes there even if its partner does not.

Of equal gains, and of equal chances, the first counts: targets in the order of the table, staying
before an actor's own bargain before those of others. Positions are told apart to nine decimals, so
that such ties do not hang on the last digit of a sum.

It ends after two rounds or more when the sum of all moves is below 2 % of that of the first round.
Cost: a round is cubic in the actors, and quadratic in the challenges times actors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.bargaining._condorcet import Vote, chances_to_beat, log_chances
from detente.bargaining._contest import attitudes, contest, distances, gain, view, worth
from detente.values import Bools, Floats, Ints

_LEAST_GAIN = 1e-5
_LEAST_MOVE = 1e-4
_NEAR, _EQUAL = 1e-3, 1e-8
_TIE = 1e-9
_FINE, _COARSE = 1e9, 1e4
_QUIET = 0.02
_AT_ONCE = 2**21


@dataclass(frozen=True)
class Circle:
    """Actors with a voice on some issues; the habits of a run.

    Attributes
    ----------
    party : ndarray, (actors, issues)
    salience : ndarray, (actors, issues)
        0 where no party; at most 1 in all for each actor, above 0 for each.
    capability : ndarray, (actors,)
    vote : callable
    rounded : bool
        As KTAB has it: bargains to four decimals, with a trace of weight on each side's own
        position; positions less than 0.001 apart are one when their chances are told.
    """

    party: Bools
    salience: Floats
    capability: Floats
    vote: Vote
    rounded: bool


@dataclass(frozen=True)
class Moment:
    """A round of challenges: where actors stand, what they think, and what they do about it.

    Attributes
    ----------
    position : ndarray, (actors, issues)
    attitude : ndarray, (actors,)
    log_chance : ndarray, (actors,)
        Of the actor's position to win, among those that differ.
    first : ndarray, (actors,)
        Whether nobody before it in the table has the same position.
    pairs : ndarray, (challenges, 2)
        Challenger and target.
    chance, gain : ndarray, (challenges, 2)
        Of the challenger, as itself and as its target sees it; then of the challenger in its own
        eyes, and of the target in its own.
    bargain : ndarray, (challenges, 2, issues)
        Where the two would go.
    taken : ndarray, (challenges, 2)
        Whether they went.
    after : ndarray, (actors, issues)
    """

    position: Floats
    attitude: Floats
    log_chance: Floats
    first: Bools
    pairs: Ints
    chance: Floats
    gain: Floats
    bargain: Floats
    taken: Bools
    after: Floats


def run(
    circle: Circle, position: Floats, rounds: int, rng: np.random.Generator | None
) -> tuple[list[Moment], bool]:
    """Make rounds of challenges; the last moment is where all come to rest, or the rounds end.

    Returns
    -------
    moments : list of Moment
        One more than there are rounds.
    settled : bool
        Whether they came to rest.
    """
    moments = [_moment(circle, _round(position, _FINE), rng)]
    start = np.inf
    for number in range(1, rounds + 1):
        before, now = moments[-1].position, moments[-1].after
        moments.append(_moment(circle, now, rng))
        moved = float(np.linalg.norm(now - before, axis=1).sum())
        if number == 1:
            start = moved + _LEAST_MOVE
        elif moved < _QUIET * start:
            return moments, True
    return moments, False


def _moment(circle: Circle, position: Floats, rng: np.random.Generator | None) -> Moment:
    away = distances(position, circle.salience, position)
    neutral = np.exp(log_chances(chances_to_beat(circle.capability, 1 - away, circle.vote)))
    attitude = attitudes(neutral)
    utility = worth(away, attitude[:, None])
    log_chance, first = _standing(circle, position, utility)
    pairs, chance, gains = _challenges(circle, away, attitude)
    bargain = _bargains(circle, position, pairs, chance[:, 0])
    taken = np.zeros(pairs.shape, dtype=np.bool_)
    after = position.copy()
    if len(pairs):
        state = _states(circle, position, (utility, attitude), pairs, bargain)
        logs = np.log(chances_to_beat(circle.capability, state, circle.vote))
        # What an actor set out itself comes before what it was brought into.
        queue: dict[int, list[tuple[int, int]]] = {}
        for side in (0, 1):
            for one, actor in enumerate(pairs[:, side].tolist()):
                queue.setdefault(actor, []).append((one, side))
        for actor, own in sorted(queue.items()):
            options = np.array([0, *(one + 1 for one, _ in own)])
            log = logs[options[:, None], options].sum(axis=1)
            pick = int((log >= log.max() - _TIE).argmax())
            if rng is not None:
                share = np.exp(log - log.max())
                pick = int(rng.choice(len(log), p=share / share.sum()))
            if pick:
                taken[own[pick - 1]] = True
                after[actor] = bargain[own[pick - 1]]
    return Moment(
        position, attitude, log_chance, first, pairs, chance, gains, bargain, taken, after
    )


def _standing(circle: Circle, position: Floats, utility: Floats) -> tuple[Floats, Bools]:
    """Return how likely each position is to win among those that differ, and who holds it first."""
    near = _NEAR if circle.rounded else _EQUAL
    same = np.linalg.norm(position[:, None] - position[None], axis=2) < near
    same &= (circle.party[:, None] == circle.party[None]).all(axis=2)
    of = np.full(len(position), -1)
    for actor in range(len(position)):
        if of[actor] < 0:
            of[same[actor] & (of < 0)] = actor
    first: Bools = of == np.arange(len(position))
    holder = np.flatnonzero(first)
    log = np.zeros(len(position))
    log[holder] = log_chances(chances_to_beat(circle.capability, utility[:, holder], circle.vote))
    return log[of], first


def _challenges(circle: Circle, away: Floats, attitude: Floats) -> tuple[Ints, Floats, Floats]:
    """Return who challenges whom, with the chance and gain in the eyes of both."""
    everyone = np.arange(len(away))
    cares = circle.salience.sum(axis=1)
    weight = circle.capability * cares
    best = np.empty((len(away), 3))
    for part in np.array_split(everyone, 1 + len(away) ** 3 // _AT_ONCE):
        seen = view(away, attitude, part)
        targets = np.broadcast_to(everyone, (len(part), len(everyone)))
        chance = contest(seen, part, targets, weight, circle.vote)
        mine = seen[np.arange(len(part)), part]
        gains = gain(mine[np.arange(len(part)), part][:, None] - mine, chance, cares)
        gains[np.arange(len(part)), part] = -np.inf
        target = (gains >= gains.max(axis=1, keepdims=True) - _TIE).argmax(axis=1)
        rows = np.arange(len(part))
        best[part] = np.stack([target, chance[rows, target], gains[rows, target]], axis=1)
    challenger = np.flatnonzero(best[:, 2] > _LEAST_GAIN)
    target = best[challenger, 0].astype(np.int64)
    other = np.empty((len(challenger), 2))
    for part in np.array_split(
        np.arange(len(challenger)), 1 + len(challenger) * len(away) ** 2 // _AT_ONCE
    ):
        i, j, rows = challenger[part], target[part], np.arange(len(part))
        seen = view(away, attitude, j)
        chance = contest(seen, i, j[:, None], weight, circle.vote)[:, 0]
        better = seen[rows, j, i] - seen[rows, j, j]
        other[part] = np.stack([chance, gain(better, chance, cares[j])], axis=1)
    return (
        np.stack([challenger, target], axis=1),
        np.stack([best[challenger, 1], other[:, 0]], axis=1),
        np.stack([best[challenger, 2], other[:, 1]], axis=1),
    )


def _bargains(circle: Circle, position: Floats, pairs: Ints, chance: Floats) -> Floats:
    """Return where the two of each challenge would go, (challenges, 2, issues)."""
    stands = position[pairs]
    odds = np.stack([chance, 1 - chance], axis=1)[:, :, None]
    weight = (circle.salience[pairs] * odds) ** 2
    trace = 1e-6 if circle.rounded else 0.0
    total = weight.sum(axis=1, keepdims=True) + trace
    pull = (weight * stands).sum(axis=1, keepdims=True)
    both = circle.party[pairs].all(axis=1, keepdims=True) & (total > 0)
    meets = (pull + trace * stands) / np.where(total > 0, total, 1.0)
    meets = np.clip(_round(meets, _COARSE if circle.rounded else _FINE), 0, 1)
    found: Floats = np.where(both, meets, stands)
    return found


def _round(position: Floats, steps: float) -> Floats:
    found: Floats = np.floor(0.5 + steps * position) / steps
    return found


def _states(
    circle: Circle, position: Floats, moment: tuple[Floats, Floats], pairs: Ints, bargain: Floats
) -> Floats:
    """Return the mean worth of all positions to each actor, as they are and after each bargain."""
    utility, attitude = moment
    new = bargain.reshape(2 * len(pairs), -1)
    value = worth(distances(position, circle.salience, new), attitude[:, None])
    change = (value - utility[:, pairs.ravel()]).reshape(len(position), len(pairs), 2).sum(axis=2)
    change = np.concatenate([np.zeros((len(position), 1)), change], axis=1)
    state: Floats = (utility.sum(axis=1, keepdims=True) + change) / len(position)
    return state
