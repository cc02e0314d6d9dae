"""The small language of formulas and questions in a case.

A text goes through `tokens` (characters to tokens), `parser` (tokens to a tree, by precedence
climbing), `binding` (names to what they mean, types checked) and ends as a flat `program` that
runs on broadcast numpy arrays. Nothing is ever handed to the interpreter of Python, and any text
at all either compiles or raises `ExpressionError` with its position and a remedy. The cost is
linear in the length of the text, which is limited, as is the nesting.
"""

from detente.expression._error import ExpressionError
from detente.expression._formula import Formula, Query, compile_formula, compile_query
from detente.expression._parser import parse_formula
from detente.expression._scope import Namespace, Variable
from detente.expression._tokens import RESERVED
from detente.expression._tree import SyntaxTree

__all__ = [
    "RESERVED",
    "ExpressionError",
    "Formula",
    "Namespace",
    "Query",
    "SyntaxTree",
    "Variable",
    "compile_formula",
    "compile_query",
    "parse_formula",
]
