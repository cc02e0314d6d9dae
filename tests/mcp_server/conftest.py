"""One server in a process of its own for all tests that only ask."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from mcp_server.assistant import ROOT, Assistant, connected, started

QUESTIONS = """\
  - {id: A1, says: Likely., ask: {probability: "F[0, 5] target.programme == dismantled", do: {sender.offer: large}}, versus: {do: {sender.offer: none}}, expect: "> 0"}
  - {id: A2, says: Expected., ask: {expected: target.programme >= frozen, at: 4, given: {tension: high}}, expect: [0.2, 0.6]}
  - {id: A3, says: On average., ask: {average: neighbour.border == watched, over: 5, set: {pain: 1.2}}}
  - {id: A4, says: Gained., ask: {gain: target, levels: {target.programme: frozen}, by: value}}
  - {id: A5, says: Stable., ask: {equilibrium: target.programme == frozen and sender.offer == small, concept: gmr}, expect: true}
  - {id: A6, says: Possible., ask: {possible: target.programme == dismantled}}
  - {id: A7, says: Meanwhile., ask: {probability: "F[0, 3] target.programme >= frozen"}, while: tension == low, expect: "< 0.9"}
"""  # noqa: E501 - a claim a line, as they stand in the file
"""One claim for each question that the tests ask."""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with a case of its own, a secret beside it, and a way out."""
    root = tmp_path_factory.mktemp("cases")
    (root / "secret.yaml").write_text("detente: 1\n")
    served = root / "served"
    served.mkdir()
    text = (ROOT / "src/detente/cases/sanctions.yaml").read_text("utf-8")
    (served / "asked.yaml").write_text(text.replace("\nclaims:\n", f"\nclaims:\n{QUESTIONS}"))
    (served / "plain.yaml").write_text(text)
    shutil.copy(ROOT / "tests/deals/dam.yaml", served / "dam.yaml")
    (served / "link.yaml").symlink_to(root / "secret.yaml")
    (served / "out").symlink_to(root)
    if hasattr(os, "mkfifo"):
        os.mkfifo(served / "pipe.yaml")
    return served


@pytest.fixture(scope="session")
def assistant(folder: Path) -> Iterator[Assistant]:
    """Connect to ``detente mcp``, which was started without ``--write``."""
    with connected(started("--folder", str(folder))) as found:
        yield found
