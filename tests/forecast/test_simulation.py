"""Simulated paths against exact answers, within four standard errors.

Would catch: jump chances or waiting times that do not follow the generator, a path that is cut or
read off at the wrong time, and exact answers that are wrong in the same way as their dense check.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import SupportsFloat

import numpy as np
import pytest
from scipy.sparse import csr_array

from detente.conflict import Conflict
from detente.errors import InputError, SizeError
from detente.forecast import Simulation
from detente.forecast._sampling import alias_tables
from random_conflicts import random_spec

PATHS = 6000


def near(count: float, exact: SupportsFloat, sample: int = PATHS) -> bool:
    """Say whether a share is within four standard errors of a probability."""
    exact = float(exact)
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


def walks(simulation: Simulation) -> list[list[tuple[float, int]]]:
    """Return each path as a list of (time, state), the slow way."""
    rows: list[list[tuple[float, int]]] = [[] for _ in range(simulation.paths)]
    for path, time, state in zip(
        simulation.path.tolist(), simulation.time.tolist(), simulation.state.tolist(), strict=True
    ):
        rows[path].append((time, state))
    return rows


def runs_of(walk: list[tuple[float, int]], holds: np.ndarray, years: float) -> list[list[float]]:
    """Return [begin, end, end was seen] of every run of visits where a formula holds."""
    runs: list[list[float]] = []
    before = False
    for time, state in walk:
        if holds[state] and not before:
            runs.append([time, years, 0.0])
        if before and not holds[state]:
            runs[-1][1:] = [time, 1.0]
        before = bool(holds[state])
    return runs


@pytest.mark.parametrize("seed", range(12))
def test_path_statistics_equal_a_plain_loop(seed: int) -> None:
    """Would catch: a run that leaks into the next path, a visit cut at the wrong end."""
    rng = np.random.default_rng([seed, 44])
    conflict = random_spec(rng, largest=48).build()
    start = int(rng.choice(np.flatnonzero(conflict.feasible)))
    simulation = conflict.equilibrium().simulate(300, 3.0, start, rng=seed)
    rows = walks(simulation)
    axes = conflict.space.axes
    phi, psi = f"{axes[0].name} == 1", f"{axes[-1].name} == 0"
    holds = conflict.where(phi).reshape(-1)
    also = conflict.where(psi).reshape(-1)

    runs = [runs_of(row, holds, 3.0) for row in rows]
    spells = simulation.spells(phi)
    expected = [(k, b, e - b, bool(seen)) for k, run in enumerate(runs) for b, e, seen in run]
    found = zip(spells.path, spells.begin, spells.length, spells.complete, strict=True)
    assert [(int(k), float(b), float(n), bool(c)) for k, b, n, c in found] == expected
    assert spells.share == pytest.approx(sum(n for _, _, n, _ in expected) / 900.0)

    returns = simulation.recurrences(phi)
    lengths = []
    for run in runs:
        begins = [b for b, _, _ in run]
        lengths += [e - b for b, e in pairwise([*begins, 3.0])]
    assert returns.length.tolist() == lengths
    assert int(returns.complete.sum()) == sum(max(len(run) - 1, 0) for run in runs)

    order = simulation.order(phi, psi)
    first = [
        [min((t for t, s in row if truth[s]), default=np.inf) for truth in (holds, also)]
        for row in rows
    ]
    assert order.time.tolist() == first
    assert order.first[phi] == sum(a < b for a, b in first) / 300
    assert order.together == sum(a == b < np.inf for a, b in first) / 300
    assert sum(order.first.values()) + order.together + order.none == pytest.approx(1.0)
    assert sum(share for _, share in order.sequences()) == pytest.approx(1.0)

    changes = simulation.changes()
    owners = [axis.owner or axis.name for axis in axes]
    for k, row in enumerate(rows):
        counted = dict.fromkeys(changes.names, 0)
        for (_, here), (_, there) in pairwise(row):
            one, two = conflict.space.position(here), conflict.space.position(there)
            moved = {o for o, a, b in zip(owners, one, two, strict=True) if a != b}
            assert len(moved) == 1
            counted[moved.pop()] += 1
        assert changes.count[k].tolist() == list(counted.values())

    number = " + ".join(f"({axes[0].name} >= {k})" for k in range(1, len(axes[0].levels)))
    spread = simulation.quantiles(number, [0.0, 1.3, 3.0], (0.1, 0.5, 1.0))
    for t, time in enumerate((0.0, 1.3, 3.0)):
        levels = sorted(
            conflict.space.position(max(v for v in row if v[0] <= time)[1])[0] for row in rows
        )
        assert spread.values[t].tolist() == [levels[29], levels[149], levels[299]]
        assert spread.mean[t] == pytest.approx(np.mean(levels))


@pytest.mark.parametrize("seed", range(6))
def test_who_is_first_agrees_with_the_exact_answer(seed: int) -> None:
    rng = np.random.default_rng([seed, 45])
    conflict = random_spec(rng, actors=2, largest=48).build()
    first, second = (conflict.space.axes[conflict.space.of(a)[0]].name for a in conflict.actors)
    phi, psi = f"{first} == 1 and {second} != 1", f"{second} == 1 and {first} != 1"
    starts = np.flatnonzero(conflict.where(f"not (({phi}) or ({psi}))"))
    start = int(rng.choice(starts))
    equilibrium = conflict.equilibrium()
    order = equilibrium.simulate(PATHS, 4.0, start, rng=seed).order(phi, psi)
    assert near(order.first[phi], equilibrium.probability(f"not ({psi}) U[0, 4] ({phi})", start))
    assert near(order.first[psi], equilibrium.probability(f"not ({phi}) U[0, 4] ({psi})", start))
    assert order.together == 0.0


def test_spells_and_returns_follow_their_laws() -> None:
    """A switch thrown at rate 1 and back at rate 3: both durations are known."""
    rates = np.array([[0.0, 1.0], [3.0, 0.0]])
    conflict = Conflict.build(
        {"us": {"offer": 2}}, {"us": np.zeros((2, 2))}, rates={"us": 0.0},
        conditions={"rain": {"levels": 2, "rate": np.stack([rates, rates])}},
    )  # fmt: skip
    simulation = conflict.equilibrium().simulate(3000, 8.0, 0, rng=5)
    spells = simulation.spells("rain == 1")
    for level in (0.1, 0.5, 0.9):
        exact = -np.log(1.0 - level) / 3.0
        error = np.sqrt(level * (1.0 - level) / spells.length.size) / (3.0 * (1.0 - level))
        assert abs(spells.quantile(level) - exact) < 4.0 * error

    returns = simulation.recurrences("rain == 1")
    years, lasting = returns.survival
    exact = (3.0 * np.exp(-years) - np.exp(-3.0 * years)) / 2.0
    well_seen = years < 3.0
    assert np.abs(lasting - exact)[well_seen].max() < 4.0 * 0.5 / np.sqrt(returns.length.size)
    ended = returns.length[returns.complete]
    assert np.quantile(ended, 0.9) < returns.quantile(0.9)

    counted = simulation.changes()
    assert counted.names == ("us", "rain")
    assert counted.mean["us"] == 0.0
    # At time t it rains with probability (1 - exp(-4 t)) / 4; the jump rate is 1 or 3.
    exact_mean = 8.0 + 2.0 * (8.0 - (1.0 - np.exp(-32.0)) / 4.0) / 4.0
    error = counted.count[:, 1].std() / np.sqrt(3000)
    assert abs(counted.mean["rain"] - exact_mean) < 4.0 * error


@pytest.mark.parametrize("paths", [1, 1000, 1024, 1025, 5000])
def test_the_number_of_threads_changes_nothing(paths: int) -> None:
    equilibrium = random_spec(np.random.default_rng(46)).build().equilibrium()
    start = int(np.flatnonzero(equilibrium.conflict.feasible)[0])
    one, two, many = (equilibrium.simulate(paths, 2.0, start, rng=9, workers=w) for w in (1, 2, 7))
    for other in (two, many):
        assert one.path.tobytes() == other.path.tobytes()
        assert one.time.tobytes() == other.time.tobytes()
        assert one.state.tobytes() == other.state.tobytes()
    assert one.paths == paths


def test_blocks_do_not_repeat_each_other() -> None:
    conflict = Conflict.build({"us": {"offer": 2}}, {"us": [0.0, 0.0]})
    simulation = conflict.equilibrium().simulate(4096, 50.0, 0, rng=1)
    waits = simulation.time[simulation.begin + 1]
    assert np.unique(waits).size == waits.size


@pytest.mark.parametrize("seed", range(20))
def test_alias_tables_hold_the_rates(seed: int) -> None:
    """Adds up each row's slots: every transition must have its share, to rounding."""
    rng = np.random.default_rng([seed, 47])
    size = int(rng.integers(2, 30))
    dense = rng.exponential(size=(size, size)) ** 4 * (rng.random((size, size)) < 0.5)
    np.fill_diagonal(dense, 0.0)
    rates = dense.copy()
    np.fill_diagonal(dense, -dense.sum(axis=1))
    begin, goal, other, cut, exits = alias_tables(csr_array(dense))
    assert exits == pytest.approx(rates.sum(axis=1))
    for row in range(size):
        chance = np.zeros(size)
        slots = range(begin[row], begin[row + 1])
        for k in slots:
            chance[goal[k]] += cut[k] / len(slots)
            chance[other[k]] += (1.0 - cut[k]) / len(slots)
        assert chance * exits[row] == pytest.approx(rates[row], abs=1e-12)


