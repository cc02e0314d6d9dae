"""Digest: every change made in this tab since it was opened, and what followed, as text.

The tab itself remembers the settings it went through; the server puts them into words. Cost: one
solve a setting that is not remembered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from detente.engine import poll
from detente.errors import InputError
from detente.text import plural
from detente.workbench._bench import Bench, Scene
from detente.workbench._request import FIRST, Fragment, PageView, Request, put, say
from detente.workbench._setting import Setting
from detente.workbench._setting_words import answer_changes, setting_changes
from detente.workbench._stated import stated_answers
from detente.workbench._templates import render

MOST = 200
"""Settings that a digest goes through; of more, the newest."""


def _frame(request: Request) -> str:
    return render("digest_view.html.j2")


def _answer(request: Request) -> Iterator[Fragment]:
    scene = request.scene
    stated = request.bench.scene(Setting(scene.setting.case))
    lines = [f"{scene.setting.case}: from the case as stated to the present setting"]
    lines += _step("", stated, scene)
    yield put("digest-all", render("digest_text.html.j2", lines=lines))
    yield FIRST


def tell(bench: Bench, body: Mapping[str, Any]) -> Iterator[Fragment]:
    """Put the settings that a tab went through into words.

    Parameters
    ----------
    bench : Bench
    body : mapping
        Under ``addresses`` those of the settings, the oldest first.
    """
    addresses = _addresses(body)
    lines = [f"{plural(max(len(addresses) - 1, 0), 'change')} since the page was opened"]
    before: Scene | None = None
    for number, address in enumerate(addresses):
        try:
            after = bench.scene(Setting.parse(address)[0])
        except InputError as error:
            lines += ["", f"{number}. a setting that cannot be read any more: {error}"]
            continue
        if before is not None:
            yield say(f"change {number} of {len(addresses) - 1}")
            lines += ["", *_step(f"{number}. ", before, after)]
            yield put("digest-text", render("digest_text.html.j2", lines=lines))
        before = after
    yield put("digest-text", render("digest_text.html.j2", lines=lines))
    yield say("")


def _addresses(body: Mapping[str, Any]) -> Sequence[str]:
    found = body.get("addresses") if isinstance(body, dict) else None
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise InputError("a digest takes a list of addresses; load the page again")
    return found[-MOST:]


def _step(number: str, before: Scene, after: Scene) -> list[str]:
    """Return the lines of one change: what was moved, then what followed."""
    poll()
    moved = setting_changes(before.setting, after.setting, after.base)
    head = f"{number}{'; '.join(moved) or 'nothing is moved'}"
    if not moved:
        return [head]
    turned = answer_changes(stated_answers(before), stated_answers(after))
    return [head, *(f"   {line}" for line in turned)]


VIEW = PageView("digest", "Digest", _frame, _answer, script="digest.js", style="digest.css")
