"""What is gathered over time: the expected integral of an issue or formula, discounted on request.

The chain's n-th stretch between ticks is alive at time s with the Poisson probability of n ticks,
so, with f the flow, rho the discount rate and N a Poisson clock of rate Lambda + rho,

    E of the integral of e^(-rho s) f(X_s) ds over [0, t] =
        sum over n of (P^n f) Lambda^n / (Lambda + rho)^(n + 1) Pr(N_t > n)

(uniformization, as in Puterman 1994, section 11.5). Cost: O(rate x years x transitions).
"""

from __future__ import annotations

import math

import numpy as np

from detente.equilibrium import Equilibrium
from detente.errors import InputError
from detente.forecast import _linear as linear
from detente.forecast._chain import TAIL, Chain, chain_of, ticks
from detente.forecast._march import march
from detente.forecast._quantity import Quantity, number_formula, read_number
from detente.forecast._start import Start, start_distribution
from detente.forecast._until import ROUNDING
from detente.values import Floats


def accumulated(
    equilibrium: Equilibrium,
    formula: str,
    years: float,
    start: Start | None = None,
    *,
    discount: float = 0.0,
) -> Quantity:
    """Return how much of something is expected to be gathered over some years.

    Parameters
    ----------
    equilibrium : Equilibrium
    formula : str
        An issue or any formula, a flow per year; a truth counts as one where it holds, so that the
        answer is the expected number of years with it.
    years : float
        May be infinite where there is a discount.
    start : state, str, ndarray or Filtered, optional
        As in `detente.forecast.probability`; the status quo by default.
    discount : float
        Rate a year.

    Raises
    ------
    InputError
        When the formula, the years, the discount or the start is wrong.

    Examples
    --------
    >>> from detente import Conflict
    >>> conflict = Conflict.build(
    ...     options={"row": {"act": ["wait", "go"]}},
    ...     utility={"row": [0.0, 0.0]}, rates={"row": 2.0}, precision={"row": 0.0},
    ... )
    >>> print(conflict.equilibrium().accumulated("row.act == go", 10, start=0))
    row.act == go, over 10 years: 4.75 (error below 1e-11)

    See Also
    --------
    detente.forecast._long_run : shares of time without an end.
    """
    if not discount >= 0.0 or math.isinf(discount):
        raise InputError(f"discount is {discount}; it must be zero or more a year")
    if not years >= 0.0 or (math.isinf(years) and discount == 0.0):
        raise InputError(
            f"years is {years}; it must be zero or more, and finite where nothing is discounted"
        )
    conflict = equilibrium.conflict
    compiled = number_formula(conflict, formula)
    weight = start_distribution(conflict, start)
    chain = chain_of(equilibrium, weight)
    values, bound = gather(chain, read_number(chain, compiled), years, discount)
    until = "without end" if math.isinf(years) else f"over {years:g} years"
    rate = f", discounted at {discount:g} a year" if discount else ""
    value = float(chain.over_live(weight) @ values)
    return Quantity(value, bound, f"{formula}, {until}{rate}")


def gather(chain: Chain, flow: Floats, years: float, discount: float = 0.0) -> tuple[Floats, float]:
    """Return the expected discounted integral of a flow from each state, and its error."""
    largest = float(np.abs(flow).max(initial=0.0))
    if math.isinf(years):
        years = -math.log(TAIL) / discount
        cut = largest * TAIL / discount
    else:
        cut = 0.0
    clock = chain.rate + discount
    first, weights = ticks(clock * years)
    later = np.concatenate([np.ones(first), np.cumsum(weights[::-1])[::-1]])[1:]
    later = np.append(later, 0.0)
    powers = np.exp(np.arange(later.size) * math.log(chain.rate / clock))
    shares = later * powers / clock
    total, missed = march(
        chain.step, flow[:, None], 0, shares, error=TAIL * max(largest, 1e-300) * years
    )
    span = min(years, 1.0 / discount) if discount else years
    rounding = ROUNDING * (10 + later.size)
    return total[:, 0], cut + missed + largest * (TAIL * years + rounding * span)


def discounted(chain: Chain, flows: Floats, discount: float) -> Floats:
    """Return the expected discounted integral of flows without end, from each state.

    Parameters
    ----------
    chain : Chain
    flows : ndarray, (states, numbers)
        A year.
    discount : float
        Rate a year, above zero.

    Returns
    -------
    ndarray, (states, numbers)

    Examples
    --------
    >>> from detente import Conflict
    >>> conflict = Conflict.build({"row": {"act": ["wait", "go"]}}, {"row": [0.0, 1.0]})
    >>> chain = chain_of(conflict.equilibrium())
    >>> discounted(chain, np.ones((2, 1)), 0.1).round(6).ravel().tolist()
    [10.0, 10.0]
    """
    clock = chain.rate + discount
    solution, _ = linear.solve(chain.step * (chain.rate / clock), flows / clock, TAIL)
    return solution
