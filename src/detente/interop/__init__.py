"""Other programs' files: graph-model `.gmcr` files and Gambit's `.nfg`, in and out."""

from detente.interop.gambit_reading import nfg_to_case, read_nfg
from detente.interop.gambit_writing import write_nfg
from detente.interop.gmcr_reading import gmcr_to_case, read_gmcr
from detente.interop.gmcr_writing import write_gmcr

__all__ = ["gmcr_to_case", "nfg_to_case", "read_gmcr", "read_nfg", "write_gmcr", "write_nfg"]
