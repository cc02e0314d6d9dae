"""What goes out to another format comes back with the same states, ranks and equilibria."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from detente.conflict import Conflict
from detente.errors import DetenteError, InputError
from detente.interop import convert, nfg_to_case, read_gmcr, read_nfg, write_gmcr, write_nfg
from detente.stability import CONCEPTS, Stability


def random_conflict(rng, *, free=False):
    shape, options, moves = [], {}, {}
    for actor in ("us", "china", "dprk")[: int(rng.integers(1, 4))]:
        options[actor], moves[actor] = {}, {}
        for option in ("offer", "press")[: int(rng.integers(1, 3))]:
            levels = int(rng.integers(2, 4))
            shape.append(levels)
            options[actor][option] = levels
            moves[actor][option] = "any" if free else str(rng.choice(["any", "up", "down"]))
    feasible = np.ones(shape, dtype=bool) if free else rng.random(shape) < 0.8
    feasible.flat[int(rng.integers(feasible.size))] = True
    values = {actor: rng.integers(0, 9, shape).astype(float) for actor in options}
    kind = {"utility": {a: v / 3 for a, v in values.items()}} if free else {"rank": values}
    return Conflict.build(options, feasible=feasible, moves=moves, **kind)


def signatures(conflict):
    """Return the states, each as ranks and what holds there; names and order do not count."""
    stability = Stability(conflict)
    columns = [conflict.rank[a][conflict.feasible] for a in conflict.actors]
    for concept in CONCEPTS:
        columns += [stability.equilibria(concept)[conflict.feasible]]
        columns += [stability.stable(concept, a)[conflict.feasible] for a in conflict.actors]
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


@pytest.mark.parametrize("seed", range(30))
def test_gmcr(seed):
    conflict = random_conflict(np.random.default_rng(seed))
    text = write_gmcr(conflict)
    back = read_gmcr(text)
    assert signatures(back) == signatures(conflict)
    assert [r.tolist() for r in read_gmcr(write_gmcr(back)).rank.values()] == [
        r.tolist() for r in back.rank.values()
    ]


@pytest.mark.parametrize("seed", range(15))
def test_nfg(seed):
    conflict = random_conflict(np.random.default_rng(seed), free=True)
    back = read_nfg(write_nfg(conflict))
    shape = back.shape
    for a, b in zip(conflict.actors, back.actors, strict=True):
        assert np.array_equal(conflict.utility[a].reshape(shape), back.utility[b])
    before, after = Stability(conflict), Stability(back)
    for concept in CONCEPTS:
        found = before.equilibria(concept).reshape(shape)
        assert np.array_equal(found, after.equilibria(concept))


def test_nfg_leaves_out_what_an_actor_excludes_by_itself():
    feasible = np.array([[[True, True], [True, True]], [[True, True], [False, False]]])
    conflict = Conflict.build(
        {"row": {"a": 2, "b": 2}, "col": {"c": 2}},
        {"row": np.arange(8).reshape(2, 2, 2), "col": np.zeros((2, 2, 2))},
        feasible=feasible,
    )
    assert read_nfg(write_nfg(conflict)).shape == (3, 2)


def test_nfg_of_both_bodies_and_of_fractions():
    head = 'NFG 1 R "T" { "A" "B" } { { "x" "y" } { "1" "2" "3" } }\n"a comment"\n'
    paid = read_nfg(head + "1/3 0, 0 1 -2.5 1 0 0 1e2 0 0 0")
    numbered = read_nfg(
        head + '{ { "p" 1/3, 0 } { "q" 0 1 } { "r" -2.5 1 } { "s" 1e2 0 } } 1 2 3 0 4 0'
    )
    assert paid.options["b"] == {"strategy": ("1", "2", "3")}
    for actor in ("a", "b"):
        assert np.array_equal(paid.utility[actor], numbered.utility[actor])
    assert paid.utility["a"][0, 0] == float(Fraction(1, 3))


def test_a_player_with_one_strategy_stays_in_the_game():
    """Such players are legal; the other two play for 7 and 8, and all are named in results."""
    text = 'NFG 1 R "d" { "A" "B" "D" } { 2 2 1 } 1 2 0 3 4 0 5 6 0 7 8 0'
    conflict = read_nfg(text)
    game = conflict.one_shot()
    assert game.shape == (2, 2, 1)
    (last,) = game.pure()
    assert {actor: int(mix.argmax()) for actor, mix in last.mix.items()} == {"a": 1, "b": 1, "d": 0}
    assert dict(last.payoff) == {"a": 7.0, "b": 8.0, "d": 0.0}
    (mixed,) = game.mixed()
    assert mixed.payoff == last.payoff
    assert "d  strategy 1 (payoff 0)" in str(game.mixed())
    assert Stability(conflict).equilibria("nash").sum() == 1
    assert read_nfg(write_nfg(conflict)).one_shot().shape == (2, 2, 1)


@pytest.mark.parametrize("counts", ["{ 3 1 }", "{ 1 3 }", "{ 1 1 }"])
def test_one_of_two_players_has_no_choice(counts):
    """The other takes what pays it most."""
    first, second = map(int, counts.strip("{ }").split())
    payoffs = " ".join(f"{k} {k % 4}" for k in range(1, 1 + first * second))
    game = read_nfg(f'NFG 1 R "t" {{ "A" "B" }} {counts} {payoffs}').one_shot()
    (only,) = game.mixed()
    assert sum(only.payoff.values()) == sum(next(iter(game.pure())).payoff.values())
    assert only.largest_regret == 0.0


def test_a_large_game_is_split_into_formulas_that_fit():
    payoffs = np.random.default_rng(0).random((30, 40, 2))
    head = 'NFG 1 R "Large" { "A" "B" } { 30 40 }\n'
    text = head + " ".join(map(repr, payoffs.transpose(1, 0, 2).ravel().tolist()))
    assert np.array_equal(read_nfg(text).utility["b"], payoffs[..., 1])
    assert "pay_a__2" in nfg_to_case(text)


FILE = {
    "options": [
        {"name": "Build", "permittedDirection": "fwd"},
        {"name": "Object", "permittedDirection": "both"},
    ],
    "decisionMakers": [
        {"name": "Upstream", "options": [0], "preferences": [[[0, "Y"]], [[1, "N"]]]},
        {
            "name": "Downstream",
            "options": [1],
            "preferences": [
                [[0, "N"]],
                {"compound": True, "members": [[[0, "Y"], [1, "Y"]], [[0, "N"], [1, "N"]]]},
            ],
        },
    ],
    "infeasibles": [],
    "useManualPreferenceRanking": False,
}


def test_prioritised_conditions_rank_states_lexicographically():
    conflict = read_gmcr(json.dumps(FILE))
    assert conflict.rank["upstream"].tolist() == [[1, 0], [3, 2]]
    assert conflict.rank["downstream"].tolist() == [[3, 2], [0, 1]]
    assert conflict.allowed[0].tolist() == [[True, True], [False, True]]


@pytest.mark.parametrize("ranking", [[2, [1, 3]], ["YN", ["NN", "NY"]]])
def test_rankings_count_feasible_states_with_the_first_option_as_lowest_digit(ranking):
    file = {**FILE, "infeasibles": [[[0, "Y"], [1, "Y"]]], "useManualPreferenceRanking": True}
    file["decisionMakers"] = [
        {**maker, "preferenceRanking": ranking} for maker in FILE["decisionMakers"]
    ]
    conflict = read_gmcr(json.dumps(file))
    assert conflict.rank["upstream"].tolist() == [[0, 0], [1, -1]]


def test_options_out_of_order_are_put_in_the_order_of_their_makers():
    file = json.loads(json.dumps(FILE))
    file["decisionMakers"][0]["options"], file["decisionMakers"][1]["options"] = [1], [0]
    file["useManualPreferenceRanking"] = True
    for maker in file["decisionMakers"]:
        maker["preferenceRanking"] = [2, 1, 3, 4]
    conflict = read_gmcr(json.dumps(file))
    assert list(conflict.options["upstream"]) == ["object"]
    assert conflict.rank["upstream"].tolist() == [[2, 1], [3, 0]]


def test_convert_goes_round(tmp_path):
    files = [tmp_path / name for name in ("a.gmcr", "b.yaml", "c.nfg", "d.yaml", "e.gmcr")]
    free = {**FILE, "options": [{**o, "permittedDirection": "both"} for o in FILE["options"]]}
    files[0].write_text(json.dumps(free), "utf-8")
    for source, target in pairwise(files):
        convert(source, target)
    first, last = (read_gmcr(f.read_text("utf-8")) for f in (files[0], files[-1]))
    assert signatures(first) == signatures(last)


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        ("a.txt", "b.yaml", "not a known format"),
        ("a.gmcr", "b", "not a known format"),
        ("a.yaml", "b.yml", "copy the file"),
        ("none.gmcr", "b.yaml", "cannot be read"),
        ("bytes.nfg", "b.yaml", "not UTF-8"),
        ("good.gmcr", "none/b.yaml", "make room or choose another place"),
    ],
)
def test_convert_says_what_is_wrong(tmp_path, source, target, message):
    (tmp_path / "bytes.nfg").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "good.gmcr").write_text(json.dumps(FILE), "utf-8")
    with pytest.raises(DetenteError, match=message):
        convert(tmp_path / source, tmp_path / target)


@pytest.mark.parametrize(
    ("change", "to_gmcr", "to_nfg"),
    [
        ({"moves": {"row": {"a": [[1, 1, 0], [0, 1, 1], [1, 0, 1]]}}}, "moves of row.a", "one-way"),
        ({"feasible": [[1, 1], [1, 1], [1, 0]]}, "", "exclude those of others"),
        ({"conditions": {"w": {"levels": 2, "rate": 0.0}}}, "no conditions", "no conditions"),
    ],
)
def test_what_a_format_cannot_hold_is_refused(change, to_gmcr, to_nfg):
    shape = (3, 2, 2) if "conditions" in change else (3, 2)
    values = {"row": np.zeros(shape), "col": np.zeros(shape)}
    conflict = Conflict.build({"row": {"a": 3}, "col": {"b": 2}}, values, **change)
    for write, message in ((write_gmcr, to_gmcr), (write_nfg, to_nfg)):
        if message:
            with pytest.raises(InputError, match=message):
                write(conflict)
        else:
            assert write(conflict)


def test_a_coalition_in_a_file_is_never_dropped_in_silence():
    """One and Two as one player leave (no, no, yes), where neither would go alone.

    The remedy must work: apart, the three are read, and the coalition's move is found.
    """
    text = (Path(__file__).parent / "coalition.gmcr").read_text("utf-8")
    with pytest.raises(InputError, match=r"coalitions\[0\] joins One and Two .* by 0, 1"):
        read_gmcr(text)
    file = json.loads(text)
    conflict = read_gmcr(json.dumps({**file, "coalitions": [0, 1, 2]}))
    state = ["no", "no", "yes"]
    together = conflict.stability().coalitions()
    assert conflict.stability().equilibria("nash")[0, 0, 1]
    assert not together.stable("nash", ["one", "two"])[0, 0, 1]
    (move,) = together.improvements(state, ["one", "two"])
    assert conflict.space.position(move.end) == (1, 1, 1)


@pytest.mark.parametrize("coalitions", [[[0, 3]], ["One"], 1])
def test_coalitions_that_make_no_sense_are_refused(coalitions):
    text = (Path(__file__).parent / "coalition.gmcr").read_text("utf-8")
    with pytest.raises(InputError, match="coalitions"):
        read_gmcr(json.dumps({**json.loads(text), "coalitions": coalitions}))
