"""Questions that nobody thought of beforehand: how likely, when, what if, what would it take.

The page has the questions and asks them all again when its setting moves. Answered are first the
numbers of all of them, then why, then deals; what takes longest comes last and gives way first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from markupsafe import Markup

from detente.analysis import CONCEPTS
from detente.deals import assess_deal, study_deal
from detente.engine import FAILURES, poll, reason_of
from detente.errors import InputError
from detente.report import MEANINGS, deal_sections
from detente.text import show
from detente.workbench._bench import Bench, Remembered, Scene
from detente.workbench._cards import Asked, CardQuestion
from detente.workbench._completion import TextKind, complete, problem_in
from detente.workbench._counted import CountedWork
from detente.workbench._query_words import levels_words
from detente.workbench._request import FIRST, Fragment, PageView, Request, put, say
from detente.workbench._setting import Setting
from detente.workbench._templates import render

MOST_CARDS = 20
_CARD = re.compile(r"[A-Za-z0-9-]{1,64}")
_DEALS = Remembered(16)


def _frame(request: Request) -> str:
    scene = request.scene
    return render(
        "ask_view.html.j2",
        scene=scene,
        variables=scene.base.namespace.variables.values(),
        actors=scene.base.actors,
        chosen=_parties(request.words, scene),
        concepts=CONCEPTS,
        meanings=MEANINGS,
        words=request.words,
        plain="plain" in request.words,
        pairs=[pair.partition("=")[::2] for pair in scene.setting.address().split("&")],
    )


def _parties(words: Mapping[str, str], scene: Scene) -> tuple[str, str]:
    """Return who must change, and who pays: somebody else unless the words say so."""
    actors = [actor.name for actor in scene.base.actors]
    of = words.get("of") or actors[min(1, len(actors) - 1)]
    others = [name for name in actors if name != of] or actors
    return of, words.get("payer") or others[0]


def _answer(request: Request) -> Iterator[Fragment]:
    """Answer the question of the address, for who has no script or was sent a link."""
    if request.words.get("query"):
        yield from _answered(request.scene, [("linked", request.words)])
    else:
        yield FIRST


def answer_cards(bench: Bench, body: Mapping[str, Any]) -> Iterator[Fragment]:
    """Answer questions, each as ``{"id": ..., "words": {...}}``, at the setting of ``address``."""
    cards = body.get("cards", [])
    if not isinstance(cards, list) or len(cards) > MOST_CARDS:
        raise InputError(f"there is room for {MOST_CARDS} questions; remove some")
    asked = []
    for card in cards:
        name, words = str(card["id"]), card["words"]
        if not _CARD.fullmatch(name) or not isinstance(words, dict):
            raise InputError("a question of the page cannot be read; remove it")
        asked.append((name, words))
    yield from _answered(_scene(bench, body), asked)


def _answered(scene: Scene, cards: Sequence[tuple[str, Mapping[str, Any]]]) -> Iterator[Fragment]:
    later: list[tuple[str, Asked]] = []
    for name, words in cards:
        poll()
        try:
            of, payer = _parties(words, scene)
            asked = Asked(CardQuestion.parse({**words, "of": of, "payer": payer}), scene)
            _check(asked)
            yield put(f"card-{name}-answer", _number(asked, scene, f"card-{name}"))
            yield put(f"card-{name}-commands", render("card_commands.html.j2", asked=asked))
        except FAILURES as error:
            yield put(f"card-{name}-answer", render("card_failed.html.j2", why=reason_of(error)))
            yield put(f"card-{name}-more", "")
            continue
        later.append((f"card-{name}-more", asked))
    yield FIRST
    for place, asked in later:
        poll()
        yield from (_deal if asked.question.kind == "deal" else _why)(asked, place)


def _check(asked: Asked) -> None:
    question = asked.question
    kind: TextKind = "query" if question.kind in {"likely", "compare"} else "formula"
    problem = problem_in(question.text, asked.case, kind)
    if problem is not None:
        raise InputError(f"{question.text or 'the query'}, {problem}")


def _number(asked: Asked, scene: Scene, card: str) -> str:
    words = asked.words(scene.names)
    match asked.question.kind:
        case "likely":
            found = asked.probability(asked.held, asked.announced)
            return render("card_likely.html.j2", words=words, found=found, show=show)
        case "compare":
            held, free, less = asked.compare()
            return render(
                "card_compare.html.j2", words=words, asked=asked, held=held, free=free,
                less=less, show=show, holding=levels_words(asked.held, scene.names),
                without=levels_words(asked.base, scene.names),
            )  # fmt: skip
        case "when":
            time, within = asked.when()
            return render("card_when.html.j2", words=words, found=time, within=within, show=show)
        case "deal":
            q, actor = asked.question, scene.names.actor
            known = {one.name for one in scene.case.actors}
            of, payer = (actor(name) if name in known else name for name in (q.of, q.payer))
            return render(
                "card_deal.html.j2", asked=asked, words=words, of=of, payer=payer, card=card
            )


def _why(asked: Asked, place: str) -> Iterator[Fragment]:
    try:
        sentences = asked.why()[2:3]  # the answer itself stands above
    except FAILURES as error:
        sentences = (f"Why cannot be told: {reason_of(error)}",)
    yield put(place, render("card_why.html.j2", sentences=sentences))


def _deal(asked: Asked, place: str) -> Iterator[Fragment]:
    """Answer a deal at the stated values, then over draws."""
    q, counted, far = asked.question, CountedWork(), place.replace("-more", "-far")
    key = (asked.case.sha256, asked.setting.address(), q.text, q.of, q.payer, q.horizon,
           q.probability, q.concept, q.given)  # fmt: skip
    terms: dict[str, Any] = {
        "horizon": q.horizon, "probability": q.probability, "concept": q.concept,
    }  # fmt: skip

    def sections(found: Any) -> str:
        inside = deal_sections(found, 4, f"{place}-")
        return render("card_deal_more.html.j2", sections=Markup(inside))

    def stated() -> str:
        conflict = asked.case.conflict()
        return sections(assess_deal(conflict, q.text, q.of, q.payer, given=asked.levels, **terms))

    def over_draws() -> str:
        found = study_deal(
            asked.case, q.text, q.of, q.payer, q.draws, 1, given=asked.levels, workers=1,
            progress=counted.tell, **terms,
        )  # fmt: skip
        return sections(found)

    try:
        first = partial(_DEALS.get, (*key, 0), stated)
        yield put(place, (yield from counted.run(first, "Answering the deal as stated", far)))
        if q.draws:
            drawn = partial(_DEALS.get, (*key, q.draws), over_draws)
            yield put(place, (yield from counted.run(drawn, "Answering the deal in draws", far)))
        yield say("")
    except FAILURES as error:
        yield from (put(far, ""), say(""))
        yield put(place, render("card_failed.html.j2", why=reason_of(error)))


def check_query(bench: Bench, body: Mapping[str, Any]) -> Iterator[Fragment]:
    """Say what is wrong with the texts of a question, each with its place; nothing is solved."""
    case = _scene(bench, body).base
    kinds: Mapping[str, TextKind] = {
        "query": "query" if body.get("kind") in {"likely", "compare"} else "formula",
        "while": "formula",
        "until": "formula",
    }
    problems = []
    for name, kind in kinds.items():
        text = str(body.get(name, ""))
        problem = problem_in(text, case, kind) if text.strip() else None
        if problem is not None:
            problems.append(
                {"field": name, "words": str(problem), "from": problem.start, "to": problem.end}
            )
    yield {"problems": problems}


def complete_query(bench: Bench, body: Mapping[str, Any]) -> Iterator[Fragment]:
    """Say what may stand at the caret of a text."""
    case = _scene(bench, body).base
    kind: TextKind = "query" if body.get("kind") == "query" else "formula"
    found = complete(str(body.get("text", "")), int(body.get("caret", 0)), case, kind)
    options = [{"text": one.text, "about": one.about} for one in found.options]
    yield {"from": found.start, "options": options}


def _scene(bench: Bench, body: Mapping[str, Any]) -> Scene:
    setting, _ = Setting.parse(str(body.get("address", "")).lstrip("?"))
    return bench.scene(setting)


VIEW = PageView("ask", "Ask", _frame, _answer, "ask.js", "ask.css")

ACTIONS: Mapping[str, Callable[[Bench, Mapping[str, Any]], Iterable[Fragment]]] = {
    "answer-cards": answer_cards,
    "check-query": check_query,
    "complete-query": complete_query,
}
