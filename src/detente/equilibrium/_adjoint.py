"""Slopes of what follows from an equilibrium, by the numbers of the conflict.

The values solve F(V, numbers) = 0, so a quantity A that moves with the values moves with a number x
by ``-m . dF/dx``, where m solves the transposed linear equations ``(dF/dV)' m = dA/dV`` (implicit
function theorem; Griewank & Walther 2008, chapter 15), as `detente.equilibrium._transposed` does.
F is that of `detente.equilibrium._sweep`; what comes through choices is left to
`detente.equilibrium._choices`. Cost: O(actors x choices x quantities) a product, some twenty.

Where the branch turns, or another crosses it, the linear equations are singular, and no quantity
has a slope.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, product
from math import prod
from typing import NamedTuple

import numpy as np
from numba import njit
from scipy.sparse import csr_array

from detente.conflict import ConflictGradient, leads_to
from detente.equilibrium._choices import ChoiceSlopes, list_choices
from detente.equilibrium._game import TimedGame
from detente.equilibrium._generator import possible
from detente.equilibrium._result import Equilibrium
from detente.equilibrium._transposed import equations_of, solve_transposed
from detente.values import Bools, Floats, Ints

_STEEP = 1e4
"""Times 1 / discount: how much a random push may move the values before they count as turning.

Two branches that cross at a precision of b move them by some 0.25 / (1 - p / b) at p: at 250 slopes
still agree with differences to 1e-6, and 1e4 is within 3e-5 of b, where no slope holds for long.
"""

_TOLERANCE = 1e-10
"""What may be left of the linear equations, beside their sides: slopes are right to some 1e-6."""
_ROUGH = 1e-4
"""The same for the random push, of which the size alone is wanted."""
_FEW = 500
"""States below which all quantities are solved for over all of them, as it takes no time."""


class _Linear:
    """The linearised equations of a game over states that nothing leaves."""

    def __init__(self, game: TimedGame, scaled: Floats, live: Ints) -> None:
        self.game, self.live = game, live
        self.values = np.ascontiguousarray(scaled[live])
        actors = range(self.values.shape[1])
        self.choices = [list_choices(game, live, scaled[:, j], j) for j in actors]
        self.jumps = _jumps(game, live)
        jumps = zip(*self.jumps.values(), strict=True) if self.jumps else [[], [], []]
        source, target, rate = (np.concatenate([*part, np.zeros(0)]) for part in jumps)
        moved = source.astype(np.int64), target.astype(np.int64), rate
        values = np.ascontiguousarray(self.values.T)
        self.equations = equations_of(game, values, self.choices, moved)


def _jumps(game: TimedGame, live: Ints) -> dict[int, tuple[Ints, Ints, Floats]]:
    """Return the conditions' jumps by how far they lead: from, to among the states, and rates."""
    number = np.full(game.feasible.size, -1, dtype=np.int64)
    number[live] = np.arange(live.size)
    found = {}
    for row, shift in zip(game.jumps, game.layout.shift.tolist(), strict=True):
        source = np.flatnonzero(row[live] > 0.0)
        found[shift] = source, number[live[source] + shift], row[live[source]]
    return found


@dataclass(eq=False)
class GameSlopes:
    """Slopes of some quantities in one game that somebody plays.

    Attributes
    ----------
    equilibrium : Equilibrium
        Its solution.
    numbers : ConflictGradient
        By the numbers of its conflict.
    value : ndarray, (actors, states, quantities)
        By the scaled values of the solution, over all states of the tensor, flat.
    """

    equilibrium: Equilibrium
    numbers: ConflictGradient
    value: Floats


class PlayedGames:
    """Slopes of some quantities in every game on whose solution somebody acts.

    Parameters
    ----------
    equilibrium : Equilibrium
        Whose chain it is about; its game is among them.
    quantities : int
    """

    def __init__(self, equilibrium: Equilibrium, quantities: int) -> None:
        self.equilibrium, self.quantities = equilibrium, quantities
        self._games: dict[int, GameSlopes] = {}
        self.true = self.of(equilibrium)

    def of(self, acting: Equilibrium) -> GameSlopes:
        """Return the slopes in the game that an equilibrium solves."""
        conflict = acting.conflict
        if id(acting) not in self._games:
            shape = len(conflict.actors), conflict.size, self.quantities
            numbers = ConflictGradient.zero(conflict, self.quantities)
            self._games[id(acting)] = GameSlopes(acting, numbers, np.zeros(shape))
        return self._games[id(acting)]

    def __iter__(self) -> Iterator[GameSlopes]:
        """Return the games, that of the chain first."""
        return iter(self._games.values())


