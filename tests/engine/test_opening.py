"""Files of others are opened without a trace, and a stranger's are never trusted.

Catches: a database of another program that is changed, locked or given a journal by being looked
at, a journal that makes SQLite delete a third file, a pipe that is waited for, a file that a kill
cut short and that cannot be read before it is gone on with, a salvage as long as the file claims.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from contextlib import closing

import pytest

from detente.engine import go_on, open_file, salvage_file
from detente.errors import InputError
from detente.study._store import STUDY
from engine.test_chunk_file import HEADINGS, chunk_of

HEADING = HEADINGS["study"]


@pytest.fixture
def path(tmp_path):
    folder = tmp_path / "received"
    folder.mkdir()
    with go_on(folder / "study.sqlite", STUDY, HEADING, resume=True) as file:
        for first in range(0, 30, 5):
            file.add(chunk_of(STUDY, first))
    return folder / "study.sqlite"


def snapshot(folder):
    return {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.iterdir()}


def cut_short(path):
    """Leave a file and its journal as a kill does in the middle of a transaction."""
    copy = path.with_name("cut.sqlite")
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("PRAGMA cache_size = 1")
        file.execute("BEGIN")
        file.execute("UPDATE heading SET text = 'gone'")
        file.execute("UPDATE chunk SET sha256 = 'gone', paths = zeroblob(100000)")
        for end in ("", "-journal"):
            shutil.copy(f"{path}{end}", f"{copy}{end}")
        file.execute("ROLLBACK")
    assert copy.read_bytes() != path.read_bytes()
    return copy


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_live_database_of_another_program_is_left_as_it_is(tmp_path, mode):
    with closing(sqlite3.connect(tmp_path / "other.sqlite", isolation_level=None)) as other:
        other.execute(f"PRAGMA journal_mode = {mode}")
        other.execute("CREATE TABLE heading (text TEXT NOT NULL, sha256 TEXT NOT NULL)")
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO heading VALUES ('', '')")
        before = snapshot(tmp_path)
        began = time.monotonic()
        for attempt in (
            lambda: open_file(tmp_path / "other.sqlite", STUDY),
            lambda: go_on(tmp_path / "other.sqlite", STUDY, HEADING, resume=True),
            lambda: go_on(tmp_path / "other.sqlite", STUDY, HEADING, resume=False),
            lambda: salvage_file(tmp_path / "other.sqlite", tmp_path / "saved.sqlite", STUDY),
        ):
            with pytest.raises(InputError, match=r"no study that|already, and not this"):
                attempt()
        assert time.monotonic() - began < 2.0
        assert snapshot(tmp_path) == before
        other.execute("COMMIT")


@pytest.mark.parametrize("end", ["-wal", "-shm", "-journal"])
def test_reading_leaves_the_folder_as_it_is_whatever_lies_beside(path, end):
    path.with_name(path.name + end).write_bytes(bytes(64))
    before = snapshot(path.parent)
    if end == "-wal":
        with pytest.raises(InputError, match="write-ahead log"):
            open_file(path, STUDY)
    else:
        with open_file(path, STUDY) as file:
            assert len(list(file.chunks())) == 6
    assert snapshot(path.parent) == before


def test_a_transaction_that_was_cut_short_is_not_seen_and_stays(path):
    copy = cut_short(path)
    before = snapshot(path.parent)
    with open_file(copy, STUDY) as file, open_file(path, STUDY) as good:
        assert file.done() == good.done()
        assert len(list(file.chunks())) == 6
    assert snapshot(path.parent) == before
    with go_on(copy, STUDY, HEADING, resume=True) as file:
        assert len(list(file.chunks())) == 6
    assert not copy.with_name("cut.sqlite-journal").exists()


def test_a_journal_that_names_another_file_or_claims_terabytes_is_refused(path, tmp_path):
    """SQLite deletes the file that a journal names as that of a transaction over many files."""
    copy = cut_short(path)
    journal = copy.with_name("cut.sqlite-journal")
    good = journal.read_bytes()
    victim = tmp_path / "victim"
    victim.write_text("precious")
    name = str(victim).encode()
    total = sum(byte - 256 if byte > 127 else byte for byte in name) & 0xFFFFFFFF
    ending = len(name).to_bytes(4, "big") + total.to_bytes(4, "big") + good[:8]
    # The page number before the name is that of the page that SQLite locks.
    names_another = good + (2**30 // 4096 + 1).to_bytes(4, "big") + name + ending
    for forged in (names_another, good[:16] + b"\xff\xff\xff\xfe" + good[20:]):
        journal.write_bytes(forged)
        for attempt in (
            lambda: open_file(copy, STUDY),
            lambda: go_on(copy, STUDY, HEADING, resume=True),
        ):
            with pytest.raises(InputError, match="journal beside it is none of detente"):
                attempt()
    assert victim.read_text() == "precious"
    # The attack is real: SQLite by itself falls for it.
    journal.write_bytes(names_another)
    with closing(sqlite3.connect(copy)) as file:
        file.execute("SELECT count(*) FROM sqlite_master").fetchone()
    assert not victim.exists()


def test_a_pipe_in_the_place_of_a_journal_is_not_waited_for(path):
    os.mkfifo(path.with_name("study.sqlite-journal"))
    with pytest.raises(InputError, match="no journal of a study"):
        open_file(path, STUDY)


def test_a_salvage_is_as_long_as_the_file_and_not_as_it_claims(path, tmp_path):
    raw = bytearray(path.read_bytes())
    raw[28:32] = b"\xff\xff\xff\xfe"
    path.write_bytes(raw)
    with pytest.raises(InputError, match="damaged"):
        open_file(path, STUDY)
    assert salvage_file(path, tmp_path / "saved.sqlite", STUDY) == (30, 60)
    assert (tmp_path / "saved.sqlite").stat().st_size <= 2 * len(raw)


def test_resuming_refuses_a_trigger_that_would_delete_what_was_stored(path):
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE TRIGGER lose AFTER INSERT ON chunk BEGIN DELETE FROM chunk; END")
    before = snapshot(path.parent)
    with pytest.raises(InputError, match="holds the trigger 'lose'"):
        go_on(path, STUDY, HEADING, resume=True)
    assert snapshot(path.parent) == before


@pytest.mark.parametrize("bit", range(8))
def test_one_flipped_bit_in_the_schema_is_a_clear_error(path, bit):
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"count INTEGER")] ^= 1 << bit
    path.write_bytes(raw)
    with pytest.raises(InputError, match=r"damaged|holds"):
        open_file(path, STUDY)
