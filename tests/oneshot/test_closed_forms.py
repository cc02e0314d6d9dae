"""One-shot games whose answers the literature gives in closed form, and the page that tells them.

Would catch: payoffs that land at the wrong actor or profile, equilibria that depend on what they
must not depend on, and a logit branch that ends elsewhere than the fixed point.
"""

from __future__ import annotations

import doctest
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import brentq

from detente.conflict import Conflict

PAGE = Path(__file__).parents[2] / "docs" / "oneshot.md"


def test_the_page_says_what_happens() -> None:
    found = doctest.testfile(str(PAGE), module_relative=False)
    assert found.attempted > 5
    assert found.failed == 0


@pytest.mark.parametrize("odds", [0.35, 0.5, 0.7])
@pytest.mark.parametrize(("own_cost", "highest"), [(0.05, 0.4), (0.1, 0.3), (0.35, 0.3)])
def test_the_offer_that_risks_war(odds: float, own_cost: float, highest: float) -> None:
    """Fearon (1995): the risk-return trade-off of an offer to a side of unknown cost of war.

    The proposer offers x of a pie of 1; the other side wins a war with probability ``odds`` at a
    cost drawn evenly from 0 to ``highest``, and accepts what is worth no less than war.
    The best offer is odds - (highest - own_cost) / 2, or odds - 0 where its own cost is the higher.
    The other side's choice is how much more than its war value to insist on; insisting on nothing
    more is never worse than anything else.
    """
    types = (np.arange(2000) + 0.5) / 2000 * highest
    offers = odds + np.linspace(-highest, 0.0, 61)
    insist = np.linspace(-0.2, 0.2, 5)
    accepts = offers[:, None, None] >= odds - types + insist[:, None]
    proposer = np.where(accepts, 1.0 - offers[:, None, None], 1.0 - odds - own_cost).mean(axis=2)
    other = np.where(accepts, offers[:, None, None], odds - types).mean(axis=2)
    game = Conflict.build(
        {"proposer": {"offer": 61}, "other": {"insist": 5}}, {"proposer": proposer, "other": other}
    ).one_shot()
    straight = [cell for cell in game.pure().cells.tolist() if insist[cell[1]] == 0.0]
    best = odds - max(highest - own_cost, 0.0) / 2.0
    assert len(straight) >= 1
    assert all(abs(offers[x] - best) <= offers[1] - offers[0] for x, _ in straight)
    assert (other[:, 2][:, None] >= other - 1e-12).all()


@pytest.mark.parametrize(
    "payoffs", [(5.0, 3.0, 1.0, 0.0), (4.0, 3.0, 2.0, 1.0), (9.0, 5.0, 1.0, -2.0)]
)
def test_grim_retaliation_needs_patience(payoffs: tuple[float, float, float, float]) -> None:
    """Mutual grim trigger is an equilibrium iff delta >= (T - R) / (T - P)."""
    temptation, reward, punishment, sucker = payoffs
    threshold = (temptation - reward) / (temptation - punishment)
    for delta in (*np.linspace(0.02, 0.98, 25), threshold - 1e-6, threshold + 1e-6):
        pays = np.array(
            [
                [reward, (1 - delta) * sucker + delta * punishment],
                [(1 - delta) * temptation + delta * punishment, punishment],
            ]
        )
        names = {"plan": ["grim", "defect"]}
        game = Conflict.build({"row": names, "col": names}, {"row": pays, "col": pays.T}).one_shot()
        stable = {"row.plan": "grim", "col.plan": "grim"} in game.pure().states()
        assert stable == (delta >= threshold)
        assert {"row.plan": "defect", "col.plan": "defect"} in game.pure().states()


