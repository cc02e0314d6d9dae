"""A case at one point of its parameters: compiled once, solved once in each world, on demand.

Told beforehand which questions will be asked, a model solves no more of the state space than their
starts can lead to. Cost: an equilibrium per world.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

from detente.case import Case, GainQuestion
from detente.conflict import Conflict, compile_case, reachable_box, restrict
from detente.engine import FAILURES, side_by_side
from detente.equilibrium import (
    Equilibrium,
    changed_conflict,
    intervene,
    solve,
    solve_beside,
    solve_changed,
)
from detente.expression import Formula
from detente.model._chain_answers import ScopedQuestion
from detente.model._found import Found
from detente.model._solved_world import SolvedWorld
from detente.model._world import TODAY, World
from detente.values import Floats


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
        Of the same case at another point, made with its ``trail``. Branches are followed all the
        way as without it, in fewer sweeps; answers agree within the tolerance, not in every digit.
    threads : bool
        Whether games, worlds and passes that do not depend on one another are worked on at the
        same moment, and all questions are answered when the first is. Changes no digit. For a
        model that somebody waits for; many draws keep the cores busy by themselves.
    anywhere : bool
        Whether the present may be moved with `at`: the equilibrium is then over all states, though
        the questions' starts may not lead to all.
    trail : bool
        Whether other models may be ``near`` this one; it then takes several times the memory.
    beside : sequence of ndarray, optional
        The `Equilibrium.scaled_values` of today's world at a point so close that no branch need be
        followed from them; see `detente.equilibrium.solve_beside`.

    Attributes
    ----------
    conflict : Conflict

    Examples
    --------
    >>> import detente
    >>> model = SolvedModel(detente.load("chicken"))
    >>> model.equilibrium.residual < 1e-9, list(model.worlds) == [TODAY]
    (True, True)
    >>> model.forget(TODAY)
    >>> model.worlds
    {}
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
        threads: bool = False,
        anywhere: bool = False,
        trail: bool = False,
        beside: Sequence[Floats] | None = None,
    ) -> None:
        self.conflict: Conflict = compile_case(case.variant(*variants), parameters)
        self._questions = None if questions is None else tuple(questions)
        self._tolerance = tolerance
        self._starts = {} if near is None else near.worlds
        self._threads, self._anywhere, self._trail = threads, anywhere, trail
        self._beside = beside
        self._worlds: dict[World, SolvedWorld] = {}
        self._found = Found()
        self._base: SolvedModel | None = None

    @property
    def equilibrium(self) -> Equilibrium:
        """The equilibrium without an intervention."""
        return self.under(TODAY).equilibrium

    @property
    def worlds(self) -> dict[World, Equilibrium]:
        """The worlds solved so far, with their equilibria."""
        found = tuple(self._worlds.items())
        return {world: one.equilibrium for world, one in found if one.is_solved}

    def under(self, world: World) -> SolvedWorld:
        """Return one world; nothing of it is solved until it is asked for."""
        if world not in self._worlds:
            # Two threads may both make one; the first stays.
            self._worlds.setdefault(world, self._make(world))
        return self._worlds[world]

    def _make(self, world: World) -> SolvedWorld:
        held, values = dict(world.held), dict(world.parameters)
        if self._base is not None:
            base = self._base.under(world)
            return base.at(_at_present(base.conflict, self.conflict, held))
        # No reference to the model, so that one that is done with is freed at once.
        found, conflict, tolerance = self._found, self.conflict, self._tolerance
        questions = None if self._anywhere else self._questions
        threads, trail, beside = self._threads, self._trail, self._beside
        today = None if world.announced else self.under(TODAY)
        start = self._starts.get(world)

        def solved() -> Equilibrium:
            if today is not None:
                return intervene(today.equilibrium, held, values, announced=False)
            needed = found.get("needed", lambda: _needed(conflict, questions))
            if world == TODAY:
                if beside is not None:
                    return solve_beside(needed, beside, tolerance)
                return solve(needed, tolerance, start, threads=threads, trail=trail)
            return solve_changed(
                needed, held, values, tolerance, start, threads=threads, trail=trail
            )

        asked = [one for one in self._questions or () if World.of(one[0].arm) == world]
        changed = changed_conflict(conflict, held, values)
        return SolvedWorld(world, changed, asked, solved, threads)

    def answer_ahead(self) -> None:
        """Answer all questions side by side, where the model may use threads; else do nothing.

        A world that cannot be solved says so when it is asked.
        """
        if self._threads:
            self._found.get("ahead", self._answer_all)

    def _answer_all(self) -> bool:
        worlds = dict.fromkeys(World.of(question.arm) for question, _ in self._questions or ())

        def answer(world: World) -> None:
            with suppress(*FAILURES):
                self.under(world).answer_ahead()

        side_by_side([partial(answer, world) for world in worlds], self._threads)
        return True

    def at(self, case: Case) -> SolvedModel:
        """Return the same model at another present; what is solved is not solved again.

        Parameters
        ----------
        case : Case
            That of the model, at the model's parameters and variants, with another status quo.

        Examples
        --------
        >>> import detente
        >>> case = detente.load("chicken")
        >>> model = SolvedModel(case, anywhere=True)
        >>> name, level = next(iter(case.status_quo.items()))
        >>> from dataclasses import replace
        >>> other = model.at(replace(case, status_quo={**case.status_quo, name: 1 - level}))
        >>> other.conflict.status_quo == model.conflict.status_quo
        False
        >>> other.equilibrium.scaled is model.equilibrium.scaled
        True
        """
        names = [axis.name for axis in self.conflict.space.axes]
        status_quo = tuple(case.status_quo[name] for name in names)
        views = {
            actor: replace(view, status_quo=status_quo, case=case)
            for actor, view in self.conflict.views.items()
        }
        moved = SolvedModel.__new__(SolvedModel)
        moved.__dict__.update(self.__dict__)
        moved.conflict = replace(self.conflict, status_quo=status_quo, case=case, views=views)
        moved._worlds, moved._found, moved._base = {}, Found(), self._base or self
        return moved

    def forget(self, *worlds: World) -> None:
        """Drop what was found of some worlds."""
        for world in worlds:
            self._worlds.pop(world, None)
        self._found.drop("ahead")


def _at_present(world: Conflict, model: Conflict, held: Mapping[str, int]) -> Conflict:
    """Return a world's conflict at the present of the model, with what is held at its level."""
    assert model.status_quo is not None
    axes = world.space.axes
    status_quo = tuple(
        held.get(axis.name, now) for axis, now in zip(axes, model.status_quo, strict=True)
    )
    views = {
        actor: replace(view, status_quo=status_quo, case=model.case)
        for actor, view in world.views.items()
    }
    return replace(world, status_quo=status_quo, case=model.case, views=views)


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
