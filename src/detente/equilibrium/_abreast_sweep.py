"""The branch of a large game on all cores: each pass over the states is shared out in pieces.

What is followed, and how, is written once, in `detente.equilibrium._trace` and
`detente.equilibrium._anderson`. There it is compiled into one kernel, which suits a game of a few
states. Here the same functions run as Python, and the passes that they call are replaced by ones
that hand pieces to threads. A pass ends before the next begins; pieces, and the sums over them, go
by the number of states alone, so no digit depends on the number of cores. Between two pieces work
can be left off. What is remembered of past sweeps is held in single precision, as the cores share
one memory. Cost: some ten passes a sweep, and about a tenth of a millisecond for each pass.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import FunctionType
from typing import Any

import numpy as np
from numba import njit

from detente.engine import share_out
from detente.equilibrium import _anderson as anderson
from detente.equilibrium import _levelling as levelling
from detente.equilibrium import _sweep as sweeping
from detente.equilibrium._game import TimedGame
from detente.equilibrium._moves import tiling
from detente.values import Floats, Ints

LARGE = 60_000
"""States from which on a game is solved by all cores."""
_PIECES, _LEAST, _MOST = 16, 1 << 13, 1 << 17
"""About how many pieces a pass has, and how many numbers are in one at least and at most."""


def as_python(compiled: Any, **passes: Callable[..., Any]) -> Callable[..., Any]:
    """Return what was compiled as Python runs it, with some of the functions it calls replaced."""
    function: FunctionType = compiled.py_func
    return FunctionType(
        function.__code__, {**function.__globals__, **passes}, argdefs=function.__defaults__
    )


def piece(size: int) -> int:
    """Return how many of so many numbers are in a piece."""
    return min(max(1 << (size // _PIECES).bit_length(), _LEAST), _MOST)


def ranges(size: int) -> list[tuple[int, int]]:
    """Return where pieces of so many numbers begin and end."""
    step = piece(size)
    return [(low, min(low + step, size)) for low in range(0, size, step)]


def level(
    game: TimedGame, precision: Floats, kernel: Floats, priced: Floats, values: Floats,
    image: Floats, unfelt: Floats,
) -> float:  # fmt: skip
    """Shift each actor's values by what no choice feels; see `levelling.level`."""
    actors, states = values.shape
    pieces = ranges(states)
    total = np.zeros((len(pieces), actors, unfelt.shape[1]))
    worst = np.zeros(len(pieces))

    def start(k: int) -> None:
        sweeping.start(game, values, image, *pieces[k])

    def move(mover: int, own: int, after: int, lines: int, cuts: Ints, k: int) -> None:
        sweeping.move(
            game, precision, kernel, priced, values, image, mover, own, after, lines,
            cuts[k], cuts[k + 1],
        )  # fmt: skip

    def measure(k: int) -> None:
        for i in range(actors):
            levelling.gaps(game, values, image, i, *pieces[k], total[k, i])

    def even_out(k: int) -> None:
        worst[k] = max(
            levelling.shift(game, values, image, i, by[i], *pieces[k]) for i in range(actors)
        )

    share_out(start, len(pieces))
    for mover in range(actors):
        own, after, lines = sweeping.extent(game.layout, mover, states)
        cuts = cut_lines(1 + actors, own, after, lines, piece(states))
        share_out(partial(move, mover, own, after, lines, cuts), cuts.size - 1)
    share_out(measure, len(pieces))
    by = np.einsum("ijk,ik->ij", unfelt, total.sum(axis=0))
    share_out(even_out, len(pieces))
    return float(worst.max())


@njit(cache=True, nogil=True)
def cut_lines(slots, own, after, lines, states):  # type: ignore[no-untyped-def]
    """Return at which lines to cut, so that pieces have about so many states and tiles are whole.

    Whole tiles give the digits that one run over all lines gives.
    """
    runs, most = tiling(own, slots, after, lines)
    cuts = [0]
    first = 0
    while first < lines:
        length = min(most, after - first % after)
        first += min(runs, (lines - first) // length) * length
        if (first - cuts[-1]) * own >= states or first >= lines:
            cuts.append(first)
    return np.array(cuts)


def remember(
    values: Floats, image: Floats, trial: Floats, trial_image: Floats, steps: Floats,
    changes: Floats, gram: Floats, right: Floats, used: int, place: int, stay: bool,
) -> None:  # fmt: skip
    """Store the latest differences and their inner products; see `anderson.remember`."""
    pieces = ranges(values.size)
    products = np.zeros((len(pieces), 2, used))

    def compare(k: int) -> None:
        anderson.compare(
            values, image, trial, trial_image, steps, changes, place, stay, products[k], *pieces[k]
        )

    share_out(compare, len(pieces))
    anderson.enter(products.sum(axis=0), gram, right, place)


def combine(image: Floats, steps: Floats, weights: Floats, used: int, trial: Floats) -> None:
    """Set ``trial`` to the image less the weighted steps."""
    pieces = ranges(trial.size)

    def step_back(k: int) -> None:
        anderson.step_back(image, steps, weights, used, trial, *pieces[k])

    share_out(step_back, len(pieces))


settle_abreast = as_python(anderson.settle, level=level, remember=remember, combine=combine)
