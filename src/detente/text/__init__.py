"""Words for people: numbers, names, counts, lists, and hints for words that are not known."""

from detente.text._numbers import EN_DASH, THIN, Kind, precise, show, show_range
from detente.text._phrases import MONTHS, day, listed, plural, spaced
from detente.text._suggestion import among, article, listing, nearest, quote, suggestion

__all__ = [
    "EN_DASH",
    "MONTHS",
    "THIN",
    "Kind",
    "among",
    "article",
    "day",
    "listed",
    "listing",
    "nearest",
    "plural",
    "precise",
    "quote",
    "show",
    "show_range",
    "spaced",
    "suggestion",
]
