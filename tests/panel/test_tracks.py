"""What the tracks of real conflicts read: nothing that was coded after the event.

Would catch: an outcome among the inputs or in a column made of them, a panel that reads a column
nobody listed, a model that beats base rates where outcomes were dealt out, a ledger in which a
score stands before its rule, a table on the page that is not the one on record, a signalling game
whose replies are not those of the game as it is told, or whose fit is not the published one.
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from runpy import run_path

import numpy as np
import pytest

from beside import DATA, needs
from detente.case import read_outline
from detente.errors import InputError
from detente.evidence import verify_ledger
from detente.panel import load_panel

TRACKS = Path(__file__).parents[2] / "benchmarks" / "panel_tracks"
PAGE = Path(__file__).parents[2] / "docs" / "panel.md"
BESIDE = [run_path(str(TRACKS / f"{name}.py")) for name in ("track_data", "signalling")]
"""What the benchmark's modules hold; they are in no package."""
AFTER, INPUTS, SOURCES, MAKERS, source_of, write_rows = (
    BESIDE[0][name] for name in ("AFTER", "INPUTS", "SOURCES", "_MAKERS", "source_of", "write_rows")
)
PANELS = sorted(TRACKS.glob("[a-z]_*.yaml"))
READ = {
    "a": {"trigger", "power", "gravity", "conflict"},
    "b": {"ratio", "revises_a", "revises_b", "decade"},
    "c": {"sender_costs", "target_costs", "sender_trade", "target_trade", "power", "democracy",
          "contiguity"},
    "c_ties": {"sender_costs", "target_costs", "commitment", "trade"},
    "d": {"land"},
}  # fmt: skip
"""Columns of the rows, each made of one column in `INPUTS`, that formulas may read."""


NAMES = {
    "cracno", "crisno", "dispnum", "ccode1", "ccode2", "ccode", "dyadID", "gameID", "caseid",
    "primarysender", "targetstate", "threat", "action", "stmon", "stday",
}  # fmt: skip
"""Columns that say who, when, and which rows count."""
RAW = {
    "a": [{"powdis": "12"}],
    "b": [{"cr": "0.4", "year": "1950"}],
    "c": [{"tenyear": "1980"}],
    "c_ties": [{"issue1": "13", "startyear": "1980", "scommit": "3"}],
    "d": [{"ccode": who, "styear": "1999", "hostlev": "3"} for who in ("2", "365")],
}
"""Rows as publishers have them, of each source; what is not said is 1."""


class Watched(dict[str, str]):
    """A row that notes which of its columns are read."""

    def __init__(self, cells: dict[str, str], read: set[str]) -> None:
        super().__init__(cells)
        self.read = read

    def __getitem__(self, name: str) -> str:
        self.read.add(name)
        return super().__getitem__(name)


def made(track: str, **changed: str) -> tuple[set[str], set[tuple[str, ...]]]:
    """Return the columns that are read to make the rows of a track, and what its model may read."""
    read: set[str] = set()
    every = dict.fromkeys((*AFTER, *INPUTS[track], *NAMES), "1")
    tables = MAKERS[track](Watched(every | row | changed, read) for row in RAW[track])
    found = set()
    for head, *rows in tables.values():
        places = [k for k, name in enumerate(head) if name in READ[track]]
        found |= {tuple(str(row[k]) for k in places) for row in rows if places}
    return read, found


@pytest.mark.parametrize("track", INPUTS)
def test_no_input_is_coded_after_the_event(track: str) -> None:
    assert set(INPUTS[track]).isdisjoint(AFTER)
    read, found = made(track)
    assert read - set(AFTER) - NAMES == set(INPUTS[track])
    assert len(found) == 1
    for name in sorted(read & set(AFTER)):
        assert made(track, **{name: "2"})[1] == found, name


@pytest.mark.parametrize("file", PANELS, ids=lambda path: path.stem)
def test_a_panel_reads_what_is_listed(file: Path) -> None:
    found = read_outline(file.read_text("utf-8"))
    assert found is not None
    said: dict[str, dict[str, str]] = found[0]  # type: ignore[assignment]  # the panels are sound
    words = set(re.findall(r"[a-z_]+", " ".join(map(str, said["parameters"].values()))))
    assert words - set(said["shared"]) - {"exp"} <= READ[source_of(file.stem)]
    assert said["outcomes"].get("column") not in READ[source_of(file.stem)]
    assert set(re.findall(r"[a-z_]+", " ".join(said["split"].values()))) <= {
        "year", "decade", "fold",
    }  # fmt: skip


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(file, marks=needs(DATA / SOURCES[source_of(file.stem)].file), id=file.stem)
        for file in PANELS
    ],
)
def test_with_the_outcomes_dealt_out_no_track_beats_the_base_rates(
    file: Path, tmp_path: Path
) -> None:
    """A forecast that looked at the outcome would; a few steps of the search are enough to see."""
    for one in TRACKS.glob("*.yaml"):
        (tmp_path / one.name).write_bytes(one.read_bytes())
    write_rows(source_of(file.stem), DATA, tmp_path)
    panel = load_panel(tmp_path / file.name).shuffled(1, across=True)
    scores = panel.fit(most=3, intervals=False, workers=1).score(workers=1)
    assert scores.score("base rates").verdict in ("loses", "within chance")


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


def test_replies_are_those_of_the_signalling_game_played_out() -> None:
    """By drawing what each side alone knows, a million times."""
    game, random = BESIDE[1], np.random.default_rng(1)
    worth = [np.array([value]) for value in (0.1, 0.6, -0.7, -0.4, -0.3, -0.9)]
    leave, conceded, concedes, firm, other, back = (float(one[0]) for one in worth)
    resists, stands = 0.6, 0.7
    own = random.normal(size=(3, 1_000_000))
    met = np.maximum(firm + own[0], back + own[1])
    challenged = (1 - resists) * conceded + resists * met > leave
    stood = firm + own[0] > back + own[1]
    found = [float(one[0]) for one in game["challenger_replies"](worth, np.array([resists]))]
    assert found[0] == pytest.approx(challenged.mean(), abs=0.002)
    assert found[1] == pytest.approx(stood[challenged].mean(), abs=0.002)
    reply = float(game["target_replies"](worth, np.array([stands]))[0])
    assert reply == pytest.approx((stands * (other + own[2]) > concedes).mean(), abs=0.002)


@needs(DATA / SOURCES["c"].file)
def test_on_all_decades_the_signalling_game_is_fitted_as_published() -> None:
    """From the published first stage to the estimate, of which the search knows nothing."""
    path = DATA / SOURCES["c"].file
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = ("PRhat", "PFhat", "PRnpl", "PFnpl")
    *first, resists, firm = (np.array([float(row[name]) for row in rows]) for name in names)
    game = BESIDE[1]
    _, *found = game["fit_signalling"](game["read_games"](path), *first)
    np.testing.assert_allclose(found, [resists, firm], atol=1e-6)


@needs(*(DATA / source.file for source in SOURCES.values()))
def test_the_page_shows_where_the_models_win_and_lose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(TRACKS))
    where, page = run_path(str(TRACKS / "where.py")), PAGE.read_text("utf-8")
    for tracks, cuts in where["BLOCKS"]:
        table = where["block"](tracks, cuts, DATA)
        assert f"\n{table}\n" in page, "print benchmarks/panel_tracks/where.py anew"