@pytest.mark.parametrize("seed", range(10))
def test_fines_move_the_inspector_not_the_target(seed: int) -> None:
    """Tsebelis (1989): each mix depends on the payoffs of the other side only."""
    rng = np.random.default_rng(seed)
    gain, fine, visit, harm = rng.uniform([1, 3, 0.2, 2], [2, 9, 1, 5])

    def solve(gain: float, fine: float, visit: float, harm: float) -> tuple[float, float]:
        (only,) = Conflict.build(
            {"target": {"rule": ["keep", "break"]}, "inspector": {"visit": ["no", "yes"]}},
            {
                "target": [[0.0, 0.0], [gain, gain - fine]],
                "inspector": [[0.0, -visit], [-harm, -visit]],
            },
        ).one_shot().mixed()  # fmt: skip
        return float(only.mix["target"][1]), float(only.mix["inspector"][1])

    broken, searched = solve(gain, fine, visit, harm)
    assert broken == pytest.approx(visit / harm)
    assert searched == pytest.approx(gain / fine)
    assert solve(gain, 3 * fine, visit, harm) == pytest.approx((broken, searched / 3))
    assert solve(gain, fine, visit / 2, harm) == pytest.approx((broken / 2, searched))


@pytest.mark.parametrize("seed", range(10))
def test_a_threat_deters_from_a_credibility_on(seed: int) -> None:
    """Zagare & Kilgour (1993): asymmetric deterrence with an uncertain defender.

    A hard defender would rather fight than concede, a soft one not. The status quo survives iff the
    defender is hard with a probability of at least (win - status quo) / (win - conflict), in the
    challenger's values. Either kind of defender is an actor of its own.
    """
    rng = np.random.default_rng(seed)
    conflict, quo, win = np.sort(rng.normal(size=3))
    threshold = (win - quo) / (win - conflict)
    for hard in (threshold - 0.01, threshold + 0.01):
        challenger = np.empty((2, 2, 2))
        challenger[0] = quo
        for a, b in np.ndindex(2, 2):
            after = [conflict if reply else win for reply in (a, b)]
            challenger[1, a, b] = hard * after[0] + (1 - hard) * after[1]
        tough, soft = np.zeros((2, 2, 2)), np.zeros((2, 2, 2))
        tough[1, 0], tough[1, 1] = -2.0, -1.0
        soft[1, :, 0], soft[1, :, 1] = -1.0, -2.0
        reply = {"reply": ["concede", "defend"]}
        game = Conflict.build(
            {"challenger": {"act": ["keep", "challenge"]}, "hard": reply, "soft": reply},
            {"challenger": challenger, "hard": tough, "soft": soft},
        ).one_shot()
        told = {"challenger.act": "keep", "hard.reply": "defend", "soft.reply": "concede"}
        assert (told in game.pure().states()) == (hard >= threshold)


@pytest.mark.parametrize("prize", [1.0, 4.0, 9.0, 36.0])
@pytest.mark.parametrize("precision", [0.0, 0.3, 1.0, 3.0, 20.0, 300.0])
def test_asymmetric_matching_pennies(prize: float, precision: float) -> None:
    """McKelvey & Palfrey's (1995) fixed point, here by bisection in one unknown."""

    def logit(gain: float) -> float:
        return float(1.0 / (1.0 + np.exp(-np.clip(precision * gain, -700, 700))))

    def col_of(row: float) -> float:
        return logit((1.0 - row) - row)

    def row_of(col: float) -> float:
        return logit(prize * col - (1.0 - col))

    row = brentq(lambda p: row_of(col_of(p)) - p, 0.0, 1.0, xtol=1e-14)
    sides = {"side": ["heads", "tails"]}
    game = Conflict.build(
        {"row": sides, "col": sides},
        {"row": [[prize, 0.0], [0.0, 1.0]], "col": [[0.0, 1.0], [1.0, 0.0]]},
    ).one_shot()
    found = game.qre(precision)
    assert found.mix["row"][0] == pytest.approx(row, abs=1e-8)
    assert found.mix["col"][0] == pytest.approx(col_of(row), abs=1e-7)
    (nash,) = game.mixed()
    assert nash.mix["row"][0] == pytest.approx(0.5)
    assert nash.mix["col"][0] == pytest.approx(1.0 / (1.0 + prize))
