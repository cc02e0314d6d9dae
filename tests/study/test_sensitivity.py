"""Sobol indices, Morris effects and tornadoes against functions whose answers are known.

Ishigami, Sobol's g and a linear function have indices in closed form; the intervals must hold them
as often as they say. Catches: first order and total mixed up, columns shifted, terms left
uncentred, intervals too narrow (as a bootstrap of points that are made to even each other out), a
block with a gap that is used all the same, answers in another order than the points.

The environment variable ``DETENTE_BATCHES`` multiplies the number of repetitions (1 without it).
"""

from __future__ import annotations

import json
import os

import numpy as np
import pytest

from detente.errors import AnalysisError, InputError
from detente.study import Design
from detente.study._designs.morris import morris_points
from detente.study._designs.saltelli import saltelli_points
from detente.study.sensitivity import morris_effects, sobol_indices, tornado
from detente.text._numbers import MINUS

BATCHES = int(os.environ.get("DETENTE_BATCHES", "1"))


def ishigami(x):
    a, b, c = (np.pi * (2 * x - 1)).T
    return np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)


def ishigami_indices():
    one = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2
    two = 49 / 8
    both = 0.1**2 * np.pi**8 * (1 / 18 - 1 / 50)
    total = one + two + both
    return np.array([one, two, 0]) / total, np.array([one + both, two, both]) / total


G = np.array([0, 1, 4.5, 9, 99, 99])


def sobol_g(x):
    return np.prod((np.abs(4 * x - 2) + G) / (1 + G), axis=1)


def sobol_g_indices():
    parts = 1 / (3 * (1 + G) ** 2)
    whole = np.prod(1 + parts) - 1
    return parts / whole, parts * np.prod(1 + parts) / (1 + parts) / whole


SLOPES = np.array([3.0, 1.0, 0.0, -2.0])


def linear(x):
    return 100 + x @ SLOPES


def linear_indices():
    shares = SLOPES**2 / (SLOPES**2).sum()
    return shares, shares


KNOWN = [
    (ishigami, 3, ishigami_indices()),
    (sobol_g, 6, sobol_g_indices()),
    (linear, 4, linear_indices()),
]


def names(count):
    return [f"x{k}" for k in range(count)]


@pytest.mark.parametrize(("function", "axes", "known"), KNOWN)
def test_sobol_indices_are_those_in_closed_form(function, axes, known):
    points = saltelli_points(8192 * (axes + 2), axes, 1)
    found = sobol_indices(names(axes), points, function(points))
    np.testing.assert_allclose(found.first, known[0], atol=0.02)
    np.testing.assert_allclose(found.total, known[1], atol=0.02)
    assert found.blocks == 8192
    assert found.variance == pytest.approx(function(np.random.default_rng(1).random(points.shape))
                                           .var(), rel=0.05)  # fmt: skip


@pytest.mark.parametrize("blocks", [64, 250])
@pytest.mark.parametrize(("function", "axes", "known"), KNOWN)
def test_intervals_hold_the_known_indices_as_often_as_they_say(function, axes, known, blocks):
    """At the nominal 95 %, for each input by itself: the least of them fail first."""
    repetitions = 150 * BATCHES
    inside = np.zeros((2, axes))
    for seed in range(repetitions):
        points = saltelli_points(blocks * (axes + 2), axes, seed)
        found = sobol_indices(names(axes), points, function(points))
        for kind, ranges in enumerate((found.first_range, found.total_range)):
            low, high = ranges.T
            inside[kind] += (low - 1e-12 <= known[kind]) & (known[kind] <= high + 1e-12)
    assert (inside / repetitions).mean() >= 0.93
    assert (inside / repetitions).min() >= 0.9


def of_ishigami(blocks, change=lambda answers: answers):
    points = saltelli_points(blocks * 5, 3, 1)
    return sobol_indices(names(3), points, change(ishigami(points)))


