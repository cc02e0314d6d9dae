"""Compiling what the pages will need before anybody asks, so that no first question waits for it.

Kernels are compiled once after an installation and lie on the disk from then on: about a minute
the first time, a second or two to load them later. Each step runs what some view runs, on the
smallest case that has every kind of argument. Cost: see above.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from detente.case import Case, load
from detente.claims import answer_claim, claims_model
from detente.engine import poll
from detente.equilibrium import Equilibrium
from detente.explanation import explain_answer
from detente.stability import CONCEPTS, Stability
from detente.study import run_study

_CASES = ("chicken", "sanctions", "peninsula")
_YEARS = 1.0


def warm() -> Iterator[str]:
    """Compile, and say in words how far that is.

    Yields
    ------
    str
        Before each step, and once all is there.
    """
    cases = [load(name) for name in _CASES]
    steps: list[Callable[[], object]] = [lambda case=case: _claims(case) for case in cases]  # type: ignore[misc]
    small = cases[1]
    steps += [
        lambda: _stability(small),
        lambda: _futures(small.conflict().equilibrium()),
        lambda: _period(cases[0].conflict().equilibrium()),
        lambda: _doubts(small.conflict().equilibrium()),
        lambda: _reasons(small),
        lambda: run_study(small, 2, 1, 1),
    ]
    for number, step in enumerate(steps, start=1):
        yield f"preparing the solver, {number} of {len(steps)} (slow only after an installation)"
        poll()
        step()
    yield "ready"


def _claims(case: Case) -> None:
    model = claims_model(case, threads=True, anywhere=True)
    for claim in case.claims:
        if claim.ask is not None:
            answer_claim(claim, model)


def _stability(case: Case) -> None:
    stability = Stability(case.conflict())
    for concept in CONCEPTS:
        stability.equilibria(concept)
    for actor in case.conflict().actors:
        stability.explain(actor)


def _futures(equilibrium: Equilibrium) -> None:
    equilibrium.paths(_YEARS)
    equilibrium.long_run()
    equilibrium.expectations(_YEARS)
    equilibrium.simulate(10, _YEARS, rng=1)
    axis = equilibrium.conflict.space.axes[0]
    formula = f"{axis.name} == {axis.levels[-1]}"
    equilibrium.expected_time(formula)
    equilibrium.accumulated(formula, _YEARS)
    equilibrium.probability(f"F {formula}")
    equilibrium.observe([(_YEARS, {axis.name: axis.levels[-1]})])


def _period(equilibrium: Equilibrium) -> None:
    first, second = equilibrium.conflict.space.axes[:2]
    query = f"F[0, 1] {first.name} == {first.levels[-1]}"
    for announced in (True, False):
        held = {second.name: second.levels[0]}
        equilibrium.probability(query, do=held, during=(0.0, _YEARS), announced=announced)


def _doubts(equilibrium: Equilibrium) -> None:
    equilibrium.certificate(starts=1)


def _reasons(case: Case) -> None:
    for claim in case.claims:
        if claim.ask is not None:
            explain_answer(case, claim.id, search=False)
