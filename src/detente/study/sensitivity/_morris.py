"""Morris effects: how much an answer changes when one input moves by two thirds of its range.

Along trajectories that move one input at a time, the elementary effect of an input is the change
of the answer divided by the step (Morris 1991). Their mean size, mu*, ranks the inputs (Campolongo,
Cariboni & Saltelli 2007); their spread, sigma, tells inputs that bend or interact from those that
add up. Trajectories are independent, so intervals are from a bootstrap of whole ones (Efron &
Tibshirani 1993). Cost: resamples times answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.engine import Seed, generator_of
from detente.errors import InputError
from detente.study.sensitivity._blocks import (
    basis,
    check_level,
    complete_blocks,
    rows_by_input,
)
from detente.text import Result, listed, show, show_range, table
from detente.values import Floats, data_frame, plain_fields

_FIRST = 3
_AT_ONCE = 50


@dataclass(frozen=True, eq=False)
class MorrisEffects(Result):
    """Elementary effects of each input on one answer, in the order of the inputs.

    An effect is the change of the answer over the whole range of the input, were it to go on as
    over the step that was taken.

    Attributes
    ----------
    names : tuple of str
    mu, mu_star, sigma : ndarray, (inputs,)
        Mean, mean size and standard deviation of the effects.
    mu_star_range, sigma_range : ndarray, (inputs, 2)
        Bootstrap intervals.
    level : float
        Of the intervals, such as 0.95.
    trajectories, dropped : int
        Those that were used, and those left out for a missing answer.
    """

    names: tuple[str, ...]
    mu: Floats
    mu_star: Floats
    sigma: Floats
    mu_star_range: Floats
    sigma_range: Floats
    level: float
    trajectories: int
    dropped: int

    @property
    def order(self) -> tuple[int, ...]:
        """Inputs by mean size of their effects, largest first."""
        return tuple(int(k) for k in np.argsort(-self.mu_star, kind="stable"))

    @property
    def sentence(self) -> str:
        """The inputs with the largest effects, in one line."""
        if not self.mu_star.any():
            return "no step moves the answer"
        rows = [
            f"{self.names[k]} {show(self.mu_star[k], 'plain')} "
            f"({show_range(self.mu_star_range[k, 0], self.mu_star_range[k, 1], 'plain')})"
            for k in self.order[:_FIRST]
        ]
        return f"largest mean effects mu*: {listed(rows)}"

    def __str__(self) -> str:
        """Return one line per input, largest effects first."""
        percent = f"{100 * self.level:g} %"
        rows = [["input", f"mu* ({percent})", "sigma"]]
        for k in self.order:
            low, high = self.mu_star_range[k]
            ends = f"({show(low, 'fine'):>7} to {show(high, 'fine'):>7})"
            effect = f"{show(self.mu_star[k], 'fine'):>7} {ends}"
            rows.append([self.names[k], effect, f"{show(self.sigma[k], 'fine'):>7}"])
        lines = table(rows, "< < <")
        return "\n".join([*lines, basis(self.trajectories, self.dropped, "trajectories")])

    def to_dict(self) -> dict[str, Any]:
        """Return the effects by input, ready for JSON."""
        columns = ("mu", "mu_star", "mu_star_range", "sigma", "sigma_range")
        return {
            **plain_fields(self, "level", "trajectories", "dropped"),
            "inputs": rows_by_input(self, *columns),
        }

    def to_pandas(self) -> Any:
        """Return the effects as a DataFrame by input (needs pandas)."""
        columns = {
            "mu": self.mu,
            "mu_star": self.mu_star,
            "mu_star_low": self.mu_star_range[:, 0],
            "mu_star_high": self.mu_star_range[:, 1],
            "sigma": self.sigma,
        }
        return data_frame(columns, self.names, name="input")


def morris_effects(
    names: Sequence[str],
    shares: Any,
    answers: Any,
    rng: Seed = 0,
    resamples: int = 1000,
    level: float = 0.95,
) -> MorrisEffects:
    """Return the Morris effects on an answer over trajectories.

    Parameters
    ----------
    names : sequence of str
        The inputs, `Design.names`.
    shares : array_like, (trajectories * (inputs + 1), inputs)
        Points of the unit cube, `Design.shares`.
    answers : array_like, (trajectories * (inputs + 1),)
        In the order of the design; nan where a draw has none, which drops its trajectory.
    rng : int, numpy Generator or None
        Seed or generator of the bootstrap.
    resamples : int
    level : float
        Of the intervals.

    Raises
    ------
    InputError
        When points and answers do not fit together, or are not trajectories.
    AnalysisError
        When fewer than two trajectories have all their answers.

    Examples
    --------
    >>> from detente.study._designs.morris import morris_points
    >>> x = morris_points(30, 2, seed=1)
    >>> found = morris_effects(("x", "y"), x, 2 * x[:, 0] - x[:, 1])
    >>> found.mu_star.round(6).tolist(), found.sigma.round(6).tolist()
    ([2.0, 1.0], [0.0, 0.0])
    """
    check_level(level)
    if resamples < 1:
        raise InputError(f"resamples is {resamples}; give one or more")
    names = tuple(names)
    points = np.asarray(shares, dtype=np.float64)
    values, whole = complete_blocks(answers, len(names) + 1, "trajectories")
    if points.shape != (whole.size * (len(names) + 1), len(names)):
        raise InputError(
            f"the points have shape {points.shape}, the answers are of {whole.size} trajectories "
            f"of {len(names)} inputs; give the points of the same design"
        )
    effects = _effects(points.reshape(whole.size, len(names) + 1, len(names))[whole], values)
    made = np.zeros((2, resamples, len(names)))
    count = len(effects)
    generator = generator_of(rng)
    for place, counts in _resampled_counts(count, resamples, generator):
        made[0, place] = counts @ np.abs(effects) / count
        made[1, place] = _spread(counts, effects)
    return MorrisEffects(
        names=names,
        mu=effects.mean(axis=0),
        mu_star=np.abs(effects).mean(axis=0),
        sigma=_spread(np.ones((1, count)), effects)[0],
        mu_star_range=_interval(made[0], level),
        sigma_range=_interval(made[1], level),
        level=level,
        trajectories=count,
        dropped=int((~whole).sum()),
    )


def _effects(points: Floats, values: Floats) -> Floats:
    """Return the elementary effects, (trajectories, inputs)."""
    steps = np.diff(points, axis=1)
    if not ((steps != 0.0).sum(axis=2) == 1).all() or not ((steps != 0.0).sum(axis=1) == 1).all():
        raise InputError("the points are not trajectories; make them with kind='morris'")
    slopes = np.diff(values, axis=1)[:, :, None] / np.where(steps != 0.0, steps, np.inf)
    return np.asarray(slopes.sum(axis=1), dtype=np.float64)


def _spread(counts: Floats, effects: Floats) -> Floats:
    count = len(effects)
    centred = effects - effects.mean(axis=0)
    square = counts @ centred**2 / count - (counts @ centred / count) ** 2
    return np.asarray(np.sqrt(np.maximum(square, 0.0) * count / (count - 1)), dtype=np.float64)


def _resampled_counts(
    blocks: int, resamples: int, rng: np.random.Generator
) -> Iterator[tuple[slice, Floats]]:
    """Yield, some resamples at a time, how often each block is taken: (place, (some, blocks))."""
    for first in range(0, resamples, _AT_ONCE):
        some = min(_AT_ONCE, resamples - first)
        taken = rng.integers(blocks, size=(some, blocks)) + blocks * np.arange(some)[:, None]
        counts = np.bincount(taken.reshape(-1), minlength=some * blocks).reshape(some, blocks)
        yield slice(first, first + some), counts.astype(np.float64)


def _interval(samples: Floats, level: float) -> Floats:
    """Return the percentile interval over the first axis, (…, 2)."""
    tail = (1.0 - level) / 2.0
    ends = np.quantile(samples, np.array([tail, 1.0 - tail]), axis=0)
    return np.asarray(np.moveaxis(ends, 0, -1), dtype=np.float64)
