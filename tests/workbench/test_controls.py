"""The panel as the server makes it, and answers under a hold for a part of the period."""

from __future__ import annotations

from pathlib import Path

import pytest

import detente
from detente.case import CaseFolder, read_case
from detente.claims import answer_claim, claims_model
from detente.errors import InputError
from detente.workbench._answers import answer_at
from detente.workbench._bench import Bench, Scene
from detente.workbench._controls import controls
from detente.workbench._groups import grouped
from detente.workbench._setting import Setting
from detente.workbench._solver import PageSolver

KINDS = b"""
detente: 1
title: Kinds of parameters
parameters:
  still: {value: 3, reason: guess, source: judgement}
  few: {value: 1, choices: [1, 2.5], reason: "<b>two</b>", source: judgement}
  wide: {value: 400, range: [10, 5000], distribution: loguniform, unit: m, reason: r, source: book}
actors:
  us: {rate: wide, options: {valve: [shut, open]}, preferences: {weights: {flow: few}}}
  them: {rate: 1, options: {gate: [shut, open]}, preferences: {weights: {flow: still}}}
issues: {flow: us.valve == open}
sources: {book: {title: The <i>book</i>, author: A. Writer, date: 2020-01-02, address: "https://example.org/a"}}
status_quo: {us.valve: shut, them.gate: shut}
"""


def scene(query: str) -> Scene:
    setting, _ = Setting.parse(query)
    return Bench(CaseFolder(Path())).scene(setting)


def page(query: str, folder: Path = Path()) -> str:
    question = {"kind": "page", "view": "claims", "query": query, "plain": "plain=1" in query}
    return next(line["html"] for line in PageSolver(folder).answer(question) if "html" in line)


def test_parameters_stand_with_the_actor_that_alone_uses_them() -> None:
    """Would catch: a parameter filed by its name, or one that is lost."""
    case = detente.load("peninsula")
    found = grouped(case)
    assert sorted(name for names in found.values() for name in names) == sorted(case.parameters)
    assert {"confidence", "china.haste"} <= set(found["China"]), "used by China's view and discount"
    assert {"russia_turn", "attention.fade"} <= set(found["The world"])
    assert {"sharpness", "inertia"} <= set(found["Several actors"])


def test_each_kind_of_parameter_has_its_control(tmp_path: Path) -> None:
    """Would catch: a slider for what is fixed, and markup of a case that a browser would run."""
    (tmp_path / "kinds.yaml").write_bytes(KINDS)
    html = page("case=kinds.yaml", tmp_path)
    assert 'type="range" id="set-wide"' in html
    assert '<select id="set-few"' in html
    assert 'id="set-still"' not in html
    assert 'id="exact-still"' in html
    assert "<b>two</b>" not in html
    assert "&lt;b&gt;two" in html
    assert "The &lt;i&gt;book" in html
    assert 'A. Writer, 2 Jan 2020 <a class="address" href="https://example.org/a"' in html
    assert "drawn so that ratios count alike" in html
    assert controls(Setting("x"), read_case(KINDS, "kinds.yaml")).groups[0].title == "us"


def test_without_script_the_panel_is_a_form(tmp_path: Path) -> None:
    """Would catch: a form that sends every slider as moved."""
    html = page("case=sanctions&set.pain=2&plain=1")
    assert 'type="range"' not in html
    assert 'name="set.pain" value="2"' in html
    assert 'name="set.pride" value="" placeholder="0.5"' in html
    assert "pain 2 instead of 0.8, outside of its range 0.3 to 1.5" in html
    assert "detente run sanctions --set pain=2" in html
    assert "data-do" not in html, "no button that needs script"
    assert '<a class="skip" href="#setting">' in html, "the panel is many stops from the top"
    refused = page("case=peninsula&do.us.offer=taiwan&plain=1")
    assert "<script" not in refused


def test_a_setting_without_answers_has_a_page_that_can_be_mended() -> None:
    """Would catch: a link to an impossible setting that leads to a page with nothing to move."""
    html = page("case=peninsula&do.us.offer=taiwan")
    assert "rules this out: United States: offer taiwan; Rivalry freefall (A bargain" in html
    assert 'data-reset="do.us.offer"' in html
    assert 'id="set-resilience"' in html


@pytest.mark.parametrize("announced", ["", "&announced=no"])
def test_a_hold_for_a_period_answers_as_the_engine_does(announced: str) -> None:
    """Would catch: a period that is read as the whole of it, or counted from elsewhere."""
    query = f"case=sanctions&set.pain=1.2&do.neighbour.border=watched{announced}"
    case = detente.load("sanctions").set(pain=1.2)
    query_text = "F[0, 5] target.programme == dismantled"
    claim = case.replace(claims={"T9": {"says": "x", "ask": {"probability": query_text}}}).claim(
        "T9"
    )
    found = answer_at(claim, scene(f"{query}&during=1,3")).value
    expected = case.conflict().equilibrium().probability(
        query_text, do={"neighbour.border": "watched"}, announced=not announced, during=(1.0, 3.0)
    )  # fmt: skip
    assert found == expected.value


def test_what_a_period_cannot_answer_says_why() -> None:
    """Would catch: an answer for the whole period where one for a part was asked."""
    at = scene("case=sanctions&do.sender.offer=large&during=0,2")
    for name, words in {
        "T1": "holds something itself",
        "T2": "two arms",
        "T4": "only probabilities",
        "T5": "a scope",
    }.items():
        with pytest.raises(InputError, match=words):
            answer_at(at.case.claim(name), at)
    with pytest.raises(InputError, match="whole period"):
        _ = at.world
    views = scene("case=peninsula&do.us.offer=tactical&during=0,2")
    with pytest.raises(InputError, match="views of their own"):
        answer_at(views.case.claim("C04"), views)


def test_a_hold_of_the_whole_period_goes_into_the_claims() -> None:
    """Would catch: a hold that overrides what a claim itself holds."""
    at = scene("case=sanctions&do.sender.offer=large")
    base = detente.load("sanctions")
    own = base.claim("T1")
    assert answer_at(at.case.claim("T1"), at) == answer_claim(own, claims_model(base))
    free = base.claim("T5")
    assert answer_at(at.case.claim("T5"), at) != answer_claim(free, claims_model(base))
