"""Reading a panel: its file, its template, its table of conflicts, and what they came to.

Cost: linear in the files, and one compilation of the template.
"""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import numpy as np

from detente.case import Case, load
from detente.errors import InputError
from detente.expression import Formula
from detente.panel._acts import read_acts
from detente.panel._coefficients import SharedFormulas
from detente.panel._conflict_table import ConflictTable, read_conflicts
from detente.panel._likelihood import PanelSide
from detente.panel._outcome import REST, FinalOutcome, RecordOutcome
from detente.panel._panel import SIDES, Panel
from detente.panel._panel_file import PanelEntries
from detente.text import quote, suggestion
from detente.values import Floats

_MOST_STATES = 200
_EXAMPLE = Path(__file__).parent / "example" / "disputes.yaml"


def load_panel(path: Path | str) -> Panel:
    """Read a panel from a file.

    Parameters
    ----------
    path : Path or str
        Of a panel file; ``disputes`` names the built-in example.

    Raises
    ------
    InputError
        With the place, for whatever is wrong.

    Examples
    --------
    >>> panel = load_panel("disputes")
    >>> panel.covariates, len(panel.train), len(panel.test)
    (('ratio',), 60, 40)
    """
    path = Path(path)
    said = PanelEntries(_EXAMPLE if str(path) == _EXAMPLE.stem else path)
    template_file = said.beside("template")
    template = load(str(template_file))
    states = int(np.prod(template.shape))
    if states > _MOST_STATES:
        said.refuse(
            f"the template has {states:,} states, a panel takes {_MOST_STATES} at most; leave "
            "levels or options out",
            "template",
        )
    table = read_conflicts(said.beside("conflicts"))
    texts = [said.text, template.text.decode("utf-8"), table.text]
    ids = _column(said, table, "id", "id")
    year, group = (_column(said, table, key, "") for key in ("year", "group"))
    for name in filter(None, (ids, group)):
        _refuse_empty(table, name)
    if len(set(table.words(ids))) < len(table):
        twice = next(one for one in table.words(ids) if table.words(ids).count(one) > 1)
        lines = [
            line for line, one in zip(table.lines, table.words(ids), strict=True) if one == twice
        ]
        raise InputError(
            f"{table.file}, line {lines[1]}: the conflict {quote(twice)} stands on line {lines[0]} "
            "too; give each its own id"
        )
    shared = _shared(said, template, table)
    rows = _split(said, table)
    outcome, more = _outcome(said, template, table, ids)
    digest = hashlib.sha256("\0".join([*texts, more]).encode()).hexdigest()
    panel = Panel(
        name=path.stem,
        template=template,
        table=table,
        shared=shared,
        outcome=outcome,
        train=rows["train"],
        test=rows["test"],
        id_column=ids,
        year_column=year,
        group_column=group,
        split={side: str(text) for side, text in said.mapping("split", needed=False).items()},
        about=said.word(said.data, "about").strip(),
        sha256=digest,
    )
    if isinstance(outcome, FinalOutcome):
        for name in panel.covariates:
            if name == outcome.column:
                said.refuse(f"the formulas read {name}, which is the outcome; leave it out",
                            "parameters")  # fmt: skip
    stated = np.array([one.value for one in panel.coefficients])
    for side in SIDES:
        if year:
            panel.column(year, side)
        _refuse_endless(said, panel, stated, panel.side(side))
    return panel


def _refuse_endless(said: PanelEntries, panel: Panel, at: Floats, side: PanelSide) -> None:
    """Refuse formulas that come to no number at the stated values."""
    with np.errstate(all="ignore"):
        found = panel.shared.values(at, side.covariates, len(side.ids))
    for k, name in enumerate(panel.shared.formulas):
        sound = np.isfinite(found.value[..., k]) & np.isfinite(found.slope[..., k, :]).all(axis=-1)
        wrong = np.flatnonzero(~sound.all(axis=1))
        if wrong.size:
            said.refuse(
                f"this or its slope is no finite number for {quote(side.ids[wrong[0]])} at the "
                "stated values; change the formula, its columns, or the values of the coefficients",
                "parameters", name,
            )  # fmt: skip


def _refuse_empty(table: ConflictTable, name: str) -> None:
    for cell, line in zip(table.words(name), table.lines, strict=True):
        if not cell:
            raise InputError(f"{table.file}, line {line}: {name} is empty; fill it in")


def _column(said: PanelEntries, table: ConflictTable, key: str, default: str) -> str:
    name = said.word(said.data, key, default=default)
    if name and name not in table.columns:
        hint = suggestion(name, table.columns, "column")
        said.refuse(f"{table.file} has no column {quote(name)}; {hint}", key)
    return name


