"""Observed paths, quantiles and starts, against enumeration of the chain's matrix exponentials.

Would catch: conditioning on the wrong moment, a likelihood without one of its factors, a filter
that forgets what it saw, quantiles that fall on the wrong side, and observations that contradict
each other passed over in silence.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import expm

from detente.equilibrium import Equilibrium
from detente.errors import AnalysisError, InputError
from detente.forecast import expected_paths
from random_conflicts import random_spec

SEEDS = range(20)


def solved(seed: int) -> Equilibrium:
    rng = np.random.default_rng([seed, 51])
    return random_spec(rng, largest=40, sharpness=1.0).build().equilibrium()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_filter_is_bayes_rule_over_all_states(seed: int) -> None:
    rng = np.random.default_rng(seed)
    equilibrium = solved(seed)
    conflict, generator = equilibrium.conflict, equilibrium.generator().toarray()
    live = conflict.feasible
    number = int(rng.integers(len(generator)))
    start = [int(k) for k in np.argwhere(live)[number]]
    # Draw a path, so that what is seen is possible.
    weight, joint = np.eye(len(generator))[number], 1.0
    place, time, seen = number, 0.0, []
    for _ in range(3):
        gap = float(rng.exponential(1.0))
        move = np.clip(expm(generator * gap), 0.0, None)
        place = int(rng.choice(len(move), p=move[place] / move[place].sum()))
        axis = conflict.space.axes[int(rng.integers(len(conflict.space.axes)))]
        level = int(np.argwhere(live)[place][conflict.space.axis(axis.name)])
        time += gap
        seen.append((time, {axis.name: level} if rng.random() < 0.5 else f"{axis.name} == {level}"))
        agrees = np.indices(conflict.shape)[conflict.space.axis(axis.name)][live] == level
        weight = (weight @ expm(generator * gap)) * agrees
    joint = float(weight.sum())
    found = equilibrium.observe(seen, start)
    np.testing.assert_allclose(found.weight[live], weight / joint, atol=1e-9)
    assert found.log_likelihood == pytest.approx(np.log(joint), abs=1e-8)
    assert found.time == time
    assert f"after {time:g} years" in str(found)
    assert sum(next(iter(found.to_dict()["shares"].values()))) == pytest.approx(1.0)
    # It is a start for every other question.
    later = equilibrium.distribution(0.7, found)
    np.testing.assert_allclose(later[live], (weight / joint) @ expm(generator * 0.7), atol=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_quantiles_are_those_of_the_distribution(seed: int) -> None:
    equilibrium = solved(seed)
    start = [int(k) for k in np.argwhere(equilibrium.conflict.feasible)[0]]
    paths = expected_paths(equilibrium, 2.0, start, 3, (0.1, 0.5, 0.9))
    for row, time in enumerate(paths.times):
        now = equilibrium.distribution(float(time), start)
        for k, axis in enumerate(equilibrium.conflict.space.axes):
            level = np.indices(now.shape)[k].reshape(-1)
            for column, probability in enumerate(paths.probabilities):
                found = paths.quantiles[axis.name][row, column]
                at_or_below = now.reshape(-1)[level <= found].sum()
                below = now.reshape(-1)[level < found].sum()
                assert below - 1e-9 <= probability <= at_or_below + 1e-9
    assert paths.to_dict()["probabilities"] == [0.1, 0.5, 0.9]


def test_quantiles_of_issues_fall_on_values_of_the_issue() -> None:
    import detente

    equilibrium = detente.load("sanctions").conflict().equilibrium()
    paths = equilibrium.paths(3.0, points=3)
    assert paths.issues
    for name in paths.issues:
        values = np.unique(equilibrium.conflict.numbers[name])
        assert np.isin(paths.quantiles[name], values).all()
        assert (np.diff(paths.quantiles[name], axis=1) >= 0.0).all()
        assert paths.quantiles[name].min() <= paths.issues[name].max()


@pytest.mark.parametrize(
    ("seen", "error", "message"),
    [
        ([], InputError, "no observations"),
        ([(1.0, {"us.nothing": 0})], InputError, "no option or condition"),
        ([(1.0, {"us.offer": 9})], InputError, "no level 9"),
        ([(2.0, "us.offer >= 0"), (1.0, "us.offer >= 0")], InputError, "observation 2 .*backwards"),
        ([(float("nan"), "us.offer >= 0")], InputError, "observation 1"),
        ([(-1.0, "us.offer >= 0")], InputError, "observation 1"),
        ([(0.0, "us.offer == 1")], AnalysisError, "observation 1, at 0 years, has probability 0"),
    ],
)
def test_observations_that_cannot_be_are_refused(seen: list, error: type, message: str) -> None:
    from detente.conflict import Conflict

    conflict = Conflict.build({"us": {"offer": 2}}, {"us": np.zeros(2)})
    with pytest.raises(error, match=message):
        conflict.equilibrium().observe(seen, 0)
