"""Logit quantal response equilibrium, traced from zero precision, for any number of actors.

Actor i takes choice j with probability proportional to exp(precision_i x payoff of j against the
others' mixes) (McKelvey & Palfrey 1995). At zero precision all choices are equally likely and the
equilibrium is unique; its branch is followed as all precisions grow in proportion, by arc length
(predictor along the tangent, Newton at right angles), on log-probabilities, so that choices may
become arbitrarily unlikely (Turocy 2005). A step that moves a probability by much, is corrected by
much or turns sharply is halved, and so is one after which the curve would run the other way, as the
sign of a determinant tells (Allgower & Georg 1990, section 2.1): then it has met another piece of
curve. The branch may fold back; it ends where it first reaches the stated precision. All is then
done once more in steps half as long, and again, until two traces end at the same mixes: one that
leapt would have to leap alike in other steps. Cost: some hundred dense solves in the number of all
choices, and as many passes over the profiles for each pair of actors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.errors import AnalysisError, InputError
from detente.oneshot._game import OneShot
from detente.oneshot._profile import StrategyProfile, against, strategy_profile
from detente.text import Result, show
from detente.values import Floats, data_frame

_FIRST_STEP = 0.1
_SMALLEST_STEP = 1e-10
_BEND = 0.02
"""Largest correction of a predicted probability."""
_CHANGE = 0.1
"""Largest change of a probability from point to point."""
_TURN = 0.45
"""Largest angle that the branch turns by from point to point."""
_CROSSING = 1e-4
"""Length of a step after which a change of sense means that another curve crosses."""
_LARGEST_LOG = 1.0
"""Log-probabilities beyond this are far from any mix: the point is lost."""
_MOST_POINTS = 5000
_TRACES = 6
"""Traces at most, each in steps half as long as the one before."""
_ALIKE = 1e-6
"""Largest difference of a probability between two traces that end alike."""
_MOST_CHOICES = 600
_NEWTON_STEPS = 12
_ON_CURVE = 1e-9
_ACCURATE = 1e-9

Trace = tuple[Floats, list[Floats], list[float]]


@dataclass(frozen=True, eq=False)
class QuantalResponse(Result):
    """A logit quantal response equilibrium and the branch that leads to it.

    Attributes
    ----------
    profile : StrategyProfile
    precision : mapping of str to float
        By actor, per unit of its payoffs.
    residual : float
        Largest difference of a probability from the logit reply to the others' mixes.
    retraced : float
        Largest difference of a probability from that of a trace in steps twice as long.
    folds : tuple of float
        Shares of the precision near which the branch turns; between them others exist.
    shares : ndarray, (points,)
        Shares of the precision along the branch.
    branch : mapping of str to ndarray, (points, choices)
        By actor, its mix along the branch.
    """

    profile: StrategyProfile
    precision: Mapping[str, float]
    residual: float
    retraced: float
    folds: tuple[float, ...]
    shares: Floats
    branch: Mapping[str, Floats]

    @property
    def mix(self) -> Mapping[str, Floats]:
        """By actor, the probability of each choice."""
        return self.profile.mix

    def __str__(self) -> str:
        """Return one line per actor, and how sure it is."""
        precision = ", ".join(f"{actor} {value:g}" for actor, value in self.precision.items())
        lines = [f"Logit equilibrium at precision {precision}", str(self.profile)]
        if self.folds:
            where = ", ".join(show(share, "share") for share in self.folds)
            lines.append(f"the branch turns near {where} of the precision: others may exist")
        regret = self.profile.largest_regret
        lines.append(
            f"residual {self.residual:.0e}, the same within {self.retraced:.0e} in longer steps; a "
            f"best reply would gain at most {show(regret, 'plain')} of the span of payoffs"
        )
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the equilibrium and its certificate, ready for JSON."""
        return {
            "precision": dict(self.precision),
            **self.profile.to_dict(),
            "residual": self.residual,
            "retraced": self.retraced,
            "folds": list(self.folds),
            "points": self.shares.size,
        }

    def to_pandas(self) -> Any:
        """Return the branch, one row per point, as a DataFrame (needs pandas)."""
        game = self.profile.game
        columns = {
            (actor, game.name(actor, k)): mixes[:, k]
            for actor, mixes in self.branch.items()
            for k in range(mixes.shape[1])
        }
        return data_frame(columns, self.shares, name="share of precision")


