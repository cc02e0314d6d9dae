"""Many draws of the parameters: over which assumptions each claim holds."""

from detente.study.design import Design, latin_hypercube
from detente.study.drivers import Driver
from detente.study.result import Failure, Study
from detente.study.run import horizon, run_study

__all__ = ["Design", "Driver", "Failure", "Study", "horizon", "latin_hypercube", "run_study"]
