"""Results as notebooks show them: the words of a terminal, the picture, and the table of pandas.

One way for all results, read off what each has: ``str`` gives the words, ``plot`` the picture where
there is one, ``to_pandas`` the table where pandas is installed. Light and dark go by what the
reader's system prefers; everything that comes from a case is escaped. Cost: that of the three.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from detente.text._numbers import plain, precise
from detente.text._page import fit_page

_ROWS, _COLUMNS = 12, 12

_STYLE = """
.detente { --paper: #ffffff; --ink: #1b1f24; --quiet: #55606b; --rule: #d4d9de;
  background: var(--paper); color: var(--ink); padding: .5rem; overflow-x: auto; }
@media (prefers-color-scheme: dark) {
  .detente { --paper: #14171a; --ink: #e4e7ea; --quiet: #a4aeb8; --rule: #343b42; }
}
.detente pre { margin: 0 0 .5rem; padding: 0; background: none; color: inherit; }
.detente table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.detente th, .detente td { padding: .2rem .6rem; text-align: left; color: inherit;
  background: none; border-bottom: 1px solid var(--rule); }
.detente td.number { text-align: right; }
.detente thead th { color: var(--quiet); } .detente summary { color: var(--quiet); }
"""


class Result:
    """What notebooks show of a result; every public result is one."""

    __slots__ = ()

    def _preview(self) -> Any:
        """Return the DataFrame that a notebook shows, or None."""
        return self.to_pandas() if hasattr(self, "to_pandas") else None

    def _repr_html_(self) -> str:
        """Return the words, the picture and the table, for a notebook."""
        parts = [f"<pre>{escape(_words(self))}</pre>"]
        if hasattr(self, "plot"):
            parts.append(self.plot()._repr_html_())
        try:
            frame = self._preview()
        except ImportError:
            frame = None
        if frame is not None and len(frame):
            parts.append(_table(frame))
        return fit_page(f'<div class="detente"><style>{_STYLE}</style>{"".join(parts)}</div>')


def _words(result: Any) -> str:
    if any("__str__" in kind.__dict__ for kind in type(result).__mro__[:-1]):
        return str(result)
    told = result.to_dict().items() if hasattr(result, "to_dict") else ()
    lines = [f"{name}: {_cell(value)}" for name, value in told if _is_plain(value)]
    return "\n".join([type(result).__name__, *lines])


def _table(frame: Any) -> str:
    names = list(frame.columns)[:_COLUMNS]
    cut = frame[names].head(_ROWS)
    head = _row([cut.index.name or "", *map(str, names)], "th")
    body = (
        _row([_label(label), *row], "td") for label, row in zip(cut.index, _rows(cut), strict=True)
    )
    size = f"{len(frame):,} row{'s' if len(frame) > 1 else ''}"
    if len(frame) > _ROWS or len(frame.columns) > _COLUMNS:
        size = f"{len(cut)} of {size}, {len(names)} of {len(frame.columns)} columns"
    return (
        f"<details open><summary>{size}</summary><table><thead>{head}</thead>"
        f"<tbody>{''.join(body)}</tbody></table></details>"
    )


def _label(label: Any) -> str:
    if isinstance(label, tuple):
        return ", ".join(map(_label, label))
    return precise(label) if isinstance(label, float) else str(label)


def _rows(frame: Any) -> Iterable[Sequence[Any]]:
    return frame.itertuples(index=False, name=None)  # type: ignore[no-any-return]


def _row(cells: Iterable[Any], tag: str) -> str:
    return "<tr>" + "".join(_element(cell, tag) for cell in cells) + "</tr>"


def _element(cell: Any, tag: str) -> str:
    number = isinstance(cell, int | float) and not isinstance(cell, bool) and tag == "td"
    kind = ' class="number"' if number else ""
    return f"<{tag}{kind}>{escape(_cell(cell))}</{tag}>"


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else plain(value)
    return "" if value is None else str(value)


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)
