"""Foreign files on their way into a case: what is refused, and what goes into its notes."""

from __future__ import annotations

from collections.abc import Mapping

from detente.case import quoted
from detente.errors import InputError
from detente.text import hidden_character

LARGEST_FILE = 4_000_000
"""Characters of a foreign file; larger ones are refused unread."""


def check_text(text: str, name: str) -> None:
    """Refuse a file that is too large to be meant, or holds what no reader sees."""
    if len(text) > LARGEST_FILE:
        raise InputError(
            f"{name}: the file has {len(text):,} characters; at most {LARGEST_FILE:,} are read"
        )
    refuse_hidden(text.replace("\r\n", " \n"), 0, text, name)


def refuse_hidden(part: str, start: int, text: str, name: str, spelt: str = "") -> None:
    """Refuse a part of a file, from a place on, that holds a character which cannot be seen."""
    hidden = hidden_character(part)
    if hidden:
        at = start if spelt else start + hidden[0]
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        raise InputError(f"{name}:{line}:{column}: {hidden[1]}{spelt}; take it out")


def noted(notes: Mapping[str, str]) -> list[str]:
    """Return the lines of a case for what a file says and a case has no place for."""
    lines = [f"  {quoted(key)}: {quoted(value)}" for key, value in notes.items()]
    return ["notes:", *lines] if lines else []
