"""What an analyst writes: the case file, its formulas, its words, its sources."""

from detente.case.model import Case
from detente.case.reader import builtin_cases, load, read_case

__all__ = ["Case", "builtin_cases", "load", "read_case"]
