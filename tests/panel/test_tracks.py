"""What the tracks of real conflicts read: nothing that was coded after the event.

Would catch: an outcome among the inputs, a panel that reads a column nobody listed, a ledger in
which a score stands before its rule, a table on the page that is not the one on record.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from runpy import run_path

import pytest

from detente.case import read_outline
from detente.errors import InputError
from detente.evidence import verify_ledger

TRACKS = Path(__file__).parents[2] / "benchmarks" / "panel_tracks"
PAGE = Path(__file__).parents[2] / "docs" / "panel.md"
DATA = run_path(str(TRACKS / "track_data.py"))
"""What the benchmark's module holds; it is in no package."""
AFTER, INPUTS, SOURCES, source_of, write_rows = (
    DATA[name] for name in ("AFTER", "INPUTS", "SOURCES", "source_of", "write_rows")
)
READ = {
    "a": {"trigger", "power", "gravity", "conflict"},
    "b": {"ratio", "revises_a", "revises_b", "decade"},
    "c": {"sender_costs", "target_costs", "sender_trade", "target_trade", "power", "democracy",
          "contiguity"},
    "c_ties": {"sender_costs", "target_costs", "commitment", "trade"},
    "d": {"land"},
}  # fmt: skip
"""Columns of the rows, each made of one column in `INPUTS`, that formulas may read."""


def test_no_input_is_coded_after_the_event() -> None:
    for track, columns in INPUTS.items():
        assert set(columns).isdisjoint(AFTER), track


@pytest.mark.parametrize("file", sorted(TRACKS.glob("[a-z]_*.yaml")), ids=lambda path: path.stem)
def test_a_panel_reads_what_is_listed(file: Path) -> None:
    found = read_outline(file.read_text("utf-8"))
    assert found is not None
    said: dict[str, dict[str, str]] = found[0]  # type: ignore[assignment]  # the panels are sound
    words = set(re.findall(r"[a-z_]+", " ".join(map(str, said["parameters"].values()))))
    assert words - set(said["shared"]) - {"exp"} <= READ[source_of(file.stem)]
    assert said["outcomes"].get("column") not in READ[source_of(file.stem)]


def test_rules_stand_before_scores_in_the_ledger() -> None:
    ledger = TRACKS / "ledger.jsonl"
    assert verify_ledger(ledger).entries
    ruled: set[str] = set()
    for line in ledger.read_text("utf-8").splitlines():
        entry = json.loads(line)
        if entry["kind"] == "rule":
            ruled.add(entry["about"])
        assert entry["about"] in ruled


def test_the_page_shows_the_tables_that_are_on_record() -> None:
    found = run_path(str(TRACKS / "tables.py"))["tables"]()
    fences = PAGE.read_text("utf-8").split("```")[1::2]
    for name, table in found.items():
        assert f"\n{table}\n" in fences, f"{name}: print benchmarks/panel_tracks/tables.py anew"
    assert sum(" later conflict" in fence for fence in fences) == len(found)


def test_another_edition_is_refused(tmp_path: Path) -> None:
    for track, source in SOURCES.items():
        with pytest.raises(InputError, match="get it from"):
            write_rows(track, tmp_path, tmp_path)
        path = tmp_path / source.file
        path.parent.mkdir(exist_ok=True)
        path.write_text("a\n1\n", "utf-8")
        with pytest.raises(InputError, match="not the edition"):
            write_rows(track, tmp_path, tmp_path)
