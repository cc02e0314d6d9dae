"""A deal over draws is the same question asked draw by draw, whoever asks.

Would catch: numbers of another draw or offer, answers that depend on the workers, failures that end
a survey or vanish, a page or table that breaks on what a case may hold.
"""

from __future__ import annotations

import json
import sys
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner

import detente
from detente.cli import main
from detente.deals import assess_deal, study_deal
from detente.drawing import offers_figure
from detente.errors import AnalysisError, DetenteError, InputError
from detente.report import render_deals
from detente.study import make_design

WANT = "target.programme == dismantled"
ASKED = (WANT, "target", "sender")


@pytest.fixture(scope="module")
def case():
    return detente.load("sanctions")


@pytest.fixture(scope="module")
def found(case):
    return study_deal(case, *ASKED, 6, 3, workers=2)


def test_every_draw_is_an_inquiry_of_its_own(case, found):
    design = make_design(case, 6, 3)
    for row, number in enumerate(found.completed):
        alone = assess_deal(case.conflict(**design.draw(int(number))), *ASKED, coarse=True)
        assert found.numbers["probability"][row] == alone.probability
        paid = alone.prices["payment"]
        for test, passed in paid.passes.items():
            least = np.nan if passed.least is None else passed.least
            np.testing.assert_equal(found.numbers[f"price/payment/{test}"][row], least)
            assert found.numbers[f"zone/payment/{test}"][row] == bool(paid.zone(test))
        for actor, gain in alone.chip.gain.items():
            assert found.numbers[f"chip/{actor}"][row] == gain
        if alone.packages is not None:
            gain = alone.packages.gain("snap-back")["target"]
            assert found.numbers["package/snap-back/target"][row] == gain


def test_aims_are_told_beside_the_deal(case):
    aim = "tension == low and target.programme == frozen"
    asked = study_deal(case, *ASKED, 2, 3, workers=1, also=[aim])
    equilibrium = case.conflict().equilibrium()
    there = equilibrium.probability(f"F[0, 5] {aim}").value
    (stated,) = asked.base.side_questions
    assert stated.probability == pytest.approx(there, abs=1e-7)
    stable = case.conflict().stability().equilibria("seq") & case.conflict().where(aim)
    assert stated.stable == stable.any()
    assert asked.numbers[f"side/{aim}/probability"].shape == (2,)
    assert aim in str(asked)
    with pytest.raises(InputError):
        assess_deal(case.conflict(), *ASKED, also=["tension == medium"], coarse=True)


def test_one_worker_gives_the_same(case, found):
    alone = study_deal(case, *ASKED, 6, 3, workers=1)
    assert alone.to_dict() == found.to_dict()


def test_shares_ranges_and_levels_are_those_of_the_numbers(found):
    values = found.numbers["chip/sender"]
    assert found.interval("chip/sender")[1] == np.median(values)
    assert sum(found.levels("willingness/sender.offer").values()) == pytest.approx(1.0)
    zone = found.numbers["zone/payment/likely"]
    assert found.share("zone/payment/likely") == zone.mean()
    assert len(found.to_pandas()) == len(found.completed)
    with pytest.raises(InputError, match="no number"):
        found.share("prize")


def test_a_draw_that_fails_is_told_and_the_rest_goes_on(case, monkeypatch):
    source = sys.modules["detente.deals._deal_study"]
    question = {"want": WANT, "of": "nobody", "payer": "sender"}
    asked = source.answer_draw((case, question), ({}, ()))
    assert asked.numbers == {}
    assert "nobody" in asked.failure

    def failing(*_, **__):
        return [source.DealDraw({}, {}, "too sharp")]

    monkeypatch.setattr(source, "map_tasks", failing)
    with pytest.raises(AnalysisError, match="too sharp"):
        study_deal(case, *ASKED, 1, 3)


def test_giving_for_nothing_is_the_cheapest_binding(case):
    conflict = case.conflict()
    stated = assess_deal(conflict, *ASKED, coarse=True)
    base = conflict.equilibrium()
    bound = base.conflict
    gains = []
    for level in bound.space.axes[bound.space.axis("target.programme")].levels:
        if level != "dismantled":
            continue
        held = detente.equilibrium.intervene(base, {"target.programme": level})
        start = held.conflict.index()
        now = base.value["target"].reshape(-1)[bound.index()]
        gains.append(conflict.discount["target"] * (held.value["target"].reshape(-1)[start] - now))
    assert stated.chip.gain["target"] == pytest.approx(max(gains), abs=1e-7)


def test_the_page_is_sound_and_escaped(case, found):
    page = render_deals(case, found)
    assert "What would it take?" in page
    assert "<script" not in page
    drawn = offers_figure(found.base.prices["payment"])
    root = ElementTree.fromstring(str(drawn))
    assert len([n for n in root.iter() if n.get("class") == "end"]) == len(
        found.base.prices["payment"].effects
    )


def call(*words):
    return CliRunner().invoke(main, ["deals", *words])


FULL = ("sanctions", "--want", WANT, "--payer", "sender", "--from", "target")


def test_the_command_tells_and_writes(tmp_path):
    page = tmp_path / "d.html"
    plain = call(*FULL, "-n", "2", "--output", str(page))
    assert plain.exit_code == 0, plain.output
    assert max(map(len, plain.output.split("page     ")[0].splitlines())) <= 80
    assert page.read_text().startswith("<!DOCTYPE html>")
    as_json = call(*FULL, "-n", "0", "--output", str(page), "--json", "--set", "worth=1.5")
    assert as_json.exit_code == 0, as_json.output
    assert json.loads(as_json.stdout)["question"]["want"] == WANT


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--payer", "target"), "pay itself"),
        (("--payer", "sendr"), "did you mean"),
        (("--want", "target.programme == gone"), "gone"),
        (("--want", "tension == low"), "no hand"),
        (("--want", "target.programme >= running"), "always holds"),
        (("--probability", "1.5"), "at most 1"),
        (("--given", "tension"), "NAME=VALUE"),
        (("--output", "page.txt"), ".html"),
        (("--horizon", "-1"), "horizon"),
    ],
)
def test_senseless_questions_are_refused(words, said):
    found = call(*FULL, "-n", "3", *words)
    assert found.exit_code == 2, found.output
    assert said in " ".join(found.output.split())
    assert "Traceback" not in found.output


def test_errors_are_of_this_package(case):
    with pytest.raises(DetenteError):
        case.deals("target.programme == gone", "target", "sender", draws=2)


def test_no_draws_answer_at_the_stated_values_in_python_too(case):
    """What ``-n 0`` says on the command line."""
    found = case.deals(WANT, "target", "sender", draws=0)
    assert found.draws == 0
    assert str(found) == str(found.base)
    assert found.to_dict()["base"] == found.base.to_dict()


def test_draws_of_a_changed_case_are_of_that_case(tmp_path):
    page = tmp_path / "d.html"
    words = ("-n", "2", "--set", "worth=1.5", "--output", str(page), "--json")
    found = call(*FULL, *words)
    assert found.exit_code == 0, found.output
    changed = detente.load("sanctions").set(worth=1.5).deals(WANT, "target", "sender", 2, 1)
    told = json.loads(found.stdout)["numbers"]["probability"]["mean"]
    assert told == pytest.approx(changed.to_dict()["numbers"]["probability"]["mean"])
