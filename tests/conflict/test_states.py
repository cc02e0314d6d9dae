"""States by number, position and name, and formulas over them.

Would catch: indices that run along the wrong axis, levels mixed up between variables, formulas that
hold at infeasible states, and a lookup that guesses instead of refusing.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
import pytest

from detente.conflict import Conflict
from detente.errors import InputError
from random_conflicts import random_spec

CONFLICT = Conflict.build(
    {"us": {"offer": ["none", "some"], "press": 2}, "china": {"enforce": ["lax", "mid", "strict"]}},
    {"us": np.zeros((2, 2, 3, 2)), "china": np.zeros((2, 2, 3, 2))},
    conditions={"rivalry": {"levels": ["managed", "freefall"], "rate": 0.1}},
    feasible=np.arange(24).reshape(2, 2, 3, 2) != 23,
    status_quo=[0, 1, 2, 0],
)


@pytest.mark.parametrize("seed", range(20))
def test_number_position_and_name_are_the_same_state(seed: int) -> None:
    conflict = random_spec(np.random.default_rng([seed, 61])).build()
    space = conflict.space
    for flat, position in enumerate(np.ndindex(*conflict.shape)):
        label = space.label(flat)
        assert label == space.label(position) == space.label(list(label.values()))
        assert space.index(position) == flat
        assert space.index(np.array(position)) == flat
        assert space.index(label) == flat
        assert space.position(label) == position
        assert [space.axes[k].levels[i] for k, i in enumerate(position)] == list(label.values())


@pytest.mark.parametrize("seed", range(20))
def test_an_actors_block_is_its_own_axes(seed: int) -> None:
    conflict = random_spec(np.random.default_rng([seed, 62])).build()
    space = conflict.space
    positions = np.indices(conflict.shape).reshape(len(conflict.shape), -1)
    for actor in conflict.actors:
        before, own, after = space.block(actor)
        assert before * own * after == conflict.size
        others = [k for k in range(len(conflict.shape)) if k not in space.of(actor)]
        lines = positions.reshape(-1, before, own, after)
        assert (lines[others] == lines[others][:, :, :1]).all()


def test_a_mapping_may_leave_out_what_is_as_today() -> None:
    assert CONFLICT.index() == CONFLICT.space.index([0, 1, 2, 0])
    assert CONFLICT.index({"us.offer": "some"}) == CONFLICT.space.index([1, 1, 2, 0])
    assert CONFLICT.label(CONFLICT.index({"rivalry": 1}))["rivalry"] == "freefall"


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (24, "no state 24; states are 0 to 23"),
        (-1, "no state -1"),
        ([0, 0, 0], "needs 4 levels"),
        ([0, 0, 3, 0], "china.enforce has no level 3"),
        (["none", 0, "stirct", 0], "no level 'stirct'; did you mean 'strict'"),
        ({"us.ofer": 0}, "no option or condition 'us.ofer'; did you mean 'us.offer'"),
        ({"offer": 0}, "no option or condition 'offer'"),
        ([1, 1, 2, 1], "us.offer some, us.press 1, china.enforce strict, rivalry freefall"),
        ([0, 0, 0.5, 0], "china.enforce has no level 0.5"),
        ("none", "'none' is not a state"),
        (2.0, "2.0 is not a state"),
    ],
)
def test_a_state_that_is_none_is_refused(state: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        CONFLICT.index(state)


def test_unknown_actors_are_refused() -> None:
    with pytest.raises(InputError, match="no actor 'chnia'; did you mean 'china'"):
        CONFLICT.space.of("chnia")


LEVELS = dict(zip((a.name for a in CONFLICT.space.axes), np.indices(CONFLICT.shape), strict=True))


@pytest.mark.parametrize(
    ("formula", "holds"),
    [
        ("true", True),
        ("false", False),
        ("us.offer == some", LEVELS["us.offer"] == 1),
        ("china.enforce >= mid", LEVELS["china.enforce"] >= 1),
        ("china.enforce in {lax, strict}", LEVELS["china.enforce"] != 1),
        (
            "us.press == 1 and rivalry != managed",
            (LEVELS["us.press"] == 1) & (LEVELS["rivalry"] == 1),
        ),
        ("us.offer == some implies rivalry == freefall", LEVELS["us.offer"] <= LEVELS["rivalry"]),
        (
            "(us.offer == some) + (china.enforce == strict) >= 1",
            (LEVELS["us.offer"] == 1) | (LEVELS["china.enforce"] == 2),
        ),
    ],
)
def test_where_a_formula_holds(formula: str, holds: Any) -> None:
    found = CONFLICT.where(formula)
    assert found.dtype == bool
    np.testing.assert_array_equal(found, np.broadcast_to(holds, CONFLICT.shape) & CONFLICT.feasible)


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("us.ofer == some", "column 1.*us.offer"),
        ("china.enforce == strct", "strict"),
        ("us.offer", "us.offer"),
        ("1 + 1", "column 1"),
        ("F[0, 1] us.offer == some", "column"),
        ("", "column 1"),
        ("us.offer == some or", "column"),
    ],
)
def test_a_formula_that_is_none_is_refused(formula: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        CONFLICT.where(formula)


@pytest.mark.parametrize("seed", range(20))
def test_where_on_random_comparisons(seed: int) -> None:
    rng = np.random.default_rng([seed, 63])
    conflict = random_spec(rng).build()
    signs = {
        "<": operator.lt, "<=": operator.le, "==": operator.eq,
        "!=": operator.ne, ">=": operator.ge, ">": operator.gt,
    }  # fmt: skip
    for k, axis in enumerate(conflict.space.axes):
        for sign, compare in signs.items():
            level = int(rng.integers(conflict.shape[k]))
            expected = compare(np.indices(conflict.shape)[k], level) & conflict.feasible
            np.testing.assert_array_equal(conflict.where(f"{axis.name} {sign} {level}"), expected)


def test_a_conflict_prints_itself() -> None:
    assert "23 feasible of 24 states" in str(CONFLICT)
    assert "china.enforce: lax < mid < strict" in str(CONFLICT)
    assert repr(CONFLICT) == "<Conflict 2x2x3x2 of us, china>"


@pytest.mark.parametrize("seed", range(20))
def test_moves_from_a_state_are_those_the_matrices_allow(seed: int) -> None:
    conflict = random_spec(np.random.default_rng([seed, 63])).build()
    space, feasible = conflict.space, conflict.feasible.reshape(-1)
    for state in np.flatnonzero(feasible).tolist():
        here = space.position(state)
        expected = {}
        for actor in conflict.actors:
            own = space.of(actor)
            expected[actor] = tuple(
                other
                for other, there in enumerate(np.ndindex(*conflict.shape))
                if other != state
                and feasible[other]
                and all(here[k] == there[k] for k in range(len(here)) if k not in own)
                and all(conflict.allowed[k][here[k], there[k]] for k in own)
            )
        assert conflict.moves_from(state) == expected


def test_moves_start_from_today_unless_told() -> None:
    assert CONFLICT.moves_from() == CONFLICT.moves_from([0, 1, 2, 0])
    with pytest.raises(InputError, match="infeasible"):
        CONFLICT.moves_from(23)


def test_moves_of_a_graph_are_its_arcs() -> None:
    moves = {"us": [(0, 2), (0, 1), (2, 0)], "china": [(0, 2)]}
    graph = Conflict.from_graph(3, moves, {"china": [0, 1, 2], "us": [0, 1, 2], "rok": [0, 0, 0]})
    assert graph.moves_from(0) == {"china": (2,), "us": (1, 2), "rok": ()}
    assert list(graph.moves_from(1)) == list(graph.actors)


def test_shares_of_levels_add_up_whatever_the_axis() -> None:
    space = CONFLICT.space
    weight = np.random.default_rng(3).random(CONFLICT.shape)
    weight /= weight.sum()
    shares = space.shares(weight)
    assert list(shares) == [axis.name for axis in space.axes]
    for axis in space.axes:
        wanted = [
            float((weight * (space.levels[axis.name] == k)).sum()) for k in range(len(axis.levels))
        ]
        assert shares[axis.name] == pytest.approx(wanted, abs=1e-15)
    certain = np.zeros(CONFLICT.shape)
    certain[1, 0, 2, 1] = 1.0
    assert space.share_lines(space.shares(certain)) == [
        "  us.offer: none 0\u202f%, some 100\u202f%",
        "  us.press: 0 100\u202f%, 1 0\u202f%",
        "  china.enforce: lax 0\u202f%, mid 0\u202f%, strict 100\u202f%",
        "  rivalry: managed 0\u202f%, freefall 100\u202f%",
    ]
    words = "us.offer some, us.press 0, china.enforce strict, rivalry freefall"
    assert space.words((1, 0, 2, 1)) == words
