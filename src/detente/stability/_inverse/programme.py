"""The least change of several rankings at once, as a 0-1 programme.

Under ``seq``, ``sseq`` and ``sim`` what others want decides what they answer, so a state can be
made to hold for one actor by changing what another wants. A number for each ordered pair of states
says whether an actor likes the first better; a pair costs one where it is compared differently. For
each move from the wanted state that improves, one unit must flow along steps of the others to a
state that deters, each step no wider than the number that makes it an improvement: with numbers of
0 and 1 a unit gets through exactly where there is a path. Under ``sim`` it is split among joint
choices.

That the numbers form a ranking, ties allowed, is asked from the start for the pairs that the moves
are about, and elsewhere once an answer violates it; then the programme is solved again. Each answer
is a lower bound, and the first that violates nothing is the least. Cost: that of HiGHS, which can
be exponential, so time is limited; (states)^2 numbers a free actor.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from time import monotonic

import numpy as np

from detente.engine import do_apart, poll
from detente.stability._inverse.move_sets import MoveSets, bits
from detente.values import Bools, Floats, Ints

MOST_STATES = 256
_MOST_CUTS = 20_000
_MOST_ROWS = 100_000

Rank = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ProgrammeAnswer:
    """What a programme came to.

    Parameters
    ----------
    least : int
        Fewer changes than this do not do it.
    ranks : tuple of tuple of int, or None
        By actor, the ranking after that many changes; None where time ran out or none does it.
    possible : bool
        Whether some change may do it.
    """

    least: int
    ranks: tuple[Rank, ...] | None
    possible: bool = True


class RankProgramme:
    """The programme of one wanted state.

    Parameters
    ----------
    board : MoveSets
    concept : str
        ``seq``, ``sseq`` or ``sim``.
    state : int
        Number of the state on the board.
    free : sequence of int
        Positions of the actors whose ranking may change.
    """

    def __init__(self, board: MoveSets, concept: str, state: int, free: Sequence[int]) -> None:
        self.board, self.concept, self.state = board, concept, state
        self.free, self.count = tuple(free), len(board.states)
        self._ranks = [np.array(rank) for rank in board.ranks]
        self._size = len(self.free) * self.count**2
        self._rows: list[tuple[dict[int, float], float]] = []
        self._asked: set[tuple[int, int, int]] = set()
        for i in range(len(board.actors)):
            for target in bits(board.moves[i][state]):
                if self._better(i, target, state) != 0.0:
                    ask = self._at_once if concept == "sim" else self._in_turn
                    ask(i, target)
        self._bridge()

    def answer(self, deadline: float) -> ProgrammeAnswer:
        """Solve until the numbers form rankings, or a time of `monotonic` has come."""
        least = 0
        while True:
            poll()
            status, values, bound = self._solve(max(0.1, deadline - monotonic()))
            if status == 2:
                return ProgrammeAnswer(least, None, possible=False)
            least = max(least, int(np.ceil(bound - 1e-6)))
            if values is None:
                return ProgrammeAnswer(least, None)
            better = [
                values[k * self.count**2 : (k + 1) * self.count**2].reshape(self.count, -1) > 0.5
                for k in range(len(self.free))
            ]
            if not self._cut(better):
                ranks = [tuple(map(int, rank)) for rank in self._ranks]
                for k, i in enumerate(self.free):
                    ranks[i] = tuple(map(int, _levels(better[k])))
                return ProgrammeAnswer(least, tuple(ranks))
            if monotonic() > deadline:
                return ProgrammeAnswer(least, None)

    def _better(self, i: int, first: int, second: int) -> int | float:
        """Return the column that says whether an actor likes the first better, or 0.0 or 1.0."""
        if first == second:
            return 0.0
        if i in self.free:
            return self.free.index(i) * self.count**2 + first * self.count + second
        return float(self._ranks[i][first] > self._ranks[i][second])

    def _at_most(self, parts: Iterable[tuple[float, int | float]], limit: float) -> None:
        """Ask that a sum of columns, times what stands before them, is at most a limit."""
        row: dict[int, float] = {}
        for factor, column in parts:
            if isinstance(column, float):
                limit -= factor * column
            else:
                row[column] = row.get(column, 0.0) + factor
        self._rows.append((row, limit))

    def _new(self) -> int:
        self._size += 1
        return self._size - 1

    def _deters(self, i: int, amounts: Sequence[int], end: int) -> None:
        """Let amounts through only where the actor likes a state no better than the wanted one."""
        outcomes = [end, *(bits(self.board.moves[i][end]) if self.concept == "sseq" else ())]
        for outcome in outcomes:
            parts = [(1.0, self._better(i, outcome, self.state))]
            self._at_most([*((1.0, amount) for amount in amounts), *parts], 1.0)

    def _in_turn(self, i: int, target: int) -> None:
        """Ask for a path of the others from a target to what deters, nobody twice in a row."""
        board, others = self.board, [j for j in range(len(self.board.actors)) if j != i]
        into: dict[tuple[int, int], list[int]] = {}
        out: dict[tuple[int, int], list[int]] = {(target, i): []}
        steps: dict[tuple[int, int, int], list[int]] = {}
        todo = [(target, i)]
        while todo:
            node = todo.pop()
            here, last = node
            for j in others:
                if j == last:
                    continue
                for onward in bits(board.moves[j][here]):
                    if self._better(j, onward, here) == 0.0:
                        continue
                    flow = self._new()
                    out[node].append(flow)
                    into.setdefault((onward, j), []).append(flow)
                    steps.setdefault((j, here, onward), []).append(flow)
                    if (onward, j) not in out:
                        out[onward, j] = []
                        todo.append((onward, j))
        for (j, here, onward), flows in steps.items():
            parts = [(1.0, flow) for flow in flows]
            self._at_most([*parts, (-1.0, self._better(j, onward, here))], 0.0)
        leaving: dict[int, list[int]] = {}
        for node, flows in into.items():
            sink = self._new()
            leaving.setdefault(node[0], []).append(sink)
            self._at_most(
                [*((1.0, flow) for flow in (*out[node], sink)), *((-1.0, flow) for flow in flows)],
                0.0,
            )
        for end, sinks in leaving.items():
            self._deters(i, sinks, end)
        arrived = [(-1.0, sink) for sinks in leaving.values() for sink in sinks]
        sent = [(1.0, flow) for flow in out[target, i]]
        self._at_most([*arrived, (1.0, self._better(i, target, self.state))], 0.0)
        self._at_most(sent, 1.0)

    def _at_once(self, i: int, target: int) -> None:
        """Ask for a joint choice of the others, each from the wanted state, that deters."""
        board, state = self.board, self.state
        others = [j for j in range(len(board.actors)) if j != i]
        choices = [
            [state, *(t for t in bits(board.moves[j][state]) if self._better(j, t, state) != 0.0)]
            for j in others
        ]
        here, amounts = board.states[state], []
        for chosen in product(*choices):
            end = board.states[target] + sum(board.states[t] - here for t in chosen)
            if end not in board.place:
                continue
            amount = self._new()
            amounts.append(amount)
            for j, t in zip(others, chosen, strict=True):
                if t != state:
                    self._at_most([(1.0, amount), (-1.0, self._better(j, t, state))], 0.0)
            self._deters(i, [amount], board.place[end])
        parts = [(-1.0, amount) for amount in amounts]
        self._at_most([*parts, (1.0, self._better(i, target, state))], 0.0)

    def _bridge(self) -> None:
        """Ask from the start for what ties the pairs that count to the states between them."""
        pairs = len(self.free) * self.count**2
        for column in sorted({c for row, _ in self._rows for c in row if c < pairs}):
            k, pair = divmod(column, self.count**2)
            first, second = divmod(pair, self.count)
            i, rank = self.free[k], self._ranks[self.free[k]]
            low, high = sorted((int(rank[first]), int(rank[second])))
            self._one_way(i, first, second)
            for u in np.flatnonzero((rank >= low) & (rank <= high)).tolist():
                if u in (first, second):
                    continue
                self._one_way(i, first, u)
                self._one_way(i, u, second)
                if rank[first] > rank[second]:
                    self._over(i, first, u, second)
                    self._over(i, u, second, first)
                else:
                    self._over(i, first, second, u)
            if len(self._rows) > _MOST_ROWS:
                return

    def _one_way(self, i: int, first: int, second: int) -> None:
        """Ask that of two states one at most is better."""
        key = (i, min(first, second), max(first, second))
        if key not in self._asked:
            self._asked.add(key)
            pair = (1.0, self._better(i, first, second)), (1.0, self._better(i, second, first))
            self._at_most(pair, 1.0)

    def _over(self, i: int, high: int, low: int, between: int) -> None:
        """Ask that what is better than a state is better than a third, or the third than it."""
        self._at_most(
            [
                (1.0, self._better(i, high, low)),
                (-1.0, self._better(i, high, between)),
                (-1.0, self._better(i, between, low)),
            ],
            0.0,
        )

    def _solve(self, seconds: float) -> tuple[int, Floats | None, float]:
        """Return HiGHS's status, its answer and the lower bound that it proved."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        cost, already = np.zeros(self._size), 0.0
        pairs = len(self.free) * self.count**2
        for k, i in enumerate(self.free):
            up = np.subtract.outer(self._ranks[i], self._ranks[i])
            own = np.where(up > 0, -1.0, np.where(up == 0, 1.0, 0.0))
            np.fill_diagonal(own, 1.0)
            cost[k * self.count**2 : (k + 1) * self.count**2] = own.reshape(-1)
            already += float((up > 0).sum())
        limits = np.array([limit for _, limit in self._rows])
        sizes = [len(row) for row, _ in self._rows]
        columns = np.array([c for row, _ in self._rows for c in row], dtype=np.int64)
        factors = np.array([f for row, _ in self._rows for f in row.values()])
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        matrix = csr_array((factors, columns, starts), shape=(len(sizes), self._size))
        found = do_apart(
            lambda: milp(
                cost,
                integrality=(np.arange(self._size) < pairs).astype(int),
                bounds=Bounds(0.0, 1.0),
                constraints=LinearConstraint(matrix, -np.inf, limits) if sizes else (),
                options={"mip_rel_gap": 0.0, "time_limit": seconds},
            )
        )
        bound = getattr(found, "mip_dual_bound", None)
        bound = already + (bound if bound is not None and np.isfinite(bound) else -already)
        settled = found.status == 0
        return found.status, found.x if settled else None, bound

    def _cut(self, better: Sequence[Bools]) -> bool:
        """Ask for a ranking wherever numbers form none; say whether there was such a place."""
        asked = 0
        for i, above in zip(self.free, better, strict=True):
            for a, b in np.argwhere(np.triu(above & above.T)).tolist():
                self._one_way(i, a, b)
                asked += 1
            for a in np.flatnonzero(above.any(axis=1)).tolist():
                if asked > _MOST_CUTS:
                    break
                broken = above[a] & ~above[a][:, None] & ~above
                broken[a] = False
                for b, c in np.argwhere(broken).tolist():
                    if b != c:
                        self._over(i, a, c, b)
                        asked += 1
        return asked > 0


def _levels(better: Bools) -> Ints:
    """Return the ranks of a ranking given by who is above whom."""
    return np.unique(better.sum(axis=1), return_inverse=True)[1].reshape(-1)
