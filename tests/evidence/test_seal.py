"""Seals: what is on record stays on record, and comes out again.

Catches: a changed byte that passes, the wrong entry named, an entry taken out or moved unnoticed, a
torn last line taken for an entry, an append to a broken ledger, a forecast that was never run, a
seal that depends on the workers, a failed write that leaves half an entry.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import json
import os
import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from detente.cli import main
from detente.errors import AnalysisError, InputError
from detente.evidence import seal_forecast, verify_ledger
from detente.evidence._ledger import append, read_ledger

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    """Seal three forecasts in one ledger."""
    path = tmp_path_factory.mktemp("ledger") / "ledger.jsonl"
    for seed in (1, 2, 3):
        seal_forecast(detente.load("chicken"), path, draws=4, rng=seed, now=NOW)
    return path


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Write a short ledger of three entries."""
    path = tmp_path_factory.mktemp("plain") / "ledger.jsonl"
    for word in ("rain", "sun", "snow"):
        append(path, lambda _, word=word: {"says": word})
    return path.read_bytes()


def forge(path, number, change):
    """Rewrite a ledger from an entry on, with hashes that fit."""
    entries = list(read_ledger(path))
    previous = entries[number - 2]["hash"] if number > 1 else "0" * 64
    lines = path.read_bytes().splitlines(keepends=True)[: number - 1]
    for old in entries[number - 1 :]:
        entry = {k: v for k, v in old.items() if k != "hash"} | {"previous": previous}
        if entry["number"] == number:
            change(entry)
        dump = json.dumps(entry, sort_keys=True, separators=(",", ":"))
        entry["hash"] = previous = hashlib.sha256(dump.encode()).hexdigest()
        lines.append(json.dumps(entry, sort_keys=True, separators=(",", ":")).encode() + b"\n")
    return b"".join(lines)


def test_a_ledger_verifies_and_says_what_it_holds(sealed):
    found = verify_ledger(sealed)
    assert found.differences == (0.0, 0.0, 0.0)
    assert [e.seed for e in found.entries] == [1, 2, 3]
    entry = found.entries[0]
    case = detente.load("chicken")
    assert (entry.case, entry.sha256, entry.version) == (
        "chicken",
        case.sha256,
        detente.__version__,
    )
    assert entry.sealed == "2026-01-02T03:04:05+00:00"
    study = case.study(4, 1)
    assert entry.forecast["claims"]["K1"] == pytest.approx(study.verdicts()[0].median, abs=1e-6)
    for shares in entry.forecast["shares"].values():
        assert sum(series[-1] for series in shares.values()) == pytest.approx(1.0, abs=1e-5)
    json.dumps(found.to_dict(), allow_nan=False)


def test_hashes_are_those_of_the_definition(plain):
    previous = "0" * 64
    for line in plain.splitlines():
        entry = json.loads(line)
        own = entry.pop("hash")
        text = json.dumps(entry, sort_keys=True, separators=(",", ":"))
        assert own == hashlib.sha256(text.encode()).hexdigest()
        assert entry["previous"] == previous
        previous = own


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_any_changed_byte_is_found_in_its_entry(plain, tmp_path_factory, data):
    place = data.draw(st.integers(0, len(plain) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda b: b != plain[place]))
    path = tmp_path_factory.getbasetemp() / "changed.jsonl"
    path.write_bytes(plain[:place] + bytes([byte]) + plain[place + 1 :])
    number = plain[:place].count(b"\n") + 1
    with pytest.raises(AnalysisError, match=f"entry {number}\\b"):
        read_ledger(path)


@given(st.integers(1, 400))
@settings(max_examples=60, deadline=None)
def test_a_torn_end_is_told_from_an_end(plain, tmp_path_factory, cut):
    path = tmp_path_factory.getbasetemp() / "torn.jsonl"
    left = plain[:-cut]
    path.write_bytes(left)
    if left and not left.endswith(b"\n"):
        number = left.count(b"\n") + 1
        with pytest.raises(AnalysisError, match=f"entry {number}, the last, is cut"):
            read_ledger(path)
        with pytest.raises(AnalysisError, match="cut short"):
            append(path, lambda _: {"says": "more"})
        assert path.read_bytes() == left
    else:
        assert len(read_ledger(path)) == left.count(b"\n")


def test_entries_taken_out_or_moved_are_missed(plain, tmp_path):
    one, two, three = plain.splitlines(keepends=True)
    path = tmp_path / "ledger.jsonl"
    for lines, number in ([one, three], 2), ([two, three], 1), ([two, one, three], 1):
        path.write_bytes(b"".join(lines))
        with pytest.raises(AnalysisError, match=f"entry {number} does not follow"):
            read_ledger(path)


def test_a_forged_forecast_is_run_again_and_found(sealed, tmp_path):
    def change(entry):
        entry["forecast"]["claims"]["K1"] += 0.001

    path = tmp_path / "forged.jsonl"
    path.write_bytes(forge(sealed, 2, change))
    assert len(verify_ledger(path, run=False).entries) == 3
    with pytest.raises(AnalysisError, match=r"entry 2 comes out differently.*not what the case"):
        verify_ledger(path)


def test_a_forecast_of_another_version_says_so(sealed, tmp_path):
    def change(entry):
        entry["version"] = "0.0.1"
        entry["seed"] = 9

    path = tmp_path / "old.jsonl"
    path.write_bytes(forge(sealed, 1, change))
    with pytest.raises(AnalysisError, match=r"entry 1.*sealed by detente 0\.0\.1"):
        verify_ledger(path)


def test_a_failed_write_leaves_nothing(plain, tmp_path, monkeypatch):
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(plain)

    def full(file):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AnalysisError, match="No space left"):
        append(path, lambda _: {"says": "hail"})
    assert path.read_bytes() == plain


