"""Reports: what an analysis found, told as a page to read and print, and in the terminal."""

from detente.report._bargaining import BargainingWords, bargaining_words
from detente.report._bargaining_page import render_bargaining
from detente.report._claim_rows import (
    ClaimOutcome,
    ModelAnswer,
    claim_outcome,
    model_answer,
    stated_words,
)
from detente.report._comparison_page import claim_readings, render_comparison
from detente.report._deals_page import deal_sections, render_deals
from detente.report._page import environment, render, write
from detente.report._panel_page import render_panel
from detente.report._phase_table import phase_table, shade
from detente.report._provenance import ParameterRow, SourceRow, parameter_rows, source_rows
from detente.report._reading_page import render_reading
from detente.report._record import RecordRows, recorded, today_of
from detente.report._sensitivity import tornado_rows
from detente.report._stable_states import MEANINGS, near_equilibria
from detente.report._study_terminal import (
    agreeing_words,
    print_question,
    print_studies,
    print_study,
    study_words,
)
from detente.report._terminal import (
    NO_PROBABILITIES,
    print_case,
    print_findings,
    print_forecast,
    print_review,
    print_stability,
    print_wrapped,
)
from detente.report._trajectories import issue_trajectory, level_trajectory
from detente.report._verdict_table import console, on_paper

__all__ = [
    "MEANINGS",
    "NO_PROBABILITIES",
    "BargainingWords",
    "ClaimOutcome",
    "ModelAnswer",
    "ParameterRow",
    "RecordRows",
    "SourceRow",
    "agreeing_words",
    "bargaining_words",
    "claim_outcome",
    "claim_readings",
    "console",
    "deal_sections",
    "environment",
    "issue_trajectory",
    "level_trajectory",
    "model_answer",
    "near_equilibria",
    "on_paper",
    "parameter_rows",
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
    "recorded",
    "render",
    "render_bargaining",
    "render_comparison",
    "render_deals",
    "render_panel",
    "render_reading",
    "shade",
    "source_rows",
    "stated_words",
    "study_words",
    "today_of",
    "tornado_rows",
    "write",
]
