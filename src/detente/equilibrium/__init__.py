"""The timed game: a continuous-time Markov game with logit choice, solved along a branch."""

from detente.equilibrium.batch import solve_batch
from detente.equilibrium.intervene import change, hold, intervene
from detente.equilibrium.result import Choice, Equilibrium
from detente.equilibrium.solve import solve

__all__ = ["Choice", "Equilibrium", "change", "hold", "intervene", "solve", "solve_batch"]
