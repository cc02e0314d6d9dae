"""The command that reads a table of bargaining: what it prints, writes and refuses.

Would catch: an option that changes nothing, a file that is replaced unasked, a red line or
reference point that is lost without a word, a wrong word answered with a traceback.
"""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from detente.bargaining import read_table
from detente.cli import main

TABLE = """issue,actor,position,salience,capability,reference,red_line
cut,us,100,0.6,2,0,
cut,eu,0,0.3,3,0,50
cut,china,0,0.8,2,0,
fund,us,100,1,2,40,80
fund,eu,0,0.9,3,40,
fund,china,0,0.1,2,40,
"""


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(TABLE, "utf-8")
    return str(path)


def call(*words: object) -> str:
    found = CliRunner().invoke(main, ["bargain", *map(str, words)])
    assert found.exit_code == 0, found.output
    return found.output


def test_options_reach_what_they_name(table) -> None:
    plain = call(table)
    assert "eu moves from 0 to 50 on cut" in plain
    assert "past the red line of" in plain
    assert "gain with" not in plain
    assert "round 1" not in plain
    more = call(table, "--map", "--rounds", 2, "--group", "west=us, eu", "--setter", "us")
    assert "gain with" in more
    assert "round 2" in more
    assert "west" in more
    assert "procedural" in more
    assert "moves from" not in call(table, "--exchanges", 0)
    drawn = [call(table, "--rate", "random", "--seed", seed) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert plain not in drawn
    whole = [json.loads(call(table, "--json", *extra)) for extra in ([], ["--by-issue"])]
    assert whole[0]["challenges"] != whole[1]["challenges"]
    assert {"others", "trades", "packages", "trajectory"} <= set(whole[0])


def test_a_table_is_written_in_another_layout(table, tmp_path) -> None:
    own, other = tmp_path / "own.csv", tmp_path / "other.csv"
    assert call(table, "--output", own).endswith(f"wrote {own}\n")
    assert read_table(own).to_dict() == read_table(table).to_dict()
    said = call(table, "--output", other, "--layout", "decide")
    assert said.endswith("which has no place for reference points and red lines\n")
    again = CliRunner().invoke(main, ["bargain", table, "--output", str(own)])
    assert again.exit_code == 2
    assert "exists; give another name" in again.output
    assert json.loads(call(table, "--json", "--output", own, "--force"))["written"] == str(own)


def test_a_page_takes_no_other_place_unasked(table, tmp_path) -> None:
    page, own = tmp_path / "page.html", tmp_path / "own.csv"
    page.write_text("mine", "utf-8")
    words = ["bargain", table, "--output", str(own), "--report"]
    for name, said in (("page.html", "page.html exists; give another"), ("page.txt", ".html")):
        found = CliRunner().invoke(main, [*words, str(tmp_path / name)])
        assert found.exit_code == 2
        assert said in found.output
    assert page.read_text("utf-8") == "mine"
    assert not own.exists()
    call(table, "--report", page, "--force")
    assert "<html" in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--group", "west"], "--group 'west' is not NAME=ACTOR,ACTOR"),
        (["--group", "west=us,"], "is not NAME=ACTOR,ACTOR"),
        (["--group", "a=us", "--group", "a=eu"], "--group a stands twice"),
        (["--group", "west=usa"], "there is no actor 'usa'; did you mean 'us'?"),
        (["--group", "eu=us,china"], "the group 'eu' has the name of an actor; give it another"),
        (["--setter", "usa"], "there is no actor 'usa'"),
        (["--set", "a=1"], "--set goes with a case"),
        (["--variant", "a.b"], "--variant goes with a case"),
        (["--rate", "fair"], "'fair' is not one of"),
        (["--rounds", "0"], "--rounds"),
        (["--draws", "9", "--map"], "--map does not go with --draws"),
        (["--in-time", "--setter", "us"], "--setter does not go with --in-time"),
        (["--veto", "us"], "--veto does nothing without --setter; give both"),
        (["--threshold", 0.7], "--threshold does nothing without --setter; give both"),
        (["--draws", 9, "--veto", "us"], "--veto does nothing without --setter"),
        (["--discount", 0.2], "--discount does nothing without --in-time"),
        (["--answer", 2], "--answer does nothing without --in-time"),
        (["--seed", 2], "--seed does nothing without --rate random or --draws"),
        (["--spread", 0.1], "--spread does nothing without --draws"),
        (["--model", "nash"], "--model does nothing without --draws"),
        (["--design", "lhs"], "--design does nothing without --draws"),
        (["--workers", 1], "--workers does nothing without --draws"),
        (["--layout", "ktab"], "--layout does nothing without --output"),
        (["--force"], "--force does nothing without --output or --report"),
    ],
)
def test_wrong_words_are_named(table, words, said) -> None:
    found = CliRunner().invoke(main, ["bargain", table, *map(str, words)])
    assert found.exit_code == 2
    assert said in " ".join(found.output.split())


@pytest.mark.parametrize("extra", [[], ["--draws", "3"]])
def test_who_must_accept_is_known_where_nobody_can_propose(table, tmp_path, extra) -> None:
    blank = tmp_path / "blank.csv"
    blank.write_text(TABLE.replace(",0,\n", ",,\n").replace(",0,50", ",,50"), "utf-8")
    words = ["bargain", str(blank), "--setter", "us", "--veto", "chine", *extra]
    found = CliRunner().invoke(main, words)
    assert found.exit_code == 2
    assert "there is no actor 'chine'; did you mean 'china'?" in found.output


def test_a_case_without_a_table_says_so() -> None:
    found = CliRunner().invoke(main, ["bargain", "chicken"])
    assert found.exit_code == 2
    assert "chicken has no table of bargaining" in found.output


CASE = """detente: 1
title: A fund
parameters: {need: {value: 0.6}}
actors:
  us: {options: {pay: [no, yes]}, preferences: {statements: [us.pay == yes]}}
status_quo: {us.pay: no}
bargaining:
  table: table.csv
  groups: {allies: [us, eu]}
  voting: {setter: eu, threshold: need, veto: [china]}
"""


def test_the_rules_of_a_case_hold_where_no_option_says_otherwise(table, tmp_path) -> None:
    path = tmp_path / "some.yaml"
    path.write_text(CASE, "utf-8")
    found = call(path)
    assert "allies" in found
    whole = json.loads(call(path, "--json"))
    said = next(one for one in whole["outcomes"] if one["model"] == "procedural")
    assert said["assumption"].startswith("eu proposes")
    assert "of what 60" in said["assumption"]
    assert "of what 80" in call(path, "--json", "--threshold", 0.8, "--veto", "us")
    found = CliRunner().invoke(main, ["bargain", str(path), "--draws", "3", "--veto", "us"])
    assert "--veto does nothing without --setter" in found.output
    other = json.loads(call(path, "--json", "--setter", "us", "--threshold", 0.5))
    said = next(one for one in other["outcomes"] if one["model"] == "procedural")
    assert said["assumption"].startswith("us proposes")


def test_one_is_not_many(table, tmp_path) -> None:
    path = tmp_path / "some.yaml"
    path.write_text(CASE, "utf-8")
    found = CliRunner().invoke(main, ["check", str(path)])
    assert "1 actor, 2 states, 1 parameter, 0 claims" in " ".join(found.output.split())
    found = CliRunner().invoke(main, ["run", str(path), "--draws", "2", "--output", str(tmp_path)])
    assert "1 actor, 2 feasible of 2 states, 0 parameters" in " ".join(found.output.split())
