"""Cells of a table that a spreadsheet takes for what they are.

A program that opens CSV runs a cell that begins like a formula, whoever wrote it (OWASP, "CSV
Injection"). Text that does so gets an apostrophe in front; numbers stay numbers.
"""

from __future__ import annotations

import math

from detente.text._hidden import printable

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_cell(cell: str | float | None) -> str | float | None:
    """Return what to write for a value: text that runs nothing, numbers in full, nothing for NaN.

    Examples
    --------
    >>> csv_cell("=1+1"), csv_cell(-0.5), csv_cell("-"), csv_cell(float("nan"))
    ("'=1+1", -0.5, "'-", None)
    """
    if isinstance(cell, str):
        text = printable(cell)
        return f"'{text}" if cell.lstrip(" ").startswith(_FORMULA) else text
    return None if cell is None or math.isnan(cell) else cell
