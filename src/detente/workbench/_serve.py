"""Serving a folder on this machine: the socket, the token, the address to open."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from detente.errors import InputError
from detente.workbench._desk import Desk
from detente.workbench._guard import new_token
from detente.workbench._server import application

HOST = "127.0.0.1"


def serve(
    root: Path,
    page: str = "/",
    port: int = 0,
    opened: Callable[[str], None] = print,
    progress: Callable[[str], None] = print,
) -> None:
    """Serve a folder of cases until stopped.

    Parameters
    ----------
    root : Path
    page : str
        The page to open, with its query.
    port : int
        0 takes one that is free.
    opened : callable
        Told the address to open, once it answers.
    progress : callable
        Told how far the solver's kernels are.

    Raises
    ------
    InputError
        When the port is taken.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError as error:
        raise InputError(f"port {port}: {error.strerror}; choose another with --port") from None
    listening.listen()  # so that a browser that comes before the server waits
    port = listening.getsockname()[1]
    token, desk = new_token(), Desk(root)
    hosts = frozenset({f"{HOST}:{port}", f"localhost:{port}"})
    app = application(desk, token, hosts)
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
    server = uvicorn.Server(config)

    async def run() -> None:
        async def warm() -> None:
            async for line in desk.ask({"kind": "warm"}):
                if "say" in line:
                    progress(line["say"])

        warming = asyncio.create_task(warm())
        sign = "&" if "?" in page else "?"
        opened(f"http://{HOST}:{port}{page}{sign}token={token}")
        await server.serve(sockets=[listening])
        warming.cancel()

    asyncio.run(run())
