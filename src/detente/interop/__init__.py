"""Other programs' files: graph-model and Gambit games in and out; chains for PRISM and Storm."""

from detente.interop._convert import LEFT_OUT, convert
from detente.interop._gambit_reading import nfg_to_case, read_nfg
from detente.interop._gambit_writing import write_nfg
from detente.interop._gmcr_reading import gmcr_to_case, read_gmcr
from detente.interop._gmcr_writing import write_gmcr
from detente.interop._prism import write_prism
from detente.interop._prism_program import write_prism_program
from detente.interop._storm import write_storm

__all__ = [
    "LEFT_OUT",
    "convert",
    "gmcr_to_case",
    "nfg_to_case",
    "read_gmcr",
    "read_nfg",
    "write_gmcr",
    "write_nfg",
    "write_prism",
    "write_prism_program",
    "write_storm",
]
