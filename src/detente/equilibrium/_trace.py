"""The branch of equilibria from zero precision to the stated one.

At zero precision every actor chooses evenly among its moves and the equilibrium is unique. The
branch is followed as all precisions grow in proportion, each point predicted from the last three
and corrected by accelerated sweeps; a step that cannot be corrected, or only by more than a little,
is halved. Points on the way are balanced only as far as the next prediction needs. Where balancing
the last one to the end moves choices by more than that should, another branch may pass close by;
where no step is small enough, what is left out of balance may be what refuses them: in both cases
the branch is traced again in smaller steps from well-balanced points. Where these fail too it
folds, and is followed by arc length (McKelvey & Palfrey 1995; Turocy 2005; Eibelshaeuser & Poensgen
2019). How far a correction goes is judged by the log odds of choices: values of states that differ
by what others do, or by a condition, may move against one another and no choice feels it. The trail
of a like game's branch saves some of the work (`detente.equilibrium._trail`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numba import njit

from detente.engine import poll
from detente.equilibrium._abreast_sweep import LARGE, as_python, settle_abreast
from detente.equilibrium._anderson import settle, workspace
from detente.equilibrium._arclength import follow
from detente.equilibrium._arclength_exact import follow_from_zero
from detente.equilibrium._game import TimedGame
from detente.equilibrium._moves import kernels
from detente.equilibrium._newton import polish
from detente.equilibrium._sweep import extent, sweep
from detente.equilibrium._trail import Trail, blank, note
from detente.errors import AnalysisError
from detente.text import show
from detente.values import Floats

_LOOSE = 1e-3
_CLOSE = 1e-6
_TIGHT = 1e-8
_FIRST_STEP = 0.34
_SHARE = 0.6
_REST = 0.25
_SMALLEST_STEP = 1.0 / 64.0
_SMALLEST_FIRST = 1e-3
_PATIENCE = 100
_STRAYED = 0.5
_ODDS = 0.4
_FIRST_ODDS = 3.0
_WARY = 0.15
_MANY = 12
_FEW = 12


@dataclass(frozen=True, slots=True)
class Branch:
    """Where the branch ended and how it got there.

    Attributes
    ----------
    values : ndarray, (states, actors)
        In the game's scaled units.
    residual : float
        Largest imbalance of the equations, in spans of utility a year.
    sweeps, points : int
        Work done: sweeps of the equations, points on the branch.
    folds : tuple of float
        Share of the precision near which the branch first folds back, if it was seen to:
        near a fold there are several equilibria, and at the stated precision there may be.
    slow : str
        Why it took long, where it did.
    trail : Trail or None
        Where it was asked for and the branch went straight up.
    """

    values: Floats
    residual: float
    sweeps: int
    points: int
    folds: tuple[float, ...]
    slow: str = ""
    trail: Trail | None = None


class Lost(AnalysisError):
    """The branch was lost; knows where, for a message that names actor and state.

    Attributes
    ----------
    share : float
        Of the stated precision, beyond which there is no solution at hand.
    imbalance, tolerance : float
        What is left of it and what was wanted, in spans of utility a year.
    actor, state : int
        Whose equation is out most, and where, in the packed game.
    """

    def __init__(
        self, share: float, imbalance: float, tolerance: float, actor: int, state: int
    ) -> None:
        self.share, self.imbalance, self.tolerance = share, imbalance, tolerance
        self.actor, self.state = actor, state
        super().__init__(self.message(f"actor {actor}", f"state {state}"))

    def message(self, actor: str, state: str, precision: str = "") -> str:
        """Return the message with names for the actor, the state and the precision."""
        return (
            f"the equilibrium was not reached: past {show(self.share, 'share')} of the stated "
            f"precision{precision} the branch is lost (equations out by {self.imbalance:.1e} spans "
            f"of utility a year, {self.tolerance:.0e} is wanted; worst for {actor} at {state}); "
            "lower the precision or raise the discount rate"
        )


def trace(
    game: TimedGame, tolerance: float = 1e-10, guide: Trail | None = None, noted: bool = False
) -> Branch:
    """Follow the branch to the game's own precision.

    Parameters
    ----------
    tolerance : float
        Largest imbalance of the equations at the end, in spans of utility a year.
    guide : Trail, optional
        Of a game of the same shape.
    noted : bool
        Whether the trail is wanted.

    Raises
    ------
    Lost
        When the equations cannot be balanced to the tolerance.
    """
    states, actors = game.flow.shape
    rise, balance = (climb_abreast, correct_abreast) if states >= LARGE else (climb, correct)
    work = workspace(game, np.float32 if states >= LARGE else np.float64)
    values, last = np.zeros((actors, states)), np.zeros((actors, states))
    nothing = blank(actors, states, False)
    slow, spent = "", 0
    for last_step in (_LOOSE, tolerance):
        trail = blank(actors, states, noted)
        share, back, imbalance, sweeps, points, rejected, moved = rise(
            game, tolerance, last_step, values, last, work, _LOOSE, _ODDS, guide or nothing, trail
        )
        poll()
        if moved > _WARY or share < 1.0:
            spent += sweeps
            reached, ends = (share, back), (values.copy(), last.copy())
            values[:] = 0.0
            slow = "the branch bends where another is near; it was traced again in smaller steps"
            trail = nothing
            share, back, imbalance, sweeps, points, rejected, _ = rise(
                game, tolerance, _CLOSE, values, last, work, _CLOSE, _WARY, nothing, nothing
            )
            poll()
            if share < reached[0] < 1.0:
                (share, back), (values[:], last[:]) = reached, ends
        sweeps += spent
        if share < 1.0:
            if back < 0.0:
                raise _lost(game, share, values, _LOOSE)
            return _round_folds(
                game,
                (back, last),
                (share, values),
                tolerance,
                sweeps,
                points,
                partial(balance, work=work),
            )
        if imbalance <= tolerance:
            break
        slow = f"sweeps stalled at an imbalance of {imbalance:.0e}; Newton's method went on"
        kernel, priced = kernels(game.allowed, game.cost, game.layout, game.precision)
        imbalance, more = polish(game, game.precision, kernel, priced, values, tolerance)
        sweeps += more
        if imbalance <= tolerance:
            break
        spent = sweeps
        values[:] = 0.0
    if imbalance > tolerance:
        raise _lost(game, 1.0, values, tolerance)
    slow = slow or _reason(sweeps, points, rejected)
    return Branch(values.T, imbalance, sweeps, points, (), slow, trail.until(points))


def correct_beside(game: TimedGame, near: Floats, tolerance: float) -> Branch:
    """Return what Newton's method makes of a like game's values, (actors, states).

    Raises
    ------
    AnalysisError
        When it does not end, or only far away.
    """
    before = np.where(game.feasible, near, 0.0)
    values = before.copy()
    kernel, priced = kernels(game.allowed, game.cost, game.layout, game.precision)
    imbalance, sweeps = polish(game, game.precision, kernel, priced, values, tolerance, _FEW)
    if not imbalance <= tolerance or strayed(game, 1.0, values, before, _FIRST_ODDS):
        raise AnalysisError("no equilibrium is close to that of the game beside it")
    return Branch(values.T, imbalance, sweeps, 0, ())


def _reason(sweeps: int, points: int, rejected: int) -> str:
    if sweeps > _PATIENCE and 4 * rejected > sweeps:
        return f"{rejected} of {sweeps} sweeps were accelerated steps that did not help"
    if points > _MANY:
        return f"the branch bends: it took {points} points"
    return ""


@njit(cache=True, nogil=True)
def climb(  # type: ignore[no-untyped-def]
    game, tolerance, last_step, values, last, work, loose, odds, guide, trail
):
    """Follow the branch upward in precision as far as it goes without a fold.

    ``values``, zero at first, becomes the point reached and ``last`` the one before, both (actors,
    states). Points on the way are balanced to ``loose`` and corrected by ``odds`` at most. The step
    that ends at the stated precision is taken when it balances to ``last_step``; sweeps then go on
    towards ``tolerance``. The steps are those of ``guide`` as long as it is of use; what is done is
    noted in ``trail``.

    Returns
    -------
    share, back : float
        Of the stated precision at both points; ``back`` is negative where there is only one.
    imbalance : float
    sweeps, points, rejected : int
    moved : float
        By how much those last sweeps moved log odds of choices.
    """
    guess, predicted, first = np.empty_like(values), np.empty_like(values), np.empty_like(values)
    guided = guide.shares.size > 0
    predicted[:] = values
    if guided:
        values += guide.misses[0]
    _, sweeps, rejected = correct(game, 0.0, values, loose, _PATIENCE, work)
    note(trail, 0, 0.0, values, predicted)
    share, back, earlier, step, points = 0.0, -1.0, -1.0, _FIRST_STEP, 1
    imbalance = np.inf
    while share < 1.0 and not work[3][0]:
        left = 1.0 - share
        target = 1.0 if step >= left and left < _REST else share + min(step, _SHARE * left)
        if guided:
            target = guide.shares[points]
        predict(target, share, back, earlier, values, last, first, predicted)
        guess[:] = predicted
        if guided:
            guess += guide.misses[points]
        imbalance, used, refused = correct(game, target, guess, loose, _PATIENCE, work)
        sweeps += used
        rejected += refused
        trusted = odds if back >= 0.0 else max(odds, _FIRST_ODDS)
        lost = not imbalance <= loose or strayed(game, target, guess, predicted, trusted)
        if target == 1.0 and not lost and imbalance > last_step:
            imbalance, more, refused = correct(game, 1.0, guess, tolerance, 10 * _PATIENCE, work)
            sweeps += more
            rejected += refused
            lost = imbalance > last_step
        if lost:
            guided = False
            step = (target - share) / 2.0
            if step < _SMALLEST_STEP * min(1.0, max(8.0 * share, _SMALLEST_FIRST)):
                break
            continue
        note(trail, points, target, guess, predicted)
        first[:] = last
        last[:] = values
        values[:] = guess
        share, back, earlier, points = target, share, back, points + 1
        step *= 2.0 if used < _PATIENCE // 2 else 1.0
    moved = 0.0
    if share == 1.0 and imbalance > tolerance:
        first[:] = values
        imbalance, used, refused = correct(game, 1.0, values, tolerance, 10 * _PATIENCE, work)
        sweeps += used
        rejected += refused
        moved = change_of_odds(game, values, first)
    return share, back, imbalance, sweeps, points, rejected, moved


@njit(cache=True, nogil=True)
def predict(target, share, back, earlier, values, last, first, predicted):  # type: ignore[no-untyped-def]
    """Extrapolate the branch through the points at hand: the last three, two or one."""
    a, b, c = 1.0, 0.0, 0.0
    if earlier >= 0.0:
        a = (target - back) * (target - earlier) / ((share - back) * (share - earlier))
        b = (target - share) * (target - earlier) / ((back - share) * (back - earlier))
        c = (target - share) * (target - back) / ((earlier - share) * (earlier - back))
    elif back >= 0.0:
        b = (target - share) / (back - share)
        a = 1.0 - b
    for i in range(values.shape[0]):
        for s in range(values.shape[1]):
            predicted[i, s] = a * values[i, s] + b * last[i, s]
            if earlier >= 0.0:
                predicted[i, s] += c * first[i, s]


@njit(cache=True, nogil=True)
def correct(game, share, values, tolerance, patience, work):  # type: ignore[no-untyped-def]
    """Balance the equations at a share of the precision; see `anderson.settle`."""
    precision = game.precision * share
    kernel, priced = kernels(game.allowed, game.cost, game.layout, precision)
    return settle(game, precision, kernel, priced, values, tolerance, patience, work)


@njit(cache=True, nogil=True)
def strayed(game, share, found, predicted, odds):  # type: ignore[no-untyped-def]
    """Return whether a correction is too large to be trusted to stay on the branch.

    It is when it moves the values of two states against one another by a good part of their
    spread, or the log odds of a choice by more than a little.
    """
    for i in range(found.shape[0]):
        most, least, high, low = -np.inf, np.inf, -np.inf, np.inf
        for s in range(found.shape[1]):
            if game.feasible[s]:
                moved = found[i, s] - predicted[i, s]
                most, least = max(most, moved), min(least, moved)
                high, low = max(high, found[i, s]), min(low, found[i, s])
        if most - least > _STRAYED * (1.0 + high - low):
            return True
    return share * change_of_odds(game, found, predicted) > odds


@njit(cache=True, nogil=True)
def change_of_odds(game, found, before):  # type: ignore[no-untyped-def]
    """Return the largest change of the log odds of a choice, for any actor at full precision."""
    largest = 0.0
    for i in range(found.shape[0]):
        own, after, lines = extent(game.layout, i, found.shape[1])
        for line in range(lines):
            first = (line // after) * own * after + line % after
            most, least = -np.inf, np.inf
            for s in range(first, first + own * after, after):
                if game.feasible[s]:
                    moved = found[i, s] - before[i, s]
                    most, least = max(most, moved), min(least, moved)
            largest = max(largest, (most - least) * game.precision[i])
    return largest


correct_abreast = as_python(correct, settle=settle_abreast)
climb_abreast = as_python(climb, correct=correct_abreast)


def _round_folds(
    game: TimedGame,
    before: tuple[float, Floats],
    last: tuple[float, Floats],
    tolerance: float,
    sweeps: int,
    points: int,
    balance: Callable[..., Any],
) -> Branch:
    start = f"past {show(last[0], 'share')} of the precision"
    for share, values in (before, last):
        sweeps += balance(game, share, values, _TIGHT, 10 * _PATIENCE)[1]
        poll()
    followed = follow(game, before, last)
    if followed is None:
        start = "from precision zero"
        followed = follow_from_zero(game)
    if followed is None:
        raise _lost(game, last[0], last[1], tolerance)
    values, more, further, folds = followed
    kernel, priced = kernels(game.allowed, game.cost, game.layout, game.precision)
    imbalance, polished = polish(game, game.precision, kernel, priced, values, tolerance)
    if imbalance > tolerance:
        raise _lost(game, 1.0, values, tolerance)
    slow = f"{start} the branch was followed by arc length"
    return Branch(values.T, imbalance, sweeps + more + polished, points + further, folds, slow)


def _lost(game: TimedGame, share: float, values: Floats, tolerance: float) -> Lost:
    beyond = min(1.0, share + _SMALLEST_STEP)
    precision = game.precision * beyond
    kernel, priced = kernels(game.allowed, game.cost, game.layout, precision)
    image = np.empty_like(values)
    sweep(game, precision, kernel, priced, values, image)
    factor = game.discount[:, None] + game.rate.sum() + game.leave
    gap = np.nan_to_num(np.abs(image - values) * factor * game.feasible, nan=np.inf)
    actor, state = np.unravel_index(int(gap.argmax()), gap.shape)
    return Lost(share, float(gap.max()), tolerance, int(actor), int(state))
