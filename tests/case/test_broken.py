"""Each broken file is refused with exactly the problems listed in ``broken/expected.csv``."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from detente.case import read_case
from detente.errors import CaseError

FOLDER = Path(__file__).parent / "broken"


def expected() -> dict[str, list[dict[str, str]]]:
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    with (FOLDER / "expected.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            rows[row["file"]].append(row)
    return rows


def test_every_broken_file_is_listed() -> None:
    assert set(expected()) == {path.name for path in FOLDER.glob("*.yaml")}


@pytest.mark.parametrize(("file", "rows"), expected().items())
def test_broken_file_is_refused_at_the_right_place(file: str, rows: list[dict[str, str]]) -> None:
    with pytest.raises(CaseError) as caught:
        read_case((FOLDER / file).read_bytes(), file)
    found = caught.value.problems
    places = [(problem.line, problem.column) for problem in found]
    assert places == [(int(row["line"]), int(row["column"])) for row in rows]
    for problem, row in zip(found, rows, strict=True):
        assert problem.file == file
        assert row["message"] in problem.message
        assert problem.remedy.startswith(row["remedy"])
        assert str(problem).startswith(f"{file}:{row['line']}:{row['column']}: ")
