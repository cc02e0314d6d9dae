"""The signalling game that others fit to sanction threats, fitted to the earlier decades alone.

A challenges B or leaves things as they are; B concedes or resists; A stands firm or backs down.
What each gets by standing firm, and A by backing down, has a standard normal part that its owner
alone knows. Each payoff is linear in columns of a pair and decade. *resists* is the chance that B
resists, *firm* that an A which has challenged and met resistance stands firm.

Fitted by nested pseudo-likelihood: at held chances of the other side the payoffs are fitted by
Fisher scoring, then the chances are replied to once, until nothing moves. A random forest gives the
first chances. A forecast solves the game for chances that reply to each other; where several do,
those nearest to the forest's count. Cost: seconds. On all three decades it comes to the chances
published with the data, within a millionth (`tests/panel/test_tracks.py`).

Source: Lewis & Schultz 2003; Crisman-Cox & Gibilisco 2019, whose payoffs' columns these are.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

OUTCOMES = ("sq", "cd", "sf", "bd")
"""How often nothing was challenged, B conceded, A stood firm, A backed down."""
COLUMNS = (
    "senderecondep", "senderdemocracy", "contig", "ally", "anticipatedsendercosts",
    "targetecondep", "anticipatedtargetcosts", "lncaprat", "targetdemocracy",
)  # fmt: skip
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(40)
_FAR, _STEP, _LEAST = 8.0, 1e-5, 1e-9
_ROUNDS, _SCORINGS, _SETTLED = 60, 60, 1e-6


class Games(NamedTuple):
    """Pairs of states in decades."""

    names: list[str]
    decade: np.ndarray
    counts: np.ndarray
    """Of each outcome, (games, 4)."""
    columns: np.ndarray
    """(games, columns)."""

    def those(self, which: np.ndarray) -> Games:
        """Return some of them."""
        names = [name for name, one in zip(self.names, which, strict=True) if one]
        return Games(names, *(values[which] for values in self[1:]))

    def regressors(self) -> list[np.ndarray]:
        """Return what each payoff is linear in.

        In this order: A's by leaving things and where B concedes, B's by conceding, A's and B's
        where A stands firm, A's by backing down.
        """
        own = dict(zip(COLUMNS, self.columns.T, strict=True))
        own["1"] = np.ones(len(self.names))
        sender, target = np.sqrt(own["senderecondep"]), np.sqrt(own["targetecondep"])
        return [
            np.column_stack([sender, own["senderdemocracy"], own["contig"], own["ally"]]),
            np.column_stack([own["1"], own["anticipatedsendercosts"]]),
            np.column_stack([own["1"], target, own["anticipatedtargetcosts"], own["contig"],
                             own["ally"]]),
            np.column_stack([own["1"], sender, own["senderdemocracy"], own["lncaprat"]]),
            np.column_stack([own["1"], own["targetdemocracy"], own["lncaprat"]]),
            np.column_stack([own["1"], own["senderdemocracy"]]),
        ]  # fmt: skip


def read_games(path: Path) -> Games:
    """Read the games of a table that `track_data` wrote."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    counts, columns = (
        np.array([[float(row[name]) for name in names] for row in rows])
        for names in (OUTCOMES, COLUMNS)
    )
    return Games(
        [row["gameID"] for row in rows], np.array([int(row["tenyear"]) for row in rows]),
        counts, columns,
    )  # fmt: skip


def payoffs(regressors: list[np.ndarray], at: np.ndarray) -> list[np.ndarray]:
    """Return the six payoffs of each game at coefficients."""
    ends = np.cumsum([one.shape[1] for one in regressors])[:-1]
    return [one @ own for one, own in zip(regressors, np.split(at, ends), strict=True)]