def test_sobol_intervals_are_no_wider_than_the_answers_vary():
    """An interval that held everything would pass the test above."""
    found = of_ishigami(256)
    assert np.ptp(found.first_range, axis=1).max() < 0.5
    wide = of_ishigami(16)
    assert (np.ptp(wide.first_range, axis=1) > np.ptp(found.first_range, axis=1)).all()


def test_a_block_with_a_gap_is_left_out_and_counted():
    points = saltelli_points(304 * 5, 3, 1)
    answers = ishigami(points)
    gaps = answers.copy()
    gaps[[7, 8, 603]] = np.nan
    blocks = np.delete(answers.reshape(304, 5), [1, 120], axis=0)
    found = sobol_indices(names(3), points, gaps)
    a, mixed, b = blocks[:, 0], blocks[:, 2], blocks[:, -1]
    variance = np.var(np.concatenate([a, b]))
    assert found.variance == pytest.approx(variance, rel=1e-9)
    assert found.total[1] == pytest.approx(((a - mixed) ** 2).mean() / 2 / variance, rel=1e-9)
    assert (found.blocks, found.dropped) == (302, 2)
    assert "2 left out for a missing answer" in str(found)


def test_indices_do_not_depend_on_where_the_answers_lie():
    one, other = of_ishigami(200), of_ishigami(200, lambda y: 1e4 - 3 * y)
    np.testing.assert_allclose(one.first, other.first, atol=1e-9)
    np.testing.assert_allclose(one.total_range, other.total_range, atol=1e-9)


def test_an_answer_that_never_changes_turns_on_nothing():
    found = of_ishigami(10, lambda y: np.full(50, 0.1) + 1e-17)
    assert found.variance == 0
    assert not found.first.any()
    assert not found.total_range.any()
    assert str(found).endswith("the answer never changes")
    assert found.sentence == "the answer never changes"
    json.dumps(found.to_dict(), allow_nan=False)


def test_never_changes_is_said_of_all_points_only():
    """Of the crossed points too, and of those in blocks that were left out."""

    def crossed(y):
        y = np.zeros_like(y)
        y[[11, 18]] = 1.0
        return y

    found = of_ishigami(10, crossed)
    assert "changes at 2 of 30 crossed points and nowhere else" in str(found)
    assert np.isnan(found.total).all()
    assert found.to_dict()["inputs"][0]["total"] is None
    assert "never" not in str(found)

    def left_out(y):
        y = np.zeros_like(y)
        y[11], y[12] = 1.0, np.nan
        return y

    found = of_ishigami(10, left_out)
    assert "blocks only that were left out" in str(found)
    assert "never" not in str(found)


@pytest.mark.parametrize(("function", "axes", "_known"), KNOWN)
def test_answers_in_another_order_than_the_points_are_noticed(function, axes, _known):
    for blocks in (100, 400):
        points = saltelli_points(blocks * (axes + 2), axes, 1)
        answers = function(points)
        other = np.random.default_rng(blocks).permutation(len(points))
        with pytest.raises(InputError, match=r"not blocks .* in the order of the draws"):
            sobol_indices(names(axes), points[other], answers[other])
        with pytest.raises(InputError, match="points have shape"):
            sobol_indices(names(axes), points[: axes + 2], answers)
        shuffled = sobol_indices(names(axes), points, answers[other])
        assert "not in the order of the points" in str(shuffled)
        assert sobol_indices(names(axes), points, answers).remark == ""


def test_the_largest_are_named_in_a_line():
    found = of_ishigami(256)
    low, high = found.total_range[0]
    assert found.sentence.startswith(
        f"largest total indices: x0 {found.total[0]:.2f} ({low:.2f} to {high:.2f}), x1 "
    )
    assert list(found.to_pandas().index) == names(3)
    points = morris_points(50 * 5, 4, 1)
    effects = morris_effects(names(4), points, linear(points))
    assert effects.sentence == (
        "largest mean effects mu*: x0 3.0 (3.0), x3 2.0 (2.0) and x1 1.0 (1.0)"
    )


