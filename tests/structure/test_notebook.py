"""Every public result shows itself in a notebook, in one way, and safely.

Would catch: a new result without ``_repr_html_`` or with one of its own, markup that is not sound,
a title of a case that runs as a script, a picture that is not a `Drawing` or has one look only, a
table that fails where pandas is not installed.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree

import pytest

import detente
from detente.bargaining import (
    SettledProposal,
    bargaining_table,
    compare_models,
    exchange,
    pair_packages,
)
from detente.case import read_case
from detente.claims import claim_slopes
from detente.conflict import Conflict
from detente.deals import assess_deal, exchanges_in_time, leverage
from detente.drawing import Drawing
from detente.evidence import (
    TimeStamp,
    best_fit,
    blind_forecasts,
    compare_rivals,
    filter_record,
    likelihood_slopes,
    placebo,
    profile_likelihood,
    question_sheet,
    resolve_questions,
    sample_posterior,
    score_argument,
    score_bargaining,
    score_forecasts,
    seal_forecast,
    seal_statement,
    updated_verdicts,
    verify_ledger,
)
from detente.explanation import level_flow, moves_from_state
from detente.panel import difference_by, load_panel, panel_placebos
from detente.reading import document_of, draft_case, reread_case
from detente.stability import (
    least_rank_change,
    least_weight_change,
    strength_stability,
    uncertain_stability,
)
from detente.study import phase_diagram, study_bargaining, study_function
from detente.text import Result
from report.page_outline import Outline

ROOMS = (
    "stability", "equilibrium", "oneshot", "forecast", "study", "study.sensitivity",
    "study.discovery", "deals", "evidence", "analysis", "claims", "comparison", "explanation",
    "bargaining", "panel",
    "reading",
)  # fmt: skip
PICTURES = {
    "Analysis", "BargainingComparison", "BargainingTable", "Comparison", "DealAssessment",
    "DealStudy", "ForecastScores", "LinkedDeals", "PanelPlacebos", "PanelScores", "PhaseDiagram",
    "PositionExchanges", "Price", "Stability", "Study", "Tornado", "Verdict",
}  # fmt: skip
HOSTILE = "<script>alert(1)</script>"
WEATHER = f"""
detente: 1
title: "{HOSTILE}"
question: "{HOSTILE}"
clock: {{since: 2010-01-01, start: 2011-01-01, end: 2012-12-31}}
sources: {{log: {{title: "{HOSTILE}"}}}}
parameters:
  turn: {{value: 1, range: [0.5, 2], reason: "{HOSTILE}", unit: "{HOSTILE}", source: log}}
  worth: {{value: 1, range: [0.5, 2], reason: r, source: log}}
variants:
  speed:
    levels:
      usual: {{share: 0.5}}
      fast: {{share: 0.5, set: {{turn: 3}}, reason: r, source: log}}
actors:
  farmer:
    title: "{HOSTILE}"
    options: {{cover: [open, closed]}}
    preferences: {{weights: {{shelter: worth}}}}
conditions:
  rain: {{levels: [dry, wet], rates: {{dry -> wet: turn, wet -> dry: turn}}}}
issues: {{shelter: farmer.cover == closed or rain == dry}}
views: {{farmer: {{values: {{turn: 2 * turn}}}}}}
status_quo: {{farmer.cover: open, rain: dry}}
phase: {{hold: farmer.cover, watch: rain}}
history:
  - {{date: 2010-01-01, variable: rain, level: dry, source: log, until: 2010-06-30}}
  - {{date: 2010-07-01, variable: rain, level: wet, source: log, kind: from}}
  - {{date: 2011-07-01, variable: rain, level: dry, source: log, kind: from}}
claims:
  - id: W1
    says: "{HOSTILE}"
    ask: {{probability: "F[0, 1] rain == wet"}}
    words: likely
    expect: words
    resolved: {{outcome: true, by: 2011-12-31, evidence: [log]}}
