"""Tables of bargaining over draws, against the models asked one draw at a time.

Would catch: an outcome, gain or exchange that belongs to another draw, numbers drawn beyond their
limits, results that depend on who is at work, a failed draw that is counted, and a driver that
does not drive.
"""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from bargaining.random_tables import random_table
from detente.bargaining import bargaining_table, compromise, exchange, procedural, table_of
from detente.case import read_case
from detente.cli import main
from detente.errors import AnalysisError, InputError
from detente.study import BargainingStudy, study_bargaining
from detente.study.sensitivity import SobolIndices

CELLS = {
    "cut": {"a": (95, 0.9, 1), "b": (0, 0.2, 1), "c": (50, 0.5, 2)},
    "fund": {"a": (100, 0.3, 1), "b": (10, 0.95, 3)},
}
TABLE = bargaining_table(CELLS)
CASE = """detente: 1
title: A market
parameters:
  care: {value: 0.8, range: [0.5, 1.1], reason: r, source: judgement}
  place: {value: 20, range: [0, 40], reason: r, source: judgement}
  quorum: {value: 0.5, range: [0.4, 0.9], reason: r, source: judgement}
actors:
  us: {options: {offer: [none, some]}, preferences: {statements: [us.offer == some]}}
status_quo: {us.offer: none}
bargaining:
  voting: {setter: us, threshold: quorum}
  issues:
    island: {reference: 70, parties: {us: {position: 90, salience: care}, china: {position: place, salience: 0.6}}}
    fund: {reference: 0, parties: {us: {position: 100, salience: 0.2}, china: {position: 0, salience: care}}}
"""  # noqa: E501


def table_by_hand(found: BargainingStudy, draw: int):
    """Return the table of a draw out of the names of its inputs."""
    parts = {n: getattr(found.table, n).copy() for n in ("position", "salience", "capability")}
    for name, value in found.design.draw(draw).items():
        word, _, rest = name.partition(" of ")
        actor, on, issue = rest.partition(" on ")
        i = found.table.actors.index(actor)
        parts[word][i, found.table.issues.index(issue) if on else slice(None)] = value
    return replace(found.table, **parts)


def test_every_draw_has_the_outcomes_gains_and_exchanges_of_its_own_table():
    stated = random_table(np.random.default_rng(2), 5, 4)
    found = study_bargaining(stated, 25, rng=3, models=["compromise", "exchange"])
    counts: dict[tuple[tuple[str, ...], tuple[str, ...]], list[float]] = {}
    for draw in range(25):
        table = table_by_hand(found, draw)
        made = exchange(table)
        assert found.outcomes[draw, 0] == pytest.approx(compromise(table).outcome)
        assert found.outcomes[draw, 1] == pytest.approx(made.outcomes[-1])
        assert found.gains[draw] == pytest.approx([made.gain(actor) for actor in table.actors])
        for one in made.made:
            counts.setdefault((one.givers, one.issues), []).append(one.gain)
    assert {(p.givers, p.issues): p.share for p in found.patterns} == {
        pair: len(gains) / 25 for pair, gains in counts.items()
    }
    for one in found.patterns:
        assert one.gain[2] == pytest.approx(np.median(counts[one.givers, one.issues]))
    assert found.ranges[2, 0] == pytest.approx(np.median(found.outcomes[:, 0], axis=0))
    assert [p.share for p in found.patterns] == sorted(p.share for p in found.patterns)[::-1]


def test_results_depend_on_the_seed_and_not_on_who_is_at_work():
    one, two = (study_bargaining(TABLE, 40, rng=1, workers=w) for w in (1, 2))
    other = study_bargaining(TABLE, 40, rng=2)
    assert np.array_equal(one.outcomes, two.outcomes)
    assert one.patterns == two.patterns
    assert not np.array_equal(one.outcomes, other.outcomes)


def test_what_is_drawn_stays_within_its_limits():
    line = np.full((3, 2), np.nan)
    line[0, 0], line[1, 1] = 90.0, 10.0
    stated = replace(TABLE, red_line=line)
    found = study_bargaining(stated, 200, rng=1, spread=0.2, models=["mean"])
    ends = {name: (x.min(), x.max()) for name, x in found.design.to_pandas().items()}
    assert 90 <= ends["position of a on cut"][0] < 91
    assert 99 < ends["position of a on cut"][1] <= 100
    assert 0 <= ends["position of b on cut"][0] < 1
    assert 0.76 <= ends["salience of b on fund"][0] < 0.77
    assert 0.99 < ends["salience of b on fund"][1] <= 1
    assert 1.6 <= ends["capability of c"][0] < 1.61
    assert {"capability of b on cut", "capability of b on fund"} <= set(ends)
    assert "capability of a on cut" not in ends


