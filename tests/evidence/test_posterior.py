"""Posteriors on disk and in many hands: the same for any workers, kills, and damage found.

Would catch: likelihoods of another fit taken up, lost or counted twice, results that hang on who
did the work, a damaged file trusted.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from multiprocessing import active_children
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from detente.case import read_case
from detente.cli import main
from detente.errors import AnalysisError, InputError
from detente.evidence import sample_posterior
from detente.text import show
from planted_history import TABLE, simulated


@pytest.fixture(scope="module")
def case():
    whole = read_case(TABLE, "table.yaml")
    return simulated(whole, {"zeal": 3.0, "worth": 2.0, "storms": 0.3}, 8.0, 3)


@pytest.fixture(scope="module")
def alone(case):
    return sample_posterior(case, 40, rng=2, workers=1)


def same(one, other):
    return (
        np.array_equal(one.values, other.values)
        and np.array_equal(one.log_likelihood, other.log_likelihood)
        and one.log_evidence == other.log_evidence
    )


def test_particles_are_points_of_the_prior_with_their_likelihood(case, alone):
    for number in (0, 7, 39):
        parameters, variants = alone.point(number)
        assert variants == ()
        for name, value in parameters.items():
            stated = case.parameters[name]
            assert stated.low <= value <= stated.high
        there, why = alone.problem.log_likelihood((parameters, ()))
        assert why == ""
        assert there == pytest.approx(alone.log_likelihood[number], abs=1e-9)


@pytest.mark.parametrize("stop", [1, 30, 70])
def test_a_stopped_fit_goes_on_to_the_same_end(case, alone, tmp_path, stop):
    path = tmp_path / "fit.sqlite"

    def stopping(done, reached, impossible):
        if done >= stop:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sample_posterior(case, 40, rng=2, workers=1, store=path, progress=stopping)
    calls = []
    found = sample_posterior(
        case, 40, rng=2, workers=1, store=path, resume=True,
        progress=lambda done, reached, impossible: calls.append(done),
    )  # fmt: skip
    assert same(found, alone)
    assert found.evaluations == alone.evaluations
    with pytest.raises(InputError, match="already"):
        sample_posterior(case, 40, rng=2, workers=1, store=path)
    with pytest.raises(InputError, match="another fit"):
        sample_posterior(case, 40, rng=3, workers=1, store=path, resume=True)


def test_two_workers_of_which_one_dies_give_the_same(case, alone):
    killed = []

    def killing(done, reached, impossible):
        if done >= 30 and not killed:
            killed.append(active_children()[0])
            killed[0].kill()

    assert same(sample_posterior(case, 40, rng=2, workers=2, progress=killing), alone)
    assert killed
    assert active_children() == []


SCRIPT = """
import sys
from detente.case import read_case
from detente.evidence import sample_posterior
from planted_history import TABLE, simulated

case = simulated(read_case(TABLE, "table.yaml"), {"zeal": 3.0, "worth": 2.0, "storms": 0.3}, 8.0, 3)
print("loaded", flush=True)
sample_posterior(case, 40, rng=2, workers=int(sys.argv[2]), store=sys.argv[1], resume=True,
                 progress=lambda done, reached, failed: print(done, flush=True))
