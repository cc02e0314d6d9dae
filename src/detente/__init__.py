"""Turn a written argument about a conflict into a model that can be run, questioned and scored.

What a day's work needs stands here; the rooms (``detente.stability``, ``detente.evidence``, ...)
hold the rest. `load` reads a case by name or path and `read_case` its text; `analyse` takes it the
whole way to one `Analysis`. From a `Case` follow a `Conflict` (``case.conflict()``), from that its
`Stability` and its `Equilibrium`, and over many draws of the parameters a `Study`
(``case.study()``), which `open_study` reads back from a file; `phase_diagram` draws one answer over
two inputs; `compare` puts two cases, settings or results side by side, as a `Comparison`. Errors
are `InputError` (what came in is wrong; `CaseError` and `SizeError` are kinds of it) and
`AnalysisError` (the analysis could not finish), all under `DetenteError`.

Examples
--------
>>> import detente
>>> case = detente.load("chicken")
>>> case.conflict().stability().states("nash")
({'row.wheel': 'swerve', 'col.wheel': 'straight'}, {'row.wheel': 'straight', 'col.wheel': 'swerve'})
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.analysis import Analysis, analyse
    from detente.case import Case, load, read_case
    from detente.comparison import Comparison, compare
    from detente.conflict import Conflict
    from detente.equilibrium import Equilibrium
    from detente.errors import AnalysisError, CaseError, DetenteError, InputError, SizeError
    from detente.stability import Stability
    from detente.study import Study, open_study, phase_diagram

__version__ = "0.1.0"

__all__ = [
    "Analysis",
    "AnalysisError",
    "Case",
    "CaseError",
    "Comparison",
    "Conflict",
    "DetenteError",
    "Equilibrium",
    "InputError",
    "SizeError",
    "Stability",
    "Study",
    "__version__",
    "analyse",
    "compare",
    "load",
    "open_study",
    "phase_diagram",
    "read_case",
]

_HOME = {
    "Analysis": "detente.analysis",
    "analyse": "detente.analysis",
    "Case": "detente.case",
    "load": "detente.case",
    "read_case": "detente.case",
    "Comparison": "detente.comparison",
    "compare": "detente.comparison",
    "Conflict": "detente.conflict",
    "Equilibrium": "detente.equilibrium",
    "Stability": "detente.stability",
    "Study": "detente.study",
    "open_study": "detente.study",
    "phase_diagram": "detente.study",
    "AnalysisError": "detente.errors",
    "CaseError": "detente.errors",
    "DetenteError": "detente.errors",
    "InputError": "detente.errors",
    "SizeError": "detente.errors",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: ``detente --help`` needs no numerical library."""
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'detente' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)


def _let_kernels_be_stored() -> None:
    """Give numba a folder of this process and its workers, where it can write to no other.

    It stores compiled kernels beside the source or in the user's cache, and refuses to work where
    it can do neither.
    """
    own = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    places = [os.environ.get("NUMBA_CACHE_DIR"), str(Path(__file__).parent), own]
    if any(map(_can_be_written, filter(None, places))):
        return
    import atexit
    import shutil
    import tempfile

    try:
        os.environ["NUMBA_CACHE_DIR"] = folder = tempfile.mkdtemp(prefix="detente-kernels-")
    except OSError:  # numba will say so, and the command line in our words
        return
    maker = os.getpid()

    @atexit.register
    def remove() -> None:
        if os.getpid() == maker:
            shutil.rmtree(folder, ignore_errors=True)


def _can_be_written(place: str) -> bool:
    """Whether a folder can be written to, or made."""
    try:
        path = Path(place).expanduser().absolute()
    except RuntimeError:  # there is no home
        return False
    while not path.exists():
        path = path.parent
    return path.is_dir() and os.access(path, os.W_OK)


_let_kernels_be_stored()
