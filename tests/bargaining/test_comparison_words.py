"""What a comparison prints: whole lists or how much is left out, and numbers without rounding.

Would catch: a list that ends early without a word, rounding printed as a number, a gain that is
nobody's, losses of issues with different scales in one sum.
"""

from __future__ import annotations

import numpy as np
import pytest

from bargaining.random_tables import random_table
from detente.bargaining import (
    BargainingOutcome,
    bargaining_table,
    compare_models,
    exchange,
    pair_packages,
)

CELLS = {
    "cut": {"south": (100, 0.9, 1), "north": (0, 0.2, 1)},
    "fund": {"south": (100, 0.2, 1), "north": (0, 0.9, 1)},
}


def test_lists_that_are_cut_say_how_much_is_left_out() -> None:
    found = compare_models(random_table(np.random.default_rng(5), 6, 5))
    made, bids = len(found.exchanges.made), len(found.others.outbid) - 1
    assert min(made, bids) > 2
    assert found.exchanges.largest(2)[-1] == f"  and {made - 2} more"
    assert found.others.words(1).endswith(f"\n  and {bids - 1} more")
    rows = found.packages.rows(999)[1:]
    assert found.packages.rows(2)[1:] == [*rows[:2], [f"and {len(rows) - 2} more", "", "", "", ""]]
    for words in (found.words(999), found.words(0)):
        assert " more" not in words.split("left on the table")[0]
    assert found.words(999).count("could offer") == bids


def test_no_exchange_is_not_said_to_be_outbid() -> None:
    alone = bargaining_table({"cut": {"a": (100, 1, 1), "b": (0, 1, 1)}})
    assert "outbid" not in compare_models(alone).words()


def test_gains_at_a_drawn_rate_have_a_name() -> None:
    said = exchange(bargaining_table(CELLS), 1, "random", 1).made[0].brings
    assert said == "0.63 to north and 15.4 to south"


@pytest.mark.parametrize("size", [1, 100, 1e6])
def test_rounding_is_no_number(size: float) -> None:
    cells = {
        issue: {actor: (one[0] / 100 * size, *one[1:]) for actor, one in row.items()}
        for issue, row in CELLS.items()
    }
    scale = dict.fromkeys(cells, (-size, size))
    table = bargaining_table(cells, scale=scale)
    near = BargainingOutcome("a", "b", "c", table, np.array([1e-10 * size, 1e-6 * size]))
    assert near.outcome.tolist() == [0.0, 1e-6 * size]
    beside = BargainingOutcome("a", "b", "c", table, np.array([size * (1 - 1e-11), size]))
    assert beside.losses.tolist() == pytest.approx([0.0, 55.0])
    assert beside.losses[0] == 0.0


def test_what_exchanges_bring_is_free_of_rounding() -> None:
    values = np.array([0, 20, 50, 80, 100])
    for seed in range(30):
        rng = np.random.default_rng(seed)
        cells = {
            f"q{k}": {
                f"a{i}": (float(rng.choice(values)), float(rng.choice([0.2, 0.5, 0.8])), 1.0)
                for i in range(5)
            }
            for k in range(3)
        }
        table = bargaining_table(cells)
        made = exchange(table, rounds=2)
        numbers = [
            *(x for one in made.made for x in (*one.before, *one.after, *one.gains, one.rest)),
            *(x for one in made.made for x in one.others.values()),
            *(one.left for one in pair_packages(table, made).packages),
            *map(made.gain, table.actors),
        ]
        assert not [x for x in numbers if 0 < abs(x) < 1e-7]


def test_losses_are_in_points_of_a_scale_of_100() -> None:
    cells = {"cut": {"a": (1, 0.5, 1), "b": (0, 1, 1)}, "fund": {"a": (100, 1, 1)}}
    found = compare_models(bargaining_table(cells, scale={"cut": (0, 1)}))
    mean = next(one for one in found.outcomes if one.model == "mean")
    assert mean.to_dict()["loss"] == {"a": 25.0, "b": 50.0}
    assert "losses and gains in points of a scale of 100" in found.words()


def test_red_lines_that_are_passed_stand_in_one_table() -> None:
    cells = {"cut": {"a": (100, 1, 1), "b": (0, 1, 1)}, "fund": {"a": (0, 1, 1), "b": (10, 1, 2)}}
    lines = {"cut": {"a": 60, "b": 80}, "fund": {"a": 5}}
    found = compare_models(bargaining_table(cells, red_line=lines))
    head, *rows = found.red_line_rows
    assert head == ["past the red line of", *(one.model for one in found.outcomes)]
    assert [row[0] for row in rows] == ["a on cut (60)", "a on fund (5)"]
    for row in rows:
        for one, cell in zip(found.outcomes, row[1:], strict=True):
            assert (row[0] in one.note) == bool(cell)
    assert rows[0][1] == "50"
    assert "Past the red line" not in found.words()
    assert not [note for note in found.notes if "red line" in note]
    assert "past the red line of" in found.words()
    assert compare_models(bargaining_table(cells)).red_line_rows == []
