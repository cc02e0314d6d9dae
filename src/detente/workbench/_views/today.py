"""Who would leave today's state, and why not: stability at the setting, actor by actor.

For each actor and concept whether today's state is stable, and under one concept the improvements
with what deters them, in the words of `detente stability --explain`. Then how many states are
stable, and the equilibria nearest to today, as in the report. Cost: no solving in time; linear in
the states for each concept.
"""

from __future__ import annotations

from collections.abc import Iterator

from detente.analysis import CONCEPTS as COUNTED
from detente.analysis import stable_counts
from detente.engine import poll
from detente.report import MEANINGS, near_equilibria
from detente.stability import CONCEPTS, Explanation, known_concept
from detente.workbench._request import FIRST, Fragment, PageView, PlainTable, Request, put
from detente.workbench._templates import render

USUAL = "seq"
"""The concept that reasons are given under unless the address names one."""


def _frame(request: Request) -> str:
    request.scene.check_held()
    return render(
        "today.html.j2", request=request, concept=_concept(request), usual=USUAL, meanings=MEANINGS
    )


def _concept(request: Request) -> str:
    return known_concept(request.words.get("concept", USUAL))


def _answer(request: Request) -> Iterator[Fragment]:
    scene, concept = request.scene, _concept(request)
    found = _explanations(request)
    stable = render(
        "today_stable.html.j2", found=found, names=scene.names, now=concept, meanings=MEANINGS
    )
    yield put("today-stable", stable)
    chosen = [one for row in found.values() for one in row if one.concept == concept]
    yield put("today-why", render("today_why.html.j2", chosen=chosen, names=scene.names))
    yield FIRST
    poll()
    stability = scene.world.stability
    counts = {one: stable_counts(stability, one) for one in COUNTED}
    near = near_equilibria(stability, scene.names)
    yield put(
        "today-near",
        render(
            "today_near.html.j2",
            stable=counts,
            near=near,
            actors=stability.conflict.actors,
            names=scene.names,
            meanings=MEANINGS,
            states=int(stability.conflict.feasible.sum()),
        ),
    )


def _explanations(request: Request) -> dict[str, list[Explanation]]:
    """Return by actor why today's state is stable for it or is not, under each concept."""
    stability = request.scene.world.stability
    found: dict[str, list[Explanation]] = {}
    for actor in stability.conflict.actors:
        poll()
        found[actor] = [stability.explain(actor, None, concept) for concept in CONCEPTS]
    return found


def _table_of_actors(request: Request) -> PlainTable:
    rows = [
        [one.actor, one.concept, "yes" if one.stable else "no", len(one.departures),
         sum(departure.deterred for departure in one.departures)]
        for row in _explanations(request).values()
        for one in row
    ]  # fmt: skip
    return PlainTable(["actor", "concept", "stable", "improvements", "deterred"], rows)


def _table_of_reasons(request: Request) -> PlainTable:
    rows = [
        [one.actor, one.concept, str(departure.move), "yes" if departure.deterred else "no",
         ", then ".join(f"{step.actor} ({step})" for step in departure.reply)]
        for row in _explanations(request).values()
        for one in row
        for departure in one.departures
    ]  # fmt: skip
    return PlainTable(["actor", "concept", "improvement", "deterred", "reply"], rows)


def _table_of_equilibria(request: Request) -> PlainTable:
    near = near_equilibria(request.scene.world.stability, request.scene.names)
    header = ["variable", "today", *(f"E{k + 1}" for k in range(len(near.under)))]
    rows = [
        [name, today, *(level for level, _ in levels)] for name, today, levels in near.variables
    ]
    return PlainTable(header, [*rows, ["equilibrium under", "", *near.under]])


VIEW = PageView(
    "today",
    "Today",
    _frame,
    _answer,
    "view_form.js",
    "view_form.css",
    {
        "Stable for whom": _table_of_actors,
        "Improvements": _table_of_reasons,
        "Nearest equilibria": _table_of_equilibria,
    },
)
