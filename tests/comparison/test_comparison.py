"""Two things side by side: what differs, on common draws, in order, and nothing else.

Would catch: a difference that only other draws made, sides taken for each other, a case that is not
the same as itself, a change of the inputs that is missed or seen twice, a result file read as
another case, points of a design taken for draws.
"""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from detente.case import read_case
from detente.comparison._changes import ClaimChange
from detente.comparison._pair import common_draws
from detente.errors import InputError
from detente.study import make_design, paired_designs

RIVER = Path(__file__).parents[1] / "case" / "variants.yaml"
DRAWS = 24


@pytest.fixture(scope="module")
def river():
    return detente.load(RIVER)


@pytest.fixture(scope="module")
def thirsty(river):
    return river.replace(
        title="A thirstier river", parameters={"thirst": {"value": 5, "range": [1, 20]}},
        claims={"C2": {"says": "Rain falls.", "ask": {"expected": "rain == wet", "at": 1}}},
    )  # fmt: skip


@pytest.fixture(scope="module")
def found(river, thirsty):
    return detente.compare(river, thirsty, DRAWS)


def test_a_case_beside_itself_differs_in_nothing(river):
    found = detente.compare(river, river, DRAWS)
    assert found.same
    assert str(found).endswith("nothing differs")
    assert found.summary == "nothing differs"
    assert found.moved == ()


def test_the_name_and_the_title_of_a_case_are_no_difference(river, thirsty, found):
    renamed = dataclasses.replace(thirsty, name="another", path="elsewhere.yaml", title="Renamed")
    assert detente.compare(thirsty, renamed, 8).same
    again = detente.compare(river, renamed, DRAWS)
    assert again.to_dict() | {"b": None} == found.to_dict() | {"b": None}


def test_sides_changed_about_turn_every_sign(river, thirsty, found):
    turned = detente.compare(thirsty, river, DRAWS)
    assert {c.id: c.what for c in turned.claims} == {
        c.id: {"only A": "only B", "only B": "only A"}.get(c.what, c.what) for c in found.claims
    }
    others = {change.id: change for change in turned.claims}
    for change in found.claims:
        other = others[change.id]
        np.testing.assert_equal(other.shift, -change.shift)
        assert (other.a and other.a.word) == (change.b and change.b.word)
        if change.paired:
            assert other.paired.median == pytest.approx(-change.paired.median, abs=1e-12)
            assert other.paired.most == pytest.approx([-x for x in change.paired.most[::-1]])
    for one, other in zip(found.levels, turned.levels, strict=True):
        assert (one.variable, one.level) == (other.variable, other.level)
        assert other.shift == -one.shift
    assert [(c.place, c.a, c.b) for c in turned.inputs] == [
        (c.place, c.b, c.a) for c in found.inputs
    ]


def test_paired_differences_are_those_of_the_draws(river, thirsty, found):
    a, b = (case.study(DRAWS, rng=1) for case in (river, thirsty))
    moved = b.values[:, b.column("C1")] - a.values[:, a.column("C1")]
    change = next(c for c in found.claims if c.id == "C1")
    assert change.paired.median == pytest.approx(np.median(moved), abs=1e-9)
    assert change.paired.most == pytest.approx(np.quantile(moved, [0.05, 0.95]), abs=1e-9)
    assert change.paired.draws == DRAWS
    assert change.a.median == a.verdict("C1").median
    assert change.b.median == b.verdict("C1").median


def test_pairing_takes_the_luck_of_the_draws_out(river, found):
    """The same small change, on common draws and on others: the spread is much smaller."""
    nearly = river.replace(parameters={"worth": {"range": [1.01, 3.01]}})
    paired = next(iter(detente.compare(river, nearly, DRAWS).claims)).paired
    a, b = river.study(DRAWS, rng=1).values[:, 0], nearly.study(DRAWS, rng=2).values[:, 0]
    assert paired.most[1] - paired.most[0] < 0.2 * np.ptp(np.quantile(b - a, [0.05, 0.95]))


def test_what_differs_in_the_inputs_is_named_once(found):
    assert [(c.place, c.a, c.b) for c in found.inputs[:2]] == [
        ("parameters.thirst.value", "1", "5"),
        ("parameters.thirst.range", "0.1 to 10", "1 to 20"),
    ]
    assert [c.place for c in found.inputs[2:]] == ["claims.C2"]
    assert found.inputs[2].a == ""
    assert "says Rain falls." in found.inputs[2].b


