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
    ) -> None:
        assert conflict.case is not None
        self._conflict, self._case = conflict, conflict.case
        outside = (true or conflict).values
        own = [pair for view in self._case.views if view.actor == viewer for pair in view.values]
        self._moves: list[dict[str, Floats]] = []
        for name in parameters:
            moves = {} if name in fixed else {name: np.ones(())}
            believed = {n: formula.slope(outside, moves) for n, formula in own}
            moves = {n: speed for n, speed in moves.items() if n not in believed}
            moves |= {n: speed for n, speed in believed.items() if speed is not None}
            for issue in self._case.issues:
                speed = self._slope(issue.formula, moves)
                if speed is not None:
                    moves[issue.name] = speed
            self._moves.append(moves)

    def through(self, gradient: ConflictGradient) -> Floats:
        """Return slopes by the parameters, (quantities, parameters), from those by the numbers.

        NaN where a parameter stands at an edge: where a state becomes infeasible, an order of
        preference changes, or something that never happened begins to.
        """
        conflict, actors = self._conflict, self._case.actors
        total = np.zeros((gradient.rate.shape[1], len(self._moves)))
        weights: dict[str, Floats] = {}
        for i, actor in enumerate(actors):
            total += np.outer(gradient.rate[i], self._from_zero(actor))
            total += np.outer(gradient.precision[i], self._of_number(actor.precision))
            total += np.outer(gradient.discount[i], self._of_number(actor.discount))
            if isinstance(actor.preference, Weights):
                for name, weight in actor.preference.items:
                    issue = conflict.values[name].reshape(1, -1)
                    through = _product(gradient.utility[i], issue)[:, 0]
                    total += np.outer(through, self._of_number(weight))
                    share = float(weight.evaluate(conflict.values)) * gradient.utility[i]
                    weights[name] = weights[name] + share if name in weights else share
        for name, through in weights.items():
            self._add(total, through, [moves.get(name) for moves in self._moves])
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

    def of_formula(self, formula: Formula, weight: Floats) -> Floats:
        """Return slopes of sums of weights times a formula, (quantities, parameters).

        ``weight`` is (states, quantities), over all states of the tensor, flat.
        """
        total = np.zeros((weight.shape[1], len(self._moves)))
        self._add(total, weight, [self._slope(formula, moves) for moves in self._moves])
        return total

    def _slope(self, formula: Formula, moves: Mapping[str, Floats]) -> Floats | None:
        if formula.uses.isdisjoint(moves):
            return None
        return formula.slope(self._conflict.values, moves)

    def _of_number(self, formula: Formula) -> Floats:
        found = [self._slope(formula, moves) for moves in self._moves]
        return np.array([0.0 if speed is None else float(speed) for speed in found])

    def _from_zero(self, actor: Actor) -> Floats:
        """Return how fast an actor's rate moves; NaN where one that never moves begins to."""
        speed = self._of_number(actor.rate)
        if self._conflict.rates[actor.name] == 0.0:
            speed[speed != 0.0] = np.nan
        return speed

    def _add(self, total: Floats, weight: Floats, speeds: Sequence[Floats | None]) -> None:
        """Add to each parameter's column the sums of weight times how fast something moves."""
        moved = [k for k, speed in enumerate(speeds) if speed is not None]
        if moved:
            shape = self._conflict.shape
            rows = [np.broadcast_to(np.asarray(speeds[k]), shape).reshape(-1) for k in moved]
            total[:, moved] += _product(weight, np.stack(rows))

    def _add_jumps(self, total: Floats, gradient: ConflictGradient) -> None:
        conflict, space = self._conflict, self._conflict.space
        moving = (gradient.rate != 0.0).any(axis=0) | (gradient.discount != 0.0).any(axis=0)
        for axis, condition in zip(space.conditions, self._case.conditions, strict=True):
            jumps = np.moveaxis(conflict.jumps[axis - space.conditions.start], -1, 0)
            here = np.broadcast_to(space.levels[condition.name], space.shape)
            for start, to, formula in condition.rates:
                speeds = [self._slope(formula, moves) for moves in self._moves]
                there = np.moveaxis(conflict.feasible, axis, -1)[..., to]
                from_here = (here == start) & conflict.feasible & np.expand_dims(there, axis)
                never = from_here & (jumps[to] == 0.0)
                begins = [s is not None and bool((s * never != 0.0).any()) for s in speeds]
                weight = gradient.jumps.get((to - start) * space.strides[axis])
                if weight is not None:
                    self._add(total, weight * from_here.reshape(-1, 1), speeds)
                total[np.ix_(moving, begins)] = np.nan

    def at_edge(self, truths: Iterable[Formula]) -> Bools:
        """Return for each parameter whether some truth changes there at some state."""
        found = np.zeros(len(self._moves), dtype=bool)
        for formula in truths:
            for k, moves in enumerate(self._moves):
                speed = self._slope(formula, moves)
                found[k] |= speed is not None and bool(np.isnan(speed).any())
        return found


def _product(weight: Floats, rows: Floats) -> Floats:
    """Return sums over states of weight times each row, where what has no weight does not count."""
    matters = (weight != 0.0).any(axis=1)
    weight, rows = weight[matters], rows[:, matters]
    bad = ~np.isfinite(rows)
    if not bad.any():
        return weight.T @ rows.T
    found = weight.T @ np.where(bad, 0.0, rows).T
    found[((weight != 0.0).T @ bad.T)] = np.nan
    return found
