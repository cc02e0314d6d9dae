"""Blind forecasts and their scores: what may be known, and how it is counted.

Catches: anything of the future that reaches a forecast, a model or a baseline; a table in another
order than its scores; a chance that is no number; a rerun that differs.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import detente
from detente.case import Observation
from detente.cli import main
from detente.errors import AnalysisError, InputError
from detente.evidence import (
    blind_forecasts,
    filter_record,
    observed_record,
    score_forecasts,
)
from detente.evidence._blind import chances, tempered_weights
from detente.evidence._questions import last_seen

UNTIL = "2021-03-15"
DOCS = Path(__file__).parents[2] / "docs" / "evidence.md"


@pytest.fixture(scope="module")
def case():
    """Load the flagship."""
    return detente.load("peninsula")


@pytest.fixture(scope="module")
def told(case):
    """Forecast blindly with few draws."""
    return blind_forecasts(case, UNTIL, draws=6, rng=1)


# Blind forecasts.


def test_nothing_after_the_cut_reaches_a_forecast(case, told) -> None:
    """A case whose later rows say otherwise, or nothing, gives the same forecasts, bit for bit."""
    cut = dt.date.fromisoformat(UNTIL)
    later = [row for row in case.history if row.date > cut]
    assert len(later) > 40
    sizes = {t.variable: len(t.levels) for t in observed_record(case).tracks}
    # Nothing holds over the cut, and of later sightings only those that do not overlap are kept.
    other = [Observation(cut + dt.timedelta(1), name, (), "x", "gap") for name in sizes]
    ends = dict.fromkeys(sizes, cut + dt.timedelta(1))
    for row in sorted(later, key=lambda row: row.date):
        if row.kind == "seen" and row.date > ends[row.variable]:
            ends[row.variable] = row.until or row.date
            flipped = ((row.level + 1) % sizes[row.variable], 1.0)
            other.append(replace(row, levels=(flipped,), source="x", note="y"))
    past = [
        replace(row, until=cut) if row.until and row.until > cut else row
        for row in case.history
        if row.date <= cut
    ]
    changed = blind_forecasts(replace(case, history=(*past, *other)), UNTIL, draws=6, rng=1)[0]
    assert len(changed.asked) > 20
    mine = {(q.axis, q.time): k for k, q in enumerate(told[0].asked)}
    places = [(k, mine.get((q.axis, q.time))) for k, q in enumerate(changed.asked)]
    both = [(k, own) for k, own in places if own is not None]
    assert len(both) > 10
    differ = 0
    for model, chance in changed.forecasts.items():
        for k, own in both:
            assert np.array_equal(chance[k], told[0].forecasts[model][own]), model
    for k, own in both:
        differ += not np.array_equal(changed.asked[k].outcome, told[0].asked[own].outcome)
    assert differ > 10  # the outcomes did change
    assert changed.ess == told[0].ess


def test_a_forecast_is_the_chain_from_what_was_known(case) -> None:
    """Against matrix exponentials of the whole generator."""
    from scipy.sparse.linalg import expm_multiply

    found = blind_forecasts(case, UNTIL, draws=2, rng=3, horizon=1.0)[0]
    known, whole = observed_record(case, UNTIL), observed_record(case)
    from detente.study import make_design

    design = make_design(case, 2, 3)
    spread, logs = [], []
    for n in range(2):
        solved = case.conflict(**design.draw(n)).equilibrium()
        evidence = filter_record(solved, known)
        logs.append(evidence.log_likelihood)
        live = solved.conflict.feasible.reshape(-1)
        generator = solved.generator()
        full = []
        for q in found.asked:
            later = expm_multiply(
                (generator.T * (q.time - known.end)).tocsc(), evidence.weight.reshape(-1)[live]
            )
            levels = np.broadcast_to(
                solved.conflict.space.levels[q.variable], solved.conflict.shape
            ).reshape(-1)[live]
            size = len(whole.tracks[q.axis].levels)
            full.append(np.bincount(levels, later, size))
        spread.append(full)
    weights, power = tempered_weights(np.array(logs))
    assert power == found.power
    assert len(found.asked) > 10
    for k in range(len(found.asked)):
        even = (spread[0][k] + spread[1][k]) / 2
        own = weights[0] * spread[0][k] + weights[1] * spread[1][k]
        assert found.forecasts["prior"][k] == pytest.approx(even, abs=1e-5)
        assert found.forecasts["posterior"][k] == pytest.approx(own, abs=1e-5)


def test_few_effective_draws_are_said_and_tempered() -> None:
    sharp = np.linspace(0.0, -400.0, 200)
    weights, power = tempered_weights(sharp)
    assert power < 1.0
    assert 1.0 / (weights**2).sum() == pytest.approx(20.0, rel=1e-6)
    assert weights == pytest.approx(np.exp(power * sharp) / np.exp(power * sharp).sum())
    assert tempered_weights(np.zeros(50))[1] == 1.0


def test_draws_of_a_posterior_are_used_as_given(case, told) -> None:
    point = ({name: p.value for name, p in case.parameters.items()}, ())
    found = blind_forecasts(case, UNTIL, draws=2, rng=1, posterior=[point, point])[0]
    solved = case.conflict().equilibrium()
    evidence = filter_record(solved, found.known)
    direct = chances(solved, evidence.weight, found.known.end, found.asked)
    for chance, own in zip(found.forecasts["posterior"], direct, strict=True):
        assert chance == pytest.approx(own, abs=1e-5)
    with pytest.raises(InputError, match="one day's past"):
        blind_forecasts(case, [UNTIL, "2019-12-31"], draws=2, posterior=[point])


def test_workers_and_company_change_nothing(case, told) -> None:
    """The same from one thread, and beside another origin."""
    found = blind_forecasts(case, ["2015-12-31", UNTIL], draws=6, rng=1, workers=1)
    assert found[1].to_dict() == told[0].to_dict()


def test_a_record_that_cannot_have_happened_is_named(case) -> None:
    with pytest.raises(AnalysisError, match=r"to 2025-06-30 a chance, most often: 20\d\d.*moscow"):
        blind_forecasts(case, "2025-06-30", draws=2)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ({"until": []}, "no day"),
        ({"draws": 1}, "two or more"),
        ({"until": "1999-01-01"}, "outside"),
    ],
)
def test_wrong_input_is_refused(case, call, words) -> None:
    with pytest.raises(InputError, match=words):
        blind_forecasts(case, **{"until": UNTIL, "draws": 2, **call})


def test_what_is_known_last_is_never_later_than_asked(case) -> None:
    known = observed_record(case, UNTIL)
    for track in known.tracks:
        found = last_seen(track, -np.inf, known.end)
        assert found is None or found[0] <= known.end


# The table.


def test_the_table_is_in_the_order_of_its_scores(told) -> None:
    table = score_forecasts(told, rng=1)
    means = [row.mean["brier"] for row in table.rows]
    assert means == sorted(means)
    for row in table.rows:
        low, high = row.interval["brier"]
        assert low <= row.mean["brier"] <= high
        whole = sum(table.counts.values())
        by_variable = sum(
            table.by_variable[name][row.model] * count for name, count in table.counts.items()
        )
        assert by_variable / whole == pytest.approx(row.mean["brier"])
    lines = str(table).splitlines()
    assert max(map(len, lines)) <= 80
    # Moscow cannot turn in the argument's own world, and did.
    assert table.no_chance() == {"moscow": table.row("posterior").excluded}
    assert "0.001 on moscow" in str(table)
    assert json.loads(json.dumps(table.to_dict(), allow_nan=False))["rows"][0]["model"]
    assert len(table.to_pandas()) == 6


def test_baselines_from_march_2021_score_what_they_do(told) -> None:
    """They do not depend on the draws; with moscow, which the case excludes, and without."""
    table = score_forecasts(told, rng=1)
    assert table.row("uniform").mean["brier"] == pytest.approx(0.628, abs=5e-4)
    assert table.row("uniform").mean["log"] == pytest.approx(1.041, abs=5e-4)
    assert table.row("chain").mean["log"] == pytest.approx(1.183, abs=2e-3)
    without = {row.model: row.mean["log"] for row in table.without}
    assert without["chain"] == pytest.approx(1.014, abs=2e-3)
    assert list(table.floors["chain"]) == ["0.01", "0.001", "1e-06"]
    assert table.floors["chain"]["0.001"] == table.row("chain").mean["log"]
    low, high = table.row("uniform").against["brier"]
    assert low < 0.0 < high
    assert "is within chance better than chain" in str(table).replace("\n", " ")


def test_a_forecast_that_is_no_number_stops_the_table(told) -> None:
    own = list(told[0].forecasts["chain"])
    own[3] = np.full_like(own[3], np.nan)
    broken = replace(told[0], forecasts={**told[0].forecasts, "chain": own})
    asked = told[0].asked[3]
    with pytest.raises(InputError, match=f"forecast of chain for {asked.variable} in 20"):
        score_forecasts([broken])


def test_a_better_baseline_is_said_to_win(told) -> None:
    """The truth as a baseline must come first, and the verdict say that the model loses to it."""
    right = [q.outcome for q in told[0].asked]
    cheat = replace(told[0], forecasts={**told[0].forecasts, "no change": right})
    table = score_forecasts([cheat], rng=1)
    assert table.rows[0].model == "no change"
    assert table.verdict().count("loses to no change") == 3
    assert "is best on" in table.verdict()
    assert "moscow (no change)" in table.verdict()


def test_calibration_counts_every_chance_once(told) -> None:
    table = score_forecasts(told, rng=1)
    bins = table.calibration("prior")
    levels = sum(q.outcome.size for q in told[0].asked)
    assert sum(b.count for b in bins) == levels
    # Both all chances and all outcomes sum to one a question.
    assert sum(b.count * b.forecast for b in bins) == pytest.approx(len(told[0].asked))
    assert sum(b.count * b.happened for b in bins) == pytest.approx(len(told[0].asked))
    assert all(b.low - 1e-12 <= b.forecast <= b.high + 1e-12 for b in bins)


def call(*words: str):
    return CliRunner().invoke(main, ["evidence", "score", "peninsula", *words])


def test_the_command_prints_the_same_again_and_draws(tmp_path) -> None:
    plot = tmp_path / "calibration.svg"
    one = call("--until", UNTIL, "-n", "2", "--plot", str(plot))
    other = call("--until", UNTIL, "-n", "2", "--workers", "1")
    assert one.exit_code == 0, one.output
    assert one.output == other.output
    assert plot.read_text().startswith("<svg")
    assert plot.read_text().count("<circle") > 3
    rolling = call("--until", "2019-12-31", "--since", "2017-12-31", "--horizon", "1", "-n", "2")
    assert "2017-12-31 to 2019-12-31, 3 origins" in rolling.output
    told = json.loads(call("--until", UNTIL, "-n", "2", "--json").output)
    assert {row["model"] for row in told["rows"]} >= {"prior", "posterior", "chain"}


@pytest.mark.parametrize(
    ("words", "says", "code"),
    [
        (("--until", "soon"), "not a date", 2),
        (("--until", "2020-01-01", "--since", "2021-01-01"), "earlier day", 2),
        (("--until", "2025-12-31", "-n", "4"), "chance", 1),
        (("--until", UNTIL, "--horizon", "-1", "-n", "2"), "horizon", 2),
    ],
)
def test_what_cannot_be_scored_is_said(words, says, code) -> None:
    found = call(*words)
    assert found.exit_code == code
    assert says in found.output


def documented() -> str:
    found = re.search(
        r"```\n(peninsula, known to 2021-03-15; 400 draws.*?)```", DOCS.read_text(), re.DOTALL
    )
    assert found, "docs/evidence.md lacks the table"
    return found[1]


def test_the_baselines_are_those_of_the_docs() -> None:
    """Baselines, counts and questions do not depend on the number of draws."""
    pattern = re.compile(r"(uniform|chain|frequency|no change) |\d+ q")

    def kept(text: str) -> list[str]:
        return [line for line in text.splitlines() if pattern.match(line)]

    assert len(kept(documented())) == 9
    assert kept(documented()) == kept(call("--until", UNTIL, "-n", "2").output)


# Four commands of the docs at full size take several minutes each on two cores, more than the whole
# suite may; `make validate` sets DETENTE_BATCHES and runs them.
@pytest.mark.skipif(
    "DETENTE_BATCHES" not in os.environ,
    reason="minutes each on two cores; `make validate` runs them",
)
@pytest.mark.parametrize(
    "words",
    [
        "score peninsula --until 2021-03-15",
        "score peninsula --until 2021-12-31 --since 2010-12-31 --horizon 2",
        "rivals peninsula --until 2021-03-15 --particles 60",
        "rivals peninsula --set russia_turn=0.5 --particles 60",
    ],
)
def test_the_tables_are_those_of_the_docs(words: str) -> None:
    found = CliRunner().invoke(main, ["evidence", *words.split()])
    assert f"```\n{found.output}```" in DOCS.read_text(encoding="utf-8")
