"""A server on this machine that speaks the chat interface, or anything but.

Each request is answered by the next of a list of replies; all that came is remembered.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class FakeServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, replies: Sequence[Reply]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies = list(replies)
        self.came: list[tuple[str, dict[str, str], Any]] = []
        self.over = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: whoever asked may leave whenever it likes."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FakeServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came.append((self.path, dict(self.headers), json.loads(body)))
        self.server.replies.pop(0)(self)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


Reply = Callable[[_Handler], None]


@contextmanager
def fake_server(*replies: Reply) -> Iterator[FakeServer]:
    server = FakeServer(replies)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def says(text: str) -> Reply:
    """Answer with a text, as such servers do."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}}
    return raw(json.dumps({"id": "x", "choices": [choice]}).encode())


def raw(body: bytes, status: int = 200, **headers: str) -> Reply:
    return lambda handler: handler.send(status, body, **headers)


def silent(handler: _Handler) -> None:
    """Never answer."""
    handler.server.over.wait(30)


def trickling(handler: _Handler) -> None:
    """Begin an answer and send a blank now and then, so that no single read waits long."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.server.over.wait(0.02):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def trickling_headers(handler: _Handler) -> None:
    """Send a head that has no end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-")
    while not handler.server.over.wait(0.02):
        handler.wfile.write(b"a")
        handler.wfile.flush()


def endless(handler: _Handler) -> None:
    """Send as much as is taken."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.server.over.is_set():
        handler.wfile.write(b'{"choices": [' + b" " * 2**18)
