"""What every run over many draws shares: seeds, workers, failures, files and forms of results."""

from detente.engine._arrays import Bools, Floats, Ints
from detente.engine._plain import data_frame, plain, plain_fields
from detente.engine._seed import Seed, generator_of, seed_of

__all__ = [
    "Bools",
    "Floats",
    "Ints",
    "Seed",
    "data_frame",
    "generator_of",
    "plain",
    "plain_fields",
    "seed_of",
]