@pytest.mark.parametrize(
    ("sections", "places"),
    [
        ({"status_quo": {"rain": "dry"}}, {"status_quo.rain"}),
        ({"claims": {"C1": {"says": "Other words."}}}, {"claims.C1.says"}),
        ({"claims": {"C1": {"ask": {"do": {"lower.reply": "block"}}}}}, {"claims.C1.ask.arm.do"}),
        ({"issues": {"quiet": "lower.reply == block"}}, {"issues.quiet.formula"}),
        ({"conditions": {"rain": {"rates": {"wet -> dry": "2 * dry"}}}},
         {"conditions.rain.rates.wet to dry"}),
        ({"actors": {"upper": {"options": {"dam": {"moves": "any"}}}}},
         {"actors.upper.options.dam.moves"}),
        ({"variants": {"aim": {"drawn": True}}}, {"variants.aim.drawn"}),
        ({"infeasible": ["upper.dam == large and lower.reply == block"]},
         {"infeasible.upper.dam == large and lower.reply == block"}),
        ({"parameters": {"dry": {"value": 0.25}}}, {"parameters.dry.value"}),
        ({"meant": [{"warning": "levels-alike", "of": "claim C1", "reason": "so"}]},
         {"meant.levels-alike of claim C1"}),
        ({"correlations": []}, {"correlations.thirst with worth", "correlations.thirst with zeal"}),
    ],
)  # fmt: skip
def test_every_kind_of_change_is_seen(river, sections, places):
    from detente.comparison._inputs import input_changes

    assert {change.place for change in input_changes(river, river.replace(**sections))} == places


def test_settings_and_variants_of_either_side(river):
    found = detente.compare(river, river, 8, a_set={"worth": 2.0}, b_variant=["climate.drier"])
    assert found.a.name == "variants (worth=2)"
    assert found.b.name == "variants (climate.drier)"
    assert "worth" not in found.a.design.names
    assert found.paired
    both = [n for n in found.a.design.names if n in found.b.design.names]
    one, other = ([d.names.index(n) for n in both] for d in (found.a.design, found.b.design))
    np.testing.assert_array_equal(found.a.design.shares[:, one], found.b.design.shares[:, other])


@settings(max_examples=25)
@given(st.permutations(["worth", "zeal", "mood", "thirst"]), st.integers(1, 4), st.integers(0, 99))
def test_designs_of_a_pair_do_not_depend_on_their_order(names, count, seed):
    river = detente.load(RIVER)
    other = river.set({name: river.parameters[name].value for name in names[:count]})
    a, b = paired_designs(river, other, 6, seed)
    d, c = paired_designs(other, river, 6, seed)
    np.testing.assert_array_equal(a.values, c.values)
    np.testing.assert_array_equal(b.values, d.values)
    np.testing.assert_array_equal(a.values, make_design(river, 6, seed).values)
    assert common_draws(a, b)


def test_correlations_that_do_not_agree_are_put_in_apart(river):
    looser = river.replace(correlations=[])
    a, b = paired_designs(river, looser, 40, 1)
    np.testing.assert_array_equal(a.values, make_design(river, 40, 1).values)
    np.testing.assert_array_equal(b.values, make_design(looser, 40, 1).values)
    assert not common_draws(a, b)


def test_results_are_read_as_the_case_that_made_them(river, tmp_path):
    analysis = detente.analyse(river, DRAWS)
    file = tmp_path / "results.json"
    file.write_text(json.dumps(analysis.to_dict()), encoding="utf-8")
    river.study(DRAWS, rng=1, store=tmp_path / "any.name")
    for thing in (file, str(tmp_path / "any.name"), analysis, analysis.study, river):
        found = detente.compare(thing, analysis, 3)
        assert found.same
        assert found.paired
        assert len(found.a.design) == DRAWS


def test_other_draws_are_said_to_hold_some_chance(river):
    found = detente.compare(river.study(8, rng=1), river.study(8, rng=2))
    assert not found.paired
    assert "differences hold some chance" in str(found)
    assert all(change.paired is None for change in found.claims)


