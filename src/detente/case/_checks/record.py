"""Clock, sources, status quo, brief, phase and notes on drafts."""

from __future__ import annotations

from detente.case._checks.findings import Path, Problems
from detente.case._checks.names import KnownNames, level_index
from detente.case._model import DraftNote, Source
from detente.case._schema import CaseFile, SourceFile
from detente.text import listing, quote, suggestion


def check_clock(file: CaseFile, findings: Problems) -> None:
    """Check that the period of the case does not end before it starts."""
    if file.clock and file.clock.end and file.clock.end < file.clock.start:
        findings.add(("clock", "end"), "the clock ends before it starts", "swap the two dates")
    if file.clock and file.clock.since and file.clock.since > file.clock.start:
        message = "the history begins after the clock starts"
        findings.add(("clock", "since"), message, "give an earlier day or leave it out")


def read_source(name: str, body: SourceFile) -> Source:
    """Build a source."""
    return Source(name, body.title, body.author, body.date, body.publisher, body.address, body.note)


def read_levels(
    levels: dict[str, str], names: KnownNames, path: Path, findings: Problems
) -> dict[str, int]:
    """Turn levels by variable into indices; what is unknown is reported and left out."""
    made = {}
    for name, level in levels.items():
        if findings.knows((*path, name), name, names.variables, "variable", key=True):
            index = level_index(level, names.variables[name], (*path, name), findings)
            if index is not None:
                made[name] = index
    return made


def read_status_quo(file: CaseFile, names: KnownNames, findings: Problems) -> dict[str, int] | None:
    """Check the status quo and build it; None when it is not complete."""
    path: Path = ("status_quo",)
    made = read_levels(file.status_quo, names, path, findings)
    missing = [name for name in names.variables if name not in file.status_quo]
    if missing and not findings.maimed(path):
        message = f"the status quo leaves out {listing(missing)}"
        findings.add(path, message, "give the level of every option and condition", key=True)
    ordered = {name: made[name] for name in names.variables if name in made}
    return ordered if len(ordered) == len(names.variables) else None


def check_brief(file: CaseFile, findings: Problems) -> None:
    """Check that the brief names claims of the case, each once."""
    known = [claim.id for claim in file.claims]
    for index, name in enumerate(file.brief):
        if name not in known and name not in findings.ghosts:
            message = f"there is no claim {quote(name)}"
            findings.add(("brief", index), message, suggestion(name, known, "claim"))
        elif name in file.brief[:index]:
            findings.add(("brief", index), f"{name} appears twice in the brief", "name it once")


def read_phase(file: CaseFile, names: KnownNames, findings: Problems) -> tuple[str, str] | None:
    """Check that the variables of the phase picture exist and differ."""
    if file.phase is None:
        return None
    for key, name in (("hold", file.phase.hold), ("watch", file.phase.watch)):
        findings.knows(("phase", key), name, names.variables, "variable")
    if file.phase.hold == file.phase.watch:
        findings.add(("phase", "shown"), "held and shown are the same", "show another variable")
    return file.phase.hold, file.phase.watch


def read_draft_notes(file: CaseFile, findings: Problems) -> tuple[DraftNote, ...]:
    """Check that what is said to be drafted are keys of the format, and build the notes."""
    keys = [field.alias or name for name, field in CaseFile.model_fields.items()]
    made = []
    for index, body in enumerate(file.drafted_by):
        for place, key in enumerate(body.drafted):
            path: Path = ("drafted_by", index, "drafted", place)
            findings.knows(path, key, keys, "key", f"the format has no key {quote(key)}")
        made.append(
            DraftNote(
                body.tool, body.version, body.model, body.prompt_hash or "", body.date,
                tuple(body.drafted),
            )
        )  # fmt: skip
    return tuple(made)
