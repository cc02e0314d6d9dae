"""Exchanges of a table as games in time, against the table and against sums by hand.

Would catch: a game whose gains are not those of the table, outcomes that are not the compromise, a
verdict that a giver's own plan in the game contradicts, names of a table that break the case, and
a file that does not say what was asked.
"""

from __future__ import annotations

import numpy as np
import pytest
from click.testing import CliRunner

import detente
from bargaining.random_tables import random_table
from detente.bargaining import BargainingTable, bargaining_table, exchange
from detente.cli import main
from detente.deals import exchange_case, exchanges_in_time, linked_deals
from detente.equilibrium import hold_levels, solve
from detente.errors import InputError

CELLS = {
    "cut": {"a": (100, 0.9, 1), "b": (0, 0.2, 1), "c": (50, 0.5, 1)},
    "fund": {"a": (100, 0.3, 1), "b": (0, 0.9, 1), "c": (80, 0.5, 1)},
}
MADE = exchange(bargaining_table(CELLS))


def given(conflict):
    """Return the state in which every option is given, and the options."""
    options = [f"{a.name}" for a in conflict.space.axes if a.owner in conflict.actors]
    return conflict.index(dict.fromkeys(options, "give")), options


@pytest.mark.parametrize("seed", range(6))
def test_the_game_has_the_gains_and_outcomes_of_the_table(seed):
    rng = np.random.default_rng(seed)
    made = exchange(random_table(rng, 3 + seed, 2 + seed % 3), rounds=1 + seed % 2)
    for number, one in enumerate(made.made[:8], 1):
        conflict = exchange_case(made, number).conflict()
        here, (both, _) = conflict.index(), given(conflict)
        for actor in conflict.actors:
            flow = conflict.utility[actor].flat
            assert flow[both] - flow[here] == pytest.approx(one.gain, rel=1e-9, abs=1e-10)
        for name, values in conflict.values.items():
            if not isinstance(name, str) or not name.endswith(("_outcome", "_third_party")):
                continue
            flat = np.broadcast_to(values, conflict.shape).flat
            if name.endswith("_outcome"):
                k = made.table.issues.index(name.removesuffix("_outcome"))
                want = made.outcomes[[number - 1, number], k]
                assert [flat[here], flat[both]] == pytest.approx(list(want), abs=1e-9)
            else:
                want = one.others[name.removesuffix("_third_party")]
                assert flat[both] - flat[here] == pytest.approx(want, abs=1e-9)


def test_two_exchanges_together_have_the_gains_of_both():
    made = exchange(random_table(np.random.default_rng(3), 6, 4))
    conflict = exchange_case(made, [1, 2]).conflict()
    both, options = given(conflict)
    assert len(options) == 4
    assert conflict.shape == (2,) * 6
    for actor in conflict.actors:
        i = made.table.actors.index(actor)
        before, after = (made.table.loss(made.outcomes[k])[i].sum() for k in (0, 2))
        flow = conflict.utility[actor].flat
        assert flow[both] - flow[conflict.index()] == pytest.approx(before - after, abs=1e-9)


def test_it_is_the_best_linked_deal_of_its_game():
    (found,) = exchanges_in_time(MADE)
    deals = linked_deals(exchange_case(MADE).conflict(), over="today")
    assert str(deals).startswith("linked deals: 1 leaves all its parties better off than staying")
    (deal,) = deals
    assert found.deal is not None
    assert dict(deal.exchange.changes) == {"b.cut": "give", "a.fund": "give"}
    assert found.deal.exchange.gain == deal.exchange.gain
    assert deal.exchange.gain["a"] == pytest.approx(found.exchange.gain)
    alone = linked_deals(exchange_case(MADE).conflict(), over="today", concept="nash")[0].deviation
    assert alone is not None
    assert (alone.actor, alone.gain) == (found.first, pytest.approx(found.at_once["a"]))


@pytest.mark.parametrize("share", [0.5, 0.9, 1.1, 2.0])
def test_the_bound_on_the_discount_is_where_a_giver_of_the_game_turns(share):
    """With the other's part held, the game is one giver's alone: its plan is the check."""
    sharp = {"sharpness": 20.0}
    for giver, own, other in (("a", "a.fund", "b.cut"), ("b", "b.cut", "a.fund")):
        (found,) = exchanges_in_time(MADE, settings=sharp)
        at = share * found.most_discount[giver]
        conflict = exchange_case(MADE).set(sharp | {"discount": at}).conflict()
        alone = solve(hold_levels(conflict, {other: "give"})).value[giver].flat
        both, _ = given(conflict)
        back = conflict.index({other: "give"})
        assert (alone[back] < alone[both]) == (share < 1), own


