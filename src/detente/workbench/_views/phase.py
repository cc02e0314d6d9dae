"""One answer over two inputs: a phase diagram that fills in, with the present setting marked.

Any two parameters, options or conditions; a claim or a query; all else as the setting has it. The
grid is answered from coarse to fine, and a finished diagram is remembered, so that moving along it
costs nothing. Without a choice of its own the view takes the two parameters that move the answer
most from one end of their ranges to the other. Cost: a solve for each place of the grid, and two
for each parameter where those that matter most are looked for.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace

from detente.analysis import held_levels
from detente.case import Case, Claim, Labels
from detente.claims import answer_claim, claims_model, kind_of
from detente.drawing import phase
from detente.engine import FAILURES, poll
from detente.errors import InputError
from detente.explanation import arm_of
from detente.report import phase_table
from detente.study import DiagramAxis, PhaseDiagram, claim_asked, growing_diagram, horizon
from detente.text import plural, precise, show
from detente.workbench._bench import Remembered, Scene
from detente.workbench._counted import how_far
from detente.workbench._request import FIRST, Fragment, PageView, PlainTable, Request, put, say
from detente.workbench._setting import Setting
from detente.workbench._templates import render

SIZES = (3, 5, 7, 9, 13)
"""Grid points along a parameter that can be chosen."""
_USUAL = 7
_FAR = "phase-far"
"""Where the page says how far the diagram is."""
_diagrams = Remembered(16)
_strongest = Remembered(64)


@dataclass(frozen=True)
class PhaseCell:
    """A place of the grid, with the words of an address that lead there."""

    x: str
    y: str
    words: str
    here: bool


def _frame(request: Request) -> str:
    request.scene.check_held()
    scene = request.scene
    _size(request)
    chosen = [request.words.get(side, "") for side in ("x", "y")]
    inputs = _inputs(scene)
    for side, name in zip("xy", chosen, strict=True):
        if name and name not in inputs:
            raise InputError(f"{side}={name} in the address is no parameter or option that varies")
    return render(
        "phase.html.j2",
        request=request,
        inputs=inputs,
        chosen=chosen,
        asked=_asked(request),
        usual=_first_claim(scene),
        claims=scene.asked,
        sizes=SIZES,
        size=_size(request),
        usual_size=_USUAL,
    )


def _inputs(scene: Scene) -> dict[str, str]:
    """Return what can be varied, by name what it is called."""
    parameters = _ranges(scene).parameters.values()
    names = scene.names
    found = {one.name: names.parameter(one.name) for one in parameters if one.low < one.high}
    return found | {name: names.variable(name) for name in scene.case.namespace.variables}


def _ranges(scene: Scene) -> Case:
    """Return the case with the ranges of all parameters, those that are set too."""
    return scene.base.variant(*scene.setting.variants)


def _size(request: Request) -> int:
    word = request.words.get("points", str(_USUAL))
    if word not in map(str, SIZES):
        raise InputError(f"points={word} in the address; choose {', '.join(map(str, SIZES))}")
    return int(word)


def _first_claim(scene: Scene) -> str:
    asked = {claim.id for claim in scene.asked}
    first = [name for name in scene.case.brief if name in asked] or [one.id for one in scene.asked]
    return first[0] if first else ""


def _asked(request: Request) -> str:
    return request.words.get("show", "").strip() or _first_claim(request.scene)


def _answer(request: Request) -> Iterator[Fragment]:
    if not _asked(request):
        yield put("phase-about", render("phase_about.html.j2", sides=(), searched=False))
        return
    scene = request.scene
    also = dict(scene.setting.world(scene.base).held)
    yield FIRST
    x, y, searched = yield from _sides(request)
    sides = (request.scene.names.title(name) for name in (x, y))
    about = render("phase_about.html.j2", sides=tuple(sides), searched=searched)
    yield put("phase-about", about)
    for diagram in _diagram(request, x, y):
        yield put("phase-diagram", _drawing(diagram))
        left, places = len(diagram.waiting), diagram.median.size
        yield from how_far(f"Answering place by place: {places - left} of {places}", _FAR)
    yield from (put(_FAR, ""), say(""))
    yield put("phase-cells", _cells(diagram, request.plain))
    held = held_levels(scene.case, scene.model, horizon(scene.case), also)
    table = phase_table(scene.names, held)
    if table is not None:
        yield put("phase-held", render("phase_held.html.j2", table=table))


def _sides(request: Request) -> Generator[Fragment, None, tuple[str, str, bool]]:
    """Give words on the search for the inputs that matter most; return the two sides."""
    sides = [request.words.get(side, "") for side in ("x", "y")]
    if all(sides):
        return sides[0], sides[1], False
    scene, what = request.scene, _asked(request)
    order = _strongest.get((scene.setting.address(), what), list[str])
    if not order:
        setting = scene.setting
        arm = arm_of(scene.case, None, setting.held, setting.announced)
        claim = claim_asked(scene.case, what, arm)
        order += yield from _by_effect(scene, claim)
    rest = [name for name in order if name not in sides]
    across, upwards = (side or rest.pop(0) for side in sides)
    return across, upwards, True


def _by_effect(scene: Scene, claim: Claim) -> Generator[Fragment, None, list[str]]:
    """Return all inputs, those first that move an answer most over their range."""
    varied = [one for one in _ranges(scene).parameters.values() if one.low < one.high]
    swing = {}
    for k, one in enumerate(varied):
        poll()
        done = f"{k} of {plural(len(varied), 'parameter')}"
        yield from how_far(f"Looking for what matters most: {done}", _FAR)
        ends = []
        for value in (one.low, one.high):
            try:
                model = claims_model(scene.case, {one.name: value}, claims=(claim,))
                ends.append(answer_claim(claim, model).value)
            except FAILURES:
                continue
        swing[one.name] = max(ends, default=0.0) - min(ends, default=0.0)
    strongest = sorted(swing, key=lambda name: -swing[name])
    return [*strongest, *scene.case.namespace.variables]


def _without(setting: Setting, *names: str) -> Setting:
    """Return a setting that leaves some inputs free."""
    return replace(
        setting,
        parameters={k: v for k, v in setting.parameters.items() if k not in names},
        held={k: v for k, v in setting.held.items() if k not in names},
    )


def _diagram(request: Request, x: str, y: str) -> Iterator[PhaseDiagram]:
    scene, what, size = request.scene, _asked(request), _size(request)
    free = _without(scene.setting, x, y)
    known: list[PhaseDiagram] = _diagrams.get((free.address(), x, y, what, size), list)
    if not known:
        case = free.apply(scene.base)
        arm = arm_of(case, None, free.held, free.announced)
        for diagram in growing_diagram(case, x, y, what, points=size, arm=arm):
            if diagram.waiting:
                yield _marked(scene, diagram)
            else:
                known.append(diagram)
    yield _marked(scene, known[0])


def _marked(scene: Scene, diagram: PhaseDiagram) -> PhaseDiagram:
    """Return a diagram whose marked point is where the setting stands."""
    return replace(diagram, x=_at(scene, diagram.x), y=_at(scene, diagram.y))


def _at(scene: Scene, side: DiagramAxis) -> DiagramAxis:
    setting = scene.setting
    if side.levels and side.name in setting.held:
        return replace(side, base=side.levels.index(setting.held[side.name]))
    return replace(side, base=setting.parameters.get(side.name, side.base))


def _drawing(diagram: PhaseDiagram) -> str:
    return phase(diagram, setting="the present setting", dressed=False)


def _cells(diagram: PhaseDiagram, plain: bool) -> str:
    median, words, kind = diagram.median, diagram.words, kind_of(diagram.claim)
    rows = []
    for row, y in enumerate(diagram.y.labels):
        cells = [
            PhaseCell(
                _word(diagram.x, column),
                _word(diagram.y, row),
                f"{show(float(median[row, column]), kind)} {words[row][column]}".strip(),
                diagram.x.values[column] == diagram.x.base
                and diagram.y.values[row] == diagram.y.base,
            )
            for column in range(len(diagram.x.values))
        ]
        rows.append((y, cells))
    names = Labels(diagram.case)
    x, y = (names.title(side.name) for side in (diagram.x, diagram.y))
    return render("phase_cells.html.j2", diagram=diagram, x=x, y=y, rows=rows, plain=plain)


def _word(side: DiagramAxis, k: int) -> str:
    """Return a point of an axis as an address has it."""
    if side.levels:
        return side.levels[k]
    return precise(side.values[k]).replace("\N{MINUS SIGN}", "-")


def _table(request: Request) -> PlainTable:
    sides = _sides(request)
    while True:
        try:
            next(sides)
        except StopIteration as stop:
            x, y, _ = stop.value
            break
    *_, diagram = _diagram(request, x, y)
    median = diagram.median
    rows = [
        [
            *(side.levels[k] if side.levels else side.values[k] for side, k in
              ((diagram.x, column), (diagram.y, row))),
            float(median[row, column]),
            diagram.words[row][column],
        ]
        for row in range(len(diagram.y.values))
        for column in range(len(diagram.x.values))
    ]  # fmt: skip
    return PlainTable([x, y, diagram.show, "verdict"], rows)


VIEW = PageView(
    "phase", "Phase", _frame, _answer, "phase.js", "phase.css", {"Phase diagram": _table}
)
