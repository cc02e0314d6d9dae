"""Conflicts from plain arrays: what is refused, what the defaults are, what the arrays come to be.

Would catch: a wrong argument that passes in silence or fails without its name, moves or costs put
on the wrong option, jumps into infeasible states, arrays that can be changed afterwards.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from detente.conflict import Conflict
from detente.errors import InputError, SizeError
from random_conflicts import random_spec

OPTIONS = {"us": {"offer": ["none", "some"]}, "china": {"enforce": 3}}
FLAT = np.zeros((2, 3))
TWICE = np.zeros((2, 3, 2))


def build(**change: Any) -> Conflict:
    return Conflict.build(**{"options": OPTIONS, "utility": {"us": FLAT, "china": FLAT}, **change})


def rival(**condition: Any) -> dict[str, Any]:
    """Return arguments with one condition."""
    return {"conditions": {"rivalry": condition}, "utility": {"us": TWICE, "china": TWICE}}


def levers(levels: Any) -> dict[str, Any]:
    """Return arguments with one option of these levels."""
    return {"options": {"us": {"offer": levels}}, "utility": {"us": [0.0, 1.0]}}


BAD = [
    ({"options": ["us"]}, r"options is"),
    ({"options": None}, r"options names no actor"),
    ({"options": {}}, r"options names no actor"),
    ({"options": {1: {"offer": 2}}}, r"options has the key 1"),
    ({"options": {"us": ["offer"]}}, r"options\['us'\] is"),
    ({"options": {"us": {}}}, r"options\['us'\] is empty"),
    ({"options": {"us": {"a.b": 2}}}, r"options\['us'\]\['a.b'\] has a dot"),
    (levers(["none"]), r"options\['us'\]\['offer'\] has 1 level;"),
    (levers(1), r"options\['us'\]\['offer'\] has 1 level;"),
    (levers(-2), r"options\['us'\]\['offer'\] has 0 levels"),
    (levers([]), r"options\['us'\]\['offer'\] has 0 levels"),
    (levers(10**9), r"options\['us'\]\['offer'\] has more than 1,000 levels"),
    (levers(["a", "b", "a"]), r"options\['us'\]\['offer'\] names a level twice"),
    (levers("none"), r"options\['us'\]\['offer'\] is 'none'"),
    (levers(2.0), r"options\['us'\]\['offer'\] is 2.0"),
    (levers(None), r"options\['us'\]\['offer'\] is None"),
    (levers(True), r"options\['us'\]\['offer'\] is True"),
    ({"utility": None}, r"'us' needs utility or rank"),
    ({"utility": [FLAT, FLAT]}, r"utility is"),
    ({"utility": {"us": FLAT}}, r"'china' needs utility or rank"),
    ({"rank": {"us": FLAT}}, r"'us' needs utility or rank; give exactly one"),
    ({"utility": {"us": FLAT, "china": FLAT, "rok": FLAT}}, r"utility names 'rok'; use one of us"),
    ({"utility": {"us": FLAT, "china": FLAT.T}}, r"utility\['china'\] has shape \(3, 2\)"),
    ({"utility": {"us": FLAT, "china": FLAT * np.nan}}, r"utility\['china'\] is not finite"),
    ({"utility": {"us": FLAT, "china": FLAT + np.inf}}, r"utility\['china'\] is not finite"),
    ({"utility": {"us": FLAT, "china": "high"}}, r"utility\['china'\] is not an array"),
    ({"utility": {"us": FLAT, "china": [[1, 2], [1]]}}, r"utility\['china'\] is not an array"),
    ({"utility": {"us": FLAT, "china": FLAT + 1j}}, r"utility\['china'\] is not an array"),
    ({"utility": {"us": FLAT, "china": None}}, r"utility\['china'\] is not an array"),
    ({"utility": {"us": FLAT}, "rank": {"china": FLAT * np.nan}}, r"rank\['china'\] is not fin"),
    ({"utility": {"us": FLAT}, "rank": {"china": FLAT.T}}, r"rank\['china'\] has shape"),
    ({"utility": {"us": FLAT}, "rank": ["china"]}, r"rank is"),
    ({"feasible": [True]}, r"feasible has shape \(1,\)"),
    ({"feasible": FLAT}, r"feasible leaves no state"),
    ({"feasible": FLAT + 0.5}, r"feasible holds numbers other"),
    ({"feasible": FLAT * np.nan}, r"feasible holds numbers other"),
    ({"feasible": np.full((2, 3), "no")}, r"feasible is not an array"),
    ({"moves": ["us"]}, r"moves is"),
    ({"moves": {"rok": {}}}, r"moves names 'rok'"),
    ({"moves": {"us": ["offer"]}}, r"moves\['us'\] is"),
    ({"moves": {"us": {"enforce": "up"}}}, r"moves\['us'\] names 'enforce'; use one of offer"),
    ({"moves": {"us": {"offer": "upp"}}}, r"moves of us.offer are 'upp'"),
    ({"moves": {"us": {"offer": np.ones((3, 3))}}}, r"moves of us.offer has shape \(3, 3\)"),
    ({"moves": {"us": {"offer": [[1, 2], [3, 4]]}}}, r"moves of us.offer holds numbers other"),
    ({"moves": {"us": {"offer": 3}}}, r"moves of us.offer has shape \(\)"),
    ({"moves": {"us": {"offer": None}}}, r"moves of us.offer is not an array"),
    ({"conditions": ["rivalry"]}, r"conditions is"),
    ({"conditions": {"rivalry": 3}}, r"conditions\['rivalry'\] is 3"),
    (rival(levels=2), r"conditions\['rivalry'\] needs the keys"),
    (rival(rate=1.0), r"conditions\['rivalry'\] needs the keys"),
    (rival(levels=2, rate=1.0, rates=1.0), r"conditions\['rivalry'\] names 'rates'"),
    (rival(levels=1, rate=1.0), r"conditions\['rivalry'\] has 1 level"),
    (rival(levels=2, rate=-1.0), r"conditions\['rivalry'\]\['rate'\] must be finite and zero"),
    (rival(levels=2, rate=np.nan), r"conditions\['rivalry'\]\['rate'\] must be finite"),
    (rival(levels=2, rate=[1.0, 2.0, 3.0]), r"conditions\['rivalry'\]\['rate'\] has shape \(3,\)"),
    (rival(levels=2, rate="often"), r"conditions\['rivalry'\]\['rate'\] is not an array"),
    (rival(levels=2, rate={}), r"conditions\['rivalry'\]\['rate'\] is not an array"),
    (rival(levels=2, rate=None), r"conditions\['rivalry'\]\['rate'\] is not an array"),
    (
        {**rival(), "conditions": {"us.offer": {"levels": 2, "rate": 1.0}}},
        r"conditions\['us.offer'\] has the name of an option",
    ),
    *(
        ({argument: {"us": value}}, rf"{argument}\['us'\] is")
        for argument in ("rates", "precision", "discount")
        for value in (-1.0, np.nan, np.inf, "fast", None, [1.0])
    ),
    ({"discount": {"us": 0.0}}, r"discount\['us'\] is 0; it must be finite and positive"),
    *(({argument: 2.0}, rf"{argument} is 2.0") for argument in ("rates", "precision", "discount")),
    *(
        ({argument: {"rok": 2.0}}, rf"{argument} names 'rok'; use one of us, china")
        for argument in ("rates", "precision", "discount")
    ),
    *(
        ({"costs": {"us": {"offer": value}}}, r"cost of us.offer")
        for value in (
            -1.0, np.nan, np.inf, "dear", None, {}, [1.0, 2.0], [[0.0, 1.0], [-1.0, 0.0]],
            [[0.0, 1.0], [1.0]], np.zeros((3, 3)), [[0.0, np.inf], [0.0, 0.0]],
        )
    ),
    ({"costs": 1.0}, r"costs is 1.0"),
    ({"costs": {"us": 1.0}}, r"costs\['us'\] is 1.0"),
    ({"costs": {"rok": {}}}, r"costs names 'rok'"),
    ({"costs": {"us": {"enforce": 1.0}}}, r"costs\['us'\] names 'enforce'"),
    *(
        ({"status_quo": value}, r"status_quo: ")
        for value in (
            9, -1, 1.5, "none", object(), [0], [0, 9], [0, None], [0, 1.5], (0, 0, 0), ["sum", 0],
            {"us.offer": "none"}, {"us.offer": "none", "china.enforce": 9}, {"us.ofer": 0},
        )
    ),
    ({"status_quo": [0, 0], "feasible": [[0, 1, 1], [1, 1, 1]]}, r"status quo is infeasible"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "message"), BAD)
def test_a_wrong_argument_is_refused_by_name(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        build(**change)


def test_a_space_too_large_is_refused_with_its_size() -> None:
    options = {"us": {f"o{k}": 10 for k in range(30)}}
    with pytest.raises(SizeError, match=r"10\^30 states"):
        Conflict.build(options, {"us": [0.0]})


def test_defaults() -> None:
    conflict = build()
    assert conflict.rates == conflict.precision == {"us": 1.0, "china": 1.0}
    assert conflict.discount == {"us": 0.1, "china": 0.1}
    assert conflict.feasible.all()
    assert all(matrix.all() for matrix in conflict.allowed)
    assert not any(matrix.any() for matrix in conflict.cost)
    assert conflict.status_quo is None
    assert conflict.cardinal == {"us": True, "china": True}
    assert conflict.options == {
        "us": {"offer": ("none", "some")},
        "china": {"enforce": ("0", "1", "2")},
    }


def test_arguments_land_where_they_belong() -> None:
    conflict = build(
        options={"us": {"offer": np.int64(2)}, "china": {"enforce": ("lax", "partial", "strict")}},
        moves={"china": {"enforce": "up"}, "us": {"offer": [[0, 1], [0, 0]]}},
        costs={"china": {"enforce": 0.5}, "us": {"offer": [[7.0, 1.0], [2.0, 7.0]]}},
        rates={"china": 2},
    )
    offer, enforce = conflict.allowed
    assert offer.tolist() == [[True, True], [False, True]]
    assert enforce.tolist() == np.triu(np.ones((3, 3), dtype=bool)).tolist()
    offer, enforce = conflict.cost
    assert offer.tolist() == [[0.0, 1.0], [2.0, 0.0]]
    assert enforce.tolist() == [[0.0, 0.5, 1.0], [0.5, 0.0, 0.5], [1.0, 0.5, 0.0]]
    assert conflict.rates == {"us": 1.0, "china": 2.0}


def test_jumps_broadcast_and_stay_within_what_is_feasible() -> None:
    feasible = np.ones((2, 3, 2), dtype=bool)
    feasible[1, 2, 1] = False
    conflict = build(**rival(levels=["managed", "freefall"], rate=[0.25, 0.5]), feasible=feasible)
    (rate,) = conflict.jumps
    assert rate.shape == (2, 3, 2, 2)
    assert rate[0, 0].tolist() == [[0.0, 0.5], [0.25, 0.0]]
    assert rate[1, 2].tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert conflict.conditions == {"rivalry": ("managed", "freefall")}


@pytest.mark.parametrize("seed", range(30))
def test_jumps_of_random_conflicts(seed: int) -> None:
    spec = random_spec(np.random.default_rng([seed, 51]), conditions=2)
    conflict = spec.build()
    for k, name in zip(conflict.space.conditions, spec.conditions, strict=True):
        found = conflict.jumps[k - conflict.space.conditions.start]
        for state in np.ndindex(*spec.shape):
            for to in range(spec.shape[k]):
                there = (*state[:k], to, *state[k + 1 :])
                possible = to != state[k] and spec.feasible[state] and spec.feasible[there]
                assert found[state][to] == (spec.jumps[name][state][to] if possible else 0.0)


def test_infeasible_states_have_no_utility_and_may_hold_anything() -> None:
    utility = np.array([[np.nan, 1.0, 2.0], [3.0, np.inf, 4.0]])
    feasible = np.isfinite(utility)
    conflict = build(utility={"us": utility, "china": FLAT}, feasible=feasible)
    assert conflict.utility["us"].tolist() == [[0.0, 1.0, 2.0], [3.0, 0.0, 4.0]]
    assert conflict.rank["us"].tolist() == [[-1, 0, 1], [2, -1, 3]]


def test_a_rank_is_read_as_an_order_and_scaled() -> None:
    order = np.array([[5, 5, -2], [9, 7, 5]])
    conflict = build(utility={"us": FLAT}, rank={"china": order})
    assert conflict.rank["china"].tolist() == [[1, 1, 0], [3, 2, 1]]
    np.testing.assert_allclose(
        conflict.utility["china"], np.array([[1, 1, 0], [3, 2, 1]]) / 3.0, rtol=1e-15
    )
    assert conflict.cardinal == {"us": True, "china": False}


def test_arrays_are_copies_that_nobody_can_change() -> None:
    mine = np.ones((2, 3))
    moves = np.ones((2, 2), dtype=bool)
    conflict = build(utility={"us": mine, "china": FLAT}, moves={"us": {"offer": moves}})
    mine[:] = 9.0
    moves[:] = False
    assert (conflict.utility["us"] == 1.0).all()
    assert conflict.allowed[0].all()
    frozen = [
        conflict.feasible, *conflict.utility.values(), *conflict.rank.values(), *conflict.allowed,
        *conflict.cost, *conflict.jumps,
    ]  # fmt: skip
    assert not any(array.flags.writeable for array in frozen)
