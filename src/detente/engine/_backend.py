"""Who works on many tasks."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from detente.errors import InputError

Task = Callable[[Any, Any], Any]
"""A function of a module, of a context and an item."""

Run = Callable[[Callable[[int], Any], Sequence[range]], Generator[tuple[int, Any]]]
"""Takes what gives the item of a number, and pieces of numbers; yields numbers and outcomes."""


@dataclass(frozen=True, slots=True)
class Backend:
    """Who works: threads of this process, processes of their own, or a Dask cluster.

    Attributes
    ----------
    kind : {"threads", "processes", "cluster"}
        Processes are safe from a crash and share no interpreter, but take two seconds to start.
    workers : int, optional
        Threads or processes; all cores by default. A single thread is this one.
    address : str
        Of a Dask scheduler, such as ``tcp://10.0.0.5:8786``.

    Raises
    ------
    InputError
        For less than one worker.
    """

    kind: Literal["threads", "processes", "cluster"] = "threads"
    workers: int | None = None
    address: str = ""

    def __post_init__(self) -> None:
        """Check the number of workers."""
        if self.workers is not None and self.workers < 1:
            raise InputError(f"workers is {self.workers}; give one or more")

    @property
    def count(self) -> int:
        """How many threads or processes there are."""
        return self.workers or os.cpu_count() or 1
