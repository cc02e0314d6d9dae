"""What each actor expects against what will happen: the first level of a hypergame, read off.

An actor expects the chain of the game that it believes in, where everybody else solves that game
too. What happens is the chain in which everyone acts on a belief of its own. Both are looked at
after the same time from the same state, variable by variable. Cost: two forecasts per actor, and
one sparse linear system for the value that it will get.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.linalg import LinearOperator, gmres

from detente.conflict import State
from detente.equilibrium import Equilibrium, assemble
from detente.errors import AnalysisError, InputError
from detente.forecast._paths import ExpectedPaths, expected_paths
from detente.text import Result, show, suggestion, table
from detente.values import Floats, data_frame, plain_fields

_SLIGHT = 0.005
"""Surprises below this are summed up in one line."""
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Expectation(Result):
    """One variable as one actor expects it, and as it will be.

    Attributes
    ----------
    actor, variable : str
        The variable is an option, a condition or an issue.
    surprise : float
        For levels the share of the probability that lies elsewhere than expected (total variation
        distance); for an issue the difference of the means, as a share of its range.
    expected, actual : mapping of str to float
        Probability by level; for an issue its mean, under the issue's name.
    """

    actor: str
    variable: str
    surprise: float
    expected: Mapping[str, float]
    actual: Mapping[str, float]

    @property
    def most(self) -> str:
        """The level whose probability is furthest from what the actor expects."""
        return max(self.actual, key=lambda level: abs(self.actual[level] - self.expected[level]))

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return plain_fields(self)


@dataclass(frozen=True, eq=False)
class Expectations(Result):
    """What every actor expects after some years, and what will happen.

    Attributes
    ----------
    years : float
    rows : tuple of Expectation
        Largest surprise first.
    value : mapping of str to (float, float)
        By actor its discounted utility from the start on: as it expects, and as it will be by the
        true utilities, costs and choices.
    lost : tuple of str
        Actors who believe that the start cannot be: they expect nothing.
    """

    years: float
    rows: tuple[Expectation, ...]
    value: Mapping[str, tuple[float, float]]
    lost: tuple[str, ...]

    def of(self, actor: str) -> tuple[Expectation, ...]:
        """Return the rows of one actor, largest surprise first."""
        if actor not in (actors := [*self.value, *self.lost]):
            hint = suggestion(str(actor), actors, "actor")
            raise InputError(f"there is no actor {actor!r}; {hint}")
        return tuple(row for row in self.rows if row.actor == actor)

    def __str__(self) -> str:
        """Return a table, largest surprise first, 80 columns wide."""
        shown = [row for row in self.rows if row.surprise >= _SLIGHT][:_SHOWN]
        lines = [f"What actors expect after {self.years:g} years, and what will happen"]
        rows = [["actor", "about", "level", "expects", "will be", "surprise"]] if shown else []
        for row in shown:
            level = row.most
            issue = level == row.variable
            both = (f"{x[level]:{'.3g' if issue else '.1%'}}" for x in (row.expected, row.actual))
            named = (row.actor[:10], row.variable[:20], "mean" if issue else level[:14])
            rows.append([*named, *both, show(row.surprise, "tenths")])
        lines += table(rows, "<10 <20 <14 >8 >8 >9", " ", "  ")
        rest = len(self.rows) - len(shown)
        if rest:
            least = max(row.surprise for row in self.rows[len(shown) :])
            lines.append(f"  {rest} more, no surprise of which is above {show(least, 'tenths')}")
        lines += [
            f"  {actor} expects a value of {show(expected, 'fine', 4)} and will get "
            f"{show(actual, 'fine', 4)}"
            for actor, (expected, actual) in self.value.items()
        ]
        lines += [f"  {actor} believes that the start cannot be" for actor in self.lost]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return everything, ready for JSON."""
        value = {
            actor: {"expected": expected, "actual": actual}
            for actor, (expected, actual) in self.value.items()
        }
        return {**plain_fields(self), "value": value}

    def to_pandas(self) -> Any:
        """Return a row for each actor, variable and level as a DataFrame (needs pandas)."""
        rows = [
            (row.actor, row.variable, level, row.expected[level], actual, row.surprise)
            for row in self.rows
            for level, actual in row.actual.items()
        ]
        names = ["actor", "variable", "level", "expected", "actual", "surprise"]
        return data_frame(rows, columns=names)


