"""The procedural model: an agenda setter proposes what it likes best of what passes the vote.

On one issue an actor accepts a proposal that is no further from its position than the reference
point, which holds if the proposal fails. The setter proposes the point nearest to its own position
that a large enough share of the votes accepts, and every actor with a veto (Steunenberg 1994;
Crombez 1996, without amendments). Since each actor accepts an interval from the reference point to
its mirror image in the actor's position, only those ends and the setter's own position can be the
proposal. Issues are voted on one by one. Cost: quadratic in the actors.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.bargaining._outcome import BargainingOutcome
from detente.bargaining._table import BargainingTable
from detente.errors import InputError
from detente.text import quote, show, suggestion
from detente.values import Bools, Floats

_SLACK = 1e-9


def procedural(
    table: BargainingTable,
    setter: str,
    threshold: float = 0.5,
    veto: Sequence[str] = (),
    votes: Floats | None = None,
) -> BargainingOutcome:
    """Return what the agenda setter brings through.

    Parameters
    ----------
    table : BargainingTable
        With a reference point for every issue.
    setter : str
        Who proposes. Where it is no party to an issue, the reference point stays.
    threshold : float
        Share of the votes of the parties that must accept; 1 is unanimity. At exactly one half a
        proposal passes.
    veto : sequence of str
        Who must accept besides, where they are parties.
    votes : ndarray, (actors,), optional
        Votes of each actor; its capability on the issue by default.

    Examples
    --------
    >>> from detente.bargaining import bargaining_table
    >>> cells = {"cut": {"a": (100, 1, 1), "b": (60, 1, 1), "c": (20, 1, 1)}}
    >>> small = bargaining_table(cells, reference={"cut": 10})
    >>> procedural(small, "a", 2 / 3).outcome.tolist(), procedural(small, "a", 1).outcome.tolist()
    ([100.0], [30.0])
    """
    for name in (setter, *veto):
        if name not in table.actors:
            raise InputError(
                f"there is no actor {quote(name)}; {suggestion(name, table.actors, 'actor')}"
            )
    if not 0 < threshold <= 1:
        raise InputError(
            f"a threshold of {show(threshold, 'fine')}; give a share above 0, at most 1"
        )
    missing = [issue for issue, r in zip(table.issues, table.reference, strict=True) if np.isnan(r)]
    if missing:
        raise InputError(
            f"{quote(missing[0])} has no reference point; say what holds without agreement"
        )
    vetoes = np.isin(table.actors, [setter, *veto])
    found = [
        _issue(table, k, table.actors.index(setter), threshold, vetoes, votes)
        for k in range(len(table.issues))
    ]
    return BargainingOutcome(
        "procedural",
        f"{setter} proposes what it likes best of what {show(threshold, 'share')} of the votes "
        "accept.",
        "Steunenberg 1994; Crombez 1996",
        table,
        np.array(found),
    )


def _issue(
    table: BargainingTable, k: int, setter: int, threshold: float, vetoes: Bools,
    votes: Floats | None,
) -> float:  # fmt: skip
    reference = float(table.reference[k])
    party = table.party[:, k]
    if not party[setter]:
        return reference
    position = table.position[party, k]
    ballots = (table.capability[:, k] if votes is None else votes)[party]
    wanted = table.position[setter, k]
    low, high = table.scale[k]
    ends = np.clip(2 * position - reference, low, high)
    for proposal in sorted([wanted, *ends], key=lambda point: abs(point - wanted)):
        accepts = np.abs(position - proposal) <= np.abs(position - reference) + _SLACK
        enough = ballots[accepts].sum() >= threshold * ballots.sum() - _SLACK
        if enough and accepts[vetoes[party]].all():
            return float(proposal)
    return reference
