"""The small language of formulas and questions in a case.

A text goes through `tokens` (characters to tokens), `parser` (tokens to a tree, by precedence
climbing), `binding` (names to what they mean, types checked) and ends as a flat `program` that
runs on broadcast numpy arrays. Nothing is ever handed to the interpreter of Python, and any text
at all either compiles or raises `ExpressionError` with its position and a remedy. The cost is
linear in the length of the text, which is limited, as is the nesting.
"""

from __future__ import annotations

from detente.case.expression.error import ExpressionError
from detente.case.expression.formula import Formula, Query, compile_formula, compile_query
from detente.case.expression.scope import Scope, Variable
from detente.case.expression.tokens import RESERVED

__all__ = [
    "RESERVED",
    "ExpressionError",
    "Formula",
    "Query",
    "Scope",
    "Variable",
    "compile_formula",
    "compile_query",
]
