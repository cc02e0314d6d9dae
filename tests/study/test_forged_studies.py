"""Study files that somebody forged are refused with a clear error, or show what stands in them.

Catches: a traceback, a hang, a number that the file does not hold, draws lost on resuming, a file
or folder changed by looking at it. Half of ``DETENTE_FUZZ`` is the number of forged files (64
without it).
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import time
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import detente
from detente.cli import main
from detente.errors import DetenteError
from detente.report import print_study
from detente.study import open_study, run_study, salvage
from detente.text import printable
from forged_files import forge, rows_of
from study.stands_in_file import COLUMNS, check_study

SMALL = Path(__file__).parent / "small.yaml"
DRAWS, SEED = 12, 3
SHARDS = 8
FORGED = int(os.environ.get("DETENTE_FUZZ", "128")) // 2
MOST_SECONDS = 5.0
"""Of work of one thread; a clock on the wall would also count the tests beside this one."""


@pytest.fixture(scope="module")
def case():
    return detente.load(SMALL)


@pytest.fixture(scope="module")
def good(case, tmp_path_factory):
    """Finish a study in a file of six chunks."""
    path = tmp_path_factory.mktemp("good") / "study.sqlite"
    run_study(case, DRAWS, SEED, store=path, chunk=2)
    return path


@contextlib.contextmanager
def within_seconds(what):
    """Fail where something takes long, or ends in an error that nobody raised on purpose."""
    began = time.thread_time()
    with contextlib.suppress(DetenteError):
        yield
    assert time.thread_time() - began < MOST_SECONDS, what


def snapshot(folder: Path):
    return {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.iterdir()}


def check_answers(study, path):
    """Compare what a study holds with what stands in its file, read in another way."""
    failed = {failure.draw for failure in study.failures if not failure.claim}
    claims, seen = len(study.asked), []
    for first, (count, _, answers, *_) in rows_of(path, COLUMNS).items():
        rows = np.frombuffer(answers, "<f8").reshape(count, claims)
        for number, row in enumerate(rows, start=first):
            if number not in failed:
                seen.append(number)
                place = study.completed.tolist().index(number)
                np.testing.assert_array_equal(study.values[place], row)
    assert seen == study.completed.tolist()


def show(path):
    """Open a study and say all that is said of it; None where it is refused."""
    study, screen = None, io.StringIO()
    with within_seconds(f"showing {path}"), contextlib.redirect_stdout(screen):
        study = open_study(path)
        study.to_dict()
        print_study(study)
    said = screen.getvalue()
    assert said == printable(said)
    if study is not None:
        check_study(study, path, said)
    return study


def try_one(case, good, folder, rng, listed):
    """Forge a study, do all that a user may do with it, and return whether it was shown."""
    path = folder / "study.sqlite"
    what = forge(good, path, rng)
    before = snapshot(folder)
    study = show(path)
    commands = [["list", str(folder)], ["show", str(path), "--about", "C2"]] if listed else []
    for command in commands:
        told = CliRunner().invoke(main, ["study", *command])
        wanted = {0} if command[0] == "list" or study else {1, 2}
        assert told.exit_code in wanted, (what, told.output, told.exception)
        assert told.output == printable(told.output)
    assert snapshot(folder) == before, what
    with within_seconds(f"salvaging {what}"):
        salvage(path, folder / "saved.sqlite")
        show(folder / "saved.sqlite")
    with within_seconds(f"resuming {what}"):
        done = run_study(case, DRAWS, SEED, 1, store=path, resume=True)
        check_answers(done, path)
        assert len(done.completed) + len(done.failed) == DRAWS
    return study is not None


@pytest.mark.parametrize("shard", range(SHARDS))
def test_forged_studies_are_refused_or_show_what_stands_in_them(shard, case, good, tmp_path):
    rng = random.Random(shard)
    shown = []
    for number in range(FORGED // SHARDS):
        folder = tmp_path / str(number)
        folder.mkdir()
        shown.append(try_one(case, good, folder, rng, listed=number % 4 == 0))
    assert 2 * sum(shown) < len(shown)
