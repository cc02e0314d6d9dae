"""The table of bargaining in a case, as immutable values: issues, and what parties have at stake.

Every number is a formula of the parameters, so that it may have a range, a reason and a source.
"""

from __future__ import annotations

from dataclasses import dataclass

from detente.expression import Formula


@dataclass(frozen=True, slots=True)
class Stake:
    """What one party wants on one issue, how dearly, and what it can bring to bear.

    ``red_line`` is the farthest point from its position to which the party would ever move; None
    where it has none.
    """

    party: str
    position: Formula
    salience: Formula
    capability: Formula
    red_line: Formula | None = None


@dataclass(frozen=True, slots=True)
class BargainingIssue:
    """An issue on a scale from ``low`` to ``high``.

    ``points`` holds (position, meaning); ``reference`` is what holds without agreement, None where
    nobody knows. A party without a stake is no party to the issue.
    """

    name: str
    title: str
    low: float
    high: float
    points: tuple[tuple[float, str], ...]
    reference: Formula | None
    stakes: tuple[Stake, ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class VotingRule:
    """Who proposes, what share of the capability must accept, and who must be among those."""

    setter: str
    threshold: Formula
    veto: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bargaining:
    """The table of a case; ``groups`` holds (name, parties) for sums over parties."""

    issues: tuple[BargainingIssue, ...]
    voting: VotingRule | None = None
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def parties(self) -> tuple[str, ...]:
        """All who are party to some issue, in order of appearance."""
        return tuple(dict.fromkeys(one.party for issue in self.issues for one in issue.stakes))

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """All numbers of the table."""
        references = [one.reference for one in self.issues if one.reference is not None]
        stakes = [stake for issue in self.issues for stake in issue.stakes]
        numbers = [f for s in stakes for f in (s.position, s.salience, s.capability)]
        lines = [stake.red_line for stake in stakes if stake.red_line is not None]
        share = [self.voting.threshold] if self.voting is not None else []
        return (*references, *numbers, *lines, *share)

    def scale(self, issue: str) -> tuple[float, float] | None:
        """Return the lowest and highest position on an issue; None where there is no such issue."""
        return next(((one.low, one.high) for one in self.issues if one.name == issue), None)