"""


def public_results() -> dict[str, type]:
    """Return every public class of the rooms of results that becomes plain values."""
    found = {}
    for room in ROOMS:
        door = import_module(f"detente.{room}")
        for name in door.__all__:
            offered = getattr(door, name)
            if isinstance(offered, type) and (
                hasattr(offered, "to_dict") or hasattr(offered, "to_pandas")
            ):
                found[name] = offered
    return found


RESULTS = public_results()


@cache
def made() -> dict[str, Any]:
    """Return an instance of every public result, out of a few small analyses."""
    case = read_case(WEATHER.encode(), "weather.yaml")
    other = detente.load("sanctions")
    conflict, chicken = other.conflict(), detente.load("chicken").conflict()
    graph = Conflict.from_graph(
        ["talks", "offer"], {"us": [(0, 1)], "them": [(1, 0)]},
        {"us": [2, 1], "them": [1, 2]}, status_quo=0,
    )  # fmt: skip
    solved, believed = conflict.equilibrium(), case.conflict().equilibrium()
    paths = solved.simulate(20, 2.0, rng=1)
    study = case.study(20, 1)
    alone = case.study(20, 1, design="tornado")
    analysis = detente.analyse(case, 20)
    deal = assess_deal(conflict, "target.programme == frozen", "target", "sender", coarse=True)
    game = chicken.one_shot()
    roots: list[Any] = [
        analysis, analysis.citations["W1"], study,
        detente.compare(case, case, 6, b_set={"turn": 1.5}),
        alone.sensitivity("W1"), phase_diagram(case, "turn", "worth", "W1", points=2),
        study.convergence("W1"), study.discover("W1"), study.tree("W1"),
        case.study(10, 1, design="saltelli").sensitivity("W1"),
        case.study(8, 1, design="morris").sensitivity("W1"),
        study_function(lambda x: {"y": x["a"]}, {"a": (0.0, 1.0)}, 4, 1),
        study.discover("turn > 1.2 and worth > 1.2"),
        conflict.stability(), conflict.stability().explain("sender"),
        conflict.stability().status_quo_analysis(), chicken.stability().explain("row"),
        conflict.stability().coalitions().improving_coalitions(None),
        strength_stability(graph, {}), uncertain_stability(graph, {}),
        other.why("T1"), least_rank_change(chicken, 0, "nash"), least_weight_change(other, 0),
        solved, solved.certificate(), solved.policy("sender"), solved.paths(2.0),
        solved.long_run(), solved.probability("F[0, 1] target.programme == frozen"),
        solved.expected_time("tension == high"), solved.accumulated("tension == high", 2.0),
        believed.expectations(1.0), paths, paths.order("tension == high", "true"),
        paths.spells("tension == high"), paths.quantiles("tension == high"), paths.changes(),
        game, game.pure(), game.mixed(), game.qre(), game.profile({"row": 0, "col": 0}),
        deal, leverage(deal.question, ["worth"]),
        other.deals("target.programme == frozen", "target", "sender", 1, 1, workers=1),
        filter_record(case.conflict().equilibrium(), case.record()),
        solved.observe([(1.0, "tension == high")]), case.record(), best_fit(case),
        blind_forecasts(case, "2011-01-01", 6), likelihood_slopes(case),
        profile_likelihood(case, "turn"), score_argument(case, study.verdicts()),
        compare_rivals(case, "speed", draws=4), placebo(case, 2),
        claim_slopes(case), moves_from_state(solved), level_flow(solved, ["sender.offer"], 1.0),
    ]  # fmt: skip
    market = bargaining_table(
        {"cut": {"a": (100, 0.6, 2), "b": (0, 0.3, 3), "c": (0, 0.8, 2)},
         "fund": {"a": (100, 1, 2), "b": (0, 0.9, 3), "c": (0, 0.1, 2)}}
    )  # fmt: skip
    roots += [compare_models(market, 2), pair_packages(market)]
    roots += [exchanges_in_time(exchange(market)), study_bargaining(market, 12, 1)]
    roots += [score_bargaining([SettledProposal("one", None, market, (20.0, 70.0))])]
    panel = load_panel("disputes").fit(most=2, intervals=False)
    scored = panel.score()
    roots += [panel.panel, panel, scored, panel_placebos(panel, scored, 3)]
    roots.append(difference_by(scored, "ratio"))
    posterior = sample_posterior(case, 20, 1)
    roots += [posterior, updated_verdicts(posterior, 4)]
    memo = document_of(f"{HOSTILE} will probably run.", "memo.txt", title=HOSTILE)
    draft = draft_case(memo)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "memo.yaml"
        path.write_text(draft.text, encoding="utf-8")
        roots += [draft, reread_case(path, memo)]
        ledger = Path(folder) / "ledger.jsonl"
        asked, outcomes = Path(folder) / "asked.yaml", Path(folder) / "outcomes.csv"
        asked.write_text(
            "questions: [{id: Q, says: so, query: rain == wet, by: 2027-01-01, "
            "rubric: {source: a, wording: b, ties: c}}]"
        )
        outcomes.write_text("question,outcome,date,source\n")
        roots += [seal_forecast(case, ledger, 4, questions=asked), verify_ledger(ledger)]
        roots.append(resolve_questions(ledger, outcomes))
        roots.append(TimeStamp(HOSTILE, 1, "0" * 64, dt.datetime.now(dt.UTC), "a.tsr"))
        blind = blind_forecasts(case, "2011-01-01", 6)
        head, *rows = question_sheet(blind).splitlines()
        sheet = Path(folder) / "sheet.csv"
        sheet.write_text("\n".join([head, *(f"crowd{row}0.5" for row in rows)]))
        roots.append(score_forecasts(blind, beside=sheet))
        roots.append(seal_statement(ledger, "rule", HOSTILE, "It rains.", {}, {}))
    found: dict[str, Any] = {}
    for root in roots:
        for result in within(root, set()):
            found.setdefault(type(result).__name__, result)
    return found


def within(value: Any, seen: set[int]) -> Iterator[Result]:
    """Yield the results in a result."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, Result):
        yield value
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from within(getattr(value, field.name), seen)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from within(item, seen)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from within(item, seen)


