"""Drawings in SVG of typed results, for pages, notebooks and files of their own."""

from detente.drawing._calibration import calibration, panel_calibration
from detente.drawing._chord import chord_figure
from detente.drawing._differences import differences_figure, placebo_figures
from detente.drawing._drawing import Drawing, stacked
from detente.drawing._draws_left import draws_left
from detente.drawing._fan import fan
from detente.drawing._graph import graph_of_moves, stability_drawing, stability_matrix
from detente.drawing._level_flow import level_map
from detente.drawing._marks import mark
from detente.drawing._of_draws import level_fans, verdict_bars
from detente.drawing._offers import gains_figure, offers_figure
from detente.drawing._phase import phase
from detente.drawing._positions import positions_figure
from detente.drawing._range_bar import range_bar
from detente.drawing._record import ForecastLevels, record_figure
from detente.drawing._state_moves import moves_figure
from detente.drawing._tornado import tornado_figure

__all__ = [
    "Drawing",
    "ForecastLevels",
    "calibration",
    "chord_figure",
    "differences_figure",
    "draws_left",
    "fan",
    "gains_figure",
    "graph_of_moves",
    "level_fans",
    "level_map",
    "mark",
    "moves_figure",
    "offers_figure",
    "panel_calibration",
    "phase",
    "placebo_figures",
    "positions_figure",
    "range_bar",
    "record_figure",
    "stability_drawing",
    "stability_matrix",
    "stacked",
    "tornado_figure",
    "verdict_bars",
]
