"""The timed game: a continuous-time Markov game with logit choice, solved along a branch."""

from detente.equilibrium._adjoint import (
    GameSlopes,
    PlayedGames,
    add_rate_slopes,
    add_value_slopes,
)
from detente.equilibrium._batch import solve_batch
from detente.equilibrium._certificate import Certificate
from detente.equilibrium._game import TimedGame, pack
from detente.equilibrium._generator import assemble, own_size
from detente.equilibrium._intervene import changed_conflict, hold_levels, intervene, solve_changed
from detente.equilibrium._lanes import (
    LANES,
    add_changes,
    in_lanes,
    march_back,
    march_on,
    out_of_lanes,
    row_times_lanes,
    row_times_one,
)
from detente.equilibrium._moves import joint_matrices, sharp
from detente.equilibrium._result import Choice, Equilibrium
from detente.equilibrium._solve import solve, solve_beside

__all__ = [
    "LANES",
    "Certificate",
    "Choice",
    "Equilibrium",
    "GameSlopes",
    "PlayedGames",
    "TimedGame",
    "add_changes",
    "add_rate_slopes",
    "add_value_slopes",
    "assemble",
    "changed_conflict",
    "hold_levels",
    "in_lanes",
    "intervene",
    "joint_matrices",
    "march_back",
    "march_on",
    "out_of_lanes",
    "own_size",
    "pack",
    "row_times_lanes",
    "row_times_one",
    "sharp",
    "solve",
    "solve_batch",
    "solve_beside",
    "solve_changed",
]
