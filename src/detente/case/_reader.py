"""From the bytes of a case file to a `Case`, or to every problem of the file at once.

The way: bytes to text (`_text_reading.decode`), text to nodes with places (`_yaml_reading.parse`),
nodes to the models of the schema (`structure`), models to values with meaning (`checks`). Formulas
are compiled once here; no later stage sees a text that could be wrong. Cost: linear in the file,
and in the number of states for the checks that need them.
"""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path

from detente.case._case import Case
from detente.case._checks import states as on_states
from detente.case._checks.actors import read_actors
from detente.case._checks.bargaining import read_bargaining
from detente.case._checks.claims import read_claims
from detente.case._checks.findings import Problems
from detente.case._checks.history import allowed_changes, read_history
from detente.case._checks.meant import read_meant
from detente.case._checks.names import read_names
from detente.case._checks.parameters import read_parameters
from detente.case._checks.questions import Ground
from detente.case._checks.record import (
    check_brief,
    check_clock,
    read_draft_notes,
    read_phase,
    read_source,
    read_status_quo,
)
from detente.case._checks.variants import read_correlations, read_variants
from detente.case._checks.world import read_conditions, read_infeasible, read_issues, read_views
from detente.case._places import Places
from detente.case._schema import CaseFile
from detente.case._structure import read_structure
from detente.case._tables_beside import Beside, beside, graft_tables
from detente.case._text_reading import FileTooLarge, decode, read_limited
from detente.case._yaml_reading import YamlText, parse
from detente.errors import CaseError, Problem
from detente.text import nearest, suggestion


def read_case(text: bytes, name: str, beside: Beside | None = None) -> Case:
    r"""Read a case from the bytes of its file.

    Parameters
    ----------
    text : bytes
        The content of the file.
    name : str
        The name of the file, for messages; the case is called after its stem.
    beside : callable, optional
        Reads a table that the case names, see `detente.case._tables_beside.beside`; without it only
        cases that stand in one file can be read.

    Raises
    ------
    CaseError
        With every problem of the file, each at its line and column.

    Examples
    --------
    >>> text = b'''
    ... detente: 1
    ... title: A dam
    ... actors:
    ...   upstream:
    ...     options: {dam: [none, built]}
    ...     preferences: {statements: [upstream.dam == built]}
    ... status_quo: {upstream.dam: none}
    ... '''
    >>> case = read_case(text, "dam.yaml")
    >>> case.name, case.shape, case.status_quo
    ('dam', (2,), {'upstream.dam': 0})
    >>> read_case(text.replace(b"== built", b"== bilt"), "dam.yaml")
    Traceback (most recent call last):
    detente.errors.CaseError: dam.yaml:7:48: ...
    """
    findings = Problems(name)
    case = _read(text, findings, beside)
    if findings.problems or case is None:
        raise CaseError(findings.problems)
    return case


def load(name_or_path: str | Path) -> Case:
    """Read a built-in case by name, or a case file by path.

    Parameters
    ----------
    name_or_path : str or Path
        A name among `builtin_cases`, else a path.

    Raises
    ------
    CaseError
        With every problem of the file, each at its line and column.

    Examples
    --------
    >>> import detente
    >>> detente.load("peninsula").actors[0].name
    'us'
    >>> detente.load("penninsula")
    Traceback (most recent call last):
    detente.errors.CaseError: penninsula:1:1: there is no such file and no built-in case ...
    """
    builtin = builtin_cases()
    if isinstance(name_or_path, str) and name_or_path in builtin:
        file = f"{name_or_path}.yaml"
        folder = files("detente.cases")
        text = folder.joinpath(file).read_bytes()
        return read_case(text, file, lambda table: (table, folder.joinpath(table).read_bytes()))
    path = Path(name_or_path)
    try:
        text = read_limited(path)
    except FileTooLarge as error:
        raise CaseError([Problem(str(name_or_path), 1, 1, *error.args)]) from None
    except (OSError, ValueError) as error:
        message, remedy = _unreadable(str(name_or_path), error, builtin)
        raise CaseError([Problem(str(name_or_path), 1, 1, message, remedy)]) from None
    return read_case(text, str(path), beside(path))


