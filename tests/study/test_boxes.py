"""What a box rests on: levels that are there, rows counted once, ends that no half decides.

Catches: a category outside its levels that ends the process, noise that is found again because the
same rows lie in both halves, a box that moves with the half it was tested on, a second region in
which it happens and that is not told.
"""

from __future__ import annotations

import json

import numpy as np
import pytest

from detente.errors import InputError
from detente.study.discovery import decision_tree, discover
from detente.study.discovery._draws import equal_rows, half


@pytest.mark.parametrize("search", [discover, decision_tree])
@pytest.mark.parametrize(
    ("wrong", "said"), [(3, "3"), (10**6, "1e\\+06"), (-1, "-1"), (0.5, "0.5")]
)
def test_a_category_outside_its_levels_is_refused(search, wrong, said):
    x = np.zeros((50, 2))
    x[7, 1] = wrong
    with pytest.raises(InputError, match=f"who is {said} in a draw and has 3 levels.*0 to 2"):
        search(["worth", "who"], x, np.arange(50) < 20, {"who": ["a", "b", "c"]})


def repeated(seed):
    """Return 80 rows of noise, each drawn some times, as the draws of a posterior are."""
    rng = np.random.default_rng(seed)
    rows, noise = rng.random((80, 6)), rng.random(80) < 0.4
    taken = rng.integers(80, size=800)
    return rows[taken], noise[taken]


def test_noise_in_repeated_rows_has_no_box():
    boxes = sum(
        bool(discover("abcdef", *repeated(seed), rng=seed, resamples=0).box.restrictions)
        for seed in range(20)
    )
    assert boxes <= 2


def test_equal_rows_are_on_the_same_side_of_halves_that_are_halves():
    for seed in range(5):
        x, hits = repeated(seed)
        rows = equal_rows(x.T)
        np.testing.assert_array_equal(x[rows], x)
        seen = half(hits, rows, np.random.default_rng(seed))
        assert not {*map(tuple, x[seen])} & {*map(tuple, x[~seen])}
        assert 0.4 < seen.mean() < 0.6
        assert 0.35 < hits[seen].sum() / hits.sum() < 0.65
    apart = half(np.arange(101) < 31, np.arange(101), np.random.default_rng(1))
    assert (apart[:31].sum(), apart[31:].sum()) == (16, 35)


def test_a_box_in_repeated_rows_is_found_where_there_is_one():
    rng = np.random.default_rng(2)
    rows = rng.random((400, 4))
    taken = rng.integers(400, size=2000)
    found = discover("abcd", rows[taken], (rows[:, 1] > 0.6)[taken], resamples=0)
    assert [r.name for r in found.box.restrictions] == ["b"]
    assert found.box.restrictions[0].low == pytest.approx(0.6, abs=0.01)


def test_the_box_does_not_change_with_the_half_that_it_is_tested_on():
    rng = np.random.default_rng(5)
    x = rng.random((400, 6))
    hits = rng.random(400) < np.where((x[:, 0] > 0.5) & (x[:, 3] < 0.6), 0.8, 0.15)
    found = [discover("abcdef", x, hits, rng=seed, resamples=0) for seed in range(15)]
    assert {str(one.box) for one in found} == {"a > 0.499 and d < 0.593"}
    assert len({str(one.tested) for one in found}) > 5
    assert all(one.tested.draws == 200 for one in found)
    first = found[0]
    assert first.box.draws == 400
    assert f"Found on one half of the draws as {first.tested}; on the other" in first.test
    assert first.test in str(first)
    assert [r.quasi_p for r in first.box.restrictions] == [
        r.quasi_p for r in first.tested.restrictions
    ]


def test_a_second_box_holds_the_cases_that_are_left():
    rng = np.random.default_rng(3)
    x = np.column_stack([rng.random((3000, 4)), rng.integers(3, size=3000)])
    one, other = (x[:, 0] > 0.7) & (x[:, 1] < 0.5), (x[:, 2] < 0.2) & (x[:, 4] == 1)
    found = discover(
        "abcde", x, one | other, {"e": ["p", "q", "r"]}, what="C1 breaks", resamples=3, boxes=2
    )
    assert {r.name for r in found.box.restrictions} == {"a", "b"}
    assert {r.name for r in found.outside.box.restrictions} == {"c", "e"}
    assert found.outside.box.draws == 3000 - found.box.inside
    assert found.outside.box.hits == found.box.hits - found.box.hits_inside
    assert found.outside.outside is None
    assert "Outside of that box: C1 breaks mostly where c < 0.2" in str(found)
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["outside"]["box"]["coverage"] > 0.95


def test_there_is_no_second_box_where_one_holds_everything():
    boxes = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        x = rng.random((1000, 5))
        hits = (x[:, 2] > 0.6) ^ (rng.random(1000) < 0.05)
        found = discover("abcde", x, hits, rng=seed, resamples=0, boxes=3)
        boxes += found.outside is not None and bool(found.outside.box.restrictions)
    assert boxes <= 1


def test_noise_is_not_looked_through_for_a_second_box():
    rng = np.random.default_rng(1)
    found = discover("abc", rng.random((500, 3)), rng.random(500) < 0.3, boxes=2, resamples=0)
    assert found.outside is None
    with pytest.raises(InputError, match="boxes is 0"):
        discover("abc", rng.random((50, 3)), np.arange(50) < 9, boxes=0)
