"""The exact likelihood, against readings of its own: every change counted, and closed forms.

The second reader counts changes: its states are those of the chain times a counter for each
variable, it knows nothing of steps or of masks, and it moves with a dense matrix exponential.
"""

from __future__ import annotations

import datetime as dt
import os
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.linalg import expm

import detente
from detente.case import read_case
from detente.conflict import Conflict
from detente.equilibrium import Equilibrium, solve
from detente.errors import AnalysisError, InputError
from detente.evidence import Entry, Impossible, Record, Track, filter_record, observed_record
from random_conflicts import random_conflict

BATCHES = int(os.environ.get("DETENTE_BATCHES", "1"))
YEARS = 3.0


def counted(known: Record, conflict: Conflict, generator: NDArray, start: NDArray) -> NDArray:
    """Return the unscaled distribution at the end of a record, from the words of `Entry`.

    States are (state of the chain, number of changes so far in the current window of each axis).
    """
    live = np.flatnonzero(conflict.feasible)
    level = np.array(np.unravel_index(live, conflict.shape)).T
    axes = range(level.shape[1])
    spans = [(k, entry) for k in axes for entry in known.tracks[k].entries if entry.kind != "gap"]
    watched = sorted({k for k, entry in spans if entry.kind == "from"})
    flags = list(product((0, 1), repeat=len(watched)))
    size = len(live) * len(flags)
    pairs = [(s, c) for c in flags for s in range(len(live))]
    at = {pair: i for i, pair in enumerate(pairs)}
    p = np.zeros(size)
    for s in range(len(live)):
        p[at[s, flags[0]]] = start[s]
    times = sorted({known.start, known.end} | {t for _, e in spans for t in
                    (e.earliest, e.latest, e.holds)})  # fmt: skip
    for here, there in zip(times, [*times[1:], None], strict=True):
        for ends in (True, False):  # what ends at this time is read before what begins
            for k, entry in spans:
                slot = watched.index(k) if k in watched else None
                for s, c in pairs:
                    x, i = level[s, k], at[s, c]
                    if ends and entry.kind == "from" and entry.latest == here:
                        p[i] *= entry.weights[x] * (c[slot] == 1)
                    if not ends and entry.kind == "from" and entry.earliest == here:
                        p[i] *= entry.weights[x] == 0
                    if ends and entry.kind == "seen" and entry.earliest == here:
                        p[i] *= entry.weights[x]
                if ends and entry.kind == "from" and entry.latest == here:
                    for s, c in pairs:
                        if c[slot] == 1:
                            zero = (*c[:slot], 0, *c[slot + 1 :])
                            p[at[s, zero]] += p[at[s, c]]
                            p[at[s, c]] = 0
        if there is None:
            break
        middle = (here + there) / 2
        still = {k for k, e in spans if (e.kind == "seen" and e.earliest < middle < e.latest)
                 or (e.kind == "from" and e.latest < middle < e.holds)}  # fmt: skip
        window = {k for k, e in spans if e.kind == "from" and e.earliest < middle < e.latest}
        moves = np.zeros((size, size))
        for s, c in pairs:
            moves[at[s, c], at[s, c]] = generator[s, s]
            for t in np.flatnonzero(generator[s]):
                changed = {k for k in axes if level[s, k] != level[t, k]}
                new = tuple(
                    n + (k in window and k in changed) for k, n in zip(watched, c, strict=True)
                )
                if t != s and not changed & still and max(new, default=0) < 2:
                    moves[at[s, c], at[t, new]] += generator[s, t]
        p = p @ expm(moves * (there - here))
    return p.reshape(len(flags), len(live)).sum(axis=0)


def random_record(rng: np.random.Generator, conflict: Conflict) -> Record:
    """Draw entries for some variables, at times that often coincide."""
    tracks = []
    for k, axis in enumerate(conflict.space.axes):
        size, entries, time = len(axis.levels), [], 0.25 * rng.integers(0, 5)
        while time < YEARS and rng.random() < 0.7:
            length = [0.25, 0.5, 1 / 365.25][rng.integers(3)]
            last = min(time + length, YEARS)
            weights = rng.random(size) * (rng.random(size) < 0.7)
            if weights.sum() == 0:
                weights[rng.integers(size)] = 1.0
            kind = ["seen", "from"][rng.integers(2)]
            if kind == "from" and last > time:
                weights[rng.integers(size)] = 0.0
                if weights.sum() == 0:
                    weights[rng.integers(size)] = 1.0
                hold = min(last + 0.25 * rng.integers(0, 3), YEARS)
                entries.append(Entry("from", time, last, hold, weights / weights.sum()))
                if hold > last and rng.random() < 0.5:
                    seen = rng.uniform(0.1, 1.0, size)
                    entries.append(Entry("seen", last, hold, hold, seen / seen.sum()))
                time = hold
            else:
                last = time if rng.random() < 0.5 else last
                entries.append(Entry("seen", time, last, last, weights / weights.sum()))
                time = last
            time += 0.25 * rng.integers(1, 4)
        tracks.append(Track(axis.name, k, tuple(axis.levels), tuple(entries)))
    return Record(dt.date(2020, 1, 1), 0.0, YEARS, tuple(tracks))


