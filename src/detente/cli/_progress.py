"""A bar on standard error while draws are solved: how many, how fast, how long, how many fail.

Where ``DETENTE_PROGRESS`` is ``lines`` it is lines that a program can read, two a second at most.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from detente.cli._writing import say
from detente.text import printable

_BETWEEN = 0.5
"""Seconds between two lines."""


class _Rate(ProgressColumn):
    """Draws a second, or seconds a draw where they are slow."""

    def render(self, task: Task) -> Text:
        """Return the rate as text."""
        speed = task.finished_speed or task.speed
        if not speed:
            return Text("")
        return Text(f"{speed:.1f}/s" if speed >= 1.0 else f"{1.0 / speed:.1f} s each")


@contextmanager
def progress_bar(words: str) -> Iterator[Callable[[int, int, int], None]]:
    """Show a bar while work goes on; nothing when standard error is not a terminal.

    Parameters
    ----------
    words : str
        What is being done.

    Yields
    ------
    callable
        Takes (done, all, failed).
    """
    if os.environ.get("DETENTE_PROGRESS") == "lines":
        yield _lines(words)
        return
    screen = Console(stderr=True, highlight=False)
    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        console=screen,
        transient=True,
        disable=not screen.is_terminal,
    ) as bar:
        words = printable(words)
        task = bar.add_task(words, total=None)

        def tell(done: int, total: int, failed: int) -> None:
            told = f"{words}, {failed} failed" if failed else words
            bar.update(task, description=told, completed=done, total=total)

        yield tell


@contextmanager
def busy(words: str) -> Iterator[None]:
    """Say what goes on, and since when, while it does; nothing when standard error is no terminal.

    Parameters
    ----------
    words : str
    """
    screen = Console(stderr=True, highlight=False)
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
        console=screen,
        transient=True,
        disable=not screen.is_terminal,
    ) as bar:
        bar.add_task(printable(words), total=None)
        yield


def _lines(words: str) -> Callable[[int, int, int], None]:
    """Return what prints a line now and then: ``solving draws: 12 of 400, 0 failed``."""
    last = 0.0

    def tell(done: int, total: int, failed: int) -> None:
        nonlocal last
        now = time.monotonic()
        if done == total or now - last >= _BETWEEN:
            last = now
            say(f"{words}: {done} of {total}, {failed} failed", err=True)

    return tell
