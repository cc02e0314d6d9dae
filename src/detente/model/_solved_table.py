"""The table of bargaining in one world: what it comes to, found when it is first asked for.

No equilibrium is solved for it: the table reads the parameters of the world alone. Cost: that of
the models that are asked.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from detente.bargaining import (
    TABLE_MODELS,
    BargainingComparison,
    BargainingOutcome,
    BargainingTable,
    PositionExchange,
    PositionExchanges,
    StatedVote,
    compare_models,
    exchange,
    procedural,
    table_at,
    vote_at,
)
from detente.case import BargainingModel, Case, Labels
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
    def vote(self) -> StatedVote | None:
        """The voting rule at the values of this world, where the case states one."""
        return vote_at(self.case, self.conflict.numbers)

    @property
    def exchanges(self) -> PositionExchanges:
        """The exchanges of the first round."""
        return self._found.get("exchanges", lambda: exchange(self.table))

    @property
    def comparison(self) -> BargainingComparison:
        """All models side by side, parties and issues by their names in the case."""
        return self._found.get("comparison", self._compare_named)

    @property
    def titled(self) -> BargainingComparison:
        """The same for readers, by titles of parties and of issues where no two have the same."""
        return self._found.get("titled", self._compare_titled)

    def _compare_named(self) -> BargainingComparison:
        return self._compare(self.table, {name: name for name in self.table.actors})

    def _compare_titled(self) -> BargainingComparison:
        labels, table = Labels(self.case), self.table
        actors = _titles(table.actors, labels.party)
        issues = _titles(table.issues, labels.bargained)
        points = {issues[issue]: found for issue, found in table.points.items()}
        titled = replace(
            table, actors=tuple(actors.values()), issues=tuple(issues.values()), points=points
        )
        return self._compare(titled, actors)

    def _compare(self, table: BargainingTable, actors: Mapping[str, str]) -> BargainingComparison:
        """Compare models by the voting rule and groups of the case, actors under other names."""
        stated = self.case.bargaining
        assert stated is not None, "a table comes from a case that states one"
        groups = {
            f"{group} (group)" if group in table.actors else group: [actors[one] for one in members]
            for group, members in stated.groups
        }
        vote = self.vote
        if vote is None:
            return compare_models(table, groups=groups)
        veto = [actors[one] for one in vote.veto]
        return compare_models(table, 1, actors[vote.setter], vote.threshold, veto, groups=groups)

    def outcome(self, model: BargainingModel) -> BargainingOutcome:
        """Return where all issues are settled under a model."""
        return self._found.get(("outcome", model), lambda: self._asked(model))

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

    def _asked(self, model: BargainingModel) -> BargainingOutcome:
        if model == "procedural":
            return self._by_vote()
        return self.exchanges.outcome if model == "exchange" else TABLE_MODELS[model](self.table)

    def _by_vote(self) -> BargainingOutcome:
        vote = self.vote
        if vote is None:
            raise InputError(f"{self.case.name} has no voting; say who proposes")
        return procedural(self.table, vote.setter, vote.threshold, vote.veto)


def _titles(names: Sequence[str], title: Callable[[str], str]) -> dict[str, str]:
    """Return by name what a reader sees: titles, or the names where two have the same title."""
    titles = [title(name) for name in names]
    return dict(zip(names, titles if len({*titles}) == len(names) else names, strict=True))
