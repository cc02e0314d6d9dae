"""Long-run shares, times to an event and what is gathered, against rationals and closed forms.

Would catch: an elimination that subtracts and so loses rare rates, a recurrent class that is missed
or weighed wrongly, an iterative answer outside its stated error, a time that forgets the paths on
which the event never comes, a discount applied to the wrong clock, and a first-mover question that
counts the other side's move.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.sparse import csr_array

from detente.conflict import Conflict
from detente.equilibrium import Equilibrium
from detente.errors import AnalysisError, InputError
from detente.forecast import Chain, chain_of
from detente.forecast import _gth as gth
from detente.forecast import _linear as linear
from detente.forecast import _reach as reach
from detente.forecast._long_run import stationary
from random_conflicts import random_spec

SEEDS = range(25)


def exact_gather(rates: np.ndarray, exits: np.ndarray, columns: np.ndarray) -> list[list[Fraction]]:
    """Solve (D - R) x = c in rationals by Gauss-Jordan elimination."""
    n = len(exits)
    table = []
    for s in range(n):
        row = [-Fraction(float(x)) for x in rates[s]]
        row[s] = sum((Fraction(float(x)) for k, x in enumerate(rates[s]) if k != s), Fraction(0))
        row[s] += Fraction(float(exits[s]))
        table.append(row + [Fraction(float(c)) for c in columns[s]])
    for k in range(n):
        pivot = next(r for r in range(k, n) if table[r][k] != 0)
        table[k], table[pivot] = table[pivot], table[k]
        table[k] = [x / table[k][k] for x in table[k]]
        for r in range(n):
            if r != k and table[r][k] != 0:
                factor = table[r][k]
                table[r] = [x - factor * y for x, y in zip(table[r], table[k], strict=True)]
    return [row[n:] for row in table]


def stiff(rng: np.random.Generator, n: int) -> np.ndarray:
    """Return rates of a ring and some shortcuts, from 1e-14 to 1."""
    rates = np.where(rng.random((n, n)) < 0.4, 10.0 ** rng.uniform(-14, 0, (n, n)), 0.0)
    rates[np.arange(n), (np.arange(n) + 1) % n] = 10.0 ** rng.uniform(-14, 0, n)
    np.fill_diagonal(rates, 0.0)
    return rates


@pytest.mark.parametrize("seed", SEEDS)
def test_elimination_keeps_every_digit_of_rare_rates(seed: int) -> None:
    rng = np.random.default_rng([seed, 5])
    n = int(rng.integers(2, 9))
    rates, exits = stiff(rng, n), np.zeros(n)
    exits[rng.integers(n)] = 1e-14
    exits[rng.integers(n)] += 10.0 ** rng.uniform(-14, 0)
    columns = np.stack([exits * (rng.random(n) < 0.7), np.ones(n)], axis=1)
    found = gth.gather(rates, exits, columns)
    for row, wanted in zip(found, exact_gather(rates, exits, columns), strict=True):
        for value, exact in zip(row, wanted, strict=True):
            assert abs(Fraction(float(value)) - exact) <= Fraction(gth.SLACK) * 10 * exact


@pytest.mark.parametrize("seed", SEEDS)
def test_stationary_shares_are_those_of_rational_arithmetic(seed: int) -> None:
    rng = np.random.default_rng([seed, 6])
    n = int(rng.integers(2, 9))
    rates = stiff(rng, n)
    found = gth.stationary(rates)
    exact = [[Fraction(float(x)) for x in row] for row in rates]
    for s in range(n):
        exact[s][s] = -sum((x for k, x in enumerate(exact[s]) if k != s), Fraction(0))
    # pi Q = 0 with pi_0 = 1: the transposed system without its first equation.
    inner = np.array([[float(exact[j][i]) for j in range(1, n)] for i in range(1, n)])
    assert inner.shape == (n - 1, n - 1)
    table = [[exact[j][i] for j in range(1, n)] + [-exact[0][i]] for i in range(1, n)]
    for k in range(n - 1):
        pivot = next(r for r in range(k, n - 1) if table[r][k] != 0)
        table[k], table[pivot] = table[pivot], table[k]
        table[k] = [x / table[k][k] for x in table[k]]
        for r in range(n - 1):
            if r != k and table[r][k] != 0:
                factor = table[r][k]
                table[r] = [x - factor * y for x, y in zip(table[r], table[k], strict=True)]
    shares = [Fraction(1)] + [row[-1] for row in table]
    total = sum(shares)
    for value, share in zip(found, shares, strict=True):
        assert float(abs(Fraction(float(value)) - share / total)) <= 1e-13 * float(share / total)


def queue(up: float, down: float, top: int) -> Conflict:
    """Return a queue (M/M/1/K) as the levels of one condition."""
    rate = np.zeros((2, top + 1, top + 1))
    for k in range(top):
        rate[:, k, k + 1], rate[:, k + 1, k] = up, down
    return Conflict.build(
        {"us": {"wait": 2}},
        {"us": np.zeros((2, top + 1))},
        rates={"us": 0.0},
        conditions={"line": {"levels": top + 1, "rate": rate}},
    )


@pytest.mark.parametrize(("up", "down", "top"), [(0.7, 1.0, 6), (3.0, 2.0, 30), (0.01, 1.0, 5)])
def test_a_queue_settles_geometrically(up: float, down: float, top: int) -> None:
    found = queue(up, down, top).equilibrium().long_run(start=[0, 2])
    wanted = (up / down) ** np.arange(top + 1)
    wanted /= wanted.sum()
    np.testing.assert_allclose(found.share[0], wanted, rtol=1e-12)
    assert found.share[1].sum() == 0.0
    mean = found.of("line == 0")
    assert mean.value == pytest.approx(wanted[0], abs=mean.error + 1e-14)


def test_a_queue_is_full_after_the_time_of_the_textbook() -> None:
    """Birth and death: the expected time up one level solves h_k = 1/up + (down/up) h_{k-1}."""
    up, down, top = 0.5, 1.0, 12
    step, total = 1.0 / up, 0.0
    for _ in range(top):
        total += step
        step = 1.0 / up + down / up * step
    found = queue(up, down, top).equilibrium().expected_time(f"line == {top}", start=[0, 0])
    assert found.never == 0.0
    assert found.value == pytest.approx(total, rel=1e-12)
    assert "infinite" not in str(found)


@pytest.mark.parametrize("odds", [0.3, 0.5, 0.8])
def test_a_gambler_is_ruined_as_often_as_the_closed_form_says(odds: float) -> None:
    top = 9
    rate = np.zeros((2, top + 1, top + 1))
    for k in range(1, top):
        rate[:, k, k + 1], rate[:, k, k - 1] = odds, 1.0 - odds
    conflict = Conflict.build(
        {"us": {"wait": 2}},
        {"us": np.zeros((2, top + 1))},
        rates={"us": 0.0},
        conditions={"purse": {"levels": top + 1, "rate": rate}},
    )
    equilibrium = conflict.equilibrium()
    ratio = (1.0 - odds) / odds
    for begin in (1, 4, 8):
        wanted = begin / top if odds == 0.5 else (1 - ratio**begin) / (1 - ratio**top)
        start = [0, begin]
        wins = equilibrium.probability(f"F purse == {top}", start)
        assert wins.value == pytest.approx(wanted, rel=1e-12)
        settled = equilibrium.long_run(start)
        assert settled.of(f"purse == {top}").value == pytest.approx(wanted, rel=1e-12)
        assert sum(one.probability for one in settled.classes) == pytest.approx(1.0)
        time = equilibrium.expected_time(f"purse == {top}", start)
        assert time.value == np.inf
        assert time.never == pytest.approx(1.0 - wanted, rel=1e-12)
        assert time.to_dict()["value"] is None
        assert "infinite with probability" in str(time)
        if odds == 0.5:
            # Feller: given that it wins, a fair game lasts (top^2 - begin^2) / 3 steps.
            assert time.mean_if_ever == pytest.approx((top**2 - begin**2) / 3.0, rel=1e-12)
    with pytest.raises(AnalysisError, match="never holds"):
        equilibrium.expected_time("us.wait == 1", [0, 4])


def test_who_moves_first() -> None:
    """Two clocks of rates 3 and 1: the first is first with probability 3/4, whatever the end."""
    conflict = Conflict.build(
        {"us": {"move": 2}, "china": {"move": 2}},
        {"us": np.zeros((2, 2)), "china": np.zeros((2, 2))},
        rates={"us": 6.0, "china": 2.0},
        precision={"us": 0.0, "china": 0.0},
        moves={"us": {"move": "up"}, "china": {"move": "up"}},
    )
    equilibrium = conflict.equilibrium()
    first = equilibrium.probability("china.move == 0 U us.move == 1", 0)
    assert first.value == pytest.approx(0.75, abs=1e-14)
    soon = equilibrium.probability("china.move == 0 U[0, 0.5] us.move == 1", 0)
    assert soon.value == pytest.approx(0.75 * (1.0 - np.exp(-2.0)), abs=1e-12)


def large_chain(seed: int, n: int, rare: float = 0.02) -> tuple[Chain, np.ndarray]:
    """Return a sparse chain with more states than are eliminated, and its generator."""
    rng = np.random.default_rng(seed)
    generator = np.zeros((n, n))
    for s in range(n):
        goals = rng.choice(n, 5, replace=False)
        generator[s, goals] = rng.exponential(1.0, 5)
    generator[np.arange(n), (np.arange(n) + 1) % n] += rare
    np.fill_diagonal(generator, 0.0)
    np.fill_diagonal(generator, -generator.sum(axis=1))
    rate = float(-generator.diagonal().min())
    conflict = queue(1.0, 1.0, n // 2)
    step = csr_array(np.eye(n) + generator / rate)
    return Chain(conflict, np.arange(n), rate, step), generator


@pytest.mark.parametrize("seed", range(3))
def test_iterated_answers_lie_within_the_stated_error(seed: int) -> None:
    n = gth.LARGEST + 150
    chain, generator = large_chain(seed, n)
    rng = np.random.default_rng(seed)
    kind = rng.choice(3, n, p=[0.9, 0.05, 0.05])
    left, right = kind != 1, kind == 2
    value, error = reach.eventually(chain, left, right)
    inner = left & ~right
    exact = np.linalg.solve(
        generator[np.ix_(inner, inner)], -generator[np.ix_(inner, right)].sum(axis=1)
    )
    assert (np.abs(value[inner] - exact) <= error[inner] + 1e-13).all()
    assert 0.0 < error.max() < 1e-8

    reached, _, time, late = reach.time_until(chain, right)
    exact = np.linalg.solve(generator[np.ix_(~right, ~right)], -np.ones((~right).sum()))
    assert (reached == 1.0).all()
    assert (np.abs(time[~right] - exact) <= late[~right] + 1e-12 * exact).all()
    assert late.max() < 1e-6

    rates = csr_array(np.where(np.eye(n) > 0, 0.0, generator))
    shares, wrong = stationary(rates)
    assert np.abs(shares - gth.stationary(rates.toarray())).sum() <= wrong
    assert wrong < 1e-8


def test_a_bound_is_a_bound_when_the_iteration_stops_early() -> None:
    chain, generator = large_chain(9, 600)
    jumps = csr_array(np.clip(generator, 0.0, None)[:500, :500])
    leave = -generator.diagonal()[:500]
    embedded = csr_array(jumps / leave[:, None])
    side = np.linspace(0.0, 1.0, 500)[:, None] / leave[:, None]
    exact = np.linalg.solve(np.eye(500) - embedded.toarray(), side)
    for wanted in (1.0, 1e-2, 1e-5):
        found, bound = linear.solve(embedded, side, wanted)
        assert (np.abs(found - exact) <= bound).all()
    start = np.zeros(500)
    start[3] = 1.0
    visits, bound = linear.solve_forward(embedded, start, 1e-3)
    exact = np.linalg.solve(np.eye(500) - embedded.toarray().T, start)
    out = np.clip(1.0 - embedded.sum(axis=1), 0.0, None)
    assert abs(float((visits - exact) @ out)) <= bound
    assert chain.live.size == 600


@pytest.mark.parametrize("seed", SEEDS)
def test_random_conflicts_settle_where_a_long_time_takes_them(seed: int) -> None:
    rng = np.random.default_rng([seed, 31])
    equilibrium = random_spec(rng, largest=40, sharpness=1.0).build().equilibrium()
    generator = equilibrium.generator().toarray()
    live = equilibrium.conflict.feasible
    number = int(rng.integers(len(generator)))
    state = [int(k) for k in np.argwhere(live)[number]]
    late = expm(generator * 1e4)[number]
    found = equilibrium.long_run(state)
    np.testing.assert_allclose(found.share[live], late, atol=1e-6)
    assert found.share[~live].sum() == 0.0
    assert found.error < 1e-11
    assert sum(found.to_dict()["shares"][equilibrium.conflict.space.axes[0].name]) == pytest.approx(
        1.0
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_gathered_is_the_integral(seed: int) -> None:
    rng = np.random.default_rng([seed, 33])
    equilibrium = random_spec(rng, largest=40, sharpness=1.0).build().equilibrium()
    generator = equilibrium.generator().toarray()
    conflict, n = equilibrium.conflict, len(generator)
    axis = conflict.space.axes[0].name
    flow = 2.0 * (np.indices(conflict.shape)[0][conflict.feasible] == 0) - 0.7
    number = int(rng.integers(n))
    state = [int(k) for k in np.argwhere(conflict.feasible)[number]]
    text = f"2 * ({axis} == 0) - 0.7"
    for years, discount in ((0.0, 0.0), (3.0, 0.0), (0.4, 0.3), (40.0, 0.05), (np.inf, 0.2)):
        if np.isinf(years):
            exact = np.linalg.solve(discount * np.eye(n) - generator, flow)[number]
        else:
            double = np.zeros((n + 1, n + 1))
            double[:n, :n] = generator - discount * np.eye(n)
            double[:n, n] = flow
            exact = expm(double * years)[number, n]
        found = equilibrium.accumulated(text, years, state, discount=discount)
        assert abs(found.value - exact) <= found.error + 1e-9, (years, discount)
        assert found.error < 1e-8


@pytest.fixture(scope="module")
def small() -> Equilibrium:
    return queue(1.0, 2.0, 3).equilibrium()


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda eq: eq.accumulated("line == 0", -1.0, 0), "years is -1"),
        (lambda eq: eq.accumulated("line == 0", np.inf, 0), "nothing is discounted"),
        (lambda eq: eq.accumulated("line == 0", float("nan"), 0), "years is nan"),
        (lambda eq: eq.accumulated("line == 0", 1.0, 0, discount=-0.1), "discount is -0.1"),
        (lambda eq: eq.accumulated("lin == 0", 1.0, 0), "column 1.*line"),
        (lambda eq: eq.accumulated("1 / (line == 0)", 1.0, 0), "not a number at"),
        (lambda eq: eq.expected_time("line", 0), "compare it"),
        (lambda eq: eq.long_run("line == 9"), "no level"),
        (lambda eq: eq.long_run(np.ones((3, 3))), "shape"),
        (lambda eq: eq.long_run(np.full(eq.conflict.shape, 0.5)), "sum to one"),
    ],
)
def test_what_makes_no_sense_is_refused(small: Equilibrium, ask, message: str) -> None:
    with pytest.raises(InputError, match=message):
        ask(small)


def test_the_chain_of_a_formula_start_settles_as_its_parts_do(small: Equilibrium) -> None:
    mixed = small.long_run("line == 1").share
    parts = [small.long_run([k, 1]).share for k in range(2)]
    np.testing.assert_allclose(mixed, np.mean(parts, axis=0), atol=1e-13)
    assert chain_of(small).live.size == 8
