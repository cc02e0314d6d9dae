"""What files of one kind hold, and what is said of them.

A heading is read strictly: each entry must be there, of its type, and no other. Cost: linear in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, TypeAdapter, ValidationError

from detente.errors import InputError
from detente.text import hidden_character


def _visible(text: str) -> str:
    hidden = hidden_character(text)
    if hidden:
        raise ValueError(hidden[1])
    return text


VisibleText = Annotated[str, AfterValidator(_visible)]
"""Text of a file that is printed: without characters that no reader sees."""


class Heading(BaseModel):
    """What a file of chunks is about; each kind of file has its own entries."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


@dataclass(frozen=True, slots=True)
class FileKind:
    """What files of one kind hold, and what is said of them.

    Attributes
    ----------
    name : str
        Of what a file holds, such as ``study``.
    mark : bytes
        Four letters in the header of SQLite (``application_id``) by which a file is known.
    format : int
        Raised when older files cannot be read any more.
    heading : type of Heading
        Its ``draws``, where it has them, bound the numbers of draws.
    numbers : mapping of str to str
        Arrays of a chunk, a row for each draw: the type of their numbers, such as ``<f8``.
    texts : mapping of str to pydantic TypeAdapter
        Parts of a chunk in JSON: what they must be.
    widths : callable
        Gives, of a heading, how many numbers a draw has in each array.
    agreeing : mapping of str to str
        Entries of the heading that must agree to go on with a file, and what they are called.
    finding, mending : str
        What to do when a file cannot be opened, and when the file ``{path}`` is damaged.
    """

    name: str
    mark: bytes
    format: int
    heading: type[Heading]
    numbers: Mapping[str, str]
    texts: Mapping[str, TypeAdapter[Any]]
    widths: Callable[[Mapping[str, Any]], Mapping[str, int]]
    agreeing: Mapping[str, str]
    finding: str
    mending: str

    @property
    def tables(self) -> dict[str, str]:
        """By name how each table of a file is created; there is nothing else in one."""
        columns = ", ".join(f"{name} BLOB NOT NULL" for name in (*self.numbers, *self.texts))
        return {
            "heading": "CREATE TABLE heading (text TEXT NOT NULL, sha256 TEXT NOT NULL)",
            "chunk": "CREATE TABLE chunk (first INTEGER PRIMARY KEY, count INTEGER NOT NULL, "
            f"sha256 TEXT NOT NULL, {columns})",
        }

    def read_heading(self, text: bytes) -> dict[str, Any]:
        """Return the entries of a heading in JSON.

        Raises
        ------
        InputError
            Where one is missing, of another type or out of its bounds.
        """
        try:
            return self.heading.model_validate_json(text).model_dump()
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"])) or "JSON"
            raise InputError(f"{place}: {first['msg'].removeprefix('Value error, ')}") from None

    def damaged(self, path: Path, what: str) -> InputError:
        """Return the error that says that a file is damaged and what to do."""
        return InputError(f"{path}: the file is damaged ({what}); {self.mending.format(path=path)}")

    def foreign(self, path: Path) -> InputError:
        """Return the error that says that a file is of another kind, or has no beginning."""
        return InputError(
            f"{path}: no {self.name} file, or its beginning is lost; choose another file"
        )
