"""All claims, with what the model answers at the setting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from detente.case import Claim
from detente.claims import kind_of, question_words, verdict_word
from detente.drawing import mark
from detente.engine import FAILURES, poll, reason_of
from detente.report import stated_words
from detente.text import show
from detente.workbench._answers import answer_at
from detente.workbench._bench import Scene
from detente.workbench._request import FIRST, Fragment, PageView, Request, put
from detente.workbench._templates import render


@dataclass(frozen=True)
class ClaimAnswer:
    """One claim: what it says and expects, and the answer at the setting, where there is one."""

    claim: Claim
    expected: str
    number: str = ""
    word: str = ""
    mark: Markup | None = None
    failed: str = ""


def _frame(request: Request) -> str:
    scene = request.scene
    rows = [ClaimAnswer(claim, stated_words(claim)[1]) for claim in scene.asked]
    unasked = [claim for claim in scene.case.claims if claim.ask is None]
    asked = {claim.id: question_words(claim, scene.names) for claim in scene.asked}
    return render("claims_view.html.j2", scene=scene, rows=rows, unasked=unasked, asked=asked)


def _answer(request: Request) -> Iterator[Fragment]:
    for claim in request.scene.asked:
        poll()
        row = _row(claim, request.scene)
        yield put(f"answer-{claim.id}", render("claim_answer.html.j2", row=row))
    yield FIRST


def _row(claim: Claim, scene: Scene) -> ClaimAnswer:
    expected = stated_words(claim)[1]
    try:
        value = answer_at(claim, scene).value
    except FAILURES as error:
        return ClaimAnswer(claim, expected, failed=reason_of(error))
    word = "" if claim.expect is None else verdict_word(value, claim.expect)
    return ClaimAnswer(
        claim, expected, show(value, kind_of(claim)), word, mark(word) if word else None
    )


VIEW = PageView("claims", "Claims", _frame, _answer)
