"""Many draws of the parameters: over which assumptions each claim holds."""

from detente.study._convergence import Convergence
from detente.study._design import Design, latin_hypercube, make_design
from detente.study._designs.quantiles import quantile
from detente.study._drivers import Driver
from detente.study._explore import DiagramAxis, PhaseDiagram, phase_diagram
from detente.study._export import export
from detente.study._failures import describe_failures
from detente.study._function import FunctionStudy, study_function
from detente.study._integrity import page_fault
from detente.study._processes import solve_in_processes, without_main
from detente.study._result import FailedAnswer, Study
from detente.study._run import Progress, open_study, run_study
from detente.study._salvage import salvage
from detente.study._solve import horizon
from detente.study._store import StudyHeader, open_store

__all__ = [
    "Convergence",
    "Design",
    "DiagramAxis",
    "Driver",
    "FailedAnswer",
    "FunctionStudy",
    "PhaseDiagram",
    "Progress",
    "Study",
    "StudyHeader",
    "describe_failures",
    "export",
    "horizon",
    "latin_hypercube",
    "make_design",
    "open_store",
    "open_study",
    "page_fault",
    "phase_diagram",
    "quantile",
    "run_study",
    "salvage",
    "solve_in_processes",
    "study_function",
    "without_main",
]
