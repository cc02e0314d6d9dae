"""What the parser makes: a tree of what was written, before any name is looked up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.expression._tokens import Token

Kind = Literal[
    "number", "truth", "name", "call", "negative", "not", "sum", "product", "comparison",
    "member", "and", "or", "implies", "iff",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class SyntaxTree:
    """A part of an expression.

    A run of operators of one kind, such as ``a + b - c``, is one tree with many children, so that
    long sums stay shallow.

    Parameters
    ----------
    kind : str
        What it is.
    text : str
        The number, word, name or function as written, else empty.
    children : tuple of SyntaxTree
        The operands or arguments. Those of ``member`` are the left side and then the set.
    operators : tuple of Token
        What stands between the children; for ``member`` one token, ``in`` or ``not``.
    start, end : int
        Where in the text.
    height : int
        How many trees lie within one another, at most.
    """

    kind: Kind
    text: str
    children: tuple[SyntaxTree, ...]
    operators: tuple[Token, ...]
    start: int
    end: int
    height: int
