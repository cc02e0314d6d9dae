"""A server over a folder of its own, and pages in a real browser that talk to it.

The browser is ``DETENTE_BROWSER``, else the first Chromium or Chrome on the path. Without one these
tests are skipped, with the remedy; where ``CI`` is set a missing browser is a failure.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP *.example 127.0.0.1",
)  # fmt: skip
"""No host but this machine is asked, and names of somebody else lead here, as in an attack."""
PATIENCE = 30_000
"""Milliseconds; the machine may be busy, and the first solve compiles."""

Result = TypeVar("Result")

# Whoever starts the tests in the background has them ignore Ctrl-C, and so all that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

expect.set_options(timeout=PATIENCE)


class Server:
    """``detente serve`` over a folder, as a process of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "detente", "serve", str(folder), "--no-browser", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.first = self.process.stdout.readline().strip()
        """The address that was printed, with its token."""
        parts = urlsplit(self.first)
        self.origin = f"{parts.scheme}://{parts.netloc}"

    def end(self) -> str:
        """End it as Ctrl-C does, and return what it wrote to the standard error."""
        self.process.send_signal(signal.SIGINT)
        return self.process.communicate(timeout=30)[1]


def browser_path() -> str:
    """Return the browser to drive, or skip: with CI set, fail."""
    asked = os.environ.get("DETENTE_BROWSER")
    found = asked or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found:
        return found
    why = "no Chromium: install one (apt install chromium) or name it in DETENTE_BROWSER"
    if os.environ.get("CI"):
        pytest.fail(why)
    # Whoever works on the engine needs no browser; where CI is set there must be one, see above.
    pytest.skip(why)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = browser_path()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=path, args=QUIET, chromium_sandbox=False
        )
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve one folder to all tests of a process: the built-in cases, and what tests put there.

    A test takes names of its own for what it puts there, and starts a server of its own where it
    ends one. A traceback in the log is a failure.
    """
    started = Server(tmp_path_factory.mktemp("served"))
    yield started
    log = started.end()
    assert "Traceback" not in log, log


@pytest.fixture
def context(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """Open a browser that the first address let in; an error in a page's script is a failure."""
    opened = browser.new_context(viewport={"width": 1280, "height": 900})
    opened.set_default_timeout(PATIENCE)
    wrong: list[str] = []
    opened.on("weberror", lambda error: wrong.append(str(error.error)))
    opened.request.get(server.first, max_redirects=0)  # lets the browser in
    yield opened
    opened.close()
    assert wrong == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def run_async(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine in a thread of its own: the browser's driver has this thread's loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def visit(page: Page, server: Server, address: str) -> None:
    """Open an address of the server and wait until everything is answered."""
    page.goto(server.origin + address)
    answered(page)


def answered(page: Page) -> None:
    """Wait until the page has all answers to its present address, if not all draws behind them."""
    there = "body[data-state=done], body[data-view=claims][data-state=first]"
    expect(page.locator(there)).to_have_count(1)