"""


def test_killed_at_random_instants_and_resumed_it_ends_the_same(case, alone, tmp_path):
    path = tmp_path / "fit.sqlite"
    rng = np.random.default_rng(4)
    for lines in (1, 3):
        run = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(path), str(rng.integers(1, 3))],
            cwd=Path(__file__).parents[1], stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        for _ in range(lines):
            run.stdout.readline()
        time.sleep(rng.random() * 0.05)
        run.kill()
        run.communicate()
    assert same(sample_posterior(case, 40, rng=2, workers=1, store=path, resume=True), alone)


def test_damage_is_found(case, tmp_path):
    path = tmp_path / "fit.sqlite"
    sample_posterior(case, 20, rng=2, workers=1, store=path)
    with sqlite3.connect(path) as file:
        (numbers,) = file.execute("SELECT log_likelihood FROM chunk LIMIT 1").fetchone()
        file.execute("UPDATE chunk SET log_likelihood = ?", (bytes(numbers[:-1]) + b"\x00",))
    with pytest.raises(InputError, match="damaged"):
        sample_posterior(case, 20, rng=2, workers=1, store=path, resume=True)
    path.write_bytes(path.read_bytes()[:700])
    with pytest.raises(InputError, match="damaged"):
        sample_posterior(case, 20, rng=2, workers=1, store=path, resume=True)
    path.write_text("something else")
    with pytest.raises(InputError, match="no fit"):
        sample_posterior(case, 20, rng=2, workers=1, store=path, resume=True)


def test_rows_tell_what_was_learned(alone):
    rows = alone.rows()
    assert [row["learned"] for row in rows] == sorted((r["learned"] for r in rows), reverse=True)
    assert all(row["silent"] == (row["learned"] < 0.05) for row in rows)
    json.dumps(alone.to_dict(), allow_nan=False)
    assert len(alone.to_pandas()) == 40
    assert max(map(len, str(alone).splitlines())) <= 80


def test_variants_are_told_by_the_names_of_their_levels():
    """They were printed as quantiles of 0 and 1."""
    text = TABLE.replace(
        b"issues:\n",
        b"variants: {sky: {levels: {mild: {share: 0.7}, rough: {set: {storms: [1.5, 2]}, "
        b"share: 0.3, reason: r, source: judgement}}}}\nissues:\n",
    )
    case = simulated(read_case(text, "table.yaml"), {"storms": 0.2}, 8.0, 3)
    found = sample_posterior(case, 40, rng=2, workers=1)
    row = next(row for row in found.rows() if row["name"] == "sky")
    assert row["prior"] == pytest.approx({"mild": 0.7, "rough": 0.3})
    levels = [found.point(n)[1][0] for n in range(40)]
    assert row["posterior"]["mild"] == levels.count("sky.mild") / 40
    told = [line.split() for line in str(found).splitlines() if "sky." in line]
    for level, share in (("mild", 0.7), ("rough", 0.3)):
        shares = show(share, "share"), show(row["posterior"][level], "share")
        assert [f"sky.{level}", *" ".join(shares).split()] in [words[:5] for words in told]
    assert found.to_dict()["values"]["sky"] == [name.removeprefix("sky.") for name in levels]
    assert set(found.to_pandas()["sky"]) <= {"mild", "rough"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"particles": 5}, "20 or more"),
        ({"resume": True}, "store"),
        ({"without": ["sun"]}, "no variable"),
        ({"workers": 0}, "workers"),
        ({"rng": -1}, "seed"),
    ],
)
def test_senseless_fits_are_refused(case, change, said):
    with pytest.raises(InputError, match=said):
        sample_posterior(case, **{"particles": 20, "rng": 1, **change})


def test_an_impossible_record_says_so(case):
    """Rows of what never happens: storms that come while nothing makes them come."""
    calm = replace(case.conditions[0], rates=())
    with pytest.raises(AnalysisError, match="weather"):
        sample_posterior(replace(case, conditions=(calm,)), 20, rng=1, workers=1)


RECORD = b"""
clock: {since: 1950-01-01, start: 1953-01-01, end: 1954-12-31}
sources: {log: {title: A log}}
history:
  - {date: 1950-01-01, variable: weather, level: fair, source: log}
  - {date: 1950-09-01, variable: us.offer, level: some, source: log}
  - {date: 1951-06-01, variable: weather, level: foul, source: log}
claims:
  - id: T1
    says: It storms.
    ask: {probability: "F[0, 1] weather == foul"}
    words: likely
    expect: words
"""


def test_the_command_fits_and_goes_on(tmp_path):
    path = str(tmp_path / "fit.sqlite")
    small = tmp_path / "table.yaml"
    small.write_bytes(TABLE + RECORD)
    words = ["evidence", "fit", str(small), "--particles", "20"]
    first = CliRunner().invoke(main, [*words, "--output", path, "--workers", "1", "--claims", "4"])
    assert first.exit_code == 0, first.output
    assert "20 particles" in first.output
    assert "claims over 4 draws of the stated ranges" in first.output
    again = CliRunner().invoke(main, [*words, "--output", path, "--workers", "1"])
    assert again.exit_code == 2
    assert "--resume" in again.output
    resumed = CliRunner().invoke(
        main, [*words, "--output", path, "--resume", "--claims", "0", "--json"]
    )
    assert resumed.exit_code == 0
    assert json.loads(resumed.stdout)["particles"] == 20
    assert "claims" not in json.loads(resumed.stdout)
    wrong = CliRunner().invoke(main, [*words[:3], "--profile", "pace"])
    assert wrong.exit_code == 2
    assert "--best" in wrong.output


def test_a_fit_is_not_read_from_what_is_no_file(case, tmp_path):
    """A pipe without a writer would be waited for."""
    pipe = tmp_path / "fit.sqlite"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="no fit"):
        sample_posterior(case, 20, rng=1, workers=1, store=pipe, resume=True)
