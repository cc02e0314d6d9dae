"""What is wrong with an expression, where it is, and what to do about it."""

from __future__ import annotations

from detente.errors import InputError


class ExpressionError(InputError):
    """An expression is wrong.

    Parameters
    ----------
    message : str
        What is wrong.
    remedy : str
        What to do about it.
    start, end : int
        The part of the text at fault, as offsets from 0; equal where something is missing.

    Examples
    --------
    >>> error = ExpressionError("no name 'levrage'", "did you mean 'leverage'?", 4, 11)
    >>> print(error)
    no name 'levrage'; did you mean 'leverage'?
    >>> error.start, error.end
    (4, 11)
    """

    def __init__(self, message: str, remedy: str, start: int, end: int) -> None:
        super().__init__(message, remedy, start, end)
        self.message = message
        self.remedy = remedy
        self.start = start
        self.end = end

    def __str__(self) -> str:
        """Return the message with the remedy."""
        return f"{self.message}; {self.remedy}"
