"""The built-in cases give the answers that were frozen.

Would catch: any change, wanted or not, of a value, a choice, a claim's answer, the number of
equilibria or the forecast of a built-in case. A difference is explained, not overwritten: mend
what changed it, or write new answers with a reason,

    python tests/golden/freeze.py CASE --because "..."
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from golden.freeze import answers, differences

HERE = Path(__file__).parent
TOLERANCE = 1e-7
CASES = sorted(path.stem for path in HERE.glob("*.json"))


def test_four_cases_are_frozen() -> None:
    assert CASES == ["chicken", "market", "peninsula", "sanctions"]


@pytest.mark.parametrize("case", CASES)
def test_answers_are_the_frozen_ones(case: str) -> None:
    frozen = json.loads((HERE / f"{case}.json").read_text(encoding="utf-8"))
    lines = list(differences(frozen, answers(case), TOLERANCE))
    assert not lines, "\n".join(
        [
            f"{case}: {len(lines)} answers are not the frozen ones. Mend it, or explain it and run",
            f'  python tests/golden/freeze.py {case} --because "..."',
            *lines[:30],
        ]
    )


@pytest.mark.parametrize("case", CASES)
def test_every_freeze_has_its_reason(case: str) -> None:
    assert f"## {case}: " in (HERE / "CHANGES.md").read_text(encoding="utf-8")


def test_differences_are_seen_and_named() -> None:
    """Would catch a comparison that lets through a number that moved, came or went."""
    frozen = {"value": {"us": 1.0, "china": 2.0}, "claims": {"C1": 0.5}}
    found = {"value": {"us": 1.0 + 1e-9, "china": 2.001}, "claims": {"C2": 0.1}}
    lines = list(differences(frozen, found, TOLERANCE))
    assert [line.partition(":")[0] for line in lines] == [
        "value / china",
        "claims / C1",
        "claims / C2",
    ]
    assert list(differences(frozen, frozen, TOLERANCE)) == []
    assert list(differences({"a": 1.0}, {"a": float("nan")}, TOLERANCE))
