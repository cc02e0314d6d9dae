"""A study: every claim answered for many draws of the parameters, on all cores.

The draws still to do are cut into pieces; threads, processes or a cluster solve them, and finished
pieces are kept as chunks, in memory or in a file. What a draw gives depends on its number only, and
chunks are read back in order of draws, so the results are the same however the work was shared,
stopped and taken up again. A draw that fails is kept with its reason and the study goes on.
"""

from __future__ import annotations

import hashlib
import os
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing
from itertools import islice
from pathlib import Path

import detente
from detente.case import Case, read_case
from detente.engine import Seed
from detente.errors import InputError
from detente.study._chunk import Chunk, gather
from detente.study._cluster import solve_on_cluster
from detente.study._design import Design, make_design
from detente.study._processes import solve_in_processes
from detente.study._result import Study, assemble
from detente.study._resume import refuse_another
from detente.study._solve import DrawOutcome, asked_claims, solve_draw, width
from detente.study._store import Store, StudyHeader, create, open_store

Progress = Callable[[int, int, int], None]

_PIECES = 200
_SMALLEST, _LARGEST = 5, 500
_AHEAD = 4
"""Draws handed out for each thread: enough that none waits, few enough for any memory."""


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

    Returns
    -------
    Study

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
    for name, number in (("workers", workers), ("chunk", chunk)):
        if number is not None and number < 1:
            raise InputError(f"{name} is {number}; give one or more")
    plan = design if isinstance(design, Design) else make_design(case, draws, rng, design)
    if store is not None and plan is design:
        raise InputError(
            "draws that come from elsewhere cannot be stored; leave out store, and export results"
        )
    size = chunk or min(max(len(plan) // _PIECES, _SMALLEST), _LARGEST)

    def work(done: Sequence[range]) -> Generator[Chunk]:
        pieces = _undone(len(plan), done, size)
        hands = min(workers or os.cpu_count() or 1, max(len(pieces), 1))
        if cluster is not None:
            outcomes = solve_on_cluster(case, plan, pieces, cluster)
        elif processes:
            outcomes = solve_in_processes(case, plan, pieces, hands)
        else:
            outcomes = _solve_in_threads(case, plan, pieces, hands)
        return _chunks(plan, pieces, outcomes, progress)

    if store is None:
        if resume:
            raise InputError("resume is about a study file; give store too")
        return assemble(case, plan, work(()))
    with _opened(Path(store), case, plan, resume) as file:
        with closing(work(file.done())) as chunks:
            for finished in chunks:
                file.add(finished)
        return assemble(case, plan, file.chunks())


def open_study(path: Path | str) -> Study:
    """Read a study file, finished or not.

    Parameters
    ----------
    path : path or str

    Returns
    -------
    Study
        Draws not done yet are missing from ``completed``.

    Raises
    ------
    InputError
        When there is no such file, when it is no study, when it is damaged, or when it was made
        with packages that draw other parameter values.
    AnalysisError
        When no draw is done yet.
    """
    with open_store(Path(path)) as file:
        record = file.record
        case = read_case(record.text.encode("utf-8"), record.case)
        design = make_design(case, record.draws, record.seed, record.design)
        if describe(case, design) != record:
            raise InputError(
                f"{path}: made by detente {record.version} with another SciPy, which draws other "
                "parameter values; read it with those, or `detente study export` it"
            )
        return assemble(case, design, file.chunks())


def _opened(path: Path, case: Case, design: Design, resume: bool) -> Store:
    record = describe(case, design)
    if path.exists():
        if not resume:
            raise InputError(
                f"{path}: there is a study already; go on with it (--resume, resume=True), delete "
                "it, or choose another file"
            )
        store = open_store(path)
        try:
            refuse_another(path, store.record, record)
        except BaseException:
            store.__exit__(None, None, None)
            raise
        return store
    return create(path, record)


def describe(case: Case, design: Design) -> StudyHeader:
    """Return what a study file says of a study.

    Raises
    ------
    InputError
        When the case is not what its text says, so that the file could not be understood later.
    """
    if read_case(case.text, case.path) != case:
        raise InputError(
            f"{case.name} was changed after it was read; a stored study needs a case as a file has "
            "it: write the change into the file"
        )
    return StudyHeader(
        version=detente.__version__,
        case=case.path,
        sha256=case.sha256,
        text=case.text.decode("utf-8"),
        design=design.kind,
        draws=len(design),
        seed=design.seed,
        names=design.names,
        values=hashlib.sha256(design.values.astype("<f8").tobytes()).hexdigest(),
        claims=tuple(claim.id for claim in asked_claims(case)),
        series=width(case),
    )


def _undone(draws: int, done: Sequence[range], size: int) -> list[range]:
    gaps, start = [], 0
    for finished in done:
        gaps.append(range(start, finished.start))
        start = finished.stop
    gaps.append(range(start, draws))
    return [gap[k : k + size] for gap in gaps for k in range(0, len(gap), size)]


def _chunks(
    design: Design,
    pieces: Sequence[range],
    outcomes: Generator[DrawOutcome],
    progress: Progress | None,
) -> Generator[Chunk]:
    starts = [piece.start for piece in pieces]
    begun: dict[int, list[DrawOutcome]] = defaultdict(list)
    done, failed = len(design) - sum(map(len, pieces)), 0
    with closing(outcomes):
        for outcome in outcomes:
            done += 1
            failed += any(not claim for claim, _ in outcome.failures)
            if progress is not None:
                progress(done, len(design), failed)
            place = bisect_right(starts, outcome.number) - 1
            piece, found = pieces[place], begun[place]
            found.append(outcome)
            if len(found) == len(piece):
                found = sorted(begun.pop(place), key=lambda o: o.number)
                yield gather(design.values[piece.start : piece.stop], found)


def _solve_in_threads(
    case: Case, design: Design, pieces: Sequence[range], workers: int
) -> Generator[DrawOutcome]:
    """Solve in this process; kernels release the interpreter, so threads share the cores."""
    numbers = iter([n for piece in pieces for n in piece])
    flying: set[Future[DrawOutcome]] = set()
    with ThreadPoolExecutor(workers) as pool:
        try:
            while True:
                flying |= {
                    pool.submit(solve_draw, case, n, design.draw(n), design.variant(n))
                    for n in islice(numbers, _AHEAD * workers - len(flying))
                }
                if not flying:
                    return
                done, flying = wait(flying, return_when=FIRST_COMPLETED)
                for job in done:
                    yield job.result()
        finally:
            pool.shutdown(cancel_futures=True)
