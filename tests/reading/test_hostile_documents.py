"""Whatever is in a file, reading it ends in a document or in an error that says what to do.

Would catch: a traceback, a reader that never ends or fills the memory, a picture or a definition
that is fetched, a script that is run. The environment variable ``DETENTE_FUZZ`` sets the number of
mutated files; with it each PDF, Word file and page is taken apart in a process of its own, as users
have it, without it (60 files) in this one, which is quicker.
"""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, NoReturn

import pytest

from detente.case import paragraphs, sentences
from detente.errors import InputError
from detente.reading import Document, read_document
from detente.reading import _bounded as bounded
from detente.reading import _read as reader
from detente.reading._child import take_apart
from reading.mutated_documents import mutated
from reading.written_documents import page, page_of, pdf, pdf_of_objects, word

FUZZ = os.environ.get("DETENTE_FUZZ")
FILES = int(FUZZ or "60")
SHARDS = 20
LONGEST = 60.0
TEXT = "The upper state will probably finish its dam by the spring. Nobody knows more."


def read(folder: Path, name: str, raw: bytes) -> Document | str:
    """Return the document or the words of the refusal; any other exception fails the test."""
    path = folder / name
    path.write_bytes(raw)
    start = time.monotonic()
    try:
        found: Document | str = read_document(path)
    except InputError as error:
        found = str(error)
        assert found.startswith(f"{name}: ")
        assert "; " in found
        assert "Traceback" not in found
    else:
        again = [sentences(text) for text in paragraphs(found.text)]
        assert [tuple(one.text for one in row) for row in found.paragraphs] == again
        assert found.text.isprintable() or "\n" in found.text
    assert time.monotonic() - start < LONGEST
    return found


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> NoReturn:
        pytest.fail("something was to be fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(subprocess, "Popen", subprocess.Popen if FUZZ else refuse)


@pytest.mark.usefixtures("no_network")
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("shard", range(SHARDS))
def test_mutated_files(shard: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not FUZZ:
        monkeypatch.setattr(reader, "take_apart_bounded", _here)
    counts = {"documents": 0, "refusals": 0}
    slowest: tuple[float, str] = (0.0, "")
    for k in range(shard, FILES, SHARDS):
        name, raw = mutated(random.Random(k))
        start = time.monotonic()
        found = read(tmp_path, name, raw)
        slowest = max(slowest, (time.monotonic() - start, f"{k} {name}"))
        counts["documents" if isinstance(found, Document) else "refusals"] += 1
    if FUZZ:
        assert min(counts.values()) > 0
        print(shard, counts, slowest)


def _here(kind: str, raw: bytes, name: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(json.dumps(take_apart(kind, raw)))
    if "refused" in answer:
        raise InputError(f"{name}: {answer['refused']}")
    return answer


def test_a_file_of_more_than_50_megabytes(tmp_path: Path) -> None:
    with (tmp_path / "large.txt").open("wb") as stream:
        stream.truncate(60_000_000)
    with pytest.raises(InputError, match=r"large\.txt: larger than 50 MiB; give its text"):
        read_document(tmp_path / "large.txt")


@pytest.mark.parametrize("unit", ["<!---->", "[a](", "* *a", "```\n~~~\n", "a-\n", "(1) A\n"])
def test_no_text_takes_long(tmp_path: Path, unit: str) -> None:
    """Would catch: time that grows with the square of the text, or worse."""
    start = time.monotonic()
    read(tmp_path, "long.txt", (unit * 10_000).encode() + b"\n\nIt held.")
    assert time.monotonic() - start < 20


@pytest.mark.parametrize(
    ("unit", "message"),
    [("It held. ", "letters, more than 2,000,000"), ("a\n", "lines, more than")],
)
def test_a_text_of_too_many_letters_or_lines(tmp_path: Path, unit: str, message: str) -> None:
    found = read(tmp_path, "large.txt", unit.encode() * 250_000)
    assert isinstance(found, str)
    assert message in found


def test_a_zip_bomb_in_a_word_file(tmp_path: Path) -> None:
    """Would catch: a file of a few kilobytes that fills the memory."""
    for name in ("word/media/a.bin", "word/document.xml"):
        raw = word([TEXT], parts={name: b"<a>" + b" " * 40_000_000})
        found = read(tmp_path, "bomb.docx", raw if name.endswith("xml") else _claiming(raw, 2**31))
        assert isinstance(found, str)
        assert "unpacks to" in found


def test_a_zip_that_lies_about_its_sizes(tmp_path: Path) -> None:
    raw = word([TEXT], parts={"word/media/a.xml": b"<a>" + b" " * 40_000_000})
    found = read(tmp_path, "lie.docx", _claiming(raw, 10))
    assert isinstance(found, str)
    assert "damaged or cut short" in found


def _claiming(raw: bytes, size: int) -> bytes:
    """Return a zip whose part of 40,000,003 bytes claims another size."""
    return raw.replace((40_000_003).to_bytes(4, "little"), size.to_bytes(4, "little"))


def test_a_pdf_that_unpacks_without_end(tmp_path: Path) -> None:
    """Would catch: a stream of a few kilobytes that fills the memory."""
    bomb = zlib.compress(bytes(100_000_000), 1)
    head = f"<< /Filter /FlateDecode /Length {len(bomb)} >>\nstream\n".encode()
    raw = pdf_of_objects(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << >> >>",
            head + bomb + b"\nendstream",
            b"<< >>",
        ]
    )
    assert isinstance(read(tmp_path, "bomb.pdf", raw), str)


def test_a_pdf_whose_pages_go_round(tmp_path: Path) -> None:
    raw = pdf_of_objects(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2000000000 /Parent 2 0 R >>",
            b"<< >>",
        ]
    )
    assert isinstance(read(tmp_path, "round.pdf", raw), str)


def test_time_and_memory_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch: a document that holds up whoever reads it, or the machine."""
    raw = pdf([page_of([[TEXT]])])
    monkeypatch.setattr(bounded, "LONGEST", 0.01)
    with pytest.raises(InputError, match=r"dam\.pdf: it was not read in"):
        bounded.take_apart_bounded("pdf", raw, "dam.pdf")
    monkeypatch.setattr(bounded, "LONGEST", LONGEST)
    monkeypatch.setattr(bounded, "MOST_MEMORY", 40_000_000)
    with pytest.raises(InputError, match=r"dam\.pdf: .*(memory|died)"):
        bounded.take_apart_bounded("pdf", raw, "dam.pdf")


def test_nothing_is_fetched_and_nothing_is_run(tmp_path: Path) -> None:
    """Would catch: a reader of documents that tells a server who reads what, and when."""
    asked: list[str] = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

    with HTTPServer(("127.0.0.1", 0), Server) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        base = f"http://127.0.0.1:{server.server_port}"
        head = (
            f"<base href='{base}/'><link rel=stylesheet href='{base}/a.css'>"
            f"<meta http-equiv=refresh content='0; url={base}/b'>"
            f"<script src='{base}/c.js'></script>"
        )
        more = f"<img src='{base}/d.png'><iframe src='{base}/e'></iframe>"
        kinds = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
        office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        outside = {
            "word/_rels/document.xml.rels": f"<Relationships {kinds}>"
            f'<Relationship Id="r1" Type="{office}/attachedTemplate" Target="{base}/f.dotm" '
            f'TargetMode="External"/><Relationship Id="r2" Type="{office}/footnotes" '
            f'Target="{base}/g.xml" TargetMode="External"/></Relationships>'
        }
        action = b"<< /S /JavaScript /JS (app.launchURL('%s/h')) >>" % base.encode()
        raw = pdf([page_of([[TEXT]])])
        raw = raw.replace(b"/Type /Catalog", b"/Type /Catalog /OpenAction " + action)
        found = [
            read(tmp_path, "a.html", page([TEXT], head=head, more=more)),
            read(tmp_path, "a.docx", word([TEXT], parts=outside)),
            read(tmp_path, "a.pdf", raw),
            read(tmp_path, "a.md", f"![a]({base}/i.png)\n\n{TEXT}".encode()),
        ]
        server.shutdown()
        thread.join()
    assert asked == []
    for document in found:
        assert isinstance(document, Document)
        assert document.text.strip() == TEXT


def test_the_child_process_may_reach_nothing() -> None:
    """Would catch: a package that one day does fetch what a document names."""
    child = Path(bounded.__file__).with_name("_child.py")
    code = (
        "import runpy, socket, subprocess, sys\n"
        f"watch = runpy.run_path({str(child)!r})['_refuse_to_reach_out']\n"
        "sys.addaudithook(watch)\n"
        "for reach in (lambda: socket.create_connection(('127.0.0.1', 9)),\n"
        "              lambda: subprocess.run([sys.executable, '-V'])):\n"
        "    try:\n        reach()\n"
        "    except PermissionError as error:\n        print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.count("a document may reach nothing outside itself") == 2