def test_workers_change_nothing(sealed, tmp_path):
    path = tmp_path / "one.jsonl"
    seal_forecast(detente.load("chicken"), path, draws=4, rng=1, workers=1, now=NOW)
    assert path.read_bytes() == sealed.read_bytes().splitlines(keepends=True)[0]


@pytest.mark.parametrize("seed", [-1, 1.5, True, "1"])
def test_a_seed_that_cannot_be_written_down_is_refused(seed, tmp_path):
    with pytest.raises(InputError, match="seed"):
        seal_forecast(detente.load("chicken"), tmp_path / "l.jsonl", rng=seed)


def test_the_commands_end_as_they_should(tmp_path):
    path = tmp_path / "ledger.jsonl"
    run = CliRunner()
    for _ in range(2):
        words = ["seal", "chicken", "--ledger", str(path), "-n", "3"]
        assert run.invoke(main, words).exit_code == 0
    told = run.invoke(main, ["verify", str(path)])
    assert told.exit_code == 0
    assert "2 entries, intact and in order" in told.output
    data = path.read_bytes()
    place = data.index(b"\n") + 40
    path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
    found = run.invoke(main, ["verify", str(path)])
    assert found.exit_code == 1
    assert "entry 2" in found.output
    assert run.invoke(main, ["verify", str(tmp_path / "none")]).exit_code == 2
    assert (
        run.invoke(main, ["seal", "chicken", "--ledger", str(tmp_path / "a" / "b")]).exit_code == 2
    )


@pytest.mark.parametrize(
    "data",
    [
        b"hello\n",
        b"hello",
        b'{"says": "rain"}\n',
        b'{\n "detente": "0.1",\n "where": {"hash": "0123456789abcdef"}\n}\n',
        b"date,level\n2020-01-01,lax\n",
        b"\x89PNG\r\n\x1a\n\x00",
    ],
)
def test_a_file_that_is_no_ledger_is_not_accused(data, tmp_path):
    """It was said to have been changed after its sealing."""
    path = tmp_path / "notes"
    path.write_bytes(data)
    with pytest.raises(InputError, match="this is no ledger"):
        read_ledger(path)
    with pytest.raises(InputError, match="this is no ledger"):
        append(path, lambda _: {"says": "hail"})
    assert path.read_bytes() == data
    found = CliRunner().invoke(main, ["verify", str(path)])
    assert (found.exit_code, "changed" in found.output) == (2, False)


def test_a_first_entry_cut_short_is_still_a_ledger(sealed, tmp_path):
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(sealed.read_bytes()[:30])
    with pytest.raises(AnalysisError, match="cut short"):
        read_ledger(path)


def test_what_is_no_file_is_refused_before_it_is_read(tmp_path):
    """A pipe without a writer would be waited for, a device read without end."""
    pipe = tmp_path / "ledger.jsonl"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="not a file"):
        read_ledger(pipe)
    with pytest.raises(InputError, match="not a file"):
        append(pipe, lambda _: {"says": "rain"})
    with pytest.raises(InputError, match="not a file"):
        seal_forecast(detente.load("chicken"), pipe, draws=4, rng=1, now=NOW)


APPEND = """
import sys
from detente.evidence._ledger import append
for number in range(40):
    append(sys.argv[1], lambda _: {"says": sys.argv[2], "count": number})
"""


def test_two_processes_lose_nothing(tmp_path):
    """Would catch: two entries with one number, or an entry written over another."""
    path = tmp_path / "ledger.jsonl"
    writers = [
        subprocess.Popen([sys.executable, "-c", APPEND, str(path), word]) for word in ("a", "b")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    entries = read_ledger(path)
    assert [entry["number"] for entry in entries] == list(range(1, 81))
    for word in ("a", "b"):
        assert [e["count"] for e in entries if e["says"] == word] == list(range(40))


def test_a_writer_that_never_ends_is_not_waited_for_for_ever(plain, tmp_path, monkeypatch):
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(plain)
    monkeypatch.setattr("detente.evidence._ledger._PATIENCE", 0.1)
    with path.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(AnalysisError, match="another program holds this ledger"):
            append(path, lambda _: {"says": "hail"})
    assert path.read_bytes() == plain


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_signal_leaves_a_ledger_that_verifies_or_a_torn_end(tmp_path, number):
    path = tmp_path / "ledger.jsonl"
    command = [sys.executable, "-c", APPEND.replace("40", "10_000"), str(path), "x" * 10_000]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        while not path.exists() or path.stat().st_size < 50_000:
            time.sleep(0.01)
        process.send_signal(number)
    data = path.read_bytes()
    path.write_bytes(data[: data.rindex(b"\n") + 1])
    assert len(read_ledger(path)) == data.count(b"\n")


@pytest.mark.parametrize("line", [b"[" * 100_000, b'{"a":NaN,"hash":"', b'{"n":' + b"9" * 5000])
def test_what_json_cannot_hold_is_a_changed_entry(plain, tmp_path, line):
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(plain + line + b"\n")
    with pytest.raises(AnalysisError, match="entry 4 is not what was sealed"):
        read_ledger(path)
    with pytest.raises(AnalysisError, match="entry 4 is not what was sealed"):
        append(path, lambda _: {"says": "hail"})


def test_a_ledger_too_long_to_be_one_is_refused_unread(tmp_path):
    path = tmp_path / "ledger.jsonl"
    with path.open("wb") as file:
        file.truncate(2**30 + 1)
    for use in (read_ledger, lambda ledger: append(ledger, lambda _: {"says": "hail"})):
        with pytest.raises(InputError, match="has 1,073,741,825 bytes"):
            use(path)
    assert path.stat().st_size == 2**30 + 1
