"""The command line as a program: ``detente``, or ``python -m detente``.

Ctrl-C, SIGTERM and SIGHUP end it with exit code 130 from the first import on, wherever they strike:
Python turns an interrupt that strikes while a class is made into another error, and a library may
swallow one. Once it is settled how the program ends, it can no longer be interrupted.
"""

from __future__ import annotations

import signal
import sys
from io import TextIOWrapper
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
    sys.exit(STOPPED if interrupts and code else code)  # type: ignore[arg-type]


if __name__ == "__main__":
    start()
