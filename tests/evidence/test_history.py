"""The record of a case: what is refused and where, what each row means, and that a cut is blind.

The second readers: a filter written from the words of `detente.evidence._filter_steps`, against
closed forms and against simulated paths that are weighed by the words of `Entry` alone; and the
checks of the reader against whether that filter leaves anything.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import random
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.linalg import expm

import detente
from detente.case import Case, Observation, read_case
from detente.cli import main
from detente.errors import CaseError, InputError
from detente.evidence import Entry, Record, Track, draw_timeline, known_by, observed_record

BATCHES = int(os.environ.get("DETENTE_BATCHES", "1"))
HEADER = "date,until,variable,level,kind,source,confidence,note\n"
YAML = """
detente: 1
title: A river
clock: {since: 2020-01-01, start: 2020-06-01, end: 2020-12-31}
sources: {memo: {title: A memo}, press: {title: The press}}
actors:
  upper:
    options:
      dam: {levels: [none, small, large], moves: up}
      talk: [no, yes]
    preferences: {statements: [upper.dam == none]}
conditions:
  rain: {levels: [wet, dry, flood], rates: {wet -> dry: 1, dry -> wet: 1, dry -> flood: 1}}
infeasible: [{when: upper.dam == large and rain == dry, reason: no water}]
status_quo: {upper.dam: none, upper.talk: no, rain: wet}
history: history.csv
"""


def read(rows: str, header: str = HEADER) -> Case:
    raw = (header + rows).encode()
    return read_case(YAML.encode(), "river.yaml", lambda name: (name, raw))


def refused(rows: str, header: str = HEADER) -> list[str]:
    with pytest.raises(CaseError) as caught:
        read(rows, header)
    return [str(problem) for problem in caught.value.problems]


# What is refused, at its file, line and column.

BROKEN = {
    "2020-02-01,,rian,wet,,memo,,\n": ":2:13: there is no option or condition 'rian'; did you mean",
    "2020-02-01,,rain,wett,,memo,,\n": ":2:18: rain has no level 'wett'; did you mean 'wet'",
    "2020-02-01,,rain,wet,,meno,,\n": ":2:23: there is no source 'meno'; did you mean 'memo'",
    "2020-02-01,,rain,wet,,,,\n": ":2:1: this lacks source",
    "2020-02-30,,rain,wet,,memo,,\n": ":2:1: '2020-02-30' is not a date; write it as",
    "2019-12-31,,rain,wet,,memo,,\n": ":2:1: 2019-12-31 lies outside the clock (2020-01-01 to",
    "2020-12-01,2021-01-01,rain,wet,,memo,,\n": ":2:12: 2021-01-01 lies outside the clock",
    "2020-02-02,2020-02-01,rain,wet,,memo,,\n": ":2:12: 2020-02-01 is before 2020-02-02",
    "2020-02-01,,rain,,,memo,,\n": ":2:1: this row lacks a level",
    "2020-02-01,,rain,wet,gap,memo,,\n": ":2:18: in a gap no level is known",
    "2020-02-01,,rain,wet,saw,memo,,\n": ":2:22: kind cannot be 'saw'",
    "2020-02-01,,rain,wet,,memo,sure,\n": ":2:28: confidence cannot be 'sure'",
    "2020-02-01,,rain,wet:0.7|dry:0.4,,memo,,\n": ":2:18: the weights sum to 1.1",
    "2020-02-01,,rain,wet:0|dry:1,,memo,,\n": ":2:18: a weight is zero",
    "2020-02-01,,rain,wet:0.5|wet:0.5,,memo,,\n": ":2:18: the level wet appears twice",
    "2020-02-01,,rain,wet|dry,,memo,,\n": ":2:18: 'wet|dry' cannot be a level",
    "2020-02-01,,upper.talk,no:0.5|yes:0.5,from,memo,,\n": ":2:24: a change into any of all levels",
    # Two levels at once, on one day and across days.
    "2020-02-01,,rain,wet,,memo,,\n2020-02-01,,rain,dry,,press,,\n":
        ":3:18: rain was at wet on 2020-02-01 too (line 2)",
    "2020-02-01,2020-03-01,rain,wet,,memo,,\n2020-02-10,,rain,dry,,press,,\n":
        ":3:18: rain cannot be at dry (press): it is at wet then, 2020-02-01 to 2020-03-01, memo",
    "2020-02-01,,rain,dry,from,memo,,\n2020-02-10,,rain,wet,,press,,\n":
        ":3:18: rain cannot be at wet (press): it is at dry then, 2020-02-01, memo",
    "2020-02-01,,rain,dry,from,memo,,\n2020-02-10,,rain,dry,from,press,,\n":
        ":3:18: rain was at dry already (2020-02-01, memo",
    # What the case forbids: one way, a jump without rate, a state that cannot be.
    "2020-02-01,,upper.dam,small,,memo,,\n2020-03-01,,upper.dam,none,,press,,\n":
        ":3:23: no allowed changes lead upper.dam from small (2020-02-01, memo, history.csv line",
    "2020-02-01,,upper.dam,small,from,memo,,\n2020-03-01,,upper.dam,none,from,press,,\n":
        ":3:23: the case forbids upper.dam to change from small (2020-02-01, memo",
    "2020-02-01,2020-03-01,rain,wet,,memo,,\n2020-03-02,,rain,flood,from,press,,\n":
        ":3:18: the case forbids rain to change from wet (2020-02-01 to 2020-03-01, memo",
    "2020-02-01,2020-04-01,upper.dam,large,,memo,,\n2020-03-02,,rain,dry,,press,,\n":
        ":3:18: on 2020-03-02 rain at dry (press) cannot go with upper.dam at large (2020-02-01 to",
    # Days that two rows claim.
    "2020-02-01,2020-03-01,rain,dry,from,memo,,\n2020-02-10,,rain,dry,,press,,\n":
        ":3:1: these days overlap those of another row of rain (2020-02-01 to 2020-03-01, memo",
    "2020-02-01,2020-03-01,rain,,gap,memo,,\n2020-02-10,,rain,dry,,press,,\n": ":3:1: these days",
    # The table itself.
    "2020-02-01,rain\n": ":2:12: this row has 2 cells, the header 8",
    "2020-02-01,,rain,wet,,memo,,a,b\n": ":2:31: this row has 9 cells, the header 8",
    '2020-02-01,,rain,wet,,memo,,"a\n': ":2:29: this quote is not closed",
    '2020-02-01,,rain,wet,,memo,,"a"b\n': ":2:32: there is a stray quote",
    '2020-02-01,,rain,wet,,memo,,"a\nb"\n2020-02-01,,rian,wet,,memo,,\n': ":4:13: there is no",
    "": ":2:1: the table has no rows",
}  # fmt: skip


@pytest.mark.parametrize(("rows", "words"), BROKEN.items())
def test_a_wrong_row_is_refused_at_its_place(rows: str, words: str) -> None:
    """Would catch a check that is gone, a wrong line, and a problem told twice."""
    problems = refused(rows)
    assert len(problems) == 1, problems
    assert problems[0].startswith("history.csv" + words), problems[0]
    assert "; " in problems[0]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("", ":1:1: the table is empty"),
        ("date,levels\n", ":1:6: there is no column 'levels'; did you mean 'level'"),
        ("date,date\n", ":1:6: the column date appears twice"),
    ],
)
def test_a_wrong_header_is_refused(header: str, words: str) -> None:
    problems = refused("", header)
    assert [problem.startswith("history.csv" + words) for problem in problems] == [True], problems


def test_both_sources_of_a_contradiction_are_named() -> None:
    rows = "2020-02-01,,upper.dam,small,from,memo,,\n2020-03-01,,upper.dam,none,from,press,,\n"
    [problem] = refused(rows)
    for words in ("2020-02-01", "memo", "line 2", "press", ":3:", "from small", "to none"):
        assert words in problem


def test_every_wrong_row_is_told_at_once() -> None:
    rows = "".join(BROKEN_ROW for BROKEN_ROW in list(BROKEN)[:6])
    lines = [int(problem.split(":")[1]) for problem in refused(rows)]
    assert lines == list(range(2, 8))


def test_bytes_that_are_not_utf_8_are_refused_in_the_table() -> None:
    raw = HEADER.encode() + b"2020-02-01,,rain,wet,,memo,,caf\xe9\n"
    with pytest.raises(CaseError, match=r"^history.csv:2:32: byte 0xe9 is not UTF-8"):
        read_case(YAML.encode(), "river.yaml", lambda name: (name, raw))


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False))
def test_mutated_tables_give_a_case_or_its_problems(rng: random.Random) -> None:
    """Would catch a traceback, and a place outside the file."""
    good = HEADER + '2020-02-01,2020-03-01,rain,dry:0.6|flood:0.4,from,memo,low,"a, b"\n' * 2
    raw = bytearray(good.encode())
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(raw))
        raw[place : place + rng.randint(0, 3)] = rng.choice(
            [b"", b'"', b",", b"\n", b"\xff", b"0", b"|", b"\r", b":", bytes([rng.randrange(256)])]
        )
    try:
        read_case(YAML.encode(), "river.yaml", lambda name: (name, bytes(raw)))
    except CaseError as error:
        for problem in error.problems:
            assert problem.file in {"history.csv", "river.yaml"}
            assert 1 <= problem.line <= raw.count(b"\n") + raw.count(b"\r") + 20
            assert problem.column >= 1


# Where the table may be.


def folder_with(tmp_path: Path, name: str, rows: str = "2020-02-01,,rain,wet,,memo,,\n") -> Path:
    folder = tmp_path / "case"
    folder.mkdir(exist_ok=True)
    (tmp_path / "outside.csv").write_text(HEADER + rows)
    (folder / "history.csv").write_text(HEADER + rows)
    file = folder / "river.yaml"
    file.write_text(YAML.replace("history: history.csv", f"history: {name}"))
    return file


def test_a_table_beside_the_case_is_read_and_hashed(tmp_path: Path) -> None:
    case = detente.load(folder_with(tmp_path, "history.csv"))
    assert [row.variable for row in case.history] == ["rain"]
    other = detente.load(folder_with(tmp_path, "history.csv", "2020-02-01,,rain,dry,,memo,,\n"))
    assert case.sha256 != other.sha256


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("../outside.csv", "is outside the folder of the case file"),
        ("sub/../../outside.csv", "is outside the folder of the case file"),
        ("'..\\outside.csv'", "is outside the folder of the case file"),
        ("/outside.csv", "is outside the folder of the case file"),
        ("'C:\\outside.csv'", "is outside the folder of the case file"),
        ("link.csv", "is a link out of the folder"),
        ("missing.csv", "there is no file 'missing.csv' beside the case"),
        ("folder.csv", "there is no file 'folder.csv' beside the case"),
        ("history.txt", "is not a table; name a file that ends in .csv"),
    ],
)
def test_nothing_outside_the_folder_is_read(tmp_path: Path, name: str, words: str) -> None:
    file = folder_with(tmp_path, name)
    (file.parent / "link.csv").symlink_to(tmp_path / "outside.csv")
    (file.parent / "folder.csv").mkdir()
    with pytest.raises(CaseError) as caught:
        detente.load(file)
    [problem] = caught.value.problems
    assert words in str(problem)
    assert (problem.line, problem.column) == (16, 10)


def test_a_text_without_a_folder_reads_no_table() -> None:
    with pytest.raises(CaseError, match="there is no folder to look for"):
        read_case(YAML.encode(), "river.yaml")


@pytest.mark.parametrize("written", ["history.csv", '"history.csv"', "'history.csv'  # a note"])
def test_a_case_stands_whole_in_its_text(written: str) -> None:
    """Would catch a study that cannot make again the case it stores."""
    rows = '2020-02-01,,rain,"dry:0.6|flood:0.4",from,memo,low,"a ""b"", c: #"\n'
    rows += "2020-05-01,,rain,,gap,memo,,\n"
    text = YAML.replace("history: history.csv", f"history: {written}")
    case = read_case(text.encode(), "river.yaml", lambda name: (name, (HEADER + rows).encode()))
    again = read_case(case.text, "river.yaml")
    assert again.sha256 == case.sha256
    assert again == case
    assert case.history[0].note == 'a "b", c: #'
    assert case.history[0].place == "history.csv line 2"


def test_rows_in_the_case_file_read_the_same() -> None:
    inline = YAML.replace(
        "history: history.csv",
        "history: [{date: 2020-02-01, until: 2020-03-01, variable: rain, "
        "level: 'dry:0.6|flood:0.4', kind: from, source: memo, confidence: low, note: seen}]",
    )
    table = read("2020-02-01,2020-03-01,rain,dry:0.6|flood:0.4,from,memo,low,seen\n")
    [one], [other] = table.history, read_case(inline.encode(), "river.yaml").history
    assert one == other


# What the rows mean: a filter from the words of the module, and from the words of an entry.


def filtered(known: Record, generator: NDArray[np.float64], start: NDArray[np.float64]) -> float:
    """Return a record's likelihood by the words of `detente.evidence._filter_steps`, densely.

    ``generator`` has shape (states, states); states are in C order of the axes.
    """
    shape = tuple(len(track.levels) for track in known.tracks)
    level = np.indices(shape).reshape(len(shape), -1)
    p = start.copy()
    for step in known.steps:
        for axis, weights in enumerate(step.weights):
            if weights is not None:
                p = p * weights[level[axis]]
        allowed = np.ones_like(generator, dtype=bool)
        for axis, kept in enumerate(step.unchanged):
            if kept is not None:
                allowed &= kept[level[axis][:, None], level[axis]]
        exits = np.diag(np.diag(generator))
        p = p @ expm((np.where(allowed, generator - exits, 0) + exits) * (step.end - step.start))
    return float(p.sum())


def test_likelihood_is_the_closed_form() -> None:
    """Held, unseen, changed in an interval, held: would catch each read wrongly."""
    r, q = 0.7, 1.3
    entries = (
        Entry("seen", 0.0, 1.0, 1.0, np.array([1.0, 0.0])),
        Entry("from", 2.0, 3.0, 4.0, np.array([0.0, 1.0])),
        Entry("gap", 4.0, 5.0, 5.0, np.ones(2)),
        Entry("seen", 5.0, 5.0, 5.0, np.array([0.2, 0.8])),
    )
    known = Record(dt.date(2020, 1, 1), 0.0, 5.0, (Track("rain", 0, ("wet", "dry"), entries),))
    wet_to_wet = (q + r * np.exp(-r - q)) / (r + q)
    turned = r * (np.exp(-r) - np.exp(-q)) / (q - r)
    dry_to_dry = (r + q * np.exp(-r - q)) / (r + q)
    last = 0.8 * dry_to_dry + 0.2 * (1 - dry_to_dry)
    expected = np.exp(-r) * wet_to_wet * turned * np.exp(-q) * last
    generator = np.array([[-r, r], [q, -q]])
    assert filtered(known, generator, np.array([1.0, 0.0])) == pytest.approx(expected, rel=1e-12)


def test_a_change_at_an_instant_is_told_apart() -> None:
    change = Entry("from", 1.0, 1.0, 2.0, np.array([0.0, 1.0]))
    known = Record(dt.date(2020, 1, 1), 0.0, 2.0, (Track("x", 0, ("a", "b"), (change,)),))
    assert [step.entered[0] is not None for step in known.steps] == [False, True, False]
    assert [step.weights[0] for step in known.steps] == [None, None, None]
    kept = known.steps[1].unchanged[0]
    assert kept is not None
    assert kept.tolist() == [[True, False], [False, True]]


@pytest.mark.parametrize(("start", "end"), [(0.5, 9.0), (0.0, 3.5)])
def test_an_entry_outside_its_record_is_refused(start: float, end: float) -> None:
    """Its weights would be lost without a word."""
    early = Entry("seen", 0.0, 1.0, 1.0, np.array([1.0, 0.0]))
    late = Entry("from", 2.0, 3.0, 4.0, np.array([0.0, 1.0]))
    with pytest.raises(InputError, match=r"rain at .* reaches outside the record"):
        Record(dt.date(2020, 1, 1), start, end, (Track("rain", 0, ("wet", "dry"), (early, late)),))


def weight_of(path: list[tuple[float, int]], entries: tuple[Entry, ...]) -> float:
    """Weigh one path of (time, level from then on) by the words of `Entry` alone."""

    def level(time: float) -> int:
        return [own for start, own in path if start <= time][-1]

    def changes(start: float, end: float) -> list[float]:
        return [time for time, _ in path[1:] if start < time < end]

    total = 1.0
    for entry in entries:
        if entry.kind == "seen":
            total *= entry.weights[level(entry.earliest)]
            total *= not changes(entry.earliest, entry.latest)
        elif entry.kind == "from":
            total *= len(changes(entry.earliest, entry.latest)) == 1
            total *= entry.weights[level(entry.earliest)] == 0
            total *= entry.weights[level(entry.latest)]
            total *= not changes(entry.latest, entry.holds)
    return float(total)


@pytest.mark.parametrize("seed", range(3))
def test_likelihood_is_the_mean_weight_of_simulated_paths(seed: int) -> None:
    """Two variables, changes of both at once: would catch a mask on the wrong axis or time."""
    rng = np.random.default_rng(seed)
    shape = (3, 2)
    generator = rng.uniform(0.1, 0.6, (6, 6))
    np.fill_diagonal(generator, 0)
    np.fill_diagonal(generator, -generator.sum(axis=1))
    first = (
        Entry("seen", 0.2, 0.5, 0.5, np.array([0.5, 0.5, 0.0])),
        Entry("from", 0.7, 1.5, 1.9, np.array([0.0, 0.3, 0.7])),
        Entry("seen", 2.0, 2.0, 2.0, rng.uniform(0.1, 1, 3)),
    )
    second = (
        Entry("from", 0.3, 1.2, 1.4, np.array([0.0, 1.0])),
        Entry("gap", 1.4, 1.6, 1.6, np.ones(2)),
    )
    tracks = (Track("x", 0, ("a", "b", "c"), first), Track("y", 1, ("a", "b"), second))
    known = Record(dt.date(2020, 1, 1), 0.0, 2.0, tracks)
    start = np.full(6, 1 / 6)
    exact = filtered(known, generator, start)
    rates, odds = -np.diag(generator), np.maximum(generator, 0)
    odds = np.cumsum(odds / odds.sum(axis=1, keepdims=True), axis=1)
    found = np.empty(20_000)
    for number in range(len(found)):
        time, state = 0.0, int(rng.integers(6))
        paths = [[(0.0, own)] for own in np.unravel_index(state, shape)]
        while (time := time + rng.exponential(1 / rates[state])) < 2.0:
            state = int(np.searchsorted(odds[state], rng.random()))
            for path, own in zip(paths, np.unravel_index(state, shape), strict=True):
                if path[-1][1] != own:
                    path.append((time, int(own)))
        found[number] = weight_of(paths[0], first) * weight_of(paths[1], second)
    assert abs(found.mean() - exact) < 4.5 * found.std() / np.sqrt(len(found))
    assert found.mean() > 0


DAYS = st.integers(0, 20)
ROWS = st.tuples(
    st.sampled_from(["seen", "from", "gap"]),
    DAYS,
    st.integers(0, 4),
    st.sets(st.integers(0, 2), min_size=1, max_size=2),
)


@settings(max_examples=80 * BATCHES, deadline=None)
@given(
    st.lists(ROWS, min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=4),
)
def test_rows_are_refused_when_and_only_when_nothing_is_left(
    rows: list[tuple[str, int, int, set[int]]], moves: list[tuple[int, int]]
) -> None:
    """Would catch a contradiction that goes unseen, and a sound record that is refused."""
    pairs = [[f"l{a}", f"l{b}"] for a, b in moves if a != b]
    assume(pairs)
    text = f"""