def test_who_never_moves_moves_in_no_draw():
    """Would catch: a red line that a drawn position leaves behind."""
    cells = {
        "cut": {"north": (50, 0.5, 2), "south": (100, 0.5, 1)},
        "fund": {"north": (20, 1, 2), "south": (90, 0.3, 1)},
    }
    asked = {"draws": 60, "rng": 1, "spread": 0.1, "models": ["mean"]}
    assert study_bargaining(bargaining_table(cells), **asked).patterns
    still = bargaining_table(cells, red_line={"cut": {"north": 50}})
    assert not study_bargaining(still, **asked).patterns


def test_a_case_draws_its_parameters_and_asks_by_its_own_rule():
    case = read_case(CASE.encode(), "market.yaml")
    found = study_bargaining(case, 30, rng=1)
    assert "procedural" in found.models
    failed = {draw for draw, _ in found.failures}
    assert failed == {n for n in range(30) if found.design.draw(n)["care"] > 1}
    assert 0 < len(failed) < 30
    assert "salience" in found.failures[0][1]
    m = found.models.index("procedural")
    for draw in range(30):
        if draw in failed:
            assert np.isnan(found.outcomes[draw]).all()
            continue
        drawn = found.design.draw(draw)
        want = procedural(table_of(case, drawn), "us", drawn["quorum"]).outcome
        assert found.outcomes[draw, m] == pytest.approx(want)
    assert f"{len(failed)} draws failed; the first: us on" in str(found)
    edge = case.replace(parameters={"care": {"value": 1.0, "range": [1.0, 1.1]}})
    with pytest.raises(AnalysisError, match="none of 5 draws works"):
        study_bargaining(edge, 5, rng=1)


def test_it_says_what_an_outcome_turns_on():
    found = study_bargaining(TABLE, 400, rng=1, models=["mean"])
    drivers = found.sensitivity("fund", "mean")
    assert isinstance(drivers, tuple)
    assert {one.parameter for one in drivers[:2]} == {
        "position of a on fund", "position of b on fund",
    }  # fmt: skip
    indices = study_bargaining(TABLE, 600, rng=1, models=["mean"], design="saltelli")
    told = indices.sensitivity("fund", "mean")
    assert isinstance(told, SobolIndices)
    assert {told.names[k] for k in told.order[:2]} == {one.parameter for one in drivers[:2]}
    assert told.total[list(told.order[2:])] == pytest.approx(0, abs=1e-9)
    assert "largest total indices" in str(indices)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"spread": 1.5}, "a spread of 1.5"),
        ({"models": ["nush"]}, "did you mean 'nash'"),
        ({"models": ["nash"]}, "cut has no reference point"),
        ({"setter": "nobody", "models": ["mean"]}, "there is no actor 'nobody'"),
        ({"design": "tornado"}, "no design 'tornado' for a table"),
        ({"draws": 0}, "give one or more"),
    ],
)
def test_wrong_questions_are_refused_with_a_remedy(asked, words):
    with pytest.raises(InputError, match=words):
        study_bargaining(TABLE, **{"draws": 3, **asked})


def test_the_command_prints_it_in_80_columns_and_as_json(tmp_path):
    rows = [f"{p},{a},{x},{s},{c}" for p, row in CELLS.items() for a, (x, s, c) in row.items()]
    path = tmp_path / "market.csv"
    path.write_text("\n".join(["issue,actor,position,salience,capability", *rows]) + "\n")
    ask = ["bargain", str(path), "--draws", "20", "--seed", "4"]
    printed = CliRunner().invoke(main, ask)
    assert printed.exit_code == 0, printed.output
    assert max(map(len, printed.stdout.splitlines())) <= 80
    assert "gives on" in printed.stdout
    found = study_bargaining(TABLE, 20, rng=4)
    assert printed.stdout.strip() == str(found)
    plain = json.loads(CliRunner().invoke(main, [*ask, "--json"]).stdout)
    assert plain["outcomes"]["mean"]["cut"]["quantiles"] == pytest.approx(
        found.ranges[:, found.models.index("mean"), 0].tolist()
    )
    case = tmp_path / "market.yaml"
    case.write_text(CASE)
    assert "island" in CliRunner().invoke(main, ["bargain", str(case), "--draws", "10"]).stdout
    wrong = CliRunner().invoke(main, [*ask, "--set", "care=1"])
    assert (wrong.exit_code, "goes with a case" in wrong.output) == (2, True)
