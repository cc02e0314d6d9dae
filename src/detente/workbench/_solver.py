"""The process that reads cases and solves: it answers questions, each in a thread, line by line.

Questions come on the standard input and answers go to the standard output, one JSON value a line,
each with the number of its question. ``{"stop": number}`` makes a question pointless; it is left at
the next place where that can be done. A process of its own, so that whatever a solve does, the
server goes on: it can be ended and another started at any time, as it holds nothing but what can be
solved again. Cost: that of what is asked.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock
from typing import Any, TextIO

from detente.case import CaseFolder
from detente.engine import FAILURES, reason_of, stop_when
from detente.errors import CaseError, InputError, Stopped
from detente.text import suggestion
from detente.workbench._bench import Bench
from detente.workbench._controls import panel
from detente.workbench._export import export_page, export_table, file_name
from detente.workbench._page import render_error, render_page, render_refusal
from detente.workbench._paper_head import paper_head
from detente.workbench._request import PageView, Request, put_all, say
from detente.workbench._setting import Setting
from detente.workbench._start import render_start
from detente.workbench._turns import AT_ONCE
from detente.workbench._views import ACTIONS, VIEWS
from detente.workbench._warm import warm

THREADS = AT_ONCE + 8
"""For the questions that solve, and for pages and actions, which do not wait for a turn."""

_SWITCH = 0.0005
"""Seconds that a thread keeps the interpreter from others: several solve one answer."""

Answer = Iterator[Mapping[str, Any]]


class PageSolver:
    """Answers questions about the cases of a folder."""

    def __init__(self, root: Path) -> None:
        self.bench = Bench(CaseFolder(root))

    def answer(self, question: Mapping[str, Any]) -> Answer:
        """Answer one question, as lines; the last has ``end``."""
        kinds: dict[str, Callable[[Mapping[str, Any]], Answer]] = {
            "page": self._page,
            "stream": self._stream,
            "export": self._export,
            "act": self._act,
            "warm": self._warm,
        }
        try:
            yield from kinds[question["kind"]](question)
        except Stopped:
            yield {"end": "stopped"}
        except FAILURES as error:
            yield {"end": "failed", "error": reason_of(error), "input": _is_input(error)}
        else:
            yield {"end": "done"}

    def _page(self, question: Mapping[str, Any]) -> Answer:
        view, query = question["view"], question["query"]
        if not view:
            yield {"html": render_start(self.bench)}
            return
        try:
            found = _view(view)
        except InputError as error:
            yield {"html": render_error(error, Setting(""), ""), "status": 404}
            return
        asked, stamp, plain = Setting(""), "", question["plain"]
        try:
            asked = self._setting(query)
            # The stamp is taken first: what changes in between is then seen, and not overlooked.
            stamp = self.bench.folder.stamp(asked.case)
            case = self.bench.case(asked.case)
        except InputError as error:
            html = self._mending(found, query, error) or render_error(error, asked, stamp, VIEWS)
            yield {"html": html, "status": 422}
            return
        try:
            html = render_page(VIEWS, found, self._request(query), plain, stamp)
        except InputError as error:
            own = bool(Setting.parse(query)[1].keys() - {"plain"})
            html = render_refusal(VIEWS, found, asked, case, str(error), own, plain, stamp)
        yield {"html": html}

    def _mending(self, view: PageView, query: str, error: InputError) -> str:
        """Return a page to mend a case that cannot be read, where the view has one."""
        if isinstance(error, CaseError) and view.mend is not None:
            setting, words = Setting.parse(query)
            with suppress(InputError):
                return view.mend(self.bench, setting.case, error, words)
        return ""

    def _stream(self, question: Mapping[str, Any]) -> Answer:
        setting = self._setting(question["query"])
        case = self.bench.case(setting.case)
        words = paper_head(setting.at(case), case)
        yield put_all({**panel(setting, case), "setting-words": words})
        view, request = _view(question["view"]), self._request(question["query"])
        (view.check or view.frame)(request)  # what it refuses, before anything is answered
        yield from view.answer(request)

    def _export(self, question: Mapping[str, Any]) -> Answer:
        view, request = _view(question["view"]), self._request(question["query"])
        if question["ending"] == "html":
            name, text = "", export_page(view, request)
        else:
            name = request.words.get("table", "")
            text = export_table(view, request, name)
        yield {"file": text, "name": file_name(view, request, name, question["ending"])}

    def _act(self, question: Mapping[str, Any]) -> Answer:
        name = question["name"]
        if name not in ACTIONS:
            raise InputError(f"there is no action {name!r}; {suggestion(name, ACTIONS, 'action')}")
        if not isinstance(question["body"], dict):
            raise InputError(f"the action {name} takes a mapping; load the page again")
        yield from ACTIONS[name](self.bench, question["body"])

    def _warm(self, question: Mapping[str, Any]) -> Answer:
        for words in warm():
            yield say(words)
        gc.collect()
        gc.freeze()  # a look through all that stays takes 80 ms, as long as an answer

    def _setting(self, query: str) -> Setting:
        setting, _ = Setting.parse(query)
        if not setting.case:
            raise InputError("the address names no case; open one from the list of cases")
        return setting

    def _request(self, query: str) -> Request:
        setting, words = Setting.parse(query)
        return Request(self.bench, self.bench.scene(setting), words)


def _view(name: str) -> PageView:
    if name not in VIEWS:
        raise InputError(f"there is no page {name!r}; {suggestion(name, VIEWS, 'page')}")
    return VIEWS[name]


def _is_input(error: BaseException) -> bool:
    return isinstance(error, InputError)


def serve_questions(source: Iterable[str], sink: TextIO, root: Path) -> None:
    """Answer the questions of one stream of lines on another until the first ends."""
    solver, writing, pointless = PageSolver(root), Lock(), dict[int, Event]()

    def write(number: int, line: Mapping[str, Any]) -> None:
        text = json.dumps({"id": number, **line}, ensure_ascii=False, allow_nan=False)
        with writing:
            sink.write(text + "\n")
            sink.flush()

    def work(number: int, question: Mapping[str, Any], gone: Event) -> None:
        try:
            with stop_when(gone.is_set):
                for line in solver.answer(question):
                    write(number, line)
        except Exception as error:  # a fault of the program must not take the others with it
            traceback.print_exc()
            write(number, {"end": "fault", "error": f"{type(error).__name__}: {error}"})
        finally:
            pointless.pop(number, None)

    with ThreadPoolExecutor(THREADS) as pool:
        for text in source:
            question = json.loads(text)
            if "stop" in question:
                gone = pointless.get(question["stop"])
                if gone is not None:
                    gone.set()
                continue
            number = question["id"]
            pointless[number] = Event()
            pool.submit(work, number, question, pointless[number])


def main() -> None:
    """Run as ``python -m detente.workbench._solver FOLDER``."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this
    sys.setswitchinterval(_SWITCH)
    # What a library prints must not get between the answers.
    sink = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    source = os.fdopen(os.dup(0), encoding="utf-8", newline="\n")
    serve_questions(_then_exit(source), sink, Path(sys.argv[1]))


def _then_exit(source: Iterable[str]) -> Iterator[str]:
    """Give lines; behind the last one the server is gone, and nobody waits for any answer."""
    yield from source
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)  # the workers too, which would end their draws first
    os._exit(0)


if __name__ == "__main__":
    main()
