"""Many conflicts solved at once: the draws of one case, one thread per draw.

The kernels release the interpreter, so threads share the cores and nothing is copied. What comes
out for a conflict depends on it and on the start only, bit by bit: not on its place, its company or
the number of workers. The start is the base case's equilibrium, whose branch shows the way; see
`detente.equilibrium._trail`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from detente.conflict import Conflict
from detente.equilibrium._result import Equilibrium
from detente.equilibrium._solve import solve
from detente.errors import AnalysisError, InputError


def solve_batch(
    conflicts: Iterable[Conflict],
    tolerance: float = 1e-10,
    workers: int | None = None,
    start: Equilibrium | None = None,
) -> list[Equilibrium | AnalysisError]:
    """Solve the timed game of many conflicts.

    Parameters
    ----------
    conflicts : iterable of Conflict
    tolerance : float
        As for `solve`.
    workers : int, optional
        Threads; all cores by default. Results do not depend on it.
    start : Equilibrium, optional
        Of the base case, solved with its ``trail``.

    Returns
    -------
    list of Equilibrium or AnalysisError
        In order; where a conflict could not be solved, the error that says why.

    Raises
    ------
    InputError
        When workers is below one, the tolerance not positive, or the start of another shape.

    Examples
    --------
    >>> from detente import Conflict
    >>> conflicts = [
    ...     Conflict.build(
    ...         options={"row": {"act": ["c", "d"]}, "col": {"act": ["c", "d"]}},
    ...         utility={"row": [[3, 1], [4, stake]], "col": [[3, 4], [1, stake]]},
    ...     )
    ...     for stake in (2.0, 2.1)
    ... ]
    >>> base, other = solve_batch(conflicts, workers=2)
    >>> bool(other.value["row"][1, 1] > base.value["row"][1, 1])
    True

    See Also
    --------
    detente.equilibrium._solve : one conflict.
    """
    if workers is not None and workers < 1:
        raise InputError(f"workers is {workers}; give one or more")

    def one(conflict: Conflict) -> Equilibrium | AnalysisError:
        try:
            return solve(conflict, tolerance, start)
        except AnalysisError as error:
            return error
        except (ArithmeticError, np.linalg.LinAlgError) as error:
            return AnalysisError(f"the equilibrium was not reached: {error}; lower the precision")

    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        return list(pool.map(one, conflicts))
