"""One claim a screen, in large type, to argue in front of others.

What the claim says, what the argument's words allow, the answer with its bar and verdict, who
carries it, and how it turned out. The claim in view is answered first. Without script, and on
paper, all claims follow each other. Cost: a solve a world, and one more a claim for the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from detente.case import Claim
from detente.engine import FAILURES, poll
from detente.errors import InputError
from detente.explanation import explain_answer
from detente.report import claim_outcome, stated_words
from detente.text import suggestion
from detente.workbench._bench import Scene
from detente.workbench._request import FIRST, Fragment, PageView, PlainTable, Request, put
from detente.workbench._stated import stated_answer, stated_answers
from detente.workbench._templates import render


def _frame(request: Request) -> str:
    scene = request.scene
    slides = [(claim, stated_words(claim), claim_outcome(claim)) for claim in scene.asked]
    current = _current(request)
    return render(
        "show.html.j2",
        slides=slides,
        current=current.id if current else "",
        scene=scene,
        address=scene.setting.address(),
    )


def _current(request: Request) -> Claim | None:
    asked = {claim.id: claim for claim in request.scene.asked}
    word = request.words.get("claim", "")
    if word and word not in asked:
        hint = suggestion(word, asked, "claim")
        raise InputError(f"claim={word} in the address is not put to the model; {hint}")
    return asked[word] if word else next(iter(asked.values()), None)


def _answer(request: Request) -> Iterator[Fragment]:
    scene, current = request.scene, _current(request)
    if current is None:
        return
    yield _answered(scene, current)
    yield FIRST
    yield _why(scene, current)
    for claim in scene.asked:
        if claim is not current:
            poll()
            yield _answered(scene, claim)
            yield _why(scene, claim)


def _answered(scene: Scene, claim: Claim) -> Fragment:
    found = stated_answer(claim, scene)
    return put(f"show-answer-{claim.id}", render("show_answer.html.j2", found=found))


def _why(scene: Scene, claim: Claim) -> Fragment:
    place = f"show-why-{claim.id}"
    try:
        scene.check_held()
        found = explain_answer(scene.case, claim.id, search=False)
    except FAILURES:
        return put(place, "")
    return put(place, render("show_why.html.j2", why=first_sentence(found.sentences[-1])))


def first_sentence(text: str) -> str:
    """Return the first sentence of a text.

    Examples
    --------
    >>> first_sentence("It falls (7.7 chances). By moving, the U.S. gains. So it moves.")
    'It falls (7.7 chances).'
    """
    return re.split(r"(?<=[a-z0-9)%]\.) (?=[A-Z])", text, maxsplit=1)[0]


def _table(request: Request) -> PlainTable:
    rows = list[list[str | float | None]]()
    for found in stated_answers(request.scene).values():
        claim = found.claim
        bounds = (None, None) if claim.expect is None else (claim.expect.low, claim.expect.high)
        value = None if found.failed else found.value
        word = "no answer" if found.failed else found.word
        rows.append([claim.id, claim.says, claim.words, *bounds, value, word])
    header = ["claim", "says", "words", "expected from", "expected to", "answer", "verdict"]
    return PlainTable(header, rows)


VIEW = PageView("show", "Show", _frame, _answer, "show.js", "show.css", {"Claims": _table})
