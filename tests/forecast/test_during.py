"""Interventions for a period against dense exponentials and an integrator of its own.

Would catch: a stretch in the wrong order, a hold that is not put in place or not let go, actors who
do not see the end coming or see it too late, costs left out of what they foresee.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from detente.conflict import Conflict
from detente.equilibrium import Equilibrium, intervene
from detente.errors import InputError


@pytest.fixture(scope="module")
def solved() -> Equilibrium:
    rng = np.random.default_rng(4)
    shape = (2, 2, 2)
    return Conflict.build(
        {"us": {"offer": 2}, "china": {"enforce": 2}},
        {"us": rng.normal(size=shape), "china": rng.normal(size=shape)},
        conditions={"weather": {"levels": 2, "rate": rng.uniform(0.2, 1.0, size=(*shape, 2))}},
        rates={"us": 2.0, "china": 1.0},
        precision={"us": 3.0, "china": 3.0},
        discount={"us": 0.3, "china": 0.2},
        costs={"us": {"offer": 0.2}, "china": {"enforce": 0.1}},
    ).equilibrium()


def absorbing(generator: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.where(right[:, None], 0.0, generator)


@pytest.mark.parametrize("high", [0.5, 1.2, 4.0])
def test_an_unannounced_period_is_three_chains_in_a_row(solved: Equilibrium, high: float) -> None:
    right = np.indices((2, 2, 2))[1].reshape(-1) == 1
    free = solved.generator().toarray()
    held = np.zeros((8, 8))
    inner = np.arange(4, 8)
    deaf = intervene(solved, {"us.offer": 1}, announced=False).generator().toarray()
    held[np.ix_(inner, inner)] = deaf
    put = np.zeros((8, 8))
    put[np.arange(8), np.arange(8) % 4 + 4] = 1.0
    begin, end = 0.7, 2.0
    values = right.astype(float)
    if high > end:
        values = expm(absorbing(free, right) * (high - end)) @ values
    if high > begin:
        values = expm(absorbing(held, right) * (min(high, end) - begin)) @ values
        values = put @ values
    values = expm(absorbing(free, right) * min(high, begin)) @ values
    for start in range(8):
        found = solved.probability(
            f"F[0, {high}] china.enforce == 1",
            start,
            do={"us.offer": 1},
            announced=False,
            during=(begin, end),
        )
        assert abs(found.value - values[start]) <= found.error + 1e-12
        assert found.error < 1e-10


def test_a_late_question_and_one_without_an_end(solved: Equilibrium) -> None:
    arm = {"do": {"us.offer": 1}, "announced": False, "during": (0.5, 1.0)}
    during = solved.probability("G[0.5, 1] us.offer == 1", 0, **arm)
    assert during.value == pytest.approx(1.0, abs=1e-11)
    after = solved.probability("F[3, 3] us.offer == 1", 0, **arm).value
    long = solved.distribution(50.0, 0)
    assert after == pytest.approx(long[1].sum(), abs=0.05)
    assert solved.probability("F us.offer == 1", 0, **arm).value == pytest.approx(1.0)


def test_what_changes_nothing_changes_nothing(solved: Equilibrium) -> None:
    """Nature is held where it already is, and cannot leave: everybody foresees the same."""
    still = Conflict.build(
        {"us": {"offer": 2}, "china": {"enforce": 2}},
        {"us": [[0.0, 1.0], [2.0, 0.5]], "china": [[0.0, 2.0], [1.0, 0.5]]},
        precision={"us": 2.0, "china": 2.0},
        rates={"us": 0.0, "china": 3.0},
        costs={"china": {"enforce": 0.3}},
    ).equilibrium()
    query = "F[0, 2] china.enforce == 1"
    plain = still.probability(query, 0).value
    found = still.probability(query, 0, do={"us.offer": 0}, during=(0.5, 1.5))
    assert found.value == pytest.approx(plain, abs=1e-8)


def test_a_period_without_an_end_in_sight_is_one_without_end(solved: Equilibrium) -> None:
    query = "F[0, 1.5] china.enforce == 1"
    for start in (4, 5):
        forever = solved.probability(query, start, do={"us.offer": 1}).value
        found = solved.probability(query, start, do={"us.offer": 1}, during=(0.0, 80.0))
        # Eighty years off, discounted at 0.2 a year, the end weighs e^-16.
        assert found.value == pytest.approx(forever, abs=1e-5)


def test_who_sees_the_end_coming_acts_on_it() -> None:
    """One actor, two levels, a condition held for a while: its values by an adaptive integrator."""
    utility = np.array([[0.0, 0.5], [1.0, -2.0]])  # [offer, weather]
    rate, beta, rho, cost = 3.0, 2.0, 0.5, 0.4
    equilibrium = Conflict.build(
        {"us": {"offer": 2}},
        {"us": utility},
        conditions={"weather": {"levels": 2, "rate": [0.0, 0.6]}},
        rates={"us": rate},
        precision={"us": beta},
        discount={"us": rho},
        costs={"us": {"offer": cost}},
    ).equilibrium()

    def odds(values: np.ndarray) -> np.ndarray:
        """Return the probability of changing the offer, [offer, weather]."""
        gain = values[::-1] - cost - values
        return 1.0 / (1.0 + np.exp(-beta * gain))

    def slope(values: np.ndarray, jump: float) -> np.ndarray:
        sigma = odds(values)
        out = utility - rho * values + rate * sigma * (values[::-1] - cost - values)
        out[:, 0] += jump * (values[:, 1] - values[:, 0])
        return out

    def both(_: float, packed: np.ndarray, jump: float) -> np.ndarray:
        values, hope = packed[:4].reshape(2, 2), packed[4:].reshape(2, 2)
        sigma = odds(values)
        change = rate * sigma * (hope[::-1] - hope)
        change[:, 0] += jump * (hope[:, 1] - hope[:, 0])
        change[1] = 0.0
        return np.concatenate([slope(values, jump).reshape(-1), change.reshape(-1)])

    begin, end, high = 0.4, 1.6, 2.5
    settled = equilibrium.value["us"]
    np.testing.assert_allclose(slope(settled, 0.6), 0.0, atol=1e-8)

    def carry(packed: np.ndarray, years: float, jump: float) -> np.ndarray:
        done = solve_ivp(both, (0.0, years), packed, args=(jump,), rtol=1e-11, atol=1e-12)
        return done.y[:, -1]

    hope = np.array([[0.0, 0.0], [1.0, 1.0]])

    def after(_: float, packed: np.ndarray) -> np.ndarray:
        return both(0.0, np.concatenate([settled.reshape(-1), packed]), 0.6)[4:]

    hope = solve_ivp(after, (0.0, high - end), hope.reshape(-1), rtol=1e-11, atol=1e-12).y[:, -1]
    packed = carry(np.concatenate([settled.reshape(-1), hope]), end - begin, 0.0)
    # When the period begins the weather is put to fair.
    packed = packed.reshape(2, 2, 2)
    packed[:, :, 1] = packed[:, :, 0]
    wanted = carry(packed.reshape(-1), begin, 0.6)[4:].reshape(2, 2)
    unaware = []
    for start in ([0, 0], [0, 1]):
        arm = {"do": {"weather": 0}, "during": (begin, end)}
        found = equilibrium.probability(f"F[0, {high}] us.offer == 1", start, **arm)
        assert found.value == pytest.approx(wanted[tuple(start)], abs=1e-4)
        assert abs(found.value - wanted[tuple(start)]) <= found.error + 1e-9
        query = f"F[0, {high}] us.offer == 1"
        deaf = equilibrium.probability(query, start, announced=False, **arm)
        unaware.append(abs(deaf.value - found.value))
    assert max(unaware) > 0.01


@pytest.mark.parametrize(
    ("arm", "message"),
    [
        ({"during": (1.0, 1.0), "do": {"us.offer": 1}}, "begins and ends"),
        ({"during": (-1.0, 1.0), "do": {"us.offer": 1}}, "begins and ends"),
        ({"during": (0.0, np.inf), "do": {"us.offer": 1}}, "begins and ends"),
        ({"during": (0.0, 1.0)}, "give do or set"),
        ({"during": (0.0, 1.0), "do": {"us.offer": 1}, "scope": "us.offer == 1"}, "leave out"),
        ({"during": (0.0, 1.0), "do": {"us.ofer": 1}}, "us.offer"),
    ],
)
def test_periods_that_make_no_sense_are_refused(solved: Equilibrium, arm, message: str) -> None:
    with pytest.raises(InputError, match=message):
        solved.probability("F[0, 1] us.offer == 1", 0, **arm)
