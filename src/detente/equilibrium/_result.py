"""What solving the timed game gives: values, choices, the chain, and a certificate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array

from detente.conflict import Conflict, State
from detente.engine import Seed
from detente.equilibrium._game import TimedGame, pack
from detente.equilibrium._generator import assemble, choices
from detente.equilibrium._trail import Trail
from detente.text import Result, show
from detente.values import Bools, Floats, plain_fields

if TYPE_CHECKING:
    from detente.equilibrium._certificate import Certificate
    from detente.forecast import (
        Expectations,
        ExpectedPaths,
        ExpectedTime,
        FilteredStart,
        LongRun,
        Observation,
        Probability,
        Quantity,
        Simulation,
        Start,
    )


@dataclass(frozen=True)
class Choice:
    """What an actor does when its chance to move comes, at one state.

    Attributes
    ----------
    actor : str
    moves : tuple of (mapping, float)
        Levels that change, by variable (none: it stays), and the probability; likeliest first.
    """

    actor: str
    moves: tuple[tuple[Mapping[str, str], float], ...]

    def __str__(self) -> str:
        """Return one line per move."""
        lines = [f"{self.actor} at a chance to move:"]
        for change, probability in self.moves:
            words = ", ".join(f"{name} to {level}" for name, level in change.items()) or "stays"
            lines.append(f"  {show(probability, 'tenths'):>6}  {words}")
        return "\n".join(lines)


@dataclass(frozen=True, eq=False)
class Equilibrium(Result):
    """The logit equilibrium of the timed game; made by `detente.equilibrium._solve`.

    Attributes
    ----------
    conflict : Conflict
    value : mapping of str to ndarray
        By actor, the expected discounted utility from each state as the actor sees it, of the
        conflict's shape; 0 at infeasible states.
    residual : float
        Largest imbalance of the equations, in spans of utility a year, over all games solved.
    sweeps, points : int
        Work done on all branches.
    folds : tuple of float
        Shares of the precision near which a branch first folds back.
    beliefs : mapping of str to Equilibrium
        For each actor with a view, the equilibrium of the game as it believes it to be.
    held : mapping of str to int
        Level index of each option and condition that interventions hold.
    heard : bool
        Whether everyone knows of all interventions.
    slow : str
        Why following the branch took long, where it did.
    trail : Trail or None
        The way that the branch took, where it was asked for, for a like game to start from.
    """

    conflict: Conflict
    value: Mapping[str, Floats]
    residual: float
    sweeps: int
    points: int
    folds: tuple[float, ...]
    scaled: Floats
    beliefs: Mapping[str, Equilibrium]
    held: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    heard: bool = True
    slow: str = ""
    trail: Trail | None = None

    @cached_property
    def game(self) -> TimedGame:
        """The conflict as plain arrays."""
        return pack(self.conflict)

    @property
    def scaled_values(self) -> tuple[Floats, ...]:
        """Scaled values of the true game and of each view's: others are solved beside them."""
        return (self.scaled, *(own.scaled for own in self.beliefs.values()))

    def at(self, conflict: Conflict) -> Equilibrium:
        """Return the same equilibrium with another status quo, that of a conflict else the same."""
        status_quo, case = conflict.status_quo, conflict.case
        beliefs = {actor: own.at(conflict) for actor, own in self.beliefs.items()}
        views = {
            actor: replace(view, status_quo=status_quo, case=case)
            for actor, view in self.conflict.views.items()
        }
        own = replace(self.conflict, status_quo=status_quo, case=case, views=views)
        moved = replace(self, conflict=own, beliefs=beliefs)
        for name in ("game", "_generator"):
            if name in self.__dict__:
                moved.__dict__[name] = self.__dict__[name]
        return moved

    def believed(self, actor: str) -> Equilibrium:
        """Return the equilibrium on which an actor acts: its own view's, or this one."""
        self.conflict.space.of(actor)
        return self.beliefs.get(actor, self)

    def policy(self, actor: str, state: State | None = None) -> Choice:
        """Return what an actor does at a state when its chance comes.

        Parameters
        ----------
        actor : str
        state : state, optional
            The status quo by default.
        """
        conflict = self.conflict
        own = conflict.space.of(actor)
        flat, number = conflict.index(state), conflict.actors.index(actor)
        acting = self.believed(actor)
        states, probabilities = choices(
            self.game, acting.game, acting.scaled[:, number], number, flat
        )
        here = conflict.space.position(flat)
        moves = []
        for k in np.argsort(-probabilities, kind="stable"):
            there = conflict.space.position(int(states[k]))
            change = {
                conflict.space.axes[axis].name: conflict.space.axes[axis].levels[there[axis]]
                for axis in own
                if there[axis] != here[axis]
            }
            moves.append((change, float(probabilities[k])))
        return Choice(actor, tuple(moves))

    def generator(self, within: Bools | None = None) -> csr_array:
        """Return the chain's generator over the feasible states, in the order of the tensor.

        Parameters
        ----------
        within : ndarray of bool, optional
            Of the conflict's shape: states that no move or jump leaves, the others being left out.

        Returns
        -------
        scipy.sparse.csr_array
            Rates a year; rows sum to zero. State k is the k-th of
            ``numpy.flatnonzero(conflict.feasible)``, within those asked for.
        """
        if within is None or within.all():
            return self._generator
        return self._assembled(self.game.feasible & within.reshape(-1))

    @cached_property
    def _generator(self) -> csr_array:
        return self._assembled(self.game.feasible)

    def _assembled(self, feasible: Bools) -> csr_array:
        acting = [self.believed(actor) for actor in self.conflict.actors]
        game = self.game._replace(feasible=feasible)
        return assemble(game, [(a.game, a.scaled[:, k]) for k, a in enumerate(acting)])

    def distribution(self, time: float, start: Start | None = None) -> Floats:
        """Return the probability of each state after some years; see `detente.forecast`."""
        from detente.forecast import distribution

        return distribution(self, time, start)

    def probability(
        self,
        query: str,
        start: Start | None = None,
        *,
        scope: str | None = None,
        let: Mapping[str, str] | None = None,
        do: Mapping[str, str | int] | None = None,
        set: Mapping[str, float] | None = None,
        announced: bool = True,
        during: tuple[float, float] | None = None,
        error: float = 1e-12,
    ) -> Probability:
        """Return the probability of a temporal statement; see `detente.forecast.probability`."""
        from detente.forecast import probability

        return probability(
            self, query, start, scope=scope, let=let, do=do, set=set, announced=announced,
            during=during, error=error,
        )  # fmt: skip

    def long_run(self, start: Start | None = None) -> LongRun:
        """Return the long-run shares of time; see `detente.forecast._long_run`."""
        from detente.forecast import long_run

        return long_run(self, start)

    def expected_time(self, formula: str, start: Start | None = None) -> ExpectedTime:
        """Return how long a formula takes to come true; see `detente.forecast.expected_time`."""
        from detente.forecast import expected_time

        return expected_time(self, formula, start)

    def accumulated(
        self, formula: str, years: float, start: Start | None = None, *, discount: float = 0.0
    ) -> Quantity:
        """Return what accumulates over some years; see `detente.forecast.accumulated`."""
        from detente.forecast import accumulated

        return accumulated(self, formula, years, start, discount=discount)

    def observe(
        self, observations: Sequence[Observation], start: Start | None = None
    ) -> FilteredStart:
        """Return where things stand then; see `detente.forecast.filter_observations`."""
        from detente.forecast import filter_observations

        return filter_observations(self, observations, start)

    def paths(self, years: float, start: Start | None = None, points: int = 21) -> ExpectedPaths:
        """Return how options, conditions and issues are expected to go; see `detente.forecast`."""
        from detente.forecast import expected_paths

        return expected_paths(self, years, start, points)

    def expectations(self, years: float, start: State | None = None) -> Expectations:
        """Compare what each actor expects with what will happen; see `detente.forecast`."""
        from detente.forecast import expectations

        return expectations(self, years, start)

    def simulate(
        self,
        paths: int,
        years: float,
        start: State | str | None = None,
        rng: Seed = None,
        workers: int | None = None,
    ) -> Simulation:
        """Draw sample paths of the chain; see `detente.forecast._simulate`."""
        from detente.forecast import simulate

        return simulate(self, paths, years, start, rng, workers)

    def certificate(self, starts: int = 20, rng: Seed = 1) -> Certificate:
        """Say how far the solution can be trusted; see `detente.equilibrium._certificate.certify`.

        Examples
        --------
        >>> from detente import Conflict
        >>> conflict = Conflict.build({"us": {"offer": 2}}, {"us": [0.0, 1.0]})
        >>> conflict.equilibrium().certificate(starts=3).starts[""].converged
        3
        """
        from detente.equilibrium._certificate import certify

        return certify(self, starts, rng)

    def __str__(self) -> str:
        """Return how it was solved, in a few lines."""
        lines = [
            f"Equilibrium of {len(self.conflict.actors)} actors over "
            f"{int(self.conflict.feasible.sum()):,} states",
            f"  residual {self.residual:.1e} spans of utility a year, {self.sweeps} sweeps, "
            f"{self.points} points on the branch from zero precision",
        ]
        if self.beliefs:
            lines.append(f"  acting on a belief of their own: {', '.join(self.beliefs)}")
        if self.folds:
            where = ", ".join(show(share, "share") for share in self.folds)
            lines.append(f"  the branch folds near {where} of the precision: others may exist")
        return "\n".join(lines)

    def __repr__(self) -> str:
        """Return one line for a debugger."""
        return f"<Equilibrium of {self.conflict!r}, residual {self.residual:.1e}>"

    def to_dict(self) -> dict[str, Any]:
        """Return the certificate and the values at the status quo, ready for JSON."""
        today, value = self.conflict.status_quo, {}
        if today is not None and self.conflict.feasible[today]:
            value = {actor: float(values[today]) for actor, values in self.value.items()}
        return {**plain_fields(self, "residual", "sweeps", "points", "folds"), "value": value}

    def to_pandas(self) -> Any:
        """Return values by feasible state and actor as a DataFrame (needs pandas)."""
        import pandas as pd

        space = self.conflict.space
        live = np.flatnonzero(self.conflict.feasible)
        labels = [tuple(space.label(int(s)).values()) for s in live]
        index = pd.MultiIndex.from_tuples(labels, names=[axis.name for axis in space.axes])
        columns = {actor: value.reshape(-1)[live] for actor, value in self.value.items()}
        return pd.DataFrame(columns, index=index)
