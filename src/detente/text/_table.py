"""Tables in plain text: cells as strings, a column as wide as its widest cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(
    rows: Iterable[Sequence[object]], columns: str, gap: str = "  ", indent: str = ""
) -> list[str]:
    """Return the lines of a table.

    Parameters
    ----------
    rows : iterable of sequences
        The heading first, where there is one; a row may be shorter than the table.
    columns : str
        By column ``<`` or ``>`` for its side, and its least width; the last goes for all further.
    gap, indent : str
        Between columns, and before the first.

    Returns
    -------
    list of str
        Without spaces at their ends.

    Examples
    --------
    >>> for line in table([["", "low", "high"], ["peace", 1, 12]], "< >4"):
    ...     print(line)
            low  high
    peace     1    12
    """
    cells = [[str(cell) for cell in row] for row in rows]
    forms = columns.split()
    forms += forms[-1:] * (max(map(len, cells), default=0) - len(forms))
    wide = [
        max([int(form[1:] or 0), *(len(row[k]) for row in cells if k < len(row))])
        for k, form in enumerate(forms)
    ]
    return [
        (
            indent
            + gap.join(f"{x:{form[0]}{n}}" for x, form, n in zip(row, forms, wide, strict=False))
        ).rstrip()
        for row in cells
    ]
