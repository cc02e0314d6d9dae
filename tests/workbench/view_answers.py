"""What a view answers, asked in this process, without a server or a browser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from detente.study import Study
from detente.workbench._bench import Bench, Scene
from detente.workbench._request import Request
from detente.workbench._solver import PageSolver

SOLVER = PageSolver(Path(__file__).parent)


def lines_of(view: str, query: str) -> list[Mapping[str, Any]]:
    """Return every line of a view's stream."""
    return list(SOLVER.answer({"kind": "stream", "view": view, "query": query}))


def places_of(view: str, query: str) -> dict[str, str]:
    """Return what stands in each place at the end; a stream that fails is an error."""
    lines = lines_of(view, query)
    assert lines[-1] == {"end": "done"}, lines[-1]
    return {line["put"]: line["html"] for line in lines if "put" in line}


def page_of(view: str, query: str, plain: bool = True) -> str:
    """Return a page, all of it answered by default."""
    question = {"kind": "page", "view": view, "query": query, "plain": plain}
    return str(next(iter(SOLVER.answer(question)))["html"])


def export_of(view: str, query: str, ending: str) -> Mapping[str, Any]:
    """Return what is downloaded: its text as ``file``, its name."""
    question = {"kind": "export", "ending": ending, "view": view, "query": query}
    return next(iter(SOLVER.answer(question)))


def request_of(query: str) -> Request:
    """Return what a view is asked with."""
    return SOLVER._request(query)


def few_draws(bench: Bench, scene: Scene, stages: object = ()) -> Iterator[Study]:
    """Stand in for the draws of processes of their own, which take seconds to start."""
    yield scene.case.study(draws=4, rng=0)
