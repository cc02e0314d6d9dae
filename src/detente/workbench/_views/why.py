"""Why: one claim from its sentence in the source to the assumptions that would flip its answer.

What costs nothing stands in the frame. The answer and who carries it take one solve. What it turns
on, the nearest flips, a small phase diagram and where it breaks among draws take some hundred
solves, come one after the other, and are left as soon as something is moved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from detente.analysis import claim_citations
from detente.case import Case, Claim
from detente.claims import question_words
from detente.drawing import phase
from detente.engine import FAILURES, poll, reason_of
from detente.errors import InputError
from detente.explanation import AnswerExplanation, explain_in_steps
from detente.report import claim_outcome, stated_words, tornado_rows
from detente.study import phase_diagram
from detente.study.sensitivity import Bar, Tornado
from detente.text import show, suggestion
from detente.workbench._bench import Bench, Scene
from detente.workbench._counted import CountedWork, how_far
from detente.workbench._draws import STAGES, draws_of
from detente.workbench._links import link, moved
from detente.workbench._moved import moves_of, without
from detente.workbench._recorded import recorded_beside, variables_asked
from detente.workbench._request import FIRST, Fragment, PageView, Request, put, put_all, say
from detente.workbench._setting import Setting
from detente.workbench._source_text import passage_of
from detente.workbench._stated import stated_answer
from detente.workbench._templates import render

POINTS = 7
"""Points along a side of the phase diagram."""
DRAWS = 128
"""The first draws of the setting, among which it is looked for where a claim breaks."""
_MOVES = 6
"""Moves that are each taken back, which takes a solve."""
_LATER = ("turns", "flips", "phase", "breaks")
_FLIPS, _TURNS, _PHASE, _BREAKS = (
    "why-flips-far",
    "why-turns-far",
    "why-phase-far",
    "why-breaks-far",
)
"""Where the page says how far each of them is."""


def _claim(request: Request) -> Claim | None:
    """Return the claim that the address names, as the setting has it."""
    name = request.words.get("claim", "")
    if not name:
        return None
    claims = {claim.id: claim for claim in request.scene.case.claims}
    if name not in claims:
        raise InputError(f"the case has no claim {name!r}; {suggestion(name, claims, 'claim')}")
    return claims[name]


def _frame(request: Request) -> str:
    claim, scene = _claim(request), request.scene
    if claim is None:
        return render("why_choose.html.j2")
    passage, found = None, ""
    if claim.where is not None:
        passage, found = passage_of(claim.where, scene.setting.case, request.bench.folder)
    words, expected = stated_words(claim)
    return render(
        "why_view.html.j2",
        claim=claim,
        citations=claim_citations(claim, scene.case),
        record=link("record", scene.setting),
        passage=passage,
        found=found,
        words=words,
        expected=expected,
        asked=question_words(claim, scene.names),
        outcome=claim_outcome(claim),
        draws=DRAWS,
    )


def _answer(request: Request) -> Iterator[Fragment]:
    claim, scene = _claim(request), request.scene
    if claim is None:
        rows = [(one, link("why", scene.setting, ("claim", one.id))) for one in scene.case.claims]
        yield put("why-choose", render("why_list.html.j2", rows=rows))
        yield FIRST
        return
    yield put("why-ways", render("why_ways.html.j2", ways=_ways(claim, scene)))
    if claim.ask is None:
        yield put("why-record", _record(claim, scene))
        yield FIRST
        return
    yield put("why-answer", render("why_answer.html.j2", row=stated_answer(claim, scene)))
    counted, searched = CountedWork(), "plain" not in request.words or "search" in request.words
    steps = explain_in_steps(_free(scene), claim.id, progress=counted.tell, searched=counted.add)
    if searched:
        yield from how_far("Solving the model at the setting", _FLIPS, _TURNS, _BREAKS)
    try:
        scene.check_held()
        yield put("why-reasons", _reasons(next(steps), scene))
    except FAILURES as error:
        yield put("why-reasons", render("why_failed.html.j2", reason=reason_of(error)))
        yield from (put(f"why-{place}", "") for place in _LATER)
        yield put_all(dict.fromkeys((_FLIPS, _TURNS, _BREAKS), ""))
        steps = iter(())
    yield put("why-record", _record(claim, scene))
    yield FIRST
    yield put("why-moved", _moved(claim, request))
    if not searched:
        address = link("why", scene.setting, ("claim", claim.id), ("plain", "1"), ("search", "1"))
        yield put("why-flips", render("why_search.html.j2", address=address))
        return
    yield from _searched(claim, request, steps, counted)
    yield say("")


def _moved(claim: Claim, request: Request) -> str:
    """Say what the answer was as stated, and what it is with each move taken back."""
    scene, bench = request.scene, request.bench
    moves = moves_of(scene.setting, scene.base)
    poll()
    if not moves:
        return ""
    rows = []
    for move in moves if 1 < len(moves) <= _MOVES else ():
        poll()
        try:
            there = bench.scene(without(scene.setting, move))
        except InputError:
            continue  # this move makes another one possible
        address = link("why", there.setting, ("claim", claim.id))
        rows.append((move.words, address, stated_answer(there.case.claim(claim.id), there)))
    usual = bench.scene(Setting(scene.setting.case))
    return render(
        "why_moved.html.j2",
        now=stated_answer(claim, scene),
        stated=stated_answer(usual.case.claim(claim.id), usual),
        rows=rows,
    )


def _ways(claim: Claim, scene: Scene) -> list[tuple[str, str]]:
    """Return links to the claims before and after, and to all."""
    claims = [one.id for one in scene.case.claims]
    at = claims.index(claim.id)
    beside = [
        ("Previous", claims[at - 1] if at else ""),
        ("Next", "".join(claims[at + 1 : at + 2])),
    ]
    found = [("All claims", link("why", scene.setting))]
    return found + [
        (f"{word}: {name}", link("why", scene.setting, ("claim", name)))
        for word, name in beside
        if name
    ]


def _free(scene: Scene) -> Case:
    """Return the case of a setting in which what was moved may still be moved within its range."""
    free = dict(scene.case.parameters)
    for name, value in scene.setting.parameters.items():
        stated = scene.base.parameters[name]
        if stated.low <= value <= stated.high and stated.distribution != "fixed":
            free[name] = replace(stated, value=value)
    return replace(scene.case, parameters=free)


def _searched(
    claim: Claim,
    request: Request,
    steps: Iterator[AnswerExplanation],
    counted: CountedWork,
) -> Iterator[Fragment]:
    bench, scene = request.bench, request.scene
    yield from how_far(f"Comes last: {DRAWS} draws are answered", _BREAKS)
    found = yield from counted.run(
        lambda: next(steps, None), "Moving each parameter alone", _TURNS, _FLIPS
    )
    if found is None:
        yield put(_BREAKS, "")
        return
    title = scene.names.parameter
    bars = [
        Bar(title(e.name), e.low, e.high, e.at_low, e.at_high, e.slope, e.by_slope)
        for e in found.effects
    ]
    alone = tornado_rows(claim, Tornado(found.value, tuple(bars)))
    yield put("why-turns", render("why_turns.html.j2", alone=alone))
    nearest, two = "Looking for the nearest change of one", "Looking for two changes together"
    found = yield from counted.run(lambda: next(steps), nearest, _FLIPS)
    yield put("why-flips", _flips(found, scene, looking=True))
    found = yield from counted.run(lambda: next(steps), two, _FLIPS)
    yield put("why-flips", _flips(found, scene))
    yield put("why-reasons", _reasons(found, scene))
    leading = [effect.name for effect in found.effects if effect.swing > 0.0]
    if len(leading) > 1:
        diagram_of = partial(
            phase_diagram, found.case, leading[0], leading[1], claim.id, points=POINTS
        )
        diagram = yield from counted.run(
            partial(diagram_of, progress=counted.tell),
            "Drawing the two parameters that move it most",
            _PHASE,
        )
        drawing = phase(diagram, setting="the present setting", dressed=False)
        yield put("why-phase", render("why_phase.html.j2", drawing=drawing))
    if claim.expect is not None:
        yield from _breaks(claim, bench, scene)


def _reasons(found: AnswerExplanation, scene: Scene) -> str:
    """Return the sentences and tables; what the case calls ``china.leverage`` by its title."""
    names = (*scene.case.parameters, *scene.case.namespace.variables)
    dotted = "|".join(re.escape(name) for name in names if "." in name)
    pattern = re.compile(rf"(?<![\w.])({dotted})(?!\w|\.\w)" if dotted else r"(?!)")

    def titled(sentence: str) -> str:
        return pattern.sub(lambda one: scene.names.title(one[0]), sentence)

    return render("why_reasons.html.j2", found=found, titled=titled)


def _flips(found: AnswerExplanation, scene: Scene, looking: bool = False) -> str:
    claim = ("claim", found.claim.id)
    rows = []
    flips = [*found.flips, *([found.pair] if found.pair else [])]
    for flip in sorted(flips, key=lambda flip: flip.distance):
        there = moved(scene.setting, {name: to for name, (_, to) in flip.changes.items()})
        far = show(flip.distance, "share")
        answer = found.printed(flip.answer)
        words = flip.named(scene.names.title)
        rows.append((words, answer, flip.word, far, link("why", there, claim)))
    for variant in found.variants:
        there = replace(scene.setting, variants=(*_others(scene, variant.name), variant.name))
        answer = found.printed(variant.answer)
        words = f"variant {variant.name}"
        rows.append((words, answer, variant.word, "", link("why", there, claim)))
    return render("why_flips.html.j2", rows=rows, word=found.word, looking=looking)


def _others(scene: Scene, name: str) -> list[str]:
    """Return the variants of a setting but the one whose level is named."""
    variant = name.rpartition(".")[0]
    return [other for other in scene.setting.variants if other.rpartition(".")[0] != variant]


def _breaks(claim: Claim, bench: Bench, scene: Scene) -> Iterator[Fragment]:
    try:
        yield from how_far(f"Answering it in draws: 0 of {DRAWS}", _BREAKS)
        for study in draws_of(bench, scene, [one for one in STAGES if one <= DRAWS]):
            done = len(study.completed)
            yield from how_far(f"Answering it in draws: {done} of {DRAWS}", _BREAKS)
        found = study.discover(claim.id, resamples=0)
        sentences = [str(study.verdict(claim.id)), found.sentence, found.test]
    except FAILURES as error:
        sentences = [reason_of(error)]
    yield put(_BREAKS, "")
    yield put("why-breaks", render("why_breaks.html.j2", sentences=sentences))


def _record(claim: Claim, scene: Scene) -> str:
    names = variables_asked(claim, scene.case)
    record = recorded_beside(scene, names) if names else None
    return render("why_record.html.j2", record=record, sources=link("record", scene.setting))


VIEW = PageView("why", "Why", _frame, _answer, script="why.js", style="why.css")
