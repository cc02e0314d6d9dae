"""One question to a server that speaks the chat interface of OpenAI, over HTTP or HTTPS.

The standard library's client connects to the one host of the address and to no other: no proxy is
used and no redirect is followed, so the key goes nowhere else. The exchange runs in a thread beside
the one that waits; when its time is over, whatever the server still sends, the connection is cut.
No more is read of an answer than it may have. Cost: the server's time, within the limit.
"""

from __future__ import annotations

import json
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from detente.drafting._limits import MOST_ANSWER
from detente.errors import AnalysisError, InputError
from detente.text import fit_to_print

KEY_VARIABLE = "DETENTE_API_KEY"
_MOST_BYTES = 4 * MOST_ANSWER
_SHORTEST_SECRET = 12
_BEAT = 5.0
_LOOK = 0.2
"""Seconds after which an interrupt is heard, on every system."""
_TOLD = 200

Waiting = Callable[[float], None]
Message = dict[str, str]
_Parts = tuple[int, str, bytes]
"""Status, the host of a redirect, and the body."""


@dataclass(frozen=True, slots=True)
class ChatEndpoint:
    """A server that answers prompts.

    Attributes
    ----------
    address : str
        Up to, without, ``/chat/completions``: ``http://localhost:8000/v1``.
    model : str
        Name of the model, as the server calls it.
    key : str
        Sent as a bearer token to that server; nothing is sent where it is empty.
    seconds : float
        The most that one answer may take, from the first connection to its last byte.

    Raises
    ------
    InputError
        For an address or a key that is none.

    Examples
    --------
    >>> ChatEndpoint("http://localhost:8000/v1/", "small", "secret").host
    'localhost:8000'
    >>> ChatEndpoint("localhost:8000", "small")
    Traceback (most recent call last):
    detente.errors.InputError: 'localhost:8000' is no address of a server; write it as ...
    """

    address: str
    model: str
    key: str = field(default="", repr=False)
    seconds: float = 600.0

    def __post_init__(self) -> None:
        """Refuse what would not reach a server, or would carry a secret in the open."""
        _split(self.address)
        if not re.fullmatch(r"[!-~]*", self.key):
            raise InputError(f"{KEY_VARIABLE} holds characters that no key has; set it anew")

    @property
    def host(self) -> str:
        """The host that is asked, with its port where one is given."""
        return _split(self.address).netloc

    @property
    def is_open(self) -> bool:
        """Whether what is sent can be read on its way: plain HTTP to another machine."""
        parts = _split(self.address)
        near = parts.hostname == "localhost"
        with suppress(ValueError):
            near = near or ip_address(str(parts.hostname)).is_loopback
        return parts.scheme == "http" and not near

    def ask(self, messages: Sequence[Message], waiting: Waiting = lambda _: None) -> str:
        """Return the answer to a conversation, without the key should the server repeat it.

        Parameters
        ----------
        messages : sequence of dict
            Each with ``role`` and ``content``.
        waiting : callable
            Called with the seconds since the question every few seconds.

        Raises
        ------
        AnalysisError
            When the server gives no answer that can be used, in time and within the size.
        """
        question = {"model": self.model, "messages": list(messages), "stream": False}
        try:
            status, elsewhere, body = self._exchange(json.dumps(question).encode(), waiting)
            body = self._clean(body.decode("utf-8", "replace")).encode()
            if not 200 <= status < 300:
                raise AnalysisError(self._refusal(status, elsewhere, body))
            return self._clean(_content(self.host, body))
        except (OSError, HTTPException, UnicodeError) as error:
            said = self._clean(getattr(error, "strerror", None) or str(error) or "no answer")
            raise AnalysisError(
                f"{self.host} cannot be asked: {fit_to_print(said)[:_TOLD]}; see that the server "
                "runs and that --endpoint is its address"
            ) from None

    def _exchange(self, question: bytes, waiting: Waiting) -> _Parts:
        came: queue.SimpleQueue[_Parts | Exception] = queue.SimpleQueue()
        sockets: list[socket.socket] = []

        def work() -> None:
            try:
                came.put(self._post(question, sockets))
            except Exception as error:  # raised again by the one who waits
                came.put(error)

        start = told = time.monotonic()
        threading.Thread(target=work, daemon=True).start()
        try:
            while True:
                now = time.monotonic()
                if now - start >= self.seconds:
                    raise AnalysisError(
                        f"{self.host} took longer than {self.seconds:g} s; give it more time "
                        "with --timeout, or ask a faster model"
                    )
                with suppress(queue.Empty):
                    found = came.get(timeout=min(_LOOK, start + self.seconds - now))
                    break
                if now - told >= _BEAT:
                    told = now
                    waiting(now - start)
        finally:
            for one in sockets:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
        if isinstance(found, Exception):
            raise found
        return found

    def _post(self, question: bytes, sockets: list[socket.socket]) -> _Parts:
        parts = _split(self.address)
        host, port = str(parts.hostname), parts.port
        later = self.seconds + 1.0  # whoever waits leaves first
        if parts.scheme == "https":
            secure = ssl.create_default_context()
            connection: HTTPConnection = HTTPSConnection(host, port, timeout=later, context=secure)
        else:
            connection = HTTPConnection(host, port, timeout=later)
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Connection": "close",
            **({"Authorization": f"Bearer {self.key}"} if self.key else {}),
        }
        try:
            connection.connect()
            sockets.append(connection.sock)
            path = f"{parts.path.rstrip('/')}/chat/completions"
            connection.request("POST", path, question, headers)
            with connection.getresponse() as response:
                elsewhere = _host_in(response.headers.get("Location") or "")
                return response.status, elsewhere, _body(self.host, response)
        finally:
            connection.close()

    def _refusal(self, status: int, elsewhere: str, body: bytes) -> str:
        """Say why a server did not answer, and what to do."""
        if 300 <= status < 400:
            where = f" to {fit_to_print(self._clean(elsewhere))[:_TOLD]}" if elsewhere else ""
            what = f"{self.host} sends on{where} (HTTP {status}), and nothing is sent there"
            return f"{what}; give that address as --endpoint if you trust it"
        remedy = {
            401: f"set {KEY_VARIABLE} to a key of this server",
            403: f"set {KEY_VARIABLE} to a key that may use this model",
            404: "see that --endpoint ends where its interface begins, such as /v1, and --model",
            413: "the document is too long for it",
            429: "wait, and draft again",
        }.get(status, "see what the server says, and draft again")
        said = self._clean(_reason(body))
        told = f": {fit_to_print(said)[:_TOLD]}" if said else ""
        return f"{self.host} refuses (HTTP {status}){told}; {remedy}"

    def _clean(self, text: str) -> str:
        """Return a text of the server without the key."""
        long = len(self.key) >= _SHORTEST_SECRET
        return text.replace(self.key, "[key]") if long else text


