"""What the model of sanction threats is put beside, besides the baselines of every panel.

A random forest of the columns that the model reads, fitted to the earlier side by scikit-learn (the
extra `trees`); the structural estimate of Crisman-Cox & Gibilisco (2019), as it comes with their
data, made from all decades, the later side among them: a figure to beat, no forecast; and the same
structure fitted to the decades before alone, which is one.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from signalling import read_games, structural_chances

from detente.panel import Panel

RIVAL_RULE = (
    " Beside these, of the sanction threats: a random forest of the model's columns, 500 trees, "
    "leaves of 5 conflicts at least, seed 1; and where the data hold it the structural estimate, "
    "which has seen the later side, and a structural forecast, the same signalling game fitted to "
    "the decades before alone."
)


def rival_forecasts(name: str, panel: Panel, folder: Path) -> dict[str, np.ndarray]:
    """Return forecasts of the later side by name, (conflicts, classes)."""
    found = {}
    if name.startswith("c_"):
        found["random forest"] = _forest(panel)
    estimate = folder / "c_estimate.csv"
    if estimate.is_file():
        with estimate.open(encoding="utf-8", newline="") as file:
            rows = {row["challenge"]: row for row in csv.DictReader(file)}
        ids = panel.table.words(panel.id_column)
        chances = [[float(rows[ids[k]][name]) for name in panel.classes] for k in panel.test]
        found["structural estimate"] = np.array(chances)
        [decade] = {int(panel.column("decade", "test")[k]) for k in range(len(panel.test))}
        games = structural_chances(read_games(folder / "c_games.csv"), decade)
        found["structural forecast"] = np.array(
            [games[ids[k].rsplit("-", 2)[0]] for k in panel.test]
        )
    return found


def _forest(panel: Panel) -> np.ndarray:
    from sklearn.ensemble import RandomForestClassifier

    earlier, later = (
        np.column_stack([panel.column(name, side) for name in panel.covariates])
        for side in ("train", "test")
    )
    forest = RandomForestClassifier(500, min_samples_leaf=5, random_state=1)
    forest.fit(earlier, panel.happened("train"))
    found = np.zeros((len(later), len(panel.classes)))
    found[:, forest.classes_] = forest.predict_proba(later)
    return found
