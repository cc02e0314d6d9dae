"""The branch of logit equilibria is the one from zero precision, however it bends.

Would catch: a step that leaps from the branch to another one, where both pass close by. The check
traces log odds, not log-probabilities, in steps so small that none can leap.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from detente.conflict import Conflict
from detente.errors import AnalysisError
from detente.interop import read_nfg
from detente.oneshot._quantal import Trace, _Curve

BATCHES = int(os.environ.get("DETENTE_BATCHES", "3"))
GAMES = Path(__file__).parent / "games"
Array = NDArray[np.float64]


def mixes(odds: Array, rows: int) -> tuple[Array, Array]:
    found = []
    for part in (odds[: rows - 1], odds[rows - 1 :]):
        raw = np.exp(np.append(0.0, part) - max(0.0, part.max()))
        found.append(raw / raw.sum())
    return found[0], found[1]


def equations(point: Array, first: Array, second: Array) -> tuple[Array, Array]:
    """Return log odds less precision times gains, and the derivatives."""
    rows = len(first)
    p, q = mixes(point[:-1], rows)
    gains = np.concatenate([(first[1:] - first[0]) @ q, (second[:, 1:] - second[:, :1]).T @ p])
    slope = np.eye(point.size - 1, point.size)
    move_p, move_q = (np.diag(m) - np.outer(m, m) for m in (p, q))
    slope[: rows - 1, rows - 1 : -1] -= point[-1] * (first[1:] - first[0]) @ move_q[:, 1:]
    slope[rows - 1 :, : rows - 1] -= point[-1] * (second[:, 1:] - second[:, :1]).T @ move_p[:, 1:]
    slope[:, -1] = -gains
    return point[:-1] - point[-1] * gains, slope


def fine_trace(first: Array, second: Array, top: float, step: float = 0.02) -> tuple[Array, Array]:
    """Return both mixes where the branch first reaches a precision."""
    point = np.zeros(sum(first.shape) - 1)
    along = np.eye(point.size)[-1]
    for _ in range(100_000):
        across = np.linalg.solve(
            np.vstack([equations(point, first, second)[1], along]), np.eye(point.size)[-1]
        )
        along = across / np.linalg.norm(across)
        before, point = point, point + step * along
        for _ in range(20):
            residual, slope = equations(point, first, second)
            if np.abs(residual).max() < 1e-11:
                break
            point = point - np.linalg.solve(np.vstack([slope, along]), np.append(residual, 0.0))
        if point[-1] >= top:
            share = (top - before[-1]) / (point[-1] - before[-1])
            point = before + share * (point - before)
            point[-1] = top
            for _ in range(20):
                residual, slope = equations(point, first, second)
                point[:-1] -= np.linalg.solve(slope[:, :-1], residual)
            return mixes(point[:-1], first.shape[0])
    raise AssertionError("the fine trace did not arrive")


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_branch_is_that_of_a_fine_trace(batch: int) -> None:
    """Ten games a batch, two to four choices a side, some with payoffs that nearly tie."""
    rng = np.random.default_rng([batch, 91])
    for _ in range(10):
        shape = tuple(rng.integers(2, 5, 2))
        first, second = rng.normal(size=(2, *shape)) * rng.choice([1.0, 2.0])
        if rng.random() < 0.3:
            first, second = np.round(2 * first) + 0.3 * first, np.round(2 * second)
        top = float(rng.choice([1.0, 2.0, 4.0]))
        game = Conflict.build(
            {"a": {"act": shape[0]}, "b": {"act": shape[1]}}, {"a": first, "b": second}
        ).one_shot()
        found = game.qre(top)
        for mix, wanted in zip(found.mix.values(), fine_trace(first, second, top), strict=True):
            assert mix == pytest.approx(wanted, abs=1e-7)


@pytest.mark.parametrize("leaps", [1, 2, 9])
def test_a_trace_that_others_contradict_is_not_believed(
    leaps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first traces end anywhere: the answer is that of the next two, or there is none."""
    follow, traces = _Curve.follow, []

    def leaping(curve: _Curve) -> Trace:
        end, points, folds = follow(curve)
        traces.append(len(points))
        return (points[len(traces)] if len(traces) <= leaps else end), points, folds

    game = read_nfg((GAMES / "qre_branch_3x3.nfg").read_text("utf-8")).one_shot()
    expected = game.qre(3.0)
    assert expected.retraced <= 1e-6
    monkeypatch.setattr(_Curve, "follow", leaping)
    if leaps == 9:
        with pytest.raises(AnalysisError, match=r"so close by another .*; lower the precision"):
            game.qre(3.0)
    else:
        assert game.qre(3.0).mix["a"] == pytest.approx(expected.mix["a"], abs=1e-9)
        assert len(traces) == leaps + 2
    assert traces == sorted(traces)


@pytest.mark.parametrize(
    ("name", "precision", "first", "second"),
    [
        ("qre_branch_2x2", 2.0, [0.08972, 0.91028], [0.97445, 0.02555]),
        ("qre_branch_3x3", 3.0, [0.3469, 0.26052, 0.39258], [0.31856, 0.07926, 0.60218]),
    ],
)
def test_branches_that_pass_close_by_another(
    name: str, precision: float, first: list[float], second: list[float]
) -> None:
    game = read_nfg((GAMES / f"{name}.nfg").read_text("utf-8")).one_shot()
    found = game.qre(precision)
    assert found.mix["a"] == pytest.approx(first, abs=5e-6)
    assert found.mix["b"] == pytest.approx(second, abs=5e-6)
    finely = fine_trace(game.payoff["a"], game.payoff["b"], precision)
    assert found.mix["a"] == pytest.approx(finely[0], abs=1e-8)
    assert found.mix["b"] == pytest.approx(finely[1], abs=1e-8)
