"""All claims, with what the model answers at the setting, what that changes, and over the draws.

First come the answers at the setting, in one piece, beside those at the setting that they are
compared with: the pinned one, or else the stated one. Then the verdicts over 8, 16, 32, ... draws
tighten behind them. Cost: one solve of the claims' worlds, a millisecond of printing, then the
draws; see `detente.workbench._draws`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from detente.claims import question_words
from detente.drawing import range_bar
from detente.engine import FAILURES, reason_of
from detente.report import claim_outcome, model_answer, stated_words
from detente.study import Study
from detente.text import Kind, plural, show
from detente.workbench._bench import Scene
from detente.workbench._draws import STAGES, draws_of
from detente.workbench._request import FIRST, Fragment, PageView, Request, put_all, say
from detente.workbench._setting import Setting
from detente.workbench._stated import StatedAnswer, are_answered, stated_answers
from detente.workbench._templates import environment, render

_BRIEF = 5
"""Claims of a brief that names none."""
_LONG = 120
"""Letters of a reason that stand in a cell."""
_PLAIN_STAGES = STAGES[:2]
"""Draws for a page that is waited for as one."""


def in_short(text: str) -> tuple[str, str]:
    """Return a text that is short, or the first part of a long one, and the rest.

    Examples
    --------
    >>> in_short("It fails: no rain")
    ('It fails: no rain', '')
    >>> in_short("It fails: " + "no rain, " * 20)[0]
    'It fails'
    """
    if len(text) <= _LONG:
        return text, ""
    first, _, rest = re.sub(r"[.:;]\s+", "\n", text, count=1).partition("\n")
    return first, rest


def _frame(request: Request) -> str:
    scene, case = request.scene, request.scene.case
    brief = case.brief or [claim.id for claim in scene.asked[:_BRIEF]]
    return render(
        "claims_view.html.j2",
        address=scene.setting.address(),
        rows=[(claim, question_words(claim, scene.names)) for claim in scene.asked],
        expected={claim.id: stated_words(claim) for claim in case.claims},
        outcomes={claim.id: claim_outcome(claim) for claim in case.claims},
        brief=brief,
        unasked=[claim for claim in case.claims if claim.ask is None],
        pin=request.words.get("pin"),
        plain=request.plain,
    )


def _answer(request: Request) -> Iterator[Fragment]:
    scene, cells = request.scene, _cells()
    before = _compared(request)
    now, at_once = _answers(scene), are_answered(before)
    answered = put_all(
        {
            "compared": cells.compared(before.setting, "pin" in request.words),
            **_said(now),
            **(_changes(now, _answers(before)) if at_once else {}),
            **{f"bar-{a.claim.id}": a.bar for a in now},
        }
    )
    yield {**answered, **FIRST}  # in one line, so that the browser draws once
    if not at_once:
        yield put_all(_changes(now, _answers(before)))
    try:
        for study in draws_of(request.bench, scene, _stages(request)):
            yield put_all(_over(study, now))
            yield say(f"Ranges over {plural(len(study.completed), 'draw')}")
    except FAILURES as error:
        yield put_all({f"over-{a.claim.id}": cells.without() for a in now})
        yield say(f"No ranges over draws: {reason_of(error)}")


def _answers(scene: Scene) -> tuple[StatedAnswer, ...]:
    return tuple(stated_answers(scene).values())


def _said(now: tuple[StatedAnswer, ...]) -> Mapping[str, str]:
    """Return the answers; where most fail alike, the reason stands above them once."""
    cells = _cells()
    found = {f"answer-{a.claim.id}": cells.answer(a, in_short(a.failed)) for a in now}
    counts = Counter(in_short(a.failed)[0] for a in now if a.failed)
    reason, count = counts.most_common(1)[0] if counts else ("", 0)
    if count < 2 or 2 * count < len(now):
        return found | {"all-failed": ""}
    alike = [a for a in now if a.failed and in_short(a.failed)[0] == reason]
    of = (
        "No claim has an answer"
        if count == len(now)
        else f"No answer to {count} of {len(now)} claims"
    )
    return found | {
        "all-failed": cells.failed(in_short(alike[0].failed), f"{of}: "),
        **{f"answer-{a.claim.id}": cells.without_answer() for a in alike},
    }


def _stages(request: Request) -> tuple[int, ...]:
    return _PLAIN_STAGES if "plain" in request.words else STAGES


def _compared(request: Request) -> Scene:
    """Return the pinned setting, or the stated one."""
    setting = request.scene.setting
    pinned, _ = Setting.parse(request.words.get("pin", ""))
    if pinned.case == setting.case:
        return request.bench.scene(pinned)
    return request.bench.scene(Setting(setting.case))


def _changes(now: tuple[StatedAnswer, ...], then: tuple[StatedAnswer, ...]) -> Mapping[str, str]:
    change = _cells().change
    return {
        f"change-{a.claim.id}": change(b, _difference(a, b), a.word != b.word)
        if _differ(a, b)
        else ""
        for a, b in zip(now, then, strict=True)
    }


def _differ(a: StatedAnswer, b: StatedAnswer) -> bool:
    return (a.number, a.word, a.failed) != (b.number, b.word, b.failed)


def _difference(a: StatedAnswer, b: StatedAnswer) -> str:
    """Return how far an answer is from another, in words; empty where that says nothing."""
    if a.failed or b.failed or a.kind == "truth":
        return ""
    kind: Kind = "points" if a.kind in {"share", "points"} else "signed"
    return show(a.value - b.value, kind)


def _over(study: Study, now: tuple[StatedAnswer, ...]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    over = _cells().over
    done = len(study.completed)
    for verdict, stated in zip(study.verdicts(), now, strict=True):
        name = verdict.claim.id
        at = None if stated.failed else stated.value
        found[f"bar-{name}"] = range_bar(verdict, stated.kind, at)
        found[f"over-{name}"] = over(model_answer(verdict, at, done - verdict.draws), verdict, done)
    return found


def _cells() -> Any:
    """Return what writes the cells: macros, which are faster than a template a row."""
    return environment().get_template("claim_cells.html.j2").module


VIEW = PageView(
    "claims",
    "Claims",
    _frame,
    _answer,
    script="claims.js",
    style="claims.css",
    check=_compared,
)
