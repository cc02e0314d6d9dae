"""A worker that dies at one draw, as one does that runs out of memory there."""

from __future__ import annotations

import os
import signal

from detente.study.solve import solve_draw

DEADLY = 2


def work(pipe, case):
    pipe.send(None)
    while True:
        for number, parameters, variant in pipe.recv():
            if number == DEADLY:
                os.kill(os.getpid(), signal.SIGKILL)
            pipe.send(solve_draw(case, number, parameters, variant))
