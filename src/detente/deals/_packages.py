"""Packages over time: an offer that grows while a condition is met and is withdrawn when it is not.

The payer binds one of its options to a rule (`detente.deals._rule`): while the trigger holds, the
offer climbs a ladder of levels; while it is broken, it goes down. Three schedules, each of whose
answers takes ``delay`` years on average (an exponential time, so that the chain stays exact):

============ ============================= ====================================
schedule     while the trigger holds       while it is broken
============ ============================= ====================================
all at once  to the top in one answer      to the bottom in one answer
step by step one rung up an answer         one rung down an answer
snap-back    one rung up an answer         to the bottom in one answer
============ ============================= ====================================

Announced, all actors know the rule from today, the payer keeps it, and the timed game is solved
anew: they act now for what the rule will bring. The payer moves its other options as it likes.
Unheard, the same rule runs while everybody goes on acting on the equilibrium without a deal. For
comparison: no deal, in which the payer moves the option as it likes, and the top level held
throughout. Cost: an equilibrium per row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.conflict import Conflict
from detente.deals._offers import flows
from detente.deals._question import DealQuestion
from detente.deals._rule import contingent, unannounced
from detente.equilibrium import Equilibrium, changed_conflict, solve
from detente.errors import InputError
from detente.text import Result, precise, show, suggestion, table
from detente.values import Floats, data_frame, plain_fields

SCHEDULES = ("all at once", "step by step", "snap-back")


@dataclass(frozen=True, eq=False)
class ScheduleOutcome:
    """What one schedule brings about.

    Attributes
    ----------
    schedule : str
        ``no deal``, one of `SCHEDULES`, or ``held``.
    probability : float
        That the wanted behaviour comes about within the horizon.
    unannounced : float
        The same when nobody knows of the rule.
    wanted, offered : float
        Expected share of the horizon in which the wanted behaviour holds, and in which the offer
        is not at the bottom.
    flow : mapping of str to float
        Each actor's equilibrium value at the start, as an average flow a year.
    """

    schedule: str
    probability: float
    unannounced: float
    wanted: float
    offered: float
    flow: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome, ready for JSON."""
        return plain_fields(self)


