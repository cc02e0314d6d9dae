"""Files of studies and fits as somebody would forge them: well formed, their checksums made good.

A good file is taken apart into its tables, its heading and its chunks; some of these are changed,
and all is put together again with checksums of its own making. What a change does to a file is
known, so a reader must either refuse the file or give what stands in it.
"""

from __future__ import annotations

import hashlib
import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

PAGE = 4096
NASTY = [
    *["null", "true", "[]", "{}", "0", "-1", "1.5", "1e999", "NaN", "-Infinity", "100000000"],
    *["9223372036854775807", 5000 * "1", "1e5000", 20_000 * "[", 500 * "[" + 500 * "]", "", "{"],
    *[3000 * '{"a":', "\x00", '""', '"x"', '"\\ud800"', '"\\u001b[2J"', '"\u202e0.1"', '["why"]'],
    *['"' + 100_000 * "x" + '"', '[[0, "", "why"]]', '[[99, "", "why"]]', '[[0, "nobody", "why"]]'],
    *['[[0.5, "", ""]]', '[[0, "", "a"], [0, "", "b"]]', "[[0, 1, 2]]", '[["0", "", ""]]'],
    *["[null]", '[[100000000000000000000, "", ""]]', "[[0, [[0, [[0]]]]]]"],
]  # fmt: skip
"""JSON, and what is none."""
PLAUSIBLE = {
    "draws": [1, 11, 13, 10**5, 10**6, 10**7, 10**8],
    "particles": [1, 21, 10**8],
    "seed": [0, 4, 2**64, 2**127],
    "design": ["sobol", "saltelli", "morris", "tornado", "given"],
    "series": [1, 17, 2**20],
    "settings": [{"worth": 1}, {"nobody": 1.0}, {"worth": -1e308}],
    "variants": [["nobody"], ["a.b", "a.b"], ["."]],
    "version": ["", "0.0", "9.9.9"],
    "case": ["", "/etc/passwd", "../../x", "/dev/zero", 5000 * "x", "peninsula.yaml", "."],
    "text": ["", "detente: 1", "a: &a [*a]", 2000 * "[", 100_000 * "x: y\n", "\u202e", "\r"],
    "names": [[], ["worth"], 1000 * ["n"]],
    "claims": [[], ["C1"], 1000 * ["C"], ["C1", "C1"]],
    "values": ["", 64 * "0"],
}
"""Values of the right type, some of them right."""
REASONS = ["why", "[bold]x[/bold] [/]", "two\nlines", 50_000 * "word ", 10**5 * "x", "", "%s {0}"]
NUMBERS = [np.nan, np.inf, -np.inf, -1.0, 7.0, 0.5, 1e308, -0.0, 5e-324]
PLACES = [-(2**63), -1, 0, 1, 3, 11, 12, 10**8, 9 * 10**18, 2**63 - 1]
COUNTS = [*PLACES, 2.5, "two", b"2", None]
FOREIGN = [
    "CREATE TABLE other (x)",
    "CREATE INDEX other ON chunk (count)",
    "CREATE VIEW other AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) "
    "SELECT x FROM n",
    "CREATE TRIGGER lose AFTER INSERT ON chunk "
    "BEGIN DELETE FROM chunk WHERE first < new.first; END",
    "CREATE TRIGGER turn BEFORE INSERT ON chunk BEGIN UPDATE chunk SET count = count; "
    "INSERT INTO heading SELECT a.text, b.text FROM heading a, heading b; END",
    "ANALYZE",
]  # fmt: skip
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1e15) SELECT "


def checksum(first: Any, count: Any, parts: list[Any]) -> str:
    """Return what makes a chunk look as if it had been stored."""
    digest = hashlib.sha256(f"{first} {count}".encode())
    for part in parts:
        raw = part if isinstance(part, bytes) else str(part).encode()
        digest.update(f" {len(raw)} ".encode() + raw)
    return digest.hexdigest()


