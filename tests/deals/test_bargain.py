"""Fair points against closed forms of the textbooks, the axioms, and a search over lotteries.

Would catch: a rule that depends on units or on the order of parties, a point off the frontier, a
climb that stops early, a mistaken ideal point.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.deals._bargain import RULES, bargain
from detente.deals._frontier import frontier
from detente.deals._no_change_flow import no_change_flow
from detente.errors import AnalysisError, InputError
from random_conflicts import random_spec


def splits(power: float, points: int = 20_001) -> np.ndarray:
    """Shares of a dollar: the first party's payoff is its share, the other's a power of its own."""
    share = np.linspace(0.0, 1.0, points)
    return np.column_stack([share, (1.0 - share) ** power])


@pytest.mark.parametrize("power", [1.0, 0.5, 0.25])
def test_nash_split_of_a_dollar(power):
    """Maximise x (1 - x)^r: the first gets 1 / (1 + r), so risk aversion costs."""
    found = bargain(splits(power), [0.0, 0.0], "nash", mixed=False)
    assert found.payoff[0] == pytest.approx(1.0 / (1.0 + power), abs=1e-4)


@pytest.mark.parametrize("rule", ["kalai_smorodinsky", "egalitarian"])
def test_other_splits_of_a_dollar(rule):
    """Both rules want x = (1 - x)^(1/2), since both ideals are one: the golden section."""
    found = bargain(splits(0.5), [0.0, 0.0], rule, mixed=False)
    assert found.payoff[0] == pytest.approx((np.sqrt(5.0) - 1.0) / 2.0, abs=1e-4)


def test_battle_of_the_sexes():
    """Payoffs (2, 1), (1, 2), (0, 0): even odds over the first two, 1.5 each, by every rule."""
    for rule in RULES:
        found = bargain([[2, 1], [1, 2], [0, 0], [0, 0]], [0, 0], rule)
        assert found.payoff == pytest.approx([1.5, 1.5], abs=1e-7)
        assert {row for row, _ in found.mix} == {0, 1}


def test_bill_and_jack():
    """Nash's own example (1950): nine goods, and Bill gives book, whip, ball and bat for three.

    Utilities to Bill and Jack; Bill owns the first five, Jack the other four. Nash finds that Bill
    gives book, whip, ball and bat and gets pen, toy and knife: gains of 24 - 12 and 11 - 6.
    """
    bill = np.array([2, 2, 2, 2, 4, 10, 4, 6, 2])
    jack = np.array([4, 2, 1, 2, 1, 1, 1, 2, 2])
    to_bill = np.array(np.unravel_index(np.arange(512), (2,) * 9)).T
    payoffs = np.column_stack([to_bill @ bill, (1 - to_bill) @ jack])
    today = [bill[:5].sum(), jack[5:].sum()]
    found = bargain(payoffs, today, "nash", mixed=False)
    assert found.gain.tolist() == [12.0, 5.0]
    assert to_bill[found.mix[0][0]].tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 0]


@st.composite
def problems(draw):
    parties = draw(st.integers(2, 4))
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(draw(st.integers(2, 30)), parties))
    if draw(st.booleans()):
        points = np.round(points, 1)
    disagreement = points.mean(axis=0) - rng.uniform(0.01, 1.0, parties)
    return points, disagreement, rng


@settings(max_examples=25, deadline=None)
@given(problems())
def test_axioms_over_lotteries(problem):
    """Individually rational, Pareto, symmetric, and free of units and origins where promised."""
    points, disagreement, rng = problem
    parties = points.shape[1]
    factor, origin = rng.uniform(0.1, 10.0, parties), rng.normal(size=parties)
    order = rng.permutation(parties)
    for rule in RULES:
        found = bargain(points, disagreement, rule)
        assert sum(w for _, w in found.mix) == pytest.approx(1.0)
        assert (found.gain >= -1e-7).all()
        assert frontier(np.vstack([points, found.payoff]), mixed=True, tolerance=1e-5)[-1]
        renamed = bargain(points[:, order], disagreement[order], rule)
        assert renamed.payoff == pytest.approx(found.payoff[order], abs=1e-5)
        scale = factor if rule != "egalitarian" else factor[0]
        other = bargain(points * scale + origin, disagreement * scale + origin, rule)
        assert other.gain == pytest.approx(found.gain * scale, abs=1e-4 * np.max(factor))


@settings(max_examples=60, deadline=None)
@given(problems())
def test_rules_say_what_they_promise(problem):
    """Nash: no direction helps the product. Egalitarian: the least gain cannot be raised."""
    points, disagreement, rng = problem
    gains = points - disagreement
    lotteries = rng.dirichlet(np.full(len(points), 0.3), size=2_000) @ gains
    lotteries = lotteries[(lotteries > 0.0).all(axis=1)]
    nash = bargain(points, disagreement, "nash").gain
    assert (gains @ (1.0 / nash)).max() <= gains.shape[1] + 1e-6
    even = bargain(points, disagreement, "egalitarian").gain
    fair = bargain(points, disagreement, "kalai_smorodinsky").gain
    if len(lotteries):
        assert lotteries.min(axis=1).max() <= even.min() + 1e-7
        ideal = lotteries.max(axis=0)
        assert (fair / ideal).min() >= 0.0
        assert np.log(lotteries).sum(axis=1).max() <= np.log(nash).sum() + 1e-7


@settings(max_examples=60, deadline=None)
@given(problems())
def test_single_agreements_by_definition(problem):
    """Without lotteries the chosen row is the best row by the rule's own measure."""
    points, disagreement, _ = problem
    gains = points - disagreement
    able = gains[(gains >= 0.0).all(axis=1)]
    if not len(able) or (able.max(axis=0) <= 0.0).any():
        with pytest.raises(AnalysisError, match="better off"):
            bargain(points, disagreement, mixed=False)
        return
    ideal = able.max(axis=0)
    measure = {
        "nash": able.prod(axis=1).max(),
        "kalai_smorodinsky": (able / ideal).min(axis=1).max(),
        "egalitarian": able.min(axis=1).max(),
    }
    got = {rule: bargain(points, disagreement, rule, mixed=False).gain for rule in RULES}
    assert got["nash"].prod() == pytest.approx(measure["nash"])
    assert (got["kalai_smorodinsky"] / ideal).min() == pytest.approx(measure["kalai_smorodinsky"])
    assert got["egalitarian"].min() == pytest.approx(measure["egalitarian"])


