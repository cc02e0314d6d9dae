"""A file is written as one piece or not at all, and nothing else is left behind.

Would catch: half a file after an error, a full disk or SIGTERM, a report without its results, a
draft that stays, a link that leads a write elsewhere.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from detente.files import draft_for, write_file, write_files


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.txt"
    write_file(path, "old")
    with pytest.raises(UnicodeEncodeError), draft_for(path) as draft:
        draft.write_text("half\ud800", "utf-8")
    assert (path.read_text(), names(tmp_path)) == ("old", ["a.txt"])


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_full_disk_leaves_both_old_files(tmp_path, monkeypatch, failing):
    one, two = tmp_path / "one", tmp_path / "two"
    write_files({one: "1", two: "2"})

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os if failing == "fsync" else type(one), failing, full)
    with pytest.raises(OSError, match=r"\[Errno 28\].*(one|two)'"):
        write_files({one: "new", two: "new"})
    monkeypatch.undo()
    assert (one.read_text(), two.read_text(), names(tmp_path)) == ("1", "2", ["one", "two"])


def test_text_that_no_file_can_hold_is_found_before_anything_is_written(tmp_path):
    with pytest.raises(UnicodeEncodeError):
        write_files({tmp_path / "one": "fine", tmp_path / "two": "\ud800"})
    assert names(tmp_path) == []


def test_the_mode_stays_and_a_link_is_replaced(tmp_path):
    """A link may lead anywhere, so a write never follows it."""
    path, link = tmp_path / "a", tmp_path / "b"
    write_file(path, "old")
    path.chmod(0o600)
    write_file(path, "new")
    assert path.stat().st_mode & 0o777 == 0o600
    link.symlink_to(path)
    write_file(link, "other")
    assert (path.read_text(), link.read_text(), link.is_symlink()) == ("new", "other", False)


def test_a_pipe_is_written_to(tmp_path):
    pipe, got = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_text()))
    reader.start()
    write_file(pipe, "through")
    reader.join(10)
    assert (got, names(tmp_path)) == (["through"], ["pipe"])


@pytest.mark.parametrize("name", ["x" * 250, "é" * 120])
def test_a_name_as_long_as_names_may_be(tmp_path, name):
    write_file(tmp_path / name, "text")
    assert names(tmp_path) == [name]


WRITE = """
import sys, os, pathlib
from detente.cli import _group
from detente.files import write_files
_group._end_as_with_control_c()
folder, text = pathlib.Path(sys.argv[1]), "x" * 3_000_000
print("ready", flush=True)
for number in range(10_000):
    write_files({folder / "a": f"{number}{text}", folder / "b": f"{number}{text}"})
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_leaves_files_of_one_piece_and_no_draft(tmp_path, number):
    for wait in (0.03, 0.1, 0.171):
        command = [sys.executable, "-c", WRITE, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            process.stdout.readline()
            time.sleep(wait)
            process.send_signal(number)
            process.wait(30)
        assert names(tmp_path) in ([], ["a", "b"], ["b"])
        for path in tmp_path.iterdir():
            assert path.read_text().lstrip("0123456789") == "x" * 3_000_000


def test_a_run_that_is_told_to_end_writes_nothing(tmp_path):
    command = [sys.executable, "-m", "detente", "run", "chicken", "-n", "1000000"]
    environment = {**os.environ, "DETENTE_PROGRESS": "lines"}
    with subprocess.Popen(
        [*command, "-o", str(tmp_path)], stderr=subprocess.PIPE, env=environment
    ) as process:
        process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        said = process.stderr.read().decode()
        assert process.wait(30) == 130
    assert said.endswith("stopped; every file is complete or as it was before\n")
    assert "Traceback" not in said
    assert names(tmp_path) == []