def challenger_replies(worth: list[np.ndarray], resists: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return how likely A challenges, and stands firm once it has, where B resists so often."""
    leave, conceded, _, firm, _, back = worth
    least = (leave - (1.0 - resists) * conceded) / resists
    challenges = np.clip(1.0 - ndtr(least - firm) * ndtr(least - back), 1e-12, 1.0 - 1e-12)
    low = np.clip(least - firm, -_FAR, _FAR)
    half = 0.5 * (_FAR - low)
    known = low[:, None] + half[:, None] * (_NODES + 1.0)
    density = np.exp(-0.5 * known**2) / np.sqrt(2.0 * np.pi)
    both = half * ((density * ndtr((firm - back)[:, None] + known)) @ _WEIGHTS)
    return challenges, np.clip(both / challenges, _LEAST, 1.0 - _LEAST)


def target_replies(worth: list[np.ndarray], firm: np.ndarray) -> np.ndarray:
    """Return how likely B resists where A stands firm so often; where it backs down B gets 0."""
    return np.clip(ndtr(worth[4] - worth[2] / firm), _LEAST, 1.0 - _LEAST)


def fit_signalling(
    games: Games, resists: np.ndarray, firm: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return coefficients, and the chances that B resists and A stands firm."""
    regressors = games.regressors()
    at = np.zeros(sum(one.shape[1] for one in regressors))
    at[11], at[18] = -1.5, -2.0  # challenges are rare: from zero most of them would be expected
    for _ in range(_ROUNDS):
        new = _scored(at, regressors, games.counts, resists, firm)
        worth = payoffs(regressors, new)
        replies = target_replies(worth, firm), challenger_replies(worth, resists)[1]
        moved = max(np.abs(new - at).max(), np.abs(replies[0] - resists).max(),
                    np.abs(replies[1] - firm).max())  # fmt: skip
        at, (resists, firm) = new, replies
        if moved < _SETTLED:
            return at, resists, firm
    raise SystemExit("the structural estimate did not settle")


def _outcomes(
    at: np.ndarray, regressors: list[np.ndarray], resists: np.ndarray, firm: np.ndarray
) -> np.ndarray:
    """Return the chances of outcomes, (games, 4), where each replies to chances of the other."""
    worth = payoffs(regressors, at)
    challenges, stands = challenger_replies(worth, resists)
    meets = challenges * target_replies(worth, firm)
    found = np.column_stack([1.0 - challenges, challenges - meets, meets * stands,
                             meets * (1.0 - stands)])  # fmt: skip
    return np.maximum(found, 1e-14)


def _scored(
    at: np.ndarray, regressors: list[np.ndarray], counts: np.ndarray, *chances: np.ndarray
) -> np.ndarray:
    """Return the likeliest coefficients at held chances, by damped Fisher scoring."""
    damp, unit = 1e-3, np.eye(len(at))
    level = (counts * np.log(_outcomes(at, regressors, *chances))).sum()
    for _ in range(_SCORINGS):
        chance = _outcomes(at, regressors, *chances)
        ahead, behind = (
            np.stack([_outcomes(at + sign * _STEP * e, regressors, *chances) for e in unit], -1)
            for sign in (1, -1)
        )
        slope = (ahead - behind) / (2.0 * _STEP)
        score = np.einsum("gk,gki->i", counts / chance, slope)
        weighted = (counts.sum(1, keepdims=True) / chance)[..., None] * slope
        bend = np.einsum("gki,gkj->ij", weighted, slope)
        while True:
            step = np.linalg.solve(bend + damp * np.diag(np.diag(bend) + 1e-8), score)
            gained = (counts * np.log(_outcomes(at + step, regressors, *chances))).sum() - level
            if np.abs(step).max() < 3.0 and gained > -1e-12:
                break
            damp *= 4.0
            if damp > 1e12:
                return at
        at, level, damp = at + step, level + gained, damp / 8.0
        if gained < 1e-9:
            break
    return at


def structural_chances(games: Games, decade: int) -> dict[str, tuple[float, float, float]]:
    """Return chances that B concedes, A stands firm, A backs down once it has challenged.

    Of each game of a decade by name, from the games of all decades before.
    """
    earlier, later = games.those(games.decade < decade), games.those(games.decade == decade)
    first, guess = (_forest(earlier, one.columns) for one in (earlier, later))
    at, _, _ = fit_signalling(earlier, *first)
    worth = payoffs(later.regressors(), at)
    grid = np.linspace(0.001, 0.999, 999)
    found = {}
    for k, name in enumerate(later.names):
        own = [np.full(grid.size, one[k]) for one in worth]
        gap = target_replies(own, challenger_replies(own, grid)[1]) - grid
        cross = np.flatnonzero(gap[:-1] * gap[1:] <= 0.0)
        share = gap[cross] / (gap[cross] - gap[cross + 1])
        meet = grid[cross] + share * (grid[1] - grid[0])
        if not meet.size:
            meet = grid[[np.abs(gap).argmin()]]
        resists = meet[np.abs(meet - guess[0][k]).argmin()]
        one = [value[k : k + 1] for value in worth]
        firm = float(challenger_replies(one, np.array([resists]))[1][0])
        found[name] = (1.0 - resists, resists * firm, resists * (1.0 - firm))
    return found


def _forest(earlier: Games, columns: np.ndarray) -> list[np.ndarray]:
    """Return first chances that B resists and that A stands firm, of games with such columns."""
    from sklearn.ensemble import RandomForestRegressor

    _, conceded, firm, back = earlier.counts.T
    found = []
    for some, all_ in ((firm + back, firm + back + conceded), (firm, firm + back)):
        seen = all_ > 0
        forest = RandomForestRegressor(500, min_samples_leaf=5, random_state=1)
        forest.fit(earlier.columns[seen], some[seen] / all_[seen])
        found.append(np.clip(forest.predict(columns), 0.05, 0.95))
    return found
