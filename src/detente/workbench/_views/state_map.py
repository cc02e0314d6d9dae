"""The map: what can happen next from here, walkable, and the conflict by a few variables.

Here is the setting's today. Every move is a link to the setting in which it has been made, so all
other views follow the walk, and Back goes back. One sample path from here can be walked along step
by step; its number stands in the address. Cost: one equilibrium, from which moves are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import quote

import numpy as np

from detente.drawing import level_map, moves_figure
from detente.engine import poll
from detente.errors import InputError
from detente.explanation import LevelFlow, StateMove, StateMoves, Step, level_flow, moves_from_state
from detente.stability import CONCEPTS, known_concept
from detente.study import horizon
from detente.text import listed, show, spaced
from detente.workbench._bench import Scene
from detente.workbench._request import FIRST, Fragment, PageView, Request, put, say
from detente.workbench._templates import render

_CONCEPT = "seq"
_FEW = 30
"""Steps of a sample path that are listed."""


@dataclass(frozen=True)
class PathStep:
    """One step of a sample path: when, what happens, and where it leads: address and cell."""

    when: str
    words: str
    address: str
    cell: int


def _frame(request: Request) -> str:
    request.scene.check_held()
    scene = request.scene
    return render(
        "map_view.html.j2",
        request=request,
        usual={"concept": _CONCEPT, **dict(zip(("across", "down"), _usual(scene), strict=True))},
        concept=_concept(request),
        concepts=CONCEPTS,
        by=_by(request),
        variables=[(name, scene.names.variable(name)) for name in scene.case.status_quo],
        seed=_seed(request),
    )


def _answer(request: Request) -> Iterator[Fragment]:
    scene, world = request.scene, request.scene.world
    yield say("solving")
    solved = world.equilibrium
    poll()
    concept = _concept(request)
    found = moves_from_state(solved, _here(scene), concept, world.stability, scene.names.title)
    names = partial(_words, scene)
    figure = moves_figure(found, names, lambda move: _address(request, scene, move.end))
    levels = _levels(scene, found)
    here = render("map_here.html.j2", rows=levels, found=found, names=scene.names)
    yield put("map-here", here)
    yield put("map-moves", figure)
    rows = [
        (move, names(move), _address(request, scene, move.end), _printed(move))
        for move in found.moves
    ]
    yield put("map-table", render("map_moves.html.j2", rows=rows, concept=concept))
    yield FIRST
    poll()
    flow = level_flow(solved, _by(request), horizon(scene.case), _here(scene))
    yield put("map-levels", level_map(flow, partial(_cell_address, request, scene, flow)))
    poll()
    steps = _path(request, found, flow)
    yield put("map-path", render("map_path.html.j2", steps=steps))
    yield say("")


def _here(scene: Scene) -> int:
    """Return today's state, with what is held at its level."""
    conflict = scene.world.conflict
    levels = {**scene.case.status_quo, **dict(scene.world.world.held)}
    return conflict.index(tuple(levels[axis.name] for axis in conflict.space.axes))


def _words(scene: Scene, move: StateMove) -> str:
    return _said(scene, move.step)


def _said(scene: Scene, step: Step) -> str:
    changes = listed(
        [f"{spaced(name.rpartition('.')[2])} to {spaced(new)}" for name, _, new in step.changes]
    )
    return f"{scene.names.actor(step.actor)}: {changes}" if step.actor else changes


def _printed(move: StateMove) -> tuple[str, str]:
    gain = "" if np.isnan(move.gain) else show(move.gain, "signed")
    return show(move.rate, "fine"), gain


def _levels(scene: Scene, found: StateMoves) -> list[tuple[str, str, bool, bool]]:
    """Return each variable with its level here, whether it is held, and whether it was moved."""
    held = dict(scene.world.world.held)
    return [
        (scene.names.variable(name), spaced(level), name in held, name in scene.setting.today)
        for name, level in found.levels.items()
    ]


def _address(request: Request, scene: Scene, state: int) -> str:
    """Return the address of this view with another state as today's."""
    levels = scene.world.conflict.label(state)
    variables = scene.base.namespace.variables
    held = dict(scene.world.world.held)
    today = {
        name: level
        for name, level in levels.items()
        if name not in held and level != variables[name].levels[scene.base.status_quo[name]]
    }
    setting = replace(scene.setting, today=today)
    own = {
        key: request.words[key]
        for key in ("across", "down", "concept", "path")
        if key in request.words
    }
    rest = "".join(f"&{key}={quote(value, safe='.,')}" for key, value in own.items())
    return f"/map?{setting.address()}{rest}"


def _cell_address(request: Request, scene: Scene, flow: LevelFlow, cell: int) -> str:
    return _address(request, scene, flow.states[cell])


def _concept(request: Request) -> str:
    return known_concept(request.words.get("concept") or _CONCEPT)


def _by(request: Request) -> tuple[str, ...]:
    """Return the variables by which states are put together: the first two by default."""
    known = list(request.scene.case.status_quo)
    asked = [request.words.get(key, "") for key in ("across", "down")]
    wrong = [name for name in asked if name and name not in known]
    if wrong:
        raise InputError(f"there is no option or condition {wrong[0]!r}; choose another")
    usual = _usual(request.scene)
    chosen = [name or other for name, other in zip(asked, usual, strict=True)]
    return tuple(dict.fromkeys(chosen))


def _usual(scene: Scene) -> tuple[str, ...]:
    return (*scene.case.status_quo, *scene.case.status_quo)[:2]


def _seed(request: Request) -> int:
    text = request.words.get("path", "1")
    if not (text.isdecimal() and len(text) < 10):
        raise InputError(f"path={text}: the number of a sample path is a whole number, such as 1")
    return int(text)


def _path(request: Request, found: StateMoves, flow: LevelFlow) -> list[PathStep]:
    """Return the steps of one sample path from here."""
    scene = request.scene
    conflict = scene.world.conflict
    drawn = scene.world.equilibrium.simulate(
        1, horizon(scene.case), dict(found.levels), rng=_seed(request)
    )
    steps = []
    for k in range(1, min(drawn.state.size, _FEW + 1)):
        before, after = (conflict.label(int(drawn.state[i])) for i in (k - 1, k))
        changes = tuple((n, before[n], after[n]) for n in before if before[n] != after[n])
        owner = conflict.space.axes[conflict.space.axis(changes[0][0])].owner or ""
        steps.append(
            PathStep(
                scene.names.when(float(drawn.time[k])),
                _said(scene, Step(owner, changes)),
                _address(request, scene, int(drawn.state[k])),
                flow.cells.index({name: after[name] for name in flow.variables}),
            )
        )
    return steps


VIEW = PageView("map", "Map", _frame, _answer, script="map.js", style="map.css")
