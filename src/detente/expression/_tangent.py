"""The exact slopes of a formula along changes of the numbers that it reads.

The program runs once, on pairs of a value and its slopes (forward differentiation: Griewank &
Walther 2008, chapter 3). A pair has the slopes that are not zero everywhere only, so that steps
that no change reaches cost what they always do. Where a formula bends or jumps there is no slope
and it is NaN: at a comparison, ``min``, ``max``, ``clip`` or ``abs`` whose sides are equal and do
not move together.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from detente.expression._program import Apply, Array, Load, Push, Step, apply_step

Change = TypeVar("Change")
Pair = tuple[Any, Any]
"""A value and its slope, which is None where it is zero everywhere."""


def slopes(
    program: tuple[Step, ...],
    values: Mapping[str, npt.ArrayLike],
    moves: Mapping[str, Mapping[Change, npt.ArrayLike]],
) -> dict[Change, Array]:
    """Return how fast the result of a program moves, by the change that moves it.

    Examples
    --------
    >>> program = Load("x", level=False), Load("x", level=False), Apply("*", 2)
    >>> slopes(program, {"x": [1.0, 3.0]}, {"x": {"up": 1.0, "down": -1.0}})
    {'up': array([2., 6.]), 'down': array([-2., -6.])}
    """
    stack: list[tuple[Any, dict[Change, Any]]] = []
    with np.errstate(all="ignore"):
        for step in program:
            if isinstance(step, Load):
                value = np.asarray(values[step.name], None if step.level else np.float64)
                own = moves.get(step.name, {})
                stack.append((value, {k: np.asarray(m, np.float64) for k, m in own.items()}))
            elif isinstance(step, Push):
                stack.append((step.value, {}))
            else:
                count = step.count if isinstance(step, Apply) else len(step.operators) + 1
                operands = stack[-count:]
                del stack[-count:]
                result = apply_step(step, [value for value, _ in operands])
                moved = {
                    k: _moved(step, [(value, own.get(k)) for value, own in operands], result)
                    for k in dict.fromkeys(k for _, own in operands for k in own)
                }
                stack.append((result, moved))
    return {k: np.asarray(moved, np.float64) for k, moved in stack[-1][1].items()}


def _moved(step: Step, operands: list[Pair], result: Any) -> Any:
    if isinstance(step, Apply) and step.operation in _RULES:
        return _RULES[step.operation](operands, result)
    if isinstance(step, Apply) and step.operation != "in":
        # A truth moves nowhere, but for where one of those it is made of jumps.
        return sum(_of(moved) for _, moved in operands)
    if isinstance(step, Apply):
        left, *items = operands
        return sum(_jump(left, item) for item in items)
    return sum(_jump(*pair) for pair in pairwise(operands))


def _of(moved: Any) -> Any:
    return 0.0 if moved is None else moved


def _jump(left: Pair, right: Pair) -> Any:
    """Return NaN where two sides are equal and part, 0 elsewhere."""
    apart = _of(left[1]) != _of(right[1])
    return np.where(np.equal(left[0], right[0]) & apart, np.nan, 0.0)


def _product(operands: list[Pair], _: Any) -> Any:
    (a, da), (b, db) = operands
    if da is None or db is None:
        return a * db if da is None else da * b
    return da * b + a * db


def _quotient(operands: list[Pair], result: Any) -> Any:
    (_, da), (b, db) = operands
    return _of(da) / b if db is None else (_of(da) - result * db) / b


def _smaller(one: Pair, other: Pair) -> Pair:
    (a, da), (b, db) = one, other
    either = np.where(np.less(a, b), _of(da), _of(db))
    return np.minimum(a, b), either + _jump(one, other)


def _smallest(operands: list[Pair], _: Any = None) -> Any:
    return functools.reduce(_smaller, operands)[1]


def _turned(pair: Pair) -> Pair:
    return np.negative(pair[0]), -_of(pair[1])


def _largest(operands: list[Pair], _: Any = None) -> Any:
    return -_smallest([_turned(pair) for pair in operands])


def _clipped(operands: list[Pair], _: Any) -> Any:
    x, low, high = operands
    raised = np.maximum(x[0], low[0]), _largest([x, low])
    return _smallest([raised, high])


_RULES: dict[str, Callable[[list[Pair], Any], Any]] = {
    "+": lambda pairs, _: _of(pairs[0][1]) + _of(pairs[1][1]),
    "-": lambda pairs, _: _of(pairs[0][1]) - _of(pairs[1][1]),
    "*": _product,
    "/": _quotient,
    "negative": lambda pairs, _: -pairs[0][1],
    "min": _smallest,
    "max": _largest,
    "clip": _clipped,
    "abs": lambda pairs, _: _largest([pairs[0], _turned(pairs[0])]),
    "exp": lambda pairs, result: result * pairs[0][1],
    "log": lambda pairs, _: pairs[0][1] / pairs[0][0],
    "sqrt": lambda pairs, result: pairs[0][1] / (2.0 * result),
}
