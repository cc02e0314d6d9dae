"""The rows of each track, made from files of their publishers, which are never shipped.

Each file is known by its SHA-256. Where to get one stands in `SOURCES`; docs/panel.md says it too.
Columns coded after the event are never read as inputs: `INPUTS` lists all that a track may read.
"""

from __future__ import annotations

import csv
import datetime as dt
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
    "c_ties": TrackSource(
        "ties/TIESv4-1.csv",
        "b5ff7e67c2781edbbb90a0e05d22bfdda1b179b11182a5e07a8865d3b3e4c519",
        "Threat and Imposition of Economic Sanctions 4.0 (Morgan, Bapat & Kobayashi 2014), the "
        "workbook TIESv4-1 written as CSV",
    ),
    "d": TrackSource(
        "mid/MIDIP.csv",
        "9350d1b71c24ab2a996549b9adefa11a844a526c32fd91b532a6ec964ecac0cb",
        "incident participants of the Militarized Interstate Disputes 5.0, Correlates of War "
        "Project (MIDIP)",
    ),
}
INPUTS = {
    "a": ("triggr", "powdis", "gravty", "pc", "yrtrig"),
    "b": ("cr", "revstate1", "revstate2", "year"),
    "c": ("senderecondep", "targetecondep", "senderdemocracy", "contig", "anticipatedsendercosts",
          "anticipatedtargetcosts", "lncaprat", "tenyear", "ally", "targetdemocracy"),
    "c_ties": ("anticipatedsendercosts", "anticipatedtargetcosts", "scommit", "issue1",
               "startyear"),
    "d": ("revtype1", "styear"),
}  # fmt: skip
"""Columns that say what was so when a conflict began."""
AFTER = (
    "crismg", "cenvio", "sevvio", "viol", "outcom", "outfor", "outevl", "majres", "trgresra",
    "fatality1", "fatality2", "hiact1", "hiact2", "hostlev1", "hostlev2", "hiact", "hostlev",
    "mindur", "maxdur", "outcome", "settle", "recip", "y", "sq", "cd", "sf", "bd", "PRhat", "PFhat",
    "PRnpl", "PFnpl", "imposition", "finaloutcome", "targetcosts", "sendercosts", "sanctiontype",
    "settlementnaturesender", "settlementnaturetarget", "endyear",
)  # fmt: skip
"""Columns coded after the event, or estimated from it: outcomes at most, never inputs."""


def data_folder(given: Path | None) -> Path:
    """Return where the publishers' files lie."""
    said = given or (Path(os.environ["DETENTE_DATA"]) if "DETENTE_DATA" in os.environ else None)
    if said is None:
        raise InputError("where the data lie is not said; give --data, or set DETENTE_DATA")
    return said


def source_of(name: str) -> str:
    """Return the name in `SOURCES` and `INPUTS` of what a panel file is made from."""
    return name if name in SOURCES else name[0]


def write_rows(track: str, data: Path, folder: Path) -> None:
    """Write the rows of a track beside its panel file."""
    source = SOURCES[track]
    path = data / source.file
    if not path.is_file():
        raise InputError(f"{path}: not there; get it from: {source.get}")
    raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest() != source.sha256:
        raise InputError(f"{path}: not the edition this track was made for ({source.get})")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    rows = csv.DictReader(io.StringIO(text))
    for name, lines in _MAKERS[track](rows).items():
        made = io.StringIO()
        csv.writer(made, lineterminator="\n").writerows(lines)
        (folder / f"{name}.csv").write_text(made.getvalue(), "utf-8")


Made = dict[str, list[list[object]]]
"""Tables by name, the head first."""


def _crises(rows: Iterable[dict[str, str]]) -> Made:
    """Return how each actor answered, and how violent its crisis became."""
    head: list[object] = ["cracno", "crisis", "year", "trigger", "power", "gravity", "conflict"]
    answers: list[list[object]] = [[*head, "response"]]
    violence: list[list[object]] = [[*head, "violence"]]
    for row in rows:
        if not row["yrtrig"]:
            continue
        power = float(row["powdis"]) if row["powdis"] else 0.0
        facts = [
            row["cracno"], row["crisno"], row["yrtrig"], int(float(row["triggr"])),
            max(-3, min(3, round(power / 10.0))), int(float(row["gravty"])),
            int(float(row["pc"])),
        ]  # fmt: skip
        if row["majres"]:
            response = int(float(row["majres"]))
            said = "talk" if response <= 5 else "arm" if response <= 7 else "fight"
            answers.append([*facts, said])
        if row["viol"]:
            level = int(float(row["viol"]))
            violence.append([*facts, "none" if level == 1 else "war" if level == 4 else "clashes"])
    return {"a": answers, "a_violence": violence}


