"""What many draws gave, in one picture: a bar for each verdict, a fan for each level."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from detente.analysis import QUANTILES
from detente.claims import Verdict, kind_of
from detente.drawing._drawing import stacked
from detente.drawing._fan import fan
from detente.drawing._range_bar import range_bar
from detente.text import spaced
from detente.values import Floats

_ACROSS = 3
_TICKS = 5


def verdict_bars(verdicts: Iterable[Verdict]) -> Markup:
    """Draw where the answers to claims lie, a bar for each claim.

    Parameters
    ----------
    verdicts : iterable of Verdict
        Those without an answer are left out.
    """
    rows = [
        (f"{found.claim.id}: {found.word}", range_bar(found, kind_of(found.claim)))
        for found in verdicts
    ]
    return stacked(rows, "Where the answers to the claims lie", _ACROSS)


def level_fans(
    variable: str, levels: Sequence[str], times: Floats, shares: NDArray[np.float32]
) -> Markup:
    """Draw how likely each level of a variable is over time.

    Parameters
    ----------
    variable : str
    levels : sequence of str
    times : ndarray, (points,)
        Years from the start.
    shares : ndarray, (draws, points, levels)
    """
    quantiles = np.quantile(shares.astype(np.float64), QUANTILES, axis=0)
    step = max(1, round(float(times[-1]) / _TICKS))
    ticks = [(float(t), str(t)) for t in range(0, int(times[-1] + 1e-9) + 1, step)]
    rows = [
        (spaced(level), fan(times, quantiles[:, :, k], ticks, f"{variable} {level}"))
        for k, level in enumerate(levels)
    ]
    return stacked(
        rows, f"Probability of each level of {variable}, by years from the start", _ACROSS
    )