def quantal_response(
    game: OneShot, precision: float | Mapping[str, float] | None = None
) -> QuantalResponse:
    """Return the logit quantal response equilibrium on the branch from zero precision.

    Parameters
    ----------
    game : OneShot
    precision : float or mapping, optional
        Per unit of an actor's payoffs, one for all or by actor; the conflict's by default. As it
        grows the equilibrium tends to a Nash equilibrium.

    Raises
    ------
    InputError
        When a precision is not finite and zero or more, or there are too many choices.
    AnalysisError
        When the branch cannot be followed that far, or ends elsewhere with each length of steps.

    Examples
    --------
    Matching pennies in which the row gets 9 for one of the matches: at zero precision all is even,
    at a high one the column all but avoids the 9 and the row is even again.

    >>> from detente import Conflict
    >>> pennies = Conflict.build(
    ...     options={"row": {"side": ["heads", "tails"]}, "col": {"side": ["heads", "tails"]}},
    ...     utility={"row": [[9, 0], [0, 1]], "col": [[0, 1], [1, 0]]},
    ... ).one_shot()
    >>> for precision in (0.0, 1.0, 1000.0):
    ...     found = quantal_response(pennies, precision)
    ...     print([round(float(mix[0]), 3) for mix in found.mix.values()])
    [0.5, 0.5]
    [0.894, 0.313]
    [0.501, 0.1]
    """
    wanted = _precisions(game, precision)
    curve = _Curve(game, wanted)
    if curve.size > _MOST_CHOICES:
        raise InputError(
            f"the actors have {curve.size} choices together, {_MOST_CHOICES} can be followed; "
            "leave out options or levels, or start from a state"
        )
    (point, points, folds), retraced = curve.follow_surely()
    mixes = curve.mixes(point)
    top = curve.top or 1.0
    branch = {
        actor: np.array([curve.mixes(p)[k] for p in points]) for k, actor in enumerate(game.actors)
    }
    return QuantalResponse(
        strategy_profile(game, dict(zip(game.actors, mixes, strict=True))),
        wanted,
        curve.imbalance(point),
        retraced,
        tuple(fold / top for fold in folds),
        np.array([p[-1] for p in points]) / top,
        branch,
    )


def _precisions(game: OneShot, given: float | Mapping[str, float] | None) -> dict[str, float]:
    if isinstance(given, Mapping):
        unknown = [actor for actor in given if actor not in game.actors]
        if unknown:
            game.conflict.space.of(unknown[0])
        values = {**game.conflict.precision, **given}
    elif given is None:
        values = dict(game.conflict.precision)
    else:
        values = dict.fromkeys(game.actors, given)
    for actor, value in values.items():
        if not (isinstance(value, int | float | np.number) and 0 <= value < float("inf")):
            raise InputError(f"precision of {actor} is {value!r}; give a number of zero or more")
    return {actor: float(values[actor]) for actor in game.actors}


