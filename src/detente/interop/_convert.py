"""From one file format to another, told apart by the ends of the files' names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from detente.case import load, read_case
from detente.conflict import Conflict
from detente.errors import InputError
from detente.interop._case_text import LARGEST_FILE
from detente.interop._gambit_reading import nfg_to_case
from detente.interop._gambit_writing import write_nfg
from detente.interop._gmcr_reading import gmcr_to_case
from detente.interop._gmcr_writing import write_gmcr
from detente.interop._prism import write_prism

_READ: Mapping[str, Callable[[str, str], str]] = MappingProxyType(
    {".gmcr": gmcr_to_case, ".nfg": nfg_to_case}
)
_WRITE: Mapping[str, Callable[[Conflict], str]] = MappingProxyType(
    {".gmcr": write_gmcr, ".nfg": write_nfg}
)
_CASE = (".yaml", ".yml")


def convert(source: Path, target: Path) -> None:
    """Write what a file says in another format.

    Parameters
    ----------
    source : Path
        A case file (`.yaml`), a graph-model file (`.gmcr`) or a Gambit game (`.nfg`).
    target : Path
        The file to write, one of the same three; what is there is replaced. With the ending
        ``.prism`` the case is solved and its chain written as ``.sta``, ``.tra`` and ``.lab`` files
        of that name.

    Raises
    ------
    InputError
        When a file cannot be read or written, or the format cannot hold the conflict.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp())
    >>> game = place / "chicken.nfg"
    >>> _ = game.write_text('NFG 1 R "Chicken" { "A" "B" } { 2 2 } 3 3 4 2 2 4 1 1')
    >>> convert(game, place / "chicken.yaml")
    >>> load(place / "chicken.yaml").title
    'Chicken'
    """
    kinds = (*_CASE, *_READ)
    for path, known in ((source, kinds), (target, (*kinds, ".prism"))):
        if path.suffix.lower() not in known:
            raise InputError(
                f"{path}: {path.suffix or 'a name without ending'} is not a known format; "
                f"use {', '.join(known)}"
            )
    here, there = source.suffix.lower(), target.suffix.lower()
    if here in _CASE and there in _CASE:
        raise InputError(f"{source} and {target} are both case files; copy the file instead")
    text = None if here in _CASE else _READ[here](_text(source), source.name)
    if there in _CASE:
        assert text is not None
        # Read once more, so that no case file is written that detente would refuse.
        read_case(text.encode(), f"{source.name}, as a case")
        written = text
    else:
        case = load(source) if text is None else read_case(text.encode(), source.name)
        if there == ".prism":
            write_prism(case.conflict().equilibrium(), target)
            return
        written = _WRITE[there](case.conflict())
    try:
        target.write_text(written, "utf-8")
    except OSError as error:
        raise InputError(f"{target}: cannot be written ({error.strerror}); try another") from None


def _text(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():
            raise InputError(f"{path}: not a file; give a file to convert")
        if path.stat().st_size > 4 * LARGEST_FILE:
            raise InputError(f"{path}: the file is too large; at most {LARGEST_FILE:,} characters")
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the name") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: the file is not UTF-8; save it as UTF-8") from None
