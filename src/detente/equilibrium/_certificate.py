"""How far the solution can be trusted: residual, regrets, other starts, and the pace of solving.

Nothing here runs unless asked: a certificate takes about ten times as long as a solve, and more for
the other starts. Each actor is certified in the game on which it acts: the true one, or the one
that it believes in.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.conflict import drop_unused_levels
from detente.engine import Seed
from detente.equilibrium._game import TimedGame, pack
from detente.equilibrium._moves import kernels
from detente.equilibrium._regret import best_values
from detente.equilibrium._starts import Starts, from_elsewhere
from detente.equilibrium._sweep import sweep
from detente.text import Result, show, table
from detente.values import Floats, data_frame, plain_fields

if TYPE_CHECKING:
    from detente.equilibrium._result import Equilibrium

_PACE_SWEEPS = 80
_NAMED = 3
_SLOW = 0.97
_MANY = 150
"""Sweeps beyond which solving was slow: most branches take fewer."""
_WIDTH = 80


@dataclass(frozen=True, slots=True)
class Regret:
    """What an actor would gain by its best own plan while the others choose as they do.

    All but ``inexact`` of it is the price of imprecise choice: logit choice errs by design, and
    the values count the errors.

    Attributes
    ----------
    actor : str
    largest : float
        Over all states, in discounted utility, as values are.
    share : float
        The same as a share of the range of the actor's utility: ``largest`` x discount is what is
        lost in utility a year, the range is over feasible states.
    error : float
        How far ``largest`` can be from the truth, in discounted utility.
    inexact : float
        Most of it that can be due to the residual, in discounted utility.
    state : mapping of str to str
        Where it is largest.
    today : float or None
        At the status quo; None where there is none.
    slip : float
        Largest loss at one chance to move, going on as before: discounted utility.
    slip_bound : float
        What logit choice can lose at a chance to move: log(moves) / precision, infinite at zero.
    """

    actor: str
    largest: float
    share: float
    error: float
    inexact: float
    state: Mapping[str, str]
    today: float | None
    slip: float
    slip_bound: float

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON; an infinite bound is None."""
        return plain_fields(self)