def solved_or_passed_over(conflict: Conflict) -> Equilibrium:
    """Return the equilibrium; the rare sharp game that the solver refuses is not the filter's."""
    try:
        return solve(conflict)
    except AnalysisError:
        reject()


@settings(max_examples=15 * BATCHES, deadline=None)
@given(st.integers(0, 10**6))
def test_likelihood_is_that_of_counting_changes(seed: int) -> None:
    """Would catch a mask, weight, window or order of evidence read wrongly, and lost accuracy."""
    rng = np.random.default_rng(seed)
    conflict = random_conflict(seed, largest=16)
    solved = solved_or_passed_over(conflict)
    known = random_record(rng, conflict)
    start = rng.random(conflict.shape) * conflict.feasible
    start /= start.sum()
    p = counted(known, conflict, solved.generator().toarray(), start[conflict.feasible])
    if p.sum() == 0:
        with pytest.raises(Impossible):
            filter_record(solved, known, start)
        return
    found = filter_record(solved, known, start)
    assert found.log_likelihood == pytest.approx(np.log(p.sum()), abs=1e-9)
    assert found.weight[conflict.feasible] == pytest.approx(p / p.sum(), abs=1e-9)
    assert found.parts.sum() == pytest.approx(found.log_likelihood, abs=1e-12)


def walk(rng: np.random.Generator, solved: Equilibrium) -> tuple[list[tuple[float, int]], float]:
    """Draw a path of (time, state number) and return its log density by the closed form."""
    generator = solved.generator().toarray()
    state, time = int(rng.integers(len(generator))), 0.0
    path, density = [(0.0, state)], -np.log(len(generator))
    while True:
        rate = -generator[state, state]
        wait = rng.exponential(1 / rate) if rate > 0 else np.inf
        if time + wait >= YEARS:
            return path, density - rate * (YEARS - time)
        time += wait
        odds = np.maximum(generator[state], 0)
        to = int(rng.choice(len(odds), p=odds / odds.sum()))
        density += np.log(generator[state, to]) - rate * wait
        state = to
        path.append((time, state))


@settings(max_examples=60 * BATCHES, deadline=None)
@given(st.integers(0, 10**6))
def test_a_path_seen_in_full_has_the_closed_form(seed: int) -> None:
    """Would catch a wrong exit rate, a change at an instant misread, joint changes split."""
    rng = np.random.default_rng(seed)
    conflict = random_conflict(seed)
    solved = solved_or_passed_over(conflict)
    path, density = walk(rng, solved)
    live = np.flatnonzero(conflict.feasible)
    levels = np.array(np.unravel_index(live, conflict.shape))
    tracks = []
    for k, axis in enumerate(conflict.space.axes):
        own = [(0.0, levels[k, path[0][1]])]
        own += [
            (time, levels[k, s]) for (_, before), (time, s) in pairwise(path)
            if levels[k, before] != levels[k, s]
        ]  # fmt: skip
        ends = [*(time for time, _ in own[1:]), YEARS]
        entries = []
        for number, ((time, x), end) in enumerate(zip(own, ends, strict=True)):
            weights = np.eye(len(axis.levels))[x]
            kind = "from" if number else "seen"
            latest = time if number else end
            entries.append(Entry(kind, time, latest, end, weights))  # type: ignore[arg-type]
        tracks.append(Track(axis.name, k, tuple(axis.levels), tuple(entries)))
    known = Record(dt.date(2020, 1, 1), 0.0, YEARS, tuple(tracks))
    found = filter_record(solved, known)
    assert found.log_likelihood == pytest.approx(density, abs=1e-9)
    assert found.weight.reshape(-1)[live[path[-1][1]]] == pytest.approx(1.0)


def two_levels(up: float = 0.7, down: float = 1.3) -> Equilibrium:
    rates = np.zeros((2, 2, 2))
    rates[:, 0, 1], rates[:, 1, 0] = up, down
    conflict = Conflict.build(
        options={"a": {"x": ["no", "yes"]}},
        utility={"a": np.zeros((2, 2))},
        conditions={"rain": {"levels": ["wet", "dry"], "rate": rates}},
    )
    return solve(conflict)


def of_rain(*entries: Entry, years: float = YEARS) -> Record:
    tracks = (Track("a.x", 0, ("no", "yes"), ()), Track("rain", 1, ("wet", "dry"), entries))
    return Record(dt.date(2020, 1, 1), 0.0, years, tracks)


WET, DRY = np.array([1.0, 0.0]), np.array([0.0, 1.0])


def test_an_instant_is_the_limit_of_a_window() -> None:
    solved, width = two_levels(), 1e-7
    still = Entry("seen", 0.0, 1.0, 1.0, WET)
    instant = filter_record(
        solved, of_rain(still, Entry("from", 1.0, 1.0, 2.0, DRY))
    ).log_likelihood
    window = filter_record(solved, of_rain(still, Entry("from", 1.0, 1.0 + width, 2.0, DRY)))
    assert instant == pytest.approx(window.log_likelihood - np.log(width), abs=1e-6)
    assert instant == pytest.approx(np.log(0.5 * 0.7) - 0.7 - 1.3, abs=1e-12)


