"""A bound expression as a flat program for a small stack machine on numpy arrays.

A loop over a tuple needs no recursion, frees what it no longer needs, and never builds more than
the broadcast shape of what a formula reads. Levels are integer indices, numbers float64, truths
bool. The cost is one pass over the arrays for each operator.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Load:
    """Put the values of a name on the stack: level indices, or numbers."""

    name: str
    level: bool


@dataclass(frozen=True, slots=True)
class Push:
    """Put a constant on the stack: a level index, a number or a truth."""

    value: float | bool


@dataclass(frozen=True, slots=True)
class Apply:
    """Take ``count`` values off the stack and put the result of the operation on it."""

    operation: str
    count: int


@dataclass(frozen=True, slots=True)
class Compare:
    """Take one value more than there are operators; say whether each neighbouring pair holds."""

    operators: tuple[str, ...]


Step = Load | Push | Apply | Compare


def _clip(x: Array, low: Array, high: Array) -> Array:
    return np.minimum(np.maximum(x, low), high)


def _member(left: Array, *items: Array) -> Array:
    return functools.reduce(np.logical_or, [np.equal(left, item) for item in items])


def _minimum(*values: Array) -> Array:
    return functools.reduce(np.minimum, values)


def _maximum(*values: Array) -> Array:
    return functools.reduce(np.maximum, values)


def _number(truth: Array) -> Array:
    return np.asarray(truth, dtype=np.float64)


_COMPARISONS: dict[str, Callable[..., Array]] = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
_OPERATIONS: dict[str, Callable[..., Array]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "negative": np.negative,
    "number": _number,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
    "iff": np.equal,
    "in": _member,
    "min": _minimum,
    "max": _maximum,
    "abs": np.abs,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "clip": _clip,
}


def run(program: tuple[Step, ...], values: Mapping[str, npt.ArrayLike]) -> Array:
    """Run a program on the values of its names.

    Examples
    --------
    >>> program = Load("x", level=False), Push(2.0), Apply("*", 2)
    >>> run(program, {"x": [1, 2]})
    array([2., 4.])
    """
    stack: list[Any] = []
    with np.errstate(all="ignore"):
        for step in program:
            if isinstance(step, Load):
                value = values[step.name]
                stack.append(np.asarray(value) if step.level else np.asarray(value, np.float64))
            elif isinstance(step, Push):
                stack.append(step.value)
            else:
                count = step.count if isinstance(step, Apply) else len(step.operators) + 1
                operands = stack[-count:]
                del stack[-count:]
                stack.append(apply_step(step, operands))
    return np.asarray(stack.pop())


def apply_step(step: Apply | Compare, operands: list[Any]) -> Array:
    """Return what an operation or a run of comparisons makes of its operands."""
    if isinstance(step, Apply):
        return _OPERATIONS[step.operation](*operands)
    if len(operands) == 2:
        return _COMPARISONS[step.operators[0]](*operands)
    pairs = zip(step.operators, operands, operands[1:], strict=False)
    holds = [_COMPARISONS[operator](left, right) for operator, left, right in pairs]
    return functools.reduce(np.logical_and, holds)
