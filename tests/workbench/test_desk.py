"""Questions and answers between the server and a solver that is slow, deaf, mad or dead.

The desk alone, and behind the server by ASGI; the solver is `slow_solver`.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

import httpx

from detente.workbench._desk import Desk
from detente.workbench._server import application
from workbench import slow_solver
from workbench.conftest import run_async

HOST = "127.0.0.1:8000"


def with_desk(
    folder: Path, act: Callable[[Desk], Awaitable[Any]], patience: float = 5, at_once: int = 4
) -> Any:
    """Run a coroutine with a desk whose solver is the slow one, and end it."""
    command = [sys.executable, slow_solver.__file__, str(folder / "book")]

    async def run() -> Any:
        desk = Desk(folder, command, patience, at_once)
        try:
            async with asyncio.timeout(60):
                return await act(desk)
        finally:
            await desk.close()

    return run_async(run())


def book(folder: Path) -> list[str]:
    return (folder / "book").read_text(encoding="utf-8").splitlines()


async def asked(desk: Desk, query: str, tab: str = "", lane: str = "") -> list[Any]:
    question = {"kind": "stream", "view": "claims", "query": query}
    return [line async for line in desk.ask(question, tab, lane)]


def last(lines: Sequence[Any]) -> str:
    return str(lines[-1]["end"])


async def until(found: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not found():
            await asyncio.sleep(0.01)


def test_lines_come_in_order(tmp_path: Path) -> None:
    lines = with_desk(tmp_path, lambda desk: asked(desk, "name=a&say=50"))
    assert [line["say"] for line in lines[:-1]] == [f"a {k}" for k in range(50)]
    assert last(lines) == "done"


def test_the_newest_of_a_tab_and_lane_wins(tmp_path: Path) -> None:
    """Would catch: an older answer that ends after a newer one, and lanes that stop each other."""

    async def act(desk: Desk) -> list[str]:
        older = asyncio.create_task(asked(desk, "name=older&wait=30", "one", "claims"))
        await until(lambda: "begin older" in book(tmp_path))
        others = [
            asyncio.create_task(asked(desk, f"name={name}&wait=0.5", *place))
            for name, place in (("lane", ("one", "paths")), ("tab", ("two", "claims")))
        ]
        newer = await asked(desk, "name=newer", "one", "claims")
        rest = await asyncio.gather(older, *others)
        await until(lambda: "stopped older" in book(tmp_path))
        return [last(lines) for lines in (newer, *rest)]

    (tmp_path / "book").touch()
    assert with_desk(tmp_path, act) == ["done", "stopped", "done", "done"]


def test_who_leaves_stops_the_work(tmp_path: Path) -> None:
    async def act(desk: Desk) -> None:
        async with aclosing(desk.ask({"query": "name=left&say=9&wait=0.2"}, "t", "l")) as answer:
            await anext(answer)
        await until(lambda: "stopped left" in book(tmp_path))

    with_desk(tmp_path, act)


def test_a_solver_that_ends_is_replaced(tmp_path: Path) -> None:
    """Would catch: a server that waits for ever for a process that is gone."""

    async def act(desk: Desk) -> tuple[list[Any], ...]:
        first, second = await asyncio.gather(
            asked(desk, "name=slow&wait=30"), asked(desk, "name=fatal&say=2&wait=0.5&die=1")
        )
        return first, second, await asked(desk, "name=after")

    first, second, after = with_desk(tmp_path, act)
    assert (last(first), last(second), last(after)) == ("died", "died", "done")
    assert second[0] == {"say": "fatal 0"}
    assert sum(line.startswith("solver") for line in book(tmp_path)) == 2


def test_a_solve_that_does_not_stop_is_ended(tmp_path: Path) -> None:
    """Would catch: a stuck solve that holds its place for good, or one that is never ended."""

    async def act(desk: Desk) -> tuple[float, list[str]]:
        stuck = asyncio.create_task(asked(desk, "name=stuck&wait=60&deaf=1", "a", "claims"))
        other = asyncio.create_task(asked(desk, "name=other&wait=60&deaf=1", "b", "claims"))
        await until(lambda: {"begin stuck", "begin other"} <= set(book(tmp_path)))
        start = time.monotonic()
        desk.stop("a")
        ends = [last(await stuck), last(await other)]
        return time.monotonic() - start, [*ends, last(await asked(desk, "name=next", "a"))]

    (tmp_path / "book").touch()
    seconds, ends = with_desk(tmp_path, act, patience=0.3)
    assert ends == ["stopped", "died", "done"]
    assert seconds < 5


def test_what_is_no_answer_is_passed_over(tmp_path: Path) -> None:
    lines = with_desk(tmp_path, lambda desk: asked(desk, "name=mad&garbage=1&say=2"))
    assert lines == [{"say": "mad 0"}, {"say": "mad 1"}, {"end": "done"}]


def test_tabs_take_turns(tmp_path: Path) -> None:
    """Would catch: one tab with many questions that keeps the others waiting."""

    async def act(desk: Desk) -> None:
        many = [
            asyncio.create_task(asked(desk, f"name=many{k}&wait=0.05", "many", f"lane{k}"))
            for k in range(20)
        ]
        await until(lambda: "begin many0" in book(tmp_path))
        await asked(desk, "name=one", "one", "claims")
        await asyncio.gather(*many)

    (tmp_path / "book").touch()
    with_desk(tmp_path, act, at_once=1)
    begun = [line for line in book(tmp_path) if line.startswith("begin")]
    assert begun.index("begin one") <= 3
    assert len(begun) == 21


def test_no_more_than_so_many_at_once(tmp_path: Path) -> None:
    async def act(desk: Desk) -> None:
        await asyncio.gather(*(asked(desk, f"name={k}&wait=0.05", f"tab{k}") for k in range(12)))

    with_desk(tmp_path, act, at_once=3)
    under_way = most = 0
    for line in book(tmp_path):
        under_way += line.startswith("begin") - line.startswith("end")
        most = max(most, under_way)
    assert most == 3


def test_a_flood_ends_on_the_newest(tmp_path: Path) -> None:
    """200 questions of one tab at once: the last is answered, and all others end."""

    async def act(desk: Desk) -> list[list[Any]]:
        found = await asyncio.gather(
            *(asked(desk, f"name=q{k}&wait=0.05", "tab", "claims") for k in range(200))
        )
        assert last(await asked(desk, "name=after", "tab", "claims")) == "done"
        return list(found)

    ends = [last(lines) for lines in with_desk(tmp_path, act)]
    assert ends == ["stopped"] * 199 + ["done"]


def test_a_flood_of_lanes_is_refused_in_words(tmp_path: Path) -> None:
    """Would catch: a queue without bound."""

    async def act(desk: Desk) -> list[list[Any]]:
        floods = (asked(desk, f"name=q{k}&wait=0.01", "tab", f"lane{k}") for k in range(200))
        return list(await asyncio.gather(*floods))

    lines = [found[-1] for found in with_desk(tmp_path, act)]
    refused = [line for line in lines if "wait already" in line.get("error", "")]
    assert len(refused) == 200 - 4 - 100
    assert all(line["end"] == "done" for line in lines if line not in refused)


def test_a_solver_that_cannot_be_started_is_an_answer(tmp_path: Path) -> None:
    async def act() -> list[Any]:
        desk = Desk(tmp_path, ["/no/such/program"])
        return await asked(desk, "name=a") + await asked(desk, "name=b")

    lines = run_async(act())
    assert [line["end"] for line in lines] == ["failed", "failed"]
    assert "cannot be started" in lines[0]["error"]


def test_the_server_streams_line_by_line_and_stops_on_disconnect(tmp_path: Path) -> None:
    """Would catch: lines held back until the end, and work that goes on for a closed tab."""

    async def act(desk: Desk) -> list[Any]:
        app = application(desk, "secret", frozenset({HOST}))
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/stream/claims",
            "raw_path": b"/stream/claims",
            "query_string": b"name=seen&say=100&wait=0.1&tab=t",
            "headers": [(b"host", HOST.encode()), (b"cookie", b"detente-8000=secret")],
        }
        sent: list[Any] = []
        leave = asyncio.Event()

        async def receive() -> dict[str, Any]:
            await leave.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)
            if len(sent) == 3:
                leave.set()

        await app(scope, receive, send)  # type: ignore[arg-type]
        await until(lambda: "stopped seen" in book(tmp_path))
        return sent

    sent = with_desk(tmp_path, act)
    assert [json.loads(part["body"]) for part in sent[1:3]] == [
        {"say": "seen 0"},
        {"say": "seen 1"},
    ]


def test_a_page_of_the_server_stops_what_it_asked(tmp_path: Path) -> None:
    async def act(desk: Desk) -> tuple[int, int, str, str]:
        app = application(desk, "secret", frozenset({HOST}))
        cookie = {"cookie": "detente-8000=secret"}
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(
            transport=transport, base_url=f"http://{HOST}", headers=cookie
        ) as client:
            stream = asyncio.create_task(client.get("/stream/claims?name=long&wait=60&tab=t"))
            await until(lambda: "begin long" in book(tmp_path))
            stopped = await client.post("/stop", json={"tab": "t"})
            wrong = await client.post("/stop", json={"tab": 3})
            again = await client.get("/stream/claims?name=again&tab=t")
            return stopped.status_code, wrong.status_code, (await stream).text, again.text

    (tmp_path / "book").touch()
    stopped, wrong, long, again = with_desk(tmp_path, act)
    assert (stopped, wrong) == (204, 400)
    assert json.loads(long) == {"end": "stopped"}
    assert json.loads(again.splitlines()[-1]) == {"end": "done"}
