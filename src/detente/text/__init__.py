"""Words for people: numbers, names, counts, lists, and hints for words that are not known."""

from detente.text._hidden import fit_to_print, hidden_character, printable, without_hidden
from detente.text._html import Result
from detente.text._numbers import EN_DASH, THIN, Kind, finer, precise, show, show_range
from detente.text._page import fit_page
from detente.text._phrases import MONTHS, and_more, calendar_marks, day, listed, plural, spaced
from detente.text._spreadsheet import csv_cell
from detente.text._suggestion import article, listing, nearest, quote, suggestion
from detente.text._table import table

__all__ = [
    "EN_DASH",
    "MONTHS",
    "THIN",
    "Kind",
    "Result",
    "and_more",
    "article",
    "calendar_marks",
    "csv_cell",
    "day",
    "finer",
    "fit_page",
    "fit_to_print",
    "hidden_character",
    "listed",
    "listing",
    "nearest",
    "plural",
    "precise",
    "printable",
    "quote",
    "show",
    "show_range",
    "spaced",
    "suggestion",
    "table",
    "without_hidden",
]
