"""The one-shot game of a conflict: every actor chooses levels of all its options, all at once.

An actor's choices are the joint levels of its own options; from a given state, those that a legal
move leads to. The payoff is the utility of the state that results, less the cost of the own change
on request. Conditions stay at a stated level. Cost: O(actors x profiles of choices).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from detente.conflict import Conflict, State, freeze
from detente.errors import InputError
from detente.text import Result, show, suggestion, table
from detente.values import Bools, Floats, Ints

if TYPE_CHECKING:
    from detente.oneshot._mixed import MixedEquilibria
    from detente.oneshot._profile import StrategyProfile
    from detente.oneshot._pure import PureEquilibria
    from detente.oneshot._quantal import QuantalResponse

Rule = Literal["refuse", "worst", "stay"]

_WIDEST_TABLE = 6


@dataclass(frozen=True, eq=False)
class OneShot(Result):
    """A game in normal form; made by `one_shot`.

    Attributes
    ----------
    conflict : Conflict
    choices : mapping of str to tuple of mapping
        By actor, levels by option (``actor.option``) of each of its choices.
    payoff : mapping of str to ndarray
        By actor, of `shape`.
    state : ndarray of int
        Flat index of the state that each profile of choices leads to, of `shape`.
    start : int or None
        Flat index of the state that the choices are made from.
    infeasible : ndarray of bool
        Profiles that lead to no feasible state, of `shape`; the rule says what they pay.
    rule : {"refuse", "worst", "stay"}
    costs : bool
        Whether payoffs are less the cost of change.
    """

    conflict: Conflict
    choices: Mapping[str, tuple[Mapping[str, str], ...]]
    payoff: Mapping[str, Floats]
    state: Ints
    start: int | None
    infeasible: Bools
    rule: Rule
    costs: bool

    @property
    def actors(self) -> tuple[str, ...]:
        """The actors, in the order of the axes."""
        return self.conflict.actors

    @property
    def shape(self) -> tuple[int, ...]:
        """How many choices each actor has."""
        return self.state.shape

    @property
    def choosing(self) -> tuple[str, ...]:
        """The actors with more than one choice."""
        return tuple(a for a, n in zip(self.actors, self.shape, strict=True) if n > 1)

    def span(self, actor: str) -> float:
        """Return the largest difference of an actor's payoffs; 1 where all are equal."""
        self.conflict.space.of(actor)
        return float(np.ptp(self.payoff[actor])) or 1.0

    def name(self, actor: str, choice: int) -> str:
        """Return a choice in words."""
        self.conflict.space.of(actor)
        if not 0 <= choice < (count := len(self.choices[actor])):
            raise InputError(f"{actor} has no choice {choice}; its choices are 0 to {count - 1}")
        levels = self.choices[actor][choice].items()
        return ", ".join(f"{name.rpartition('.')[2]} {level}" for name, level in levels)

    def profile(self, mix: Mapping[str, Any]) -> StrategyProfile:
        """Return what a profile of choices is worth to everyone, and what deviating would gain.

        Parameters
        ----------
        mix : mapping
            By actor, the probability of each of its choices, or the number of the one it takes.
        """
        from detente.oneshot._profile import strategy_profile

        return strategy_profile(self, mix)

    def pure(self) -> PureEquilibria:
        """Return all Nash equilibria in pure choices; see `detente.oneshot.pure_equilibria`."""
        from detente.oneshot._pure import pure_equilibria

        return pure_equilibria(self)

    def mixed(
        self,
        progress: Callable[[int, int, int], None] | None = None,
        *,
        time_limit: float = 60.0,
    ) -> MixedEquilibria:
        """Return all Nash equilibria, if two choose; see `detente.oneshot.mixed_equilibria`."""
        from detente.oneshot._mixed import mixed_equilibria

        return mixed_equilibria(self, progress, time_limit=time_limit)

    def qre(self, precision: float | Mapping[str, float] | None = None) -> QuantalResponse:
        """Return the logit equilibrium traced from 0; see `detente.oneshot.quantal_response`."""
        from detente.oneshot._quantal import quantal_response

        return quantal_response(self, precision)

    def __str__(self) -> str:
        """Return the payoffs of two actors with few choices as a table, or else the choices."""
        sizes = " x ".join(map(str, self.shape))
        lines = [f"One-shot game of {', '.join(self.actors)}: {sizes} choices"]
        if self.start is not None:
            lines.append(f"  from {self.conflict.space.words(self.start)}")
        ordinal = [actor for actor in self.actors if not self.conflict.cardinal[actor]]
        if ordinal:
            lines.append(f"  payoffs of {', '.join(ordinal)} are ranks scaled to 0..1")
        if self.infeasible.any():
            lines.append(
                f"  {int(self.infeasible.sum()):,} of {self.state.size:,} profiles lead to no "
                f"feasible state: {_RULES[self.rule]}"
            )
        if len(self.shape) == 2 and max(self.shape) <= _WIDEST_TABLE:
            return "\n".join([*lines, *self._table()])
        for actor in self.actors:
            lines.append(f"  {actor}:")
            count = len(self.choices[actor])
            lines += [f"    {self.name(actor, k)}" for k in range(min(count, 2 * _WIDEST_TABLE))]
            if count > 2 * _WIDEST_TABLE:
                lines.append(f"    and {count - 2 * _WIDEST_TABLE:,} more")
        return "\n".join(lines)

    def _table(self) -> list[str]:
        row, column = self.actors
        rows = [["", *(self.name(column, k) for k in range(self.shape[1]))]]
        for i, pairs in enumerate(zip(self.payoff[row], self.payoff[column], strict=True)):
            cells = (
                ", ".join(show(value, "fine", 4) for value in pair)
                for pair in zip(*pairs, strict=True)
            )
            rows.append([self.name(row, i), *cells])
        return table(rows, "< >", indent="  ")

    def to_dict(self) -> dict[str, Any]:
        """Return choices and payoffs, ready for JSON."""
        return {
            "actors": list(self.actors),
            "start": None if self.start is None else self.conflict.label(self.start),
            "choices": {actor: [dict(c) for c in self.choices[actor]] for actor in self.actors},
            "payoff": {actor: self.payoff[actor].tolist() for actor in self.actors},
            "infeasible": int(self.infeasible.sum()),
            "rule": self.rule,
            "costs": self.costs,
        }

    def to_pandas(self) -> Any:
        """Return one row per profile, with the payoffs, as a DataFrame (needs pandas)."""
        import pandas as pd

        names = [[self.name(a, k) for k in range(len(self.choices[a]))] for a in self.actors]
        index = pd.MultiIndex.from_product(names, names=list(self.actors))
        return pd.DataFrame({a: self.payoff[a].reshape(-1) for a in self.actors}, index=index)


