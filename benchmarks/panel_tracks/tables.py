"""The tables of all tracks again, from the scores on record; neither data nor fits are needed.

    python benchmarks/panel_tracks/tables.py

A track may have been scored more than once, as where ablations or baselines came later: what was
scored last counts, name by name, as long as fit and forecasts are the same. docs/panel.md shows
these tables, and tests/panel/test_tracks.py holds it to them.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np

from detente.evidence import CalibrationBin
from detente.panel import PanelScore, score_table

LEDGER = Path(__file__).parent / "ledger.jsonl"
RULES = ("log", "brier", "ranked")
CONFLICTS, CALIBRATION = "conflicts", "calibration"
"""Under which names a score on record says how many there are, and how forecasts stand to it."""


def tables(ledger: Path = LEDGER) -> dict[str, str]:
    """Return the table of each track that was scored."""
    scored: dict[str, list[str]] = {}
    words: dict[str, dict[str, str]] = {}
    numbers: dict[str, dict[str, list[float]]] = {}
    for line in ledger.read_text("utf-8").splitlines():
        entry = json.loads(line)
        if entry["kind"] != "scores":
            continue
        track, files = entry["about"], entry["files"]
        rests_on = [files.get(name, "") for name in ("fit", "forecasts of the later side")]
        if scored.get(track) != rests_on:
            scored[track], words[track], numbers[track] = rests_on, {}, {}
        said = (part.partition(": ") for part in entry["says"].split("; "))
        words[track] |= {name: word for name, _, word in said}
        numbers[track] |= entry["numbers"]
    return {track: _table(track, words[track], numbers[track]) for track in sorted(scored)}


def _table(track: str, words: dict[str, str], numbers: dict[str, list[float]]) -> str:
    rules = RULES[: len(numbers["model"])]
    scores = []
    for name in ("model", *words):
        if name not in numbers:
            scores.append(PanelScore(name, {}, note=words[name]))
            continue
        mean = dict(zip(rules, numbers[name], strict=False))
        low, high = numbers[name][len(rules) :] or (math.nan, math.nan)
        skill = 1.0 - mean["log"] / numbers["base rates"][0]
        difference = numbers["model"][0] - mean["log"]
        word = words.get(name, "")
        scores.append(PanelScore(name, mean, skill, difference, (low, high), word))
    later, earlier = map(int, numbers[CONFLICTS])
    rows = np.reshape(numbers.get(CALIBRATION, []), (-1, 4)).tolist()
    calibration = [
        CalibrationBin(low, high, int(count), math.nan, came) for low, high, count, came in rows
    ]
    return score_table(track, later, earlier, scores, calibration)


def main() -> None:
    """Print every table."""
    print("\n\n".join(tables().values()))


if __name__ == "__main__":
    main()
