"""Who to move: what each parameter does for a wanted behaviour, per unit of what it costs actors.

Every parameter of the case is moved up and down by a share of its stated range (less at the ends of
the range), the game is solved anew, and the change of the wanted probability is set beside the
change of each actor's equilibrium value: central differences, with half the difference between the
slopes upwards and downwards, which says how far a straight line can be off. An actor that loses
while the probability rises bears a cost; its *yield* is the probability gained per unit of utility
a year that it loses. Where it gains, the move is free for it. Cost: two equilibria per parameter.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from detente.deals._offers import flows
from detente.deals._question import DealQuestion
from detente.equilibrium import solve
from detente.errors import InputError
from detente.text import Result, precise, show, suggestion, table
from detente.values import data_frame, plain_fields

_STEP = 0.05
_LEAST = 1e-9
_SHOWN = 8
_PAID = 4
_WORTH_TELLING = 0.01

Reached = tuple[float, dict[str, float]]


@dataclass(frozen=True)
class Lever:
    """What moving one parameter does.

    Attributes
    ----------
    parameter : str
    rises : bool
        Whether it has to rise for the wanted behaviour to become likelier; else it has to fall.
    effect : float
        Wanted probability gained by moving it, that way, by its whole stated range, at the slope at
        the case's values.
    bend : float or None
        Half the difference of that slope upwards and downwards; None at an end of the range.
    gain : mapping of str to float
        What each actor gains by the same move, in its utility a year; a loss is below zero.
    """

    parameter: str
    rises: bool
    effect: float
    bend: float | None
    gain: Mapping[str, float]

    def per_cost(self, actor: str) -> float | None:
        """Return the probability gained per unit an actor loses; None where it loses nothing."""
        if actor not in self.gain:
            hint = suggestion(str(actor), self.gain, "actor")
            raise InputError(f"there is no actor {actor!r}; {hint}")
        loss = -self.gain[actor]
        return self.effect / loss if loss > _LEAST else None

    def to_dict(self) -> dict[str, Any]:
        """Return the lever, ready for JSON."""
        return {
            "parameter": self.parameter,
            "move": "up" if self.rises else "down",
            "effect": self.effect,
            "bend": self.bend,
            "gain": dict(self.gain),
            "per_cost": {actor: self.per_cost(actor) for actor in self.gain},
        }


@dataclass(frozen=True, eq=False)
class Leverage(Result):
    """All levers of a question; made by `leverage`.

    Attributes
    ----------
    question : DealQuestion
    probability : float
        Wanted, at the case's values.
    step : float
        Share of the range by which parameters were moved either way.
    levers : tuple of Lever
        The largest effect first.
    """

    question: DealQuestion
    probability: float
    step: float
    levers: tuple[Lever, ...]

    def ranked(self, actor: str) -> tuple[Lever, ...]:
        """Return the levers by what an actor pays for them: free ones first, then by yield.

        Parameters
        ----------
        actor : str
        """

        def order(lever: Lever) -> tuple[bool, float]:
            ratio = lever.per_cost(actor)
            return (ratio is not None, -lever.effect if ratio is None else -ratio)

        return tuple(sorted(self.levers, key=order))

    def __str__(self) -> str:
        """Return the largest levers as a table."""
        actors = list(self.question.conflict.actors)
        rows = [["parameter", "move", "effect", *(actor[:8] for actor in actors)]]
        for lever in self.levers[:_SHOWN]:
            gains = (show(lever.gain[actor], "signed") for actor in actors)
            way = "up" if lever.rises else "down"
            rows.append([lever.parameter, way, show(lever.effect, "points"), *gains])
        return "\n".join(
            [
                f"who to move: {show(self.probability, 'tenths')} within "
                f"{precise(self.question.horizon)} years; at the slope, over a whole range",
                *table(rows, "< <4 >7 >8", " ", "  "),
                *(line for actor in actors for line in self._paid(actor)),
            ]
        )

    def _paid(self, actor: str) -> list[str]:
        """Return the levers that cost an actor least for what they do, of those that do a point."""
        told = [
            f"{lever.parameter} {'up' if lever.rises else 'down'} {show(ratio, 'signed')}"
            for lever in self.ranked(actor)
            if (ratio := lever.per_cost(actor)) is not None and lever.effect >= _WORTH_TELLING
        ]
        if not told:
            return []
        text = f"per unit of utility a year that {actor} loses: {', '.join(told[:_PAID])}"
        return textwrap.wrap(text, 80, initial_indent="  ", subsequent_indent="    ")

    def to_dict(self) -> dict[str, Any]:
        """Return the levers, ready for JSON."""
        return plain_fields(self, "probability", "step", "levers")

    def to_pandas(self) -> Any:
        """Return one row per lever as a DataFrame (needs pandas)."""
        return data_frame(
            [
                {
                    "parameter": lever.parameter,
                    "move": "up" if lever.rises else "down",
                    "effect": lever.effect,
                    "bend": lever.bend,
                    **{f"gain {actor}": gain for actor, gain in lever.gain.items()},
                    **{f"per cost {actor}": lever.per_cost(actor) for actor in lever.gain},
                }
                for lever in self.levers
            ]
        )


def leverage(
    question: DealQuestion, names: Sequence[str] | None = None, step: float = _STEP
) -> Leverage:
    """Return what moving each parameter does for the wanted behaviour, and what it costs whom.

    Parameters
    ----------
    question : DealQuestion
        About a conflict from a case.
    names : sequence of str, optional
        Parameters; by default all that have a range.
    step : float
        Share of the range to move either way, above 0 and at most 0.5.

    Raises
    ------
    InputError
        When the conflict is not from a case, a parameter does not exist or has no range, or the
        step is wrong.
    AnalysisError
        When a game cannot be solved.

    Examples
    --------
    >>> import detente
    >>> from detente.deals import deal_question
    >>> conflict = detente.load("sanctions").conflict()
    >>> asked = deal_question(conflict, "target.programme == dismantled", "target", "sender")
    >>> found = leverage(asked, ["worth"])
    >>> found.levers[0].rises, found.levers[0].effect > 10 * found.levers[0].bend
    (True, True)
    """
    case = question.conflict.case
    if case is None:
        raise InputError("only a conflict from a case has parameters to move; start from a case")
    if not 0.0 < step <= 0.5:
        raise InputError(f"step is {step:g}; give a share of the range, above 0 and at most 0.5")
    uncertain = [n for n, stated in case.parameters.items() if stated.low < stated.high]
    for name in names or ():
        if name not in uncertain:
            raise InputError(
                f"there is no parameter {name!r} with a range; {suggestion(name, uncertain, 'one')}"
            )
    base = _at(question, {})
    levers = [_lever(question, name, step, base) for name in names or uncertain]
    levers.sort(key=lambda lever: -lever.effect)
    return Leverage(question, base[0], step, tuple(levers))


def _lever(question: DealQuestion, name: str, step: float, base: Reached) -> Lever:
    stated = question.conflict.case.parameters[name]  # type: ignore[union-attr]
    here = float(question.conflict.numbers[name])
    span = stated.high - stated.low
    low, high = max(stated.low, here - step * span), min(stated.high, here + step * span)
    before = _at(question, {name: low}) if low < here else base
    after = _at(question, {name: high}) if high > here else base
    bend = None
    if low < here < high:
        rising = (after[0] - base[0]) / (high - here)
        bend = abs(rising - (base[0] - before[0]) / (here - low)) * span / 2.0
    share = (high - low) / span
    effect = (after[0] - before[0]) / share
    sign = 1.0 if effect >= 0.0 else -1.0
    gain = {actor: sign * (after[1][actor] - before[1][actor]) / share for actor in base[1]}
    return Lever(name, effect >= 0.0, abs(effect), bend, gain)


def _at(question: DealQuestion, values: Mapping[str, float]) -> Reached:
    """Return the wanted probability and every actor's flow at changed parameters."""
    conflict = question.with_parameters(values)
    solved = solve(conflict)
    asked = solved.probability(f"F[0, {question.horizon!r}] ({question.want})", error=1e-9)
    return asked.value, flows(solved, conflict)