_RULES: Mapping[Rule, str] = {
    "refuse": "refused",
    "worst": "each actor gets its lowest payoff",
    "stay": "everything stays as it is",
}


def one_shot(
    conflict: Conflict,
    state: State | None = None,
    conditions: Mapping[str, str | int] | None = None,
    *,
    costs: bool = False,
    infeasible: Rule = "refuse",
) -> OneShot:
    """Return the one-shot game of a conflict.

    Parameters
    ----------
    conflict : Conflict
        Its timing and its views have no place here: all actors know the game as it is.
    state : state, optional
        Where the choices are made from: only what a legal move leads to can be chosen, and what a
        mapping leaves out is as in the status quo. Without it everything can be chosen.
    conditions : mapping, optional
        Levels of conditions; of ``state``, or of the status quo, by default.
    costs : bool
        Whether an actor pays the cost of changing its options from ``state``.
    infeasible : {"refuse", "worst", "stay"}
        What to do about choices that together lead to no feasible state: refuse the game, give each
        actor its lowest payoff, or let everything stay at ``state``, at no cost. A choice that is
        infeasible whatever the others do is left out.

    Raises
    ------
    InputError
        When a condition has no level, costs or a rule lack a state, or the game is refused.

    See Also
    --------
    detente.stability.Stability : moves and answers to them, one actor at a time.
    detente.equilibrium._solve : the game in time.

    Examples
    --------
    >>> conflict = Conflict.build(
    ...     options={"row": {"act": ["swerve", "drive"]}, "col": {"act": ["swerve", "drive"]}},
    ...     utility={"row": [[3, 2], [4, 1]], "col": [[3, 4], [2, 1]]},
    ... )
    >>> game = one_shot(conflict)
    >>> print(game)
    One-shot game of row, col: 2 x 2 choices
                  act swerve  act drive
      act swerve        3, 3       2, 4
      act drive         4, 2       1, 1
    >>> game.pure().states()
    ({'row.act': 'swerve', 'col.act': 'drive'}, {'row.act': 'drive', 'col.act': 'swerve'})
    """
    if infeasible not in _RULES:
        raise InputError(f"infeasible is {infeasible!r}; use refuse, worst or stay")
    if state is None and (costs or infeasible == "stay"):
        what = "costs of change" if costs else "staying"
        raise InputError(
            f"{what} need a state to change from; give one (--state today, state={{}})"
        )
    space = conflict.space
    start = None if state is None else conflict.index(state)
    here = None if start is None else space.position(start)
    nature = _nature(conflict, here, conditions)
    kept, offsets, dues = [], [], []
    for actor in conflict.actors:
        own = space.of(actor)
        sizes = [space.shape[k] for k in own]
        levels = np.indices(sizes).reshape(len(sizes), -1)
        due = np.zeros(levels.shape[1])
        chosen = np.arange(levels.shape[1])
        if here is not None:
            legal = [conflict.allowed[k][here[k]][levels[n]] for n, k in enumerate(own)]
            chosen = np.flatnonzero(np.logical_and.reduce(legal))
            due = sum((conflict.cost[k][here[k]][levels[n]] for n, k in enumerate(own)), due)
        kept.append(chosen)
        dues.append(due[chosen])
        offsets.append(chosen * space.block(actor)[2])
    states = np.asarray(sum(np.meshgrid(*offsets, indexing="ij", sparse=True)) + nature)
    possible = conflict.feasible.reshape(-1)[states]
    if not possible.any():
        raise InputError(
            f"no choices lead to a feasible state{_given(conflict, nature)}; give another state "
            "(--state, state=) or other conditions"
        )
    axes = range(len(kept))
    used = [np.asarray(possible.any(axis=tuple(o for o in axes if o != k))) for k in axes]
    states, possible = states[np.ix_(*used)], possible[np.ix_(*used)]
    if infeasible == "refuse" and not possible.all():
        words = conflict.space.words(int(states[~possible][0]))
        raise InputError(
            f"choices that are each possible lead to {int((~possible).sum()):,} infeasible states, "
            f"such as {words}; say what becomes of them, worst or stay (--infeasible, infeasible=)"
        )
    payoff = {}
    for k, actor in enumerate(conflict.actors):
        pays = conflict.utility[actor].reshape(-1)[states].astype(np.float64)
        if costs:
            pays -= dues[k][used[k]].reshape([-1 if j == k else 1 for j in axes])
        if not possible.all():
            stays = infeasible == "stay"
            other = conflict.utility[actor].reshape(-1)[start] if stays else pays[possible].min()
            pays[~possible] = other
        payoff[actor] = freeze(pays)
    if start is not None and infeasible == "stay":
        states = np.where(possible, states, start)
    choices = {
        actor: _choices(conflict, actor, kept[k][used[k]])
        for k, actor in enumerate(conflict.actors)
    }
    return OneShot(conflict, choices, payoff, states, start, ~possible, infeasible, costs)