@dataclass(frozen=True, eq=False)
class Packages(Result):
    """Schedules of one offer, compared; made by `packages`.

    Attributes
    ----------
    question : DealQuestion
    ladder : tuple of str
        Levels of the offer from the bottom up.
    trigger : str
    delay : float
        Years that an answer takes on average.
    outcomes : tuple of ScheduleOutcome
        No deal first; the top level held throughout last, where the start can have it.
    """

    question: DealQuestion
    ladder: tuple[str, ...]
    trigger: str
    delay: float
    outcomes: tuple[ScheduleOutcome, ...]

    def gain(self, schedule: str) -> dict[str, float]:
        """Return what each actor has more a year than without a deal, by its own value."""
        today, found = self.outcomes[0].flow, self[schedule].flow
        return {actor: found[actor] - today[actor] for actor in today}

    def __getitem__(self, schedule: str) -> ScheduleOutcome:
        """Return one outcome by the name of its schedule."""
        named = {outcome.schedule: outcome for outcome in self.outcomes}
        if schedule not in named:
            hint = suggestion(str(schedule), named, "schedule")
            raise InputError(f"there is no schedule {schedule!r}; {hint}")
        return named[schedule]

    def __str__(self) -> str:
        """Return a table of the schedules."""
        question = self.question
        actors = [actor[:8] for actor in self.outcomes[0].flow]
        rows = [
            ["", f"within {precise(question.horizon)} y", "unheard", "held", "offered", *actors]
        ]
        for outcome in self.outcomes:
            gains = (show(gain, "signed") for gain in self.gain(outcome.schedule).values())
            rows.append(
                [
                    outcome.schedule,
                    show(outcome.probability, "tenths"),
                    show(outcome.unannounced, "tenths"),
                    show(outcome.wanted, "share"),
                    show(outcome.offered, "share"),
                    *gains,
                ]
            )
        return "\n".join(
            [
                f"{question.offer}: {' < '.join(self.ladder)}",
                f"  while {self.trigger}; an answer takes {show(self.delay, 'plain')} years",
                *table(rows, "<12 >10 >7 >5 >7 >8", " ", "  "),
            ]
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison, ready for JSON."""
        return {
            **plain_fields(self.question, "want", "offer"),
            **plain_fields(self, "ladder", "trigger", "delay"),
            "horizon": self.question.horizon,
            "outcomes": [
                {**outcome.to_dict(), "gain": self.gain(outcome.schedule)}
                for outcome in self.outcomes
            ],
        }

    def to_pandas(self) -> Any:
        """Return the comparison as a DataFrame, one row per schedule (needs pandas)."""
        return data_frame(
            [
                {
                    "schedule": outcome.schedule,
                    "probability": outcome.probability,
                    "unannounced": outcome.unannounced,
                    "wanted": outcome.wanted,
                    "offered": outcome.offered,
                    **{f"gain {a}": gain for a, gain in self.gain(outcome.schedule).items()},
                }
                for outcome in self.outcomes
            ]
        )


def packages(
    question: DealQuestion,
    level: str | int | None = None,
    *,
    trigger: str | None = None,
    delay: float | None = None,
    without: Equilibrium | None = None,
    brief: bool = False,
) -> Packages:
    """Compare schedules of an offer that depends on what is done.

    Parameters
    ----------
    question : DealQuestion
        About one of the payer's options; see `detente.deals.deal_question`.
    level : str or int, optional
        Top of the ladder, the option's last level by default. Its bottom is the level at the
        start. Levels between the two are rungs where the levels are ordered.
    trigger : str, optional
        State formula; the wanted behaviour by default.
    delay : float, optional
        Years that an answer takes on average; by default those between the payer's own chances
        to move.
    without : Equilibrium, optional
        Of the question's conflict, where it has been solved already.
    brief : bool
        Leaves ``unannounced``, ``wanted`` and ``offered`` out, as nan: half the time.

    Raises
    ------
    InputError
        When the question is not about an option, the top is the bottom, the option cannot make a
        step of the ladder, the delay is not positive, or the trigger is not a formula.
    AnalysisError
        When the game under a rule cannot be solved.

    Examples
    --------
    >>> from detente.deals import deal_question
    >>> conflict = Conflict.build(
    ...     options={"us": {"offer": ["none", "some", "much"]}, "china": {"help": ["no", "yes"]}},
    ...     utility={"us": [[0, 5], [-1, 4], [-2, 3]], "china": [[1, 0], [2, 1], [4, 3]]},
    ...     status_quo=0,
    ... )
    >>> found = packages(deal_question(conflict, "china.help == yes", "china", "us", "us.offer"))
    >>> found["no deal"].wanted < found["step by step"].wanted < found["all at once"].wanted
    True

    See Also
    --------
    detente.deals._price : offers that stand from the start.
    """
    conflict, option = question.conflict, question.offer
    ladder = _ladder(question, level)
    if delay is None:
        pace = conflict.rates[question.payer]
        if not pace > 0.0:
            raise InputError(f"{question.payer} never has a chance to move; give a delay in years")
        delay = 1.0 / pace
    if not (np.isfinite(delay) and delay > 0.0):
        raise InputError(f"delay is {delay:g}; give a positive number of years")
    trigger = question.want if trigger is None else trigger
    names = conflict.space.axes[conflict.space.axis(option)].levels
    conflict.where(trigger)
    today = solve(conflict) if without is None else without

    def outcome(name: str, world: Conflict) -> ScheduleOutcome:
        same = name == "no deal"
        solved = today if same else solve(world)
        deaf = None if brief else today if same else unannounced(today, world, option)
        return _course(question, name, solved, deaf, names[ladder[0]])

    size = len(names)
    outcomes = [outcome("no deal", conflict)]
    for name in SCHEDULES:
        met, broken = _rates(name, ladder, size, 1.0 / delay)
        outcomes.append(outcome(name, contingent(conflict, option, trigger, met, broken)))
    held = changed_conflict(conflict, {option: ladder[-1]})
    if held.status_quo is not None and held.feasible[held.status_quo]:
        nothing = np.zeros((size, size))
        outcomes.append(outcome("held", contingent(held, option, trigger, nothing, nothing)))
    rungs = tuple(names[rung] for rung in ladder)
    return Packages(question, rungs, trigger, delay, tuple(outcomes))


def _course(
    question: DealQuestion, name: str, solved: Equilibrium, deaf: Equilibrium | None, bottom: str
) -> ScheduleOutcome:
    years, want = question.horizon, question.want
    asked, away = f"F[0, {years!r}] ({want})", f"{question.offer} != {bottom}"
    return ScheduleOutcome(
        schedule=name,
        probability=solved.probability(asked, error=1e-9).value,
        unannounced=np.nan if deaf is None else deaf.probability(asked, error=1e-9).value,
        wanted=np.nan if deaf is None else solved.accumulated(want, years).value / years,
        offered=np.nan if deaf is None else solved.accumulated(away, years).value / years,
        flow=flows(solved, solved.conflict),
    )


def _ladder(question: DealQuestion, level: str | int | None) -> list[int]:
    if question.kind != "level":
        raise InputError(
            f"a package is about an option of {question.payer}'s, not {question.offer}; name one"
        )
    conflict, option = question.conflict, question.offer
    k = conflict.space.axis(option)
    axis, bottom = conflict.space.axes[k], (conflict.status_quo or ())[k]
    top = len(axis.levels) - 1 if level is None else axis.level(level)
    if top == bottom:
        raise InputError(
            f"{option} is at {axis.levels[top]} from the start; name another level to offer"
        )
    way = 1 if top > bottom else -1
    ladder = list(range(bottom, top + way, way)) if axis.ordered else [bottom, top]
    others = tuple(a for a in range(len(conflict.shape)) if a != k)
    possible = np.asarray(np.any(conflict.feasible, axis=others))
    if not possible[ladder].all():
        raise InputError(f"{option} cannot reach {axis.levels[top]} from the start; offer less")
    for one in ladder:
        for other in ladder:
            near = abs(ladder.index(one) - ladder.index(other)) == 1
            if (near or ladder[0] == other or (one, other) == (bottom, top)) and not (
                conflict.allowed[k][one, other]
            ):
                raise InputError(
                    f"{option} cannot go from {axis.levels[one]} to {axis.levels[other]}; a "
                    "package needs every step of its ladder, and the way back"
                )
    return ladder


def _rates(schedule: str, ladder: list[int], size: int, pace: float) -> tuple[Floats, Floats]:
    met, broken = np.zeros((size, size)), np.zeros((size, size))
    for rung in range(len(ladder) - 1):
        up = len(ladder) - 1 if schedule == "all at once" else rung + 1
        down = rung if schedule == "step by step" else 0
        met[ladder[rung], ladder[up]] = pace
        broken[ladder[rung + 1], ladder[down]] = pace
    return met, broken
