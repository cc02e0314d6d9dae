"""Reports: what an analysis found, told as a page to read and print, and in the terminal."""

from detente.report._claim_rows import claim_outcome, stated_words
from detente.report._comparison_page import render_comparison
from detente.report._deals_page import render_deals
from detente.report._page import environment, render, write
from detente.report._phase_table import phase_table, shade
from detente.report._stable_states import MEANINGS, near_equilibria
from detente.report._study_terminal import print_question, print_studies, print_study
from detente.report._terminal import (
    print_case,
    print_findings,
    print_forecast,
    print_review,
    print_stability,
    print_wrapped,
)
from detente.report._trajectories import issue_trajectory, level_trajectory
from detente.report._verdict_table import console

__all__ = [
    "MEANINGS",
    "claim_outcome",
    "console",
    "environment",
    "issue_trajectory",
    "level_trajectory",
    "near_equilibria",
    "phase_table",
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
    "shade",
    "stated_words",
    "write",
]
