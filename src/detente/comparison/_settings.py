"""A case with variants at levels and parameters held at a value in all draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from detente.case import Case, Parameter
from detente.errors import InputError
from detente.text import suggestion


def settled(case: Case, variants: Sequence[str], settings: Mapping[str, float]) -> Case:
    """Return a case with variants at levels, and parameters held at a value in all draws.

    Raises
    ------
    InputError
        For a variant or a parameter that the case does not have, or a value that is no number.

    Examples
    --------
    >>> import detente
    >>> case = settled(detente.load("chicken"), (), {"nerve": 3.0})
    >>> case.name, case.parameters["nerve"].distribution
    ('chicken (nerve=3)', 'fixed')
    """
    case = case.variant(*variants)
    parameters = dict(case.parameters)
    for name, value in settings.items():
        if name not in parameters:
            hint = suggestion(str(name), parameters, "parameter")
            raise InputError(f"{case.name} has no parameter {name!r}; {hint}")
        if not np.isfinite(value):
            raise InputError(f"parameter {name} is {value!r}; give a number")
        old, number = parameters[name], float(value)
        parameters[name] = Parameter(
            name, number, "fixed", number, number, number, 0.0, (), old.unit, old.reason, old.source
        )
    words = ", ".join(f"{name}={value:.12g}" for name, value in settings.items())
    called = f"{case.name} ({words})" if words else case.name
    return replace(case, name=called, parameters=parameters)
