"""Where options, conditions and issues are expected to go: first as the setting has it, then fans.

The path at the setting comes at once. Behind it fill in the ranges over the first 8, 16, 32 and 64
draws of what is not set. Cost: a solve, then one a draw. Draws that are solved for the claims serve
here too, where nothing is held and the paths are as long as the case's clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from detente.analysis import QUANTILES
from detente.case import Case
from detente.claims import claims_model
from detente.engine import FAILURES, Backend, map_tasks, poll
from detente.errors import InputError
from detente.forecast import ExpectedPaths, expected_paths
from detente.report import issue_trajectory, level_trajectory
from detente.study import Point, horizon
from detente.text import plural, show, spaced
from detente.values import Floats
from detente.workbench._bench import Scene
from detente.workbench._draws import design_of, draws_of
from detente.workbench._request import FIRST, Fragment, PageView, PlainTable, Request, put
from detente.workbench._templates import render

DRAWS = (8, 16, 32, 64)
"""How many draws the ranges are shown over, one after another."""
_LONGEST = 50.0
"""Years ahead."""


@dataclass(frozen=True)
class Drawn:
    """One thing that can be drawn: a variable, or an issue."""

    name: str
    title: str
    issue: bool
    chosen: bool
    usual: bool


def _frame(request: Request) -> str:
    request.scene.check_held()
    usual = horizon(request.scene.case)
    return render(
        "paths.html.j2",
        request=request,
        drawn=_drawn(request),
        years=_years(request),
        usual=usual,
        most=min(_LONGEST, max(10.0, 2.0 * usual)),
        show=show,
    )


def _drawn(request: Request) -> list[Drawn]:
    case, names = request.scene.case, request.scene.names
    asked = {key.removeprefix("of.") for key in request.words if key.startswith("of.")}
    every = [(name, names.variable(name), False) for name in case.namespace.variables]
    every += [(issue.name, spaced(issue.name).capitalize(), True) for issue in case.issues]
    unknown = asked - {name for name, _, _ in every}
    if unknown:
        raise InputError(
            f"of.{min(unknown)}: {case.name} has no such option, condition or issue; take it out "
            "of the address"
        )
    return [
        Drawn(name, title, issue, name in asked if asked else not issue, not issue)
        for name, title, issue in every
    ]


def _years(request: Request) -> float:
    word = request.words.get("years", "")
    try:
        years = float(word) if word else horizon(request.scene.case)
    except ValueError:
        years = -1.0
    if not 0.0 < years <= _LONGEST:
        raise InputError(f"years={word} in the address; give a number above 0, up to {_LONGEST:g}")
    return years


def _answer(request: Request) -> Iterator[Fragment]:
    years = _years(request)
    stated = _stated(request.scene, years)
    yield _figures(request, stated, None)
    yield put("paths-note", _note(0))
    yield FIRST
    for count, quantiles in _fans(request, years):
        yield _figures(request, stated, quantiles)
        yield put("paths-note", _note(count))


def _stated(scene: Scene, years: float) -> ExpectedPaths:
    return expected_paths(scene.world.equilibrium, years, None, probabilities=())


def _note(count: int) -> str:
    return render("paths_note.html.j2", draws=plural(count, "draw") if count else "")


def _figures(request: Request, stated: ExpectedPaths, quantiles: Floats | None) -> Fragment:
    names, found, at = request.scene.names, [], _columns(stated)
    for drawn in _drawn(request):
        if not drawn.chosen or drawn.name not in at:
            continue
        bands = None if quantiles is None else quantiles[:, :, at[drawn.name]]
        if drawn.issue:
            band = None if bands is None else bands[:, :, 0]
            line = stated.issues[drawn.name]
            found.append(issue_trajectory(names, drawn.name, stated.times, band, line))
        else:
            line = stated.shares[drawn.name]
            found.append(level_trajectory(names, drawn.name, stated.times, bands, line))
    fanned = quantiles is not None
    html = render("paths_figures.html.j2", trajectories=found, draws=fanned)
    return put("paths-figures", html)


def _columns(paths: ExpectedPaths) -> dict[str, slice]:
    """Return where each variable and issue stands among the series of `_series`."""
    sizes = {name: share.shape[1] for name, share in paths.shares.items()}
    sizes |= dict.fromkeys(paths.issues, 1)
    ends = np.cumsum(list(sizes.values())).tolist()
    starts = [0, *ends]
    return {name: slice(starts[k], ends[k]) for k, name in enumerate(sizes)}


def _series(paths: ExpectedPaths) -> Floats:
    """Return all series side by side, (points, levels and issues)."""
    series = [*paths.shares.values(), *(issue[:, None] for issue in paths.issues.values())]
    return np.concatenate(series, axis=1)


def _fans(request: Request, years: float) -> Iterator[tuple[int, Floats]]:
    """Give the number of draws done and the quantiles over them, for more and more draws."""
    scene = request.scene
    if not design_of(scene.case).names:
        return
    usual = not scene.setting.held and years == horizon(scene.case)
    for done in _studied(request) if usual else _solved(scene, years):
        if len(done):
            yield len(done), np.quantile(done, QUANTILES, axis=0)


def _studied(request: Request) -> Iterator[Floats]:
    """Give the series of the setting's draws, which other views use too."""
    for study in draws_of(request.bench, request.scene, DRAWS):
        yield np.concatenate([study.shares, study.issues], axis=2).astype(float)


def _solved(scene: Scene, years: float) -> Iterator[Floats]:
    """Give the series of the same draws under what is held, or over other years."""
    design, done = design_of(scene.case), list[Floats]()
    for begin in range(0, DRAWS[-1], DRAWS[0]):
        poll()
        points = [design.point(number) for number in range(begin, begin + DRAWS[0])]
        found = map_tasks(_draw, (scene, years), points, Backend("threads", None))
        done += [series for series in found if series is not None]
        if begin + DRAWS[0] in DRAWS:
            yield np.array(done)


def _draw(asked: tuple[Scene, float], point: Point) -> Floats | None:
    scene, years = asked
    try:
        model = claims_model(scene.case, *point)
        world = model.under(scene.setting.world(scene.base))
        return _series(expected_paths(world.equilibrium, years, None, probabilities=()))
    except FAILURES:
        return None


def _table(request: Request) -> PlainTable:
    years = _years(request)
    stated = _stated(request.scene, years)
    *_, (count, quantiles) = [(0, None), *_fans(request, years)]
    at, series = _columns(stated), _series(stated)
    levels = _level_names(request.scene.case)
    rows: list[list[str | float | None]] = []
    for drawn in _drawn(request):
        if not drawn.chosen or drawn.name not in at:
            continue
        for column, level in zip(
            range(at[drawn.name].start, at[drawn.name].stop),
            levels.get(drawn.name, ("mean",)),
            strict=True,
        ):
            for point, time in enumerate(stated.times.tolist()):
                spread = [] if quantiles is None else quantiles[:, point, column].tolist()
                rows.append([drawn.name, level, time, float(series[point, column]), *spread])
    header = ["name", "level", "years", "at the setting"]
    if quantiles is not None:
        header += [f"{100 * q:g} % of {count} draws" for q in QUANTILES]
    return PlainTable(header, rows)


def _level_names(case: Case) -> dict[str, tuple[str, ...]]:
    return {name: variable.levels for name, variable in case.namespace.variables.items()}


VIEW = PageView(
    "paths", "Paths", _frame, _answer, "view_form.js", "view_form.css", {"Paths": _table}
)
