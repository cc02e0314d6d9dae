"""The exact likelihood of a record under a chain, and where things stand at its end.

Follows `detente.evidence._filter_steps`: evidence multiplies, and between two pieces of evidence
the distribution moves under the generator without the jumps that would have been seen, by
uniformization (Jensen 1953) over the states that can still be reached. All terms are positive, so
nothing cancels; the Poisson series is cut where less than 1e-40 is left, so that a rare change
within a day is as exact as a common one. Nothing is integrated by quadrature: a change on an
uncertain date is read off the state. Cost: O(sum over steps of (exit rate x years + some 20) x
transitions still open).

The likelihood is a probability where changes are known to the day; where a record made by hand has
changes at instants it is a density, per year for each such change.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.case import Observation
from detente.conflict import Conflict
from detente.equilibrium import Equilibrium
from detente.errors import AnalysisError, InputError
from detente.evidence._carry import OpenRates, carry
from detente.evidence._filter_steps import FilterStep
from detente.evidence._record import YEAR, Entry, Record
from detente.text import Result
from detente.values import Bools, Floats, Ints, data_frame

Start = str | Floats


class Impossible(AnalysisError):
    """A record that a model gives no chance.

    Attributes
    ----------
    date : datetime.date
        The first day by whose end what was recorded cannot have happened.
    rows : tuple of Observation
        The rows that rule it out, given what was recorded before them.
    """

    def __init__(self, message: str, date: dt.date, rows: tuple[Observation, ...]) -> None:
        super().__init__(message)
        self.date = date
        self.rows = rows


@dataclass(frozen=True, eq=False)
class Evidence(Result):
    """What a record says of a model: how likely it is, and where things stand at its end.

    Attributes
    ----------
    conflict : Conflict
    record : Record
    log_likelihood : float
        Natural logarithm; a probability, or a density per year for each change at an instant.
    parts : ndarray, (steps,)
        What each step of the record adds to it.
    weight : ndarray
        Probability of each state at the end given all that was recorded, of the conflict's shape;
        so this is a ``start`` for any forecast.
    """

    conflict: Conflict
    record: Record
    log_likelihood: float
    parts: Floats
    weight: Floats

    def shares(self) -> dict[str, dict[str, float]]:
        """Return the probability of each level of each variable at the end of the record."""
        space = self.conflict.space
        shares = space.shares(self.weight)
        return {
            axis.name: dict(zip(axis.levels, map(float, shares[axis.name]), strict=True))
            for axis in space.axes
        }

    def __str__(self) -> str:
        """Return a line, and one for each variable."""
        day = _day(self.record, self.record.end)
        space = self.conflict.space
        lines = [f"log likelihood {self.log_likelihood:.2f} to {day}; then"]
        return "\n".join([*lines, *space.share_lines(space.shares(self.weight))])

    def to_dict(self) -> dict[str, Any]:
        """Return the likelihood, its parts and the levels' shares, ready for JSON."""
        return {
            "log_likelihood": self.log_likelihood,
            "parts": [
                {"date": str(_day(self.record, step.start)), "log_likelihood": float(part)}
                for step, part in zip(self.record.steps, self.parts, strict=True)
            ],
            "shares": self.shares(),
        }

    def to_pandas(self) -> Any:
        """Return what each step adds, by the day it begins (needs pandas)."""
        return data_frame(self.to_dict()["parts"]).set_index("date")


def filter_record(equilibrium: Equilibrium, record: Record, start: Start = "uniform") -> Evidence:
    """Return how likely a record is under an equilibrium, and where things stand at its end.

    Parameters
    ----------
    equilibrium : Equilibrium
    record : Record
        Of the same variables.
    start : {"uniform", "long run"} or ndarray of the conflict's shape
        Distribution over the states at the start of the record, before its first evidence: the
        same for every feasible state, the chain's long run (from that), or given.

    Raises
    ------
    InputError
        When the record is about other variables, or the start is not a distribution.
    Impossible
        When the model gives the record no chance; says which rows, and when.

    See Also
    --------
    detente.evidence._filter_steps.filter_steps : The rule that is followed.

    Examples
    --------
    >>> import detente
    >>> from detente.evidence import observed_record
    >>> case = detente.load("peninsula")
    >>> known = observed_record(case, until="2017-12-31")
    >>> found = filter_record(case.conflict().equilibrium(), known)
    >>> bool(-200 < found.log_likelihood < 0), round(float(found.weight.sum()), 9)
    (True, 1.0)
    """
    return FilterPass(equilibrium, record, start).evidence


