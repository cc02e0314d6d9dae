"""What the tools work with: the folder whose cases can be named, where may be written, how far.

Cases are built-in ones and files of one folder, never beside it. Writing is off unless a folder for
it was given, which lies in that folder too, so that what is saved can be asked about. Cost: one
reading of a case a call.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from detente.case import Case, CaseFolder
from detente.engine import Progress
from detente.errors import InputError, SizeError
from detente.mcp_server._arguments import OfCase

MOST_STATES = 500_000


@dataclass(frozen=True)
class ToolDesk:
    """Where the tools read, and where they may write.

    Attributes
    ----------
    folder : CaseFolder
    writable : Path or None
        The folder in which cases may be saved; nothing is written without one.
    """

    folder: CaseFolder
    writable: Path | None = None

    @classmethod
    def open(cls, folder: Path, writable: Path | None = None) -> ToolDesk:
        """Return a desk for a folder, and one to write in.

        Raises
        ------
        InputError
            When one is no folder, or the second does not lie in the first.
        """
        root = _folder(folder)
        if writable is None:
            return cls(CaseFolder(root))
        target = _folder(writable)
        if not target.is_relative_to(root):
            raise InputError(
                f"{writable} does not lie in {folder}, whose cases can be named; open a folder "
                "that holds it with --folder, or write in one that lies there"
            )
        return cls(CaseFolder(root), target)

    def case(self, asked: OfCase) -> Case:
        """Return the case of a call, with what it sets and chooses.

        Raises
        ------
        InputError
            When there is none, it is not sound, or it is too large to be asked about here.
        """
        return moved(self.read(asked.case), asked)

    def read(self, name: str) -> Case:
        """Return a case by name, as it stands."""
        if not name:
            raise InputError("case is missing; `describe` without one lists the cases")
        return self.folder.load(name)


def moved(case: Case, asked: OfCase) -> Case:
    """Return a case with what a call sets and chooses (`InputError` when it is too large)."""
    require_size(case)
    return case.variant(*asked.variants).set(asked.set)


def require_size(case: Case) -> None:
    """Refuse a case with too many states to be solved while an assistant waits."""
    states = math.prod(case.shape)
    if states > MOST_STATES:
        raise SizeError(
            f"{case.name} has {states:,} states, more than {MOST_STATES:,}; ask about it on the "
            "command line"
        )


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise InputError(f"{path} is no folder; name one that is there")
    return path.resolve()


@dataclass(frozen=True)
class ToolCall:
    """One call at work: its desk, and whom to tell how far it is."""

    desk: ToolDesk
    progress: Progress | None = None
