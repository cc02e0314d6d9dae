"""A case with parameters set: what is set is no longer drawn, and every result says so.

Would catch: a set parameter that a draw, a variant or a range moves again, a value outside its
range that is cut back, an unknown name that passes, a result that does not say what was set.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import detente
from detente.errors import InputError
from detente.report import render
from detente.study import make_design, open_study, run_study

FOLDER = Path(__file__).parent


@pytest.fixture(scope="module")
def case():
    return detente.load(FOLDER / "variants.yaml")


def test_a_set_parameter_has_one_value_in_all_draws(case):
    free, fixed = make_design(case, 8, rng=1), make_design(case.set(worth=9.0), 8, rng=1)
    assert "worth" in free.names
    assert "worth" not in fixed.names
    assert case.set(worth=9.0).conflict().numbers["worth"] == 9.0
    assert case.parameters["worth"].value != 9.0


@pytest.mark.parametrize("order", ["set first", "variant first"])
def test_what_is_set_wins_over_a_variant_in_either_order(case, order):
    chosen = (
        case.set(worth=9.0).variant("climate.drier")
        if order == "set first"
        else case.variant("climate.drier").set(worth=9.0)
    )
    assert chosen.parameters["worth"].value == 9.0
    assert case.variant("climate.drier").parameters["worth"].value == 2.5
    assert chosen.changes == ("climate.drier", "worth=9")
    assert chosen.name == "variants (climate.drier, worth=9)"


def test_a_drawn_variant_leaves_what_is_set(case):
    """The variant climate sets worth in some of its levels."""
    study = run_study(case.set(worth=9.0), draws=6, rng=1)
    assert "climate" in study.design.names
    assert "worth" not in study.design.names


def test_a_correlated_parameter_that_is_set_is_tied_no_more(case):
    """So that a design for independent inputs may be made."""
    pair = case.correlations[0].between[0]
    with pytest.raises(InputError, match="or set one of them"):
        make_design(case, 200, 1, "morris")
    free = case.set(dict.fromkeys({c.between[0] for c in case.correlations}, 1.0))
    assert pair not in make_design(free, 200, 1, "morris").names


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("wroth", 1.0, "no parameter 'wroth'; did you mean 'worth'"),
        ("lower.reply", 1.0, r"not a parameter; hold it at a level with do \(--do lower.reply="),
        ("worth", "much", "parameter worth is 'much'; give a number"),
        ("worth", float("nan"), "give a number"),
    ],
)
def test_what_cannot_be_set_is_refused(case, name, value, message):
    with pytest.raises(InputError, match=message):
        case.set({name: value})


def test_a_case_that_changes_nothing_is_the_case(case):
    assert case.set() == case.variant() == case


def test_results_say_what_was_set():
    case = detente.load("chicken").set(nerve=20.0)
    found = detente.analyse(case, draws=3)
    assert found.study.to_dict()["settings"] == {"nerve": 20.0}
    assert found.to_dict()["case"]["settings"] == {"nerve": 20.0}
    assert "--set nerve=20.0" in found.command
    assert "changed: nerve=20" in str(found)
    assert "<dt>Changed</dt><dd>nerve=20</dd>" in render(found)


def test_a_stored_study_knows_what_was_set_and_chosen(case, tmp_path):
    path = tmp_path / "s.sqlite"
    changed = case.variant("climate.drier").set(worth=9.0)
    made = run_study(changed, 4, 1, store=path)
    read = open_study(path)
    assert read.case == changed
    assert json.dumps(read.to_dict()) == json.dumps(made.to_dict())
    with pytest.raises(InputError, match="parameters set: worth=9, not none"):
        run_study(case.variant("climate.drier"), 4, 1, store=path, resume=True)
    with pytest.raises(InputError, match=r"variants chosen: climate\.drier, not climate\.gone"):
        run_study(case.variant("climate.gone").set(worth=9.0), 4, 1, store=path, resume=True)
    assert len(run_study(changed, 4, 1, store=path, resume=True).completed) == 4