@dataclass(frozen=True, eq=False)
class Certificate(Result):
    """What is known about how far an equilibrium can be trusted.

    Attributes
    ----------
    residual : float
        Largest imbalance of the equations, in spans of utility a year, over all games solved;
        measured anew.
    sweeps, points : int
    folds : tuple of float
        Shares of the precision near which the branch folds.
    pace : float
        Factor by which one plain sweep shrinks a small error at the solution (above 1: grows it).
    pace_alone : float
        The same if choices did not react to values: what discounting alone gives.
    regrets : tuple of Regret
        One per actor, in the game on which it acts.
    starts : mapping of str to Starts
        What other starts led to: under "" in the true game, under an actor's name in its view.
        Empty when not asked.
    branch : str
        What the solver noted where following the branch took long.
    """

    residual: float
    sweeps: int
    points: int
    folds: tuple[float, ...]
    pace: float
    pace_alone: float
    regrets: tuple[Regret, ...]
    starts: Mapping[str, Starts]
    branch: str = ""

    @property
    def slow(self) -> str:
        """Why solving was slow, if it was, and what would quicken it; else empty."""
        if self.folds:
            where = ", ".join(show(share, "share") for share in sorted(self.folds)[:_NAMED])
            first = f"{len(self.folds)} times, first " if len(self.folds) > _NAMED else ""
            return (
                f"the branch folds {first}near {where} of the precision and was followed round; "
                "a lower precision avoids it"
            )
        if self.pace >= 1.0:
            return (
                "choices react to values so strongly that plain sweeps run away "
                f"(an error grows {self.pace:.2f}-fold a sweep); a lower precision, a higher "
                "discount rate or costs of moving would calm them"
            )
        if self.pace > _SLOW and self.sweeps > _MANY:
            cause = (
                "actors are patient beside how often they move"
                if self.pace_alone > _SLOW
                else "choices react strongly to values, as near a fold"
            )
            return f"{cause}: a plain sweep leaves {show(self.pace, 'tenths')} of an error"
        return self.branch

    def __str__(self) -> str:
        """Return a text of a few lines, 80 columns wide."""
        lines = [
            "Certificate",
            f"  residual {self.residual:.1e} spans of utility a year after {self.sweeps} sweeps, "
            f"{self.points} points",
            "  regret, the gain by the best own plan while the others choose as they do:",
        ]
        rows = [["actor", "largest", "of range", "today", "slip", "may slip", "error"]]
        for row in self.regrets:
            today = "" if row.today is None else show(row.today, "fine", 4)
            rows.append(
                [row.actor[:12], show(row.largest, "fine", 4), show(row.share, "tenths"), today,
                 show(row.slip, "fine"), show(row.slip_bound, "fine"),
                 f"{max(row.error, 1e-15):.0e}"]
            )  # fmt: skip
        lines += table(rows, "<12 >9 >9 >9 >9 >9 >6", " ", "    ")
        for row in self.regrets:
            where = ", ".join(f"{name} {level}" for name, level in row.state.items())
            lines += _wrapped(f"{row.actor} regrets most at {where}")
        inexact = max((row.inexact for row in self.regrets), default=0.0)
        lines += _wrapped(
            "Logit choice errs by design: at one chance to move it slips by log(moves) / precision "
            f"at most. That is the price of imprecise choice; of the regret no more than "
            f"{inexact:.0e} can come from inexact solving."
        )
        for owner, found in self.starts.items():
            lines += _wrapped(f"{f'in the view of {owner}, ' if owner else ''}{found}")
        if self.slow:
            lines += _wrapped(f"slow: {self.slow}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return everything, ready for JSON."""
        return {
            **plain_fields(self, "residual", "sweeps", "points", "folds"),
            **plain_fields(self, "pace", "pace_alone", "slow", "regrets"),
            "starts": {owner or "true": found.to_dict() for owner, found in self.starts.items()},
        }

    def to_pandas(self) -> Any:
        """Return the regrets, one row per actor, as a DataFrame (needs pandas)."""
        return data_frame([row.to_dict() for row in self.regrets]).set_index("actor")


def certify(equilibrium: Equilibrium, starts: int = 20, rng: Seed = 1) -> Certificate:
    """Certify an equilibrium.

    Parameters
    ----------
    starts : int
        Other starting points to solve from, in each game; 0 leaves this out.
    rng : int, numpy Generator or None
        For the starts.

    Raises
    ------
    InputError
        For a negative number of starts.

    Examples
    --------
    >>> from detente import Conflict
    >>> conflict = Conflict.build(
    ...     options={"us": {"offer": ["none", "some"]}}, utility={"us": [0.0, 1.0]},
    ...     precision={"us": 0.5},
    ... )
    >>> found = certify(conflict.equilibrium(), starts=5)
    >>> found.regrets[0].slip <= found.regrets[0].slip_bound
    True
    >>> len(found.starts[""].others)
    0

    See Also
    --------
    detente.equilibrium._starts.from_elsewhere : the other starts alone.
    """
    actors = equilibrium.conflict.actors
    solved = {"": equilibrium} if set(actors) - set(equilibrium.beliefs) else {}
    solved |= equilibrium.beliefs
    found = [_pace(*_plain(e)) for e in solved.values()]
    pace, alone = max((pace, alone) for _, pace, alone in found)
    return Certificate(
        residual=max(residual for residual, _, _ in found),
        sweeps=equilibrium.sweeps,
        points=equilibrium.points,
        folds=equilibrium.folds,
        pace=pace,
        pace_alone=alone,
        regrets=tuple(_regret(equilibrium.believed(a), k) for k, a in enumerate(actors)),
        starts={owner: from_elsewhere(e, starts, rng) for owner, e in solved.items()}
        if starts
        else {},
        branch=equilibrium.slow,
    )


def _plain(equilibrium: Equilibrium) -> tuple[TimedGame, Floats]:
    small, states = drop_unused_levels(equilibrium.conflict)
    return pack(small), np.ascontiguousarray(equilibrium.scaled[states])


def _regret(equilibrium: Equilibrium, actor: int) -> Regret:
    conflict = equilibrium.conflict
    small, states = drop_unused_levels(conflict)
    game, values = pack(small), np.ascontiguousarray(equilibrium.scaled[states])
    best = best_values(game, values, actor)
    live = states[game.feasible]
    lost = best.value - values[game.feasible, actor]
    worst, unit = int(lost.argmax()), float(game.span[actor])
    discount, precision = float(game.discount[actor]), float(game.precision[actor])
    inexact = unit * _residual(game, values) / discount
    own = slice(game.layout.first[actor], game.layout.stop[actor])
    moves = float(np.prod(game.layout.size[own]))
    today = None
    if conflict.status_quo is not None and conflict.feasible[conflict.status_quo]:
        today = unit * max(float(lost[np.searchsorted(live, conflict.index())]), 0.0)
    return Regret(
        actor=conflict.actors[actor],
        largest=unit * max(float(lost[worst]), 0.0),
        share=discount * max(float(lost[worst]), 0.0),
        error=unit * best.error + inexact,
        inexact=inexact,
        state=conflict.space.label(int(live[worst])),
        today=today,
        slip=unit * float(best.slip.max()),
        slip_bound=unit * float(np.log(moves)) / precision if precision > 0.0 else np.inf,
    )


def _residual(game: TimedGame, values: Floats) -> float:
    kernel, priced = kernels(game.allowed, game.cost, game.layout, game.precision)
    point = np.ascontiguousarray(values.T)
    return float(sweep(game, game.precision, kernel, priced, point, np.empty_like(point)))


def _pace(game: TimedGame, values: Floats) -> tuple[float, float, float]:
    """Return the residual, and the factor of a sweep on a small error: there is, and by patience.

    The factor is found by power iteration.
    """
    kernel, priced = kernels(game.allowed, game.cost, game.layout, game.precision)
    point = np.ascontiguousarray(values.T)
    image, moved = np.empty_like(point), np.empty_like(point)
    residual = float(sweep(game, game.precision, kernel, priced, point, image))
    error = np.where(game.feasible, np.random.default_rng(1).normal(size=point.shape), 0.0)
    small = 1e-6 * (1.0 + float(np.abs(values).max()))
    growth = []
    for _ in range(_PACE_SWEEPS):
        size = float(np.abs(error).max())
        if size == 0.0:
            break
        error *= small / size
        sweep(game, game.precision, kernel, priced, point + error, moved)
        error = moved - image
        growth.append(float(np.abs(error).max()) / small)
    late = np.maximum(growth[len(growth) // 2 :], 1e-300)
    everyone = float(game.rate.sum()) + game.leave[game.feasible]
    alone = float((everyone / (game.discount.min() + everyone)).max())
    return residual, float(np.exp(np.log(late).mean())) if growth else 0.0, alone


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="    ")