def test_rare_and_long_are_as_exact_as_common_and_short() -> None:
    """Would catch a Poisson series cut by its mass alone, and one that underflows."""
    for rate, years in ((1e-9, 1e-3), (900.0, 8.0)):
        solved = two_levels(rate, rate)
        known = of_rain(
            Entry("seen", 0.0, 0.0, 0.0, WET), Entry("seen", years, years, years, DRY), years=years
        )
        expected = np.log(0.5) + np.log(-np.expm1(-2 * rate * years) / 2)
        assert filter_record(solved, known).log_likelihood == pytest.approx(expected, abs=1e-9)


def test_the_start_is_what_is_asked_for() -> None:
    solved = two_levels()
    known = of_rain(Entry("seen", 0.0, 0.0, 0.0, WET), years=0.0)
    given_ = np.array([[0.1, 0.3], [0.2, 0.4]])
    for start, share in (("uniform", 0.5), ("long run", 1.3 / 2.0), (given_, 0.3)):
        assert filter_record(solved, known, start).log_likelihood == pytest.approx(
            np.log(share), abs=1e-9
        )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ("today", "choose uniform or long run"),
        (np.full((2, 2), 0.3), "sum to 1.2"),
        (np.full(4, 0.25), "each feasible state"),
    ],
)
def test_a_wrong_start_is_refused(start: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        filter_record(two_levels(), of_rain(), start)  # type: ignore[arg-type]


def test_a_record_of_another_case_is_refused() -> None:
    with pytest.raises(InputError, match="other variables"):
        filter_record(two_levels(), observed_record(detente.load("peninsula")))


def test_nothing_known_is_certain() -> None:
    found = filter_record(two_levels(), of_rain())
    assert found.log_likelihood == pytest.approx(0.0, abs=1e-12)


def test_what_is_impossible_is_named() -> None:
    """Would catch an infinity, a wrong day and a row that is not to blame."""
    case = detente.load("peninsula")
    with pytest.raises(
        Impossible, match=r"2023-09-13: .* moscow to patron \(2022-02-24 to"
    ) as told:
        filter_record(solve(case.conflict()), observed_record(case))
    assert told.value.date == dt.date(2023, 9, 13)
    assert [row.variable for row in told.value.rows] == ["moscow"]
    never = of_rain(Entry("seen", 0.0, 0.0, 0.0, WET), Entry("from", 1.0, 2.0, 3.0, DRY))
    with pytest.raises(Impossible, match="rain to dry at 1 to 2 years"):
        filter_record(two_levels(0.0, 1.0), never)


def test_two_rows_that_only_clash_together_are_both_named() -> None:
    solved = two_levels()
    start = np.array([[0.5, 0.0], [0.0, 0.5]])
    no, wet = Entry("seen", 0.0, 0.0, 0.0, WET), Entry("seen", 0.0, 0.0, 0.0, DRY)
    tracks = (Track("a.x", 0, ("no", "yes"), (no,)), Track("rain", 1, ("wet", "dry"), (wet,)))
    known = Record(dt.date(2020, 1, 1), 0.0, 1.0, tracks)
    with pytest.raises(Impossible, match=r"together a\.x at no at 0 to 0 years; rain at dry"):
        filter_record(solved, known, start)


def test_the_flagships_record_has_a_likelihood() -> None:
    case = detente.load("peninsula")
    found = filter_record(solve(case.conflict()), observed_record(case, "2021-03-15"))
    assert found.log_likelihood == pytest.approx(-144.69, abs=0.01)
    assert found.shares()["moscow"] == pytest.approx({"aloof": 1.0, "patron": 0.0}, abs=1e-12)
    assert sum(part["log_likelihood"] for part in found.to_dict()["parts"]) == pytest.approx(
        found.log_likelihood
    )
    assert len(found.to_pandas()) == len(found.record.steps)
    assert "log likelihood -144.69 to 2021-03-15" in str(found)


def test_a_stretch_less_likely_than_any_double_has_a_likelihood() -> None:
    """Twelve years shut at 65 openings a year: exp(-780), which no double holds."""
    case = read_case(
        b"""
detente: 1
title: A valve
parameters: {pace: {value: 130, reason: known, source: judgement}}
actors:
  keeper: {rate: pace, options: {valve: [shut, open]}, preferences: {weights: {none: 0}}}
issues: {none: 0}
status_quo: {keeper.valve: shut}
clock: {since: 2000-01-01, start: 2011-12-31, end: 2012-12-31}
history:
  - {date: 2000-01-01, variable: keeper.valve, level: shut, source: log, until: 2011-12-31}
sources: {log: {title: The log}}
""",
        "valve.yaml",
    )
    found = filter_record(solve(case.conflict()), observed_record(case))
    years = 4382 / 365.25  # from the end of the first day to the end of the last
    assert found.log_likelihood == pytest.approx(np.log(0.5) - 65.0 * years, abs=1e-6)
    assert found.weight.sum() == pytest.approx(1.0)
