"""Designs for two cases on common random numbers: what both have varies alike in both.

One Latin hypercube has an axis for every input of either case, and each case takes the axes of its
own inputs. A draw then stands at the same share of each range in both, so that the difference of
two answers is the cases' own and not the luck of the draws (common random numbers; Law 2015,
chapter 11). Where the one case varies all that the other does, its design is that of its studies.
Cost: linear in draws times axes.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from detente.case import Case, Correlation
from detente.engine import Seed, seed_of
from detente.errors import InputError
from detente.study._design import Design, Inputs, design_at, inputs_of, tie
from detente.study._designs.cube import latin_points
from detente.values import Floats


def paired_designs(a: Case, b: Case, draws: int, rng: Seed = None) -> tuple[Design, Design]:
    """Return Latin hypercubes of two cases, equal in the shares of what varies in both.

    Parameters
    ----------
    a, b : Case
        The designs do not depend on which comes first.
    draws : int
    rng : int, numpy Generator or None
        Seed or generator.

    Examples
    --------
    >>> import detente
    >>> case = detente.load("chicken")
    >>> wider = case.replace(parameters={"nerve": {"range": [2, 20]}})
    >>> one, other = paired_designs(case, wider, 10, rng=1)
    >>> bool((one.shares == other.shares).all()), bool(one.values.max() < other.values.max())
    (True, True)
    """
    if draws < 1:
        raise InputError(f"draws is {draws}; give one or more")
    seed = seed_of(rng)
    found = inputs_of(a), inputs_of(b)
    first, second = sorted(
        (inputs.columns for inputs in found), key=lambda names: (-len(names), names)
    )
    axes = [*first, *(name for name in second if name not in first)]
    cube = latin_points(draws, len(axes), seed) if axes else np.zeros((draws, 0))
    ties = [_ties(case, inputs) for case, inputs in zip((a, b), found, strict=True)]
    both = set(found[0].names) & set(found[1].names)
    together = {**ties[1], **ties[0]}
    alike = all(ties[0].get(pair) == ties[1].get(pair) for pair in together if pair <= both)
    if alike:
        tie(cube, axes, tuple(together.values()))

    def design(inputs: Inputs, own: Mapping[frozenset[str], Correlation]) -> Design:
        shares: Floats = cube[:, [axes.index(name) for name in inputs.columns]]
        if not alike:
            tie(shares, inputs.names, tuple(own.values()))
        return design_at(inputs, shares, seed, "lhs")

    return design(found[0], ties[0]), design(found[1], ties[1])


def _ties(case: Case, inputs: Inputs) -> dict[frozenset[str], Correlation]:
    """Return the correlations of what varies, without the words about them."""
    return {
        frozenset(pair.between): Correlation(pair.between, pair.rank)
        for pair in case.correlations
        if set(pair.between) <= set(inputs.names)
    }
