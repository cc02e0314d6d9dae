"""What every run over many draws shares: seeds, workers, failures, arrays, files of results."""

from detente.engine._arrays import Bools, Floats, Ints
from detente.engine._seed import seed_of

__all__ = ["Bools", "Floats", "Ints", "seed_of"]
