"""A heat table: numbers in cells whose shade grows with them; the numbers stay readable."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.text import show


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One number, as text and as a shade between 0 and 1."""

    text: str
    shade: str
    largest: bool


@dataclass(frozen=True, slots=True)
class HeatTable:
    """The cells of a heat table by row, with the names of rows and columns."""

    rows: tuple[tuple[str, tuple[HeatCell, ...]], ...]
    columns: tuple[str, ...]


def heat_table(
    shares: NDArray[np.float64], rows: tuple[str, ...], columns: tuple[str, ...]
) -> HeatTable:
    """Return the cells of a heat table of probabilities.

    Parameters
    ----------
    shares : ndarray, (rows, columns)
        Between 0 and 1.
    rows, columns : tuple of str

    Returns
    -------
    HeatTable
        With the largest number of each row marked.

    Examples
    --------
    >>> table = heat_table(np.array([[0.25, 0.75]]), ("held",), ("low", "high"))
    >>> [(cell.shade, cell.largest) for cell in table.rows[0][1]]
    [('0.25', False), ('0.75', True)]
    """
    found = []
    for name, row in zip(rows, shares, strict=True):
        top = int(np.argmax(row))
        cells = [
            HeatCell(show(float(share), "share"), f"{share:.2f}", k == top)
            for k, share in enumerate(row)
        ]
        found.append((name, tuple(cells)))
    return HeatTable(tuple(found), columns)
