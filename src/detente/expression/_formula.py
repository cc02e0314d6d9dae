"""Compiled formulas and questions, and the two functions that make them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from detente.expression._binding import bind
from detente.expression._parser import Operator, parse_formula, parse_query
from detente.expression._program import Array, Load, Step, run
from detente.expression._scope import Namespace
from detente.expression._tangent import Change, slopes
from detente.expression._tree import SyntaxTree


@dataclass(frozen=True)
class Formula:
    """A compiled formula; made by `compile_formula`.

    Parameters
    ----------
    text : str
        The formula as written.
    kind : {"number", "truth"}
        What it evaluates to: float64 or bool.
    uses : frozenset of str
        The options, conditions, issues and parameters that it reads.
    program : tuple
        The steps that evaluate it.
    """

    text: str
    kind: Literal["number", "truth"]
    uses: frozenset[str]
    program: tuple[Step, ...] = field(repr=False)

    def __hash__(self) -> int:
        """Return the hash of the text: questions are looked up by their formulas all the time."""
        return hash(self.text)

    def evaluate(self, values: Mapping[str, npt.ArrayLike]) -> Array:
        """Evaluate on arrays that broadcast together.

        Parameters
        ----------
        values : mapping of str to array_like
            Level indices for options and conditions, numbers for issues and parameters; at least
            the names in ``uses``.

        Returns
        -------
        numpy.ndarray
            Of the broadcast shape of what the formula reads. Where arithmetic fails it holds
            infinities or NaN, without a warning.

        Examples
        --------
        Two levels along the last axis, three draws along the first:

        >>> from detente.expression import Variable
        >>> offer = Variable("us.offer", ("none", "some"), ordered=True)
        >>> namespace = Namespace({"us.offer": offer}, {"leverage": "parameter"})
        >>> formula = compile_formula("leverage * (us.offer == some)", namespace, "number")
        >>> formula.evaluate({"us.offer": [0, 1], "leverage": [[0.1], [0.2], [0.4]]})
        array([[0. , 0.1],
               [0. , 0.2],
               [0. , 0.4]])
        """
        result = run(self.program, values)
        result = np.asarray(result, dtype=np.float64 if self.kind == "number" else np.bool_)
        # A bare name hands back the caller's own array, which the caller may go on to change.
        return result.copy() if isinstance(self.program[-1], Load) else result

    def slopes(
        self,
        values: Mapping[str, npt.ArrayLike],
        moves: Mapping[str, Mapping[Change, npt.ArrayLike]],
    ) -> dict[Change, Array]:
        """Return how fast the result moves when the numbers that it reads do.

        Parameters
        ----------
        values : mapping of str to array_like
            As `evaluate` takes them.
        moves : mapping of str to mapping to array_like
            How fast an issue or a parameter moves, by the change that moves it; what is not named
            stays.

        Returns
        -------
        mapping to numpy.ndarray
            By change, broadcastable to the result; without those that move it nowhere. NaN where
            it bends or jumps (of a truth: 0, or NaN where it jumps).

        Examples
        --------
        >>> formula = compile_formula("exp(2 * x) * y", Namespace({}, {"x": "parameter",
        ...     "y": "parameter"}), "number")
        >>> formula.slopes({"x": 0.0, "y": 3.0}, {"x": {1: 1.0}, "y": {2: 1.0}, "z": {3: 1.0}})
        {1: array(6.), 2: array(1.)}
        """
        return slopes(self.program, values, moves)


@dataclass(frozen=True)
class Query:
    """A compiled question about time; made by `compile_query`.

    Parameters
    ----------
    text : str
        The question as written.
    operator : {"F", "G", "U", ""}
        Happens within, holds throughout, holds until; empty for a formula about one state.
    low, high : float
        The bounds in years; ``high`` is infinite where none are given.
    left : Formula or None
        What must hold until then; set for U alone.
    right : Formula
        What F, G or U is about, or the formula itself.
    """

    text: str
    operator: Operator
    low: float
    high: float
    left: Formula | None
    right: Formula


def compile_formula(text: str, namespace: Namespace, kind: Literal["number", "truth"]) -> Formula:
    """Compile a formula about one state.

    Parameters
    ----------
    text : str
        The formula.
    namespace : Namespace
        The names it may use.
    kind : {"number", "truth"}
        What is wanted. A truth will do for a number (0 or 1), not the other way round.

    Returns
    -------
    Formula
        Ready to be evaluated.

    Raises
    ------
    ExpressionError
        When the text is wrong, with the place and a remedy.

    Examples
    --------
    >>> namespace = Namespace({}, {"leverage": "parameter"})
    >>> compile_formula("clip(2 * leverage, 0, 1)", namespace, "number").evaluate({"leverage": 0.4})
    array(0.8)
    >>> from detente.expression import ExpressionError
    >>> try:
    ...     compile_formula("2 * levrage", namespace, "number")
    ... except ExpressionError as error:
    ...     print(error, error.start, error.end)
    there is no name 'levrage'; did you mean 'leverage'? 4 11
    """
    return _checked_formula(text, parse_formula(text), namespace, kind)


def compile_query(text: str, namespace: Namespace) -> Query:
    """Compile a question: ``F[a, b] φ``, ``G[a, b] φ``, ``φ U[a, b] ψ`` or a formula φ.

    Parameters
    ----------
    text : str
        The question.
    namespace : Namespace
        The names it may use.

    Returns
    -------
    Query
        With its formulas compiled.

    Raises
    ------
    ExpressionError
        When the text is wrong, with the place and a remedy.

    Examples
    --------
    >>> from detente.expression import Variable
    >>> offer = Variable("us.offer", ("none", "some"), ordered=True)
    >>> namespace = Namespace({"us.offer": offer}, {})
    >>> query = compile_query("F[0, 5] us.offer == some", namespace)
    >>> query.operator, query.low, query.high, query.right.text
    ('F', 0.0, 5.0, 'us.offer == some')
    """
    parsed = parse_query(text)

    def side(tree: SyntaxTree) -> Formula:
        return _checked_formula(text[tree.start : tree.end], tree, namespace, "truth")

    left = None if parsed.left is None else side(parsed.left)
    return Query(text, parsed.operator, parsed.low, parsed.high, left, side(parsed.right))


def _checked_formula(
    text: str, tree: SyntaxTree, namespace: Namespace, kind: Literal["number", "truth"]
) -> Formula:
    program, uses = bind(tree, namespace, kind)
    return Formula(text, kind, uses, program)