@dataclass
class Forgery:
    """A file taken apart.

    Attributes
    ----------
    entries : dict
        The heading as it was.
    tables : list of str
        SQL that makes its tables.
    heading : list
        JSON, as text or bytes.
    rows : list of list
        Number of the first draw, number of draws, then the parts of each chunk.
    after : list of str
        SQL to run in the end.
    bytes : list of callable
        What is done to the bytes of the file then.
    """

    entries: dict[str, Any]
    tables: list[str]
    heading: list[Any]
    rows: list[list[Any]]
    pragmas: dict[str, int]
    after: list[str] = field(default_factory=list)
    bytes: list[Callable[[bytearray], None]] = field(default_factory=list)

    @classmethod
    def of(cls, path: Path) -> Forgery:
        """Take a good file apart."""
        with closing(sqlite3.connect(path)) as file:
            tables = [sql for (sql,) in file.execute("SELECT sql FROM sqlite_master")]
            heading = [text for (text,) in file.execute("SELECT text FROM heading")]
            rows = [
                [first, count, *parts]
                for first, count, _, *parts in file.execute("SELECT * FROM chunk ORDER BY first")
            ]
            names = ("application_id", "user_version")
            pragmas = {name: file.execute(f"PRAGMA {name}").fetchone()[0] for name in names}
        return cls(json.loads(heading[0]), tables, heading, rows, pragmas)

    def write(self, path: Path) -> None:
        """Put the file together; what SQLite does not take is left out."""
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path, isolation_level=None)) as file:
            file.execute("PRAGMA synchronous = OFF")
            for name, value in self.pragmas.items():
                file.execute(f"PRAGMA {name} = {value}")
            file.execute("BEGIN")
            for sql in self.tables:
                with suppress(sqlite3.Error):
                    file.execute(sql)
            for text in self.heading:
                raw = (
                    text if isinstance(text, bytes) else str(text).encode("utf-8", "surrogatepass")
                )
                with suppress(sqlite3.Error, UnicodeError):
                    insert = "INSERT INTO heading VALUES (CAST(? AS TEXT), ?)"
                    file.execute(insert, (raw, hashlib.sha256(raw).hexdigest()))
            for first, count, *parts in self.rows:
                row = (first, count, checksum(first, count, parts), *parts)
                with suppress(sqlite3.Error, OverflowError):
                    file.execute(f"INSERT INTO chunk VALUES ({', '.join('?' * len(row))})", row)
            file.execute("COMMIT")
            for sql in self.after:
                with suppress(sqlite3.Error):
                    file.executescript(sql)
        if self.bytes:
            raw = bytearray(path.read_bytes())
            for change in self.bytes:
                with suppress(ValueError, IndexError):  # where another left too little of it
                    change(raw)
            path.write_bytes(raw)


def change_heading(forged: Forgery, rng: random.Random) -> None:
    """Change an entry of the heading, take one out, put one in, or put something else there."""
    entries = dict(forged.entries)
    name = rng.choice([*entries, "more"])
    match rng.randrange(9):
        case 0:
            forged.heading = [rng.choice(NASTY)]
        case 1:
            forged.heading = rng.choice([[], [*forged.heading, *forged.heading], [b"\xff\xfe"]])
        case 2:
            entries.pop(name, None)
            forged.heading = [json.dumps(entries)]
        case 3:
            entries[name] = entries.get(rng.choice([*entries]))
            forged.heading = [json.dumps(entries)]
        case 4 | 5:
            name = rng.choice([name for name in entries if name in PLAUSIBLE])
            forged.heading = [json.dumps(entries | {name: rng.choice(PLAUSIBLE[name])})]
        case _:
            mark = '"here"'
            text = json.dumps(entries | {name: "here"})
            forged.heading = [text.replace(mark, rng.choice(NASTY))]


def change_row(forged: Forgery, rng: random.Random) -> None:
    """Change which draws a chunk claims to hold, or one of its parts."""
    row = rng.choice(forged.rows)
    match rng.randrange(6):
        case 0:
            row[0] = rng.choice(PLACES)
        case 1:
            row[1] = rng.choice(COUNTS)
        case 2:
            forged.rows.remove(row)
        case 3:
            place = rng.randrange(2, len(row))
            parts = [b"", b"\x00", row[place][:-1], row[place] * 2, "text", 7, bytes(10**6)]
            row[place] = rng.choice(parts)
        case 4:
            row[-1] = rng.choice(NASTY).encode("utf-8", "surrogatepass")
        case _:
            place = rng.randrange(2, len(row) - 1)
            numbers = np.frombuffer(row[place], dtype="<f8" if len(row[place]) % 8 == 0 else "<f4")
            numbers = numbers.copy()
            if numbers.size:
                numbers[rng.randrange(numbers.size)] = rng.choice(NUMBERS)
                row[place] = numbers.tobytes()


