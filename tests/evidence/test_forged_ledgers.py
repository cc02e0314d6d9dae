"""A ledger of a stranger, however forged, is verified or refused in words that name the entry.

Would catch: a traceback, a hang, a field that is believed or printed before it is checked, and a
seal that is added to a ledger that does not verify. A quarter of ``DETENTE_FUZZ`` is the number of
forged ledgers (80 without it).
"""

from __future__ import annotations

import json
import os
import random
import time
from collections import Counter

import pytest
from click.testing import CliRunner

import detente
from detente.cli import main
from detente.errors import DetenteError
from detente.evidence import seal_forecast
from evidence.forged_ledgers import chained, deep, forge
from text.test_hidden import RAW

SHARDS = 4
FORGED = int(os.environ.get("DETENTE_FUZZ", "320")) // 4
LONGEST = 5.0


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """Seal three forecasts."""
    path = tmp_path_factory.mktemp("good") / "ledger.jsonl"
    for name in ("chicken", "chicken", "chicken"):
        seal_forecast(detente.load(name), path, draws=2, rng=1)
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def verify(path, *more):
    begun = time.monotonic()
    found = CliRunner().invoke(main, ["verify", str(path), *more])
    assert time.monotonic() - begun < LONGEST
    assert isinstance(found.exception, SystemExit | None), found.exception
    assert found.exit_code in (0, 1, 2)
    assert not RAW.search(found.output)
    assert len(found.output) < 5000
    return found


@pytest.mark.parametrize("shard", range(SHARDS))
def test_a_forged_ledger_is_verified_or_refused_in_words(good, tmp_path, shard):
    rng = random.Random(shard)
    path = tmp_path / "ledger.jsonl"
    ended = Counter()
    for _ in range(FORGED // SHARDS):
        data = forge(good, rng)
        path.write_bytes(data)
        found = verify(path, "--chain")
        ended[found.exit_code] += 1
        if found.exit_code:
            assert found.output.startswith(str(path))
            assert "; " in found.output
            assert "entry " in found.output or "no ledger" in found.output
            if " case " not in found.output:  # a seal reads no case but its own
                with pytest.raises(DetenteError):
                    seal_forecast(detente.load("chicken"), path, draws=2, rng=1)
        else:
            for number, line in enumerate(map(json.loads, data.splitlines()), start=1):
                assert f"entry {number}  {line['case']}, {line['draws']} draws" in found.output
                assert line["hash"] in found.output
        assert path.read_bytes() == data
    print(f"exit codes of forged ledgers: {dict(ended)}")
    assert ended[1] > ended[0]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("text", None, "a wrong 'text'"),
        ("forecast", float("nan"), "is not what was sealed"),
        ("forecast", deep(400), "a wrong 'forecast'"),
        ("forecast", {"times": [True], "shares": {}, "claims": {}}, "'forecast.times.0'"),
        ("case", "\x1b[2J", "a wrong 'case'"),
        ("version", "\u202e1.0", "a wrong 'version'"),
        ("sealed", "yesterday", "a wrong 'sealed'"),
        ("sealed", "2026-01-02T03:04:05", "a wrong 'sealed': it is not in Universal Time"),
        ("path", "../secret.yaml", "a wrong 'path': it leads to a folder"),
        ("draws", 10**9, "a wrong 'draws': "),
        ("draws", True, "a wrong 'draws': "),
        ("seed", "1", "a wrong 'seed': "),
        ("more", 1, "has 'more', which no entry has"),
        ("text", "detente: 2", "holds a case that cannot be read, chicken.yaml:1:"),
    ],
)
def test_the_entry_and_the_field_are_named(good, tmp_path, field, value, words):
    path = tmp_path / "ledger.jsonl"
    entries = [good[0], {**good[1], field: value}]
    path.write_bytes(b"".join(chained(entries, random.Random(1), good=1.0)))
    found = verify(path, "--chain")
    assert found.exit_code == 1
    assert f"{path}: entry 2 " in found.output
    assert words in found.output


def test_no_more_draws_are_run_again_than_are_allowed(good, tmp_path):
    path = tmp_path / "ledger.jsonl"
    entries = [good[0], {**good[1], "draws": 9_999_998}]
    path.write_bytes(b"".join(chained(entries, random.Random(1), good=1.0)))
    found = verify(path)
    assert found.exit_code == 2
    assert "claim 10,000,000 draws, more than the 100,000 to run again" in found.output
    assert "--draws 10000000" in found.output
    path.write_bytes(b"".join(chained(good[:2], random.Random(1), good=1.0)))
    assert verify(path, "--draws", "3").exit_code == 2
    assert verify(path, "--draws", "4").exit_code == 0


def test_what_is_left_out_is_named(good, tmp_path):
    path = tmp_path / "ledger.jsonl"
    for field in good[0].keys() - {"hash", "number", "previous"}:
        entry = {key: value for key, value in good[0].items() if key != field}
        path.write_bytes(b"".join(chained([entry], random.Random(1), good=1.0)))
        found = verify(path, "--chain")
        assert f"entry 1 lacks '{field}'" in found.output


def test_a_hash_that_was_handed_out_is_looked_for(good, tmp_path):
    """A forger who makes the whole chain anew, or takes entries off its end, is found out."""
    path = tmp_path / "ledger.jsonl"
    lines = chained(good, random.Random(1), good=1.0)
    path.write_bytes(b"".join(lines))
    first, second, last = (entry["hash"] for entry in good)
    assert f"entry {3} has the hash that was handed out, the last" in verify(
        path, "--chain", "--last", last.upper()
    ).output  # fmt: skip
    assert "handed out; 1 more after it" in verify(path, "--chain", "--last", second).output
    path.write_bytes(b"".join(lines[:2]))
    found = verify(path, "--chain", "--last", last)
    assert (found.exit_code, "no entry has the hash" in found.output) == (1, True)
    remade = chained([{**good[0], "seed": 9}, *good[1:]], random.Random(1), good=1.0)
    path.write_bytes(b"".join(remade))
    assert verify(path, "--chain").exit_code == 0
    assert verify(path, "--chain", "--last", first).exit_code == 1
    assert verify(path, "--chain", "--last", "no hash").exit_code == 2
