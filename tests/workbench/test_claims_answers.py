"""What the claims view answers, without a browser: numbers, changes, verdicts over draws."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

import detente
from detente.case import CaseFolder
from detente.claims import answer_claim, claims_model, kind_of, starred, verdict_word
from detente.drawing import range_bar
from detente.text import THIN, show
from detente.workbench import _draws
from detente.workbench._bench import Bench
from detente.workbench._page import fill
from detente.workbench._request import Request
from detente.workbench._setting import Setting
from detente.workbench._views import VIEWS
from detente.workbench._views.claims import VIEW


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Give a bench whose draws are solved in this process."""
    from detente.engine import Backend

    made = Bench(CaseFolder(tmp_path_factory.mktemp("served")))
    _draws._teams[made] = _draws.DrawTeam(made.folder.root, Backend("threads", 1))
    yield made
    _draws._teams[made].end()


def request(bench: Bench, address: str) -> Request:
    setting, words = Setting.parse(address)
    return Request(bench, bench.scene(setting), words)


def before_draws(asked: Request) -> dict[str, str]:
    """Return what stands in each place when the first answers are there."""
    line = next(iter(VIEW.answer(asked)))
    assert line["first"]
    places: dict[str, str] = line["puts"]
    return places


def text_of(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html).replace(THIN, " ").replace("\N{MINUS SIGN}", "-").strip()


def test_first_answers_are_those_of_the_model(bench: Bench) -> None:
    """Would catch: numbers and words of another setting, or words that the report does not use."""
    places = before_draws(request(bench, "case=sanctions&set.pain=2"))
    case = detente.load("sanctions").set(pain=2.0)
    model = claims_model(case)
    for claim in case.claims:
        if claim.ask is None or claim.expect is None:
            continue
        value = answer_claim(claim, model).value
        assert show(value, kind_of(claim)).replace(THIN, " ") in text_of(
            places[f"answer-{claim.id}"]
        )
        assert verdict_word(value, claim.expect) in text_of(places[f"answer-{claim.id}"])
        assert 'class="stated"' in places[f"bar-{claim.id}"]
        assert 'class="median"' not in places[f"bar-{claim.id}"]


def test_changes_are_from_the_pinned_setting_or_the_stated_one(bench: Bench) -> None:
    """Would catch: a difference from the wrong setting, or one where there is none."""
    stated, moved = "case=sanctions", "case=sanctions&set.pain=2"
    before_draws(request(bench, stated))  # so that it need not be solved behind
    first = before_draws(request(bench, moved))
    assert text_of(first["change-T1"]) == "was 24 %, agrees; +73 points"
    assert text_of(before_draws(request(bench, stated))["change-T1"]) == ""
    pin = "&pin=case%3Dsanctions%26set.pain%3D2"
    back = before_draws(request(bench, stated + pin))
    assert text_of(back["change-T1"]) == "was 97 %, contradicts; -73 points"
    assert "pinned" in back["compared"]
    assert text_of(before_draws(request(bench, moved + pin))["change-T1"]) == ""


def test_a_stated_setting_that_was_never_seen_is_not_waited_for(bench: Bench) -> None:
    """Would catch: first answers that wait for a second setting; and changes that never come."""
    asked = request(bench, "case=chicken&set.nerve=4")
    lines = VIEW.answer(asked)
    first = next(lines)
    assert first["first"]
    assert not any(place.startswith("change-") for place in first["puts"])
    assert all(place.startswith("change-") for place in next(lines)["puts"])


def test_verdicts_over_draws_are_those_of_a_study(bench: Bench) -> None:
    """Would catch: other words, stars, ranges or numbers of draws than the report's."""
    asked = request(bench, "case=sanctions&set.pain=2&plain=1")
    puts: list[Mapping[str, Any]] = [line["puts"] for line in VIEW.answer(asked) if "puts" in line]
    over = [places for places in puts if "over-T1" in places]
    assert ["over 8 draws" in places["over-T1"] for places in over] == [True, False]
    case = detente.load("sanctions").set(pain=2.0)
    study = case.study(rng=0, design=_first(case, 16))
    model = claims_model(case)
    for verdict in study.verdicts():
        cell = text_of(over[-1][f"over-{verdict.claim.id}"])
        assert starred(verdict) in cell
        kind = kind_of(verdict.claim)
        assert show(verdict.median, kind).replace(THIN, " ") in cell
        value = answer_claim(verdict.claim, model).value
        assert over[-1][f"bar-{verdict.claim.id}"] == range_bar(verdict, kind, value)


def _first(case: detente.Case, draws: int) -> Any:
    from dataclasses import replace

    whole = _draws.design_of(case)
    return replace(whole, values=whole.values[:draws], shares=whole.shares[:draws])


def test_without_script_all_answers_stand_in_the_page(bench: Bench) -> None:
    """Would catch: answers sent to places that the frame does not have."""
    asked = request(bench, "case=chicken&plain=1")
    frame = VIEW.frame(asked)
    lines = list(VIEW.answer(asked))
    page = fill(frame, lines)
    last: dict[str, str] = {}
    for line in lines:
        last |= line.get("puts", {})
    for place, html in last.items():
        assert f'id="{place}"' in frame
        assert html in page


def test_a_claim_that_cannot_be_answered_says_why(bench: Bench) -> None:
    """Would catch: one claim without an answer that takes the others with it."""
    asked = request(bench, "case=sanctions")
    claim = asked.scene.asked[0]

    def refuse(*_: object) -> float:
        raise detente.AnalysisError("no such thing: " + 99 * "far ")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("detente.workbench._stated.answer_at", refuse)
        places = before_draws(request(Bench(bench.folder), "case=sanctions"))
    assert "No claim has an answer: no such thing<" in places["all-failed"], "once, not in each row"
    assert "<details" in places["all-failed"], "the rest is there on request"
    assert text_of(places[f"answer-{claim.id}"]) == "no answer"
    assert places[f"bar-{claim.id}"] == ""


@pytest.mark.parametrize("view", ["why", "show", "compare"])
def test_every_view_heeds_a_hold_for_a_part_of_the_period(bench: Bench, view: str) -> None:
    """Would catch: a view with the answer as if nothing were held, beside the claims' refusal."""
    period = "case=sanctions&do.sender.offer=large&announced=no&during=0,2"
    asked = request(bench, f"{period}&claim=T5&with=case%3Dsanctions")
    lines = [str(line) for line in VIEWS[view].answer(asked)]
    places = [line for line in lines if "the claim has a scope" in line or "no answer" in line]
    assert places, lines