def fail_draws(forged: Forgery, rng: random.Random) -> None:
    """Say, in all that goes with it, that a chunk failed, for a reason of ours."""
    row = rng.choice(forged.rows)
    if not 0 < row[1] < 10_000:
        return  # A count that was forged before would have no end.
    reasons = [rng.choice(REASONS) for _ in range(row[1])]
    if len(row) == 4:
        row[2], row[3] = np.full(row[1], -np.inf).tobytes(), json.dumps(reasons).encode()
    else:
        failed = [(draw, "", why) for draw, why in enumerate(reasons, start=row[0])]
        row[3] = row[4] = np.full(len(row[3]) // 8, np.nan).tobytes()
        row[-1] = json.dumps(failed).encode()


def change_tables(forged: Forgery, rng: random.Random) -> None:
    """Add what no file of ours has, or make a table otherwise than we do."""
    k = rng.randrange(len(forged.tables))
    match rng.randrange(6):
        case 0 | 1:
            forged.after.append(rng.choice(FOREIGN))
        case 2:
            forged.tables[k] = forged.tables[k].replace(")", ", more TEXT)", 1)
        case 3:
            old, new = rng.choice([("BLOB", "TEXT"), ("INTEGER", "REAL"), (" NOT NULL", "")])
            forged.tables[k] = forged.tables[k].replace(old, new)
        case 4:
            forged.tables[k] = f"{forged.tables[k]} {rng.choice(['STRICT', 'WITHOUT ROWID'])}"
        case _:
            name = rng.choice(["heading", "chunk"])
            columns = ["x"] * (2 if name == "heading" else len(forged.rows[0]) + 1)
            forged.after.append(
                f"DROP TABLE {name}; CREATE VIEW {name} AS {ENDLESS}{', '.join(columns)} FROM n"
            )


def change_bytes(forged: Forgery, rng: random.Random) -> None:
    """Change the header, the schema or the pointers between pages behind the back of SQLite."""

    def write(place: int, value: bytes) -> None:
        forged.bytes.append(lambda raw: raw.__setitem__(slice(place, place + len(value)), value))

    def flip(raw: bytearray) -> None:
        place = rng.randrange(len(raw) if rng.random() < 0.5 else PAGE)
        raw[place] ^= 1 << rng.randrange(8)

    def flip_schema(raw: bytearray) -> None:
        place = raw.index(b"CREATE TABLE") + rng.randrange(200)
        raw[place] ^= 1 << rng.randrange(8)

    def point(raw: bytearray) -> None:
        """Make a page an inner one whose children are one page, itself perhaps."""
        pages = len(raw) // PAGE
        start, child = rng.randrange(1, pages) * PAGE, rng.randrange(1, pages + 2)
        cells = rng.choice([0, 1, 400])
        raw[start : start + 12] = (
            b"\x05\0\0" + cells.to_bytes(2) + b"\x0f\xf0\0" + child.to_bytes(4)
        )
        for k in range(cells):
            raw[start + 12 + 2 * k : start + 14 + 2 * k] = (0xFF0).to_bytes(2)
        raw[start + 0xFF0 : start + 0xFF5] = child.to_bytes(4) + b"\x05"

    match rng.randrange(8):
        case 0:
            write(28, rng.choice([b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\1"]))
        case 1:
            write(16, rng.choice([b"\0\1", b"\2\0", b"\x80\0", b"\0\0", b"\0\3"]))
        case 2:
            write(18, rng.choice([b"\2\2", b"\1\2", b"\2\1", b"\3\3"]))
        case 3:
            write(rng.choice([56, 60, 68, 44, 32, 36, 52]), rng.randbytes(4))
        case 4:
            forged.bytes.append(point)
        case 5:
            forged.bytes.append(flip_schema)
        case 6:
            end = rng.random()
            forged.bytes.append(lambda raw: raw.__delitem__(slice(int(end * len(raw)), None)))
        case _:
            forged.bytes.append(flip)


CHANGES = [
    *[change_heading] * 4,
    *[change_row] * 4,
    fail_draws,
    *[change_tables] * 2,
    *[change_bytes] * 2,
]


def forge(good: Path, path: Path, rng: random.Random) -> list[str]:
    """Write a forged file and return the names of what was changed."""
    forged = Forgery.of(good)
    changes = [rng.choice(CHANGES) for _ in range(rng.choice([1, 1, 1, 2, 3]))]
    for k, change in enumerate(changes):
        with suppress(*([TypeError, ValueError, IndexError] if k else [])):  # as another left it
            change(forged, rng)
    forged.write(path)
    return [change.__name__ for change in changes]


def rows_of(path: Path, columns: int) -> dict[int, list[Any]]:
    """Return what stands in a file, by the first draw of each chunk, read as simply as can be."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as file:
        rows = file.execute("SELECT * FROM chunk ORDER BY first").fetchall()
    assert all(len(row) == columns + 3 for row in rows)
    return {first: [count, *parts] for first, count, _, *parts in rows}