def builtin_cases() -> tuple[str, ...]:
    """Return the names of the built-in cases.

    Examples
    --------
    >>> "peninsula" in builtin_cases()
    True
    """
    names = (file.name for file in files("detente").joinpath("cases").iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


def _unreadable(name: str, error: Exception, builtin: tuple[str, ...]) -> tuple[str, str]:
    if isinstance(error, FileNotFoundError):
        near = _neighbour(Path(name))
        return (
            "there is no such file and no built-in case of that name",
            f"did you mean {near}?" if near else suggestion(name, builtin, "built-in case"),
        )
    if isinstance(error, IsADirectoryError):
        return "this is a directory", "name the case file in it"
    reason = getattr(error, "strerror", None) or str(error)
    return f"the file cannot be read: {reason}", "check its name and permissions"


def _neighbour(path: Path) -> str:
    """Return the case file that a path to no file most likely means, or an empty text."""
    for ending in (".yaml", ".yml"):
        if path.with_suffix(ending).is_file():
            return str(path.with_suffix(ending))
    here = path.parent.glob("*.y*ml") if path.parent.is_dir() else ()
    name = nearest(path.name, sorted(file.name for file in here))
    return str(path.with_name(name)) if name else ""


def _read(raw: bytes, findings: Problems, beside: Beside | None) -> Case | None:
    text = decode(raw, findings.complain)
    root = None if text is None else parse(text, findings.complain)
    if text is None or root is None:
        return None
    findings.root, findings.source = root, YamlText(text.split("\n"))
    whole = graft_tables(text, findings, beside)
    raw = raw if whole is text else whole.encode()
    file = read_structure(findings)
    return None if file is None else _build(file, raw, findings)


def _build(file: CaseFile, raw: bytes, findings: Problems) -> Case:
    names = read_names(file, findings)
    parameters = read_parameters(file, findings)
    correlations = read_correlations(file, parameters, findings)
    actors = read_actors(file, names, findings)
    conditions = read_conditions(file, names, findings)
    infeasible = read_infeasible(file, names, findings)
    issues = read_issues(file, names, findings)
    views = read_views(file, names, findings)
    # Values can only be judged where every formula behind them is sound.
    states = None
    if not findings.problems:
        states = on_states.survey(names, parameters, infeasible, findings)
    if states:
        states = on_states.check_issues(states, issues, findings)
        on_states.check_conditions(states, conditions, findings)
        on_states.check_numbers(states, actors, findings)
        on_states.check_views(states, views, findings)
    status_quo = read_status_quo(file, names, findings)
    if states and status_quo:
        on_states.check_start(states, status_quo, findings)
    variants = read_variants(file, names, parameters, actors, states, status_quo, findings)
    bargaining = read_bargaining(file, names, parameters, findings)
    check_clock(file, findings)
    ground = Ground(names, tuple(file.actors), states, status_quo, bargaining)
    claims = read_claims(file, ground, findings)
    history = read_history(file, names, allowed_changes(actors, conditions), states, findings)
    check_brief(file, findings)
    return Case(
        name=Path(findings.file).stem,
        title=file.title,
        question=file.question.strip(),
        about=file.about.strip(),
        since=file.clock.since if file.clock else None,
        start=file.clock.start if file.clock else None,
        end=file.clock.end if file.clock else None,
        sources={name: read_source(name, body) for name, body in file.sources.items()},
        parameters=parameters,
        actors=actors,
        conditions=conditions,
        infeasible=infeasible,
        issues=issues,
        views=views,
        status_quo=status_quo or {},
        claims=claims,
        history=history,
        brief=tuple(file.brief),
        phase=read_phase(file, names, findings),
        notes=file.notes,
        namespace=names.namespace,
        sha256=hashlib.sha256(raw).hexdigest(),
        path=findings.file,
        text=raw,
        correlations=correlations,
        variants=variants,
        meant=read_meant(file, findings),
        drafted_by=read_draft_notes(file, findings),
        bargaining=bargaining,
        places=Places.in_tree(findings.root),
    )
