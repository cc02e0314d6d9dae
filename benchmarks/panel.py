"""How long a panel of many conflicts takes to fit, in processor seconds of all its workers.

Every conflict has covariates of its own, so each is solved for itself. The template is a dispute in
which both sides escalate in five steps and two conditions move by themselves: 100 states. Outcomes
are drawn at random: the work does not depend on them.

    python benchmarks/panel.py --conflicts 1000 --workers 2

A run that was stopped goes on with --resume.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

import numpy as np

from detente.panel import load_panel

LEVELS = "[quiet, warn, arm, clash, war]"
TEMPLATE = f"""
detente: 1
title: A dispute in steps
sources: {{}}
parameters:
  stake: {{value: 1, range: [0.05, 20], reason: made up, source: judgement}}
  cost: {{value: 1, range: [0.05, 20], reason: made up, source: judgement}}
  sharpness: {{value: 1.5, range: [0.2, 6], reason: made up, source: judgement}}
actors:
  first:
    rate: 2
    precision: sharpness
    options: {{step: {{levels: {LEVELS}, cost: 0.1}}}}
    preferences: {{weights: {{ahead: stake, harm: -cost, heat: -0.2}}}}
  second:
    rate: 2
    precision: sharpness
    options: {{step: {{levels: {LEVELS}, cost: 0.1}}}}
    preferences: {{weights: {{ahead: -stake, harm: -cost, heat: -0.2}}}}
conditions:
  mood: {{levels: [calm, hot], rates: {{calm -> hot: 0.5, hot -> calm: 0.5}}}}
  patron: {{levels: [away, near], rates: {{away -> near: 0.3, near -> away: 0.3}}}}
issues:
  ahead: first.step > second.step
  harm: first.step >= clash and second.step >= clash
  heat: (mood == hot) * (patron == away)
status_quo: {{first.step: warn, second.step: warn, mood: calm, patron: away}}
"""
PANEL = """
template: template.yaml
conflicts: rows.csv
id: id
shared:
  a: {value: 0, range: [-2, 2], distribution: normal, centre: 0, sd: 1}
  b: {value: 0, range: [-2, 2], distribution: normal, centre: 0, sd: 1}
  sharpness: {value: 1.5, range: [0.2, 6]}
parameters: {stake: exp(a * ratio), cost: exp(b * worth), sharpness: sharpness}
outcomes:
  column: outcome
  at: 1
  classes:
    war: first.step >= clash and second.step >= clash
    quiet: first.step == quiet and second.step == quiet
    other: else
"""


def main() -> None:
    """Fit a panel and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conflicts", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--resume", action="store_true")
    said = parser.parse_args()
    folder = said.folder or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(1)
    rows = ["id,ratio,worth,outcome"]
    for k in range(said.conflicts):
        ratio, worth = rng.normal(size=2)
        rows.append(f"d{k},{ratio:.6f},{worth:.6f},{rng.choice(['war', 'quiet', 'other'])}")
    (folder / "template.yaml").write_text(TEMPLATE, "utf-8")
    (folder / "panel.yaml").write_text(PANEL, "utf-8")
    (folder / "rows.csv").write_text("\n".join(rows) + "\n", "utf-8")
    panel = load_panel(folder / "panel.yaml")
    before, clock = os.times(), time.monotonic()

    def tell(done: int, most: int, lost: int) -> None:
        print(f"  step {done} of at most {most}, {time.monotonic() - clock:.0f} s", flush=True)

    steps = folder / "steps.sqlite"
    fit = panel.fit(workers=said.workers, progress=tell, store=steps, resume=said.resume)
    after = os.times()
    spent = sum(after[:4]) - sum(before[:4])
    print(panel, fit, sep="\n")
    print(f"{spent:.0f} processor seconds, {time.monotonic() - clock:.0f} s by the clock")


if __name__ == "__main__":
    main()