def _disputes(rows: Iterable[dict[str, str]]) -> Made:
    head: list[object] = ["dispute", "dyad", "year", "decade", "fold", "ratio", "revises_a",
            "revises_b", "outcome"]  # fmt: skip
    made: list[list[object]] = []
    for row in rows:
        year, number = int(float(row["year"])), int(float(row["dispnum"]))
        pair = sorted((int(float(row["ccode1"])), int(float(row["ccode2"]))))
        made.append([
            number, f"{pair[0]}-{pair[1]}", year, 10 * (year // 10), number % 5,
            round(round(float(row["cr"]) * 20) / 20, 2), int(float(row["revstate1"])),
            int(float(row["revstate2"])), ("a_wins", "stalemate", "b_wins")[int(row["y"])],
        ])  # fmt: skip
    return {"b": [head, *made]}


def _threats(rows: Iterable[dict[str, str]]) -> Made:
    """Return threats, what the structural estimate that comes with them says of each, and games.

    That estimate has seen all decades, so it is a figure to beat and never an input. Games are what
    the same structure is fitted to anew, pairs and decades without threats among them.
    """
    games: list[list[object]] = [["gameID", "sq", "cd", "sf", "bd", *INPUTS["c"]]]
    head: list[object] = ["challenge", "dyad", "decade", "sender_costs", "target_costs",
            "sender_trade", "target_trade", "power", "democracy", "contiguity",
            "outcome"]  # fmt: skip
    made: list[list[object]] = []
    estimate: list[list[object]] = [["challenge", "concede", "stand_firm", "back_down"]]
    for row in rows:
        games.append([row[str(name)] for name in games[0]])
        facts = [
            row["dyadID"], row["tenyear"], row["anticipatedsendercosts"],
            row["anticipatedtargetcosts"],
            round(math.log1p(100.0 * float(row["senderecondep"])), 3),
            round(math.log1p(100.0 * float(row["targetecondep"])), 3),
            round(float(row["lncaprat"]), 3), float(row["senderdemocracy"]) / 10.0, row["contig"],
        ]  # fmt: skip
        resists, firm = float(row["PRnpl"]), float(row["PFnpl"])
        chances = [1.0 - resists, resists * firm, resists * (1.0 - firm)]
        for column, outcome in (("cd", "concede"), ("sf", "stand_firm"), ("bd", "back_down")):
            for number in range(int(float(row[column]))):
                name = f"{row['gameID']}-{outcome}-{number}"
                made.append([name, *facts, outcome])
                estimate.append([name, *chances])
    return {"c": [head, *made], "c_estimate": estimate, "c_games": games}


def _ties(rows: Iterable[dict[str, str]]) -> Made:
    """Return threats of sanctions: imposed (the sender stands firm), met, or dropped.

    Met is partial or complete acquiescence or a settlement before anything was imposed (codes 1, 2
    and 5), dropped is capitulation of the sender or stalemate (3 and 4). What has neither, or a
    code of after an imposition that there was not, is left out. Costs that are not coded count as
    minor, a commitment that is not as moderate.
    """
    head: list[object] = ["case", "dyad", "year", "sender_costs", "target_costs", "commitment",
            "trade", "outcome"]  # fmt: skip
    made: list[list[object]] = []
    for row in rows:
        if row["threat"] != "1":
            continue
        code = int(float(row["finaloutcome"] or 0))
        outcome = "stand_firm" if row["imposition"] == "1" else _MET_OR_DROPPED.get(code)
        if outcome:
            made.append([
                row["caseid"], f"{row['primarysender']}-{row['targetstate']}", row["startyear"],
                int(float(row["anticipatedsendercosts"] or 1)),
                int(float(row["anticipatedtargetcosts"] or 1)), int(float(row["scommit"] or 2)),
                int(row["issue1"] == "13"), outcome,
            ])  # fmt: skip
    return {"c_ties": [head, *made]}


_MET_OR_DROPPED = dict.fromkeys((1, 2, 5), "concede") | dict.fromkeys((3, 4), "back_down")


def _incidents(rows: Iterable[dict[str, str]]) -> Made:
    """Return disputes of two states that both act on known days, and the harshest act a day."""
    by: dict[str, list[tuple[dt.date, dict[str, str]]]] = {}
    states: dict[str, set[str]] = {}
    for row in rows:
        states.setdefault(row["dispnum"], set()).add(row["ccode"])
        if int(row["action"]) > 0 and int(row["hostlev"]) > 1 and int(row["stday"]) > 0:
            day = dt.date(int(row["styear"]), int(row["stmon"]), int(row["stday"]))
            by.setdefault(row["dispnum"], []).append((day, row))
    conflicts: list[list[object]] = [["dispute", "dyad", "year", "land"]]
    acts: list[list[object]] = [["id", "date", "variable", "level"]]
    for dispute, own in by.items():
        own.sort(key=lambda one: (one[0], int(one[1]["ccode"])))
        acting = {row["ccode"] for _, row in own}
        if len(states[dispute]) != 2 or len(acting) != 2:
            continue
        opens, first = own[0][0], own[0][1]["ccode"]
        land = any(day == opens and row["revtype1"] == "1" for day, row in own)
        pair = "-".join(sorted(acting, key=int))
        conflicts.append([dispute, pair, opens.year, int(land)])
        harshest: dict[tuple[dt.date, str], int] = {}
        for day, row in own:
            place = day, "first.act" if row["ccode"] == first else "second.act"
            harshest[place] = max(harshest.get(place, 0), min(int(row["hostlev"]), 4))
        for (day, variable), level in harshest.items():
            acts.append([dispute, day, variable, ("threat", "display", "force")[level - 2]])
    return {"d": conflicts, "d_acts": acts}


_MAKERS = {"a": _crises, "b": _disputes, "c": _threats, "c_ties": _ties, "d": _incidents}
