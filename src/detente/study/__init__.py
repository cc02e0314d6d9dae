"""Many draws of the parameters: over which assumptions each claim holds."""

from detente.engine import Progress
from detente.study._bargaining_study import BargainingStudy, study_bargaining
from detente.study._convergence import Convergence
from detente.study._design import Design, Point, latin_hypercube, make_design
from detente.study._designs.quantiles import quantile
from detente.study._diagram_axis import DiagramAxis
from detente.study._drivers import Driver
from detente.study._each_alone import DISPLAYED, DOUBT, claim_tornados
from detente.study._exchange_patterns import ExchangePattern
from detente.study._explore import (
    ABOUT,
    PhaseDiagram,
    claim_asked,
    growing_diagram,
    phase_diagram,
)
from detente.study._export import export
from detente.study._failures import describe_failures, missing_answers
from detente.study._function import FunctionStudy, study_function
from detente.study._pairing import paired_designs
from detente.study._place import study_place
from detente.study._result import FailedAnswer, Study
from detente.study._run import first_draws, open_study, run_study
from detente.study._solve import DrawOutcome, horizon, solve_draw
from detente.study._store import open_store, salvage

__all__ = [
    "ABOUT",
    "DISPLAYED",
    "DOUBT",
    "BargainingStudy",
    "Convergence",
    "Design",
    "DiagramAxis",
    "DrawOutcome",
    "Driver",
    "ExchangePattern",
    "FailedAnswer",
    "FunctionStudy",
    "PhaseDiagram",
    "Point",
    "Progress",
    "Study",
    "claim_asked",
    "claim_tornados",
    "describe_failures",
    "export",
    "first_draws",
    "growing_diagram",
    "horizon",
    "latin_hypercube",
    "make_design",
    "missing_answers",
    "open_store",
    "open_study",
    "paired_designs",
    "phase_diagram",
    "quantile",
    "run_study",
    "salvage",
    "solve_draw",
    "study_bargaining",
    "study_function",
    "study_place",
]
