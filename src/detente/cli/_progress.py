"""A bar on standard error while draws are solved: how many, how fast, how long, how many fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text


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
    screen = Console(stderr=True, highlight=False)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        console=screen,
        transient=True,
        disable=not screen.is_terminal,
    ) as bar:
        task = bar.add_task(words, total=None)

        def tell(done: int, total: int, failed: int) -> None:
            told = f"{words}, {failed} failed" if failed else words
            bar.update(task, description=told, completed=done, total=total)

        yield tell
