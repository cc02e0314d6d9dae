"""Where it settles: shares of time in the long run, in which states, and how long until then.

The words are those of `detente forecast --long-run`. How long until then is told in two ways: when
the probability of every level is within a point of its long-run share for good, and for the states
that are seen most the expected time until they are first reached. Cost: a solve, a stationary
distribution, a linear solve for each of those states.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from detente.engine import FAILURES, poll
from detente.equilibrium import Equilibrium
from detente.forecast import ExpectedTime, LongRun, expected_paths
from detente.report import shade
from detente.text import show, spaced
from detente.workbench._bench import Scene
from detente.workbench._request import FIRST, Fragment, PageView, PlainTable, Request, put
from detente.workbench._templates import render

STATES = 8
"""Of those seen most, how many are listed."""
NEAR = 0.01
"""Difference of probability below which the long run is as good as reached."""
_FAR = (5.0, 20.0, 80.0, 320.0)
"""Years within which it is looked for, one after another."""
_POINTS = 81


@dataclass(frozen=True)
class SeenState:
    """A state, its share of time, and how long until it is first reached, in words."""

    share: float
    levels: tuple[tuple[str, bool], ...]
    until: str = ""


def _frame(request: Request) -> str:
    request.scene.check_held()
    return render("long_run.html.j2")


def _answer(request: Request) -> Iterator[Fragment]:
    scene = request.scene
    equilibrium = scene.world.equilibrium
    found = equilibrium.long_run()
    yield put("long-run-levels", _levels(scene, found))
    yield put("long-run-states", _states(scene, found, ()))
    yield FIRST
    poll()
    yield put("long-run-when", render("long_run_when.html.j2", years=_settled(found, equilibrium)))
    times: list[str] = []
    for state in _most_seen(found):
        poll()
        times.append(_until(equilibrium, found, state))
    yield put("long-run-states", _states(scene, found, times))


def _levels(scene: Scene, found: LongRun) -> str:
    axes = found.conflict.space.axes
    rows = [
        (
            scene.names.variable(axis.name),
            [
                (spaced(level), show(float(share), "share"), shade(float(share)))
                for level, share in zip(axis.levels, found.shares[axis.name], strict=True)
            ],
        )
        for axis in axes
    ]
    return render(
        "long_run_levels.html.j2", words=str(found).splitlines()[0].capitalize(), rows=rows
    )


def _states(scene: Scene, found: LongRun, times: Sequence[str]) -> str:
    today = found.conflict.space.position(found.conflict.index())
    share = found.share.reshape(-1)
    seen = []
    for k, state in enumerate(_most_seen(found)):
        place = found.conflict.space.position(state)
        levels = tuple(
            (spaced(axis.levels[p]), p != here)
            for axis, p, here in zip(found.conflict.space.axes, place, today, strict=True)
        )
        seen.append(SeenState(float(share[state]), levels, times[k] if k < len(times) else ""))
    variables = [scene.names.variable(axis.name) for axis in found.conflict.space.axes]
    return render(
        "long_run_states.html.j2", seen=seen, variables=variables, show=show, timed=bool(times)
    )


def _most_seen(found: LongRun) -> list[int]:
    share = found.share.reshape(-1)
    order = np.argsort(-share, kind="stable")[:STATES]
    return [int(state) for state in order if share[state] > 0.0]


def _time_to(equilibrium: Equilibrium, found: LongRun, state: int) -> ExpectedTime:
    label = found.conflict.label(state)
    return equilibrium.expected_time(" and ".join(f"{name} == {at}" for name, at in label.items()))


def _until(equilibrium: Equilibrium, found: LongRun, state: int) -> str:
    if state == found.conflict.index():
        return "today’s"
    try:
        time = _time_to(equilibrium, found, state)
    except FAILURES:
        return "cannot be told"
    words = f"{show(time.mean_if_ever, 'fine')} years"
    return f"{words}; never with {show(time.never, 'share')}" if time.never else words


def _settled(found: LongRun, equilibrium: Equilibrium) -> str:
    """Say after how many years every level is as likely as its long-run share, for good."""
    shares = found.shares
    for years in _FAR:
        poll()
        paths = expected_paths(equilibrium, years, None, _POINTS, ())
        off = np.max(
            [np.abs(paths.shares[name] - share).max(axis=1) for name, share in shares.items()],
            axis=0,
        )
        late = np.flatnonzero(off > NEAR)
        last = int(late[-1]) + 1 if late.size else 0
        if last < off.size:
            return show(float(paths.times[last]), "plain")
    return ""


def _table_of_levels(request: Request) -> PlainTable:
    found = request.scene.world.equilibrium.long_run()
    rows: list[list[str | float | None]] = [
        [axis.name, level, float(share)]
        for axis in found.conflict.space.axes
        for level, share in zip(axis.levels, found.shares[axis.name], strict=True)
    ]
    return PlainTable(["name", "level", "share of time"], rows)


def _table_of_states(request: Request) -> PlainTable:
    equilibrium = request.scene.world.equilibrium
    found = equilibrium.long_run()
    rows: list[list[str | float | None]] = []
    for state in _most_seen(found):
        poll()
        years: float | None = 0.0
        if state != found.conflict.index():
            try:
                years = _time_to(equilibrium, found, state).mean_if_ever
            except FAILURES:
                years = None
        share = float(found.share.reshape(-1)[state])
        rows.append([*found.conflict.label(state).values(), share, years])
    names = [axis.name for axis in found.conflict.space.axes]
    return PlainTable([*names, "share of time", "expected years until first reached"], rows)


VIEW = PageView(
    "long-run",
    "Long run",
    _frame,
    _answer,
    tables={"Levels": _table_of_levels, "States": _table_of_states},
)
