"""The report's figures: small drawings in SVG whose colours come from the page's style sheet."""

from detente.report.figures.fan import fan
from detente.report.figures.heat import Heat, heat
from detente.report.figures.marks import mark
from detente.report.figures.range_bar import range_bar

__all__ = ["Heat", "fan", "heat", "mark", "range_bar"]
