"""Whatever another program's file holds is in the case made of it, or named in a message.

Would catch: coalitions, comments, labels, metadata or a second statement of preferences dropped
without a word, and a name that steers a terminal or turns text around.
"""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from detente.case import read_case
from detente.cli import main
from detente.errors import InputError
from detente.interop import gmcr_to_case, nfg_to_case, write_gmcr, write_nfg

GMCR = {
    "program": "gmcr-py",
    "version": "0.3.6",
    "infeasibles": [],
    "useManualPreferenceRanking": False,
    "options": [
        {"name": "Build a dam", "permittedDirection": "fwd", "colour": "blue"},
        {"name": "Object", "permittedDirection": "both"},
    ],
    "decisionMakers": [
        {"name": "Upstream", "options": [0], "preferences": [[[0, "Y"]]], "isSelected": True},
        {"name": "Downstream", "options": [1], "preferences": [[[0, "N"]]],
         "preferenceRanking": [1, 2, 3, 4]},
    ],
}  # fmt: skip
NFG = """NFG 1 R "A game" { "A" "B" }
{ { "Go home" "y" } { "u" "v" } } "As told in 1962"
{ { "peace" 1.5 2 } { "" 3 4 } { "never" 5 6 } } 1 2 2 0
"""


def case_of(gmcr, **more):
    return read_case(gmcr_to_case(json.dumps(gmcr | more), "river.gmcr").encode(), "river.yaml")


def test_what_has_no_place_in_a_case_becomes_a_note():
    case = case_of(GMCR, comment={"by": ["me"]})
    assert case.notes == {
        "program": "gmcr-py",
        "version": "0.3.6",
        "comment": '{"by": ["me"]}',
        "options[0].colour": "blue",
        "decisionMakers[0].isSelected": "true",
        "decisionMakers[1].preferenceRanking, not used": "[1, 2, 3, 4]",
    }
    assert [actor.title for actor in case.actors] == ["Upstream", "Downstream"]
    assert case.actors[0].options[0].about == "Build a dam"


def test_conditions_that_a_ranking_overrules_are_noted():
    ranked = [{**maker, "preferenceRanking": [1, 2, 3, 4]} for maker in GMCR["decisionMakers"]]
    case = case_of(GMCR, useManualPreferenceRanking=True, decisionMakers=ranked)
    assert case.notes["decisionMakers[1].preferences, not used"] == '[[[0, "N"]]]'


@pytest.mark.parametrize("coalitions", [[[0, 1]], [[1, 0]]])
def test_players_that_act_as_one_are_refused(coalitions):
    with pytest.raises(InputError, match=r"coalitions\[0\] joins .*--coalitions"):
        case_of(GMCR, coalitions=coalitions)


@pytest.mark.parametrize(
    ("coalitions", "noted"), [([0, 1], None), ([[1], [0]], None), ([1], "[1]")]
)
def test_coalitions_of_one_say_nothing(coalitions, noted):
    assert case_of(GMCR, coalitions=coalitions).notes.get("coalitions") == noted


def test_comment_labels_and_outcomes_of_a_game_are_there():
    case = read_case(nfg_to_case(NFG, "game.nfg").encode(), "game.yaml")
    assert case.actors[0].options[0].about == "go_home: Go home"
    assert case.actors[1].options[0].about == ""
    assert case.notes == {
        "comment": "As told in 1962",
        "outcome 1": "peace: 1.5, 2.0",
        "outcome 3": "never: 5.0, 6.0",
    }


def test_long_names_are_not_cut():
    name = "x" * 3000
    assert case_of(GMCR, options=[{"name": name}, {"name": "b"}]).actors[0].options[0].about == name


@pytest.mark.parametrize("character", ["\x1b", "\u202e", "\u200b", "\ud800", "\ufffe"])
@pytest.mark.parametrize("escaped", [True, False])
def test_no_name_holds_what_cannot_be_seen(character, escaped):
    options = [{"name": "a"}, {"name": f"b{character}"}]
    text = json.dumps(GMCR | {"options": options}, ensure_ascii=escaped, indent=1)
    with pytest.raises(InputError, match=rf"^river.gmcr:\d+:\d+: U\+{ord(character):04X} is "):
        gmcr_to_case(text, "river.gmcr")
    with pytest.raises(InputError, match=rf"^game.nfg:1:1[01]: U\+{ord(character):04X} is "):
        nfg_to_case(NFG.replace("A game", f"A{character}game"), "game.nfg")


def test_converting_a_case_says_what_is_left_out(tmp_path):
    for ending in (".gmcr", ".nfg"):
        found = CliRunner().invoke(main, ["convert", "chicken", str(tmp_path / f"c{ending}")])
        assert found.exit_code == 0
        assert f"left out, as a {ending} file has no place for them: the status quo" in found.output
    back = CliRunner().invoke(main, ["convert", str(tmp_path / "c.nfg"), str(tmp_path / "c.yaml")])
    assert "left out" not in back.output


def test_what_detente_writes_it_reads_without_notes_but_its_name():
    conflict = case_of(GMCR).conflict()
    text = write_gmcr(conflict)
    assert read_case(gmcr_to_case(text, "a.gmcr").encode(), "a.yaml").notes == {
        "program": "detente"
    }
    free = case_of(GMCR, options=[{"name": "a"}, {"name": "b"}]).conflict()
    assert read_case(nfg_to_case(write_nfg(free), "a.nfg").encode(), "a.yaml").notes == {}
