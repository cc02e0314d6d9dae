"""What happened, beside what was argued and what the model says."""

from detente.evidence.filter import Evidence, Impossible, weigh
from detente.evidence.history import Entry, Record, Track, cut, record

__all__ = ["Entry", "Evidence", "Impossible", "Record", "Track", "cut", "record", "weigh"]
