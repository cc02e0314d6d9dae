"""A text as it is being edited: what is wrong with it, and what can be read off it meanwhile.

The text is that of a case, or of a table of the record beside one. It is checked as it would be
read from its file, with the same messages at the same places. Cost: one reading of the case and
the warnings that need no solution.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detente.case import Beside, Case, Places, beside, read_case, read_outline
from detente.engine import FAILURES, poll, reason_of
from detente.errors import CaseError, InputError
from detente.review import review_case
from detente.workbench._bench import Bench, Remembered
from detente.workbench._versions import CaseFiles
from detente.workbench._yaml_completion import CaseNames

_OUTLINES = Remembered(16)
_MOST_FINDINGS = 200
_TABLE = re.compile(r"^history:[ \t]*[\"']?([^\s\"'#\[\]{}]+\.csv)", re.MULTILINE)


@dataclass(frozen=True)
class Finding:
    """An error or a warning at a line and column; ``file`` is empty for the text itself."""

    kind: str
    line: int
    column: int
    message: str
    remedy: str
    file: str = ""


@dataclass(frozen=True)
class TextOutline:
    """What a text says as plain values, where each part stands, and the names in it."""

    data: Mapping[str, Any]
    places: Places
    names: CaseNames


@dataclass(frozen=True)
class EditedText:
    """A text that belongs to a case of the folder.

    Attributes
    ----------
    case : str
    text : str
    table : str
        The table beside the case whose text it is; nothing for the case itself.
    """

    case: str
    text: str
    table: str = ""

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> EditedText:
        """Read what a page sent."""
        found = cls(*(_string(body, key) for key in ("case", "text", "table")))
        if not found.case:
            raise InputError("the page names no case; open one from the list of cases")
        return found

    def check(self, files: CaseFiles) -> tuple[Case | None, tuple[Finding, ...]]:
        """Read the text as a case, and return it with all that is wrong or may not be meant."""
        poll()
        own = self.table or self.case
        try:
            if self.table:
                case = read_case(_bytes(files.read(self.case).text), self.case, self._beside(files))
            else:
                case = read_case(_bytes(self.text), self.case, self._beside(files))
        except CaseError as error:
            wrong = [
                Finding(
                    "error", p.line, p.column, p.message, p.remedy, "" if p.file == own else p.file
                )
                for p in error.problems[:_MOST_FINDINGS]
            ]
            return None, tuple(wrong)
        poll()
        try:
            seen = () if self.table else review_case(case, quick=True).open
        except FAILURES as error:
            return case, (Finding("warning", 1, 1, reason_of(error), "make the case smaller"),)
        found = (Finding("warning", w.line, w.column, w.message, w.remedy) for w in seen)
        return case, tuple(found)

    def outline(self, files: CaseFiles) -> TextOutline | None:
        """Return what the case says as it stands in this text, or in its file."""
        text = files.read(self.case).text if self.table else self.text
        key = (files.folder.root, self.case)
        return _OUTLINES.get((*key, hash(text)), lambda: _outline(text))

    def names(self, files: CaseFiles) -> CaseNames:
        """Return the case's names: as the text has them, or else as its file has."""
        found = _OUTLINES.get((files.folder.root, self.case, "last"), lambda: None)
        here = found if isinstance(found, TextOutline) else None
        if here is None:
            here = self.outline(files) or _outline(files.read(self.case).text)
        return here.names if here else CaseNames()

    def _beside(self, files: CaseFiles) -> Beside:
        read = beside(files.path(self.case))

        def with_own(name: str) -> tuple[str, bytes]:
            if self.table and name.strip() == self.table.rpartition("/")[2]:
                return self.table, _bytes(self.text)
            return name, read(name)[1]

        return with_own


def remember_names(files: CaseFiles, case: str, outline: TextOutline | None) -> None:
    """Let completion offer the names of the last text that could be read."""
    if outline is not None:
        _OUTLINES.replace((files.folder.root, case, "last"), outline)


def table_of(files: CaseFiles, case: str) -> str:
    """Return the table beside a case that its file names, as a file of the folder; or nothing."""
    named = _TABLE.search(files.read(case).text)
    return files.table(case, named[1]) if named else ""


def case_files(bench: Bench) -> CaseFiles:
    """Return the files that can be edited."""
    return CaseFiles(bench.folder)


def _outline(text: str) -> TextOutline | None:
    found = read_outline(text)
    return None if found is None else TextOutline(*found, CaseNames.of(found[0]))


def _bytes(text: str) -> bytes:
    # The reader says where a character stands that no file can hold.
    return text.encode("utf-8", "surrogatepass")


def _string(body: Mapping[str, Any], key: str) -> str:
    found = body.get(key, "") if isinstance(body, Mapping) else None
    if not isinstance(found, str):
        raise InputError(f"the page sent no text for {key}; load it again")
    return found
