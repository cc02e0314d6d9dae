"""Forged ledgers: entries changed with a purpose, their hashes made good again.

A forger knows the format, so a checksum stops nothing: what is put into a field has the wrong type,
length, depth or characters, belongs to another case, or is left out, and the chain over all of it
fits. A few are broken in their chain or in their bytes too, as a transfer does it.
"""

from __future__ import annotations

import copy
import hashlib
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

Entry = dict[str, Any]
HIDDEN = [
    "\x1b[2J",
    "\u202e",
    "\x00",
    "\ud800",
    "\u200b",
    "\ufffe",
    "\x9b31m",
    "\r",
    "\n",
    "\u2028",
]
CASES = [
    "",
    "detente: 1",
    "detente: true\ntitle: x",
    "title: !x y",
    'detente: 1\ntitle: "\\e[2J"',
    "a: &a [1, 1]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]",
    "? " + "x" * 5000 + "\n: y",
    "history: ../../etc/passwd.csv",
    "[" * 200,
    "{" * 5000,
    "x" * 2**20,
    "é" * 600_000,
]


def deep(depth: int, kind: str = "[]") -> Any:
    """Return lists or mappings within each other."""
    found: Any = None
    for _ in range(depth):
        found = [found] if kind == "[]" else {"a": found}
    return found


def anything(rng: random.Random) -> Any:
    """Return a value of JSON that an entry may hold nowhere, or in another place."""
    return rng.choice(
        [
            None, True, False, 0, -1, 1, 2**70, -(2**70), 10**300, 1.5, -0.0, 1e308,
            float("nan"), float("inf"), float("-inf"), "", "x", "x" * 300, "x" * 100_000, "0" * 64,
            "2026-01-02T03:04:05+00:00", "2026-01-02", "9999-99-99T99:99:99+00:00", "0.1.0",
            "../../etc/passwd", "/dev/zero", "a/b.yaml", "..", "chicken", [], {}, [1], {"a": 1},
            [None] * 5000, {str(k): k for k in range(3000)}, deep(30), deep(400), deep(400, "{}"),
            rng.choice(HIDDEN) + "x", "x" + rng.choice(HIDDEN), rng.choice(CASES),
        ]
    )  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value within a value."""
    if path:
        yield path
    inner: Any = value.items() if isinstance(value, dict) else ()
    inner = enumerate(value) if isinstance(value, list) else inner
    for key, item in inner:
        yield from places(item, (*path, key))


def inside(entry: Entry, path: tuple[Any, ...]) -> Any:
    for key in path:
        entry = entry[key]
    return entry


def swap(entry: Entry, rng: random.Random) -> None:
    path = rng.choice(list(places(entry)))
    inside(entry, path[:-1])[path[-1]] = anything(rng)


def swap_field(entry: Entry, rng: random.Random) -> None:
    entry[rng.choice(sorted(entry))] = anything(rng)


def take_out(entry: Entry, rng: random.Random) -> None:
    path = rng.choice(list(places(entry)))
    del inside(entry, path[:-1])[path[-1]]


def add(entry: Entry, rng: random.Random) -> None:
    holders = [(), *(path for path in places(entry) if isinstance(inside(entry, path), dict))]
    key = rng.choice(["more", "", "x" * 5000, "draws ", "__class__", *HIDDEN])
    inside(entry, rng.choice(holders))[key] = anything(rng)


def rename(entry: Entry, rng: random.Random) -> None:
    holders = [path for path in places(entry) if isinstance(inside(entry, path), dict)]
    held = inside(entry, rng.choice(holders)) or entry
    key = rng.choice(sorted(held))
    held[key + rng.choice(["x", *HIDDEN])] = held.pop(key)


def spell(entry: Entry, rng: random.Random) -> None:
    """Put a character that cannot be seen into some text."""
    texts = [path for path in places(entry) if isinstance(inside(entry, path), str)]
    path = rng.choice(texts)
    text = inside(entry, path)
    at = rng.randrange(len(text) + 1)
    inside(entry, path[:-1])[path[-1]] = text[:at] + rng.choice(HIDDEN) + text[at:]


def other_case(entry: Entry, rng: random.Random) -> None:
    """Put another text in, its hash made good."""
    text = rng.choice([*CASES, entry["text"] + "#", entry["text"].replace("1", "2", 1)])
    entry["text"], entry["sha256"] = text, hashlib.sha256(text.encode()).hexdigest()


def nudge(entry: Entry, rng: random.Random) -> None:
    """Change a number a little, or the length of a series."""
    series = [p for p in places(entry) if isinstance(inside(entry, p), list)]
    held = inside(entry, rng.choice(series))
    if rng.random() < 0.5 or not held:
        held.extend([0.5] * rng.choice([1, 5000]))
    else:
        held[rng.randrange(len(held))] += rng.choice([0.01, 1e-7, 1e300])


def claim_more(entry: Entry, rng: random.Random) -> None:
    entry[rng.choice(["draws", "seed", "number"])] = rng.choice([0, -1, 10**8, 10**40, 10**4000])


CHANGES: tuple[Callable[[Entry, random.Random], None], ...] = (
    swap, swap, swap_field, take_out, add, rename, spell, other_case, nudge, claim_more,
)  # fmt: skip


def canonical(entry: Entry) -> bytes:
    return json.dumps(entry, sort_keys=True, separators=(",", ":")).encode("ascii")


def chained(entries: list[Entry], rng: random.Random, good: float = 0.95) -> list[bytes]:
    """Return the lines of a ledger whose hashes fit, here and there with one that does not."""
    previous, lines = "0" * 64, []
    for number, entry in enumerate(entries, start=1):
        body = {key: value for key, value in entry.items() if key != "hash"}
        if rng.random() < good:
            body |= {"number": number, "previous": previous}
        digest = hashlib.sha256(canonical(body)).hexdigest()
        previous = digest
        lines.append(canonical({**body, "hash": digest}) + b"\n")
    return lines


def distort(data: bytes, rng: random.Random) -> bytes:
    """Damage bytes, as an editor or a transfer does."""
    at = rng.randrange(len(data))
    return rng.choice(
        [
            data[:at],
            data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :],
            data.replace(b"\n", b"\r\n"),
            b"\xef\xbb\xbf" + data,
            data + b"\n",
            data + b"{",
            data.replace(b":", b": ", 1),
            data[:at] + bytes([rng.randrange(256)] * 50) + data[at:],
            data + b"[" * 100_000 + b"\n",
            data + b'{"hash":' + b"[" * 50_000 + b"]" * 50_000 + b"}\n",
            data + b'{"draws":' + b"9" * 5000 + b"}\n",
        ]
    )


def forge(entries: list[Entry], rng: random.Random) -> bytes:
    """Return a forged ledger made of good entries."""
    made = copy.deepcopy(entries)
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        change = rng.choice(CHANGES)
        try:
            change(rng.choice(made), rng)
        except (LookupError, TypeError, AttributeError):
            continue  # a change before left nothing to change there
    if rng.random() < 0.15:
        rng.shuffle(made)
        made = made[: rng.randint(1, len(made))]
    data = b"".join(chained(made, rng))
    return distort(data, rng) if rng.random() < 0.1 else data
