"""From slopes by the numbers of a compiled conflict to slopes by the parameters of its case.

A quantity whose slopes by every utility, cost, rate, precision and discount are known has a slope
by each parameter: the sum over those numbers of its slope times how fast the number moves with the
parameter, which the formulas of the case say themselves (`detente.expression.Formula.slope`). Cost:
that of the formulas that read the parameter, for each parameter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numba import njit

from detente.case import Actor, Ranking, Statements, Weights
from detente.conflict._build import step_cost
from detente.conflict._conflict import Conflict
from detente.expression import Formula
from detente.values import Bools, Floats


@dataclass(eq=False)
class ConflictGradient:
    """Slopes of some quantities by the numbers of a conflict, to be added to.

    Attributes
    ----------
    utility : ndarray, (actors, states, quantities)
        States are all of the tensor, flat.
    rate, precision, discount : ndarray, (actors, quantities)
    cost : list of ndarray, (levels, levels, quantities)
        By option axis.
    jumps : dict of int to ndarray, (states, quantities)
        By how far the jump leads in the flat tensor.
    """

    utility: Floats
    rate: Floats
    precision: Floats
    discount: Floats
    cost: list[Floats]
    jumps: dict[int, Floats] = field(default_factory=dict)

    @classmethod
    def zero(cls, conflict: Conflict, quantities: int) -> ConflictGradient:
        """Return slopes that are all zero."""
        actors = len(conflict.actors)
        return cls(
            np.zeros((actors, conflict.size, quantities)),
            np.zeros((actors, quantities)),
            np.zeros((actors, quantities)),
            np.zeros((actors, quantities)),
            [np.zeros((*matrix.shape, quantities)) for matrix in conflict.cost],
        )


class CompileSlopes:
    """How fast what a case says moves with its parameters, at one point.

    Parameters
    ----------
    conflict : Conflict
        Compiled from a case, over all its states or fewer.
    parameters : sequence of str
        By which slopes are wanted.
    fixed : collection of str
        Parameters that an intervention sets, so that they do not move with the case.
    true : Conflict, optional
        That outside of the view, where the conflict is the view of ``viewer``.
    viewer : str
    like : CompileSlopes, optional
        Those by the same parameters in another world or view of the case: what reads nothing that
        differs there moves as it does there.

    Examples
    --------
    >>> import detente
    >>> conflict = detente.load("chicken").conflict()
    >>> slopes = CompileSlopes(conflict, ["nerve"])
    >>> gradient = ConflictGradient.zero(conflict, 1)
    >>> gradient.precision[0] = 2.0
    >>> slopes.through(gradient)
    array([[2.]])
    """

    def __init__(
        self,
        conflict: Conflict,
        parameters: Sequence[str],
        fixed: Collection[str] = (),
        true: Conflict | None = None,
        viewer: str = "",
        like: CompileSlopes | None = None,
    ) -> None:
        assert conflict.case is not None
        self._conflict, self._case, self._values = conflict, conflict.case, conflict.values
        outside = (true or conflict).values
        own = [pair for view in self._case.views if view.actor == viewer for pair in view.values]
        self._count = len(parameters)
        moves = {n: {k: np.ones(())} for k, n in enumerate(parameters) if n not in fixed}
        self._moves: dict[str, dict[int, Floats]] = {
            **moves,
            **{name: formula.slopes(outside, moves) for name, formula in own},
        }
        self._found: dict[int, tuple[Formula, dict[int, Floats]]] = {}
        self._of_utility: dict[int, tuple[list[int], Floats]] = {}
        self._like = like if like is not None and like._case is self._case else None
        self._apart = self._differing(self._like)
        for issue in self._case.issues:
            if not self._still(issue.formula):
                self._apart.add(issue.name)
            self._moves[issue.name] = self._speeds(issue.formula)

    def _differing(self, like: CompileSlopes | None) -> set[str]:
        """Return the parameters whose values are not those of the other, or that move otherwise."""
        if like is None:
            return set(self._case.parameters)
        return {
            name
            for name in self._case.parameters
            if self._values[name] != like._values[name]
            or self._moves.get(name, {}) != like._moves.get(name, {})
        }

    def _still(self, *formulas: Formula) -> bool:
        """Return whether what formulas read is that of the other."""
        return self._like is not None and all(self._apart.isdisjoint(f.uses) for f in formulas)

    def through(self, gradient: ConflictGradient) -> Floats:
        """Return slopes by the parameters, (quantities, parameters), from those by the numbers.

        NaN where a parameter stands at an edge: where a state becomes infeasible, an order of
        preference changes, or something that never happened begins to.
        """
        actors = self._case.actors
        total = np.zeros((gradient.rate.shape[1], self._count))
        for i, actor in enumerate(actors):
            total += np.outer(gradient.rate[i], self._from_zero(actor))
            total += np.outer(gradient.precision[i], self._of_number(actor.precision))
            total += np.outer(gradient.discount[i], self._of_number(actor.discount))
            if isinstance(actor.preference, Weights):
                moving, rows = self._utility(i, actor.preference)
                total[:, moving] += _product(rows, gradient.utility[i])
        for k, option in enumerate(option for actor in actors for option in actor.options):
            unit = step_cost(len(option.levels), 1.0, option.cost_kind)
            through = np.einsum("ab,abq->q", unit, gradient.cost[k])
            total += np.outer(through, self._of_number(option.cost))
        self._add_jumps(total, gradient)
        rules = [rule.formula for rule in self._case.infeasible]
        for actor in actors:
            match actor.preference:
                case Statements(stated) | Ranking(stated):
                    rules += stated
        total[:, self.at_edge(rules)] = np.nan
        return total

    def _utility(self, number: int, preference: Weights) -> tuple[list[int], Floats]:
        """Return the parameters that move an actor's utility, and how fast, (states, parameters).

        It moves with the weights and with the issues.
        """
        weights, names = [w for _, w in preference.items], [name for name, _ in preference.items]
        if self._still(*weights) and self._apart.isdisjoint(names):
            assert self._like is not None
            return self._like._utility(number, preference)
        if number not in self._of_utility:
            speeds: dict[int, Floats] = {}
            for name, weight in preference.items:
                for j, speed in self._speeds(weight).items():
                    speeds[j] = speeds.get(j, 0.0) + speed * self._values[name]
                share = float(weight.evaluate(self._values))
                for j, speed in self._moves.get(name, {}).items() if share != 0.0 else ():
                    speeds[j] = speeds.get(j, 0.0) + share * speed
            self._of_utility[number] = list(speeds), self._rows(speeds)
        return self._of_utility[number]

    def _rows(self, speeds: Mapping[int, Floats]) -> Floats:
        """Return how fast something moves, (states, parameters)."""
        shape = self._conflict.shape
        rows = np.empty((*shape, len(speeds)))
        for k, speed in enumerate(speeds.values()):
            rows[..., k] = speed
        return rows.reshape(self._conflict.size, len(speeds))

    def of_formula(self, formula: Formula, weight: Floats) -> Floats:
        """Return slopes of sums of weights times a formula, (quantities, parameters).

        ``weight`` is (states, quantities), over all states of the tensor, flat.
        """
        total, speeds = np.zeros((weight.shape[1], self._count)), self._speeds(formula)
        total[:, list(speeds)] = _product(self._rows(speeds), weight)
        return total

    def _speeds(self, formula: Formula) -> dict[int, Floats]:
        """Return how fast a formula moves, by the number of the parameter that moves it."""
        if self._still(formula):
            assert self._like is not None
            return self._like._speeds(formula)
        if id(formula) not in self._found:
            moves = {name: self._moves[name] for name in formula.uses if name in self._moves}
            found = formula.slopes(self._values, moves) if moves else {}
            self._found[id(formula)] = formula, found
        return self._found[id(formula)][1]

    def _of_number(self, formula: Formula) -> Floats:
        out = np.zeros(self._count)
        for k, speed in self._speeds(formula).items():
            out[k] = float(speed)
        return out

    def _from_zero(self, actor: Actor) -> Floats:
        """Return how fast an actor's rate moves; NaN where one that never moves begins to."""
        speed = self._of_number(actor.rate)
        if self._conflict.rates[actor.name] == 0.0:
            speed[speed != 0.0] = np.nan
        return speed

    def _add_jumps(self, total: Floats, gradient: ConflictGradient) -> None:
        conflict, space = self._conflict, self._conflict.space
        moving = (gradient.rate != 0.0).any(axis=0) | (gradient.discount != 0.0).any(axis=0)
        for axis, condition in zip(space.conditions, self._case.conditions, strict=True):
            jumps = np.moveaxis(conflict.jumps[axis - space.conditions.start], -1, 0)
            here = np.broadcast_to(space.levels[condition.name], space.shape)
            for start, to, formula in condition.rates:
                speeds = self._speeds(formula)
                there = np.moveaxis(conflict.feasible, axis, -1)[..., to]
                from_here = (here == start) & conflict.feasible & np.expand_dims(there, axis)
                never = from_here & (jumps[to] == 0.0)
                weight = gradient.jumps.get((to - start) * space.strides[axis])
                if weight is not None and speeds:
                    at = np.flatnonzero(from_here)
                    total[:, list(speeds)] += _product(self._rows(speeds)[at], weight[at])
                if never.any():
                    begins = [k for k, s in speeds.items() if (s * never != 0.0).any()]
                    total[np.ix_(moving, begins)] = np.nan

    def at_edge(self, truths: Iterable[Formula]) -> Bools:
        """Return for each parameter whether some truth changes there at some state."""
        found = np.zeros(self._count, dtype=bool)
        for formula in truths:
            for k, speed in self._speeds(formula).items():
                found[k] |= np.isnan(speed).any()
        return found


@njit(cache=True, nogil=True, fastmath={"contract"})
def _product(rows, weight):  # type: ignore[no-untyped-def]
    """Return sums over states of weight times each row, where what has no weight does not count.

    Both are (states, ...); unlike a matrix product, it keeps no other core busy.
    """
    found = np.zeros((weight.shape[1], rows.shape[1]))
    for s in range(weight.shape[0]):
        for q in range(weight.shape[1]):
            share, out = weight[s, q], found[q]
            if share != 0.0:
                for k in range(rows.shape[1]):
                    out[k] += share * rows[s, k]
    return np.where(np.isfinite(found), found, np.nan)
