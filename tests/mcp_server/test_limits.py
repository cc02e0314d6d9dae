"""What a call cannot do: write, reach beside the folder, take the server down, or go on for ever.

Would catch: a name that leads out, a file written without being asked for, an argument that ends
the server or comes back as a traceback, work that nobody waits for and that goes on.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from detente.cli import main
from detente.errors import InputError
from detente.mcp_server._desk import ToolDesk
from detente.mcp_server._serve import tool_server
from mcp_server.assistant import PATIENCE, ROOT, Assistant, connected, started

CHICKEN = (ROOT / "src/detente/cases/chicken.yaml").read_text("utf-8")
OUT = (
    "../secret.yaml", "out/secret.yaml", "link.yaml", "/etc/passwd", "./plain.yaml", "..", ".",
    "a//plain.yaml", "..\\secret.yaml", "C:\\secret.yaml", "NUL", "plain.yaml ", "x" * 1000,
    "a/" * 400, "file:///etc/passwd", "~/.profile", "%2e%2e/secret.yaml",
)  # fmt: skip
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join(9 * [f'*{old}'])}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(folder.parent.rglob("*")) if p.is_file()}


def test_nothing_is_written_unless_asked_for(assistant: Assistant, folder: Path):
    before = files_in(folder)
    assert "there is no tool 'save_case'" in assistant.refusal(
        "save_case", name="mine.yaml", text=CHICKEN
    )
    assistant.answer("claims", case="plain.yaml", draws=2)
    assistant.answer(
        "deals", case="plain.yaml", want="target.programme >= frozen", payer="sender",
        draws=0, **{"from": "target"},
    )  # fmt: skip
    assert files_in(folder) == before


@pytest.mark.parametrize("name", OUT)
def test_nothing_beside_the_folder_is_read(assistant: Assistant, name: str):
    words = assistant.refusal("describe", case=name)
    assert "no file of the folder that is open" in words or "there is no such file" in words
    assert len(words) < 500


# What is tested is a pipe with a name in the folder, and Windows cannot make one there.
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_a_pipe_is_not_waited_for(assistant: Assistant):
    assert "pipe.yaml is no file" in assistant.refusal("describe", case="pipe.yaml")


HOSTILE: list[tuple[str, dict[str, Any], str]] = [
    ("stability", {}, "case is missing"),
    ("stability", {"case": ["chicken"]}, "valid string"),
    ("stability", {"case": None}, "valid string"),
    ("stability", {"case": "chicken", "concepts": "seq"}, "valid list"),
    ("stability", {"case": "chicken", "concepts": []}, "at least 1"),
    ("stability", {"case": "chicken", "conceptz": ["seq"]}, "did you mean 'concepts'?"),
    ("stability", {"case": "chi\x1b[2Jcken"}, "U+001B is a control character"),
    ("stability", {"case": "chicken\u202e"}, "U+202E is a mark that turns"),
    ("stability", {"case": "chicken", "set": {"nerve": "6"}}, "valid number"),
    ("stability", {"case": "chicken", "set": {"nerve": 1e400}}, "nerve"),
    ("stability", {"case": "chicken", "set": {"nerv": 6}}, "nerve"),
    ("stability", {"case": "chicken", "variants": ["a.b"]}, "variant"),
    ("claims", {"case": "chicken", "draws": 10**9}, "1000"),
    ("claims", {"case": "chicken", "draws": -1}, "greater than or equal"),
    ("claims", {"case": "chicken", "draws": 2.5}, "valid integer"),
    ("claims", {"case": "chicken", "draws": True}, "valid integer"),
    ("claims", {"case": "chicken", "seed": -1}, "greater than or equal"),
    ("claims", {"case": "chicken", "claims": ["K9"]}, "no claim 'K9'"),
    ("claims", {"case": "sanctions", "claims": ["T6"]}, "is not asked"),
    ("forecast", {"case": "chicken", "queries": 21 * ["F[0, 1] row.wheel == swerve"]}, "20"),
    ("forecast", {"case": "chicken", "queries": ["__import__('os').getcwd()"]}, "column"),
    ("forecast", {"case": "chicken", "queries": ["F[0, 1] " + 3000 * "("]}, "deep"),
    ("forecast", {"case": "chicken", "do": {"row.wheel": "sideways"}}, "sideways"),
    ("forecast", {"case": "chicken", "years": -2.0}, "greater than or equal"),
    ("forecast", {"case": "chicken", "years": 1e5}, "less than or equal to 1000"),
    ("forecast", {"case": "chicken", "given": 3}, "valid string"),
    ("explain", {"case": "chicken"}, "give either state, or what"),
    ("explain", {"case": "chicken", "state": "yesterday"}, "today"),
    ("explain", {"case": "chicken", "what": "K1", "state": "today"}, "give either"),
    ("explain", {"case": "sanctions", "what": "T6"}, "not asked"),
    ("ask", {"case": "chicken", "ask": {}}, "needs one measure"),
    (
        "ask",
        {"case": "chicken", "ask": {"possible": "row.wheel == swerve", "while": "x"}},
        "while is an argument of its own, beside ask",
    ),
    ("ask", {"case": "chicken", "ask": {"probability": "F[0, 1] row.wheel = x"}}, "write '=='"),
    ("ask", {"case": "chicken", "ask": {"gain": "row"}}, "levels"),
    ("ask", {"case": "chicken", "ask": {"eval": "1"}}, "not known"),
    ("ask", {"case": "chicken", "ask": "why"}, "should be a mapping;"),
    ("ask", {"case": "chicken", "ask": {"possible": "true\nclaims: []"}}, "at `"),
    ("deals", {"case": "chicken", "want": "x", "payer": "col"}, "from is missing"),
    ("deals", {"case": "chicken", "want": "x", "payer": "nobody", "from": "row"}, "nobody"),
    ("evidence", {"case": "peninsula", "until": "yesterday"}, "pattern"),
    ("evidence", {"case": "peninsula", "until": "2021-02-31"}, "2021-02-31"),
    ("evidence", {"case": "chicken", "about": "score", "until": "2021-02-01"}, "history"),
    ("check", {}, "give either case"),
    ("check", {"text": "x" * (2**20 + 1)}, "at most 1048576"),
    ("nothing", {}, "there is no tool 'nothing'"),
    ("x" * 5000, {}, "there is no tool"),
]  # fmt: skip


@pytest.mark.parametrize(("tool", "arguments", "words"), HOSTILE)
def test_what_is_wrong_is_said(
    assistant: Assistant, tool: str, arguments: dict[str, Any], words: str
):
    told = assistant.refusal(tool, **arguments)
    assert words in told
    assert len(told) < 2000
    assert "fault of detente" not in told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BOMB, "case.yaml:"),
        ("a: " + 5000 * "[", "case.yaml:1"),
        ("!!python/object/apply:os.system ['id']", "case.yaml:1"),
        ("detente: 1\nhistory: ../secret.csv\n", "case.yaml"),
        ("a: \x00", "control character"),
        ("a: \ud800", "surrogate"),
        ("%PDF-1.7", "PDF"),
    ],
)
def test_the_text_of_a_case_does_no_harm(assistant: Assistant, text: str, words: str):
    begun = time.monotonic()
    if text == "a: \ud800":  # which the protocol itself cannot carry
        words, text = "case.yaml", "a: \\ud800"
    problems = assistant.answer("check", text=text)["problems"]
    assert any(words in problem for problem in problems)
    assert time.monotonic() - begun < 60


def test_a_call_that_is_cancelled_ends_its_work(assistant: Assistant):
    """Four at once would hold every place for minutes, were they not left off."""
    begun: list[float] = []

    async def told(done: float, total: float | None, words: str | None) -> None:
        begun.append(done)

    long = {"case": "peninsula", "draws": 1000}
    calls = [
        assistant.start(assistant.client.call_tool("claims", long, progress_callback=told))
        for _ in range(4)
    ]
    end = time.monotonic() + PATIENCE
    while not begun and time.monotonic() < end:
        time.sleep(0.05)
    assert begun
    for call in calls:
        call.cancel()
    for call in calls:
        with pytest.raises((CancelledError, asyncio.CancelledError)):
            call.result(PATIENCE)
    since = time.monotonic()
    assistant.answer("describe", case="chicken")
    assert time.monotonic() - since < 60


def test_a_call_has_a_time_limit(folder: Path):
    with connected(tool_server(ToolDesk.open(folder), time_limit=0.5)) as found:
        words = found.refusal("claims", case="peninsula", draws=1000)
    assert "took longer than 0.5 seconds" in words
    assert "fewer draws" in words


def test_a_case_that_is_too_large_is_refused(tmp_path: Path):
    levels = ", ".join(f"l{k}" for k in range(30))
    options = "".join(f"      o{k}: [{levels}]\n" for k in range(4))
    (tmp_path / "large.yaml").write_text(
        f"detente: 1\ntitle: Large\nactors:\n  a:\n    options:\n{options}"
        "    preferences: {statements: [a.o0 == l1]}\n"
        "status_quo: {a.o0: l0, a.o1: l0, a.o2: l0, a.o3: l0}\n"
    )
    with connected(tool_server(ToolDesk.open(tmp_path))) as found:
        assert "810,000 states" in found.refusal("stability", case="large.yaml")


def test_cases_are_saved_in_the_folder_for_writing_only(tmp_path: Path):
    (tmp_path / "drafts").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "drafts/way").symlink_to(tmp_path / "out")
    (tmp_path / "drafts/link.yaml").symlink_to(tmp_path / "out/linked.yaml")
    with connected(tool_server(ToolDesk.open(tmp_path, tmp_path / "drafts"))) as found:
        assert found.answer("save_case", name="mine.yaml", text=CHICKEN) == {
            "case": "drafts/mine.yaml", "bytes": len(CHICKEN.encode()),
        }  # fmt: skip
        assert (tmp_path / "drafts/mine.yaml").read_text("utf-8") == CHICKEN
        found.answer("stability", case="drafts/mine.yaml")
        other = CHICKEN.replace("title: Chicken", "title: Hens")
        assert "exists" in found.refusal("save_case", name="mine.yaml", text=other)
        assert (tmp_path / "drafts/mine.yaml").read_text("utf-8") == CHICKEN
        found.answer("save_case", name="mine.yaml", text=other, overwrite=True)
        assert (tmp_path / "drafts/mine.yaml").read_text("utf-8") == other
        before = files_in(tmp_path / "drafts")
        for name in (*OUT, "way/new.yaml", "mine.txt", "none/new.yaml", "../new.yaml"):
            found.refusal("save_case", name=name, text=CHICKEN, overwrite=True)
        assert "lacks actors" in found.refusal("save_case", name="b.yaml", text="detente: 1\n")
        assert files_in(tmp_path / "drafts") == before


def test_a_folder_for_writing_lies_in_the_folder(tmp_path: Path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with pytest.raises(InputError, match="does not lie in"):
        ToolDesk.open(tmp_path / "a", tmp_path / "b")
    told = CliRunner().invoke(main, ["mcp", "--folder", str(tmp_path / "none")])
    assert told.exit_code == 2
    assert "is no folder" in told.stderr


def test_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    told = CliRunner().invoke(main, ["mcp", "--folder", str(tmp_path)])
    assert told.exit_code == 2
    assert "install detente with the extra `mcp`" in told.stderr


def test_only_the_protocol_is_on_the_output_and_the_end_is_quick(folder: Path):
    """Lines that are no messages, one of ten megabytes too, are passed over."""
    hello = {
        "protocolVersion": "2025-06-18", "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    }  # fmt: skip
    call = {"name": "claims", "arguments": {"case": "chicken", "draws": 4}}
    deal = {"case": "plain.yaml", "want": "target.programme >= frozen", "payer": "sender",
            "from": "target", "draws": 1}  # fmt: skip
    lines = [
        "no message", 10 * 2**20 * "x", '{"jsonrpc": "2.0"' + 5000 * "[", "",
        json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}),
        json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}),
        json.dumps({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call}),
        json.dumps({"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params":
                    {"name": "deals", "arguments": deal}}),
    ]  # fmt: skip
    how = started("--folder", str(folder))
    server = subprocess.Popen(
        [how.command, *how.args], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=how.env,
    )  # fmt: skip
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        server.stdin.write("".join(f"{line}\n" for line in lines).encode())
        server.stdin.flush()
        answers: dict[int, Any] = {}
        while len(answers) < 3:
            told = json.loads(server.stdout.readline())
            answers[told["id"]] = told["result"]
        assert not answers[2].get("isError")
        assert not answers[3].get("isError")
        server.terminate()  # while its input is open, and nothing comes
        assert server.wait(60) == 130
        assert server.stdout.read() == b""
    finally:
        server.kill()
        server.communicate()
