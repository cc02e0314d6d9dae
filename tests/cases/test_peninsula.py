"""The flagship case: that it is whole, that its page covers it, and that it does not change unseen.

Whether the anchors fit the essay can only be checked with a copy of it (`detente check peninsula
--sources DIR`); here it is checked that every claim has one that could be.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import detente
from detente.case import Case
from detente.claims import answer_claim, claims_model
from detente.equilibrium import Equilibrium

PAGE = Path(__file__).parents[2] / "docs" / "peninsula.md"
GOLDEN = {
    "C09": 0.46445,
    "C10": 0.07955,
    "C23": 0.66044,
    "C35": -0.10000,
    "C36": 0.17079,
    "C39": 0.42973,
    "C46": 0.13584,
}
TEACHING = {"chicken": (2, 2), "sanctions": (3, 3, 2, 3, 2)}


@pytest.fixture(scope="module")
def case() -> Case:
    return detente.load("peninsula")


@pytest.fixture(scope="module")
def equilibrium(case: Case) -> Equilibrium:
    return case.conflict().equilibrium()


def test_every_claim_is_asked_or_says_why_not(case: Case) -> None:
    assert [claim.id for claim in case.claims] == [f"C{n:02}" for n in range(1, 47)]
    assert sum(claim.ask is not None for claim in case.claims) >= 28
    assert all(claim.unasked for claim in case.claims if claim.ask is None)


def test_every_asked_claim_has_an_expectation_a_note_and_an_outcome(case: Case) -> None:
    for claim in case.claims:
        assert claim.resolved is not None, claim.id
        assert claim.resolved.evidence, claim.id
        if claim.ask is not None:
            assert claim.expect is not None, claim.id
            assert claim.note, claim.id


def test_every_claim_points_at_a_sentence(case: Case) -> None:
    for claim in case.claims:
        assert claim.where is not None, claim.id
        assert claim.where.source == "sun-2021"
        assert 1 <= claim.where.paragraph <= 8
        assert re.fullmatch(r"[0-9a-f]{16}", claim.where.hash)


def test_one_sentence_has_one_hash(case: Case) -> None:
    places = {(c.where.paragraph, c.where.sentence): c.where.hash for c in case.claims if c.where}
    assert len(set(places.values())) == len(places)
    assert all(places[c.where.paragraph, c.where.sentence] == c.where.hash
               for c in case.claims if c.where)  # fmt: skip


def test_few_announced_worlds_keep_a_study_short(case: Case) -> None:
    arms = [claim.ask.arm for claim in case.claims if claim.ask]
    arms += [claim.versus for claim in case.claims if claim.versus]
    worlds = {(str(arm.do), str(arm.set)) for arm in arms if arm.announced}
    assert len(worlds) <= 4
    assert np.prod(case.shape) <= 3072
    assert len(case.actors) == 3


def test_the_default_world_is_the_arguments_own(case: Case) -> None:
    assert case.parameters["russia_turn"].value == 0
    assert case.parameters["russia_turn"].distribution == "fixed"
    assert case.status_quo["moscow"] == 0


def test_history_is_long_sourced_and_in_order(case: Case) -> None:
    assert 60 <= len(case.history) <= 160
    assert all(row.source in case.sources and row.note for row in case.history)
    dates = [row.date for row in case.history]
    assert dates == sorted(dates)
    seen = {row.variable for row in case.history}
    assert seen == {option.full_name for actor in case.actors for option in actor.options} | {
        condition.name for condition in case.conditions
    }


def test_the_page_covers_every_row_and_claim_of_this_very_case(case: Case) -> None:
    page = PAGE.read_text(encoding="utf-8")
    for row in range(1, 18):
        assert f"| S{row} |" in page
    for claim in case.claims:
        assert claim.id in page
        assert claim.says in page
    assert case.sha256[:16] in page, "the case changed: make the tables of docs/peninsula.md again"


def test_stated_values_give_the_numbers_they_gave(case: Case) -> None:
    model = claims_model(case)
    for name, value in GOLDEN.items():
        assert answer_claim(case.claim(name), model).value == pytest.approx(value, abs=5e-5), name


def test_north_korea_in_hand_is_worth_more_when_rivalry_runs_free(case: Case) -> None:
    def gain(premium: float) -> float:
        return answer_claim(
            case.claim("C24"), claims_model(case, {"rivalry_premium": premium})
        ).value

    assert gain(-0.3) < gain(0.8) < gain(2.0)


def test_china_ranks_a_paid_offer_above_an_unpaid_demand(case: Case) -> None:
    conflict = case.conflict()
    strict = {"china.enforcement": "level_2017"}
    worth = [
        conflict.utility["china"].reshape(-1)[conflict.index({**strict, "us.offer": offer})]
        for offer in ("none", "tactical", "relational")
    ]
    assert worth == sorted(worth)


def test_no_text_passes_over_a_second_patron(equilibrium: Equilibrium) -> None:
    asked = equilibrium.probability("F[0, 4.8] new_text == 1", {"moscow": "patron"})
    assert asked.value == 0.0


def test_china_acts_on_its_own_view(equilibrium: Equilibrium) -> None:
    assert set(equilibrium.beliefs) == {"china"}
    assert equilibrium.residual <= 1e-9


@pytest.mark.parametrize("name", TEACHING)
def test_teaching_cases_answer_all_they_ask(name: str) -> None:
    taught = detente.load(name)
    assert taught.shape == TEACHING[name]
    model = claims_model(taught)
    asked = [claim for claim in taught.claims if claim.ask]
    assert len(asked) >= 5
    assert all(np.isfinite(answer_claim(claim, model).value) for claim in asked)


def test_chicken_is_chicken() -> None:
    stability = detente.load("chicken").conflict().stability()
    assert stability.equilibria("nash").tolist() == [[False, True], [True, False]]
    assert stability.equilibria("gmr").tolist() == [[True, True], [True, False]]