def expectations(
    equilibrium: Equilibrium, years: float, start: State | None = None
) -> Expectations:
    """Compare what each actor expects with what will happen.

    Parameters
    ----------
    equilibrium : Equilibrium
    years : float
        How far ahead, positive.
    start : state, optional
        The status quo by default.

    Returns
    -------
    Expectations
        Without views, and where everyone has heard of every intervention, nothing surprises.

    Raises
    ------
    InputError
        For a start that is infeasible, or years that are not positive.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from detente import Conflict
    >>> def conflict(stake):
    ...     return Conflict.build(
    ...         {"us": {"offer": 2}, "china": {"enforce": 2}},
    ...         {"us": [[0, 2], [1, 3]], "china": [[1, 0], [0, stake]]},
    ...         status_quo=(0, 0),
    ...     )
    >>> mistaken = replace(conflict(0.0), views={"us": conflict(4.0)})
    >>> found = expectations(mistaken.equilibrium(), 5.0)
    >>> found.rows[0].actor, found.rows[0].variable
    ('us', 'china.enforce')

    See Also
    --------
    detente.equilibrium.Equilibrium.believed : on what an actor acts.
    """
    conflict = equilibrium.conflict
    today = conflict.space.position(conflict.index(start))
    true = expected_paths(equilibrium, years, today, 2)
    rows: list[Expectation] = []
    value: dict[str, tuple[float, float]] = {}
    lost = []
    for number, actor in enumerate(conflict.actors):
        mind = replace(equilibrium.believed(actor), beliefs={})
        if not mind.conflict.feasible[today]:
            lost.append(actor)
            continue
        rows += _compare(actor, expected_paths(mind, years, today, 2), true)
        value[actor] = (
            float(equilibrium.believed(actor).value[actor][today]),
            float(_worth(equilibrium, number)[today]),
        )
    rows.sort(key=lambda row: -row.surprise)
    return Expectations(years, tuple(rows), value, tuple(lost))


def _compare(actor: str, own: ExpectedPaths, true: ExpectedPaths) -> list[Expectation]:
    rows = []
    for axis in true.conflict.space.axes:
        expected, actual = own.shares[axis.name][-1], true.shares[axis.name][-1]
        rows.append(
            Expectation(
                actor,
                axis.name,
                float(np.abs(expected - actual).sum()) / 2.0,
                dict(zip(axis.levels, map(float, expected), strict=True)),
                dict(zip(axis.levels, map(float, actual), strict=True)),
            )
        )
    for name, series in true.issues.items():
        if name not in own.issues:
            continue
        both = [paths.conflict.numbers[name][paths.conflict.feasible] for paths in (own, true)]
        low, high = min(x.min() for x in both), max(x.max() for x in both)
        expected, actual = float(own.issues[name][-1]), float(series[-1])
        surprise = abs(expected - actual) / float(high - low) if high > low else 0.0
        rows.append(Expectation(actor, name, surprise, {name: expected}, {name: actual}))
    return rows


def _worth(equilibrium: Equilibrium, actor: int) -> Floats:
    """Return what an actor will truly get from each state, of the conflict's shape."""
    conflict, game = equilibrium.conflict, equilibrium.game
    live = np.flatnonzero(conflict.feasible)
    name = conflict.actors[actor]
    mind = equilibrium.believed(name)
    alone = game._replace(
        rate=np.where(np.arange(game.rate.size) == actor, game.rate, 0.0),
        jumps=np.zeros_like(game.jumps),
    )
    moves = assemble(alone, [(mind.game, mind.scaled[:, j]) for j in range(game.rate.size)]).tocoo()
    paid = np.zeros(live.size)
    here, there = (np.stack(np.unravel_index(live[at], conflict.shape)) for at in moves.coords)
    for k in conflict.space.of(name):
        spent = np.where(
            moves.row == moves.col, 0.0, moves.data * conflict.cost[k][here[k], there[k]]
        )
        np.add.at(paid, moves.row, spent)
    earned = conflict.utility[name].reshape(-1)[live] - paid
    generator, discount = equilibrium.generator(), conflict.discount[name]
    full = np.zeros(conflict.size)
    full[live] = _discounted(generator, discount, earned)
    return full.reshape(conflict.shape)


def _discounted(generator: csr_array, discount: float, earned: Floats) -> Floats:
    """Return the discounted sum of a flow along a chain, from each state."""
    lead = discount - generator.diagonal()
    even = float(earned.mean())
    operator = LinearOperator(
        generator.shape, matvec=lambda x: (discount * x - generator @ x) / lead, dtype=np.float64
    )
    wanted = (earned - even) / lead
    found, failed = gmres(operator, wanted, rtol=1e-11, atol=0.0, restart=80, maxiter=50)
    if failed:
        raise AnalysisError(
            f"the values along the chain were not found to 11 digits (discount {discount:g} a "
            "year); raise the discount rate"
        )
    return np.asarray(found + even / discount, dtype=np.float64)
