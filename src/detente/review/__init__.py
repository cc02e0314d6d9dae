"""Warnings about a case that is sound but may not say what was meant."""

from detente.review._review import review_case, review_study
from detente.review._warning import CaseWarning, Review

__all__ = ["CaseWarning", "Review", "review_case", "review_study"]
