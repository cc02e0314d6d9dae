"""A study of any function: a design over plain ranges, called with arrays, a batch at a time.

For what is no case: the function takes arrays of inputs by name and returns arrays of results by
name. A batch that fails is halved until the draws that fail stand alone; they are kept with their
reason. So is a draw in which no result is a number; one that lacks some result has a missing
answer. The function gets copies, so what is recorded is what was drawn. Cost: that of the function,
and a copy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.engine import Seed, reason_of, seed_of
from detente.errors import AnalysisError, InputError, Stopped
from detente.study._designs.cube import latin_points, sobol_points
from detente.text import Result, listed, plural, show, show_range
from detente.values import Floats, data_frame, plain_fields

Function = Callable[[Mapping[str, Floats]], Mapping[str, Any]]

_BATCH = 65_536


@dataclass(frozen=True, eq=False)
class FunctionStudy(Result):
    """What a function gave over many draws.

    Attributes
    ----------
    inputs, results : mapping of str to ndarray, (draws,)
        Results are nan where a draw failed or has no answer.
    failures : tuple of (draw, reason)
        Draws that gave nothing: the function raised, or no result is a number.
    seed : int
    """

    inputs: Mapping[str, Floats]
    results: Mapping[str, Floats]
    failures: tuple[tuple[int, str], ...]
    seed: int

    @property
    def missing(self) -> Mapping[str, int]:
        """By result how many draws that did not fail lack it; only results that some lack."""
        failed = [draw for draw, _ in self.failures]
        counts = {name: int(np.isnan(x).sum()) - len(failed) for name, x in self.results.items()}
        return {name: count for name, count in counts.items() if count}

    def __str__(self) -> str:
        """Return one line per result."""
        draws = len(next(iter(self.inputs.values())))
        head = f"{draws} draws, {len(self.failures)} failed"
        if self.missing and not self.failures:
            head = f"{draws} draws"
        return "\n".join([head, *(f"  {name}: {self._line(name)}" for name in self.results)])

    def _line(self, name: str) -> str:
        values = self.results[name]
        if np.isnan(values).all():
            return "no answer in any draw"
        numbers = values[~np.isnan(values)]
        # Between infinite answers there is nothing to interpolate.
        method = "linear" if np.isfinite(numbers).all() else "inverted_cdf"
        low, median, high = np.quantile(numbers, [0.05, 0.5, 0.95], method=method)  # type: ignore[call-overload]
        gaps = (
            f"; no answer in {plural(self.missing[name], 'draw')}" if name in self.missing else ""
        )
        most = show_range(low, high, "fine")
        return f"median {show(median, 'fine')}, 90 % of draws {most}{gaps}"

    def to_dict(self) -> dict[str, Any]:
        """Return inputs and results by name, ready for JSON."""
        return {
            **plain_fields(self, "seed", "inputs", "results", "missing"),
            "failures": [{"draw": draw, "reason": reason} for draw, reason in self.failures],
        }

    def to_pandas(self) -> Any:
        """Return inputs and results by draw as a DataFrame (needs pandas)."""
        return data_frame({**self.inputs, **self.results}).rename_axis("draw")


def study_function(
    function: Function,
    ranges: Mapping[str, tuple[float, float]],
    draws: int,
    rng: Seed = None,
    kind: str = "lhs",
) -> FunctionStudy:
    """Call a function of arrays over many draws of its inputs.

    Parameters
    ----------
    function : callable
        Takes a mapping of names to arrays of equal length and returns another.
    ranges : mapping of str to (float, float)
        Low and high end of each input, drawn uniformly.
    draws : int
    rng : int, numpy Generator or None
        Seed or generator.
    kind : str
        ``lhs`` or ``sobol``.

    Raises
    ------
    InputError
        For wrong ranges, or results of another length than the inputs.
    AnalysisError
        When every draw fails.

    Examples
    --------
    >>> found = study_function(lambda x: {"y": x["a"] * x["b"]}, {"a": (0, 1), "b": (0, 1)}, 100, 1)
    >>> print(found)
    100 draws, 0 failed
      y: median 0.196, 90 % of draws 0.0141–0.682
    """
    if draws < 1 or not ranges:
        raise InputError("give one draw or more, and one input or more")
    if kind not in {"lhs", "sobol"}:
        raise InputError(f"there is no design {kind!r} here; there are lhs, sobol")
    for name, (low, high) in ranges.items():
        if not np.isfinite([low, high, high - low]).all():
            raise InputError(f"{name} goes from {low} to {high}; give two ends that are finite")
        if not low < high:
            raise InputError(f"{name} goes from {low} to {high}; give the lower end first")
    seed = seed_of(rng)
    points = (latin_points if kind == "lhs" else sobol_points)(draws, len(ranges), seed)
    inputs = {
        name: low + points[:, k] * (high - low)
        for k, (name, (low, high)) in enumerate(ranges.items())
    }
    results: dict[str, Floats] = {}
    failures: list[tuple[int, str]] = []
    for start in range(0, draws, _BATCH):
        _call(function, inputs, start, min(start + _BATCH, draws), results, failures)
    failures = sorted([*failures, *_without_numbers(results, draws, failures)])
    if len(failures) == draws:
        raise AnalysisError(f"all {draws} draws failed; the first: {failures[0][1]}")
    return FunctionStudy(inputs, results, tuple(failures), seed)


def _call(
    function: Function,
    inputs: Mapping[str, Floats],
    start: int,
    stop: int,
    results: dict[str, Floats],
    failures: list[tuple[int, str]],
) -> None:
    try:
        found = function({name: values[start:stop].copy() for name, values in inputs.items()})
    except Stopped:
        raise
    except Exception as error:  # whatever a user's function raises is a failed draw
        if stop - start == 1:
            failures.append((start, reason_of(error)))
            return
        middle = (start + stop) // 2
        _call(function, inputs, start, middle, results, failures)
        _call(function, inputs, middle, stop, results, failures)
        return
    for name, values in found.items():
        column = np.asarray(values, dtype=np.float64)
        if column.shape != (stop - start,):
            raise InputError(
                f"{name} has shape {column.shape} for {stop - start} draws; give one per draw"
            )
        if name not in results:
            results[name] = np.full(len(next(iter(inputs.values()))), np.nan)
        results[name][start:stop] = column


def _without_numbers(
    results: Mapping[str, Floats], draws: int, failures: list[tuple[int, str]]
) -> list[tuple[int, str]]:
    """Return the draws in which the function went through and no result is a number."""
    nothing = np.ones(draws, dtype=bool)
    nothing[[draw for draw, _ in failures]] = False
    for values in results.values():
        nothing &= np.isnan(values)
    names = list(results)
    why = "it returned no result"
    if names:
        why = f"none of {listed(names)} is a number" if names[1:] else f"{names[0]} is not a number"
    return [(draw, why) for draw in np.flatnonzero(nothing).tolist()]
