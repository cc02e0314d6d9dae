"""A case written to a file says the same when it is read again, whatever was done to it before.

Would catch: a comment or a spelling of a number that is lost, a change that a shared YAML anchor
carries elsewhere, a variant whose rules, ranges or weights are not written, a checked value that
`replace` lets through, a file overwritten without being asked, half a file after a failure.
"""

from __future__ import annotations

import dataclasses
from itertools import product
from pathlib import Path

import numpy as np
import pytest

import detente
from detente.case import Meant, builtin_cases, read_case
from detente.errors import CaseError, InputError

HERE = Path(__file__).parent
FILES = [HERE / "small.yaml", HERE / "variants.yaml", HERE / "river.yaml",
         HERE.parent / "report" / "straits.yaml"]  # fmt: skip
CASES = [*builtin_cases(), *FILES]
OF_THE_FILE = {"name", "path", "text", "sha256", "settings", "chosen", "places"}


def same(one, other):
    """Whether two cases state the same, but for choices already made and ties of fixed values."""

    def stated(case):
        fixed = {name for name, p in case.parameters.items() if p.distribution == "fixed"}
        found = {f.name: getattr(case, f.name) for f in dataclasses.fields(case)}
        found["variants"] = [v for v in case.variants if v.drawn]
        found["correlations"] = [c for c in case.correlations if fixed.isdisjoint(c.between)]
        return {name: value for name, value in found.items() if name not in OF_THE_FILE}

    return stated(one) == stated(other)


def written(case, tmp_path):
    case.save(tmp_path / "copy.yaml", overwrite=True)
    return detente.load(tmp_path / "copy.yaml")


@pytest.fixture
def variants():
    return detente.load(HERE / "variants.yaml")


@pytest.mark.parametrize("name", CASES, ids=str)
def test_a_case_is_read_back_as_it_was(name, tmp_path):
    case = detente.load(name)
    copy = written(case, tmp_path)
    assert same(copy, case)
    assert copy.text == case.text
    assert copy.name == "copy"


@pytest.mark.parametrize("name", CASES, ids=str)
def test_replacing_nothing_changes_nothing_but_the_layout(name):
    case = detente.load(name)
    copy = case.replace(title=case.title)
    assert same(copy, case)
    assert (copy.name, copy.path) == (case.name, case.path)
    assert copy.text.count(b"#") == case.text.count(b"#")


@pytest.mark.parametrize(
    "levels",
    list(product(("neighbour.free", "neighbour.bound"),
                 ("climate.as_now", "climate.drier", "climate.gone"),
                 ("aim.power", "aim.peace"))),
)  # fmt: skip
def test_a_variant_is_written_with_all_it_changes(variants, levels, tmp_path):
    for count in range(1, 4):
        changed = variants.variant(*levels[:count])
        assert same(written(changed, tmp_path), changed)


@pytest.mark.parametrize("name", ["worth", "thirst", "mood", "zeal"])
def test_what_is_set_wins_over_drawn_variants_after_saving_too(variants, name, tmp_path):
    changed = variants.set({name: 1.5})
    copy = written(changed, tmp_path)
    assert copy.parameters == changed.parameters
    np.testing.assert_array_equal(copy.study(12, rng=3).values, changed.study(12, rng=3).values)
    assert same(written(copy, tmp_path), copy)


def test_a_warning_that_is_meant_is_written(variants, tmp_path):
    meant = (Meant("parameter-unused", "parameter worth", "To come."),)
    changed = dataclasses.replace(variants, meant=meant)
    assert written(changed, tmp_path).meant == meant
    assert variants.replace(meant=[dataclasses.asdict(meant[0])]).meant == meant


def test_variants_of_the_flagship_are_written(tmp_path):
    case = detente.load("peninsula")
    for variant in case.variants:
        changed = case.variant(f"{variant.name}.{variant.levels[-1].name}")
        assert same(written(changed, tmp_path), changed)


def test_a_saved_case_gives_the_same_results(variants, tmp_path):
    changed = variants.variant("climate.drier").replace(parameters={"zeal": {"range": [0.6, 1.4]}})
    copy = written(changed, tmp_path)
    found, again = changed.study(12, rng=3), copy.study(12, rng=3)
    np.testing.assert_array_equal(found.values, again.values)
    np.testing.assert_array_equal(found.shares, again.shares)


def test_a_changed_file_goes_on_to_a_stored_study(variants, tmp_path):
    changed = variants.replace(title="Two on a river, later")
    found = changed.study(4, rng=1, store=tmp_path / "study.sqlite")
    assert detente.open_study(tmp_path / "study.sqlite").case.title == found.case.title


def test_what_dataclasses_replaced_is_written_or_refused(variants, tmp_path):
    changed = dataclasses.replace(variants, title="Renamed", brief=("C1",))
    assert same(written(changed, tmp_path), changed)
    broken = dataclasses.replace(variants, claims=())
    with pytest.raises(InputError, match=r"use case\.replace"):
        broken.save(tmp_path / "broken.yaml")
    assert not (tmp_path / "broken.yaml").exists()


