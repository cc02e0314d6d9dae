"""A study: every claim answered for many draws of the parameters, on all cores.

The draws still to do are cut into pieces; threads, processes or a cluster solve them, and finished
pieces are kept as chunks, in memory or in a file. What a draw gives depends on its number only, and
chunks are read back in order of draws, so the results are the same however the work was shared,
stopped and taken up again. A draw that fails is kept with its reason and the study goes on.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import detente
from detente.case import Case, read_case
from detente.engine import (
    FAILURES,
    Backend,
    Chunk,
    ChunkFile,
    Progress,
    Seed,
    cut_pieces,
    go_on,
    reason_of,
    run_tasks,
)
from detente.errors import AnalysisError, CaseError, InputError
from detente.study._design import Design, inputs_of, make_design
from detente.study._edition import case_changed
from detente.study._result import Study, assemble
from detente.study._solve import DrawOutcome, asked_claims, failed, solve_draw, width
from detente.study._store import STUDY, open_store, sound_chunks

_PIECES = 200
_SMALLEST, _LARGEST = 5, 500
_UNDONE = 20_000_000
"""Numbers that a study may lack, however few it has, and be shown: a second or two."""
_OF_DONE = 20
"""How many times the draws that are done it may have, so that what it costs goes with its size."""


def run_study(
    case: Case,
    draws: int = 400,
    rng: Seed = None,
    workers: int | None = None,
    progress: Progress | None = None,
    *,
    design: str | Design = "lhs",
    store: Path | str | None = None,
    resume: bool = False,
    chunk: int | None = None,
    processes: bool = False,
    cluster: str | None = None,
) -> Study:
    """Answer every claim of a case for many draws of its parameters.

    Parameters
    ----------
    case : Case
    draws : int
    rng : int, numpy Generator or None
        Seed or generator.
    workers : int, optional
        Threads or processes; all cores by default. Results do not depend on it.
    progress : callable, optional
        Called with (draws done, draws, draws failed) after each draw.
    design : str or Design
        ``lhs``, ``sobol``, ``saltelli`` (for Sobol indices), ``morris`` or ``tornado``; see
        `detente.study.make_design`. Or draws that come from elsewhere, which need no number and
        no seed and cannot be stored.
    store : path, optional
        Study file to write, a chunk at a time; in memory only by default.
    resume : bool
        Go on with the draws that a study file lacks; a new file is begun where there is none.
    chunk : int, optional
        Draws that are stored together; about a 200th of the draws by default.
    processes : bool
        Work in processes of their own rather than in threads of this one: faster from some hundred
        draws on, and safe from a crash.
    cluster : str, optional
        Address of a Dask scheduler whose workers do the work.

    Raises
    ------
    InputError
        When the store holds another study, or one already and ``resume`` is not asked for.
    AnalysisError
        When every draw fails (the message gives the first reason), or the file cannot be written.

    Examples
    --------
    >>> import detente
    >>> study = run_study(detente.load("chicken"), draws=10, rng=1)
    >>> len(study.completed), study.verdicts()[0].claim.id
    (10, 'K1')

    See Also
    --------
    detente.study.open_study : Read a study file.
    """
    backend = Backend("processes" if processes else "threads", workers)
    if cluster is not None:
        backend = Backend("cluster", address=cluster)
    if chunk is not None and chunk < 1:
        raise InputError(f"chunk is {chunk}; give one or more")
    plan = design if isinstance(design, Design) else make_design(case, draws, rng, design)
    if store is not None and plan is design:
        raise InputError(
            "draws that come from elsewhere cannot be stored; leave out store, and export results"
        )
    size = chunk or min(max(len(plan) // _PIECES, _SMALLEST), _LARGEST)

    def work(done: Sequence[range]) -> Generator[Chunk]:
        return _chunks(case, plan, cut_pieces(len(plan), size, done), backend, progress)

    if store is None:
        if resume:
            raise InputError("resume is about a study file; give store too")
        return assemble(case, plan, work(()))
    with go_on(Path(store), STUDY, describe(case, plan), resume) as file:
        with closing(work(file.done())) as chunks:
            for finished in chunks:
                file.add(finished)
        if sum(map(len, file.done())) < len(plan):
            raise AnalysisError(
                f"{store}: draws that were stored are gone; another program changed the file: "
                "choose another one"
            )
        return assemble(case, plan, sound_chunks(file, case, plan))


def first_draws(case: Case, design: Design, outcomes: Sequence[DrawOutcome]) -> Study:
    """Put the first draws of a design together, as `solve_draw` gave them.

    Raises
    ------
    AnalysisError
        When every draw failed.
    """
    return assemble(case, design, [_gather(design, range(len(outcomes)), outcomes)])


def open_study(path: Path | str) -> Study:
    """Read a study file, finished or not.

    Parameters
    ----------
    path : path or str

    Returns
    -------
    Study
        Draws not done yet are missing from ``completed``; ``outdated`` says so where the case file
        has changed since.

    Raises
    ------
    InputError
        When there is no such file, when it is no study, when it is damaged, or when it was made
        with packages that draw other parameter values.
    AnalysisError
        When no draw is done yet, or very few of many.
    """
    with open_store(path) as file:
        case, design = _studied(file)
        found = assemble(case, design, sound_chunks(file, case, design))
        return replace(found, outdated=case_changed(case))


def _studied(file: ChunkFile) -> tuple[Case, Design]:
    """Return what a study file says that it is about, where all that it says goes together."""
    head, path = file.heading, file.path
    if head["version"] != detente.__version__:
        raise InputError(f"{path}: made by detente {head['version']}; read it with that")
    draws, done = head["draws"], sum(map(len, file.done()))
    if draws > max(_UNDONE // sum(STUDY.widths(head).values()), _OF_DONE * done):
        raise AnalysisError(
            f"{path}: only {done:,} of {draws:,} draws are done, too few to be shown; go on with "
            "--resume"
        )
    try:
        case = read_case(head["text"].encode("utf-8"), head["case"])
        case = _changed(case, head["variants"], head["settings"])
        about = {"names": list(inputs_of(case).columns), **_asked(case)}
        if about != {name: head[name] for name in about}:
            raise STUDY.damaged(path, "its heading does not go with the case in it")
        design = make_design(case, draws, head["seed"], head["design"])
    except CaseError as error:
        raise InputError(f"{path}: the case in it cannot be read:\n{error}") from None
    except FAILURES as error:
        raise InputError(f"{path}: {reason_of(error).removeprefix(f'{path}: ')}") from None
    stated = _heading(case, design)
    if stated["values"] != head["values"]:
        raise InputError(
            f"{path}: made with another SciPy, which draws other parameter values; read it with "
            "that one"
        )
    if stated != head:
        raise STUDY.damaged(path, "its heading does not go with the case in it")
    return case, design


def describe(case: Case, design: Design) -> dict[str, Any]:
    """Return what a study file says of a study, ready for JSON.

    Raises
    ------
    InputError
        When the case is not what its text says, so that the file could not be understood later.
    """
    if _changed(read_case(case.text, case.path), case.chosen, case.settings) != case:
        raise InputError(
            f"{case.name} was changed after it was read; a stored study needs a case as a file has "
            "it: write the change into the file"
        )
    return _heading(case, design)


def _heading(case: Case, design: Design) -> dict[str, Any]:
    return {
        "version": detente.__version__,
        "case": case.path,
        "sha256": case.sha256,
        "text": case.text.decode("utf-8"),
        "settings": dict(case.settings),
        "variants": list(case.chosen),
        "design": design.kind,
        "draws": len(design),
        "seed": design.seed,
        "names": list(design.names),
        "values": hashlib.sha256(design.values.astype("<f8").tobytes()).hexdigest(),
        **_asked(case),
    }


def _asked(case: Case) -> dict[str, Any]:
    return {"claims": [claim.id for claim in asked_claims(case)], "series": width(case)}


def _changed(case: Case, variants: Sequence[str], settings: Mapping[str, float]) -> Case:
    """Return a case as its file has it with what was chosen and set."""
    return case.variant(*variants).set(settings)


def _chunks(
    case: Case,
    design: Design,
    pieces: Sequence[range],
    backend: Backend,
    progress: Progress | None,
) -> Generator[Chunk]:
    starts = [piece.start for piece in pieces]
    begun: dict[int, dict[int, DrawOutcome]] = defaultdict(dict)
    done = len(design) - sum(map(len, pieces))
    outcomes = run_tasks(
        solve_draw, case, design.point, pieces, backend, failed,
        progress=progress, failed=_has_failed, done=done,
    )  # fmt: skip
    with closing(outcomes):
        for number, outcome in outcomes:
            place = bisect_right(starts, number) - 1
            piece, found = pieces[place], begun[place]
            found[number] = outcome
            if len(found) == len(piece):
                del begun[place]
                yield _gather(design, piece, [found[n] for n in piece])


def _has_failed(outcome: DrawOutcome) -> bool:
    return any(not claim for claim, _ in outcome.failures)


def _gather(design: Design, piece: range, outcomes: Sequence[DrawOutcome]) -> Chunk:
    """Put outcomes of consecutive draws together; failures are (draw, claim id, reason)."""
    columns = {
        name: np.stack([getattr(outcome, name) for outcome in outcomes])
        for name in ("answers", "unscoped", "paths", "work", "seconds")
    }
    failures = [
        (n, *failure) for n, one in zip(piece, outcomes, strict=True) for failure in one.failures
    ]
    parameters = design.values[piece.start : piece.stop]
    return Chunk(
        piece.start, len(piece), {"parameters": parameters, **columns, "failures": failures}
    )
