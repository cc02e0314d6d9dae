"""A task that kills its worker at one draw, as one does that runs out of memory there."""

from __future__ import annotations

import os
import signal

from detente.study import make_design
from detente.study._solve import solve_draw

DRAWS, SEED, DEADLY = 4, 7, 2


def die_at_one_draw(case, point):
    if point == make_design(case, DRAWS, SEED).point(DEADLY):
        os.kill(os.getpid(), signal.SIGKILL)
    return solve_draw(case, point)
