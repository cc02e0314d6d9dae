"""Study files: what is stored comes back, damage is seen, a full disk loses nothing finished.

Catches: a bit flipped anywhere that goes unseen, a truncated file read as whole, chunks lost to a
write that fails, a study file taken for another study, a salvage that keeps damaged draws.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import detente
from detente.engine import go_on
from detente.errors import AnalysisError, InputError
from detente.study import export, open_store, open_study, run_study, salvage
from detente.study._export import to_csv
from detente.study._store import STUDY

SMALL = Path(__file__).parent / "small.yaml"
DRAWS = 12


@pytest.fixture(scope="module")
def case():
    return detente.load(SMALL)


@pytest.fixture(scope="module")
def whole(case, tmp_path_factory):
    """Finish a study in a file of six chunks."""
    path = tmp_path_factory.mktemp("whole") / "study.sqlite"
    return path, run_study(case, DRAWS, 3, store=path, chunk=2)


@pytest.fixture
def copy(whole, tmp_path):
    path = tmp_path / "copy.sqlite"
    shutil.copy(whole[0], path)
    return path


def test_what_was_stored_comes_back(whole, case):
    path, study = whole
    again = open_study(path)
    assert again.case == case
    assert again.to_dict() == study.to_dict() == run_study(case, DRAWS, 3).to_dict()
    np.testing.assert_array_equal(again.shares, study.shares)
    assert to_csv(again) == to_csv(study)


def test_exports_hold_every_number_in_full(whole, tmp_path):
    _, study = whole
    export(study, tmp_path / "t.csv")
    lines = (tmp_path / "t.csv").read_text().splitlines()
    header, rows = lines[0].split(","), [line.split(",") for line in lines[1:]]
    assert len(rows) == DRAWS
    place = header.index(study.asked[1].id)
    assert [float(row[place]) for row in rows] == study.values[:, 1].tolist()
    for k, name in enumerate(study.design.names):
        found = [float(row[header.index(name)]) for row in rows]
        assert found == study.design.values[:, k].tolist()
    with pytest.raises(InputError, match=r"\.csv"):
        export(study, tmp_path / "t.xlsx")


def test_a_file_is_not_overwritten_and_not_taken_for_another_study(case, copy, tmp_path):
    for changes, said in (
        ({}, "study already"),
        ({"resume": True, "draws": 13}, "number of draws 12, not 13"),
        ({"resume": True, "rng": 4}, "seed 3, not 4"),
        ({"resume": True, "design": "sobol"}, "design lhs, not sobol"),
    ):
        with pytest.raises(InputError, match=said):
            run_study(case, **({"draws": DRAWS, "rng": 3, "store": copy} | changes))
    changed = tmp_path / "small.yaml"
    changed.write_text(SMALL.read_text().replace("rate: habit", "rate: 2 * habit"))
    with pytest.raises(InputError) as refusal:
        run_study(detente.load(changed), DRAWS, 3, store=copy, resume=True)
    lines = str(refusal.value).splitlines()
    assert any(line.startswith("-") and "rate: habit" in line for line in lines)
    assert any(line.startswith("+") and "rate: 2 * habit" in line for line in lines)


def test_a_case_that_is_not_its_file_is_not_stored(case, tmp_path):
    with pytest.raises(InputError, match="changed after it was read"):
        run_study(replace(case, claims=case.claims[:1]), 2, 1, store=tmp_path / "s.sqlite")


def test_every_flipped_byte_is_harmless_or_seen(copy, whole):
    good, csv = copy.read_bytes(), to_csv(whole[1])
    rng = np.random.default_rng(8)
    seen = 0
    for place in [*range(0, 100, 7), *rng.integers(100, len(good), 60).tolist()]:
        bad = bytearray(good)
        bad[place] ^= 1 << int(rng.integers(8))
        copy.write_bytes(bad)
        try:
            found = to_csv(open_study(copy))
        except (InputError, AnalysisError) as error:
            assert str(copy) in str(error)  # noqa: PT017
            seen += 1
        else:
            assert found == csv
    assert seen > 20


def test_pages_in_one_anothers_place_are_seen(case, tmp_path):
    """A lost page of the tree takes whole chunks with it, whose checksums then are not asked."""
    path, page = tmp_path / "pages.sqlite", 4096
    csv = to_csv(run_study(case, 40, 3, store=path, chunk=1))
    good = path.read_bytes()
    rng = np.random.default_rng(8)
    lost = 0
    for _ in range(40):
        here, there = rng.integers(1, len(good) // page, 2) * page
        bad = bytearray(good)
        bad[here : here + page] = good[there : there + page]
        path.write_bytes(bad)
        try:
            found = to_csv(open_study(path))
        except InputError as error:
            assert "damaged" in str(error)  # noqa: PT017
            lost += 1
        else:
            assert found == csv
    assert lost > 20


def test_truncated_files_are_recognised(copy, whole):
    good = copy.read_bytes()
    for share in (0.02, 0.3, 0.6, 0.9, 0.999):
        copy.write_bytes(good[: int(share * len(good))])
        with pytest.raises(InputError, match="damaged"):
            open_study(copy)
    for text in (b"", b"draw,worth\n1,2\n"):
        copy.write_bytes(text)
        with pytest.raises(InputError, match="no study file"):
            open_study(copy)
    copy.unlink()
    with sqlite3.connect(copy) as other:
        other.execute("CREATE TABLE other (x)")
    with pytest.raises(InputError, match="no study"):
        open_study(copy)


def test_intact_chunks_of_a_truncated_file_are_salvaged_and_resumed(copy, whole, case, tmp_path):
    copy.write_bytes(copy.read_bytes()[:-13_000])
    saved, draws = salvage(copy, tmp_path / "saved.sqlite")
    assert 0 < saved < draws == DRAWS
    partly = open_study(tmp_path / "saved.sqlite")
    for number, row in zip(partly.completed, partly.values, strict=True):
        np.testing.assert_array_equal(row, whole[1].values[number])
    done = run_study(case, DRAWS, 3, store=tmp_path / "saved.sqlite", resume=True)
    assert to_csv(done) == to_csv(whole[1])


def test_a_damaged_chunk_is_left_behind(copy, whole, tmp_path):
    with sqlite3.connect(copy) as file:
        answers = bytearray(file.execute("SELECT answers FROM chunk WHERE first = 4").fetchone()[0])
        answers[3] ^= 1
        file.execute("UPDATE chunk SET answers = ? WHERE first = 4", (bytes(answers),))
    with pytest.raises(InputError, match="draws 4 to 5"):
        open_study(copy)
    assert salvage(copy, tmp_path / "saved.sqlite") == (DRAWS - 2, DRAWS)
    assert set(open_study(tmp_path / "saved.sqlite").completed) == set(range(DRAWS)) - {4, 5}


def test_a_salvage_without_room_names_the_place_and_the_remedy(copy, tmp_path):
    with pytest.raises(AnalysisError, match=r"nowhere: .*make room or choose another place"):
        salvage(copy, tmp_path / "nowhere" / "saved.sqlite")
    with pytest.raises(InputError, match="check its name"):
        salvage(tmp_path / "none.sqlite", tmp_path / "saved.sqlite")


def test_a_full_disk_stops_with_a_clear_error_and_keeps_what_was_finished(tmp_path, whole, case):
    path = tmp_path / "study.sqlite"
    size = whole[0].stat().st_size * 2 // 3
    code = (
        "import detente, resource, signal\n"
        "from detente.study import run_study\n"
        f"case = detente.load({str(SMALL)!r})\n"
        "run_study(case, 1, 1)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"
        f"run_study(case, {DRAWS}, 3, store={str(path)!r}, chunk=2, workers=1)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    last = ended.stderr.strip().splitlines()[-1]
    assert "AnalysisError" in last, ended.stderr
    assert "make room and go on with --resume" in last
    completed = open_study(path).completed
    assert 0 < len(completed) < DRAWS
    done = run_study(case, DRAWS, 3, store=path, resume=True)
    assert to_csv(done) == to_csv(whole[1])


def test_two_writers_do_not_mix(case, tmp_path):
    path = tmp_path / "study.sqlite"
    run_study(case, 4, 1, store=path, chunk=2)
    with open_store(path) as file:
        heading = file.heading
    with (
        go_on(path, STUDY, heading, resume=True) as first,
        go_on(path, STUDY, heading, resume=True) as second,
    ):
        chunk = first.chunk(0)
        with pytest.raises(AnalysisError, match="another run"):
            second.add(chunk)


def test_failures_are_stored_with_their_reason(tmp_path):
    text = SMALL.read_text().replace("dry -> wet: 0.5", 'dry -> wet: "(worth - 1) * (3 - worth)"')
    (tmp_path / "failing.yaml").write_text(text)
    broken = detente.load(tmp_path / "failing.yaml")
    study = run_study(broken, 20, 2, store=tmp_path / "s.sqlite")
    again = open_study(tmp_path / "s.sqlite")
    assert again.failures == study.failures
    assert len(again.failed)
    rows = to_csv(again).splitlines()
    assert [n for n, row in enumerate(rows[1:]) if "negative" in row] == again.failed.tolist()
