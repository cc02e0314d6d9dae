"""``detente stability``: why a state holds, how it is reached, broken and made.

Catches: words that tell other than the library, lines wider than the terminal, JSON that is none,
questions that clash without a word, a traceback where an error belongs.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import detente
from detente.cli import main
from detente.stability import least_rank_change, least_weight_change

SMALL = str(Path(__file__).parents[1] / "case" / "small.yaml")
QUICK = str(Path(__file__).parents[1] / "study" / "small.yaml")
STATE = "upper.dam=large,lower.flow=0,lower.reply=protest"
LEVELS = {"upper.dam": "large", "lower.flow": "0", "lower.reply": "protest"}


def call(*words: str):
    return CliRunner().invoke(main, ["stability", SMALL, *words])


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def found():
    return detente.load(SMALL).conflict().stability()


QUESTIONS = [
    ("--explain", "today"),
    ("--explain", STATE, "--concept", "sim"),
    ("--paths",),
    ("--paths", STATE, "--concept", "nash", "--concept", "gmr"),
    ("--coalitions", "--concept", "nash"),
    ("--coalitions", STATE),
    ("--make", "today"),
    ("--make", "upper.dam == large and lower.reply == accept", "--concept", "gmr"),
]


@pytest.mark.parametrize("words", QUESTIONS)
def test_every_question_is_answered_in_80_columns_and_in_json(words):
    plain, as_json = call(*words), call(*words, "--json")
    assert plain.exit_code == as_json.exit_code == 0, plain.output + as_json.output
    assert max(map(len, plain.stdout.splitlines())) <= 80
    assert isinstance(json.loads(as_json.stdout), list)


def test_explanations_are_those_of_the_library(found):
    told = flat(call("--explain", STATE).stdout)
    for actor in found.conflict.actors:
        assert flat(str(found.explain(actor, LEVELS, "seq"))) in told


def test_paths_from_today_and_from_a_state(found):
    for words, state in (((), None), ((STATE,), LEVELS)):
        outlook = found.status_quo_analysis("seq", state)
        assert flat(str(outlook)) in flat(call("--paths", *words).stdout)
        (plain,) = json.loads(call("--paths", *words, "--json").stdout)
        assert plain["cut_off"] == {
            "states": int(found.cut_off("seq").sum()),
            "by_improvements": int(found.cut_off("seq", improving=True).sum()),
        }
        assert {**plain, "cut_off": None} == {**outlook.to_dict(), "cut_off": None}


def test_what_is_cut_off_is_counted():
    # The words say that nothing is cut off rather than print a zero.
    assert "none is cut off from every equilibrium (seq)" in flat(call("--paths").stdout)


def test_coalitions_of_every_equilibrium(found):
    together, states = found.coalitions(), found.states("nash")
    rows = json.loads(call("--coalitions", "--concept", "nash", "--json").stdout)
    assert rows == [together.improving_coalitions(state, "nash").to_dict() for state in states]
    assert any(row["breaking"] for row in rows)
    told = flat(call("--coalitions", "--concept", "nash").stdout)
    assert flat(str(together.improving_coalitions(states[4], "nash"))) in told
    assert f"and {len(states) - 12} more equilibria (nash)" in told


def test_coalitions_of_one_state(found):
    expected = found.coalitions().improving_coalitions(LEVELS, "smr")
    told = call("--coalitions", STATE, "--concept", "smr").stdout
    assert flat(told) == flat(str(expected))


@pytest.mark.parametrize("wanted", [STATE, "upper.dam == large and lower.reply == accept"])
def test_make_asks_for_rankings_and_weights(found, wanted):
    state = found.conflict.index(LEVELS) if wanted == STATE else wanted
    ranks = least_rank_change(found.conflict, state, "nash")
    weights = least_weight_change(detente.load(SMALL), state, "nash")
    assert ranks.changes > 0 or wanted != STATE
    (row,) = json.loads(call("--make", wanted, "--json").stdout)
    assert row == {"concept": "nash", "rankings": ranks.to_dict(), "weights": weights.to_dict()}
    told = flat(call("--make", wanted).stdout)
    assert told == flat(f"Rankings: {ranks} Weights: {weights}")


def test_make_says_which_half_it_cannot_answer():
    words = ["stability", QUICK, "--make", "today", "--concept", "sim"]
    told = flat(CliRunner().invoke(main, words).output)
    assert "replies depend on the weights themselves" in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--explain", "today", "--paths"), "--explain and --paths are different questions"),
        (("--make", "today", "--coalitions"), "ask one at a time"),
        (("--paths", "upper.dam"), "NAME=VALUE"),
        (("--paths", "upper.dam=huge"), "has no level"),
        (("--coalitions", "upper.dan=small"), "did you mean 'upper.dam'"),
        (("--coalitions", "--concept", "sim"), "use nash, gmr, smr, seq"),
        (("--make", "upper.dam == huge"), "huge"),
        (("--make", "upper.dam=huge"), "has no level"),
        (("--paths", "--concept", "sec"), "did you mean 'seq'"),
    ],
)
def test_wrong_questions_are_refused_with_a_remedy(words, said):
    answer = call(*words)
    assert answer.exit_code == 2, (answer.exit_code, answer.output)
    assert said in flat(answer.output)
    assert "Traceback" not in answer.output
