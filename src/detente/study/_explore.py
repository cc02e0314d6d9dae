"""A phase diagram: one answer over a grid of two parameters or options.

At every point of the grid the two are set (a parameter to a value, an option or condition held at a
level, everyone knowing) and the question is answered over the same few draws of all other
parameters. Over two parameters every second point is solved and the rest is interpolated where the
answer bends little (`detente.study._between`), which the diagram marks. Cost: grid points x draws,
or about half of them, each with only the equilibria of this one question.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.case import Arm, Case, Claim, ProbabilityQuestion
from detente.claims import answer_claim, claims_model, count_words, word_over_draws
from detente.engine import FAILURES, Backend, Progress, Seed, map_tasks, poll, seed_of
from detente.errors import InputError
from detente.expression import ExpressionError, compile_query
from detente.study._between import between, first_places
from detente.study._design import make_design
from detente.study._diagram_axis import DiagramAxis, sides_of
from detente.text import Result, show, suggestion, table
from detente.values import Floats, Ints, plain_fields

if TYPE_CHECKING:
    from detente.drawing import Drawing


_STATED = 1
ABOUT = "~"
"""Stands before an answer that was interpolated."""


@dataclass(frozen=True, eq=False)
class PhaseDiagram(Result):
    """One answer over a grid of two parameters or options.

    Attributes
    ----------
    case : Case
    show : str
        What is asked: a claim's id or a query.
    claim : Claim
        The question as it is put.
    x, y : DiagramAxis
    values : ndarray, (y, x, draws)
        Answers; nan where there is none.
    seed : int or None
        Of the draws of all other parameters; None where they are as stated.
    waiting : frozenset of (int, int)
        Places (y, x) that are still to be answered.
    interpolated : frozenset of (int, int)
        Places (y, x) whose answer, in some draw, lies between solved ones and was not solved.
    """

    case: Case
    show: str
    claim: Claim
    x: DiagramAxis
    y: DiagramAxis
    values: Floats
    seed: int | None
    waiting: frozenset[tuple[int, int]] = frozenset()
    interpolated: frozenset[tuple[int, int]] = frozenset()

    @property
    def about(self) -> str:
        """Where answers were interpolated, in words; empty where all are solved."""
        if not self.interpolated:
            return ""
        few = f"{len(self.interpolated)} of {self.counts.size}"
        return f"{ABOUT} interpolated between solved points ({few})"

    @property
    def counts(self) -> Ints:
        """How many draws have an answer, (y, x)."""
        return np.asarray((~np.isnan(self.values)).sum(axis=2), dtype=np.int64)

    @property
    def median(self) -> Floats:
        """Median answer, (y, x); nan where there is none."""
        found = np.full(self.values.shape[:2], np.nan)
        for place in np.argwhere(self.counts > 0):
            cell = self.values[tuple(place)]
            found[tuple(place)] = np.median(cell[~np.isnan(cell)])
        return found

    @property
    def words(self) -> list[list[str]]:
        """Where most draws of each point stand to the claim; empty words without an interval."""
        return [[self._word(cell[~np.isnan(cell)]) for cell in row] for row in self.values]

    def _word(self, answers: Floats) -> str:
        if self.claim.expect is None or not answers.size:
            return ""
        return word_over_draws(count_words(answers, self.claim.expect))

    def plot(self) -> Drawing:
        """Draw the grid of answers; see `detente.drawing.Drawing`."""
        from detente.drawing import Drawing, phase

        return Drawing(phase(self))

    def __str__(self) -> str:
        """Return the grid as text, y upwards."""
        wide = max(len(label) for label in (*self.y.labels, self.y.name))
        cell = max(9, *(len(label) for label in self.x.labels))
        rows = [
            [self.y.labels[k], *(self._cell(k, column) for column in range(len(self.x.labels)))]
            for k in reversed(range(len(self.y.labels)))
        ]
        rows.append(["", *self.x.labels])
        head = [f"{self.show}: median of {self.values.shape[2]} draws per point", self.y.name]
        foot = f"{'':>{wide}} {self.x.name}"
        about = [self.about] if self.about else []
        return "\n".join([*head, *table(rows, f">{wide} >{cell}", " "), foot, *about])

    def _cell(self, row: int, column: int) -> str:
        value = float(self.median[row, column])
        mark = ABOUT if (row, column) in self.interpolated else ""
        return "-" if np.isnan(value) else mark + show(value, "plain")

    def to_dict(self) -> dict[str, Any]:
        """Return the grid, ready for JSON; None where there is no answer."""
        return {
            "case": self.case.name,
            **plain_fields(self, "show", "x", "y"),
            "draws": self.values.shape[2],
            **plain_fields(self, "seed", "median", "counts", "words"),
            "interpolated": sorted(self.interpolated),
        }

    def to_pandas(self) -> Any:
        """Return the medians as a DataFrame, y down and x across (needs pandas)."""
        import pandas as pd

        rows = pd.Index(self.y.labels, name=self.y.name)
        return pd.DataFrame(self.median, rows, pd.Index(self.x.labels, name=self.x.name))


def phase_diagram(
    case: Case,
    x: str,
    y: str,
    show: str,
    *,
    points: int = 9,
    draws: int = 1,
    rng: Seed = 1,
    spans: Mapping[str, tuple[float, float]] | None = None,
    solve_all: bool = False,
    workers: int | None = None,
    progress: Progress | None = None,
) -> PhaseDiagram:
    """Answer one question over a grid of two parameters or options.

    Parameters
    ----------
    case : Case
    x, y : str
        A parameter that varies, an option or a condition.
    show : str
        The id of an asked claim, or a query such as ``F[0, 5] us.offer > none``.
    points : int
        Grid points along a parameter; an option has one per level.
    draws : int
        Draws of all other parameters at each point; 1 takes them as stated.
    rng : int, numpy Generator or None
        Seed or generator of those draws.
    spans : mapping of str to (float, float), optional
        How far to go along a parameter; its stated range by default.
    solve_all : bool
        Whether to solve every point, and interpolate none.
    workers : int, optional
        Threads.
    progress : callable, optional
        Called with (points x draws done, all, failed).

    Raises
    ------
    InputError
        For unknown names, equal sides, or a query that is wrong.

    Examples
    --------
    >>> import detente
    >>> case = detente.load("chicken")
    >>> first, second = (option.full_name for actor in case.actors for option in actor.options)
    >>> phase_diagram(case, first, second, case.claims[0].id).values.shape
    (2, 2, 1)
    """
    if draws < 1:
        raise InputError("give one draw or more")
    sides = sides_of(case, x, y, points, spans)
    question = claim_asked(case, show)
    others, seed = _others(case, draws, rng)
    shape = (len(sides[1].values), len(sides[0].values), len(others))
    values = np.full(shape, np.nan)
    places = list(np.ndindex(shape))
    few = not solve_all and not any(side.levels for side in sides)
    first = first_places(shape) if few else places
    done = failures = 0

    def solve(some: Sequence[tuple[int, ...]]) -> None:
        nonlocal done, failures
        before, failed = done, failures

        def tell(now: int, _: int, more: int) -> None:
            if progress is not None:
                progress(before + now, len(places), failed + more)

        found = map_tasks(
            _at, (case, question, sides, others), some, Backend("threads", workers),
            progress=tell, failed=math.isnan,
        )  # fmt: skip
        for place, value in zip(some, found, strict=True):
            values[place] = value
        done, failures = done + len(some), failures + int(np.isnan(found).sum())

    solve(first)
    guessed = between(values, question) if few else {}
    solve([place for place in sorted(set(places) - set(first)) if place not in guessed])
    for place, value in guessed.items():
        values[place] = value
    if progress is not None and guessed:
        progress(len(places), len(places), failures)
    about = frozenset((row, column) for row, column, _ in guessed)
    return PhaseDiagram(case, show, question, sides[0], sides[1], values, seed, interpolated=about)


def growing_diagram(
    case: Case,
    x: str,
    y: str,
    show: str,
    *,
    points: int = 9,
    arm: Arm | None = None,
    every: int = 8,
) -> Iterator[PhaseDiagram]:
    """Answer one question over a grid, all else as stated, and give what is there as it grows.

    The grid is answered from coarse to fine; the last diagram is that of `phase_diagram`.

    Parameters
    ----------
    case : Case
    x, y, show, points
        As in `phase_diagram`.
    arm : Arm, optional
        From where and under which intervention a query is asked; a claim has its own.
    every : int
        Places that are answered between two diagrams.

    Raises
    ------
    InputError
        As `phase_diagram` does.

    Examples
    --------
    >>> import detente
    >>> grown = list(growing_diagram(detente.load("sanctions"), "pain", "pride", "T1", points=3))
    >>> [len(diagram.waiting) for diagram in grown]
    [9, 1, 0]
    """
    sides = sides_of(case, x, y, points, None)
    question = claim_asked(case, show, arm)
    values = np.full((len(sides[1].values), len(sides[0].values), 1), np.nan)
    left = sorted(np.ndindex(values.shape), key=lambda place: (-_coarse(place), place))
    while True:
        waiting = frozenset((row, column) for row, column, _ in left)
        yield PhaseDiagram(case, show, question, sides[0], sides[1], values.copy(), None, waiting)
        if not left:
            return
        poll()
        now, left = left[:every], left[every:]
        found = map_tasks(_at, (case, question, sides, [{}]), now, Backend("threads", None))
        for place, value in zip(now, found, strict=True):
            values[place] = value


def _coarse(place: tuple[int, ...]) -> int:
    """Return of how coarse a grid a place is part of, as the power of two of its spacing."""
    return min(4 if k == 0 else (k & -k).bit_length() - 1 for k in place[:2])


def claim_asked(case: Case, show: str, arm: Arm | None = None) -> Claim:
    """Return the claim with an id, or a query as a claim that expects nothing.

    Parameters
    ----------
    case : Case
    show : str
        The id of an asked claim, or a query.
    arm : Arm, optional
        From where and under which intervention a query is asked; a claim has its own.

    Raises
    ------
    InputError
        When it is neither.
    """
    for claim in case.claims:
        if claim.id == show:
            if claim.ask is None:
                raise InputError(f"{show} is not asked of the model: {claim.unasked}")
            return claim
    known = [claim.id for claim in case.claims if claim.ask is not None]
    try:
        query = compile_query(show, case.namespace)
    except ExpressionError as error:
        hint = suggestion(show, known, "claim") if show.isidentifier() else str(error)
        raise InputError(f"{show!r} is neither a claim nor a query; {hint}") from None
    if not query.operator:
        raise InputError(
            f"{show!r} asks about the start only; write F[0, 5] {show}, with your years"
        )
    asked = ProbabilityQuestion(query, arm or Arm())
    return Claim(show, show, None, "", "", asked, "", None, None, None, None)


def _others(case: Case, draws: int, rng: Seed) -> tuple[list[dict[str, float]], int | None]:
    seed = seed_of(rng)
    if draws == _STATED:
        return [{}], None
    design = make_design(case, draws, seed)
    return [design.draw(n) for n in range(len(design))], design.seed


def _at(
    asked: tuple[Case, Claim, Sequence[DiagramAxis], Sequence[Mapping[str, float]]],
    place: tuple[int, ...],
) -> float:
    """Return the answer at a place of the grid (y, x, draw); nan where there is none."""
    case, question, sides, others = asked
    parameters, held = dict(others[place[2]]), {}
    for side, k in zip(sides, (place[1], place[0]), strict=True):
        if side.levels:
            held[side.name] = k
        else:
            parameters[side.name] = side.values[k]
    claim = _holding(question, held)
    try:
        return answer_claim(claim, claims_model(case, parameters, claims=(claim,))).value
    except FAILURES:
        return math.nan


def _holding(claim: Claim, held: dict[str, int]) -> Claim:
    """Return the claim with levels held beside those that its arms hold, which win."""
    if not held or claim.ask is None:
        return claim

    def more(arm: Arm) -> Arm:
        return replace(arm, do={**held, **(arm.do or {})})

    versus = None if claim.versus is None else more(claim.versus)
    return replace(claim, ask=replace(claim.ask, arm=more(claim.ask.arm)), versus=versus)
