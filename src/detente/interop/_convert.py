"""From one file format to another, told apart by the ends of the files' names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from detente.case import builtin_cases, load, read_case
from detente.conflict import Conflict
from detente.equilibrium import Equilibrium
from detente.errors import AnalysisError, InputError
from detente.files import write_file
from detente.interop._case_text import LARGEST_FILE
from detente.interop._gambit_reading import nfg_to_case
from detente.interop._gambit_writing import write_nfg
from detente.interop._gmcr_reading import gmcr_to_case
from detente.interop._gmcr_writing import write_gmcr
from detente.interop._prism import write_prism
from detente.interop._prism_program import write_prism_program
from detente.interop._storm import write_storm
from detente.text import suggestion

_READ: Mapping[str, Callable[[str, str], str]] = MappingProxyType(
    {".gmcr": gmcr_to_case, ".nfg": nfg_to_case}
)
_WRITE: Mapping[str, Callable[[Conflict], str]] = MappingProxyType(
    {".gmcr": write_gmcr, ".nfg": write_nfg}
)
_CHAIN: Mapping[str, Callable[[Equilibrium, Path], tuple[Path, ...]]] = MappingProxyType(
    {
        ".prism": lambda chain, target: (write_prism_program(chain, target),),
        ".tra": write_prism,
        ".drn": lambda chain, target: (write_storm(chain, target),),
    }
)
_CASE = (".yaml", ".yml")
_UNSAID = "the status quo, times, costs, the words around the model, claims and the record"
LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {".gmcr": f"{_UNSAID}, and how far apart utilities are", ".nfg": _UNSAID}
)
"""By ending, what a case says and a file of that format cannot."""


def convert(source: Path | str, target: Path | str) -> tuple[Path, ...]:
    """Write what a file says in another format.

    Parameters
    ----------
    source : Path or str
        The name of a built-in case, a case file (`.yaml`), a graph-model file (`.gmcr`) or a Gambit
        game (`.nfg`).
    target : Path or str
        The file to write, one of the same three; what is there is replaced. With the ending
        ``.prism``, ``.tra`` or ``.drn`` the case is solved and its chain written: as a program that
        PRISM and Storm both load, for PRISM alone as ``.sta``, ``.tra`` and ``.lab`` files of that
        name, for Storm alone as one ``.drn`` file.

    Returns
    -------
    tuple of Path
        The files that were written.

    Raises
    ------
    InputError
        When a file cannot be read, or the format cannot hold the conflict.
    AnalysisError
        When a file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp())
    >>> game = place / "chicken.nfg"
    >>> _ = game.write_text('NFG 1 R "Chicken" { "A" "B" } { 2 2 } 3 3 4 2 2 4 1 1')
    >>> [file.name for file in convert(game, place / "chicken.yaml")]
    ['chicken.yaml']
    >>> load(place / "chicken.yaml").title
    'Chicken'
    """
    target = Path(target)
    builtin = str(source) in builtin_cases()
    here = "" if builtin else _known(Path(source), (*_CASE, *_READ), builtin_cases())
    there = _known(target, (*_CASE, *_WRITE, *_CHAIN))
    if here in _CASE and there in _CASE:
        raise InputError(f"{source} and {target} are both case files; copy the file instead")
    if here in _READ:
        text = _READ[here](_text(Path(source)), Path(source).name)
        # Read once more, so that no case file is written that detente would refuse.
        case = read_case(text.encode(), f"{Path(source).name}, as a case")
    else:
        case = load(source)
    if there in _CHAIN:
        return _CHAIN[there](case.conflict().equilibrium(), target)
    return _written(target, case.text if there in _CASE else _WRITE[there](case.conflict()))


def _known(path: Path, known: tuple[str, ...], names: tuple[str, ...] = ()) -> str:
    """Return the ending of a file whose format is known."""
    ending = path.suffix.lower()
    if ending not in known:
        also = f"; {suggestion(str(path), names, 'built-in case')}" if names else ""
        raise InputError(
            f"{path}: {path.suffix or 'a name without ending'} is not a known format; "
            f"use {', '.join(known)}{also}"
        )
    return ending


def _written(target: Path, content: bytes | str) -> tuple[Path, ...]:
    try:
        write_file(target, content)
    except OSError as error:
        raise AnalysisError(
            f"{target}: {error.strerror}; make room or choose another place"
        ) from None
    return (target,)


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
