"""Where the models of the tracks did better than base rates, and where worse.

    python benchmarks/panel_tracks/where.py --data FOLDER

By power, era and issue, from the sealed fits; nothing is fitted. A table for tracks that have their
later conflicts in common, in it a row a group: the difference of log scores, below zero where the
model is better, with 95 % by resampling. docs/panel.md shows these tables, every group of them, and
tests/panel/test_tracks.py holds it to them.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from track_data import data_folder
from tracks import FITS, opened

from detente.panel import GroupDifference, difference_by, read_fit
from detente.text import show, show_range

Cuts = dict[str, tuple[tuple[float, ...], tuple[str, ...]]]
"""Of a column: where groups begin, and what the groups are called."""
CRISES: Cuts = {
    "power": ((0, 1), ("the actor is weaker", "about equal", "the actor is stronger")),
    "year": ((1990,), ("before 1990", "from 1990 on")),
    "gravity": (
        (3, 4, 5, 6),
        ("gravity 0 to 2", "gravity 3, territory", "gravity 4, influence",
         "gravity 5, grave damage", "gravity 6, existence"),
    ),
    "trigger": (
        (7, 8),
        ("trigger below 7, no military act", "trigger 7, military without violence",
         "trigger 8 and above, violence"),
    ),
}  # fmt: skip
RATIO = ((0.35, 0.65), ("ratio below 0.35", "ratio 0.35 to 0.65", "ratio 0.65 and above"))
AIMS = ((1.0,), ("A wants nothing changed", "A wants something changed"))
LATE: Cuts = {
    "ratio": RATIO,
    "year": ((1970, 1990), ("before 1970", "1970 to 1989", "from 1990 on")),
    "revises_a": AIMS,
}
FIFTH: Cuts = {
    "ratio": RATIO,
    "year": ((1946, 1990), ("before 1946", "1946 to 1989", "from 1990 on")),
    "revises_a": AIMS,
}
THREATS: Cuts = {
    "power": (
        (2, 4),
        ("log capability ratio below 2", "log capability ratio 2 to 4",
         "log capability ratio 4 and above"),
    ),
    "contiguity": ((6,), ("neighbours", "not neighbours")),
    "target_costs": ((2,), ("costs to the target below 2", "costs to the target 2 or more")),
}  # fmt: skip
RECORDS: Cuts = {
    "year": ((2000,), ("before 2000", "from 2000 on")),
    "trade": ((1,), ("another issue", "issue 13, trade practices")),
    "target_costs": (
        (2,),
        ("costs to the target minor or not coded", "costs to the target 2 or more"),
    ),
    "commitment": (
        (2, 3),
        ("commitment weak", "commitment moderate or not coded", "commitment strong"),
    ),
}
INCIDENTS: Cuts = {
    "year": ((2007,), ("before 2007", "from 2007 on")),
    "land": ((1,), ("no territory at stake on the first day", "territory at stake")),
}
BLOCKS: tuple[tuple[dict[str, str], Cuts], ...] = (
    ({"a_response": "A, answers", "a_violence": "A, violence"}, CRISES),
    ({"b_outcome": "B", "b_outcome_calendar": "B with the calendar"}, LATE),
    ({"b_fifth": "B, a fifth", "b_fifth_calendar": "B, a fifth with the calendar"}, FIFTH),
    ({"c_threats_1980": "C, 1980s"}, THREATS),
    ({"c_threats_1990": "C, 1990s"}, THREATS),
    ({"c_ties": "C, threats one by one"}, RECORDS),
    ({"d_incidents": "D"}, INCIDENTS),
)
"""Tracks that have their later conflicts in common, with their names, and how these are grouped."""


def block(tracks: dict[str, str], cuts: Cuts, data: Path) -> str:
    """Return the table of some tracks."""
    found = [differences(track, cuts, data) for track in tracks]
    lines = [f"| group | conflicts | {' | '.join(tracks.values())} |", "|---" * (2 + len(tracks))]
    lines[1] += "|"
    for name, first in found[0].items():
        cells = (cell(one[name]) for one in found)
        lines.append(f"| {name} | {first.conflicts:,} | {' | '.join(cells)} |")
    return "\n".join(lines)


def differences(track: str, cuts: Cuts, data: Path) -> dict[str, GroupDifference]:
    """Return the differences of a track by the name of the group."""
    with tempfile.TemporaryDirectory() as folder:
        panel = opened(track, data, Path(folder))
        scores = read_fit(panel, FITS / f"{track}.json").score(workers=1)
    found = {}
    for column, (begins, names) in cuts.items():
        groups = difference_by(scores, column, begins).groups
        found |= dict(zip(names, groups, strict=True))
    return found


def cell(one: GroupDifference) -> str:
    """Return a difference with its interval."""
    return f"{show(one.difference, 'signed')}, {show_range(*one.interval, 'signed')}"


def main() -> None:
    """Print a table for each block."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=None)
    data = data_folder(parser.parse_args().data)
    print("\n\n".join(block(tracks, cuts, data) for tracks, cuts in BLOCKS))


if __name__ == "__main__":
    main()
