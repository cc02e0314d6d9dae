"""Checks of single arguments of `Conflict.build`; each error names the argument and the remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError
from detente.values import Bools, Floats

MOST_LEVELS = 1000
"""Levels of one variable; each option keeps matrices of levels by levels."""


def mapping(argument: str, given: Any, names: Iterable[str] | None = None) -> Mapping[str, Any]:
    """Return a mapping with text keys, an empty one for None; its keys are among ``names``."""
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise InputError(f"{argument} is {_words(given)}; give a mapping")
    known = None if names is None else tuple(names)
    for name in given:
        if not isinstance(name, str) or not name:
            raise InputError(f"{argument} has the key {name!r}; give it a name")
        if known is not None and name not in known:
            raise InputError(f"{argument} names {name!r}; use one of {', '.join(known)}")
    return given


def level_names(argument: str, given: Any) -> tuple[str, ...]:
    """Return level names, from a list of them or from their number."""
    count = isinstance(given, int | np.integer) and not isinstance(given, bool)
    if not count and (
        isinstance(given, str | bool) or not isinstance(given, Sequence | np.ndarray)
    ):
        raise InputError(f"{argument} is {_words(given)}; give a list of level names or a number")
    names = tuple(map(str, range(min(int(given), MOST_LEVELS + 1)) if count else given))
    if len(names) < 2:
        raise InputError(
            f"{argument} has {len(names)} level{'' if names else 's'}; give two or more"
        )
    if len(names) > MOST_LEVELS:
        raise InputError(f"{argument} has more than {MOST_LEVELS:,} levels; merge some")
    if len(set(names)) < len(names):
        raise InputError(f"{argument} names a level twice; make the names differ")
    return names


def number(argument: str, given: Any, positive: bool = False) -> float:
    """Return a finite number that is zero or more, or positive."""
    kind = "positive" if positive else "zero or more"
    try:
        value = float(given)
    except (TypeError, ValueError):
        raise InputError(f"{argument} is {_words(given)}; give a number, {kind}") from None
    if not np.isfinite(value) or value < 0.0 or (positive and value == 0.0):
        raise InputError(f"{argument} is {value:g}; it must be finite and {kind}")
    return value


def real_array(argument: str, given: Any, shape: tuple[int, ...]) -> Floats:
    """Return a new array of real numbers of a shape."""
    return numeric_array(argument, given, shape).astype(np.float64)


def numeric_array(argument: str, given: Any, shape: tuple[int, ...]) -> NDArray[Any]:
    """Return what is given as an array of a shape, of whatever kind of real numbers it is."""
    array = _numeric(argument, given, f"of shape {shape}")
    if array.shape != shape:
        raise InputError(f"{argument} has shape {array.shape}; it must have {shape}")
    return array


def truth_array(argument: str, given: Any, shape: tuple[int, ...]) -> Bools:
    """Return a new array of truths, or of 0 and 1, of a shape."""
    array = numeric_array(argument, given, shape)
    if array.dtype != bool and not np.isin(array, (0.0, 1.0)).all():
        raise InputError(f"{argument} holds numbers other than 0 and 1; give true or false")
    return array.astype(bool)


def rate_array(argument: str, given: Any, shape: tuple[int, ...]) -> Floats:
    """Return rates broadcast to a shape, whose last axis is the level jumped to."""
    array = _numeric(argument, given, f"that broadcasts to {shape}")
    try:
        return np.broadcast_to(array, shape).astype(np.float64)
    except ValueError:
        raise InputError(
            f"{argument} has shape {array.shape}; it must broadcast to {shape}, the last axis "
            "being the level jumped to"
        ) from None


def _numeric(argument: str, given: Any, wanted: str) -> NDArray[Any]:
    try:
        array = np.asarray(given)
    except (TypeError, ValueError):
        array = np.asarray(None)
    if array.dtype.kind not in "biuf":
        raise InputError(f"{argument} is not an array of real numbers; give one {wanted}")
    return array


def _words(given: Any) -> str:
    text = repr(given)
    return text if len(text) <= 40 else f"of type {type(given).__name__}"
