"""Four questions put to hundreds of conflicts: fitted, sealed, then scored once.

    python benchmarks/panel_tracks/tracks.py seal a_response --data FOLDER
    python benchmarks/panel_tracks/tracks.py score a_response --data FOLDER

`seal` fits the earlier side and puts the hashes of panel, template, rows and data, the fit, the
hash of its forecasts of the later side and the rule of scoring on record; it looks at no outcome of
the later side. `score` refuses what was not sealed as it stands, scores, and seals the table;
`tables.py` prints all tables again from there. A fit that is there already is sealed as it is.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
from rivals import RIVAL_RULE, rival_forecasts
from tables import CALIBRATION, CONFLICTS, LEDGER
from track_data import SOURCES, data_folder, source_of, write_rows

from detente.evidence import seal_statement
from detente.panel import Panel, PanelFit, forecast_side, load_panel, read_fit

HERE = Path(__file__).parent
FITS = HERE / "fits"
RULE = (
    "Mean log score (floor 0.001), Brier and, where classes are in order, ranked score on the "
    "later side; 95 % intervals of differences by resampling groups 2,000 times, seed 1; the "
    "model beats "
    "a baseline where its whole interval is below zero, loses where it is above, else within "
    "chance. Baselines: base rates, logit, calendar, both, persistence; ablations: choices at "
    "random, each side blind, no time. The table is printed as it comes out."
)


RECORD_RULE = (
    "Mean negative log likelihood of each later record after its opening day; 95 % intervals of "
    "differences by resampling groups 2,000 times, seed 1; the model beats a baseline where its "
    "whole interval is below zero, loses where it is above, else within chance. Baselines: base "
    "rates, persistence, Markov chain, the model as stated; ablations: choices at random, each "
    "side blind, no time. The table is printed as it comes out."
)


def opened(name: str, data: Path, folder: Path) -> Panel:
    """Return the panel of a track, its rows written beside it."""
    for file in HERE.glob("*.yaml"):
        shutil.copy(file, folder)
    write_rows(source_of(name), data, folder)
    return load_panel(folder / f"{name}.yaml")


def hashes(name: str, panel: Panel, fit: PanelFit, beside: dict[str, np.ndarray]) -> dict[str, str]:
    """Return the SHA-256 of all that a score rests on."""
    source = SOURCES[source_of(name)]
    found = {
        "panel, template and rows": panel.sha256,
        source.file: source.sha256,
        "fit": hashlib.sha256((FITS / f"{name}.json").read_bytes()).hexdigest(),
    }
    if panel.classes:
        found["forecasts of the later side"] = _digest(forecast_side(panel, fit.at))
    return found | {f"forecasts: {other}": _digest(given) for other, given in beside.items()}


def _digest(forecasts: np.ndarray) -> str:
    return hashlib.sha256(np.round(forecasts, 6).astype("<f8").tobytes()).hexdigest()


def seal(name: str, data: Path, resume: bool, most: int, workers: int) -> None:
    """Fit a track and put it on record."""
    FITS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        panel = opened(name, data, Path(folder))

        def tell(done: int, most: int, _: int) -> None:
            print(f"  step {done} of at most {most}", flush=True)

        path = FITS / f"{name}.json"
        if path.is_file():
            fit = read_fit(panel, path)
        else:
            steps = Path(tempfile.gettempdir()) / f"{name}.sqlite"
            fit = panel.fit(most=most, workers=workers, progress=tell, store=steps, resume=resume)
            path.write_text(json.dumps(fit.to_dict(), indent=1) + "\n", "utf-8")
        beside = rival_forecasts(name, panel, Path(folder))
        numbers = {one: [value] for one, value in fit.estimates.items()}
        rule = RULE if panel.classes else RECORD_RULE
        rule += RIVAL_RULE if beside else ""
        files = hashes(name, panel, fit, beside)
        sealed = seal_statement(LEDGER, "rule", name, rule, files, numbers)
        print(fit, sealed, sep="\n\n")


def score(name: str, data: Path, ablations: list[str] | None, most: int, workers: int) -> None:
    """Score a track that is on record, and put the table on record."""
    entries = [json.loads(line) for line in LEDGER.read_text("utf-8").splitlines()]
    before = [one for one in entries if one["about"] == name and one["kind"] == "rule"]
    if not before:
        raise SystemExit(f"{name} was not sealed; seal it first")
    with tempfile.TemporaryDirectory() as folder:
        panel = opened(name, data, Path(folder))
        fit = read_fit(panel, FITS / f"{name}.json")
        beside = rival_forecasts(name, panel, Path(folder))
        files = hashes(name, panel, fit, beside)
        for file, digest in files.items():
            if before[-1]["files"].get(file) != digest:
                raise SystemExit(f"{name}: {file} is not what was sealed")
        asked = False if ablations is None else ablations or True
        scores = fit.score(ablations=asked, beside=beside, most=most, rng=1, workers=workers)
        numbers = {
            one.name: [*one.mean.values(), *(one.interval if one.verdict else ())]
            for one in scores.scores
            if one.mean
        }
        numbers[CONFLICTS] = [float(len(panel.test)), float(len(panel.train))]
        if scores.calibration:
            numbers[CALIBRATION] = [
                float(number)
                for one in scores.calibration
                for number in (one.low, one.high, one.count, one.happened)
            ]
        words = "; ".join(
            f"{one.name}: {one.verdict or one.note.replace('; ', ', ')}"
            for one in scores.scores[1:]
        )
        sealed = seal_statement(LEDGER, "scores", name, words, files, numbers)
        print(scores, sealed, sep="\n\n")


def main() -> None:
    """Seal or score a track."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("seal", "score"))
    parser.add_argument("track", choices=sorted(one.stem for one in HERE.glob("[a-z]_*.yaml")))
    parser.add_argument("--data", type=Path, default=None)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--most", type=int, default=60, help="steps of a search at most")
    parser.add_argument("--workers", type=int, default=2, help="processes; results are alike")
    parser.add_argument(
        "--ablations", nargs="*", metavar="NAME", help="all, or which: a fit each, minutes"
    )
    said = parser.parse_args()
    data = data_folder(said.data)
    if said.what == "seal":
        seal(said.track, data, said.resume, said.most, said.workers)
    else:
        score(said.track, data, said.ablations, said.most, said.workers)


if __name__ == "__main__":
    main()
