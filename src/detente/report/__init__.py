"""Reports: what an analysis found, told as a page to read and print, and in the terminal."""

from detente.report._claim_rows import stated_words
from detente.report._comparison_page import render_comparison
from detente.report._deals_page import deal_sections, render_deals
from detente.report._page import environment, render, write
from detente.report._study_terminal import (
    agreeing_words,
    print_question,
    print_studies,
    print_study,
    study_words,
)
from detente.report._terminal import (
    print_case,
    print_findings,
    print_forecast,
    print_review,
    print_stability,
    print_wrapped,
)
from detente.report._verdict_table import console

__all__ = [
    "agreeing_words",
    "console",
    "deal_sections",
    "environment",
    "print_case",
    "print_findings",
    "print_forecast",
    "print_question",
    "print_review",
    "print_stability",
    "print_studies",
    "print_study",
    "print_wrapped",
    "render",
    "render_comparison",
    "render_deals",
    "stated_words",
    "study_words",
    "write",
]
