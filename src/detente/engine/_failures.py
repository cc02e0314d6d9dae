"""What counts as a draw that failed, and why it did in words.

A draw fails where its parameters make no model, no equilibrium is found, numbers get out of hand or
memory runs out; anything else is a fault of the program and is not caught.
"""

from __future__ import annotations

import numpy as np

from detente.errors import DetenteError
from detente.text import printable

FAILURES = (DetenteError, ArithmeticError, np.linalg.LinAlgError, MemoryError)
"""Errors with which a draw fails and others go on."""


def reason_of(error: BaseException) -> str:
    """Return why a draw failed.

    Examples
    --------
    >>> reason_of(ZeroDivisionError("division by zero")), reason_of(MemoryError())
    ('division by zero', 'MemoryError')
    """
    return printable(str(error)) or type(error).__name__
