"""``rng`` is one thing everywhere: a seed, a generator or nothing; all else is refused.

Would catch: a function that takes True for a seed, that lets a negative seed through to NumPy's own
error, that cannot take a generator, or that gives other numbers for the same seed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import pytest

import detente
from detente.case import read_case
from detente.claims import judge_claim
from detente.errors import InputError
from detente.evidence import (
    best_fit,
    blind_forecasts,
    compare_rivals,
    sample_posterior,
    score_forecasts,
    seal_forecast,
)
from detente.study import latin_hypercube, make_design, phase_diagram, run_study, study_function

CASE = b"""
detente: 1
title: Weather
clock: {since: 2010-01-01, start: 2011-01-01, end: 2012-12-31}
sources: {log: {title: A log}}
parameters:
  turn: {value: 1, range: [0.5, 2], reason: r, source: log}
  care: {value: 1, range: [0.5, 2], reason: r, source: log}
variants:
  speed:
    drawn: false
    levels: {usual: {}, fast: {set: {care: 2}, reason: r, source: log}}
actors:
  farmer:
    options: {cover: [open, closed]}
    preferences: {weights: {shelter: care}}
conditions:
  rain: {levels: [dry, wet], rates: {dry -> wet: turn, wet -> dry: turn}}
issues: {shelter: farmer.cover == closed or rain == dry}
status_quo: {farmer.cover: open, rain: dry}
history:
  - {date: 2010-01-01, variable: rain, level: dry, source: log, until: 2010-06-30}
  - {date: 2010-07-01, variable: rain, level: wet, source: log, kind: from}
  - {date: 2011-07-01, variable: rain, level: dry, source: log, kind: from}
claims:
  - id: W1
    says: It rains within a year.
    ask: {probability: "F[0, 1] rain == wet"}
    expect: "> 0.5"
"""


@cache
def case() -> Any:
    return read_case(CASE, "weather.yaml")


@cache
def solved() -> Any:
    return case().conflict().equilibrium()


@cache
def study(kind: str = "lhs") -> Any:
    return run_study(case(), 40, 1, design=kind)


@cache
def forecasts() -> Any:
    return blind_forecasts(case(), "2011-01-01", 10)


def forecast(rng: Any) -> Any:
    ledger = Path(mkdtemp()) / "ledger.jsonl"
    return seal_forecast(case(), ledger, 4, rng).forecast


TAKERS: dict[str, Callable[[Any], Any]] = {
    "Case.study": lambda rng: case().study(4, rng).to_dict(),
    "Case.fit": lambda rng: case().fit(20, rng).to_dict(),
    "Case.score": lambda rng: case().score("2011-01-01", 4, rng).to_dict(),
    "Case.rivals": lambda rng: case().rivals("speed", None, 4, rng).to_dict(),
    "run_study": lambda rng: run_study(case(), 4, rng).to_dict(),
    "make_design": lambda rng: make_design(case(), 4, rng).to_dict(),
    "latin_hypercube": lambda rng: latin_hypercube(case(), 4, rng).to_dict(),
    "study_function": lambda rng: str(
        study_function(lambda x: {"y": 2 * x["a"]}, {"a": (0, 1)}, 4, rng)
    ),
    "phase_diagram": lambda rng: phase_diagram(
        case(), "care", "rain", "W1", points=2, draws=2, rng=rng
    ).to_dict(),
    "phase_diagram, stated": lambda rng: phase_diagram(
        case(), "care", "rain", "W1", points=2, rng=rng
    ).to_dict(),
    "Study.sensitivity": lambda rng: study("saltelli").sensitivity("W1", rng).to_dict(),
    "Study.sensitivity, morris": lambda rng: study("morris").sensitivity("W1", rng).to_dict(),
    "Study.discover": lambda rng: study().discover("W1 > 0.7", rng).to_dict(),
    "Study.tree": lambda rng: study().tree("W1 > 0.7", rng).to_dict(),
    "judge_claim": lambda rng: judge_claim(
        case().claims[0], study().values[:, 0], rng=rng
    ).to_dict(),
    "Equilibrium.simulate": lambda rng: solved().simulate(20, 2.0, None, rng).to_dict(),
    "Equilibrium.certificate": lambda rng: str(solved().certificate(2, rng)),
    "sample_posterior": lambda rng: sample_posterior(case(), 20, rng).to_dict(),
    "best_fit": lambda rng: best_fit(case(), most=20, rng=rng, intervals=False).to_dict(),
    "blind_forecasts": lambda rng: blind_forecasts(case(), "2011-01-01", 4, rng)[0].to_dict(),
    "score_forecasts": lambda rng: score_forecasts(forecasts(), rng).to_dict(),
    "compare_rivals": lambda rng: compare_rivals(case(), "speed", None, 4, rng).to_dict(),
    "seal_forecast": forecast,
}


@pytest.mark.parametrize("taker", TAKERS)
@pytest.mark.parametrize("rng", [True, False, -1, np.int64(-1), 1.5, "1", [1, 2]])
def test_what_is_no_seed_is_refused(taker: str, rng: Any) -> None:
    with pytest.raises(InputError, match=r"rng is|the seed is"):
        TAKERS[taker](rng)


@pytest.mark.parametrize("taker", TAKERS)
def test_a_seed_and_a_generator_repeat_and_nothing_works(taker: str) -> None:
    draw = TAKERS[taker]
    assert draw(7) == draw(np.int64(7))
    assert draw(np.random.default_rng(7)) == draw(np.random.default_rng(7))
    draw(None)


def test_deals_take_the_same() -> None:
    for rng in (True, -1):
        with pytest.raises(InputError, match=r"rng is|the seed is"):
            detente.load("sanctions").deals(
                "target.programme == dismantled", "target", "sender", 2, rng
            )
