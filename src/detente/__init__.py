"""Turn a written argument about a conflict into a model that can be run, questioned and scored."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.analysis import Analysis, analyse
    from detente.case import Case, load
    from detente.conflict import Conflict
    from detente.errors import AnalysisError, CaseError, DetenteError, InputError, SizeError

__version__ = "0.1.0"

__all__ = [
    "Analysis",
    "AnalysisError",
    "Case",
    "CaseError",
    "Conflict",
    "DetenteError",
    "InputError",
    "SizeError",
    "__version__",
    "analyse",
    "load",
]

_HOME = {
    "Analysis": "detente.analysis",
    "analyse": "detente.analysis",
    "Case": "detente.case",
    "load": "detente.case",
    "Conflict": "detente.conflict",
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
