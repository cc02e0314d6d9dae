"""The least change of several rankings at once, by a programme that grows as needed.

Under ``seq``, ``sseq`` and ``sim`` what others want decides what they answer, so a state can be
made to hold for one actor by changing what another wants. The programme
(`detente.stability._inverse.programme`) begins with nothing to meet. Its answer is put to the
stability engine; where it fails, what rankings must meet there is added
(`detente.stability._inverse.demands`), and it is solved again. So it grows with what is asked, not
with the conflict.

Of many ways to meet a demand the cheapest are written down. Without the others an answer that fails
nowhere is a change that does it; with a number that stands for them every answer is a lower bound,
and more are written down where it takes that number, until the two are equal.

Cost: solutions of a programme, which time limits; a look at the state tensor a round.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np

from detente.stability._extremes import Ranks
from detente.stability._inverse.demands import Demand, Demands
from detente.stability._inverse.programme import ProgrammeAnswer, RankProgramme
from detente.values import Ints

_WAYS = 2
"""Ways to meet a demand that are written down at first."""


@dataclass(frozen=True, eq=False)
class LeastRanks:
    """What a search came to.

    Parameters
    ----------
    least : int
        Fewer changes than this do not do it; `demands.NEVER` where no change does it.
    changes : int
        How many pairs change in what was found.
    ranks : mapping of int to ndarray of int32, or None
        By position of an actor, the ranking after the change; None where none was found.
    among : ndarray of int
        States of which every pair that changes has one.
    """

    least: int
    changes: int
    ranks: dict[int, Ranks] | None
    among: Ints


class RankSearch:
    """The search for one wanted state.

    Parameters
    ----------
    demands : Demands
    most : int
        Larger changes are of no interest.
    """

    def __init__(self, demands: Demands, most: int) -> None:
        self._demands, self._most = demands, most
        self._asked: list[Demand] = []
        self._written: list[int] = []
        self._tied: set[tuple[int, int, int]] = set()
        self._best = LeastRanks(1, most + 1, None, np.empty(0, dtype=np.int64))

    def answer(self, deadline: float) -> LeastRanks:
        """Search until the least is known, or a time of `monotonic` has come."""
        before = None
        while before != (before := self._so_far()):
            for beyond in (False, True):
                # A bound is worth a moment more than there is.
                going = monotonic() < deadline or (beyond and bool(self._asked))
                while going and self._best.least <= self._most:
                    going = self._round(deadline, beyond=beyond) and monotonic() < deadline
            if monotonic() > deadline:
                break
        return self._best

    def _so_far(self) -> tuple[int, int, int, int]:
        return self._best.least, self._most, len(self._asked), sum(self._written)

    def _round(self, deadline: float, *, beyond: bool) -> bool:
        """Solve once; return whether to go on in this way."""
        programme = RankProgramme(
            self._demands, self._asked, self._written, self._tied, self._most, beyond=beyond
        )
        if programme.large:
            return False
        found = programme.answer(deadline)
        if beyond or programme.complete:
            bound = self._most + 1 if found.bound == np.inf else int(np.ceil(found.bound - 1e-6))
            self._best = replace(self._best, least=max(self._best.least, bound))
        self._tied |= found.changed
        if found.better is None:
            return False
        if found.beyond:
            self._write(found.beyond)
            return False
        return self._looked_at(programme, found, deadline)

    def _looked_at(self, programme: RankProgramme, found: ProgrammeAnswer, deadline: float) -> bool:
        """Put an answer to the engine; return whether it is to be solved again."""
        ranks = [ranking.rank for ranking in self._demands.rankings]
        changed, touched, changes = {}, [self._best.among[:0]], 0
        for i, better in (found.better or {}).items():
            new, among, count = programme.blocks[i].spread(better)
            if count:
                ranks[i] = changed[i] = new
                touched.append(among)
                changes += count
        unmet = self._demands.unmet(ranks, self._most, deadline)
        self._asked += unmet
        self._written += [_WAYS] * len(unmet)
        if not unmet and changes <= self._most:
            among = np.unique(np.concatenate(touched))
            self._best = LeastRanks(self._best.least, changes, changed, among)
            self._most = changes - 1
        return bool(unmet)

    def _write(self, which: Iterable[int]) -> None:
        """Write down more ways to meet some demands."""
        for k in which:
            self._written[k] = min(2 * self._written[k], len(self._asked[k].ways))
