"""Today: who would leave, and what deters it, in the words of the command line."""

from __future__ import annotations

import csv
import io
from html import unescape

from click.testing import CliRunner
from playwright.sync_api import Page, expect

import detente
from detente.analysis import CONCEPTS as COUNTED
from detente.case import Labels
from detente.cli import main
from detente.stability import CONCEPTS
from detente.text import spaced
from workbench.conftest import Server, answered, visit
from workbench.view_answers import export_of, page_of, places_of


def test_reasons_are_those_of_the_command() -> None:
    """Would catch: another concept, another state, parameters that are not the setting's."""
    places = places_of("today", "case=peninsula&set.dependence=0.6&concept=sseq")
    command = ["stability", "peninsula", "--set", "dependence=0.6", "--concept", "sseq"]
    words = CliRunner().invoke(main, [*command, "--explain", "today"]).output
    seen = " ".join(unescape(places["today-why"]).split())
    case = detente.load("peninsula").set(dependence=0.6)
    stability = case.conflict().stability()
    for actor in stability.conflict.actors:
        found = stability.explain(actor, None, "sseq")
        lines = spaced(found.words(named=Labels(case).title)).splitlines()
        assert lines[0] in seen
        assert all(line.removeprefix("- ") in seen for line in lines[1:])
        printed = found.words().splitlines()[0]
        assert printed.split(":")[0][:40] in " ".join(words.split())
    assert "us is stable" not in seen


def test_the_table_says_for_whom_it_is_stable_under_each_concept() -> None:
    rows = csv.DictReader(io.StringIO(
        export_of("today", "case=sanctions&today.tension=high&table=Stable+for+whom", "csv")["file"]
    ))  # fmt: skip
    stability = detente.load("sanctions").conflict().stability()
    found = {(row["actor"], row["concept"]): row["stable"] == "yes" for row in rows}
    assert found == {
        (actor, concept): stability.explain(actor, {"tension": "high"}, concept).stable
        for actor in stability.conflict.actors
        for concept in CONCEPTS
    }


def test_counts_and_nearest_equilibria_are_those_of_the_report() -> None:
    near = places_of("today", "case=sanctions")["today-near"]
    stability = detente.load("sanctions").conflict().stability()
    for concept in COUNTED:
        assert f">{int(stability.equilibria(concept).sum()):,}<br>" in near


def test_a_present_that_cannot_be_is_refused_in_words() -> None:
    page = page_of("today", "case=peninsula&today.us.offer=taiwan")
    assert "The case rules this out: United States: offer taiwan; Rivalry freefall" in page


def test_another_concept_is_one_choice_away(page: Page, server: Server) -> None:
    """Would catch: a select that does not ask, and Back that leaves it."""
    visit(page, server, "/today?case=chicken")
    why = page.locator("#today-why")
    expect(why).to_contain_text("(seq)")
    page.select_option("#concept", "nash")
    answered(page)
    expect(why).to_contain_text("(nash)")
    assert "concept=nash" in page.url
    page.go_back()
    expect(why).to_contain_text("(seq)")
    expect(page.locator("#concept")).to_have_value("seq")