def add_value_slopes(slopes: GameSlopes, *, threads: bool = False) -> tuple[Bools, Bools]:
    """Add to the slopes by the numbers of a game what comes through its solution.

    With ``threads`` quantities are solved for at the same moment, eight by eight.

    Returns
    -------
    solved, steep : ndarray of bool, (quantities,)
        Whether the linear equations were solved; whether they are singular, or nearly so.
    """
    solved, asked = (f(slopes.value.shape[2], dtype=bool) for f in (np.ones, np.zeros))
    steep = False
    for part in _parts(slopes):
        equilibrium, count = slopes.equilibrium, part.quantities.size
        linear = _Linear(equilibrium.game, equilibrium.scaled, part.live)
        sides = np.ascontiguousarray(slopes.value[:, part.live][:, :, part.quantities])
        tolerance = np.full(count, _TOLERANCE)
        if part.pushed:
            push = np.random.default_rng(1).choice([-1.0, 1.0], (*sides.shape[:2], 1))
            sides, tolerance = np.append(sides, push, axis=2), np.append(tolerance, _ROUGH)
        m, fine = solve_transposed(linear.equations, sides, tolerance, threads)
        if part.pushed:
            size = np.abs(m[:, :, -1]).mean()
            steep |= bool(size * equilibrium.game.discount.min() > _STEEP)
        _add(linear, m, slopes.numbers, part.quantities)
        solved[part.quantities] &= fine[:count]
        asked[part.quantities] = True
    return solved, asked & steep


class _Part(NamedTuple):
    """Quantities that move with the values of some states, which nothing leaves.

    A random push tells whether the equations over them are singular.
    """

    live: Ints
    quantities: Ints
    pushed: bool


def _parts(slopes: GameSlopes) -> list[_Part]:
    """Return what is solved for together: by states between which nothing leads, if they are many.

    Among those it is the quantities that move with most states, and if they are few the others.
    """
    conflict = slopes.equilibrium.conflict
    shape = conflict.shape
    first = np.cumsum([0, *shape])
    place = np.stack(np.unravel_index(np.arange(conflict.size), shape)) + first[:-1, None]
    begun = np.zeros((first[-1], slopes.value.shape[2]), dtype=bool)
    _find_levels(slopes.value, place, begun)
    reach = [leads_to(conflict, k) for k in range(len(shape))]
    levels = [begun[first[k] : first[k + 1]].T @ led for k, led in enumerate(reach)]
    apart = [
        [piece for piece in _apart(led) if level[:, piece].any()]
        for led, level in zip(reach, levels, strict=True)
    ]
    if prod(map(len, apart)) * _FEW > conflict.size:
        return _alike(conflict.feasible, levels)
    pieces = [
        [level & piece for level, piece in zip(levels, masks, strict=True)]
        for masks in product(*apart)
    ]
    found = [_alike(conflict.feasible, piece) for piece in pieces]
    size = sum(part.live.size for parts in found for part in parts if part.pushed)
    if size < _FEW * sum(map(bool, found)):
        return _alike(conflict.feasible, levels)
    return list(chain.from_iterable(found))


def _apart(reach: Bools) -> list[Bools]:
    """Return the sets of a variable's levels between which nothing leads."""
    joined = reach | reach.T
    for _ in reach:
        joined = joined @ joined
    return list({row.tobytes(): row for row in joined}.values())


def _alike(feasible: Bools, levels: list[Bools]) -> list[_Part]:
    """Return quantities that move with the same states, given the levels of each, by axis."""
    asked = np.flatnonzero(np.all([level.any(axis=1) for level in levels], axis=0))
    alike: dict[bytes, list[int]] = {}
    for q in asked.tolist():
        alike.setdefault(b"".join(level[q].tobytes() for level in levels), []).append(q)

    def live(quantities: Ints) -> Ints:
        box: Bools = np.ones((), dtype=bool)
        for level in levels:
            box = box[..., None] & level[quantities].any(axis=0)
        return np.flatnonzero(feasible & box)

    if not alike:
        return []
    most = np.array(max(alike.values(), key=len))
    every = _Part(live(asked), asked, pushed=True)
    if len(alike) == 1 or every.live.size < _FEW:
        return [every]
    rest = np.setdiff1d(asked, most)
    return [_Part(live(most), most, pushed=False), every._replace(quantities=rest)]


