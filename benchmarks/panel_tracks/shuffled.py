"""Every track again with its outcomes dealt out anew: where nothing can be learned, nothing may be.

    python benchmarks/panel_tracks/shuffled.py --data FOLDER

Outcomes, or levels of recorded acts, change places among all conflicts, so that both sides of the
split have about the same shares; the game is fitted to one side and scored on the other. A row a
track: log scores of the model and of base rates, their difference with 95 % by resampling, and the
word for it, which must not be *beats*.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from track_data import data_folder
from tracks import HERE, opened

from detente.text import show, show_range

HEAD = (
    "| track | model | base rates | model less this | 95 % | the model |\n|---|---|---|---|---|---|"
)
WORDS = {"beats": "beats it", "loses": "loses", "within chance": "within chance"}


def row(track: str, data: Path, most: int, seed: int, workers: int) -> str:
    """Return the row of a track."""
    with tempfile.TemporaryDirectory() as folder:
        panel = opened(track, data, Path(folder)).shuffled(seed, across=True)
        scores = panel.fit(most=most, intervals=False, workers=workers).score(workers=workers)
    rates = scores.score("base rates")
    cells = (
        track, show(scores.score("model").mean["log"], "fine"), show(rates.mean["log"], "fine"),
        show(rates.difference, "signed"), show_range(*rates.interval, "signed"),
        WORDS[rates.verdict],
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Print a row for each track."""
    tracks = sorted(one.stem for one in HERE.glob("[a-z]_*.yaml"))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tracks", nargs="*", default=tracks, metavar="TRACK")
    parser.add_argument("--data", type=Path, default=None)
    parser.add_argument("--most", type=int, default=25, help="steps of a search at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2, help="processes; results are alike")
    said = parser.parse_args()
    data = data_folder(said.data)
    print(HEAD)
    for track in said.tracks:
        print(row(track, data, said.most, said.seed, said.workers), flush=True)


if __name__ == "__main__":
    main()
