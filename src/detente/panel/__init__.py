"""Many conflicts in one template, with shared numbers: fitted to the past, scored on the future."""

from detente.panel._ablations import ablated_panels
from detente.panel._baselines import baseline_forecasts
from detente.panel._coefficients import Coefficient, SharedFormulas
from detente.panel._conflict_table import ConflictTable
from detente.panel._fit import PanelFit, fit_panel, read_fit
from detente.panel._limits import panel_limits
from detente.panel._load import load_panel
from detente.panel._outcome import FinalOutcome, RecordOutcome
from detente.panel._panel import Panel
from detente.panel._placebos import PanelPlacebos, panel_placebos
from detente.panel._record_baselines import record_baselines
from detente.panel._score_table import PanelScore, score_table
from detente.panel._scores import PanelScores, forecast_side, score_panel
from detente.panel._where import ColumnDifferences, GroupDifference, difference_by, groups_by

__all__ = [
    "Coefficient",
    "ColumnDifferences",
    "ConflictTable",
    "FinalOutcome",
    "GroupDifference",
    "Panel",
    "PanelFit",
    "PanelPlacebos",
    "PanelScore",
    "PanelScores",
    "RecordOutcome",
    "SharedFormulas",
    "ablated_panels",
    "baseline_forecasts",
    "difference_by",
    "fit_panel",
    "forecast_side",
    "groups_by",
    "load_panel",
    "panel_limits",
    "panel_placebos",
    "read_fit",
    "record_baselines",
    "score_panel",
    "score_table",
]
