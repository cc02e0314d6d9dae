"""Files of the folder as texts to edit: read, saved under version, never over another's change.

Every save moves what it replaces into ``.detente/versions/NAME``, named by time and hash, at most
`MOST_VERSIONS` of them. A text that is no sound case is stored beside, in ``.detente/drafts``.
A file is replaced in one step and only while it is still the one that the editor started from.
Line ends and the mark at the start of a file stay as they were. Cost: that of the files.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from threading import Lock

from detente.case import CaseFolder, builtin_cases
from detente.errors import InputError
from detente.files import write_file
from detente.text import plural

MOST_VERSIONS = 200
LARGEST_TEXT = 2**20
"""Bytes; the reader takes no more."""
_HASH = 16
_BESIDE = {"draft": "drafts", "unsaved": "unsaved"}
_BOM = b"\xef\xbb\xbf"
_NAME = re.compile(r"[^\x00-\x1f\x7f/\\:*?\"<>|]{1,100}")
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_VERSION = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{16}\.(yaml|yml|csv)")
_SURROGATE = re.compile("[\ud800-\udfff]")

_saving = Lock()


@dataclass(frozen=True)
class FileText:
    """The text of a file, with line ends as the page has them, and the hash of its bytes."""

    text: str
    sha: str
    saved: dt.datetime | None


@dataclass(frozen=True)
class FileVersion:
    """An earlier state of a file."""

    id: str
    saved: dt.datetime
    sha: str


class FileConflict(InputError):
    """A file is no longer what the editor started from; ``now`` is what it is, if it is there."""

    def __init__(self, name: str, now: FileText | None) -> None:
        self.now = now
        what = "is no longer what this text started from" if now else "is gone"
        super().__init__(f"{name} {what}; choose what to do with both texts")


class CaseFiles:
    """The files of a folder that can be edited.

    Parameters
    ----------
    folder : CaseFolder
    write : callable, optional
        Puts bytes under a path.
    """

    def __init__(
        self, folder: CaseFolder, write: Callable[[Path, bytes], None] = write_file
    ) -> None:
        self.folder = folder
        self._write = write

    def path(self, name: str) -> Path:
        """Return where a file is: of the folder, or of the built-in cases."""
        if name in builtin_cases():
            return Path(str(files("detente").joinpath("cases"))) / f"{name}.yaml"
        return self.folder.inside(name)

    def table(self, case: str, name: str) -> str:
        """Return the name of a table beside a case, as a file of the folder."""
        plain = Path(name)
        if plain.is_absolute() or ".." in plain.parts or plain.suffix.lower() != ".csv":
            raise InputError(f"{name!r} is no table beside the case; name a .csv file there")
        return (Path(case).parent / plain).as_posix()

    def read(self, name: str) -> FileText:
        """Return the text of a file.

        Raises
        ------
        InputError
            When there is none, or it cannot be edited as text.
        """
        found = self._found(self.path(name), name)
        if found is None:
            raise InputError(f"there is no file {name}; choose another from the list of cases")
        return found

    def save(self, name: str, text: str, base: str) -> FileText:
        """Save a text over a file, whose present content becomes a version.

        Parameters
        ----------
        name : str
            A file of the folder.
        text : str
        base : str
            The hash of what the editor started from; nothing for a file that is not there yet.

        Raises
        ------
        FileConflict
            When the file is not what the editor started from.
        InputError
            When it cannot be written.
        """
        if name in builtin_cases():
            raise InputError(f"{name} is built in and stays as it is; save a copy of it")
        if any(part.startswith(".") for part in Path(name).parts):
            raise InputError(f"{name!r} has a part that begins with a point; choose another name")
        content = _encoded(text)
        path = self.folder.inside(name)
        with _saving:
            old = self._raw(path, name)
            if (_sha(old) if old is not None else "") != base:
                raise FileConflict(name, None if old is None else _decoded(old, path, name))
            content = _as_before(content, old or b"")
            if content == old:
                return self.read(name)
            try:
                if old is not None:
                    self._remember(name, path, old)
                self._write(path, content)
            except OSError as error:
                raise _not_written(name, error) from None
        return self.read(name)

    def create(self, name: str, text: str) -> str:
        """Save a text as a new case in the folder, and return its name.

        Raises
        ------
        InputError
            For a name that cannot be one, or that is taken.
        """
        name = _file_name(name, ".yaml")
        if self.folder.inside(name).exists():
            raise InputError(f"there is a {name} already; choose another name")
        self.save(name, text, "")
        return name

    def copy_table(self, case: str, name: str) -> None:
        """Put the table that a case names beside a copy of it, unless the same stands there."""
        path = self.folder.inside(name)
        try:
            content = (self.path(case).parent / name).read_bytes()
            with _saving:
                if path.exists():
                    if path.read_bytes() != content:
                        raise InputError(f"there is another {name} already; move it away first")
                    return
                self._write(self.folder.inside(_file_name(name, ".csv")), content)
        except OSError as error:
            raise _not_written(name, error) from None

    def versions(self, name: str) -> tuple[FileVersion, ...]:
        """Return the earlier states of a file, the latest first."""
        try:
            found = [path.name for path in self._store("versions", name).iterdir()]
        except (OSError, InputError):
            return ()
        ids = sorted((one for one in found if _VERSION.fullmatch(one)), reverse=True)
        return tuple(FileVersion(one, _time_of(one), one[17 : 17 + _HASH]) for one in ids)

    def version(self, name: str, version: str) -> str:
        """Return the text of an earlier state."""
        if not _VERSION.fullmatch(version):
            raise InputError(f"{version!r} is no version of {name}; choose one from the list")
        found = self._found(self._store("versions", name) / version, f"version {version}")
        if found is None:
            raise InputError(f"version {version} of {name} is gone; choose another")
        return found.text

    def drafts(self, name: str) -> Mapping[str, FileText]:
        """Return what is stored beside a file: its ``draft``, and what was left ``unsaved``."""
        found = {}
        for kind, folder in _BESIDE.items():
            with suppress(InputError):
                text = self._found(self._store(folder, name), f"the {kind} text of {name}")
                if text is not None:
                    found[kind] = text
        return found

    def store_unsaved(self, name: str, text: str) -> None:
        """Store a text that nobody has saved yet, so that it outlives the page and the server."""
        content, path = _encoded(text), self._store("unsaved", name)
        with _saving, suppress(OSError):  # the page has it too
            path.parent.mkdir(parents=True, exist_ok=True)
            self._write(path, content)

    def save_draft(self, name: str, text: str) -> None:
        """Store a text that is no sound case; an earlier draft becomes a version of it."""
        content = _encoded(text)
        path = self._store("drafts", name)
        with _saving:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                old = self._raw(path, name)
                if old is not None and old != content:
                    self._remember(name, path, old)
                self._write(path, content)
            except OSError as error:
                raise _not_written(f"the draft of {name}", error) from None

    def drop(self, name: str, *kinds: str) -> None:
        """Take away what is stored beside a file; a draft becomes a version of it.

        Parameters
        ----------
        name : str
        *kinds : str
            ``draft``, ``unsaved``; both where none is named.
        """
        with _saving, suppress(OSError):
            for kind in kinds or _BESIDE:
                path = self._store(_BESIDE[kind], name)
                old = self._raw(path, name)
                if old is not None and kind == "draft":
                    self._remember(name, path, old)
                path.unlink(missing_ok=True)

    def _store(self, kind: str, name: str) -> Path:
        self.folder.inside(name)
        return self.folder.inside(f".detente/{kind}/{name}")

    def _remember(self, name: str, path: Path, content: bytes) -> None:
        store = self._store("versions", name)
        known = self.versions(name)
        if known and known[0].sha == _sha(content):
            return
        # Versions follow each other, whatever clock the old file was written by.
        saved = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
        if known and saved < known[0].saved:
            saved = dt.datetime.now(dt.UTC)
        store.mkdir(parents=True, exist_ok=True)
        ending = Path(name).suffix or ".yaml"
        self._write(store / f"{saved:%Y%m%dT%H%M%SZ}-{_sha(content)}{ending}", content)
        for one in self.versions(name)[MOST_VERSIONS:]:
            (store / one.id).unlink(missing_ok=True)

    def _found(self, path: Path, name: str) -> FileText | None:
        raw = self._raw(path, name)
        return None if raw is None else _decoded(raw, path, name)

    def _raw(self, path: Path, name: str) -> bytes | None:
        try:
            with path.open("rb") as file:
                return file.read(LARGEST_TEXT + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            reason = error.strerror or str(error)
            raise InputError(f"{name} cannot be read: {reason}; check its permissions") from None


def _file_name(name: str, ending: str) -> str:
    name = name.strip()
    if not name.lower().endswith((".yaml", ".yml", ".csv")):
        name += ending
    sound = _NAME.fullmatch(name) and name[0] != "." and not _SURROGATE.search(name)
    if not sound or _DEVICES.fullmatch(name) or name.rpartition(".")[0].strip(" .") == "":
        raise InputError("this cannot be the name of a file; use letters, digits, - and _")
    return name


def _encoded(text: str) -> bytes:
    wrong = _SURROGATE.search(text) or re.search("\0", text)
    if wrong is not None:
        line = text.count("\n", 0, wrong.start()) + 1
        raise InputError(
            f"line {line} holds U+{ord(wrong[0]):04X}, which no file can hold; take it out"
        )
    content = text.encode("utf-8")
    if len(content) > LARGEST_TEXT:
        raise InputError(
            f"the text has {plural(len(content), 'byte')}, more than 1 MiB; shorten it"
        )
    return content


def _as_before(content: bytes, old: bytes) -> bytes:
    """Return content with the line ends and the first mark of what it replaces."""
    if 2 * old.count(b"\r\n") > old.count(b"\n"):
        content = content.replace(b"\n", b"\r\n")
    return _BOM + content if old.startswith(_BOM) else content


def _decoded(raw: bytes, path: Path, name: str) -> FileText:
    if len(raw) > LARGEST_TEXT:
        raise InputError(f"{name} is longer than 1 MiB, too long for a case; shorten it")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(f"{name}, line {line}, is not UTF-8; save it as UTF-8 first") from None
    if "\0" in text:
        raise InputError(f"{name} holds U+0000, so it is no text; take it out first")
    saved = None
    with suppress(OSError):
        saved = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
    return FileText(text.replace("\r\n", "\n").replace("\r", "\n"), _sha(raw), saved)


def _not_written(name: str, error: OSError) -> InputError:
    reason = error.strerror or str(error)
    return InputError(f"{name} was not saved: {reason}; nothing is lost, the text is still here")


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_HASH]


def _time_of(version: str) -> dt.datetime:
    return dt.datetime.strptime(version[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
