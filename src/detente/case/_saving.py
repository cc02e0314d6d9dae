"""A case as the text of a file: what was read, or what was read with the case's changes in it.

A case that is still what its text says has that text, comments and all. One that was changed since,
by a variant or with `dataclasses.replace`, has the changes written into it, and the text is read
back to see that it says the same. Cost: two readings of the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.case._changing import changed_text
from detente.case._model import Parameter, Weights
from detente.case._reader import read_case
from detente.case._text_reading import decode
from detente.case._variants import Correlation, Variant, VariantLevel
from detente.errors import CaseError, InputError
from detente.files import write_file

if TYPE_CHECKING:
    from detente.case._case import Case

_TEXTS = ("title", "question", "about", "brief", "notes")
# What a choice of variants and settings leaves behind, which the changes say already, is not looked
# at: a variant that is no longer drawn, a correlation of what no longer varies.
_OF_THE_FILE = {"name", "path", "text", "sha256", "settings", "chosen", "places"}


def replace_parts(case: Case, **sections: object) -> Case:
    """Return a case with parts changed, read as a file would be.

    Parameters
    ----------
    case : Case
    **sections
        By key of the case format: a mapping goes into what stands there, None takes an entry out,
        anything else replaces it. Claims may be given as a mapping by id.

    Raises
    ------
    CaseError
        With every problem that the changed file would have.
    InputError
        For a value that a file cannot hold.
    """
    text = changed_text(_decoded(file_of(case)), sections).encode("utf-8")
    label = f"{case.path} with {', '.join(sections)} replaced" if sections else case.path
    return replace(read_case(text, label), name=case.name, path=case.path)


def save_case(case: Case, path: Path | str, *, overwrite: bool = False) -> None:
    """Write a case as one file, from which it can be loaded again.

    Parameters
    ----------
    case : Case
    path : path or str
    overwrite : bool
        Whether a file of that name may be replaced.

    Raises
    ------
    InputError
        When the file exists or cannot be written, or the case was changed into one that no file
        can state.
    """
    target, content = Path(path), file_of(case)
    if target.exists() and not overwrite:
        raise InputError(f"{target} exists; give another name, or overwrite=True to replace it")
    try:
        write_file(target, content)
    except OSError as error:
        raise InputError(
            f"{target} cannot be written: {error.strerror or error}; check its folder"
        ) from None


def file_of(case: Case) -> bytes:
    """Return the bytes of a file that states the case (`InputError` where none can)."""
    stated = read_case(case.text, case.path)
    if _same(stated, case):
        return case.text
    text = changed_text(_decoded(case.text), _changes(stated, case)).encode("utf-8")
    try:
        if _same(read_case(text, case.path), case):
            return text
        reason = "more of it was changed than its values"
    except CaseError as error:
        reason = str(error)
    raise InputError(f"{case.name} is no longer what a file can state: {reason}; use case.replace")


def _same(one: Case, other: Case) -> bool:
    return all(
        getattr(one, field.name) == getattr(other, field.name)
        for field in fields(one)
        if field.name not in {*_OF_THE_FILE, "variants", "correlations"}
    ) and all(look(one) == look(other) for look in (_choices, _ties))


def _choices(case: Case) -> list[Variant]:
    """Return the variants that are drawn, without what they set and a setting overrules."""
    return [
        replace(variant, levels=tuple(_ruled(level, case.settings) for level in variant.levels))
        for variant in case.variants
        if variant.drawn
    ]


def _ruled(level: VariantLevel, settings: Mapping[str, float]) -> VariantLevel:
    ranges = {name: ends for name, ends in level.set.items() if name not in settings}
    return replace(level, set=ranges)


def _ties(case: Case) -> list[Correlation]:
    fixed = {name for name, p in case.parameters.items() if p.distribution == "fixed"}
    return [pair for pair in case.correlations if fixed.isdisjoint(pair.between)]


def _decoded(raw: bytes) -> str:
    text = decode(raw, lambda *_: None)
    assert text is not None, "a case comes from a text that could be decoded"
    return text


def _changes(old: Case, new: Case) -> dict[str, object]:
    """Return what to merge into the file of a case to get another."""
    found: dict[str, object] = {
        name: getattr(new, name) for name in _TEXTS if getattr(old, name) != getattr(new, name)
    }
    days = {
        day: getattr(new, day)
        for day in ("since", "start", "end")
        if getattr(old, day) != getattr(new, day)
    }
    variables = new.namespace.variables
    known = {actor.name: actor for actor in old.actors}
    sections = {
        "clock": days,
        "parameters": {
            name: _parameter(p) for name, p in new.parameters.items() if p != old.parameters[name]
        },
        "status_quo": {
            name: variables[name].levels[level]
            for name, level in new.status_quo.items()
            if level != old.status_quo[name]
        },
        "actors": {
            actor.name: {"preferences": {"weights": _weights(actor.preference)}}
            for actor in new.actors
            if actor.preference != known[actor.name].preference
            and isinstance(actor.preference, Weights)
        },
        "variants": {
            v.name: _overruled(v, new.settings) if v in new.variants else None for v in old.variants
        },
    }
    found |= {name: changes for name, changes in sections.items() if changes}
    if old.infeasible != new.infeasible:
        found["infeasible"] = [
            {"when": rule.formula.text, **({"reason": rule.reason} if rule.reason else {})}
            for rule in new.infeasible
        ]
    if old.meant != new.meant:
        found["meant"] = [asdict(warning) for warning in new.meant]
    if _ties(old) != _ties(new):
        found["correlations"] = [
            {"between": c.between, "rank": c.rank, "reason": c.reason, "source": c.source}
            for c in _ties(new)
        ]
    return found


def _overruled(variant: Variant, settings: Mapping[str, float]) -> Mapping[str, Any]:
    """Return what takes out of a variant the parameters that have been set."""
    taken = [(level, level.set.keys() & settings.keys()) for level in variant.levels]
    return {
        "levels": {
            level.name: {"set": None if names == level.set.keys() else dict.fromkeys(names)}
            for level, names in taken
            if names
        }
    }


def _parameter(parameter: Parameter) -> Mapping[str, Any]:
    kind = parameter.distribution
    ranged = kind not in {"fixed", "choices"}
    return {
        "value": parameter.value,
        "range": [parameter.low, parameter.high] if ranged else None,
        "choices": list(parameter.choices) or None,
        "distribution": kind if ranged and kind != "uniform" else None,
        "mode": parameter.mode if kind in {"normal", "triangular"} else None,
        "sd": parameter.sd if kind == "normal" else None,
        "unit": parameter.unit or None,
        "reason": parameter.reason or None,
        "source": parameter.source or None,
    }


def _weights(preference: Weights) -> dict[str, str]:
    return {issue: formula.text for issue, formula in preference.items}
