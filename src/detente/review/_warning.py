"""A warning about a case that is sound, and all those of a case together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from detente.text import plural
from detente.values import data_frame, plain_fields

_FIELDS = ("kind", "subject", "line", "column", "message", "remedy", "meant")


@dataclass(frozen=True, slots=True)
class CaseWarning:
    """Something in a sound case that may not say what its writer meant.

    Attributes
    ----------
    kind : str
        One of `detente.case.WARNING_KINDS`.
    subject : str
        What it is about, such as ``claim C1`` or ``option us.offer``.
    file : str
        The name of the file as the user gave it.
    line, column : int
        Where, counted from 1.
    message, remedy : str
        What was seen, and what to do.
    meant : str
        The reason that the case gives for it; empty where it gives none.
    """

    kind: str
    subject: str
    file: str
    line: int
    column: int
    message: str
    remedy: str
    meant: str = ""

    def __str__(self) -> str:
        """Return one line, with kind and subject at its end."""
        said = f"meant: {self.meant}" if self.meant else self.remedy
        return (
            f"{self.file}:{self.line}:{self.column}: warning: {self.message}; {said} "
            f"[{self.kind}, {self.subject}]"
        )

    @property
    def as_meant(self) -> str:
        """The lines that a case needs to say that this is meant."""
        return f"meant:\n  - {{warning: {self.kind}, of: {self.subject}, reason: why it is meant}}"

    def to_dict(self) -> dict[str, Any]:
        """Return the fields but the file, ready for JSON."""
        return plain_fields(self, *_FIELDS)


@dataclass(frozen=True, slots=True)
class Review:
    """The warnings about one case, those that it says are meant among them.

    Attributes
    ----------
    warnings : tuple of CaseWarning
        In the order of the file.
    unseen : str
        What was not looked for, and why; empty where everything was.

    Examples
    --------
    >>> import detente
    >>> print(detente.load("sanctions").review())
    no warnings
    """

    warnings: tuple[CaseWarning, ...]
    unseen: str = ""

    def __iter__(self) -> Iterator[CaseWarning]:
        """Go through the warnings that nobody said are meant."""
        return iter(self.open)

    @property
    def open(self) -> tuple[CaseWarning, ...]:
        """The warnings that the case does not say are meant."""
        return tuple(warning for warning in self.warnings if not warning.meant)

    @property
    def meant(self) -> tuple[CaseWarning, ...]:
        """The warnings that the case says are meant."""
        return tuple(warning for warning in self.warnings if warning.meant)

    @property
    def lines(self) -> tuple[str, ...]:
        """What to print: each warning, how to say that one is meant, and how many are."""
        told = [*map(str, self.open)]
        if self.open:
            told += [
                "Mend what a warning names, or say in the file that it is meant, and why:",
                *self.open[0].as_meant.splitlines(),
            ]
        if self.meant:
            told.append(f"{plural(len(self.meant), 'warning')} meant, with reasons in the file")
        return (*told, self.unseen) if self.unseen else tuple(told)

    def __str__(self) -> str:
        """Return the warnings, one per line."""
        return "\n".join(self.lines) or "no warnings"

    def to_dict(self) -> dict[str, Any]:
        """Return the warnings, ready for JSON."""
        return {
            "warnings": [warning.to_dict() for warning in self.open],
            "meant": [warning.to_dict() for warning in self.meant],
            "unseen": self.unseen,
        }

    def to_pandas(self) -> Any:
        """Return the warnings as a DataFrame, one per row (needs pandas)."""
        rows = [[warning.to_dict()[name] for name in _FIELDS] for warning in self.warnings]
        return data_frame(rows, columns=_FIELDS)
