"""Mixed equilibria of two actors: none missing, none made up, whatever the game.

Would catch: a corner or a pair that is skipped where a game is degenerate, one that rounding makes
up, a search that does not end, and a very bad cell that hides the differences of all others.
"""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path
from time import monotonic

import numpy as np
import pytest
from scipy.optimize import linprog

from detente.conflict import Conflict
from detente.errors import InputError
from detente.interop import read_nfg
from detente.oneshot import OneShot
from detente.oneshot._paths import path_ends
from equilibria_by_definition import extreme_equilibria

USUAL = 2
BATCHES = int(os.environ.get("DETENTE_BATCHES", USUAL))
GAMES = Path(__file__).parent / "games"


def game_of(first: np.ndarray, second: np.ndarray) -> OneShot:
    rows, columns = np.shape(first)
    return Conflict.build(
        {"a": {"act": rows}, "b": {"act": columns}}, {"a": first, "b": second}
    ).one_shot()  # fmt: skip


def from_file(name: str) -> OneShot:
    return read_nfg((GAMES / name).read_text("utf-8"), name).one_shot()


def mixes(game: OneShot, **settings: float) -> set[tuple[tuple[Fraction, ...], ...]]:
    return {tuple(mix.values()) for mix in game.mixed(**settings).exact}


@pytest.mark.parametrize("batch", range(BATCHES))
def test_all_extreme_equilibria_and_no_other(batch: int) -> None:
    """200 games a batch, most of them degenerate: payoffs of two, three, four or many values."""
    rng = np.random.default_rng([batch, 81])
    degenerate = 0
    for _ in range(200):
        shape = tuple(rng.integers(2, 4, 2)) if rng.random() < 0.9 else (4, 3)
        most = int(rng.choice([2, 3, 4, 100]))
        first, second = rng.integers(0, most, (2, *shape))
        if rng.random() < 0.2:
            second = most - first
        game = game_of(first, second)
        expected = extreme_equilibria(first.tolist(), second.tolist())
        found = game.mixed()
        assert mixes(game) == expected
        assert len(found) == len(expected)
        assert found.degenerate or len(found) % 2 == 1
        degenerate += found.degenerate
    assert 50 < degenerate < 190


@pytest.mark.parametrize("seed", range(10))
def test_mixtures_of_a_connected_set_are_where_it_says(seed: int) -> None:
    """Two corners with one mix in common are joined by equilibria; other sets are apart."""
    rng = np.random.default_rng([seed, 82])
    game = game_of(*rng.integers(0, 3, (2, 3, 4)))
    found = game.mixed()
    first, second = ([np.asarray(p.mix[a]) for p in found] for a in game.actors)
    for i in range(len(found)):
        for j in range(i):
            shared = np.array_equal(first[i], first[j]) or np.array_equal(second[i], second[j])
            assert not shared or found.component[i] == found.component[j]
            if shared:
                halfway = game.profile(
                    {"a": (first[i] + first[j]) / 2, "b": (second[i] + second[j]) / 2}
                )
                assert halfway.largest_regret < 1e-12


def test_six_by_six_with_seventy_five() -> None:
    """Von Stengel's (1999) kind of game; in floating point a dozen false ones came along."""
    found = from_file("mixed_false_6x6.nfg").mixed()
    assert len(found) == 75
    assert (found.complete, found.degenerate, found.note) == (True, False, "")
    assert max(p.largest_regret for p in found) < 1e-14


@pytest.mark.parametrize(
    ("name", "extreme", "pure"), [("mixed_hang_8x7", 24, 5), ("mixed_inputerror_8x7", 11, 1)]
)
def test_degenerate_eight_by_seven(name: str, extreme: int, pure: int) -> None:
    """Paths went round for ever in the one and ended nowhere in the other."""
    game = from_file(f"{name}.nfg")
    found = game.mixed()
    assert found.degenerate
    assert found.complete
    assert len(found) == len(mixes(game)) == extreme
    assert len(game.pure()) == pure
    assert sum(all(m.max() == 1.0 for m in p.mix.values()) for p in found) == pure
    assert all(m.max() == 1.0 for p in list(found)[:pure] for m in p.mix.values())
    if BATCHES > USUAL:
        first, second = (game.payoff[a].astype(int).tolist() for a in game.actors)
        assert len(extreme_equilibria(first, second)) == extreme


def test_the_value_of_a_game_of_constant_sum() -> None:
    """By linear programming: the most that the row can be sure of."""
    game = from_file("mixed_loop_9x9.nfg")
    (found,) = game.mixed()
    sure = linprog(
        [*[0.0] * 9, -1.0],
        np.hstack([-game.payoff["r"].T, np.ones((9, 1))]),
        np.zeros(9),
        [[*[1.0] * 9, 0.0]],
        [1.0],
    )
    assert found.payoff["r"] == pytest.approx(-sure.fun, abs=1e-12)
    assert found.payoff["r"] == pytest.approx(0.7587289, abs=1e-7)
    assert sum(found.payoff.values()) == pytest.approx(1.0, abs=1e-15)


