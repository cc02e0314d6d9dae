"""What the analyst says is meant: the kind of warning, what it is about, and the reason."""

from __future__ import annotations

from collections.abc import Iterator

from detente.case._checks.findings import Path, Problems
from detente.case._meant import WARNING_KINDS, Meant
from detente.case._schema import CaseFile, OptionFile


def read_meant(file: CaseFile, findings: Problems) -> tuple[Meant, ...]:
    """Check which warnings are said to be meant."""
    subjects = tuple(subjects_of(file))
    made: dict[tuple[str, str], Meant] = {}
    for index, body in enumerate(file.meant):
        path: Path = ("meant", index)
        findings.knows((*path, "warning"), body.warning, WARNING_KINDS, "warning")
        of = " ".join(body.of.split())
        if of.rpartition(" ")[2] not in findings.ghosts:
            message = f"there is nothing called {of!r} to warn about"
            findings.knows((*path, "of"), of, subjects, "subject", message)
        if (body.warning, of) in made:
            findings.add(path, f"{body.warning} of {of} is said to be meant twice", "keep one")
        made[body.warning, of] = Meant(body.warning, of, body.reason)
    return tuple(made.values())


def subjects_of(file: CaseFile) -> Iterator[str]:
    """Yield all that a warning can be about, as ``meant`` writes it."""
    yield "case"
    yield from (f"claim {claim.id}" for claim in file.claims)
    yield from (f"parameter {name}" for name in file.parameters)
    yield from (f"issue {name}" for name in file.issues)
    for actor, body in file.actors.items():
        yield f"actor {actor}"
        for option, form in body.options.items():
            yield f"option {actor}.{option}"
            levels = form.levels if isinstance(form, OptionFile) else form
            yield from (f"level {actor}.{option}.{level}" for level in levels)
    for name, condition in file.conditions.items():
        yield f"condition {name}"
        yield from (f"level {name}.{level}" for level in condition.levels)