def test_paths_that_do_not_fit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.forecast._sampling.available_memory", lambda: 2**20)
    equilibrium = Conflict.build(
        {"us": {"offer": 2}}, {"us": [0.0, 0.0]}, rates={"us": 100.0}
    ).equilibrium()
    with pytest.raises(SizeError, match="fewer or shorter"):
        equilibrium.simulate(3000, 100.0, 0, rng=1)
    assert equilibrium.simulate(3, 1.0, 0, rng=1).paths == 3


def test_results_print_and_convert() -> None:
    conflict = Conflict.build({"us": {"offer": 3}}, {"us": [0.0, 1.0, 2.0]}, rates={"us": 3.0})
    simulation = conflict.equilibrium().simulate(400, 2.0, 0, rng=4)
    order = simulation.order("us.offer == 1", "us.offer == 2")
    spells, returns = simulation.spells("us.offer == 2"), simulation.recurrences("us.offer == 2")
    never = simulation.spells("us.offer < 0")
    found = [
        order,
        spells,
        returns,
        never,
        simulation.changes(),
        simulation.quantiles("2 * (us.offer == 2)"),
    ]
    for result in [simulation, *found]:
        assert str(result).strip()
        assert "nan" not in str(result)
        json.dumps(result.to_dict(), allow_nan=False)
        assert len(result.to_pandas()) >= 0
    assert never.length.size == 0
    assert "which comes first, 400 paths of 2 years" in str(order)
    assert "not within the paths" in str(never)
    assert never.to_dict()["quantiles"]["0.5"] is None


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda s: s.order(), "needs formulas"),
        (lambda s: s.order("us.ofer == 1"), "us.ofer"),
        (lambda s: s.spells("us.offer"), "formula"),
        (lambda s: s.quantiles("us.ofer"), "number 'us.ofer', column 1"),
        (lambda s: s.quantiles("2 * (us.offer == 1)", levels=(1.5,)), "levels"),
        (lambda s: s.quantiles("2 * (us.offer == 1)", levels=()), "levels"),
        (lambda s: s.quantiles("2 * (us.offer == 1)", times=()), "times is empty"),
        (lambda s: s.quantiles("2 * (us.offer == 1)", times=(9.0,)), "outside"),
        (lambda s: s.spells("us.offer == 1").quantile(1.0), "level is 1"),
    ],
)
def test_wrong_questions_are_refused(ask, message: str) -> None:
    conflict = Conflict.build({"us": {"offer": 2}}, {"us": [0.0, 1.0]})
    simulation = conflict.equilibrium().simulate(5, 1.0, 0, rng=1)
    with pytest.raises(InputError, match=message):
        ask(simulation)


def test_workers_below_one_are_refused() -> None:
    equilibrium = Conflict.build({"us": {"offer": 2}}, {"us": [0.0, 1.0]}).equilibrium()
    with pytest.raises(InputError, match="workers is 0"):
        equilibrium.simulate(5, 1.0, 0, workers=0)