class FilterPass:
    """One pass of a filter along a record, with what the way back needs.

    Attributes
    ----------
    generator : scipy.sparse.csr_array
        Over the feasible states.
    live : ndarray of int
        Their flat indices.
    levels : ndarray of int, (axes, states)
    before, weighed : list of ndarray
        For each step the distribution before its evidence, and after it.
    settles : bool
        Whether it starts in the long run.
    evidence : Evidence
    """

    def __init__(self, equilibrium: Equilibrium, record: Record, start: Start) -> None:
        conflict = equilibrium.conflict
        _same_variables(conflict, record)
        self.generator = equilibrium.generator()
        self.exits = -self.generator.diagonal()
        self.live = np.flatnonzero(conflict.feasible)
        self.levels = np.array(np.unravel_index(self.live, conflict.shape), dtype=np.int64)
        self.before: list[Floats] = []
        self.weighed: list[Floats] = []
        even = conflict.feasible / conflict.feasible.sum()
        self.settles = isinstance(start, str) and start == "long run"
        begun = equilibrium.long_run(even).share if self.settles else _start(conflict, start, even)
        now = begun.reshape(-1)[self.live]
        parts = np.zeros(len(record.steps))
        for number, step in enumerate(record.steps):
            self.before.append(now)
            weighed = _weighed(now, step, self.levels, self.generator)
            if not weighed.sum() > 0.0:
                raise _impossible(record, step, now, self.levels)
            share = float(weighed.sum())
            now = weighed / share
            self.weighed.append(now)
            parts[number] = math.log(share)
            if step.end > step.start:
                now, stayed = carry(self.open(step, conflict), now, step.end - step.start)
                if not stayed > -math.inf:
                    raise _impossible(record, step, weighed, self.levels)
                parts[number] += stayed
        full = np.zeros(conflict.size)
        full[self.live] = now
        total = float(parts.sum())
        self.evidence = Evidence(conflict, record, total, parts, full.reshape(conflict.shape))

    def open(self, step: FilterStep, conflict: Conflict) -> OpenRates:
        """Return what is left of the generator in a step."""
        generator, masks = self.generator, _masks(step, conflict)
        arrays = (generator.indptr, generator.indices, generator.data)
        return OpenRates(*arrays, self.exits, self.levels, *masks)


def _same_variables(conflict: Conflict, record: Record) -> None:
    own = [(axis.name, tuple(axis.levels)) for axis in conflict.space.axes]
    other = [(track.variable, tuple(track.levels)) for track in record.tracks]
    if own != other:
        wrong = next((a for a, b in zip(other, own, strict=False) if a != b), other[-1])
        raise InputError(
            f"the record is about other variables or levels than the conflict ({wrong[0]}); "
            "make both from one case"
        )


def check_start(start: Start) -> None:
    """Refuse a start of a name that does not exist."""
    if isinstance(start, str) and start not in ("uniform", "long run"):
        raise InputError(f"start cannot be {start!r}; choose uniform or long run")


def _start(conflict: Conflict, start: Start, even: Floats) -> Floats:
    check_start(start)
    if isinstance(start, str):
        return even
    given = np.asarray(start, dtype=np.float64)
    if given.shape != conflict.shape or not (given >= 0).all() or given[~conflict.feasible].any():
        raise InputError("the start gives no probability for each feasible state, and only those")
    if abs(float(given.sum()) - 1.0) > 1e-9:
        raise InputError(f"the start's probabilities sum to {given.sum():g}; make it 1")
    return given


