"""Fair points against interventions solved one by one, and what they are made of.

Would catch: agreements over other people's options, disagreement taken from the status quo instead
of the forecast, terms that do not add up, views left out.
"""

from __future__ import annotations

import numpy as np
import pytest

import detente
from detente import Conflict
from detente.deals import bargaining_solutions
from detente.deals._question import reached
from detente.deals._terms import believed_conflict, terms
from detente.equilibrium import intervene, solve
from detente.errors import InputError
from random_conflicts import random_spec


@pytest.mark.parametrize("seed", range(5))
def test_gains_equal_announced_interventions(seed):
    rng = np.random.default_rng(seed)
    spec = random_spec(rng, actors=3, largest=48, sharpness=0.8)
    start = tuple(map(int, np.unravel_index(rng.choice(np.flatnonzero(spec.feasible)), spec.shape)))
    conflict = spec.build(status_quo=start)
    solved = solve(conflict)
    found = bargaining_solutions(conflict, ["us", "dprk"])
    own = [axis.name for axis in conflict.space.axes if axis.owner in {"us", "dprk"}]
    assert found.agreements <= np.prod([len(conflict.space.axes[conflict.space.axis(n)].levels)
                                        for n in own])  # fmt: skip
    for point in found.points:
        total = dict.fromkeys(conflict.actors, 0.0)
        for changes, weight in point.mix:
            assert set(changes) <= set(own)
            levels = {**conflict.label(start), **changes}
            held = intervene(solved, {name: levels[name] for name in own})
            for actor in conflict.actors:
                after = held.value[actor].reshape(-1)[held.conflict.index()]
                rise = after - solved.value[actor][start]
                total[actor] += weight * spec.discount[actor] * rise
        assert point.gain == pytest.approx(total, abs=1e-6)
        assert min(point.gain["us"], point.gain["dprk"]) > 0.0


def test_where_nothing_else_moves_the_fair_point_is_the_textbook_one():
    """Battle of the sexes after a war of both: half and half, whatever the rule."""
    conflict = Conflict.build(
        options={"row": {"go": ["opera", "match"]}, "col": {"go": ["opera", "match"]}},
        utility={"row": [[2, 0], [0, 1]], "col": [[1, 0], [0, 2]]},
        precision={"row": 0.0, "col": 0.0},
        status_quo=0,
    )
    for others in ("move", "stay"):
        found = bargaining_solutions(conflict, ["row", "col"], others=others)
        assert len(found.efficient) == 2
    flat = bargaining_solutions(
        Conflict.build(
            options={"row": {"go": ["opera", "match", "home"]}, "col": {"go": ["o", "m", "h"]}},
            utility={
                "row": [[2, 0, 0], [0, 1, 0], [0, 0, 0]],
                "col": [[1, 0, 0], [0, 2, 0], [0, 0, 0]],
            },
            moves={"row": {"go": np.eye(3)}, "col": {"go": np.eye(3)}},
            status_quo=8,
        ),
        ["row", "col"],
    )
    for point in flat.points:
        assert sorted(weight for _, weight in point.mix) == pytest.approx([0.5, 0.5], abs=1e-5)
        assert point.gain == pytest.approx({"row": 1.5, "col": 1.5}, abs=1e-5)


def test_terms_add_up_to_the_change_each_actor_sees():
    conflict = detente.load("peninsula").conflict()
    rng = np.random.default_rng(3)
    live = np.flatnonzero(conflict.feasible)
    for actor in conflict.actors:
        flow = believed_conflict(conflict, actor).utility[actor].reshape(-1)
        for before, after in rng.choice(live, (20, 2)):
            brought = terms(conflict, actor, int(before), int(after))
            assert sum(brought.values()) == pytest.approx(flow[after] - flow[before], abs=1e-9)
    assert believed_conflict(conflict, "china") is not conflict


def test_no_gain_for_all_is_said_and_senseless_parties_refused():
    conflict = Conflict.build(
        options={"row": {"a": 2}, "col": {"b": 2}},
        utility={"row": [[0, 1], [1, 0]], "col": [[0, -1], [-1, 0]]},
        precision={"row": 0.0, "col": 0.0},
        status_quo=0,
    )
    found = bargaining_solutions(conflict, ["row", "col"])
    assert found.points == ()
    assert "no agreement" in str(found)
    for parties in (["row"], ["row", "row"], ["row", "nobody"]):
        with pytest.raises(InputError):
            bargaining_solutions(conflict, parties)


def test_the_flagship_prints_and_is_plain_data():
    conflict = reached(detente.load("peninsula").conflict())
    found = bargaining_solutions(conflict, ["us", "china"], rules=["nash"], mixed=False)
    assert "nash" in str(found)
    assert found.to_dict()["points"][0]["mix"][0]["weight"] == 1.0
