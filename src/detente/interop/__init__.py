"""Other programs' files: graph-model `.gmcr` and Gambit `.nfg`, in and out; PRISM's, out."""

from detente.interop.gambit_reading import nfg_to_case, read_nfg
from detente.interop.gambit_writing import write_nfg
from detente.interop.gmcr_reading import gmcr_to_case, read_gmcr
from detente.interop.gmcr_writing import write_gmcr
from detente.interop.prism import write_prism

__all__ = [
    "gmcr_to_case",
    "nfg_to_case",
    "read_gmcr",
    "read_nfg",
    "write_gmcr",
    "write_nfg",
    "write_prism",
]