def _weighed(now: Floats, step: FilterStep, levels: Ints, generator: Any) -> Floats:
    """Multiply by the evidence at the start of a step, changes at that instant among it."""
    now = now * weights_of(step.weights, levels)
    if all(entered is None for entered in step.entered):
        return now
    number, source, target = changes_at_once(step, levels, generator)
    moved = np.zeros(now.size)
    np.add.at(moved, target, now[source] * generator.data[number])
    return moved * weights_of(step.entered, levels)


def weights_of(evidence: Sequence[Floats | None], levels: Ints) -> Floats:
    """Return the product over axes of the weights of each state."""
    product = np.ones(levels.shape[1])
    for axis, weights in enumerate(evidence):
        if weights is not None:
            product *= weights[levels[axis]]
    return product


def changes_at_once(step: FilterStep, levels: Ints, generator: Any) -> tuple[Ints, Ints, Ints]:
    """Return which entries of a generator agree with a change at an instant, from and to where."""
    row = np.repeat(np.arange(levels.shape[1]), np.diff(generator.indptr))
    column = generator.indices
    open_ = row != column
    for axis, (entered, kept) in enumerate(zip(step.entered, step.unchanged, strict=True)):
        here, there = levels[axis][row], levels[axis][column]
        if entered is not None:
            open_ &= (entered[here] == 0) & (entered[there] > 0)
        elif kept is not None:
            open_ &= kept[here, there]
    number = np.flatnonzero(open_)
    return number, row[number], column[number]


def _masks(step: FilterStep, conflict: Conflict) -> tuple[Ints, Bools]:
    """Return the axes of which something is known, and their allowed changes, padded."""
    known = [axis for axis, kept in enumerate(step.unchanged) if kept is not None]
    masks = np.zeros((len(known), max(conflict.shape), max(conflict.shape)), dtype=bool)
    for k, axis in enumerate(known):
        kept = step.unchanged[axis]
        masks[k, : conflict.shape[axis], : conflict.shape[axis]] = kept
    return np.array(known, dtype=np.int64), masks


def _impossible(record: Record, step: FilterStep, before: Floats, levels: Ints) -> Impossible:
    told = [
        axis
        for axis, pair in enumerate(zip(step.weights, step.entered, strict=True))
        if any(part is not None for part in pair)
    ]
    alone = []
    for axis in told:
        weights = step.weights[axis]
        if weights is not None and not (before * weights[levels[axis]]).sum() > 0.0:
            alone.append(axis)
    entries = [
        (record.tracks[axis].variable, record.tracks[axis].levels, entry)
        for axis in alone or told
        for entry in record.tracks[axis].entries
        if entry.kind != "gap" and _speaks(entry, step.start)
    ]
    words = "; ".join(_words(*entry) for entry in entries)
    together = "" if alone or len(told) < 2 else " together"
    # Evidence at a time is what was known by the end of the day before it.
    day = _day(record, step.start)
    return Impossible(
        f"{day}: at these parameters the record cannot go on, after what came before:{together} "
        f"{words}. Give it a chance in the case (a rate, an allowed change), or leave the row out",
        day,
        tuple(entry.row for _, _, entry in entries if entry.row is not None),
    )


def _speaks(entry: Entry, time: float) -> bool:
    return time == entry.earliest or (entry.kind == "from" and time == entry.latest)


def _words(variable: str, levels: Sequence[str], entry: Entry) -> str:
    named = " or ".join(levels[k] for k in np.flatnonzero(entry.weights).tolist())
    turn = "to" if entry.kind == "from" else "at"
    if entry.row is None:
        return f"{variable} {turn} {named} at {entry.earliest:g} to {entry.latest:g} years"
    row = entry.row
    days = str(row.date) if row.until in (None, row.date) else f"{row.date} to {row.until}"
    return f"{variable} {turn} {named} ({', '.join(filter(None, (days, row.source, row.place)))})"


def _day(record: Record, time: float) -> dt.date:
    """Return the day that ends at a time (the first day at the start)."""
    return record.origin + dt.timedelta(days=max(math.ceil(time * YEAR - 1e-6) - 1, 0))
