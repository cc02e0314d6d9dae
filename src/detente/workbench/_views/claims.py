"""All claims, with what the model answers at the setting, what that changes, and over the draws.

First come the answers at the setting, in one piece, beside those at the setting that they are
compared with: the pinned one, or else the stated one. Then the verdicts over 8, 16, 32, ... draws
tighten behind them. Cost: one solve of the claims' worlds, a millisecond of printing, then the
draws; see `detente.workbench._draws`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from markupsafe import Markup

from detente.case import Claim
from detente.claims import Verdict, judge_answer, kind_of, question_words
from detente.drawing import mark, range_bar
from detente.engine import FAILURES, poll, reason_of
from detente.report import claim_outcome, model_answer, stated_words
from detente.study import Study
from detente.text import Kind, plural, show
from detente.workbench._answers import answer_at
from detente.workbench._bench import Scene
from detente.workbench._draws import STAGES, draws_of
from detente.workbench._request import FIRST, Fragment, PageView, Request, put_all, say
from detente.workbench._setting import Setting
from detente.workbench._templates import environment, render

_BRIEF = 5
"""Claims of a brief that names none."""
_PLAIN_STAGES = STAGES[:2]
"""Draws for a page that is waited for as one."""


@dataclass(frozen=True, slots=True)
class ClaimAnswer:
    """The answer to a claim at one setting, as a verdict over that one, or why there is none."""

    verdict: Verdict
    failed: str = ""

    @property
    def claim(self) -> Claim:
        """The claim."""
        return self.verdict.claim

    @property
    def kind(self) -> Kind:
        """How it is printed."""
        return kind_of(self.claim)

    @property
    def number(self) -> str:
        """The answer, printed."""
        return show(self.verdict.median, self.kind)

    @property
    def word(self) -> str:
        """How it stands to the claim; empty where there is nothing to stand to."""
        return self.verdict.word if self.verdict.counts else ""

    @property
    def mark(self) -> Markup:
        """The mark of the word."""
        return mark(self.verdict.word)


_answered: WeakKeyDictionary[Scene, tuple[ClaimAnswer, ...]] = WeakKeyDictionary()


def _answers(scene: Scene) -> tuple[ClaimAnswer, ...]:
    if scene not in _answered:
        _answered[scene] = tuple(_answer_at(claim, scene) for claim in scene.asked)
    return _answered[scene]


def _answer_at(claim: Claim, scene: Scene) -> ClaimAnswer:
    poll()
    try:
        return ClaimAnswer(judge_answer(claim, answer_at(claim, scene).value))
    except FAILURES as error:
        return ClaimAnswer(judge_answer(claim, float("nan")), reason_of(error))


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
    now, then = _answers(scene), _answered.get(before)
    yield put_all(
        {
            "compared": cells.compared(before.setting, "pin" in request.words),
            **{f"answer-{a.claim.id}": cells.answer(a) for a in now},
            **({} if then is None else _changes(now, then)),
            **{f"bar-{a.claim.id}": range_bar(a.verdict, a.kind, a.verdict.median) for a in now},
        }
    )
    yield FIRST
    if then is None:
        yield put_all(_changes(now, _answers(before)))
    try:
        for study in draws_of(request.bench, scene, _stages(request)):
            yield put_all(_over(study, now))
            yield say(f"Ranges over {plural(len(study.completed), 'draw')}")
    except FAILURES as error:
        yield say(f"No ranges over draws: {reason_of(error)}")


def _stages(request: Request) -> tuple[int, ...]:
    return _PLAIN_STAGES if "plain" in request.words else STAGES


def _compared(request: Request) -> Scene:
    """Return the pinned setting, or the stated one."""
    setting = request.scene.setting
    pinned, _ = Setting.parse(request.words.get("pin", ""))
    if pinned.case == setting.case:
        return request.bench.scene(pinned)
    return request.bench.scene(Setting(setting.case))


def _changes(now: tuple[ClaimAnswer, ...], then: tuple[ClaimAnswer, ...]) -> Mapping[str, str]:
    change = _cells().change
    return {
        f"change-{a.claim.id}": change(b, _difference(a, b)) if _differ(a, b) else ""
        for a, b in zip(now, then, strict=True)
    }


def _differ(a: ClaimAnswer, b: ClaimAnswer) -> bool:
    return (a.number, a.word, a.failed) != (b.number, b.word, b.failed)


def _difference(a: ClaimAnswer, b: ClaimAnswer) -> str:
    """Return how far an answer is from another, in words; empty where that says nothing."""
    if a.failed or b.failed or a.kind == "truth":
        return ""
    kind: Kind = "points" if a.kind in {"share", "points"} else "signed"
    return show(a.verdict.median - b.verdict.median, kind)


def _over(study: Study, now: tuple[ClaimAnswer, ...]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    over = _cells().over
    done = len(study.completed)
    for verdict, stated in zip(study.verdicts(), now, strict=True):
        name, value = verdict.claim.id, stated.verdict.median
        at = None if stated.failed else value
        found[f"bar-{name}"] = range_bar(verdict, stated.kind, at)
        found[f"over-{name}"] = over(model_answer(verdict, at, done - verdict.draws), verdict, done)
    return found


def _cells() -> Any:
    """Return what writes the cells: macros, which are faster than a template a row."""
    return environment().get_template("claim_cells.html.j2").module


VIEW = PageView("claims", "Claims", _frame, _answer, script="claims.js", style="claims.css")
