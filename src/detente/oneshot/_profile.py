"""A profile of choices, pure or mixed: what it pays, and what each actor could gain by deviating.

The regret of an actor is the payoff of its best reply less what it gets; a profile is a Nash
equilibrium where all regrets are zero. Cost: O(actors x profiles of pure choices).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from detente.errors import InputError
from detente.oneshot._game import OneShot
from detente.text import THIN, Result, show
from detente.values import Floats, data_frame

_SHOWN = 5e-4
"""Choices less likely than this are counted, not listed, when a profile prints itself."""

_ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class StrategyProfile(Result):
    """What every actor chooses, independently; made by `OneShot.profile`.

    Attributes
    ----------
    game : OneShot
    mix : mapping of str to ndarray
        By actor, the probability of each choice.
    """

    game: OneShot
    mix: Mapping[str, Floats]

    @cached_property
    def replies(self) -> Mapping[str, Floats]:
        """What each choice of an actor pays against the others, by actor."""
        mixes = list(self.mix.values())
        return {
            actor: against(self.game.payoff[actor], mixes, k)
            for k, actor in enumerate(self.game.actors)
        }

    @cached_property
    def payoff(self) -> Mapping[str, float]:
        """Expected payoff by actor."""
        return {actor: float(self.mix[actor] @ reply) for actor, reply in self.replies.items()}

    @cached_property
    def regret(self) -> Mapping[str, float]:
        """What each actor would gain by its best reply, in its own payoffs."""
        return {
            actor: max(float(reply.max()) - self.payoff[actor], 0.0)
            for actor, reply in self.replies.items()
        }

    @property
    def largest_regret(self) -> float:
        """The largest regret of an actor, as a share of the span of its payoffs."""
        return max(self.regret[actor] / self.game.span(actor) for actor in self.game.actors)

    @property
    def infeasible(self) -> float:
        """Probability that the choices lead to no feasible state; 0 where all then stays."""
        if self.game.rule == "stay":
            return 0.0
        return float(against(self.game.infeasible.astype(np.float64), list(self.mix.values())))

    def probability(self) -> Floats:
        """Return the probability of each profile of pure choices, of the game's shape."""
        joint = np.ones(())
        for mix in self.mix.values():
            joint = np.multiply.outer(joint, mix)
        return joint

    def __str__(self) -> str:
        """Return one line per actor."""
        width = max(map(len, self.game.actors))
        lines = []
        for actor, mix in self.mix.items():
            shown = [k for k in np.argsort(-mix, kind="stable") if mix[k] >= _SHOWN]
            words = [
                self.game.name(actor, int(k))
                + ("" if mix[k] > 1 - _SHOWN else f" {show(mix[k], 'tenths')}")
                for k in shown
            ]
            rest = int((mix > 0).sum()) - len(shown)
            if rest:
                words.append(f"{rest:,} more, each below {100 * _SHOWN:g}{THIN}%")
            payoff = show(self._pays(actor), "fine", 4)
            lines.append(f"{actor:{width}}  {'; '.join(words)} (payoff {payoff})")
        if self.infeasible >= _SHOWN:
            lines.append(f"leads to no feasible state with {show(self.infeasible, 'tenths')}")
        return "\n".join(lines)

    def _pays(self, actor: str) -> float:
        """Return an actor's payoff, with rounding around zero taken off."""
        pays = self.payoff[actor]
        return pays if abs(pays) > _ROUNDING * self.game.span(actor) else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return probabilities, payoffs and regrets, ready for JSON."""
        return {
            "mix": {
                actor: [
                    {"choice": dict(self.game.choices[actor][k]), "probability": float(p)}
                    for k, p in enumerate(mix)
                    if p > 0
                ]
                for actor, mix in self.mix.items()
            },
            "payoff": dict(self.payoff),
            "regret": dict(self.regret),
        }

    def to_pandas(self) -> Any:
        """Return one row per choice of an actor as a DataFrame (needs pandas)."""
        rows = [
            (actor, self.game.name(actor, k), float(p), float(self.replies[actor][k]))
            for actor, mix in self.mix.items()
            for k, p in enumerate(mix)
        ]
        return data_frame(rows, columns=["actor", "choice", "probability", "payoff"])


def strategy_profile(game: OneShot, mix: Mapping[str, Any]) -> StrategyProfile:
    """Return a profile after checking it.

    Parameters
    ----------
    mix : mapping
        By actor, the probability of each choice, or the number of the one it takes.

    Raises
    ------
    InputError
        When an actor is missing or unknown, or what it is given is neither choice nor distribution.
    """
    for actor in mix:
        game.conflict.space.of(actor)
    if len(mix) < len(game.actors):
        raise InputError(f"a profile says what each of {', '.join(game.actors)} chooses; give that")
    mixes = {}
    for actor in game.actors:
        count = len(game.choices[actor])
        given = mix[actor]
        if isinstance(given, int | np.integer):
            if not 0 <= given < count:
                raise InputError(f"{actor} has no choice {given}; its choices are 0 to {count - 1}")
            mixes[actor] = np.eye(count)[given]
            continue
        share = np.array(given, dtype=np.float64)
        if share.shape != (count,):
            raise InputError(f"{actor} has {count} choices; give a probability for each")
        if not (np.isfinite(share).all() and share.min() >= 0 and abs(share.sum() - 1) < 1e-9):
            raise InputError(f"the probabilities of {actor} must be zero or more and sum to one")
        mixes[actor] = share
    return StrategyProfile(game, mixes)


def against(payoff: Floats, mixes: Sequence[Floats], *kept: int) -> Floats:
    """Average payoffs over the choices of all actors but those kept, whose axes remain in order."""
    for axis in range(len(mixes) - 1, -1, -1):
        if axis not in kept:
            payoff = np.tensordot(payoff, mixes[axis], axes=(axis, 0))
    return payoff
