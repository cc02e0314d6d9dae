"""Whatever is done to a good file, the reader gives a case or says what is wrong with it.

The environment variable ``DETENTE_FUZZ`` sets the number of mutated files (1,600 without it).
"""

from __future__ import annotations

import io
import os
import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from detente.case import Case, read_case
from detente.errors import CaseError

FOLDER = Path(__file__).parent
GOOD = [(FOLDER / name).read_bytes() for name in ("small.yaml", "variants.yaml", "river.yaml")]
SHARDS = 8
MUTATIONS = int(os.environ.get("DETENTE_FUZZ", "1600"))
SPICE = [
    *(b"&a *a <<: !!int !x % @ ` | > ? - -- --- ... [ ] { } , : # ' \" \\ \t \r \n".split(b" ")),
    *(b"null ~ true yes .inf .nan 1e999 0x1f -1 0 1.5 9999999999999999999999 2021-13-45".split()),
    *(b"worth lower.reply F G U and or not in iff == < ** ( ) /0".split()),
    *(b"\xff \x00 \xe2\x80\xa8 \xef".split(b" ")),
    b": ",
    b" ",
    b"\xef\xbb\xbf",
]


def read(raw: bytes) -> Case | None:
    """Read, and check what a refusal says; any other exception fails the test."""
    try:
        return read_case(raw, "fuzzed.yaml")
    except CaseError as error:
        problems = error.problems
    assert problems
    for problem in problems:
        assert 1 <= problem.line <= raw.count(b"\n") + raw.count(b"\r") + 2
        assert problem.column >= 1
        assert problem.message
        assert problem.remedy
    return None


def flip(raw: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(raw))
    return raw[:place] + bytes([raw[place] ^ (1 << rng.randrange(8))]) + raw[place + 1 :]


def lines(raw: bytes, rng: random.Random) -> bytes:
    rows = raw.split(b"\n")
    one, other = rng.randrange(len(rows)), rng.randrange(len(rows))
    match rng.randrange(4):
        case 0:
            del rows[one]
        case 1:
            rows.insert(other, rows[one])
        case 2:
            rows[one], rows[other] = rows[other], rows[one]
        case _:
            rows[one] = b" " * rng.randrange(7) + rows[one].lstrip()
    return b"\n".join(rows)


def tokens(raw: bytes, rng: random.Random) -> bytes:
    parts = re.split(rb"([\w.-]+)", raw)
    words = range(1, len(parts), 2)
    if not words:
        return raw + rng.choice(SPICE)
    one, other = rng.choice(words), rng.choice(words)
    match rng.randrange(3):
        case 0:
            parts[one], parts[other] = parts[other], parts[one]
        case 1:
            parts[one] = rng.choice(SPICE)
        case _:
            parts[one] = b""
    return b"".join(parts)


def graft(raw: bytes, rng: random.Random) -> bytes:
    """Put one word of the file in the place of another: mostly still YAML, so it goes deeper."""
    parts = re.split(rb"([\w.]+)", raw)
    words = range(1, len(parts), 2)
    if words:
        parts[rng.choice(words)] = parts[rng.choice(words)]
    return b"".join(parts)


def insert(raw: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(raw) + 1)
    return raw[:place] + rng.choice(SPICE) + raw[place:]


def cut(raw: bytes, rng: random.Random) -> bytes:
    start, end = sorted(rng.randrange(len(raw) + 1) for _ in range(2))
    return raw[:start] + raw[end:] if rng.random() < 0.5 else raw[:end]


@pytest.mark.parametrize("shard", range(SHARDS))
def test_mutated_files_give_a_case_or_its_problems(shard: int) -> None:
    rng = random.Random(shard)
    for _ in range(MUTATIONS // SHARDS):
        raw = rng.choice(GOOD)
        for _ in range(rng.choice([1, 1, 1, 2, 4])):
            change = rng.choice([flip, lines, tokens, insert, cut, *[graft] * 5])
            raw = change(raw, rng) if raw else raw
        read(raw)


VOCABULARY = """
detente title actors options levels moves cost preferences weights statements ranking conditions
rates infeasible issues views values status_quo claims id says ask probability expected at given do
set versus expect while history date variable level source brief phase hold watch parameters value
range choices us china us.offer x
"""
KEYS = st.sampled_from(VOCABULARY.split())
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    KEYS,
    st.sampled_from(["us.offer == none", "F[0, 1] x", "a -> b", "2021-01-01", "words", "< 0.2"]),
)
TREES = st.recursive(
    SCALARS,
    lambda below: st.one_of(st.lists(below, max_size=4), st.dictionaries(KEYS, below, max_size=6)),
    max_leaves=30,
)


@settings(max_examples=150)
@given(st.dictionaries(KEYS, TREES, max_size=8))
def test_random_documents_give_a_case_or_its_problems(tree: dict[str, object]) -> None:
    stream = io.StringIO()
    YAML(typ="safe", pure=True).dump(tree, stream)
    read(stream.getvalue().encode("utf-8", "replace"))


@settings(max_examples=150)
@given(st.binary(max_size=200))
def test_random_bytes_give_problems(raw: bytes) -> None:
    assert read(raw) is None