def _nature(
    conflict: Conflict,
    here: Sequence[int] | None,
    conditions: Mapping[str, str | int] | None,
) -> int:
    """Return what the conditions' levels add to the flat index."""
    space, given = conflict.space, dict(conditions or {})
    today = here if here is not None else conflict.status_quo
    flat = 0
    for k in space.conditions:
        axis = space.axes[k]
        if axis.name in given:
            level = axis.level(given.pop(axis.name))
        elif today is not None:
            level = today[k]
        else:
            raise InputError(f"a one-shot game needs a level of {axis.name}; give it in conditions")
        flat += level * space.strides[k]
    if given:
        name = next(iter(given))
        hint = suggestion(str(name), conflict.conditions, "condition")
        raise InputError(f"there is no condition {name!r}; {hint}")
    return flat


def _choices(
    conflict: Conflict, actor: str, kept: NDArray[np.intp]
) -> tuple[Mapping[str, str], ...]:
    axes = [conflict.space.axes[k] for k in conflict.space.of(actor)]
    joint = list(product(*(axis.levels for axis in axes)))
    return tuple(
        dict(zip([axis.name for axis in axes], joint[k], strict=True)) for k in kept.tolist()
    )


def _given(conflict: Conflict, nature: int) -> str:
    label = conflict.label(nature)
    levels = ", ".join(f"{name} {label[name]}" for name in conflict.conditions)
    return f" at {levels}" if levels else ""
