"""What differs in what two cases state, part by part, under the names of the case format.

Each case becomes a tree of named texts: levels by their names, formulas as written, lists of named
parts by name, so that a part that only moved within the file is the same. Two trees are walked
together; what only one has is one entry, however much is in it. What a case and its file are
called is no part of it. Cost: linear in the cases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from detente.case import (
    Case,
    Condition,
    Infeasible,
    Meant,
    Observation,
    Option,
    Parameter,
    VariantLevel,
)
from detente.text import precise

_CALLED = {"name", "title", "path", "text", "sha256", "namespace", "settings", "chosen", "places"}
_FOR_READERS = ("sources", "question", "about", "brief", "phase", "meant", "drafted_by", "notes")
"""What no answer depends on comes last."""

Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class InputChange:
    """One thing that two cases state differently.

    Attributes
    ----------
    place : str
        Where it stands, as in ``parameters.thirst.range``.
    a, b : str
        What each states; empty where it says nothing of it.
    """

    place: str
    a: str
    b: str

    def __str__(self) -> str:
        """Return one line."""
        if not self.a or not self.b:
            return f"{self.place}: only in {'A' if self.a else 'B'}: {self.a or self.b}"
        return f"{self.place}: {self.a} in A, {self.b} in B"


def input_changes(a: Case, b: Case) -> tuple[InputChange, ...]:
    """Return what differs in what two cases state, in the order of the case format.

    Examples
    --------
    >>> import detente
    >>> case = detente.load("chicken")
    >>> for change in input_changes(case, case.replace(parameters={"nerve": {"value": 3}})):
    ...     print(change)
    parameters.nerve.value: 6 in A, 3 in B
    """
    return tuple(_differing(_stated(a), _stated(b), ()))


def _differing(a: Any, b: Any, path: tuple[str, ...]) -> Iterator[InputChange]:
    if isinstance(a, dict) and isinstance(b, dict):
        for name in dict.fromkeys([*a, *b]):
            yield from _differing(a.get(name), b.get(name), (*path, name))
    elif a != b:
        yield InputChange(".".join(path), _brief(a), _brief(b))


def _brief(value: Any) -> str:
    """Return a tree as one text; what has nothing to say is left out."""
    if not isinstance(value, dict):
        return value or ""
    parts = ((name, _brief(item)) for name, item in value.items())
    return ", ".join(f"{name} {text}" for name, text in parts if text)


def _stated(case: Case) -> Tree:
    levels = {name: variable.levels for name, variable in case.namespace.variables.items()}
    names = [field.name for field in fields(case) if field.name not in _CALLED]
    names.sort(key=lambda name: name in _FOR_READERS)
    return {name: _tree(getattr(case, name), levels) for name in names}


def _tree(value: Any, levels: Mapping[str, tuple[str, ...]]) -> Any:
    match value:
        case None | "":
            return None
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return precise(value)
        case Parameter():
            return _parameter(value)
        case Option():
            return _without(value, levels, "allowed") | {"moves": _moves(value)}
        case Condition():
            rates = {
                f"{value.levels[i]} to {value.levels[j]}": formula.text
                for i, j, formula in value.rates
            }
            return _without(value, levels, "rates") | {"rates": rates}
        case VariantLevel():
            weights = {f"{who}.{issue}": formula.text for who, issue, formula in value.weights}
            return _without(value, levels, "weights") | {"weights": weights}
        case Mapping():
            return {
                str(name): levels[name][item]
                if name in levels and isinstance(item, int)
                else _tree(item, levels)
                for name, item in value.items()
            }
        case tuple():
            return _listed(value, levels)
    if isinstance(getattr(value, "text", None), str):
        return value.text
    if is_dataclass(value):
        return _without(value, levels)
    return str(value)


def _listed(items: tuple[Any, ...], levels: Mapping[str, tuple[str, ...]]) -> Any:
    """Return named parts by name, pairs by their first, formulas in order, and words in a row."""
    if items and all(isinstance(item, str | int | float) for item in items):
        return ", ".join(map(str, items))
    found: Tree = {}
    for number, item in enumerate(items, start=1):
        name, content = str(number), item
        if isinstance(item, tuple):
            name, content = item
        elif is_dataclass(item):
            name = _name(item) or name
        while name in found:
            name += " again"
        found[name] = _tree(content, levels)
    return found


def _name(item: Any) -> str:
    if isinstance(item, Infeasible):
        return item.formula.text
    if isinstance(item, Observation):
        return f"{item.date} {item.variable}"
    if isinstance(item, Meant):
        return f"{item.warning} of {item.of}"
    between = getattr(item, "between", None)
    named = " with ".join(sorted(between)) if between else getattr(item, "name", "")
    named = named or getattr(item, "party", "")
    return str(named or getattr(item, "id", "") or getattr(item, "actor", ""))


def _without(value: Any, levels: Mapping[str, tuple[str, ...]], *left_out: str) -> Tree:
    return {
        field.name: _tree(getattr(value, field.name), levels)
        for field in fields(value)
        if field.name not in {"name", "id", "actor", "party", *left_out}
    }


def _moves(option: Option) -> str:
    names = option.levels
    return ", ".join(
        f"{names[i]} to {names[j]}"
        for i, row in enumerate(option.allowed)
        for j, can in enumerate(row)
        if can and i != j
    )


def _parameter(parameter: Parameter) -> Tree:
    kind = parameter.distribution
    spread = f"{precise(parameter.low)} to {precise(parameter.high)}"
    return {
        "value": precise(parameter.value),
        "range": spread if kind not in {"fixed", "choices"} else None,
        "choices": ", ".join(map(precise, parameter.choices)) or None,
        "distribution": kind,
        "mode": precise(parameter.mode) if kind in {"normal", "triangular"} else None,
        "sd": precise(parameter.sd) if kind == "normal" else None,
        "unit": parameter.unit or None,
        "reason": parameter.reason or None,
        "source": parameter.source or None,
    }
