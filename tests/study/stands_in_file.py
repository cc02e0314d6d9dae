"""Whether all that a study says stands in its file, worked out anew from the rows of the file.

Answers, parameters and which draws were solved are compared number by number; medians, ranges and
counts are worked out from the rows; then every number and every word on the screen must be one of
those, or stand in the file or in the source of the program.
"""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any, get_args

import numpy as np

import detente
from detente.claims import verdict_word
from detente.engine import reason_of
from detente.study import Study
from detente.study._store import STUDY
from detente.text import Kind, precise, show
from forged_files import rows_of

COLUMNS = len(STUDY.numbers) + len(STUDY.texts)
NUMBER = re.compile(r"\d[\d,.]*(?:e[+-]?\d+)?")
WORD = re.compile(r"[^\W\d_]{3,}")
ROOMS = ("study", "report", "claims", "text", "case", "engine")


@cache
def said_by_the_program() -> tuple[str, frozenset[str]]:
    """Return the source of what a study prints, and the numbers in it."""
    folder = Path(detente.__file__).parent
    files = (path for room in ROOMS for path in (folder / room).rglob("*.py"))
    text = " ".join(path.read_text("utf-8") for path in files)
    return text, frozenset(NUMBER.findall(text))


def heading_of(path: Path) -> dict[str, Any]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as file:
        return json.loads(file.execute("SELECT text FROM heading").fetchone()[0])


def check_study(study: Study, path: Path, screen: str) -> None:
    """Fail where a study says anything that its file does not hold."""
    heading, rows = heading_of(path), rows_of(path, COLUMNS)
    draws = np.concatenate([np.arange(k, k + row[0]) for k, row in rows.items()] or [np.zeros(0)])
    parts = [
        np.concatenate(
            [np.frombuffer(row[place], "<f8").reshape(row[0], -1) for row in rows.values()]
        )
        if rows
        else np.zeros((0, 0))
        for place in (1, 2, 3, 5)
    ]
    failures = [one for row in rows.values() for one in json.loads(row[-1])]
    solved = ~np.isin(draws, [draw for draw, claim, _ in failures if not claim])
    parameters, answers, unscoped, work = (part[solved] for part in parts)
    plain = study.to_dict()
    assert plain["completed"] == draws[solved].tolist()
    for name in ("draws", "design", "seed", "settings", "variants"):
        assert plain[name] == heading[name], name
    everywhere = np.array([*plain["parameters"].values()]).T
    np.testing.assert_array_equal(everywhere[draws[solved].astype(int)], parameters)
    assert plain["residual"] == (work[:, 0].max() if len(work) else None)
    for k, verdict in enumerate(plain["verdicts"]):
        claim = study.asked[k]
        found = answers[:, k][np.isfinite(answers[:, k])]
        assert verdict["claim"] == heading["claims"][k] == claim.id
        assert verdict["draws"] == len(found)
        if len(found):
            ends = np.quantile(found, [0.5, 0.25, 0.75, 0.05, 0.95])
            stated = [verdict["median"], *verdict["range50"], *verdict["range90"]]
            np.testing.assert_allclose(stated, ends, rtol=1e-12)
            free = unscoped[:, k][np.isfinite(unscoped[:, k])]
            np.testing.assert_allclose(verdict["unscoped"], np.median(free), rtol=1e-12)
        if claim.expect is not None:
            words = [verdict_word(value, claim.expect) for value in found]
            assert {w: n for w, n in verdict["counts"].items() if n} == {
                word: words.count(word) for word in set(words)
            }
            for word, (low, high) in verdict["share_ranges"].items():
                assert 0.0 <= low <= words.count(word) / max(1, len(words)) <= high <= 1.0
    failed = parts[0][~solved]
    plain["common"] = [*failed.min(axis=0), *failed.max(axis=0)] if len(failed) else []
    reasons = " ".join(reason_of(ValueError(why)) for *_, why in failures)
    check_screen(
        screen, plain, f"{json.dumps(heading, ensure_ascii=False)} {heading['text']} {reasons}"
    )


def numbers_in(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for one in value.values() for number in numbers_in(one)]
    if isinstance(value, list | tuple):
        return [number for one in value for number in numbers_in(one)]
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []


def check_screen(screen: str, plain: dict[str, Any], text: str) -> None:
    """Fail where a number or word on the screen is neither in a file nor in the program."""
    values = numbers_in({k: v for k, v in plain.items() if k not in {"parameters", "answers"}})
    values += [len(plain["completed"]), plain["draws"] - len(plain["completed"])]
    values += [
        count / max(1, v["draws"]) for v in plain["verdicts"] for count in v["counts"].values()
    ]
    shown = {precise(v) for v in values} | {f"{v:.0e}" for v in values}
    shown |= {show(v, kind) for v in values for kind in get_args(Kind)}
    shown |= {f"{v:,}" for v in values if v == int(v)} | {str(k) for k in range(plain["draws"] + 1)}
    allowed = set(NUMBER.findall(" ".join([*shown, *plain["convergence"]])))
    allowed |= {*NUMBER.findall(text), *said_by_the_program()[1]}
    found = {one.rstrip(".,") for one in NUMBER.findall(screen)}
    numbers = sorted(found - {one.rstrip(".,") for one in allowed})
    program = said_by_the_program()[0]
    words = [word for word in {*WORD.findall(screen)} if word not in text and word not in program]
    assert (numbers, words) == ([], []), (numbers, words, screen)
