"""A case at one point of its parameters: compiled once, solved once in each world, on demand.

Told beforehand which questions will be asked, a model solves no more of the state space than their
starts can lead to. Cost: an equilibrium a world.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from detente.case import Case, GainQuestion
from detente.conflict import Conflict, compile_case, reachable_box, restrict
from detente.equilibrium import Equilibrium, changed_conflict, intervene, solve
from detente.expression import Formula
from detente.model._solved_world import ScopedQuestion, SolvedWorld
from detente.model._world import TODAY, World


class SolvedModel:
    """A case at given parameter values and variants, with what has been solved so far.

    Parameters
    ----------
    case : Case
    parameters : mapping of str to float, optional
        Values that replace the stated ones.
    variants : sequence of str
        Each as ``variant.level``; see `Case.variant`.
    questions : iterable of ScopedQuestion, optional
        What will be asked, each with its scope condition or None; without them the whole state
        space is solved.
    tolerance : float
        Of the equilibria; see `detente.equilibrium.solve`.
    near : SolvedModel, optional
        Of the same case at a point nearby. What is solved there is a start here, where that is
        safe; answers then agree within the tolerance, not in every digit.

    Attributes
    ----------
    conflict : Conflict

    Examples
    --------
    >>> import detente
    >>> model = SolvedModel(detente.load("chicken"))
    >>> model.equilibrium.residual < 1e-9, model.worlds == (TODAY,)
    (True, True)
    >>> model.forget(TODAY)
    >>> model.worlds
    ()
    """

    def __init__(
        self,
        case: Case,
        parameters: Mapping[str, float] | None = None,
        variants: Sequence[str] = (),
        questions: Iterable[ScopedQuestion] | None = None,
        *,
        tolerance: float = 1e-10,
        near: SolvedModel | None = None,
    ) -> None:
        self.conflict: Conflict = compile_case(case.variant(*variants), parameters)
        self._questions = None if questions is None else tuple(questions)
        self._tolerance = tolerance
        self._starts = {} if near is None else near._solved
        self._worlds: dict[World, SolvedWorld] = {}

    @property
    def equilibrium(self) -> Equilibrium:
        """The equilibrium without an intervention."""
        return self.under(TODAY).equilibrium

    @property
    def worlds(self) -> tuple[World, ...]:
        """The worlds solved so far."""
        return tuple(self._solved)

    @property
    def _solved(self) -> dict[World, Equilibrium]:
        found = self._worlds.items()
        return {world: one.equilibrium for world, one in found if "equilibrium" in one.__dict__}

    def under(self, world: World) -> SolvedWorld:
        """Return one world; nothing of it is solved until it is asked for."""
        if world not in self._worlds:
            held, values = dict(world.held), dict(world.parameters)
            # What the closure below refers to must not lead back to the model: no cycle, no delay
            # before the arrays of a model that is done with are freed.
            conflict, questions, tolerance = self.conflict, self._questions, self._tolerance
            today = None if world == TODAY else self.under(TODAY)
            start = _unfolded(self._starts[world]) if world in self._starts else None

            def solved() -> Equilibrium:
                if today is None:
                    return solve(_needed(conflict, questions), tolerance, start)
                return intervene(
                    today.equilibrium, held, values, world.announced,
                    tolerance=tolerance, start=start,
                )  # fmt: skip

            self._worlds[world] = SolvedWorld(
                world,
                changed_conflict(conflict, held, values),
                [one for one in questions or () if World.of(one[0].arm) == world],
                solved,
            )
        return self._worlds[world]

    def forget(self, *worlds: World) -> None:
        """Drop what was found of some worlds."""
        for world in worlds:
            self._worlds.pop(world, None)


def _needed(conflict: Conflict, questions: Sequence[ScopedQuestion] | None) -> Conflict:
    """Return the conflict over what the questions' starts can lead to."""
    if questions is None:
        return conflict
    today = conflict.status_quo or ()
    levels = {axis.name: {today[k]} for k, axis in enumerate(conflict.space.axes)}
    for question, _ in questions:
        arm = question.arm
        if isinstance(arm.given, Formula):
            levels = {}
            break
        starts = [arm.given or {}, arm.do or {}]
        if isinstance(question, GainQuestion) and question.by == "value":
            starts.append(question.levels)
        for start in starts:
            for name, level in start.items():
                levels[name].add(level)
    return restrict(conflict, reachable_box(conflict, levels))


def _unfolded(start: Equilibrium) -> Equilibrium:
    """Return an equilibrium that can be started from although its branch has folds.

    Points that are near lie on the same sheet, wherever the branch to it has been.
    """
    beliefs = {actor: _unfolded(belief) for actor, belief in start.beliefs.items()}
    return replace(start, folds=(), beliefs=beliefs)
