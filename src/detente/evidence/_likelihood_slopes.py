"""How the log likelihood of a record moves with the parameters: exact slopes, all in one go.

The filter goes along the record once and stores the distribution at every step; slopes go back from
the end (`detente.evidence._carry`). That gives the slope by every rate of the chain, which is the
expected number of its changes given the record, by the rate, less the years expected where it
starts. From there they go through choices, equilibria, views and formulas as those of answers do
(`detente.model.ParameterSlopes`). Cost: some five filters and one transposed system a game,
whatever the number of parameters. More in docs/slopes.md.

Source: Griewank & Walther 2008, chapters 3 and 12; Hobolth & Jensen 2011 for expected changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.case import Case
from detente.equilibrium import Equilibrium, PlayedGames, add_rate_slopes
from detente.errors import InputError
from detente.evidence._carry import carry_back
from detente.evidence._filter import FilterPass, Start, changes_at_once, weights_of
from detente.evidence._likelihood import FitProblem, fit_problem
from detente.evidence._record import Record
from detente.forecast import chain_of, long_run_slopes
from detente.model import TODAY, ParameterSlopes, SolvedModel
from detente.text import Result, show, suggestion, table
from detente.values import Floats, data_frame, plain_fields

_TOLERANCE = 1e-10


@dataclass(frozen=True, eq=False)
class LikelihoodSlopes(Result):
    """How fast the log likelihood of a record moves with the parameters, at one point of them.

    Attributes
    ----------
    log_likelihood : float
    parameters : tuple of str
    at : ndarray, (parameters,)
        Their values.
    slope : ndarray, (parameters,)
        Change of the log likelihood by unit of the parameter; nan where there is none.
    why_not : str
        Why there are no slopes at all.
    """

    log_likelihood: float
    parameters: tuple[str, ...]
    at: Floats
    slope: Floats
    why_not: str = ""

    def __str__(self) -> str:
        """Return a line for each parameter, the largest change by per cent first."""
        head = f"log likelihood {self.log_likelihood:.2f}"
        if self.why_not:
            return f"{head}: {self.why_not}"
        moves = 0.01 * self.at * self.slope
        order = np.argsort(-np.where(np.isnan(moves), -1.0, np.abs(moves)), kind="stable")
        rows = [["", "value", "slope", "changes by 1 % by"]]
        for k in order.tolist():
            edge = bool(np.isnan(moves[k]))
            told = ["none: at an edge", ""] if edge else [_told(self.slope[k]), _told(moves[k])]
            rows.append([self.parameters[k], show(float(self.at[k]), "fine"), *told])
        return "\n".join([head, *table(rows, "< > > >")])

    def to_dict(self) -> dict[str, Any]:
        """Return the slopes by parameter, ready for JSON; None where there is none."""
        return plain_fields(self)

    def to_pandas(self) -> Any:
        """Return one row for each parameter (needs pandas)."""
        columns = {"at": self.at, "slope": self.slope}
        return data_frame(columns, self.parameters, name="parameter")


def likelihood_slopes(
    case: Case,
    parameters: Iterable[str] | None = None,
    *,
    at: Mapping[str, float] | None = None,
    until: str | None = None,
    without: Sequence[str] = (),
    start: Start = "uniform",
) -> LikelihoodSlopes:
    """Return how the log likelihood of a case's record moves with the parameters.

    Parameters
    ----------
    case : Case
    parameters : iterable of str, optional
        By name; all by default.
    at : mapping of str to float, optional
        Values that replace the stated ones.
    until : str or datetime.date, optional
        The last day that may be known.
    without : sequence of str
        Variables whose rows are left out.
    start : {"uniform", "long run"} or ndarray of the conflict's shape
        See `detente.evidence.filter_record`. The long run moves with the parameters itself, which
        is counted.

    Raises
    ------
    InputError
        For a parameter that does not exist.
    Impossible
        When the model gives the record no chance; says which rows, and when.

    Examples
    --------
    >>> import detente
    >>> found = likelihood_slopes(detente.load("peninsula"), ["pace"], until="2017-12-31")
    >>> found.slope.shape
    (1,)
    """
    names = tuple(case.parameters if parameters is None else parameters)
    for name in names:
        if name not in case.parameters:
            hint = suggestion(str(name), case.parameters, "parameter")
            raise InputError(f"{case.name} has no parameter {name!r}; {hint}")
    task = fit_problem(case, until, without, start)
    model = SolvedModel(case, at, tolerance=_TOLERANCE)
    return slopes_of(task, model, names)


def slopes_of(task: FitProblem, model: SolvedModel, names: Sequence[str]) -> LikelihoodSlopes:
    """Return the slopes of the log likelihood of a problem, at the point of a model."""
    equilibrium = model.equilibrium
    way = FilterPass(equilibrium, task.record, task.start)
    by_rate, by_start = _by_rate(way, task.record, equilibrium)
    games = PlayedGames(equilibrium, 1)
    add_rate_slopes(games, way.live, way.generator, by_rate[:, None])
    if way.settles:
        chain = chain_of(equilibrium)
        even = np.full(way.live.size, 1.0 / way.live.size)
        _, of_start, _ = long_run_slopes(chain, by_start, even)
        add_rate_slopes(games, chain.live, chain.step, of_start[:, None])
    through = ParameterSlopes(model, TODAY, names).through(games)
    why_not = through.why_not[0]
    numbers = model.conflict.numbers
    return LikelihoodSlopes(
        log_likelihood=way.evidence.log_likelihood,
        parameters=tuple(names),
        at=np.array([float(numbers[name]) for name in names]),
        slope=np.full(len(names), np.nan) if why_not else through.slopes[0],
        why_not=why_not,
    )


def _by_rate(way: FilterPass, record: Record, equilibrium: Equilibrium) -> tuple[Floats, Floats]:
    """Return the slope of the log likelihood by each rate and by the start.

    They are (entries of the generator,) and (states,).
    """
    generator, levels = way.generator, way.levels
    by_rate, leaving = np.zeros(generator.nnz), np.zeros(way.live.size)
    ahead = np.ones(way.live.size)
    for k in reversed(range(len(record.steps))):
        step, before, weighed = record.steps[k], way.before[k], way.weighed[k]
        if step.end > step.start:
            left = way.open(step, equilibrium.conflict)
            years = step.end - step.start
            ahead = carry_back(left, weighed, years, ahead, by_rate, leaving)
        given = weights_of(step.weights, levels)
        if any(entered is not None for entered in step.entered):
            into = ahead * weights_of(step.entered, levels)
            number, source, target = changes_at_once(step, levels, generator)
            now = before * given
            moved = now[source] * generator.data[number]
            share = float(moved @ weights_of(step.entered, levels)[target])
            by_rate[number] += now[source] * into[target] / share
            ahead = np.zeros(now.size)
            np.add.at(ahead, source, generator.data[number] * into[target] / share)
            ahead *= given
        else:
            ahead = ahead * given / float(before @ given)
    row = np.repeat(np.arange(way.live.size), np.diff(generator.indptr))
    return np.where(row == generator.indices, 0.0, by_rate + leaving[row]), ahead


def _told(number: float) -> str:
    return show(float(number), "signed")