class _Curve:
    """The equations on log-probabilities and precision; a point is all of them in one vector."""

    def __init__(self, game: OneShot, precision: Mapping[str, float]) -> None:
        spans = [game.span(actor) for actor in game.actors]
        sharp = [precision[a] * span for a, span in zip(game.actors, spans, strict=True)]
        self.top = max(sharp)
        self.weight = [s / (self.top or 1.0) for s in sharp]
        self.payoff = [
            (game.payoff[actor] - game.payoff[actor].mean()) / span
            for actor, span in zip(game.actors, spans, strict=True)
        ]
        ends = np.cumsum(game.shape)
        self.part = [slice(end - n, end) for end, n in zip(ends, game.shape, strict=True)]
        self.size = int(ends[-1])
        self.sense = self.fine = 1.0

    def mixes(self, point: Floats) -> list[Floats]:
        """Return each actor's probabilities."""
        raw = [np.exp(point[part]) for part in self.part]
        return [mix / mix.sum() for mix in raw]

    def imbalance(self, point: Floats) -> float:
        """Return the largest difference of a probability from the logit reply."""
        mixes, worst = self.mixes(point), 0.0
        for i, mix in enumerate(mixes):
            power = point[-1] * self.weight[i] * against(self.payoff[i], mixes, i)
            reply = np.exp(power - power.max())
            worst = max(worst, float(np.abs(reply / reply.sum() - mix).max()))
        return worst

    def equations(self, point: Floats) -> tuple[Floats, Floats]:
        """Return the residuals, (size,), and their derivatives, (size, size + 1).

        For each actor: its log-odds against its likeliest choice, and that its mix sums to one.
        """
        mixes = [np.exp(point[part]) for part in self.part]
        residual = np.empty(self.size)
        slope = np.zeros((self.size, self.size + 1))
        for i, part in enumerate(self.part):
            start, mix = part.start, mixes[i]
            anchor = int(np.argmax(point[part]))
            pays = against(self.payoff[i], mixes, i)
            scale = point[-1] * self.weight[i]
            residual[part] = point[part] - point[start + anchor] - scale * (pays - pays[anchor])
            rows = np.arange(mix.size)
            slope[start + rows, start + rows] = 1.0
            slope[start + rows, start + anchor] -= 1.0
            slope[part, -1] = -self.weight[i] * (pays - pays[anchor])
            for k, other in enumerate(self.part):
                if k != i:
                    pair = against(self.payoff[i], mixes, i, k)
                    pair = pair if i < k else pair.T
                    slope[part, other] = -scale * (pair - pair[anchor]) * mixes[k]
            residual[start + anchor] = mix.sum() - 1.0
            slope[start + anchor] = 0.0
            slope[start + anchor, part] = mix
        return residual, slope

    def correct(self, point: Floats, across: Floats) -> tuple[Floats, bool]:
        """Move a point onto the curve at right angles to a direction, by Newton's method."""
        for _ in range(_NEWTON_STEPS):
            residual, slope = self.equations(point)
            size = float(np.abs(residual).max())
            if size <= _ON_CURVE:
                return point, True
            try:
                step = np.linalg.solve(np.vstack([slope, across]), np.append(-residual, 0.0))
            except np.linalg.LinAlgError:
                break
            point = point + step
            if not point[:-1].max() <= _LARGEST_LOG:
                break
        return point, False

    def tangent(self, point: Floats, along: Floats) -> Floats:
        """Return the direction in which the curve goes on, of length one.

        Along a curve the determinant of the derivatives and the direction below them changes its
        sign only where another curve crosses; at zero precision it is positive upward.
        """
        wanted = np.zeros(self.size + 1)
        wanted[-1] = 1.0
        bordered = np.vstack([self.equations(point)[1], along])
        found = np.linalg.solve(bordered, wanted)
        onward = found * np.linalg.slogdet(bordered)[0] * self.sense
        return np.asarray(onward / np.linalg.norm(found), dtype=np.float64)

    def follow_surely(self) -> tuple[Trace, float]:
        """Follow the branch in ever shorter steps until two traces end alike; say how much so."""
        before = self.follow()
        for _ in range(_TRACES - 1):
            self.fine /= 2.0
            found = self.follow()
            pairs = zip(self.mixes(found[0]), self.mixes(before[0]), strict=True)
            apart = max(float(np.abs(mix - other).max()) for mix, other in pairs)
            if apart <= _ALIKE:
                return found, apart
            before = found
        raise AnalysisError(
            "the branch of logit equilibria passes so close by another that it cannot be told "
            "where it goes; lower the precision"
        )

    def follow(self) -> Trace:
        """Follow the branch from zero to the top; return its end, its points and its folds."""
        self.sense = 1.0
        upward = np.zeros(self.size + 1)
        upward[-1] = 1.0
        now = np.zeros(self.size + 1)
        for part in self.part:
            now[part] = -np.log(part.stop - part.start)
        points: list[Floats] = [now]
        folds: list[float] = []
        if self.top == 0.0:
            return now, points, []
        along, length = self.tangent(now, upward), _FIRST_STEP * self.fine
        while len(points) < _MOST_POINTS / self.fine:
            found, turned, length = self._next(now, along, length)
            if turned[-1] * along[-1] < 0:
                folds.append(float(found[-1]))
            if found[-1] >= self.top:
                share = (self.top - now[-1]) / (found[-1] - now[-1])
                guess = now + share * (found - now)
                guess[-1] = self.top
                end, reached = self.correct(guess, upward)
                bend = float(np.abs(end - guess).max())
                if reached and bend <= 1.0 and self.imbalance(end) <= _ACCURATE:
                    return end, [*points, end], folds
                length = length / 4.0
                if length < _SMALLEST_STEP:
                    break
                continue
            now, along = found, turned
            points.append(now)
            length *= 1.5
        raise self._lost(now)

    def _near(self, found: Floats, now: Floats, predicted: Floats) -> bool:
        """Say whether a corrected point can be trusted to lie on the same branch."""
        there = np.exp(found[:-1])
        change = np.abs(there - np.exp(now[:-1])).max()
        bend = np.abs(there - np.exp(np.minimum(predicted[:-1], _LARGEST_LOG))).max()
        return bool(bend <= _BEND * self.fine and change <= _CHANGE * self.fine and found[-1] > 0.0)

    def _next(self, now: Floats, along: Floats, length: float) -> tuple[Floats, Floats, float]:
        """Return the next point of the curve, its direction there and the length of the step."""
        turn = np.cos(_TURN * self.fine)
        while length >= _SMALLEST_STEP:
            predicted = now + length * along
            try:
                found, reached = self.correct(predicted, along)
                if reached and self._near(found, now, predicted):
                    turned = self.tangent(found, along)
                    if turned @ along <= -turn and length <= _CROSSING:
                        # No other curve is that near: one crosses, as in games with symmetry.
                        self.sense, turned = -self.sense, -turned
                    if turned @ along >= turn:
                        return found, turned, length
            except np.linalg.LinAlgError:
                pass
            length /= 2.0
        raise self._lost(now)

    def _lost(self, now: Floats) -> AnalysisError:
        return AnalysisError(
            "the branch of logit equilibria was lost past "
            f"{show(now[-1] / self.top, 'share')} of the stated "
            "precision; lower the precision"
        )
