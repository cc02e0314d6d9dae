"""The errors detente raises on purpose; each names the place and the remedy.

``DetenteError`` is the root, so a caller can catch everything at once. ``InputError`` means that
what came in is wrong (exit code 2 of the command line); ``AnalysisError`` means that the analysis
could not finish on input that is right (exit code 1).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class DetenteError(Exception):
    """Root of every error that detente raises on purpose."""


class InputError(DetenteError, ValueError):
    """What came in is wrong; the message says where and what to do."""


class AnalysisError(DetenteError, RuntimeError):
    """The analysis could not finish on input that is right."""


class Stopped(Exception):
    """Work was left off because nobody waits for it; not a fault, and never a failed draw."""

    def __init__(self) -> None:
        super().__init__("stopped, as nobody waits for the answer any more")


class SizeError(InputError):
    """The state space is too large for the memory at hand."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in a file.

    Parameters
    ----------
    file : str
        The name of the file as the user gave it.
    line, column : int
        Where, counted from 1.
    message : str
        What is wrong.
    remedy : str
        What to do about it.
    """

    file: str
    line: int
    column: int
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}; {self.remedy}"


class CaseError(InputError):
    """A case file is wrong; ``problems`` lists everything that is, in the order of the file.

    Parameters
    ----------
    problems : iterable of Problem
        At least one.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))
