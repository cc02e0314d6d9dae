"""What every run over many draws shares: seeds, workers, failures and files of results."""

from detente.engine._seed import seed_of

__all__ = ["seed_of"]