detente: 1
title: One variable
clock: {{start: 2020-01-01, end: 2020-02-28}}
sources: {{s: {{title: S}}}}
actors:
  a:
    options: {{x: {{levels: [l0, l1, l2], moves: {json.dumps(pairs)}}}}}
    preferences: {{statements: [a.x == l0]}}
status_quo: {{a.x: l0}}
history: [
"""
    first = dt.date(2020, 1, 2)
    seen = []
    for kind, day, length, levels in rows:
        date = first + dt.timedelta(days=day)
        until = date + dt.timedelta(days=length)
        weights = tuple((level, 1 / len(levels)) for level in sorted(levels))
        made = Observation(date, "a.x", () if kind == "gap" else weights, "s", kind, until)  # type: ignore[arg-type]
        seen.append(made)
        coding = "|".join(f"l{level}:{weight}" for level, weight in weights)
        coding = f"l{weights[0][0]}" if len(weights) == 1 else coding
        level = "" if kind == "gap" else f"level: '{coding}', "
        text += (
            f"  {{date: {date}, until: {until}, variable: a.x, {level}kind: {kind}, source: s}},\n"
        )
    text += "]\n"
    bare = text[: text.index("history: [")]
    case = replace(read_case(bare.encode(), "one.yaml"), history=tuple(seen))
    try:
        read_case(text.encode(), "one.yaml")
        accepted = True
    except CaseError as error:
        assume("overlap" not in str(error))
        accepted = False
    generator = np.zeros((3, 3))
    for a, b in moves:
        generator[a, b] = 50.0 * (a != b)
    np.fill_diagonal(generator, -generator.sum(axis=1))
    assert accepted == (filtered(observed_record(case), generator, np.full(3, 1 / 3)) > 1e-200)


# The cut is blind.


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_nothing_after_the_cut_leaks(data: st.DataObject) -> None:
    """Whatever later rows and the later part of earlier rows say, the cut record is the same."""
    first = dt.date(2020, 1, 1)
    rows, other = [], []
    until = first + dt.timedelta(days=data.draw(DAYS))
    for _ in range(data.draw(st.integers(1, 5))):
        kind, day, length, levels = data.draw(ROWS)
        date = first + dt.timedelta(days=day)
        last = date + dt.timedelta(days=length)
        weights = tuple((level, 1.0) for level in sorted(levels)) if kind != "gap" else ()
        row = Observation(date, "x", weights, "s", kind, last, "high", "note")  # type: ignore[arg-type]
        rows.append(row)
        if date > until:
            if data.draw(st.booleans()):
                other.append(replace(row, levels=((0, 1.0),), source="t", note="else"))
        elif last > until:
            later = until + dt.timedelta(days=data.draw(st.integers(1, 9)))
            hidden = {"levels": ((2, 1.0),), "source": "t", "note": "else"}
            other.append(replace(row, until=later, **(hidden if kind == "from" else {})))
        else:
            other.append(row)
    known = known_by(rows, until)
    assert known == known_by(other, until)
    assert all((row.until or row.date) <= until for row in known)
    assert known_by(known, until) == known


def test_a_cut_record_ends_with_its_day_and_knows_only_the_past() -> None:
    case = detente.load("peninsula")
    whole, known = observed_record(case), observed_record(case, "2021-03-15")
    assert known.end == pytest.approx(whole.years(dt.date(2021, 3, 16)), abs=1e-12)
    for full, own in zip(whole.tracks, known.tracks, strict=True):
        for one, other in zip(full.entries, own.entries, strict=False):
            if one.holds < known.end:
                assert (one.kind, one.earliest, one.latest, one.holds) == (
                    other.kind, other.earliest, other.latest, other.holds,
                )  # fmt: skip
        assert all(entry.holds <= known.end for entry in own.entries)
        assert all(entry.row is None or entry.row.date <= known.until for entry in own.entries)  # type: ignore[operator]


def test_no_change_of_the_flagship_straddles_the_blind_test() -> None:
    """Would catch a row whose date is known only with what came after 15 March 2021."""
    until = dt.date(2021, 3, 15)
    case = detente.load("peninsula")
    assert not [
        row for row in case.history if row.kind == "from" and row.date <= until < _last(row)
    ]
    assert {row.source for row in known_by(case.history, until)} <= set(case.sources)


def _last(row: Observation) -> dt.date:
    return row.until or row.date


@pytest.mark.parametrize(
    ("times", "weights", "words"),
    [
        ((1.0, 0.5, 2.0), [0, 1], "runs backwards"),
        ((0.0, 1.0, 0.5), [0, 1], "runs backwards"),
        ((0.0, 1.0, np.nan), [0, 1], "runs backwards"),
        ((0.0, 1.0, 2.0), [0, 0], "one number per level"),
        ((0.0, 1.0, 2.0), [-1, 2], "one number per level"),
        ((0.0, 1.0, 2.0), [[0, 1]], "one number per level"),
        ((0.0, 1.0, 2.0), [1, 1], "says nothing"),
    ],
)
def test_a_wrong_entry_is_refused(
    times: tuple[float, float, float], weights: list[float], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        Entry("from", *times, np.array(weights))
    with pytest.raises(InputError, match="3 weights for 2 levels"):
        Track("x", 0, ("a", "b"), (Entry("seen", 0, 0, 0, np.ones(3)),))


@pytest.mark.parametrize(
    ("until", "words"),
    [("2005-01-01", "outside the record; choose from 2006-07-01"), ("soon", "is not a date"),
     ("2026-01-01", "outside the record")],
)  # fmt: skip
def test_a_wrong_cut_is_refused(until: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        observed_record(detente.load("peninsula"), until)


def test_a_case_without_history_says_so() -> None:
    with pytest.raises(InputError, match="has no history; add rows"):
        observed_record(detente.load("chicken"))


# Steps, drawing, printing.


def test_arrays_cannot_be_changed() -> None:
    known = observed_record(detente.load("peninsula"))
    for step in known.steps:
        for array in (*step.weights, *step.unchanged):
            assert array is None or not array.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        known.tracks[0].entries[0].weights[0] = 1


def test_steps_cover_the_record_without_holes() -> None:
    known = observed_record(detente.load("peninsula"))
    assert known.steps[0].start == known.start
    assert known.steps[-1].start == known.steps[-1].end == known.end
    ends = [step.end for step in known.steps]
    assert ends[:-1] == [step.start for step in known.steps[1:]]
    assert all(step.start < step.end for step in known.steps[:-1])
    assert all(entered is None for step in known.steps for entered in step.entered)


def test_the_flagships_record_agrees_with_its_status_quo() -> None:
    """Would catch a record that is at another level than the start of the forecast."""
    case = detente.load("peninsula")
    for track in observed_record(case, case.start).tracks:
        held = [
            entry for entry in track.entries if entry.holds >= observed_record(case, case.start).end
        ]
        for entry in held:
            assert entry.weights[case.status_quo[track.variable]] > 0, track.variable


def test_every_row_of_the_flagship_has_a_source_a_note_and_a_confidence() -> None:
    case = detente.load("peninsula")
    assert len(case.history) == 148
    assert all(row.source in case.sources and row.note and row.confidence for row in case.history)
    assert all(len(row.note) <= 130 for row in case.history)


@pytest.mark.parametrize("width", [48, 80, 120])
def test_the_drawing_fits(width: int) -> None:
    known = observed_record(detente.load("peninsula"))
    lines = draw_timeline(known, width).split("\n")
    assert all(len(line) <= max(width, 48) for line in lines[: len(known.tracks) + 1])
    assert len({len(line) for line in lines[1 : len(known.tracks) + 1]}) == 1


def test_the_drawing_shows_each_level_where_it_was() -> None:
    """One column a year: would catch a level a column off."""
    entries = (
        Entry("seen", 10.0, 13.0, 13.0, np.array([1.0, 0.0])),
        Entry("from", 20.0, 22.0, 30.0, np.array([0.0, 1.0])),
        Entry("gap", 30.0, 35.0, 35.0, np.ones(2)),
        Entry("seen", 36.5, 36.5, 36.5, np.array([0.3, 0.7])),
    )
    known = Record(dt.date(1900, 1, 1), 0.0, 39.0, (Track("x", 0, ("a", "b"), entries),))
    cells = draw_timeline(known, 48).split("\n")[1][9:]
    assert cells == "·" * 10 + "AAA" + "·" * 7 + "~~" + "B" * 8 + "·" * 6 + "b" + "··"


def test_show_prints_the_time_line_and_its_rows() -> None:
    done = CliRunner().invoke(main, ["evidence", "show", "peninsula", "--until", "2021-03-15"])
    assert done.exit_code == 0
    assert max(map(len, done.output.split("\n"))) <= 80
    assert "china.enforcement" in done.output
    assert "Hwasong-15" in done.output
    assert "2021-03-18" not in done.output


def test_show_gives_json() -> None:
    done = CliRunner().invoke(main, ["evidence", "show", "peninsula", "--json"])
    found = json.loads(done.output)
    assert len(found["entries"]) == 148
    assert found == observed_record(detente.load("peninsula")).to_dict()
    assert observed_record(detente.load("peninsula")).to_pandas()["variable"].iloc[0] == "rivalry"


def test_show_refuses_what_is_wrong() -> None:
    for arguments in (["chicken"], ["peninsula", "--until", "soon"]):
        done = CliRunner().invoke(main, ["evidence", "show", *arguments])
        assert done.exit_code == 2
        assert not re.search("Traceback", done.output)


def test_the_table_of_the_flagship_is_plain() -> None:
    """Would catch rows out of order, blanks around cells and other line ends."""
    raw = (Path(detente.__file__).parent / "cases" / "peninsula_history.csv").read_bytes()
    assert b"\r" not in raw
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8"))))
    assert [row["date"] for row in rows] == sorted(row["date"] for row in rows)
    assert all(cell == cell.strip() for row in rows for cell in row.values())