@pytest.mark.parametrize("name", sorted(RESULTS))
def test_every_public_result_shows_itself_in_the_one_way(name: str) -> None:
    assert issubclass(RESULTS[name], Result)
    assert "_repr_html_" not in RESULTS[name].__dict__


def test_pictures_are_where_they_are_said_to_be() -> None:
    assert {name for name, kind in RESULTS.items() if hasattr(kind, "plot")} == PICTURES


def test_every_one_is_tried() -> None:
    assert sorted(set(RESULTS) - set(made())) == []


def test_what_a_notebook_shows_is_sound_and_safe() -> None:
    scripts = 0
    for name, result in made().items():
        shown = result._repr_html_()
        outline = Outline(shown)
        assert "script" not in outline.tags, name
        assert "prefers-color-scheme: dark" in shown, name
        scripts += outline.text.count(HOSTILE)
    assert scripts > 0, "no title reached a notebook, so nothing was tried"


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_a_picture_is_a_drawing_light_and_dark(name: str) -> None:
    drawing = made()[name].plot()
    assert type(drawing) is Drawing
    assert drawing._repr_html_() in made()[name]._repr_html_()
    for picture in drawing.pictures:
        assert ElementTree.fromstring(str(picture)).tag == "{http://www.w3.org/2000/svg}svg"
        assert "prefers-color-scheme: dark" in picture
    assert drawing._repr_svg_() == (str(drawing) or None)


def test_a_variable_is_drawn_level_by_level() -> None:
    drawing = made()["Study"].plot("rain")
    text = str(drawing)
    assert all(f">{level}<" in text for level in ("dry", "wet"))
    assert text.count("band90") >= 2


class Reading(Result):
    """A result of a title and a table."""

    def __str__(self) -> str:
        return HOSTILE

    def to_pandas(self) -> Any:
        import pandas as pd

        return pd.DataFrame({f"<b>{k}</b>": [HOSTILE, 0.123456, None] * 5 for k in range(20)})


def test_words_and_cells_are_escaped_and_long_tables_are_cut() -> None:
    outline = Outline(Reading()._repr_html_())
    assert {"script", "b"} & set(outline.tags) == set()
    assert outline.text.count(HOSTILE) > 2
    assert "12 of 15 rows, 12 of 20 columns" in outline.text
    assert set(outline.tables[0].widths) == {13}


def test_without_pandas_the_words_stand_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    outline = Outline(Reading()._repr_html_())
    assert outline.tables == []
    assert HOSTILE in outline.text


def test_a_result_without_words_of_its_own_says_its_plain_values() -> None:
    class Bare(Result):
        def to_dict(self) -> dict[str, Any]:
            return {"share": 0.25, "name": HOSTILE, "long": [1, 2]}

    assert "Bare\nshare: 0.25\nname: " + HOSTILE in Outline(Bare()._repr_html_()).text
