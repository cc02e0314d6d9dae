"""The table of bargaining in one world: what it comes to, found when it is first asked for.

No equilibrium is solved for it: the table reads the parameters of the world alone. Cost: that of
the models that are asked.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from detente.bargaining import (
    BargainingOutcome,
    BargainingTable,
    PositionExchange,
    PositionExchanges,
    challenge,
    compromise,
    exchange,
    most_weight,
    nash_bargaining,
    plain_mean,
    procedural,
    table_at,
    weighted_median,
)
from detente.case import BargainingModel, Case
from detente.conflict import Conflict
from detente.errors import AnalysisError, InputError
from detente.model._found import Found


@dataclass(eq=False)
class SolvedTable:
    """The table of bargaining of a case in one world; see `SolvedWorld.bargaining`.

    ``conflict`` is that of the world, for the values of its parameters.
    """

    conflict: Conflict
    _found: Found = field(default_factory=Found)

    @property
    def case(self) -> Case:
        """The case that the table is part of."""
        case = self.conflict.case
        if case is None:
            raise InputError("this conflict has no table of bargaining; ask that of a case")
        return case

    @property
    def table(self) -> BargainingTable:
        """The table at the values of this world."""
        return self._found.get("table", lambda: table_at(self.case, self.conflict.numbers))

    @property
    def exchanges(self) -> PositionExchanges:
        """The exchanges of the first round."""
        return self._found.get("exchanges", lambda: exchange(self.table))

    def outcome(self, model: BargainingModel) -> BargainingOutcome:
        """Return where all issues are settled under a model."""
        return self._found.get(("outcome", model), self._models()[model])

    def settled(self, issue: str, model: BargainingModel) -> float:
        """Return where an issue is settled under a model, on its scale."""
        point = float(self.outcome(model).outcome[self.table.issues.index(issue)])
        if math.isnan(point):
            raise AnalysisError(f"{model} settles nothing on {issue} at these parameters")
        return point

    def between(self, one: str, other: str, issues: tuple[str, ...]) -> list[PositionExchange]:
        """Return the exchanges made between two parties in which all the named issues are traded.

        Parameters
        ----------
        one, other : str
        issues : tuple of str
            Without any, every exchange between the two.
        """
        return [
            made
            for made in self.exchanges.rounds[0]
            if set(made.givers) == {one, other} and set(issues) <= set(made.issues)
        ]

    def gain(self, party: str, issues: tuple[str, ...]) -> float:
        """Return what a party gains by the exchanges made, or by those of named issues alone.

        Parameters
        ----------
        party : str
        issues : tuple of str
            Without any, all exchanges count.
        """
        if not issues:
            return self.exchanges.gain(party)
        return sum((gain for _, gain in self.gains(party, issues)), 0.0)

    def gains(
        self, party: str, issues: tuple[str, ...] = ()
    ) -> list[tuple[PositionExchange, float]]:
        """Return the exchanges made, or those of named issues alone, with a party's gain."""
        return [
            (made, made.gain if party in made.givers else made.others.get(party, 0.0))
            for made in self.exchanges.made
            if not issues or set(made.issues) <= set(issues)
        ]

    def _models(self) -> dict[BargainingModel, Callable[[], BargainingOutcome]]:
        return {
            "compromise": lambda: compromise(self.table),
            "mean": lambda: plain_mean(self.table),
            "median": lambda: weighted_median(self.table),
            "mode": lambda: most_weight(self.table),
            "nash": lambda: nash_bargaining(self.table),
            "procedural": self._by_vote,
            "exchange": lambda: self.exchanges.outcome,
            "challenge": lambda: challenge(self.table).outcome,
        }

    def _by_vote(self) -> BargainingOutcome:
        rule = self.case.bargaining.voting if self.case.bargaining else None
        if rule is None:
            raise InputError(f"{self.case.name} has no voting; say who proposes")
        threshold = float(rule.threshold.evaluate(self.conflict.numbers))
        return procedural(self.table, rule.setter, threshold, rule.veto)