@njit(cache=True, nogil=True)
def _find_levels(value, place, begun):  # type: ignore[no-untyped-def]
    """Mark which levels the states have with whose values each quantity moves."""
    for s in range(value.shape[1]):
        for q in range(value.shape[2]):
            moves = False
            for i in range(value.shape[0]):
                moves |= value[i, s, q] != 0.0
            if moves:
                for k in range(place.shape[0]):
                    begun[place[k, s], q] = True


def _add(linear: _Linear, m: Floats, gradient: ConflictGradient, where: Ints) -> None:
    """Add -m . dF/dx for every number x of the game, to some columns of a gradient."""
    game, live, values = linear.game, linear.live, linear.values
    for i in range(values.shape[1]):
        _add_rows(gradient.utility[i], live, where, 1.0 / game.span[i], m[i])
        gradient.discount[i, where] -= (values[:, i] @ m[i])[: where.size]
    for choices in linear.choices:
        slopes = ChoiceSlopes(game, choices, where.size)
        slopes.from_values(values, m)
        slopes.add_to(gradient, gradient, where)
    for shift, (source, target, _) in linear.jumps.items():
        nothing = np.zeros((game.feasible.size, gradient.rate.shape[1]))
        place = gradient.jumps.setdefault(shift, nothing)
        moved = _weigh(source, values[target] - values[source], m)
        _add_rows(place, live[source], where, 1.0, moved)


@njit(cache=True, nogil=True, fastmath={"contract"})
def _weigh(source, change, m):  # type: ignore[no-untyped-def]
    """Return for each transition the sum over actors of change x m where it starts."""
    out = np.zeros((source.size, m.shape[2]))
    for e in range(source.size):
        for i in range(m.shape[0]):
            row = m[i, source[e]]
            for q in range(m.shape[2]):
                out[e, q] += change[e, i] * row[q]
    return out


@njit(cache=True, nogil=True, fastmath={"contract"})
def _add_rows(out, rows, columns, factor, more):  # type: ignore[no-untyped-def]
    """Add to some rows and columns of ``out``; ``more`` may have further columns."""
    for s in range(rows.size):
        row = out[rows[s]]
        for q in range(columns.size):
            row[columns[q]] += factor * more[s, q]


def add_rate_slopes(games: PlayedGames, live: Ints, step: csr_array, by_rate: Floats) -> None:
    """Add slopes in the games that are played, from those by the rates of the chain.

    Parameters
    ----------
    games : PlayedGames
    live : ndarray of int
        Flat indices of the chain's states.
    step : scipy.sparse.csr_array
        Over those states; its entries say which changes of state there are.
    by_rate : ndarray, (entries of ``step``, quantities)
        By the rate of each, which leaves less for staying.
    """
    equilibrium, true = games.equilibrium, games.true.numbers
    game, quantities = equilibrium.game, by_rate.shape[1]
    by_rate = np.ascontiguousarray(by_rate)
    for j, actor in enumerate(equilibrium.conflict.actors):
        if game.rate[j] == 0.0:
            continue
        played = games.of(equilibrium.believed(actor))
        believed, scaled = played.equilibrium.game, played.equilibrium.scaled
        choices = list_choices(possible(game, believed), live, scaled[:, j], j)
        slopes = ChoiceSlopes(believed, choices, quantities)
        slopes.from_rates(step, by_rate, live, played.value[j])
        slopes.add_to(played.numbers, true, slice(None))
    for shift, (source, target, _) in _jumps(game, live).items():
        nothing = np.zeros((game.feasible.size, quantities))
        place = true.jumps.setdefault(shift, nothing)
        _add_entries(step.indptr, step.indices, by_rate, source, target, live, place)


@njit(cache=True, nogil=True)
def _add_entries(start, column, by_rate, source, target, live, out):  # type: ignore[no-untyped-def]
    """Add to rows of ``out`` those of entries of a matrix, its columns rising in each row."""
    for e in range(source.size):
        low, high = start[source[e]], start[source[e] + 1]
        at = low + np.searchsorted(column[low:high], target[e])
        if at < high and column[at] == target[e]:
            row = out[live[source[e]]]
            for q in range(row.size):
                row[q] += by_rate[at, q]
