"""Reports: one object with everything a run found, a page to read and print, and the terminal."""

from detente.report.findings import Findings, Phase, find
from detente.report.page import render, write

__all__ = ["Findings", "Phase", "find", "render", "write"]
