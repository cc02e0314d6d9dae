"""What a blind forecast is asked, and what baselines answer that know no strategy.

Catches: a question asked twice, too early, or with a wrong outcome; a rate or a frequency that is
not the definition; an uncertain level taken for a change.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from detente.evidence import Entry, Record, Track
from detente.evidence._baselines import baseline_forecasts, fitted
from detente.evidence._questions import forecast_questions, last_seen


def one(*entries: Entry, levels: int = 2) -> Record:
    """Return a record of one variable over ten years."""
    track = Track("x", 0, tuple(f"l{k}" for k in range(levels)), entries)
    return Record(dt.date(2000, 1, 1), 0.0, 10.0, (track,))


def seen(first: float, last: float, *weights: float) -> Entry:
    """Return a sighting."""
    return Entry("seen", first, last, last, np.array(weights))


# What is asked.


def test_a_quarter_is_asked_for_the_last_moment_that_it_knows() -> None:
    known = one(
        seen(1.0, 1.0, 1, 0),
        Entry("from", 1.6, 1.7, 2.1, np.array([0.0, 1.0])),
        Entry("gap", 2.1, 2.5, 2.5, np.ones(2)),
        seen(2.6, 2.7, 0.25, 0.75),
    )
    asked = forecast_questions(known, 1.0)
    # The sighting at 1.0 is not after 1.0; the change counts from its end on.
    assert [q.time for q in asked] == pytest.approx([1.75, 2.0, 2.1, 2.7])
    assert [q.outcome.tolist() for q in asked] == [[0, 1], [0, 1], [0, 1], [0.25, 0.75]]
    assert [q.time for q in forecast_questions(known, 1.0, 1.0)] == pytest.approx([1.75, 2.0])
    assert forecast_questions(known, 2.7) == ()


ENTRIES = st.lists(
    st.tuples(
        st.sampled_from(["seen", "from", "gap"]),
        st.lists(st.integers(0, 40), min_size=3, max_size=3),
        st.integers(0, 2),
    ),
    max_size=5,
)


@settings(max_examples=200, deadline=None)
@given(ENTRIES, st.integers(0, 20))
def test_questions_are_those_of_the_definition(made, after: int) -> None:
    """Against a search over a fine grid of moments."""
    entries = []
    for kind, times, level in made:
        early, late, holds = sorted(t / 4 for t in times)
        weights = np.ones(3) if kind == "gap" else np.eye(3)[0] + np.eye(3)[level]
        entries.append(Entry(kind, early, late, holds if kind == "from" else late, weights))
    known = one(*entries, levels=3)
    found = {round(q.time * 4): q.outcome for q in forecast_questions(known, after / 4)}
    assert len(found) == len(forecast_questions(known, after / 4))
    assert sorted(found) == list(found)

    def speaks(t: float) -> list[Entry]:
        return [
            e for e in entries
            if e.kind != "gap" and (e.earliest if e.kind == "seen" else e.latest) <= t <= e.holds
        ]  # fmt: skip

    # All times are whole quarters, so that each quarter can only be asked for its last moment.
    assert set(found) == {n for n in range(after + 1, 41) if speaks(n / 4)}
    for n, outcome in found.items():
        weights = np.prod([e.weights for e in speaks(n / 4)], axis=0)
        assert outcome == pytest.approx(weights / weights.sum())


# Baselines.


def test_baselines_are_the_definitions() -> None:
    """Two years at one level, a change between sightings a year apart, one year at the other."""
    known = one(seen(0.0, 2.0, 1, 0), seen(3.0, 4.0, 0, 1))
    known = replace(known, end=4.0)
    rates = fitted(known.tracks[0])
    # Half of the year between the sightings goes to each.
    assert rates[0] == pytest.approx([-1.5 / 3.5, 1.5 / 3.5])
    assert rates[1] == pytest.approx([0.5 / 2.5, -0.5 / 2.5])
    asked = forecast_questions(one(seen(7.0, 7.0, 1, 0)), 4.0)
    given = baseline_forecasts(known, asked)
    assert given["no change"][0].tolist() == [0, 1]
    # Quarters: eight at the first (to 2.0), four or five at the second (at 3.0, to 4.0).
    past = forecast_questions(known, 0.0)
    counts = np.sum([q.outcome for q in past], axis=0)
    assert counts.tolist() == [8, 5]
    assert given["frequency"][0] == pytest.approx((counts + 0.5) / 14.0)
    assert given["chain"][0] == pytest.approx(np.array([0, 1]) @ expm(rates * 3.0))


def test_what_was_never_seen_has_all_levels_alike() -> None:
    known = replace(one(levels=4), end=1.0)
    asked = forecast_questions(one(seen(2.0, 2.0, 1, 0, 0, 0), levels=4), 1.0)
    for told in baseline_forecasts(known, asked).values():
        assert told[0] == pytest.approx(np.full(4, 0.25))


def test_an_uncertain_level_that_stays_is_no_change() -> None:
    steady = fitted(one(seen(0.0, 8.0, 0.5, 0.5)).tracks[0])
    assert steady[0, 1] == pytest.approx(0.5 / 5.0)


def test_a_doubtful_sighting_within_a_hold_is_no_change() -> None:
    hold = Entry("from", 1.0, 2.0, 6.0, np.array([0.0, 1.0]))
    alone = fitted(one(hold).tracks[0])
    assert fitted(one(hold, seen(4.0, 4.0, 0.5, 0.5)).tracks[0]) == pytest.approx(alone)


def test_where_two_levels_meet_at_an_instant_it_is_the_later_one() -> None:
    first, then = (
        Entry("from", time, time, time + 2.0, np.array(weights))
        for time, weights in ((1.0, [0.0, 1.0]), (3.0, [1.0, 0.0]))
    )
    found = last_seen(one(first, then).tracks[0], 0.0, 3.0)
    assert found is not None
    assert found[1].tolist() == [1.0, 0.0]