def _shared(said: PanelEntries, template: Case, table: ConflictTable) -> SharedFormulas:
    coefficients = said.coefficients()
    names = {one.name: "parameter" for one in coefficients}
    varying = said.mapping("varying", needed=False)
    if len(varying) > 2:
        said.refuse("at most two numbers may vary of their own; leave some out", "varying")
    spreads: dict[str, Formula] = {}
    for name, part in varying.items():
        if not isinstance(part, dict):
            said.refuse("write the spread, as in `{spread: tau}`", "varying", name)
        said.known(part, ("spread", "reason"), "varying", name)
        spreads[name] = said.formula(part.get("spread"), names, "number", "varying", name, "spread")
    for name in (*names, *spreads):
        if name in table.columns or (name in names and name in spreads):
            said.refuse(f"the name {quote(name)} stands for two things; rename one of them",
                        "shared", name)  # fmt: skip
    readable = {**names, **dict.fromkeys((*table.columns, *spreads), "parameter")}
    formulas = {}
    for name, text in said.mapping("parameters").items():
        if name not in template.parameters:
            hint = suggestion(name, template.parameters, "parameter")
            said.refuse(f"the template has no parameter {quote(name)}; {hint}", "parameters", name)
        formulas[name] = said.formula(text, readable, "number", "parameters", name)
    nodes = said.data.get("nodes", 9)
    if isinstance(nodes, bool) or not isinstance(nodes, int) or not 1 <= nodes <= 64:
        said.refuse("must be a whole number from 1 to 64", "nodes")
    used = {name for one in (*formulas.values(), *spreads.values()) for name in one.uses}
    for one in coefficients:
        if one.name not in used:
            said.refuse("no formula reads this coefficient; use it, or leave it out",
                        "shared", one.name)  # fmt: skip
    for name in spreads:
        if name not in used:
            said.refuse("no formula reads this; use it, or leave it out", "varying", name)
    return SharedFormulas(coefficients, formulas, spreads, nodes)


def _split(said: PanelEntries, table: ConflictTable) -> dict[str, tuple[int, ...]]:
    part = said.mapping("split", needed=False)
    said.known(part, ("train", "test"), "split")
    found: dict[str, tuple[int, ...]] = {"test": ()}
    columns = dict.fromkeys(table.columns, "parameter")
    for side in part:
        formula = said.formula(part[side], columns, "truth", "split", side)
        cells = {name: table.numbers(name) for name in formula.uses}
        holds = np.broadcast_to(formula.evaluate(cells), len(table))
        found[side] = tuple(np.flatnonzero(holds).tolist())
        if not found[side]:
            todo = "fit" if side == "train" else "score"
            said.refuse(f"no conflict is left to {todo}; widen {side}", "split", side)
    left = set(range(len(table))) - set(found["test"])
    found.setdefault("train", tuple(sorted(left)))
    if both := set(found["train"]) & set(found["test"]):
        ids = table.lines[min(both)]
        said.refuse(f"line {ids} of {table.file} is on both sides; let them exclude each other",
                    "split")  # fmt: skip
    if not found["train"]:
        said.refuse("no conflict is left to fit; narrow test", "split")
    return found


def _outcome(
    said: PanelEntries, template: Case, table: ConflictTable, ids: str
) -> tuple[FinalOutcome | RecordOutcome, str]:
    part = said.mapping("outcomes")
    if "record" in part:
        said.known(part, ("record", "start"), "outcomes")
        start = said.word(part, "start", "outcomes", default="status quo")
        if start not in ("status quo", "uniform"):
            said.refuse("write status quo or uniform", "outcomes", "start")
        records, text = read_acts(said.beside("record", "outcomes"), template, table.words(ids))
        return RecordOutcome(records, start), text
    said.known(part, ("column", "classes", "at", "first_within", "ordered"), "outcomes")
    column = said.word(part, "column", "outcomes")
    if column not in table.columns:
        hint = suggestion(column, table.columns, "column")
        said.refuse(f"{table.file} has no column {quote(column)}; {hint}", "outcomes", "column")
    if ("at" in part) == ("first_within" in part):
        said.refuse(
            "give one of `at: YEARS`, when the state is looked at, and `first_within: YEARS`, "
            "within which the first event counts",
            "outcomes",
        )
    first = "first_within" in part
    key = "first_within" if first else "at"
    years = part[key]
    horizon = math.inf if first and years == math.inf else said.number(years, "outcomes", key)
    if horizon <= 0.0:
        said.refuse("must be above 0; give years", "outcomes", key)
    classes = said.mapping("outcomes", "classes")
    conditions = []
    for name, text in classes.items():
        if not isinstance(text, str):
            said.refuse("must be a formula of the template's state, or else", "outcomes", "classes",
                        name)  # fmt: skip
        conditions.append(text.strip())
    if len(conditions) < 2 or conditions.count(REST) > 1:
        said.refuse("give two classes at least, one of them else at most", "outcomes", "classes")
    ordered = part.get("ordered", False)
    if not isinstance(ordered, bool):
        said.refuse("write true or false", "outcomes", "ordered")
    outcome = FinalOutcome(column, tuple(classes), tuple(conditions), horizon, first, ordered)
    return outcome.checked(template, said.place("outcomes", "classes").removesuffix(": ")), ""
