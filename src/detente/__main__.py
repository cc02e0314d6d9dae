"""The command line as a program: ``detente``, or ``python -m detente``.

Ctrl-C, SIGTERM and SIGHUP end it with exit code 130 from the first import on, wherever they strike:
Python turns an interrupt that strikes while a class is made into another error, and a library may
swallow one. Python acts on a signal only once a kernel returns, so a thread that learns of it at
once tells the kernels to leave off. Once it is settled how the program ends, it can no longer be
interrupted.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
from contextlib import suppress
from io import TextIOWrapper
from threading import Thread
from types import FrameType

STOPPED = 130
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


def start() -> None:
    """Run the command that the arguments name, and end the process with its exit code."""
    interrupts = 0

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal interrupts
        interrupts += 1
        raise KeyboardInterrupt

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that knows few characters loses none
            stream.reconfigure(errors="backslashreplace")
    known = (getattr(signal, name, None) for name in _SIGNALS)
    heeded = [one for one in known if one and signal.getsignal(one) is not signal.SIG_IGN]
    code: object = 0
    try:
        for one in heeded:
            signal.signal(one, interrupt)
        _tell_kernels({int(one) for one in heeded})
        from detente.cli import main

        main(prog_name="detente")
    except SystemExit as end:
        code = end.code
    except BaseException:
        if not interrupts:
            raise
        code = STOPPED
        print("stopped", file=sys.stderr)
    finally:
        for one in heeded:
            signal.signal(one, signal.SIG_IGN)
    if interrupts and code:
        _end_now()
    sys.exit(code)  # type: ignore[arg-type]


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
