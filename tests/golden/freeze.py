"""Write the frozen answers of a case anew, on purpose and with a reason.

    python tests/golden/freeze.py peninsula --because "the border opens a year later: corrected"

Prints what differs, writes ``CASE.json`` and adds the reason to ``CHANGES.md`` beside it. A solver
that has become faster is no reason: its answers are the same within the tolerance of the test.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

import detente
from detente.claims import answer_claim, claims_model
from detente.stability import CONCEPTS

HERE = Path(__file__).parent
SHOWN = 10
YEARS = 5.0
LIKELY = 1e-4
"""States less likely than this are left out of the frozen distribution."""


def answers(name: str) -> dict[str, Any]:
    """Return everything of a built-in case that must not change unseen."""
    case = detente.load(name)
    conflict = case.conflict()
    equilibrium, stability = conflict.equilibrium(), conflict.stability()
    today = conflict.index()
    claims = [claim for claim in case.claims if claim.ask is not None]
    model = claims_model(case)
    after = equilibrium.distribution(YEARS).reshape(-1)
    return {
        "states": {"all": conflict.size, "feasible": int(conflict.feasible.sum())},
        "value": {a: float(v.reshape(-1)[today]) for a, v in equilibrium.value.items()},
        "policy": {
            actor: {_words(change): p for change, p in equilibrium.policy(actor).moves}
            for actor in conflict.actors
        },
        "claims": {claim.id: answer_claim(claim, model).value for claim in claims},
        "equilibria": {c: int(stability.equilibria(c).sum()) for c in CONCEPTS},
        "after": {
            " ".join(conflict.space.label(int(s)).values()): float(after[s])
            for s in np.flatnonzero(after > LIKELY)
        },
    }


def _words(change: Any) -> str:
    return ", ".join(f"{name} {level}" for name, level in change.items()) or "stays"


def differences(frozen: Any, found: Any, tolerance: float, place: str = "") -> Iterator[str]:
    """Yield a line for every number that is not within the tolerance, with where it stands.

    A number counts as zero where it is missing in one of the two.
    """
    if isinstance(frozen, dict) or isinstance(found, dict):
        frozen, found = frozen or {}, found or {}
        for key in dict.fromkeys([*frozen, *found]):
            at = f"{place} / {key}" if place else str(key)
            yield from differences(frozen.get(key), found.get(key), tolerance, at)
        return
    before, after = float(frozen or 0.0), float(found or 0.0)
    if not abs(after - before) <= tolerance * max(1.0, abs(before)):
        yield f"{place}: {before!r} is frozen, {after!r} is found ({after - before:+.3g})"


def main() -> None:
    """Freeze one case."""
    parser = argparse.ArgumentParser(description="Freeze the answers of a built-in case.")
    parser.add_argument("case")
    parser.add_argument("--because", required=True, help="Why the answers differ, for CHANGES.md.")
    asked = parser.parse_args()
    if len(asked.because.split()) < 3:
        parser.error("--because wants a sentence that explains the difference")
    path = HERE / f"{asked.case}.json"
    frozen = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    found = answers(asked.case)
    lines = list(differences(frozen, found, 1e-7))
    print("\n".join(lines) or "nothing differs; nothing is written")
    if not lines:
        return
    text = json.dumps(found, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    with (HERE / "CHANGES.md").open("a", encoding="utf-8") as changes:
        changes.write(f"\n## {asked.case}: {asked.because}\n")
        if frozen:
            changes.writelines(["\n", *(f"- {line}\n" for line in lines[:SHOWN])])
        if frozen and len(lines) > SHOWN:
            changes.write(f"- and {len(lines) - SHOWN} more\n")


if __name__ == "__main__":
    main()
