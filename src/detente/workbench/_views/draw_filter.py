"""What if only some of the draws are true: conditions on draws, and all verdicts over those left.

The draws are those of the setting, or of a study that is stored in the folder. Conditions stand in
the address. Cost: see `detente.workbench._conditions`; the draws of a new setting are solved first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl
from weakref import WeakKeyDictionary

import numpy as np

from detente.case import Case, Labels
from detente.claims import Verdict
from detente.drawing import draws_left
from detente.engine import poll
from detente.report import model_answer
from detente.study import Study
from detente.text import plural, show
from detente.values import Bools
from detente.workbench._conditions import (
    FEWEST,
    DrawCondition,
    condition_names,
    conditions_in,
    meeting,
    values_in_draws,
    verdicts_over,
)
from detente.workbench._draws import MOST, STAGES, design_of, draws_of
from detente.workbench._request import FIRST, Fragment, PageView, Request, put_all, say
from detente.workbench._stored_studies import stored_studies, stored_study
from detente.workbench._templates import environment, render

_printed: WeakKeyDictionary[Study, dict[str, str]] = WeakKeyDictionary()
"""The cells over all draws."""
_PLAIN_STAGES = (32,)
"""Draws for a page that is waited for as one."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One condition with what stands in its row."""

    condition: DrawCondition
    label: str
    unit: str
    levels: tuple[str, ...]
    varies: bool


def _frame(request: Request) -> str:
    scene, stored = request.scene, request.words.get("study", "")
    study = stored_study(request.bench.folder, stored) if stored else None
    case = scene.case if study is None else study.case
    names = design_of(case).names if study is None else study.design.names
    groups = condition_names(case, names)
    known = {name for _, found in groups for name in found}
    conditions = conditions_in(request.words)
    return render(
        "filter_view.html.j2",
        pairs=parse_qsl(scene.setting.address()),
        address=scene.setting.address(),
        titles={name: Labels(case).parameter(name) for name in case.parameters},
        plain="plain" in request.words,
        studies=stored_studies(request.bench.folder),
        stored=stored,
        outdated="" if study is None else study.outdated,
        most=MOST,
        rows=[_row(case, one, known) for one in conditions],
        groups=[
            (title, [name for name in found if name not in {one.name for one in conditions}])
            for title, found in groups
        ],
        claims=[claim for claim in case.claims if claim.ask is not None],
    )


def _row(case: Case, condition: DrawCondition, known: set[str]) -> _Row:
    name = condition.name
    parameter = case.parameters.get(name)
    levels = next((v.levels for v in case.variants if v.name == name), ())
    claim = next((claim for claim in case.claims if claim.id == name), None)
    says = "" if claim is None else f": {claim.says}"
    return _Row(
        condition,
        f"{name}{says}" if claim is not None else Labels(case).parameter(name),
        "" if parameter is None else parameter.unit,
        tuple(level.name for level in levels),
        name in known,
    )


def _answer(request: Request) -> Iterator[Fragment]:
    conditions = conditions_in(request.words)
    for study in _studies(request):
        poll()
        yield put_all(filtered(study, conditions))
        yield say(f"Recounted over {plural(len(study.completed), 'draw')}")
        yield FIRST


def _studies(request: Request) -> Iterator[Study]:
    stored = request.words.get("study", "")
    if stored:
        yield stored_study(request.bench.folder, stored)
        return
    stages = _PLAIN_STAGES if "plain" in request.words else STAGES
    yield from draws_of(request.bench, request.scene, stages)


def filtered(study: Study, conditions: Sequence[DrawCondition]) -> dict[str, str]:
    """Return what the page shows of the draws that meet all conditions, by place.

    Parameters
    ----------
    study : Study
    conditions : sequence of DrawCondition
        Those on what does not vary in these draws are left out, and the page says so.
    """
    names = {*study.design.names, *(claim.id for claim in study.asked)}
    met = {one: meeting(study, one) for one in conditions if one.name in names}
    left = np.logical_and.reduce([np.ones(len(study.completed), dtype=bool), *met.values()])
    places = {f"strip-{one.name}": _strip(study, one, left) for one in met}
    cells, count = _cells(), int(left.sum())
    enough = count >= FEWEST
    places["left"] = cells.left(count, len(left), enough, FEWEST)
    places |= _before(study)
    after = verdicts_over(study, left) if enough else ()
    for verdict in after:
        shown = model_answer(verdict)
        changed = verdict.word != study.verdict(verdict.claim.id).word
        places[f"after-{verdict.claim.id}"] = cells.cell(shown, _share(verdict), changed)
        places[f"bar-{verdict.claim.id}"] = shown.bar
    if not enough:
        ids = [claim.id for claim in study.asked]
        places |= {f"{cell}-{name}": "" for name in ids for cell in ("after", "bar")}
    return places


def _before(study: Study) -> dict[str, str]:
    if study not in _printed:
        cell = _cells().cell
        _printed[study] = {
            f"before-{v.claim.id}": cell(model_answer(v), _share(v), False)
            for v in study.verdicts()
        }
    return _printed[study]


def _share(verdict: Verdict) -> str:
    return show(verdict.counts["agrees"] / verdict.draws, "share") if verdict.counts else ""


def _strip(study: Study, condition: DrawCondition, left: Bools) -> str:
    name = condition.name
    values = values_in_draws(study, name)
    levels = study.design.levels.get(name)
    title = f"{name}: {plural(int(left.sum()), 'draw')} left of {len(left):,}"
    return draws_left(values, left, title, None if levels is None else len(levels))


def _cells() -> Any:
    return environment().get_template("filter_cells.html.j2").module


VIEW = PageView("filter", "Filter", _frame, _answer, script="filter.js", style="filter.css")
