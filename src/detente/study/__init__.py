"""Many draws of the parameters: over which assumptions each claim holds."""

from detente.study.convergence import Convergence
from detente.study.design import Design, latin_hypercube, make_design
from detente.study.drivers import Driver
from detente.study.explore import PhaseDiagram, Side, explore
from detente.study.export import export
from detente.study.function import Sample, study_function
from detente.study.result import Failure, Study
from detente.study.run import open_study, run_study
from detente.study.salvage import salvage
from detente.study.solve import horizon
from detente.study.store import Record, open_store

__all__ = [
    "Convergence",
    "Design",
    "Driver",
    "Failure",
    "PhaseDiagram",
    "Record",
    "Sample",
    "Side",
    "Study",
    "explore",
    "export",
    "horizon",
    "latin_hypercube",
    "make_design",
    "open_store",
    "open_study",
    "run_study",
    "salvage",
    "study_function",
]
