"""Where the models of the tracks did better than base rates, and where worse.

    python benchmarks/panel_tracks/where.py --data FOLDER

By power, era and issue, from the sealed fits; nothing is fitted.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from track_data import data_folder
from tracks import FITS, opened

from detente.panel import difference_by, read_fit

CUTS: dict[str, dict[str, tuple[float, ...]]] = {
    "a_response": {"power": (0, 1), "year": (1990,), "gravity": (3, 4, 5, 6), "trigger": (7, 8)},
    "b_outcome": {"ratio": (0.35, 0.65), "year": (1970, 1990), "revises_a": (1,)},
    "c_threats_1980": {"power": (2, 4), "contiguity": (6,), "target_costs": (2,)},
}


def main() -> None:
    """Print a table for each track."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=None)
    data = data_folder(parser.parse_args().data)
    for name, columns in CUTS.items():
        with tempfile.TemporaryDirectory() as folder:
            panel = opened(name, data, Path(folder))
            scores = read_fit(panel, FITS / f"{name}.json").score()
        print(name)
        for column, cuts in columns.items():
            print(difference_by(scores, column, cuts))


if __name__ == "__main__":
    main()