@pytest.mark.parametrize("design", ["tornado", "morris", "saltelli"])
def test_points_are_not_taken_for_draws(river, design):
    study = river.replace(correlations=[]).study(30, rng=1, design=design)
    with pytest.raises(InputError, match="no draws"):
        detente.compare(study, river)


def _results(**changes):
    """Return what a run might have written, and what nothing may be believed of."""
    study = {"draws": 1, "seed": 1, "design": "lhs", "parameters": {}, "completed": [0],
             "answers": {}, "failures": []}  # fmt: skip
    text = changes.pop("text", RIVER.read_text(encoding="utf-8"))
    case = {"name": "x", "text": text, "variants": [], "settings": {}}
    return json.dumps({"case": case, "study": study | changes})


@pytest.mark.parametrize(
    ("content", "message"),
    [("{", "not JSON"), ("[]", "run it again"), ('{"case": {}}', "run it again"),
     ('{"case": {"name": "x", "text": "a: 1"}, "study": {}}', "run it again"),
     (_results(text="a: 1"), "the case lacks"), (_results(draws=10**8), "run it again"),
     (_results(parameters={"x": [1.0]}), "run it again"), (_results(seed=-1), "run it again"),
     (_results(completed=[0, 0]), "run it again"), (_results(answers={"C": [2]}), "run it again"),
     (_results(seed=1).replace('"seed": 1', '"seed": ' + 5000 * "1"), "run it again|not JSON"),
     ("[" * 100_000, "not JSON")],
    ids=map(str, range(14)),
)  # fmt: skip
def test_files_that_are_no_results_are_named(river, tmp_path, content, message):
    file = tmp_path / "results.json"
    file.write_text(content)
    with pytest.raises(InputError, match=message):
        detente.compare(file, river, 2)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"a_set": {"wroth": 1}}, "did you mean 'worth'"),
        ({"b_set": {"worth": math.nan}}, "give a number"),
        ({"b_variant": ["climate.driest"]}, "did you mean"),
        ({"draws": 0}, "one or more"),
    ],
)
def test_wrong_words_are_named(river, words, message):
    with pytest.raises(InputError, match=message):
        detente.compare(river, river, **{"draws": 2, **words})
    with pytest.raises(InputError, match="take --a-set"):
        detente.compare(river.study(2, rng=1), river, a_set={"worth": 1})
    with pytest.raises(InputError, match="cannot be compared"):
        detente.compare(river, 3)


def test_another_word_comes_first_then_what_moved_most(river):
    verdict = river.study(DRAWS, rng=1).verdict("C1")

    def change(**fields):
        return ClaimChange(verdict.claim, verdict, dataclasses.replace(verdict, **fields))

    width = verdict.most[1] - verdict.most[0]
    assert change(word="weaker").what == "word"
    assert change(median=verdict.median + width / 4).size == pytest.approx(0.25)
    assert change().what == "same"
    assert ClaimChange(verdict.claim, None, verdict).what == "only B"
    point = dataclasses.replace(verdict, most=(0.5, 0.5), half=(0.5, 0.5), median=0.5)
    moved = ClaimChange(verdict.claim, point, dataclasses.replace(point, median=0.6))
    assert moved.size == math.inf


def test_every_line_fits_a_terminal_and_json_is_strict(found):
    assert max(map(len, str(found).splitlines())) <= 80
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert [row["claim"] for row in told["claims"]] == [change.id for change in found.claims]
    assert list(found.to_pandas().index) == [change.id for change in found.claims]


def test_actors_of_one_side_only_have_no_counts_on_the_other():
    text = """
detente: 1
title: Alone
actors:
  WHO: {options: {go: [no, yes]}, preferences: {statements: [WHO.go == yes]}}
status_quo: {WHO.go: no}
"""
    one, other = (
        read_case(text.replace("WHO", who).encode(), f"{who}.yaml") for who in ("us", "them")
    )
    found = detente.compare(one, other, 2)
    assert {(c.actor, c.a is None, c.b is None) for c in found.stable} == {
        ("us", False, True), ("them", True, False), ("", False, False),
    }  # fmt: skip
    assert {c.variable for c in found.levels} == {"us.go", "them.go"}
    assert "actors.us: only in A" in str(found)