def test_a_mapping_merges_none_takes_out_and_the_rest_replaces(variants):
    changed = variants.replace(
        parameters={"worth": {"value": 1.5}, "mood": {"choices": None, "value": 3},
                    "fresh": {"value": np.float64(0.25)}},
        status_quo={"rain": "dry"},
        claims={"C1": {"expect": [0.1, 0.4], "words": None},
                "C2": {"says": "It rains.", "ask": {"expected": "rain == wet", "at": 1}}},
        about="A line: with a colon # and more",
    )  # fmt: skip
    assert (changed.parameters["worth"].value, changed.parameters["worth"].high) == (1.5, 3)
    assert changed.parameters["mood"].distribution == "fixed"
    assert changed.parameters["fresh"].value == 0.25
    assert changed.status_quo["rain"] == 1
    assert (changed.claim("C1").expect.low, changed.claim("C1").words) == (0.1, "")
    assert changed.claim("C2").says == "It rains."
    assert changed.about == "A line: with a colon # and more"
    assert variants.parameters["worth"].value == 2
    assert changed.replace(claims={"C2": None}).claims == changed.claims[:1]


def test_a_comment_stays_beside_what_was_not_changed():
    text = b"""\
# Who reads this?
detente: 1
title: A dam
parameters:
  # the first guess
  thirst: {value: 1}  # in metres
  haste: {value: 2}
actors:
  upstream:
    options: {dam: [none, built]}
    preferences: {statements: [upstream.dam == built]}
status_quo: {upstream.dam: none}
"""
    changed = read_case(text, "dam.yaml").replace(parameters={"haste": {"value": 3}})
    assert changed.text == text.replace(b"value: 2", b"value: 3")


def test_a_change_does_not_spread_through_an_anchor():
    text = b"""\
detente: 1
title: A dam
parameters:
  thirst: &p {value: 1}
  haste: *p
  worth: *p
actors:
  upstream:
    options: {dam: [none, built]}
    preferences: {statements: [upstream.dam == built]}
status_quo: {upstream.dam: none}
"""
    case = read_case(text, "dam.yaml")
    for name in case.parameters:
        changed = case.replace(parameters={name: {"value": 5}}).parameters
        assert {key: p.value for key, p in changed.items()} == {
            "thirst": 1, "haste": 1, "worth": 1, name: 5,
        }  # fmt: skip


@pytest.mark.parametrize(
    ("sections", "message"),
    [
        ({"parameters": {"worth": {"value": 9}}}, "worth = 9 lies outside its range"),
        ({"parameters": {"worth": {"vlaue": 2}}}, "did you mean 'value'"),
        ({"titel": "x"}, "did you mean 'title'"),
        ({"claims": {"C1": {"ask": {"probability": "F[0, 5] upper.dan == large"}}}}, "upper.dam"),
        ({"actors": None}, "the case lacks actors"),
    ],
)
def test_errors_are_those_of_a_file(variants, sections, message):
    with pytest.raises(CaseError, match=message) as caught:
        variants.replace(**sections)
    assert all(" replaced" in problem.file for problem in caught.value.problems)


@pytest.mark.parametrize("value", [object(), {"thirst": {"value": {1, 2}}}, lambda: 1])
def test_what_no_file_can_hold_is_refused(variants, value):
    with pytest.raises(InputError, match="case file cannot hold"):
        variants.replace(parameters=value)


def test_no_file_is_overwritten_unasked(variants, tmp_path):
    path = tmp_path / "river.yaml"
    path.write_text("mine")
    with pytest.raises(InputError, match="exists"):
        variants.save(path)
    assert path.read_text() == "mine"
    variants.save(path, overwrite=True)
    assert same(detente.load(path), variants)


def test_a_folder_that_is_not_there_is_named(variants, tmp_path):
    with pytest.raises(InputError, match=r"river\.yaml cannot be written"):
        variants.save(tmp_path / "none" / "river.yaml")
    assert list(tmp_path.iterdir()) == []


def test_a_long_line_is_not_folded_where_it_could_not_be_read_again():
    """A writer that breaks a line after the key of a jump makes a file that is no YAML."""
    text = (HERE / "river.yaml").read_text(encoding="utf-8")
    case = read_case(text.encode(), "river.yaml")
    condition, first = next((c, c.rates[0]) for c in case.conditions if c.rates)
    jump = f"{condition.levels[first[0]]} -> {condition.levels[first[1]]}"
    rate = " + ".join(["0.01 * (1 + 1)"] * 12)
    changed = case.replace(conditions={condition.name: {"rates": {jump: rate}}}, title="Longer")
    assert changed.title == "Longer"
    assert read_case(changed.text, "again.yaml").conditions == changed.conditions
