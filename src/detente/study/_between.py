"""Answers over a grid between those that are solved.

Of the grid the places of one colour of a chessboard are solved. Each of the others is guessed
twice, along its row and along its column, by a polynomial through the four nearest solved places of
the line (Lagrange; Press et al. 2007, *Numerical Recipes*, section 3.2). How far the two are apart,
and a quarter of how far each is from a straight line between its neighbours, says how much the
answer bends there. Where that is little, and the claim's word is the same at both ends of the
doubt, the mean of the two is taken. Cost: some sums a place.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from detente.case import Claim
from detente.claims import kind_of, verdict_word
from detente.values import Floats

DOUBT = 0.002
"""How much a probability may bend to be interpolated; of other answers, share of their spread."""
_SHORTEST = 7
"""Places along a line from which on there are enough to interpolate."""
_STRAIGHT = 0.25
_NEAREST = 4

Place = tuple[int, ...]


def first_places(shape: tuple[int, int, int]) -> list[Place]:
    """Return the places (y, x, draw) that are solved first; all where the grid is small.

    Examples
    --------
    >>> len(first_places((9, 9, 1))), len(first_places((5, 9, 1)))
    (41, 45)
    """
    small = min(shape[:2]) < _SHORTEST
    return [place for place in np.ndindex(shape) if small or (place[0] + place[1]) % 2 == 0]


def between(values: Floats, claim: Claim) -> Mapping[Place, float]:
    """Return the answers of places that need not be solved.

    Parameters
    ----------
    values : ndarray, (y, x, draws)
        nan at places that are not solved.
    claim : Claim
        The question.

    Examples
    --------
    >>> import detente
    >>> y, x = np.mgrid[0:9, 0:9] / 8.0
    >>> values = np.where(np.add.outer(range(9), range(9)) % 2, np.nan, 0.4 + 0.1 * x * y)
    >>> found = between(values[:, :, None], detente.load("sanctions").claim("T1"))
    >>> len(found), round(found[4, 3, 0], 6)
    (40, 0.41875)
    """
    rows, columns, draws = values.shape
    if min(rows, columns) < _SHORTEST or kind_of(claim) == "truth":
        return {}
    found: dict[Place, float] = {}
    for draw in range(draws):
        answers = values[:, :, draw]
        doubt = DOUBT * _scale(answers, claim)
        for row, column in np.ndindex(rows, columns):
            if (row + column) % 2:
                across = _along(answers[row], column)
                up = _along(answers[:, column], row)
                guess = (across[0] + up[0]) / 2.0
                bend = max(abs(across[0] - up[0]), _STRAIGHT * across[1], _STRAIGHT * up[1])
                if bend <= doubt and _same_word(claim, guess - doubt, guess + doubt):
                    found[row, column, draw] = float(guess)
    return found


def _scale(answers: Floats, claim: Claim) -> float:
    """Return what a doubt is a share of."""
    if kind_of(claim) in ("share", "points"):
        return 1.0
    known = answers[np.isfinite(answers)]
    return float(np.ptp(known)) if known.size else 0.0


def _along(line: Floats, place: int) -> tuple[float, float]:
    """Return a guess at a place from the nearest of its line, and how far it is from straight.

    Those at odd distances, whether they have an answer or not: one without spoils the guess.
    """
    odd = np.arange(1 - place % 2, line.size, 2)
    near = np.sort(odd[np.argsort(np.abs(odd - place), kind="stable")[:_NEAREST]])
    if near.size < 3:
        return np.nan, np.nan
    weights = [
        np.prod([(place - other) / (one - other) for other in near if other != one]) for one in near
    ]
    guess = float(np.dot(weights, line[near]))
    first, second = near[np.argsort(np.abs(near - place), kind="stable")[:2]]
    share = (place - first) / (second - first)
    straight = line[first] + share * (line[second] - line[first])
    return guess, float(abs(guess - straight))


def _same_word(claim: Claim, low: float, high: float) -> bool:
    if claim.expect is None:
        return True
    return verdict_word(low, claim.expect) == verdict_word(high, claim.expect)
