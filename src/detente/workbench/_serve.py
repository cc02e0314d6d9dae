"""Serving a folder: the socket, the token, the address to open, and the end.

By default only this machine reaches it. Under another host others on the network do, and the token
in the first address is what keeps them out.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType

import uvicorn

from detente.errors import InputError
from detente.workbench._desk import Desk
from detente.workbench._guard import LONGEST_HEADERS, new_token
from detente.workbench._server import application

HOST = "127.0.0.1"
PORT = 8737
"""Taken where it is free, so that an address that was noted down is good the next day too."""
_CONNECTIONS = 256
_GRACE = 2
"""Seconds that answers under way have when the server ends."""
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def serve(
    root: Path,
    page: str = "/",
    host: str = HOST,
    port: int | None = None,
    opened: Callable[[str], None] = print,
    progress: Callable[[str], None] = print,
) -> None:
    """Serve a folder of cases until stopped.

    Parameters
    ----------
    root : Path
    page : str
        The page to open, with its query.
    host : str
        The address to listen at: one of this machine, or ``0.0.0.0`` for all of them.
    port : int, optional
        0 takes one that is free; without it, the usual one, or one that is free.
    opened : callable
        Told the address to open, once it answers.
    progress : callable
        Told how far the solver's kernels are.

    Raises
    ------
    InputError
        When the port is taken, or the host is no address of this machine.
    """
    listening = _listen(host, port)
    port = listening.getsockname()[1]
    names = host_names(host)
    token, desk = new_token(), Desk(root.resolve())
    app = application(desk, token, frozenset(_with_port(name, port) for name in names))
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        h11_max_incomplete_event_size=2 * LONGEST_HEADERS,
        limit_concurrency=_CONNECTIONS,
        timeout_graceful_shutdown=_GRACE,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )

    async def run() -> None:
        server = _Server(config, desk)
        warming = asyncio.create_task(desk.warm(progress))
        sign = "&" if "?" in page else "?"
        opened(f"http://{_with_port(names[0], port)}{page}{sign}token={token}")
        await server.serve(sockets=[listening])
        warming.cancel()
        with suppress(asyncio.CancelledError):
            await warming

    # A server that was started in the background ignores Ctrl-C, and its jobs would with it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    asyncio.run(run())


class _Server(uvicorn.Server):
    """A server that ends the solver as soon as it is to end, so that no answer is waited for."""

    def __init__(self, config: uvicorn.Config, desk: Desk) -> None:
        super().__init__(config)
        self._desk = desk
        self._loop = asyncio.get_running_loop()
        self._closing: asyncio.Task[None] | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self._loop.call_soon_threadsafe(self._close)

    def _close(self) -> None:
        self._closing = asyncio.create_task(self._desk.close())


def _listen(host: str, port: int | None) -> socket.socket:
    """Return a socket that listens already, so that a browser that comes early waits."""
    try:
        kind, _, _, _, address = socket.getaddrinfo(
            host, port or 0, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError):
        raise InputError(
            f"{host}: there is no such host; give an address of this machine"
        ) from None
    for number in (PORT, 0) if port is None else (port,):
        listening = socket.socket(kind, socket.SOCK_STREAM)
        if os.name != "nt":  # where it would let two servers share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((address[0], number, *address[2:]))
            listening.listen()
        except OSError as error:
            listening.close()
            if port is None and number:
                continue
            raise InputError(_why_not(error, host, number)) from None
        return listening
    raise AssertionError("port 0 is taken or refused")


def _why_not(error: OSError, host: str, port: int) -> str:
    words = (error.strerror or str(error)).lower()
    if "assign" in words:
        return f"{host} is no address of this machine; leave --host out, or give one of its own"
    return f"port {port} at {host}: {words}; choose another with --port, or leave it out"


def host_names(host: str) -> tuple[str, ...]:
    """Return the names that a browser may use for a host, the one to open first.

    Examples
    --------
    >>> host_names("127.0.0.1")
    ('127.0.0.1', 'localhost')
    >>> host_names("::1")
    ('[::1]', 'localhost')
    """
    bracketed = f"[{host}]" if ":" in host else host.lower()
    if host in {"0.0.0.0", "::"}:
        own = socket.gethostname().lower()
        return tuple(dict.fromkeys((*_outward(), own, f"{own}.local", *_LOOPBACK)))
    if bracketed in _LOOPBACK:
        return tuple(dict.fromkeys((bracketed, "localhost")))
    return (bracketed,)


def _outward() -> tuple[str, ...]:
    """Return the address under which the network sees this machine; nothing is sent for that."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("192.0.2.1", 9))
        return (str(probe.getsockname()[0]),)
    return ()


def _with_port(name: str, port: int) -> str:
    return name if port == 80 else f"{name}:{port}"
