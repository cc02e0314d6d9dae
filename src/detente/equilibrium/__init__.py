"""The timed game: a continuous-time Markov game with logit choice, solved along a branch."""

from detente.equilibrium.intervene import hold, intervene
from detente.equilibrium.result import Choice, Equilibrium
from detente.equilibrium.solve import solve

__all__ = ["Choice", "Equilibrium", "hold", "intervene", "solve"]