def test_a_very_bad_cell_makes_no_other_cells_equal() -> None:
    game = from_file("very_bad_cell.nfg")
    assert game.pure().cells.tolist() == [[0, 2], [1, 1]]
    third = Fraction(1, 2), Fraction(7, 11)
    found = list(game.mixed())
    assert len(found) == 3
    assert found[2].mix["a"].tolist() == pytest.approx([third[0], 1 - third[0]])
    assert found[2].mix["b"].tolist() == pytest.approx([0.0, third[1], 1 - third[1]])
    nash = game.conflict.stability().equilibria("nash")
    assert np.argwhere(nash).tolist() == [[0, 2], [1, 1]]


def test_rounding_makes_no_game_generic() -> None:
    """0.1 + 0.2 is 0.3: a tie, and with it a continuum of equilibria."""
    first = np.array([[0.1 + 0.2, 1.0], [0.3, 0.0]])
    game = game_of(first, np.ones((2, 2)))
    assert mixes(game) == mixes(game_of(np.round(first, 1), np.ones((2, 2))))


@pytest.mark.parametrize("values", [2, 3, 100, None])
def test_too_many_corners_leave_what_paths_find_and_it_says_so(values: int | None) -> None:
    """It must end with an equilibrium, and an analyst must learn that there may be others."""
    rng = np.random.default_rng(83)
    shape = (2, 40, 35)
    game = game_of(*(rng.normal(size=shape) if values is None else rng.integers(0, values, shape)))
    found = game.mixed(time_limit=3.0)
    assert not found.complete
    pure = [p for p in found if all(m.max() == 1.0 for m in p.mix.values())]
    assert len(pure) == len(game.pure())
    assert len(found) > len(pure)
    assert max(p.largest_regret for p in found) < 1e-12
    assert 0.0 < found.seconds < 5.0
    assert "all pure ones, and what else was found: there are too many corners" in str(found)
    assert " s; leave out options" in str(found)


def test_a_large_game_of_constant_sum_gives_its_value() -> None:
    """Its one equilibrium used to be missed where corners were too many; by linear programming."""
    payoff = np.random.default_rng(87).integers(0, 1000, (40, 40))
    found = next(iter(game_of(payoff, 1000 - payoff).mixed()))
    sure = linprog(
        [*[0.0] * 40, -1.0],
        np.hstack([-payoff.T, np.ones((40, 1))]),
        np.zeros(40),
        [[*[1.0] * 40, 0.0]],
        [1.0],
    )
    assert found.payoff["a"] == pytest.approx(-sure.fun, abs=1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_paths_end_at_extreme_equilibria(seed: int) -> None:
    """One at least, and none that is not one by the definition, degenerate games among them."""
    rng = np.random.default_rng([seed, 88])
    first, second = rng.integers(0, rng.choice([2, 3, 50]), (2, 4, 3))
    exactly = (side.astype(object) for side in (first, second))
    ends = {
        tuple(tuple(Fraction(x, sum(mix)) for x in mix) for mix in pair)
        for pair in path_ends(*exactly, lambda: False)
    }
    assert ends
    assert ends <= extreme_equilibria(first.tolist(), second.tolist())


@pytest.mark.parametrize("time_limit", [1e-9, 0.02, 0.2])
def test_what_was_found_in_the_time_is_true(time_limit: float) -> None:
    """A search that is left off lists equilibria of the whole game, all pure ones among them."""
    rng = np.random.default_rng(85)
    game = game_of(*rng.integers(0, 50, (2, 11, 11)))
    full, found = game.mixed(), game.mixed(time_limit=time_limit)
    assert full.complete
    assert len(found) == len(full) or not found.complete
    assert mixes(game, time_limit=time_limit) <= mixes(game)
    pure = [p for p in found if all(m.max() == 1.0 for m in p.mix.values())]
    assert len(pure) == len(game.pure())


def test_a_search_that_would_take_hours_ends() -> None:
    rng = np.random.default_rng(86)
    game = game_of(*rng.normal(size=(2, 30, 30)))
    begun = monotonic()
    found = game.mixed(time_limit=0.5)
    assert monotonic() - begun < 5.0
    assert not found.complete
    assert len(found) > len(game.pure())


def test_a_time_limit_is_positive() -> None:
    with pytest.raises(InputError, match="the time limit is 0 seconds; give more than 0"):
        game_of(np.eye(2), np.eye(2)).mixed(time_limit=0)


def test_a_choice_that_leads_nowhere_is_no_equilibrium() -> None:
    """Paid with the worst payoff, it ties with other bad ones; nobody can be there all the same."""
    feasible = np.array([[False, True], [True, True]])
    conflict = Conflict.build(
        {"a": {"act": 2}, "b": {"act": 2}},
        {"a": [[9, 1], [0, 2]], "b": [[9, 0], [1, 2]]},
        feasible=feasible,
    )
    game = conflict.one_shot(infeasible="worst")
    assert game.payoff["a"].tolist() == [[0, 1], [0, 2]]
    assert game.pure().cells.tolist() == [[1, 1]]
    assert [p.infeasible for p in game.mixed()] == [0.0]


def test_sets_are_named() -> None:
    game = game_of(np.array([[1, 1], [1, 0]]), np.array([[1, 0], [1, 2]]))
    assert "one of 2 corners of set 1" in str(game.mixed())


def test_progress_reaches_its_end() -> None:
    rng = np.random.default_rng(84)
    seen: list[tuple[int, int, int]] = []
    game_of(*rng.normal(size=(2, 5, 4))).mixed(lambda *step: seen.append(step))
    assert [step[0] for step in seen] == list(range(1, len(seen) + 1))
    assert seen[-1][0] == seen[-1][1]
