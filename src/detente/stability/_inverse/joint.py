"""The least change of several rankings at once, where what others want decides what they answer.

Under ``seq``, ``sseq`` and ``sim`` a state can be made to hold for one actor by changing what
another wants. The search is exact: rankings of each actor in the order of how many comparisons
change, profiles of rankings in the order of the sum, the first that works. It starts from the sum
of what each actor must change anyhow (a state stable under ``seq`` is stable under ``gmr``, which
asks for one's own ranking only, see `detente.stability._inverse.raising`) and ends below the best
that lifting the state alone achieves.

Cost: exponential in the number of changes; counted, and refused beyond `MOST_TRIES`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from detente.errors import AnalysisError
from detente.stability._inverse.move_sets import Masks, MoveSets, above, bits

MOST_STATES = 64
MOST_TRIES = 300_000

Rank = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CandidateRanking:
    """A ranking as the search sees it: where it improves, and what it likes no better than s."""

    rank: Rank
    improvements: Masks
    no_better: int


def orders_near(rank: Sequence[int], budget: int) -> Iterator[tuple[int, Rank]]:
    """Yield every ranking that compares at most this many pairs differently, with how many.

    States enter from the lowest to the highest. Each is put on or between the levels so far, from
    the top down, until the pairs that change exceed the budget.

    Examples
    --------
    >>> sorted(orders_near([0, 1], 1))
    [(0, (0, 1)), (1, (0, 0)), (1, (1, 0))]
    """
    order = sorted(range(len(rank)), key=lambda x: rank[x])

    def insert(k: int, levels: list[list[int]], spent: int) -> Iterator[tuple[int, Rank]]:
        if k == len(order):
            found = [0] * len(order)
            for level, members in enumerate(levels):
                for member in members:
                    found[member] = level
            yield spent, tuple(found)
            return
        x = order[k]
        equal = [sum(rank[y] == rank[x] for y in members) for members in levels]
        over, under = 0, sum(equal)
        for at in range(len(levels), -1, -1):
            cost = spent + over + under
            if cost <= budget:
                yield from insert(k + 1, [*levels[:at], [x], *levels[at:]], cost)
            if at == 0 or spent + over > budget:
                return
            members = levels[at - 1]
            under -= equal[at - 1]
            cost = spent + over + under + len(members) - equal[at - 1]
            if cost <= budget:
                joined = [*levels[: at - 1], [*members, x], *levels[at:]]
                yield from insert(k + 1, joined, cost)
            over += len(members)

    yield from insert(0, [], 0)


class RankChangeSearch:
    """The search for one wanted state.

    Parameters
    ----------
    board : MoveSets
    concept : str
        ``seq``, ``sseq`` or ``sim``.
    state : int
        Number of the state on the board.
    free : sequence of int
        Positions of the actors whose ranking may change.
    least : sequence of int
        By actor, how many of its comparisons must change anyhow.
    """

    def __init__(
        self, board: MoveSets, concept: str, state: int, free: Sequence[int], least: Sequence[int]
    ) -> None:
        self.board, self.concept, self.state = board, concept, state
        self.free, self.least = tuple(free), tuple(least)
        self._count = len(board.actors)
        self._tries = 0
        self._near: dict[tuple[int, int], list[CandidateRanking]] = {}
        self._replies = [
            [1 << t | board.reach(i, t, board.moves) for t in bits(board.moves[i][state])]
            for i in range(self._count)
        ]

    def best(self, limit: int | None) -> tuple[int, tuple[Rank, ...]] | None:
        """Return the fewest changes and the rankings; None when no profile below the limit does.

        Parameters
        ----------
        limit : int or None
            Only fewer changes than this count; None for no limit.
        """
        found = self._best_lift(limit)
        if found is not None:
            limit = found[0]
        pairs = len(self.board.states) * (len(self.board.states) - 1) // 2
        stop = len(self.free) * pairs + 1 if limit is None else limit
        for total in range(sum(self.least), stop):
            for shares in self._shares(total, pairs):
                for tastes in product(*(self._at(i, d, found) for i, d in enumerate(shares))):
                    self._spend(total, found)
                    if self.holds(tastes):
                        return total, tuple(taste.rank for taste in tastes)
        return found

    def holds(self, tastes: Sequence[CandidateRanking]) -> bool:
        """Tell whether every actor is stable at the state, given what all want."""
        judge = self._holds_at_once if self.concept == "sim" else self._holds_in_turn
        return all(judge(i, tastes) for i in range(self._count))

    def _holds_in_turn(self, i: int, tastes: Sequence[CandidateRanking]) -> bool:
        board, no_better = self.board, tastes[i].no_better
        steps = [taste.improvements for taste in tastes]
        for target in bits(tastes[i].improvements[self.state]):
            reached = board.reach(i, target, steps) & no_better
            if self.concept == "sseq":
                reached = sum(1 << z for z in bits(reached) if not board.moves[i][z] & ~no_better)
            if not reached:
                return False
        return True

    def _holds_at_once(self, i: int, tastes: Sequence[CandidateRanking]) -> bool:
        board, no_better = self.board, tastes[i].no_better
        here = board.states[self.state]
        shifts = [
            [0, *(board.states[t] - here for t in bits(taste.improvements[self.state]))]
            for j, taste in enumerate(tastes)
            if j != i
        ]
        for target in bits(tastes[i].improvements[self.state]):
            ends = (board.states[target] + sum(choice) for choice in product(*shifts))
            if not any(end in board.place and no_better >> board.place[end] & 1 for end in ends):
                return False
        return True

    def _best_lift(self, limit: int | None) -> tuple[int, tuple[Rank, ...]] | None:
        choices = []
        for i in range(self._count):
            rank, here = self.board.ranks[i], self.board.ranks[i][self.state]
            levels = range(here, max(rank) + 1) if i in self.free else [here]
            own = []
            for level in levels:
                cost = sum(here <= r <= level for r in rank) - 1 if level > here else 0
                if cost >= self.least[i]:
                    lifted = (*rank[: self.state], level, *rank[self.state + 1 :])
                    own.append((cost, self._taste(i, lifted)))
            choices.append(own)
        for profile in sorted(product(*choices), key=lambda p: sum(cost for cost, _ in p)):
            total = sum(cost for cost, _ in profile)
            if limit is not None and total >= limit:
                return None
            self._spend(0, None)
            if self.holds([taste for _, taste in profile]):
                return total, tuple(taste.rank for _, taste in profile)
        return None

    def _shares(self, total: int, pairs: int) -> Iterator[tuple[int, ...]]:
        ranges = [
            range(self.least[i], min(pairs, total) + 1) if i in self.free else range(1)
            for i in range(self._count)
        ]
        return (shares for shares in product(*ranges) if sum(shares) == total)

    def _at(
        self, i: int, distance: int, found: tuple[int, object] | None
    ) -> list[CandidateRanking]:
        """Return an actor's rankings that change this many comparisons, and are allowed to."""
        if (i, distance) not in self._near:
            kept = []
            for cost, rank in orders_near(self.board.ranks[i], distance):
                if cost == distance:
                    self._spend(distance, found)
                    taste = self._taste(i, rank)
                    if self.concept == "sim" or all(m & taste.no_better for m in self._replies[i]):
                        kept.append(taste)
            self._near[i, distance] = kept
        return self._near[i, distance]

    def _taste(self, i: int, rank: Rank) -> CandidateRanking:
        higher = above(rank)
        improvements = [own & up for own, up in zip(self.board.moves[i], higher, strict=True)]
        return CandidateRanking(rank, improvements, self.board.all & ~higher[self.state])

    def _spend(self, reached: int, found: tuple[int, object] | None) -> None:
        self._tries += 1
        if self._tries > MOST_TRIES:
            known = "" if found is None else f" and at most {found[0]}"
            raise AnalysisError(
                f"the exact search for {self.concept} tried {MOST_TRIES:,} rankings; at least "
                f"{max(reached, sum(self.least))} comparisons must change{known}; ask for fewer "
                "actors, a smaller conflict, or gmr or smr, which take any size"
            )
