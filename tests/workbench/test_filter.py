"""Conditions on draws: which are met, the verdicts over those, and what is refused."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

import detente
from detente.case import CaseFolder
from detente.claims import judge_claim, starred
from detente.errors import InputError
from detente.study import Study, make_design
from detente.workbench._bench import Bench
from detente.workbench._conditions import conditions_in, meeting, verdicts_over
from detente.workbench._request import Request
from detente.workbench._setting import Setting
from detente.workbench._views.draw_filter import VIEW, filtered


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a stored study."""
    made = tmp_path_factory.mktemp("served")
    (made / "results").mkdir()
    detente.load("sanctions").study(draws=60, rng=1, store=made / "results" / "study.sqlite")
    return made


def request(folder: Path, address: str) -> Request:
    bench = Bench(CaseFolder(folder))
    setting, words = Setting.parse(address)
    return Request(bench, bench.scene(setting), words)


def test_conditions_stand_in_the_address() -> None:
    """Would catch: a bound that is lost, and one that is no number taken for one."""
    found = conditions_in({"above.pain": "0.6", "below.pain": "1", "is.rivals": "a", "view": "x"})
    assert [one.words for one in found] == ["pain above 0.6 and below 1", "rivals a"]
    assert conditions_in({"above.pain": ""})[0].words == ""
    assert [one.name for one in conditions_in({"above.pain": "1", "add": "pride"})] == [
        "pain",
        "pride",
    ]
    assert conditions_in({"above.pain": "1", "drop": "pain"}) == ()
    for wrong in ("much", "inf", "nan"):
        with pytest.raises(InputError, match="is not a number"):
            conditions_in({"above.pain": wrong})


def test_verdicts_are_counted_again_over_the_draws_left(folder: Path) -> None:
    """Would catch: draws on the wrong side of a bound, or verdicts by another rule."""
    study = detente.open_study(folder / "results" / "study.sqlite")
    above, answer = conditions_in({"above.pain": "0.8", "below.T1": "0.6"})
    pain = np.array([study.design.draw(int(number))["pain"] for number in study.completed])
    np.testing.assert_array_equal(meeting(study, above), pain >= 0.8)
    left = meeting(study, above) & meeting(study, answer)
    np.testing.assert_array_equal(left, (pain >= 0.8) & (study.values[:, 0] <= 0.6))
    places = filtered(study, (above, answer))
    assert f"{left.sum()} of 60 draws left" in places["left"]
    for k, claim in enumerate(study.asked):
        verdict = judge_claim(claim, study.values[left, k], study.unscoped[left, k])
        assert verdicts_over(study, left)[k] == verdict
        assert starred(verdict) in places[f"after-{claim.id}"]
        assert starred(study.verdict(claim.id)) in places[f"before-{claim.id}"]


def test_too_few_draws_give_no_verdict(folder: Path) -> None:
    """Would catch: a verdict over three draws, and one of the last condition left standing."""
    study = detente.open_study(folder / "results" / "study.sqlite")
    places = filtered(study, conditions_in({"above.pain": "1.95"}))
    assert "too few" in places["left"]
    assert places["after-T1"] == places["bar-T1"] == ""


def test_a_stored_study_is_opened_from_the_folder_only(folder: Path) -> None:
    """Would catch: a page that reads files elsewhere, or breaks on what is no study."""
    good = request(folder, "case=sanctions&study=results/study.sqlite&above.pain=0.8")
    assert "60 draws of" in VIEW.frame(good)
    assert 'value="0.8"' in VIEW.frame(good)
    (first, *_) = VIEW.answer(good)
    assert "of 60 draws left" in first["puts"]["left"]
    for wrong in ("../study.sqlite", "/etc/passwd", "results/none.sqlite"):
        with pytest.raises(InputError):
            VIEW.frame(request(folder, f"case=sanctions&study={wrong}"))


def test_what_does_not_vary_is_left_out_with_words(folder: Path) -> None:
    """Would catch: a link with a condition on what was moved since that shows an error instead."""
    address = "case=sanctions&study=results/study.sqlite&above.nothing=1"
    asked = request(folder, address)
    assert "Does not vary" in VIEW.frame(asked)
    (first, *_) = VIEW.answer(asked)
    assert "60 of 60 draws left" in first["puts"]["left"]


def test_two_thousand_draws_of_the_flagship_are_recounted_at_once() -> None:
    """Would catch: counting draw by draw; the bound is 50 ms of this processor's time."""
    case = detente.load("peninsula")
    asked = tuple(claim for claim in case.claims if claim.ask is not None)
    answers = np.random.default_rng(0).uniform(size=(2000, len(asked)))
    nothing = np.zeros((2000, 1, 1), dtype=np.float32)
    study = Study(
        case, make_design(case, 2000, 1), np.arange(2000), asked, answers, answers,
        np.zeros(1), nothing, nothing, np.zeros((2000, 3)), (),
    )  # fmt: skip
    condition = conditions_in({"above.china.leverage": "0.5"})
    filtered(study, condition)
    spent = []
    for _ in range(7):
        began = time.process_time()
        filtered(study, condition)
        spent.append(time.process_time() - began)
    assert min(spent) < 0.05
