"""Simulated paths against exact answers, within four standard errors.

Would catch: jump chances or waiting times that do not follow the generator, a path that is cut or
read off at the wrong time, and exact answers that are wrong in the same way as their dense check.
"""

from __future__ import annotations

import numpy as np
import pytest

from detente.conflict import Conflict
from detente.errors import InputError
from detente.forecast import Simulation
from random_conflicts import random_spec

PATHS = 6000


def near(count: float, exact: float, sample: int = PATHS) -> bool:
    """Say whether a share is within four standard errors of a probability."""
    error = np.sqrt(max(exact * (1.0 - exact), 1.0 / sample) / sample)
    return abs(count - exact) <= 4.0 * error


def stretches(simulation: Simulation) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return path, state, begin and end of every visit."""
    same = np.append(simulation.path[1:] == simulation.path[:-1], False)
    end = np.where(same, np.append(simulation.time[1:], 0.0), simulation.years)
    return simulation.path, simulation.state, simulation.time, end


@pytest.mark.parametrize("seed", range(25))
def test_simulation_agrees_with_the_exact_answers(seed: int) -> None:
    rng = np.random.default_rng([seed, 41])
    conflict = random_spec(rng, largest=48, sharpness=1.5).build()
    equilibrium = conflict.equilibrium()
    live = np.flatnonzero(conflict.feasible)
    start = int(rng.choice(live))
    years = float(rng.uniform(1.0, 4.0))
    simulation = equilibrium.simulate(PATHS, years, start, rng=seed)

    exact = equilibrium.distribution(years / 2.0, start).reshape(-1)
    shares = np.bincount(simulation.at(years / 2.0), minlength=conflict.size) / PATHS
    assert all(near(shares[s], exact[s]) for s in range(conflict.size))

    path, state, begin, end = stretches(simulation)
    axes = conflict.space.axes
    first, second = axes[0], axes[-1]
    phi, psi = f"{first.name} == 0", f"{second.name} == 1"
    phi_here = conflict.where(phi).reshape(-1)[state]
    psi_here = conflict.where(psi).reshape(-1)[state]

    def any_by_path(flag: np.ndarray) -> np.ndarray:
        return np.bincount(path, weights=flag, minlength=PATHS) > 0.0

    a = years / 3.0
    counted = {
        f"F[0, {years}] {psi}": any_by_path(psi_here).mean(),
        f"F[{a}, {years}] {psi}": any_by_path(psi_here & (end > a)).mean(),
        f"G[0, {years}] {phi}": 1.0 - any_by_path(~phi_here).mean(),
        f"G[0, {a}] {phi}": 1.0 - any_by_path(~phi_here & (begin < a)).mean(),
    }
    broken = np.full(PATHS, np.inf)
    np.minimum.at(broken, path[~phi_here], begin[~phi_here])
    hit = np.full(PATHS, np.inf)
    np.minimum.at(hit, path[psi_here], begin[psi_here])
    counted[f"({phi}) U[0, {years}] ({psi})"] = ((hit <= broken) & np.isfinite(hit)).mean()
    late = psi_here & (end > a)
    hit = np.full(PATHS, np.inf)
    np.minimum.at(hit, path[late], np.maximum(begin[late], a))
    within = np.isfinite(hit) & np.where(hit > a, hit <= broken, hit < broken)
    counted[f"({phi}) U[{a}, {years}] ({psi})"] = within.mean()
    for query, share in counted.items():
        assert near(share, equilibrium.probability(query, start).value), query

    scope = ~any_by_path(~phi_here)
    if scope.sum() > 200:
        answer = equilibrium.probability(f"F[0, {years}] {psi}", start, scope=phi)
        assert near(float(scope.mean()), answer.scope)
        assert near(any_by_path(psi_here)[scope].mean(), answer.value, int(scope.sum()))


def test_paths_are_in_order_and_start_where_told() -> None:
    conflict = random_spec(np.random.default_rng(42), actors=2).build()
    start = int(np.flatnonzero(conflict.feasible)[0])
    simulation = conflict.equilibrium().simulate(50, 3.0, start, rng=1)
    path, state, begin, end = stretches(simulation)
    assert (np.diff(path) >= 0).all()
    assert np.unique(path).size == 50
    firsts = np.append(True, np.diff(path) > 0)
    assert (state[firsts] == start).all()
    assert (begin[firsts] == 0.0).all()
    assert (end > begin).all()
    assert (end <= 3.0).all()
    assert conflict.feasible.reshape(-1)[state].all()
    assert (simulation.at(0.0) == start).all()
    assert (simulation.at(3.0) == state[np.append(np.diff(path) > 0, True)]).all()
    assert "50 paths of 3 years" in str(simulation)
    assert simulation.to_pandas().shape[0] == state.size


def test_the_share_counts_paths_that_visit() -> None:
    conflict = Conflict.build(
        {"us": {"offer": 2}}, {"us": [0.0, 0.0]}, rates={"us": 2.0}, precision={"us": 0.0}
    )
    simulation = conflict.equilibrium().simulate(PATHS, 1.0, 0, rng=2)
    assert near(simulation.share("us.offer == 1"), 1.0 - np.exp(-1.0))


def test_a_formula_starts_paths_from_all_its_states() -> None:
    conflict = Conflict.build({"us": {"offer": 4}}, {"us": np.zeros(4)}, rates={"us": 0.0})
    simulation = conflict.equilibrium().simulate(4000, 1.0, "us.offer >= 1", rng=3)
    shares = np.bincount(simulation.at(1.0), minlength=4) / 4000
    assert shares[0] == 0.0
    assert all(near(share, 1.0 / 3.0, 4000) for share in shares[1:])


def test_the_seed_makes_the_paths() -> None:
    equilibrium = random_spec(np.random.default_rng(43)).build().equilibrium()
    start = int(np.flatnonzero(equilibrium.conflict.feasible)[0])
    one, two, three = (equilibrium.simulate(30, 2.0, start, rng=seed) for seed in (7, 7, 8))
    assert one.time.tobytes() == two.time.tobytes()
    assert one.time.tobytes() != three.time.tobytes()


@pytest.mark.parametrize(
    ("paths", "years", "message"),
    [
        (0, 1.0, "paths is 0"),
        (-3, 1.0, "paths is -3"),
        (5, 0.0, "years is 0"),
        (5, -1.0, "years is -1"),
        (5, float("inf"), "years is inf"),
        (5, float("nan"), "years is nan"),
    ],
)
def test_bad_numbers_are_refused(paths: int, years: float, message: str) -> None:
    equilibrium = Conflict.build({"us": {"offer": 2}}, {"us": [0.0, 1.0]}).equilibrium()
    with pytest.raises(InputError, match=message):
        equilibrium.simulate(paths, years, 0)


@pytest.mark.parametrize("time", [-0.1, 2.1, float("nan")])
def test_a_time_outside_the_paths_is_refused(time: float) -> None:
    equilibrium = Conflict.build({"us": {"offer": 2}}, {"us": [0.0, 1.0]}).equilibrium()
    with pytest.raises(InputError, match="outside"):
        equilibrium.simulate(5, 2.0, 0, rng=1).at(time)