@settings(max_examples=80, deadline=None)
@given(problems())
def test_frontier_by_definition(problem):
    """A point is efficient when no other is at least as good for all and better for one."""
    points, _, _ = problem
    expected = [not any((q >= p).all() and (q > p).any() for q in points) for p in points]
    assert frontier(points).tolist() == expected


def test_monotone_in_the_ideal():
    """More for one party at every level of the others never costs it, by Kalai-Smorodinsky."""
    small = np.array([[1.0, 0.0], [0.0, 1.0], [0.7, 0.7]])
    large = np.vstack([small, [1.0, 0.7]])
    before = bargain(small, [0, 0], "kalai_smorodinsky").payoff
    after = bargain(large, [0, 0], "kalai_smorodinsky").payoff
    assert after[0] >= before[0] - 1e-9


@pytest.mark.parametrize(
    ("payoffs", "disagreement", "rule", "words"),
    [
        ([[1, 2]], [0], "nash", "each of the 2"),
        ([[1, float("nan")]], [0, 0], "nash", "finite"),
        ([1, 2], [0, 0], "nash", "table"),
        ([[1, 2]], [0, 0], "fair", "use a rule: nash"),
    ],
)
def test_refused(payoffs, disagreement, rule, words):
    with pytest.raises(InputError, match=words):
        bargain(payoffs, disagreement, rule)


def test_nothing_to_gain():
    with pytest.raises(AnalysisError, match="no agreement"):
        bargain([[1, -1], [-1, 1]], [0.5, 0.5])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_kept_flow_by_long_double_loop(seed):
    """The value of kept options solves its own equation at every feasible state."""
    conflict = random_spec(np.random.default_rng(seed)).build()
    found = no_change_flow(conflict)
    space = conflict.space
    for actor in conflict.actors:
        value = found[actor] / conflict.discount[actor]
        for s in np.flatnonzero(conflict.feasible):
            here = space.position(int(s))
            left = conflict.discount[actor] * value[here]
            right = conflict.utility[actor][here]
            for k, jumps in zip(space.conditions, conflict.jumps, strict=True):
                for to in range(space.shape[k]):
                    rate = jumps[(*here, to)]
                    if to != here[k] and rate > 0.0:
                        there = (*here[:k], to, *here[k + 1 :])
                        right += rate * (value[there] - value[here])
            assert left == pytest.approx(right, abs=1e-9)
