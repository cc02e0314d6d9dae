"""The command line as a program: ``detente``, or ``python -m detente``.

Ctrl-C, SIGTERM and SIGHUP end it with exit code 130 from the first import on, wherever they strike:
Python turns an interrupt that strikes while a class is made into another error, a library may
swallow one, and one that strikes in a callback goes nowhere, so it comes again. What an object that
an interrupt left half made complains of when it is taken apart is not printed. Python acts on a
signal only once a kernel returns, so a thread that learns of it at once tells the kernels to leave
off. Once it is settled how the program ends, it can no longer be interrupted.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
import time
from _thread import interrupt_main
from contextlib import suppress
from io import TextIOWrapper
from threading import Thread, Timer
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

STOPPED = 130
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
_AGAIN = 0.01
"""Seconds after which an interrupt that was lost in a callback comes again."""


def start() -> None:
    """Run the command that the arguments name, and end the process with its exit code."""
    interrupts: list[int] = []
    settled = losing = False

    def interrupt(number: int, frame: FrameType | None) -> None:
        interrupts.append(number)
        if not (settled or losing):
            raise KeyboardInterrupt

    def again(lost: UnraisableHookArgs) -> None:
        nonlocal losing
        if issubclass(lost.exc_type, KeyboardInterrupt):
            losing = True  # one that struck in here would be lost as well
            try:
                Timer(_AGAIN, strike).start()
            finally:
                losing = False
        elif not interrupts:
            sys.__unraisablehook__(lost)

    def strike() -> None:
        while losing:
            time.sleep(_AGAIN)
        _strike(interrupts[-1])

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that knows few characters loses none
            stream.reconfigure(errors="backslashreplace")
    known = (getattr(signal, name, None) for name in _SIGNALS)
    heeded = [one for one in known if one and signal.getsignal(one) is not signal.SIG_IGN]
    code: object = 0
    try:
        for one in heeded:
            signal.signal(one, interrupt)
        sys.unraisablehook = again
        _tell_kernels({int(one) for one in heeded})
        from detente.cli import main

        main(prog_name="detente")
    except SystemExit as end:
        code = end.code
    except BaseException:
        if not interrupts:
            raise
        settled = True
        code = STOPPED
        print("stopped", file=sys.stderr)
    finally:
        settled = True
        for one in heeded:
            signal.signal(one, signal.SIG_IGN)
    if interrupts and code:
        _end_now()
    sys.exit(code)  # type: ignore[arg-type]


def _strike(number: int) -> None:
    """Send this process a signal, so that even a main thread that sleeps wakes."""
    if os.name == "posix":
        os.kill(os.getpid(), number)
    else:
        interrupt_main(signal.Signals(number))


def _end_now() -> None:
    """End a process that was stopped, without the tenths of a second that taking it apart takes.

    What asked to be done at the end is done; threads are not waited for: they have been told.
    """
    atexit._run_exitfuncs()
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(STOPPED)


def _tell_kernels(heeded: set[int]) -> None:
    """Start a thread that stops all work as soon as one of some signals comes."""
    if os.name != "posix":
        return  # signals are told through sockets only; Python still acts between kernels
    end, begin = os.pipe()
    os.set_blocking(begin, False)
    signal.set_wakeup_fd(begin, warn_on_full_buffer=False)

    def wait() -> None:
        while os.read(end, 1)[0] not in heeded:
            pass
        if "detente.engine" in sys.modules:
            sys.modules["detente.engine"].stop_all()

    Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    start()
