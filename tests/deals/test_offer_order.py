"""Offers of an option stand in the order of what they cost their payer, however they are listed.

Would catch: the order of levels in the file taken for generosity, in words, over draws, in JSON or
on the axis; a level that the payer would not give counted as given; a behaviour that holds today
asked for without a word; percentages in scientific notation.
"""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

import detente
from deals.test_price import question
from detente.case import read_case
from detente.deals import assess_deal, price, study_deal
from detente.drawing import offers_figure
from detente.equilibrium import intervene, solve
from detente.errors import InputError
from detente.report import render_deals

DAM = (Path(__file__).parent / "dam.yaml").read_text("utf-8")
WANT = ("upper.dam != large", "upper", "lower")
TARIFF = "tariff: {levels: [full, none]"
SANCTIONS = Path(detente.__file__).parent / "cases" / "sanctions.yaml"


def dam(levels: str = TARIFF, reply: str = "reply: {levels: [accept, protest]"):
    text = DAM.replace(TARIFF, levels).replace("reply: {levels: [accept, protest]", reply)
    return read_case(text.encode(), "dam.yaml")


def test_reversing_the_levels_changes_nothing_in_words_json_or_picture():
    first, second = (
        assess_deal(case.conflict(), *WANT, coarse=True)
        for case in (dam(), dam("tariff: {levels: [none, full]"))
    )
    assert str(first) == str(second)
    for offer in ("lower.reply", "lower.tariff"):
        one, other = first.prices[offer], second.prices[offer]
        assert offers_figure(one) == offers_figure(other)
        assert [e.offer for e in one.effects] == [0.0, 1.0]
        told = [p.to_dict() for p in (one, other)]
        for key in ("range", "zone", "willingness"):
            assert told[0][key] == told[1][key]
        for test, found in told[0]["price"].items():
            assert found["intervals"] == told[1]["price"][test]["intervals"]
        assert [e["offer"] for e in told[0]["curve"]] == told[0]["range"]
        assert list(one.to_pandas()["offer"]) == told[0]["range"]


def test_reversing_the_levels_changes_nothing_over_draws():
    first, second = (
        study_deal(case, *WANT, 4, 1, workers=1)
        for case in (dam(), dam("tariff: {levels: [none, full]"))
    )
    assert str(first) == str(second)
    for name in first.numbers:
        if name.startswith(("price/lower", "willingness/lower")):
            assert first.levels(name) == second.levels(name)
    assert first.to_dict()["numbers"].keys() == second.to_dict()["numbers"].keys()


def test_where_both_cost_the_same_the_one_that_gives_more_is_the_dearest():
    """By its own value the tariff is worth nothing to the lower state: lifting it is the gift."""
    found = assess_deal(dam().conflict(), *WANT, coarse=True).prices["lower.tariff"]
    assert found.question.levels == ("full", "none")
    assert found.question.words(found.willingness) == "none"
    assert found.to_dict()["willingness"] == "none"
    assert "from what costs lower least: full (+0.048 a year), none (+0.048 a year)" in str(found)


def test_any_order_of_three_levels_gives_the_same_answer():
    text = SANCTIONS.read_text("utf-8")
    line = next(part for part in text.splitlines() if "levels: [none, small, large]" in part)
    told = set()
    for names in permutations(("none", "small", "large")):
        changed = line.replace("[none, small, large]", f"[{', '.join(names)}], ordered: false")
        case = read_case(text.replace(line, changed).encode(), "sanctions.yaml")
        asked = detente.deals.deal_question(
            case.conflict(), "target.programme == dismantled", "target", "sender", "sender.offer"
        )
        told.add(str(price(asked)))
    assert len(told) == 1


@pytest.mark.parametrize("seed", range(10))
def test_willingness_by_definition(seed):
    """The payer would give exactly the levels that, held, leave it no worse off: hold each."""
    for turn in range(20):
        with suppress(InputError):
            _, _, asked = question(seed + 1000 * turn, "us.offer", horizon=1.0)
            break
    base = solve(asked.conflict)
    here = asked.conflict.index()
    today = base.value["us"].reshape(-1)[here]
    loss = {}
    for level in asked.levels:
        try:
            held = intervene(base, {"us.offer": level})
            start = held.conflict.index()
            if held.conflict.feasible.reshape(-1)[start]:
                loss[level] = float(today - held.value["us"].reshape(-1)[start])
        except InputError:
            continue
    found = price(asked)
    ordered = [level for level in found.question.levels if level in loss]
    assert np.all(np.diff([loss[level] for level in ordered]) >= -1e-6)
    given = {level for level in loss if loss[level] <= 1e-7}
    most = found.willingness
    told = set() if most is None else set(found.question.levels[: round(most) + 1])
    assert {level for level in told ^ given if abs(loss[level]) > 1e-6} == set()


def test_a_behaviour_that_holds_today_is_said_so_everywhere():
    case = dam()
    stated = assess_deal(case.conflict(), *WANT, coarse=True)
    said = "holds at the start already"
    assert said in str(stated)
    assert said in render_deals(case, stated)
    assert stated.to_dict()["question"]["holds_today"] is True
    over = study_deal(case, *WANT, 2, 1, workers=1)
    assert said in str(over)
    assert "given for nothing (all as at the start)" in str(stated)
    other = assess_deal(case.conflict(), "upper.dam == large", "upper", "lower", coarse=True)
    assert said not in str(other)
    assert other.to_dict()["question"]["holds_today"] is False


def test_no_share_is_in_scientific_notation():
    case = dam()
    found = study_deal(case, *WANT, 3, 1, workers=1)
    page = render_deals(case, found)
    text = "\n".join([str(found.base), str(found), re.sub(r"<style>.*?</style>", "", page)])
    assert not re.search(r"\de[+-]\d", text)
    assert "within 5 years, no deal: 100\u202f% (100\u202f%)" in str(found)