@pytest.mark.parametrize(
    ("answers", "error", "message"),
    [
        (np.zeros(9), InputError, "9 answers are not a whole number of blocks of 5"),
        (np.zeros(0), InputError, "0 answers"),
        (np.r_[np.full(9, np.nan), 1], AnalysisError, "0 of 2 blocks have all their answers"),
        (np.r_[np.full(5, np.inf), np.zeros(5)], AnalysisError, "1 of 2 blocks"),
    ],
)
def test_answers_that_do_not_fit_are_refused(answers, error, message):
    with pytest.raises(error, match=message):
        sobol_indices(names(3), saltelli_points(10, 3, 1), answers)


def test_points_that_are_no_trajectories_are_refused():
    with pytest.raises(InputError, match="not trajectories"):
        morris_effects(names(3), np.random.default_rng(1).random((8, 3)), np.zeros(8))
    with pytest.raises(InputError, match="points have shape"):
        morris_effects(names(3), np.zeros((4, 3)), np.zeros(8))
    with pytest.raises(InputError, match="level is 95"):
        morris_effects(names(3), np.zeros((4, 3)), np.zeros(4), level=95)


def of_tornado(answers_of, levels=None):
    rows = np.array([[1, 5, 0], [0, 5, 0], [2, 5, 0], [1, 4, 0], [1, 7, 0], [1, 5, 1], [1, 5, 2]])
    design = Design(
        ("x", "y", "who"), rows.astype(float), 1, "tornado", levels={"who": ("a", "b", "c")}
    )
    return tornado(design, answers_of(rows.astype(float)))


def test_a_tornado_ranks_bars_and_names_the_inputs_at_their_ends():
    found = of_tornado(lambda r: r[:, 0] - 2 * r[:, 1] + np.array([0, 8, -1])[r[:, 2].astype(int)])
    assert found.base == -9
    assert [(b.name, b.low, b.high, b.at_low, b.at_high) for b in found.bars] == [
        ("who", "c", "b", -10, -1),
        ("y", 4, 7, -7, -13),
        ("x", 0, 2, -10, -8),
    ]
    assert f"y      {MINUS}7 at 4, {MINUS}13 at 7" in str(found)
    assert list(found.to_pandas()["input"]) == ["who", "y", "x"]
    assert found.sentence.replace(MINUS, "-") == (
        "as stated -9; who -10 to -1, y -7 to -13 and x -10 to -8"
    )


def test_a_tornado_with_gaps_says_nothing_where_it_knows_nothing():
    def gaps(rows):
        answers = rows.sum(axis=1)
        answers[[2, 5, 6]] = np.nan
        return answers

    found = of_tornado(gaps)
    assert [bar.name for bar in found.bars] == ["y", "x", "who"]
    assert found.bars[1].swing == 0
    assert found.to_dict()["bars"][1]["at_high"] is None
    assert "no answer at 2" in str(found)
    assert "nan" not in str(found) + found.sentence
    json.dumps(found.to_dict(), allow_nan=False)
    with pytest.raises(AnalysisError, match="no answer at the stated values"):
        of_tornado(lambda rows: np.full(len(rows), np.nan))


def test_an_input_that_is_fixed_in_the_usual_case_has_no_bar():
    rows = np.array([[1.0, 5.0], [1.0, 5.0], [1.0, 5.0], [1.0, 4.0], [1.0, 7.0]])
    found = tornado(Design(("x", "y"), rows, 1, "tornado"), rows.sum(axis=1))
    assert [bar.name for bar in found.bars] == ["y"]


def test_a_tornado_wants_its_own_design():
    with pytest.raises(InputError, match="this is a lhs design"):
        tornado(Design(("x",), np.zeros((2, 1)), 1), np.zeros(2))
    with pytest.raises(InputError, match="3 answers for 2 draws"):
        tornado(Design(("x",), np.zeros((2, 1)), 1, "tornado"), np.zeros(3))
