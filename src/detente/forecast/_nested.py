"""Questions about probabilities: names for what has been asked, solved from the inside out.

``let={"calm": "G[0, 1] a"}`` makes ``calm`` a number of every state, the probability that a holds
throughout the year that starts there; another question may compare it, as in ``F[0, 5] calm > 0.9``
(a state reached within five years from which a lasts a year with more than 90 %). These are the
nested formulas of continuous stochastic logic (Aziz, Sanwal, Singhal & Brayton 2000; Baier,
Haverkort, Hermanns & Katoen 2003). Cost: that of one question each, over all feasible states.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from detente.conflict import Conflict
from detente.equilibrium import Equilibrium
from detente.errors import InputError
from detente.expression import RESERVED, ExpressionError, Formula, Query, compile_query
from detente.forecast._chain import Chain, chain_of
from detente.forecast._until import until
from detente.values import Bools

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def read_query(conflict: Conflict, text: str) -> Query:
    """Compile a question, or say where it is wrong."""
    try:
        return compile_query(text, conflict.namespace)
    except ExpressionError as wrong:
        raise InputError(f"query {text!r}, column {wrong.start + 1}: {wrong}") from None


def named(equilibrium: Equilibrium, let: Mapping[str, str]) -> Equilibrium:
    """Return the equilibrium with numbers of its states that questions have been given names for.

    Parameters
    ----------
    let : mapping of str to str
        Questions by name; a later one may use the names of earlier ones.

    Returns
    -------
    Equilibrium
        Its conflict's formulas know the names.

    Raises
    ------
    InputError
        When a name is unfit or taken, or a question is wrong.
    """
    chain = chain_of(equilibrium) if let else None
    for name, text in let.items():
        assert chain is not None
        conflict = equilibrium.conflict
        levels = {level for axis in conflict.space.axes for level in axis.levels}
        if not _NAME.fullmatch(name) or name in RESERVED or name in levels:
            raise InputError(f"{name!r} is not a name for a question; use one new word")
        if name in conflict.values:
            raise InputError(f"the name {name!r} is taken; choose another")
        query = read_query(conflict, text)
        goal = _truth(chain, query.right, conflict)
        if query.operator == "":
            value = goal.astype(np.float64)
        else:
            goal = ~goal if query.operator == "G" else goal
            everywhere = np.ones(goal.size, dtype=np.bool_)
            way = everywhere if query.left is None else _truth(chain, query.left, conflict)
            sides = way[None], goal[None], [query.low], [query.high], everywhere[None]
            value = until(chain, *sides)[0].value
            value = 1.0 - value if query.operator == "G" else value
        full = np.zeros(conflict.size)
        full[chain.live] = np.clip(value, 0.0, 1.0)
        numbers = {**conflict.numbers, name: full.reshape(conflict.shape)}
        equilibrium = replace(equilibrium, conflict=replace(conflict, numbers=numbers))
    return equilibrium


def _truth(chain: Chain, formula: Formula, conflict: Conflict) -> Bools:
    return np.asarray(chain.over_live(formula.evaluate(conflict.values)), dtype=np.bool_)