def _split(address: str) -> SplitResult:
    parts = SplitResult("", "", "", "", "")
    with suppress(ValueError):
        found = urlsplit(address)
        parts = found if found.port != 0 else parts
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or not re.fullmatch(r"[!-~]+", address)
    ):
        raise InputError(
            f"{fit_to_print(address)[:_TOLD]!r} is no address of a server; write it as "
            "http://localhost:8000/v1 or https://HOST/v1"
        )
    if "@" in parts.netloc:
        raise InputError(f"the address of a server holds no name or key; put it in {KEY_VARIABLE}")
    if parts.query or parts.fragment:
        raise InputError("the address of a server ends with its path; leave out all from ? or #")
    return parts


def _host_in(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def _body(host: str, response: HTTPResponse) -> bytes:
    pieces, size = [], 0
    while piece := response.read1(2**16):
        size += len(piece)
        if size > _MOST_BYTES:
            raise AnalysisError(
                f"{host} sends more than {_MOST_BYTES // 2**20} MiB, too much for a case; ask "
                "another model"
            )
        pieces.append(piece)
    return b"".join(pieces)


def _content(host: str, body: bytes) -> str:
    """Return the text of an answer."""
    answer = _json(body)
    if answer is None:
        start = fit_to_print(body[:60].decode("utf-8", "replace"))
        raise AnalysisError(
            f"{host} answers something else than JSON, beginning {start!r}; see that --endpoint "
            "is the address of a chat interface"
        )
    choice = _item(_item(answer, "choices"), 0)
    content = _item(_item(choice, "message"), "content")
    if not isinstance(content, str) or not content.strip():
        raise AnalysisError(
            f"{host} answers without a text in choices[0].message.content; ask another model, or "
            "see that the server speaks the chat interface"
        )
    return content


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _item(value: Any, key: str | int) -> Any:
    if isinstance(key, int):
        return value[key] if isinstance(value, list) and len(value) > key else None
    return value.get(key) if isinstance(value, dict) else None


def _reason(body: bytes) -> str:
    """Return what a server says of its refusal."""
    answer = _json(body)
    error = _item(answer, "error")
    said = _item(error, "message") or error or _item(answer, "message")
    words = said if isinstance(said, str) else body[:1000].decode("utf-8", "replace")
    return " ".join(words.split())
