"""Many draws of the parameters: over which assumptions each claim holds."""

from detente.study.design import Design, latin_hypercube, make_design
from detente.study.drivers import Driver
from detente.study.result import Failure, Study
from detente.study.run import open_study, run_study
from detente.study.solve import horizon

__all__ = [
    "Design",
    "Driver",
    "Failure",
    "Study",
    "horizon",
    "latin_hypercube",
    "make_design",
    "open_study",
    "run_study",
]
