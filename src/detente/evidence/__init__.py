"""What happened, beside what was argued and what the model says."""

from detente.evidence.history import Entry, Record, Track, cut, record

__all__ = ["Entry", "Record", "Track", "cut", "record"]
