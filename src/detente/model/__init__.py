"""One solved model: a case at one point of its parameters, in every world that is asked about."""

from detente.model._chain_answers import ScopedQuestion
from detente.model._parameter_slopes import ParameterSlopes
from detente.model._solved_model import SolvedModel
from detente.model._solved_table import SolvedTable
from detente.model._solved_world import SolvedWorld
from detente.model._world import TODAY, World

__all__ = [
    "TODAY",
    "ParameterSlopes",
    "ScopedQuestion",
    "SolvedModel",
    "SolvedTable",
    "SolvedWorld",
    "World",
]
