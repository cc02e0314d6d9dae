"""A server is asked with a limit on everything, and the key goes to it and nowhere else.

Would catch: a wait without end on a server that is silent, that trickles or that never stops, a
traceback on what is no answer, a redirect that is followed, a key in a message or an error.
"""

from __future__ import annotations

import json
import time

import pytest

from detente.drafting import ChatEndpoint
from detente.errors import AnalysisError, InputError
from fake_chat_server import (
    endless,
    fake_server,
    raw,
    says,
    silent,
    trickling,
    trickling_headers,
)

KEY = "sk-0123456789abcdef"
ASKED = [{"role": "user", "content": "Draft\u00e9."}]
LATE = 0.25


def ask(*replies, key=KEY, seconds=5.0):
    with fake_server(*replies) as server:
        answer = ChatEndpoint(server.address, "small", key, seconds).ask(ASKED)
    return answer, server.came


def test_the_question_is_what_such_servers_take():
    answer, came = ask(says("An answer."))
    assert answer == "An answer."
    ((path, headers, body),) = came
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert body == {"model": "small", "messages": ASKED, "stream": False}


def test_without_a_key_none_is_sent():
    _, ((_, headers, _),) = ask(says("x"), key="")
    assert "Authorization" not in headers


@pytest.mark.parametrize("reply", [silent, trickling, trickling_headers])
def test_the_time_of_an_answer_is_limited_in_all(reply):
    """Also where something comes all the time, so that no single read waits long."""
    start = time.monotonic()
    with pytest.raises(AnalysisError, match=r"took longer than .* s; give it more time"):
        ask(reply, seconds=LATE)
    assert time.monotonic() - start < 2.0


def test_an_answer_without_end_is_left_off():
    with pytest.raises(AnalysisError, match="sends more than 4 MiB"):
        ask(endless)


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (401, {"error": {"message": f"Incorrect key {KEY}"}}, "HTTP 401.*set DETENTE_API_KEY"),
        (403, {"error": "no"}, "HTTP 403.*may use this model"),
        (404, {"message": "no such model"}, "HTTP 404.*no such model.*--model"),
        (429, {"error": {"message": "slow down"}}, "HTTP 429.*slow down; wait"),
        (500, {"error": []}, "HTTP 500"),
        (503, {}, "HTTP 503"),
        (204, {}, "something else than JSON|without a text"),
    ],
)
def test_a_refusal_says_what_to_do(status, body, words):
    with pytest.raises(AnalysisError, match=words) as caught:
        ask(raw(json.dumps(body).encode(), status))
    assert KEY not in str(caught.value)


def test_what_a_server_says_is_cut_and_fit_to_print():
    with pytest.raises(AnalysisError) as caught:
        ask(raw(b"\x1b[2J" + 5000 * b"<html>", 502))
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "body",
    [
        b"<html>sign in</html>", b"", b"\xff\xfe", b"[" * 100_000, b"null", b"[]", b"3",
        b'{"choices": []}', b'{"choices": {}}', b'{"choices": [3]}', b'{"choices": [{}]}',
        b'{"choices": [{"message": "hello"}]}', b'{"choices": [{"message": {"content": null}}]}',
        b'{"choices": [{"message": {"content": " "}}]}', b'{"choices": ' + b"9" * 5000 + b"}",
        b'{"choices": [{"message": {"content": [{"text": "x"}]}}]}',
    ],
)  # fmt: skip
def test_what_is_no_answer_is_a_clear_error(body):
    with pytest.raises(AnalysisError, match=r"something else than JSON|without a text"):
        ask(raw(body))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status):
    with fake_server(says("x")) as other:
        place = f"http://localhost:{other.server_port}/v1/chat/completions"
        with pytest.raises(AnalysisError, match=f"sends on to localhost:{other.server_port} "):
            ask(raw(b"", status, Location=place))
        assert other.came == []


@pytest.mark.parametrize("place", ["http://[", "", "/v1/other", f"http://{KEY}@evil.example/"])
def test_a_redirect_to_anything_is_refused(place):
    with pytest.raises(AnalysisError, match="sends on") as caught:
        ask(raw(b"", 307, Location=place))
    assert KEY not in str(caught.value)


def test_no_proxy_is_used(monkeypatch):
    with fake_server() as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.server_port}")
        monkeypatch.setenv("no_proxy", "")
        assert ask(says("x"))[0] == "x"
        assert proxy.came == []


def test_a_server_that_repeats_the_key_gets_it_into_no_answer():
    assert ask(says(f"detente: 1 # {KEY}"))[0] == "detente: 1 # [key]"
    with pytest.raises(AnalysisError, match=r"beginning 'Bearer \[key\]") as caught:
        ask(raw(f"Bearer {KEY} it was".encode()))
    assert KEY not in str(caught.value)
    assert ask(says("[none, small]"), key="none")[0] == "[none, small]"


def test_a_line_that_is_no_http_is_a_clear_error():
    with pytest.raises(AnalysisError, match="cannot be asked"):
        ask(lambda handler: handler.wfile.write(b"hello\r\n\r\n"))


def test_a_server_that_is_not_there_is_a_clear_error():
    with fake_server() as server:
        address = server.address
    with pytest.raises(AnalysisError, match=r"cannot be asked: .*see that the server runs"):
        ChatEndpoint(address, "small").ask(ASKED)


def test_https_to_a_server_that_speaks_plain_http_is_a_clear_error():
    with fake_server() as server:
        secure = ChatEndpoint(server.address.replace("http:", "https:"), "small", KEY, 5.0)
        with pytest.raises(AnalysisError, match="cannot be asked"):
            secure.ask(ASKED)
        assert server.came == []


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("localhost:8000", "write it as"),
        ("file:///etc/passwd", "write it as"),
        ("ftp://localhost/v1", "write it as"),
        ("http://", "write it as"),
        ("http://[", "write it as"),
        ("http://localhost:0/", "write it as"),
        ("http://localhost:99999/", "write it as"),
        ("http://local host/", "write it as"),
        ("http://localhost/v1\r\nX: y", "write it as"),
        (f"http://me:{KEY}@localhost/v1", "holds no name or key"),
        ("http://localhost/v1?key=3", "leave out all from"),
        ("http://localhost/v1#a", "leave out all from"),
    ],
)
def test_an_address_that_is_none_is_refused(address, words):
    with pytest.raises(InputError, match=words) as caught:
        ChatEndpoint(address, "small")
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("key", ["two words", "a\r\nX-Evil: 1", "caf\u00e9"])
def test_a_key_that_is_none_is_refused_without_being_repeated(key):
    with pytest.raises(InputError, match="DETENTE_API_KEY holds") as caught:
        ChatEndpoint("http://localhost/v1", "small", key)
    assert key not in str(caught.value)
    assert "sk-" not in repr(ChatEndpoint("http://localhost/v1", "small", KEY))


@pytest.mark.parametrize(
    ("address", "is_open"),
    [
        ("http://example.org/v1", True),
        ("https://example.org/v1", False),
        ("http://localhost:8000", False),
        ("http://127.0.0.1:8000", False),
        ("http://[::1]:8000", False),
        ("http://127.evil.example", True),
    ],
)
def test_it_is_known_whether_others_can_read_what_is_sent(address, is_open):
    assert ChatEndpoint(address, "small").is_open == is_open