def test_impatience_breaks_it_and_the_words_say_who():
    (patient,), (hasty,) = exchanges_in_time(MADE), exchanges_in_time(MADE, None, {"discount": 6})
    assert patient.self_enforcing
    assert patient.in_force > 0.9
    assert not hasty.self_enforcing
    assert hasty.in_force < 0.1
    assert "self-enforcing below a discount of 4.55: a would break it first" in str(patient)
    assert all(len(line) <= 80 for line in str(hasty).splitlines())
    assert hasty.to_dict()["first"] == "a"


def test_any_names_and_scales_make_a_sound_case():
    names = ("Form, not!", "rate", "答", "7", "give")
    rng = np.random.default_rng(5)
    table = random_table(rng, 5, 4, blank=0.0)
    issues = ("a: b", "A b", "true", "answer")
    scale = np.array([[-1.0, 1.0], [0, 7], [0, 100], [50, 1000]])
    position = scale[:, 0] + table.position / 100 * (scale[:, 1] - scale[:, 0])
    odd = BargainingTable(
        names, issues, position, table.salience, table.capability, np.full(4, np.nan), scale
    )
    for number, one in enumerate(exchange(odd).made, 1):
        case = exchange_case(exchange(odd), number, 'a "quoted"\nfile')
        conflict = case.conflict()
        both, _ = given(conflict)
        for actor in conflict.actors:
            flow = conflict.utility[actor].flat
            assert flow[both] - flow[conflict.index()] == pytest.approx(one.gain, rel=1e-9)
        assert {actor.title.removeprefix("Actor ") for actor in case.actors} == set(one.givers)


def test_what_cannot_be_handed_over_is_said():
    none = exchange(bargaining_table({"cut": {"a": (1, 1, 1), "b": (2, 1, 1)}}))
    with pytest.raises(InputError, match="no exchange is made"):
        exchange_case(none)
    assert str(exchanges_in_time(none)) == "in time: no exchange is made on this table"
    with pytest.raises(InputError, match="there is no exchange 2; give a number from 1 to 1"):
        exchange_case(MADE, 2)
    many = exchange(random_table(np.random.default_rng(8), 7, 5), rounds=3)
    with pytest.raises(InputError, match="5 exchanges in one case"):
        exchange_case(many, [1, 2, 3, 4, 5])
    parts = [set(zip(one.givers, one.issues, strict=True)) for one in many.made]
    twice = [(n, m) for m in range(len(parts)) for n in range(m) if parts[n] & parts[m]]
    with pytest.raises(InputError, match="has moved by then"):
        exchange_case(many, [n + 1 for n in twice[0]])


def test_the_command_writes_a_case_that_says_the_same(tmp_path):
    rows = [f"{p},{a},{x},{s},{c}" for p, row in CELLS.items() for a, (x, s, c) in row.items()]
    table, game = tmp_path / "market.csv", tmp_path / "trade.yaml"
    table.write_text("\n".join(["issue,actor,position,salience,capability", *rows]) + "\n")
    ask = ["bargain", str(table), "--game", "1", "--discount", "0.2"]
    answer = CliRunner().invoke(main, [*ask, "--game-file", str(game)])
    assert answer.exit_code == 0, answer.output
    assert "self-enforcing below a discount of 4.55" in answer.output
    case = detente.load(str(game))
    assert case.parameters["discount"].value == 0.2
    assert case.study(draws=5, rng=1).completed.size == 5
    for wrong, words in (
        (["--game-file", str(game)], "exists"),
        (["--game-file", str(tmp_path / "x.csv")], "must end in .yaml"),
        (["--discount", "0"], "0"),
    ):
        answer = CliRunner().invoke(main, [*ask, *wrong])
        assert (answer.exit_code, words in answer.output) == (2, True), answer.output
    answer = CliRunner().invoke(main, ["bargain", str(table), "--game-file", "x.yaml"])
    assert "say which, as in --game 1" in answer.output
