"""Files of chunks, of studies and of fits alike: what was stored comes back or the damage is seen.

Would catch: a bit or page that is lost unseen, a file of one kind or run taken for another's, a
run that cannot go on after a kill at its beginning, a pipe that is waited for, a write that fails
without a word on what to do.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from detente.engine import Chunk, create_file, go_on, open_file, salvage_file
from detente.errors import AnalysisError, InputError
from detente.evidence._posterior import FIT
from detente.study._store import STUDY

COMMON = {"version": "1", "case": "a.yaml", "seed": 7, "text": "a\nb\n", "values": "4711"}
HEADINGS = {
    "study": COMMON | {
        "sha256": "", "settings": {}, "variants": [], "design": "lhs", "draws": 60,
        "names": [f"n{k}" for k in range(20)], "claims": ["C"], "series": 2,
    },
    "fit": COMMON | {
        "parameters": [["n", 1.0, 0.5, 2.0]], "inputs": ["n"], "until": "None", "without": [],
        "start": "uniform", "particles": 20,
    },
}  # fmt: skip
PAGE = 4096


def chunk_of(kind, first, count=5):
    rng, widths = np.random.default_rng(first), kind.widths(HEADINGS[kind.name])
    columns = {
        name: rng.random((count, widths[name])).astype(form) for name, form in kind.numbers.items()
    }
    failures = [(first, "", 40 * "why ")] if kind is STUDY else ["why", *(count - 1) * [150 * "y"]]
    return Chunk(first, count, columns | dict.fromkeys(kind.texts, failures))


def same(one, other):
    return one.draws == other.draws and all(
        part == other.columns[name] if isinstance(part, list)
        else np.array_equal(part, other.columns[name])
        for name, part in one.columns.items()
    )  # fmt: skip


@pytest.fixture(params=[STUDY, FIT], ids=lambda kind: kind.name)
def kind(request):
    return request.param


@pytest.fixture
def path(kind, tmp_path):
    path = tmp_path / "chunks.sqlite"
    with create_file(path, kind, HEADINGS[kind.name]) as file:
        for first in range(0, 60, 5):
            file.add(chunk_of(kind, first))
    return path


def is_intact(path, kind):
    with open_file(path, kind) as file:
        return (
            file.heading == HEADINGS[kind.name]
            and file.done() == [range(k, k + 5) for k in range(0, 60, 5)]
            and all(same(chunk, chunk_of(kind, chunk.first)) for chunk in file.chunks())
        )


def test_what_was_stored_comes_back(kind, path):
    assert is_intact(path, kind)
    with open_file(path, kind) as file:
        assert [chunk.first for chunk in file.chunks(range(7, 20))] == [10, 15]
        assert file.chunk(3) is None


def test_every_flipped_bit_is_harmless_or_seen(kind, path):
    good = path.read_bytes()
    rng = np.random.default_rng(5)
    seen = 0
    for place in [*range(0, 100, 9), *rng.integers(100, len(good), 80).tolist()]:
        bad = bytearray(good)
        bad[place] ^= 1 << int(rng.integers(8))
        path.write_bytes(bad)
        try:
            assert is_intact(path, kind)
        except (InputError, AnalysisError) as error:
            assert str(path) in str(error)  # noqa: PT017
            seen += 1
    assert seen > 20


def test_every_swapped_page_is_seen(kind, path):
    good = path.read_bytes()
    places = range(1, len(good) // PAGE)
    for here, there in ((a, b) for a in places for b in places if a != b):
        bad = bytearray(good)
        bad[here * PAGE : (here + 1) * PAGE] = good[there * PAGE : (there + 1) * PAGE]
        path.write_bytes(bad)
        with pytest.raises(InputError, match="damaged"):
            is_intact(path, kind)


def test_truncated_files_are_seen(kind, path):
    good = path.read_bytes()
    for share in (0.05, 0.4, 0.8, 0.999):
        path.write_bytes(good[: int(share * len(good))])
        with pytest.raises(InputError, match=f"damaged.*{kind.mending.split()[-1]}"):
            is_intact(path, kind)


@pytest.mark.parametrize("kind", [STUDY], indirect=True, ids=["study"])
def test_what_is_left_of_a_truncated_study_is_salvaged(kind, path, tmp_path):
    good = path.read_bytes()
    path.write_bytes(good[: int(0.7 * len(good)) // PAGE * PAGE])
    saved, draws = salvage_file(path, tmp_path / "saved.sqlite", kind)
    assert 0 < saved < draws == 60
    with open_file(tmp_path / "saved.sqlite", kind) as file:
        chunks = list(file.chunks())
        assert sum(chunk.count for chunk in chunks) == saved
        assert all(same(chunk, chunk_of(kind, chunk.first)) for chunk in chunks)
        assert file.heading == HEADINGS[kind.name]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["chunks.sqlite", "saved.sqlite"]
    path.write_bytes(good[:300])
    with pytest.raises(InputError, match="nothing can be saved"):
        salvage_file(path, tmp_path / "more.sqlite", kind)


def test_a_heading_or_chunk_that_was_changed_is_seen(kind, path):
    with sqlite3.connect(path) as file:
        file.execute(f"UPDATE chunk SET {next(iter(kind.texts))} = '[]' WHERE first = 10")
    with open_file(path, kind) as file, pytest.raises(InputError, match="draws 10 to 14 are ch"):
        list(file.chunks())
    with sqlite3.connect(path) as file:
        file.execute("UPDATE chunk SET count = 4 WHERE first = 10")
    with open_file(path, kind) as file, pytest.raises(InputError, match="lengths of chunks"):
        list(file.chunks())
    with sqlite3.connect(path) as file:
        file.execute("UPDATE heading SET text = replace(text, '7', '8')")
    with pytest.raises(InputError, match="heading is changed"):
        open_file(path, kind)


def test_a_run_goes_on_with_its_own_file_only(kind, path):
    with pytest.raises(InputError, match=f"there is a {kind.name} already"):
        go_on(path, kind, HEADINGS[kind.name], resume=False)
    with go_on(path, kind, HEADINGS[kind.name], resume=True) as file:
        assert len(file.done()) == 12
    for changes, said in (
        ({"seed": 8}, f"this is another {kind.name}: it has seed 7, not 8"),
        ({"text": "a\nc\n"}, "the case has changed"),
        ({"text": "a\r\nb\r\n"}, "only in line ends"),
        ({"values": "4712"}, "another version of SciPy"),
    ):
        with pytest.raises(InputError, match=said):
            go_on(path, kind, HEADINGS[kind.name] | changes, resume=True)


def test_files_of_another_kind_are_refused(kind, path, tmp_path):
    other = STUDY if kind is FIT else FIT
    with pytest.raises(InputError, match=f"an SQLite file, but no {other.name}"):
        open_file(path, other)
    with sqlite3.connect(tmp_path / "other.sqlite") as file:
        file.execute("CREATE TABLE other (x)")
    with pytest.raises(InputError, match=f"an SQLite file, but no {kind.name}"):
        go_on(tmp_path / "other.sqlite", kind, HEADINGS[kind.name], resume=True)
    (tmp_path / "text").write_text("something else")
    with pytest.raises(InputError, match=f"no {kind.name} file"):
        go_on(tmp_path / "text", kind, HEADINGS[kind.name], resume=True)
    with pytest.raises(InputError, match=kind.finding.split()[-1]):
        open_file(tmp_path / "nothing", kind)
    with pytest.raises(InputError, match="directory"):
        go_on(tmp_path, kind, HEADINGS[kind.name], resume=True)


def test_pipes_and_devices_are_not_waited_for(kind, path, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(InputError, match=f"no {kind.name} file"):
            open_file(place, kind)
        with pytest.raises(InputError, match=f"no {kind.name} file"):
            go_on(place, kind, HEADINGS[kind.name], resume=True)
        with pytest.raises(InputError, match=f"no {kind.name} file"):
            salvage_file(place, tmp_path / "saved.sqlite", kind)


def test_two_writers_do_not_mix(kind, path):
    heading = HEADINGS[kind.name]
    with go_on(path, kind, heading, True) as first, go_on(path, kind, heading, True) as second:
        first.add(chunk_of(kind, 60))
        with pytest.raises(AnalysisError, match=f"another run is writing to this {kind.name}"):
            second.add(chunk_of(kind, 60))
        second.add(chunk_of(kind, 65))


def test_a_file_that_may_not_be_written_is_read(kind, path):
    path.chmod(0o400)
    path.parent.chmod(0o500)
    try:
        assert is_intact(path, kind)
        if os.geteuid():
            with (
                open_file(path, kind) as file,
                pytest.raises(AnalysisError, match=r"cannot be written.*--resume"),
            ):
                file.add(chunk_of(kind, 60))
    finally:
        path.parent.chmod(0o700)


def test_a_place_that_cannot_be_written_is_named(kind, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(AnalysisError, match=r"cannot be written here .*choose another place"):
        go_on(tmp_path / "file" / "chunks.sqlite", kind, HEADINGS[kind.name], resume=False)


def test_a_run_killed_at_its_beginning_goes_on(kind, path, tmp_path):
    """An empty file, and one whose first transaction was cut short, as a kill leaves them."""
    empty = tmp_path / "empty.sqlite"
    empty.touch()
    begun, copy = tmp_path / "begun.sqlite", tmp_path / "cut.sqlite"
    file = sqlite3.connect(begun, isolation_level=None)
    file.execute("PRAGMA cache_size = 1")
    file.execute("BEGIN")
    file.execute(f"PRAGMA application_id = {int.from_bytes(kind.mark, 'big')}")
    file.execute("CREATE TABLE heading (text TEXT, sha256 TEXT)")
    file.executemany("INSERT INTO heading VALUES (?, '')", [("x" * 3000,)] * 50)
    for end in ("", "-journal"):
        shutil.copy(f"{begun}{end}", f"{copy}{end}")
    file.close()
    assert copy.stat().st_size > 0
    for place in (empty, copy):
        with go_on(place, kind, HEADINGS[kind.name], resume=True) as new:
            new.add(chunk_of(kind, 0))
        with open_file(place, kind) as again:
            assert again.done() == [range(5)]


FULL = """
import resource, sys
from pathlib import Path
from engine.test_chunk_file import HEADINGS, FIT, STUDY, chunk_of, create_file

kind = {"study": STUDY, "fit": FIT}[sys.argv[2]]
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
with create_file(Path(sys.argv[1]), kind, HEADINGS[kind.name]) as file:
    for first in range(0, 10_000, 5):
        file.add(chunk_of(kind, first))
        print(first, flush=True)
"""


def test_a_full_disk_loses_nothing_that_was_stored(kind, tmp_path):
    path = tmp_path / "chunks.sqlite"
    ended = subprocess.run(
        [sys.executable, "-c", FULL, str(path), kind.name], cwd=Path(__file__).parents[1],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    last = ended.stderr.strip().splitlines()[-1]
    assert "AnalysisError" in last, ended.stderr
    assert "make room and go on with --resume" in last
    stored = [int(line) for line in ended.stdout.split()]
    with go_on(path, kind, HEADINGS[kind.name], resume=True) as file:
        assert [chunk.first for chunk in file.chunks()] == stored
        assert stored
        file.add(chunk_of(kind, stored[-1] + 5))
