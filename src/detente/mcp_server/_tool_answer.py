"""What a tool answers: words, the same as plain values, and what the answer rests on, all bounded.

The words are those that the command line prints. The plain values are cut only where they are long:
lists are shortened, the longest answers most, and what was cut is said with its place. Cost: linear
in the answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from detente.case import Case
from detente.report import NO_PROBABILITIES, parameter_rows, source_rows
from detente.study import Driver, Study
from detente.text import fit_to_print
from detente.values import plain

LONGEST_WORDS = 16_000
LONGEST_VALUES = 60_000
"""Characters of an answer, as text and as JSON."""
_LEVELS = ((400, 4000), (100, 2000), (40, 1000), (15, 500), (6, 300), (2, 150))
"""Entries of a list and characters of a text that are left, more and more cut."""
_MOST_PARAMETERS = 12


@dataclass(frozen=True)
class ToolAnswer:
    """An answer in words and as plain values.

    Attributes
    ----------
    words : str
        As the command line prints them.
    values : object
        As the command line gives it with ``--json``.
    case : Case, optional
        The case asked about; the answer then says which of its assumptions it rests on.
    drivers : sequence of Driver
        What moves the answer over the draws, strongest first, where that is known.
    solved : bool
        Whether the model was solved for it: what only tells the record rests on no parameter.
    """

    words: str
    values: Any
    case: Case | None = None
    drivers: Sequence[Driver] = ()
    solved: bool = True

    def structured(self) -> dict[str, Any]:
        """Return all of it as plain values, cut to fit."""
        found: dict[str, Any] = {"answer": plain(self.values)}
        if self.case is not None:
            changed = list(self.case.changes)
            found = {"case": self.case.reference, "changed": changed, **found}
            if self.solved:
                found["rests_on"] = _rests_on(self.case, self.drivers)
                found["note"] = NO_PROBABILITIES
        return cut_to_fit(found)

    def text(self) -> str:
        """Return all of it as text, cut to fit."""
        words = fit_to_print(self.words.strip())
        if len(words) > LONGEST_WORDS:
            more = len(words) - LONGEST_WORDS
            words = f"{words[:LONGEST_WORDS]}\n… and {more:,} characters more, which were cut"
        if self.case is None or not self.solved:
            return words
        changed = f"Changed: {', '.join(self.case.changes)}\n\n" if self.case.changes else ""
        rests = _rests_words(_rests_on(self.case, self.drivers), bool(self.drivers))
        return f"{changed}{words}\n\n{fit_to_print(rests)}\n{NO_PROBABILITIES}"


def strongest_of(study: Study) -> tuple[Driver, ...]:
    """Return how each parameter moves that answer of a study which it moves most."""
    found: dict[str, Driver] = {}
    for claim in study.asked:
        for one in study.drivers(claim.id):
            best = found.get(one.parameter)
            if best is None or abs(one.correlation) > abs(best.correlation):
                found[one.parameter] = one
    return tuple(sorted(found.values(), key=lambda one: -abs(one.correlation)))


def _rests_on(case: Case, drivers: Sequence[Driver]) -> dict[str, Any]:
    """Return the parameters an answer rests on, and the sources that they and the claims name."""
    rows = {row.name: row for row in parameter_rows(case)}
    moved = {driver.parameter: driver for driver in drivers if driver.parameter in rows}
    names = [*moved, *(name for name in rows if name not in moved)][:_MOST_PARAMETERS]
    parameters = []
    for name in names:
        row = rows[name]
        one: dict[str, Any] = {
            "name": name, "value": row.value, "range": row.range, "unit": row.unit,
            "basis": row.source or ("judgement" if row.judgement else "no source given"),
            "reason": row.reason,
        }  # fmt: skip
        if name in moved:
            one["rank_correlation"] = round(moved[name].correlation, 3)
        parameters.append(one)
    cited = {one["basis"] for one in parameters}
    return {
        "parameters": parameters,
        "more_parameters": len(rows) - len(parameters),
        "sources": {
            row.id: f"{row.title}. {row.record}" for row in source_rows(case) if row.id in cited
        },
    }


def _rests_words(found: Mapping[str, Any], ranked: bool) -> str:
    if not found["parameters"]:
        return "Rests on no parameter: the case states none."
    lines = ["Rests on these assumptions" + (", strongest first:" if ranked else ":")]
    for one in found["parameters"]:
        within = f", range {one['range']}" if one["range"] else ""
        moves = (
            f", rank correlation {one['rank_correlation']:.2f}" if "rank_correlation" in one else ""
        )
        lines.append(f"  {one['name']} = {one['value']}{within}{moves} ({one['basis']})")
    if found["more_parameters"]:
        lines.append(f"  and {found['more_parameters']} more; `describe` lists them")
    lines += [f"  {name}: {words}" for name, words in found["sources"].items()]
    return "\n".join(lines)


def cut_to_fit(values: dict[str, Any], longest: int = LONGEST_VALUES) -> dict[str, Any]:
    """Return plain values with long lists and texts cut until they fit, and what was cut.

    Examples
    --------
    >>> cut_to_fit({"states": [1, 2, 3]})
    {'states': [1, 2, 3]}
    >>> cut_to_fit({"states": list(range(900))}, 500)
    {'states': [0, 1, ...], 'cut': ['states: 100 of 900']}
    """
    if len(json.dumps(values)) <= longest:
        return values
    for entries, characters in _LEVELS:
        cuts = list[str]()
        found = _cut(values, entries, characters, "", cuts)
        found["cut"] = cuts[:50]
        if len(json.dumps(found)) <= longest:
            break
    return dict(found)


def _cut(value: Any, entries: int, characters: int, path: str, cuts: list[str]) -> Any:
    if isinstance(value, str) and len(value) > characters:
        cuts.append(f"{path}: {characters:,} of {len(value):,} characters")
        return f"{value[:characters]}…"
    if isinstance(value, list):
        if len(value) > entries:
            cuts.append(f"{path}: {entries:,} of {len(value):,}")
        return [
            _cut(one, entries, characters, f"{path}[{k}]", cuts)
            for k, one in enumerate(value[:entries])
        ]
    if isinstance(value, dict):
        names, most = list(value), 10 * entries
        if len(names) > most:
            cuts.append(f"{path}: {most:,} of {len(names):,}")
        return {
            name: _cut(value[name], entries, characters, f"{path}.{name}".strip("."), cuts)
            for name in names[:most]
        }
    return value
