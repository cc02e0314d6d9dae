"""The rows of each track, made from files of their publishers, which are never shipped.

Each file is known by its SHA-256. Where to get one stands in `SOURCES`; docs/panel.md says it too.
Columns coded after the event are never read as inputs: `INPUTS` lists all that a track may read.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from detente.errors import InputError


class TrackSource(NamedTuple):
    """A file of a publisher."""

    file: str
    sha256: str
    get: str


SOURCES = {
    "a": TrackSource(
        "icb/icb2v14.csv",
        "ccffd1fa3bbe8be1394e7e5199c78b161fdc498f0ea7d4faebe0634b621be5ba",
        "International Crisis Behavior Project, version 14, actor level (icb2v14.csv)",
    ),
    "b": TrackSource(
        "mid/bilateral_gml_1468_with_cinc.csv",
        "df7ebdf75c30b74d8f21af100669acb808612375dc1acafd8cd1fc35e7ecd918",
        "bilateral disputes of Gibler, Miller & Little with the capabilities of the Correlates of "
        "War Project (both in the R package peacesciencer)",
    ),
    "c": TrackSource(
        "sanctions_game/sanctionsData.csv",
        "ad69af1cccc8523f39707d1599e35e86c125e3a6c2096d3d6615efb404e52e72",
        "sanctionsData of the R package sigInt (Crisman-Cox & Gibilisco 2019), written as CSV",
    ),
}
INPUTS = {
    "a": ("triggr", "powdis", "gravty", "pc", "yrtrig"),
    "b": ("cr", "revstate1", "revstate2", "year"),
    "c": ("senderecondep", "targetecondep", "senderdemocracy", "contig", "anticipatedsendercosts",
          "anticipatedtargetcosts", "lncaprat", "tenyear"),
}  # fmt: skip
"""Columns that say what was so when a conflict began."""
AFTER = (
    "crismg", "cenvio", "sevvio", "viol", "outcom", "outfor", "outevl", "majres", "trgresra",
    "fatality1", "fatality2", "hiact1", "hiact2", "hostlev1", "hostlev2", "hiact", "hostlev",
    "mindur", "maxdur", "outcome", "settle", "recip", "y", "cd", "sf", "bd", "PRhat", "PFhat",
    "PRnpl", "PFnpl",
)  # fmt: skip
"""Columns coded after the event, or estimated from it: outcomes at most, never inputs."""


def data_folder(given: Path | None) -> Path:
    """Return where the publishers' files lie."""
    said = given or (Path(os.environ["DETENTE_DATA"]) if "DETENTE_DATA" in os.environ else None)
    if said is None:
        raise InputError("where the data lie is not said; give --data, or set DETENTE_DATA")
    return said


def write_rows(track: str, data: Path, folder: Path) -> None:
    """Write the rows of a track beside its panel file."""
    source = SOURCES[track]
    path = data / source.file
    if not path.is_file():
        raise InputError(f"{path}: not there; get it from: {source.get}")
    raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest() != source.sha256:
        raise InputError(f"{path}: not the edition this track was made for ({source.get})")
    rows = csv.DictReader(io.StringIO(raw.decode("utf-8-sig")))
    head, made = _MAKERS[track](rows)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(made)
    (folder / f"{track}.csv").write_text(text.getvalue(), "utf-8")


Made = tuple[list[str], list[list[object]]]


def _crises(rows: Iterable[dict[str, str]]) -> Made:
    head = ["cracno", "crisis", "year", "trigger", "power", "gravity", "conflict", "response"]
    made: list[list[object]] = []
    for row in rows:
        if not row["majres"] or not row["yrtrig"]:
            continue
        response = int(float(row["majres"]))
        power = float(row["powdis"]) if row["powdis"] else 0.0
        made.append([
            row["cracno"], row["crisno"], row["yrtrig"], int(float(row["triggr"])),
            max(-3, min(3, round(power / 10.0))), int(float(row["gravty"])),
            int(float(row["pc"])),
            "talk" if response <= 5 else "arm" if response <= 7 else "fight",
        ])  # fmt: skip
    return head, made


def _disputes(rows: Iterable[dict[str, str]]) -> Made:
    head = ["dispute", "dyad", "year", "decade", "fold", "ratio", "revises_a", "revises_b",
            "outcome"]  # fmt: skip
    made: list[list[object]] = []
    for row in rows:
        year, number = int(float(row["year"])), int(float(row["dispnum"]))
        pair = sorted((int(float(row["ccode1"])), int(float(row["ccode2"]))))
        made.append([
            number, f"{pair[0]}-{pair[1]}", year, 10 * (year // 10), number % 5,
            round(round(float(row["cr"]) * 20) / 20, 2), int(float(row["revstate1"])),
            int(float(row["revstate2"])), ("a_wins", "stalemate", "b_wins")[int(row["y"])],
        ])  # fmt: skip
    return head, made


def _threats(rows: Iterable[dict[str, str]]) -> Made:
    head = ["challenge", "dyad", "decade", "sender_costs", "target_costs", "sender_trade",
            "target_trade", "power", "democracy", "contiguity", "outcome"]  # fmt: skip
    made: list[list[object]] = []
    for row in rows:
        facts = [
            row["dyadID"], row["tenyear"], row["anticipatedsendercosts"],
            row["anticipatedtargetcosts"],
            round(math.log1p(100.0 * float(row["senderecondep"])), 3),
            round(math.log1p(100.0 * float(row["targetecondep"])), 3),
            round(float(row["lncaprat"]), 3), float(row["senderdemocracy"]) / 10.0, row["contig"],
        ]  # fmt: skip
        for column, outcome in (("cd", "concede"), ("sf", "stand_firm"), ("bd", "back_down")):
            for number in range(int(float(row[column]))):
                made.append([f"{row['gameID']}-{outcome}-{number}", *facts, outcome])
    return head, made


_MAKERS = {"a": _crises, "b": _disputes, "c": _threats}
