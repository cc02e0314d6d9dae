"""Tasks that workers can find by their names."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


def power(base, exponent):
    return base**exponent


def name_worker(context, item):
    return os.getpid()


def sleep_long(context, item):
    Path(context, str(item)).touch()
    time.sleep(60.0 if item else 0.0)
    return item


def die_once(folder, item):
    """Die at item 3, the first time only."""
    mark = Path(folder, "died")
    if item == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def die_at_three(context, item):
    if item == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def give_up(context, why):
    return f"{context}: {why}"
