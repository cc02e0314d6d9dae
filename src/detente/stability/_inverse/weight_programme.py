"""The least change of weights for one wanted state: a mixed linear programme that grows as needed.

Unknown are how far each parameter rises and falls, in shares of its range, and for each move that
has been looked at which group of alternatives holds (`detente.stability._inverse.alternatives`).
The programme starts with no move. Its answer is put to the state tensor: where some move still
tempts, its groups are divided until none of them holds there, and the programme is solved again.
Every answer is a lower bound, and the first at which nothing tempts is the least. Beside it, taking
at each point the alternative that is nearest to holding gives changes that do it, so that both
sides of the least are known when time is up.

Cost: a solution of HiGHS a round, which can be exponential, so time is limited; O(N) beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from time import monotonic

import numpy as np

from detente.engine import do_apart, poll
from detente.stability._inverse.alternatives import Group, divided, first_groups
from detente.stability._inverse.gaps import Gaps, Temptation
from detente.stability._inverse.linear import Slopes
from detente.values import Floats, Ints

_AT_ONCE = 8
"""Moves of each actor that are looked at in one round."""
_STEPS = 40
_NEAR = 1e-7


@dataclass(frozen=True, eq=False)
class LeastShares:
    """What a programme came to.

    Parameters
    ----------
    least : float
        No smaller sum of changes does it; infinite where none does.
    shares : ndarray of float or None
        A change that does it, the least where the search came to its end.
    """

    least: float
    shares: Floats | None

    @property
    def distance(self) -> float:
        """The sum of the changes; infinite where none was found."""
        return np.inf if self.shares is None else float(np.abs(self.shares).sum())


class WeightProgramme:
    """The programme of one wanted state.

    Parameters
    ----------
    along : Slopes
    concept : str
        ``nash``, ``gmr`` or ``smr``.
    state : int
        Flat index.
    actors : iterable of str
        Who must stay.
    margin : float
        See `Gaps`.
    """

    def __init__(
        self, along: Slopes, concept: str, state: int, actors: Iterable[str], margin: float
    ) -> None:
        self._gaps = [Gaps(along, concept, actor, state, margin) for actor in actors]
        self._high = np.concatenate([along.above, along.below])
        self._groups: dict[tuple[int, int], list[Group]] = {}

    def answer(self, deadline: float, enough: float = np.inf) -> LeastShares:
        """Solve until nothing tempts, the least exceeds what is enough, or a time has come."""
        least, best = 0.0, LeastShares(0.0, None)
        while True:
            poll()
            bound, rises = self._solve(max(0.1, deadline - monotonic()))
            least = max(least, bound)
            if least >= best.distance - _NEAR:
                return LeastShares(best.distance, best.shares)
            if rises is None or least >= enough:
                return LeastShares(least, best.shares)
            tempted = self._tempted(rises)
            if not any(moves for moves, _ in tempted) or not self._divide(tempted, rises):
                return LeastShares(_sum(rises), self._shares(rises))
            found = self._descend(rises, tempted, best.distance)
            if found is not None:
                best = LeastShares(0.0, found)
            if monotonic() > deadline:
                return LeastShares(min(least, best.distance), best.shares)

    def _shares(self, rises: Floats) -> Floats:
        count = self._high.size // 2
        return np.asarray(rises[:count] - rises[count:])

    def _tempted(self, rises: Floats) -> list[tuple[list[Temptation], Ints | None]]:
        return [gaps.tempting(self._shares(rises), _AT_ONCE) for gaps in self._gaps]

    def _divide(self, tempted: list[tuple[list[Temptation], Ints | None]], rises: Floats) -> bool:
        """Rule a point out at which something tempts; say whether that is new."""
        point, new = np.concatenate([[1.0], rises]), False
        for i, (moves, onward) in enumerate(tempted):
            gaps = self._gaps[i]
            for move in moves:
                old = self._groups.get((i, move.target), [])
                groups = old or first_groups(gaps, move.target, onward)
                groups = divided(groups, gaps, point, onward)
                new = new or {*map(id, groups)} != {*map(id, old)}
                self._groups[i, move.target] = groups
        return new

    def _descend(
        self,
        rises: Floats,
        tempted: list[tuple[list[Temptation], Ints | None]],
        below: float,
    ) -> Floats | None:
        """Return a change that does it, by the alternatives nearest to holding; None if none."""
        forms: list[Floats] = []
        for _ in range(_STEPS):
            if not any(moves for moves, _ in tempted):
                return self._shares(rises)
            for gaps, (moves, _) in zip(self._gaps, tempted, strict=True):
                forms += [gaps.forms(np.array([move.ending]))[0] for move in moves]
            onward = self._least(forms)
            if onward is None or _sum(onward) >= below - _NEAR:
                return None
            rises, tempted = onward, self._tempted(onward)
        return None

    def _least(self, forms: list[Floats]) -> Floats | None:
        """Return the least rises and falls at which no form is above zero."""
        from scipy.optimize import linprog

        if not forms:
            return np.zeros_like(self._high)
        rows = np.array(forms)
        found = linprog(
            np.ones_like(self._high), rows[:, 1:], -rows[:, 0],
            bounds=np.column_stack([np.zeros_like(self._high), self._high]), method="highs",
        )  # fmt: skip
        return None if found.x is None else np.clip(found.x, 0.0, self._high)

    def _solve(self, seconds: float) -> tuple[float, Floats | None]:
        """Return the lower bound that the groups so far give, and where it lies if that is known.

        The bound is infinite where no change does it.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        count = self._high.size
        alone = [g[0] for g in self._groups.values() if len(g) == 1]
        forced = [form for group in alone for form in group.forms]
        several = [groups for groups in self._groups.values() if len(groups) > 1]
        if not several:
            rises = self._least(forced)
            return (np.inf, None) if rises is None else (_sum(rises), rises)
        choices = [group for groups in several for group in groups]
        parts: list[tuple[list[int], list[float], float]] = [
            ([*range(count)], form[1:].tolist(), -float(form[0])) for form in forced
        ]
        for k, group in enumerate(choices):
            for form in group.forms:
                most = float(form[0] + np.maximum(form[1:], 0.0) @ self._high)
                slack = max(0.0, most)
                row = [*form[1:].tolist(), slack]
                parts.append(([*range(count), count + k], row, slack - float(form[0])))
        first = count
        for groups in several:
            columns = list(range(first, first + len(groups)))
            parts.append((columns, [-1.0] * len(groups), -1.0))
            first += len(groups)
        starts = np.cumsum([0, *(len(columns) for columns, *_ in parts)])
        matrix = csr_array(
            (
                np.concatenate([row for _, row, _ in parts]),
                np.concatenate([columns for columns, *_ in parts]).astype(np.int64),
                starts.astype(np.int64),
            ),
            shape=(len(parts), first),
        )
        cost = np.concatenate([np.ones(count), np.zeros(len(choices))])
        limits = np.array([high for *_, high in parts])
        found = do_apart(
            lambda: milp(
                cost,
                integrality=1 - cost,
                bounds=Bounds(0.0, np.concatenate([self._high, np.ones(len(choices))])),
                constraints=LinearConstraint(matrix, -np.inf, limits),
                options={"mip_rel_gap": 0.0, "time_limit": seconds},
            )
        )
        if found.status == 2:
            return np.inf, None
        bound = found.mip_dual_bound
        bound = float(bound) if bound is not None and np.isfinite(bound) else 0.0
        if found.status != 0:
            return bound, None
        chosen = [g for g, x in zip(choices, found.x[count:], strict=True) if x > 0.5]
        rises = self._least([*forced, *(form for group in chosen for form in group.forms)])
        return bound, np.clip(found.x[:count], 0.0, self._high) if rises is None else rises


def _sum(rises: Floats) -> float:
    return float(rises.sum())
