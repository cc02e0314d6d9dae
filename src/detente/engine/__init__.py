"""What every run over many draws shares: seeds, workers, failures and files of results."""

from detente.engine._seed import Seed, generator_of, seed_of

__all__ = ["Seed", "generator_of", "seed_of"]
