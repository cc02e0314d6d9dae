"""Results as plain values, ready for JSON, and as tables of pandas."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np


def plain(value: Any) -> Any:
    """Return a value as plain lists, mappings, texts and numbers, ready for JSON.

    An object with a ``to_dict`` becomes what that returns, any other dataclass its fields, and a
    number that JSON does not know, nan or infinite, None.

    Examples
    --------
    >>> plain({"share": np.float64(0.5), "range": (0.0, np.inf), "flow": np.array([1.0, np.nan])})
    {'share': 0.5, 'range': [0.0, None], 'flow': [1.0, None]}
    """
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if is_dataclass(value):
        return plain_fields(value)
    if isinstance(value, np.ndarray):
        broken = value.dtype.kind == "f" and not np.isfinite(value).all()
        nothing: Any = None
        return (np.where(np.isfinite(value), value, nothing) if broken else value).tolist()
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, dt.date) else value


def plain_fields(result: Any, *names: str) -> dict[str, Any]:
    """Return attributes of a result by name as plain values; all fields where none is named."""
    chosen = names or [field.name for field in fields(result)]
    return {name: plain(getattr(result, name)) for name in chosen}


def data_frame(
    data: Any, index: Any = None, *, name: str | None = None, columns: Any = None
) -> Any:
    """Return a DataFrame, its rows labelled by an index of that name (needs pandas)."""
    import pandas as pd

    rows = None if index is None else pd.Index(index, name=name)
    return pd.DataFrame(data, rows, columns)
