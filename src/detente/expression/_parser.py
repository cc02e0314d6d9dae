"""Tokens to a tree, by precedence climbing (Richards & Whitby-Strevens 1979).

Runs of one kind of operator are gathered in a loop; what nests is counted, both on the way down
and in the finished tree, so that no text can exhaust the stack. The cost is linear.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from detente.expression._error import ExpressionError
from detente.expression._tokens import CONNECTIVES, FUNCTIONS, TEMPORAL, Token, tokenise
from detente.expression._tree import Kind, SyntaxTree
from detente.text import listing, nearest, quote

Operator = Literal["F", "G", "U", ""]

MAX_DEPTH = 100

_NOT, _COMPARISON, _UNARY = 5, 6, 9
_PRECEDENCE = {
    "iff": 1, "implies": 2, "or": 3, "and": 4,
    "==": 6, "!=": 6, "<": 6, "<=": 6, ">": 6, ">=": 6, "in": 6,
    "+": 7, "-": 7, "*": 8, "/": 8,
}  # fmt: skip
_FAMILY: dict[int, Kind] = {
    1: "iff", 2: "implies", 3: "or", 4: "and", 6: "comparison", 7: "sum", 8: "product",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parsed:
    """A question as written; ``left`` is what must hold until then, set for U alone."""

    operator: Operator
    low: float
    high: float
    left: SyntaxTree | None
    right: SyntaxTree


def parse_formula(text: str) -> SyntaxTree:
    """Parse a formula about one state.

    Examples
    --------
    >>> tree = parse_formula("1 + 2 * leverage - 3")
    >>> tree.kind, [child.kind for child in tree.children]
    ('sum', ['number', 'product', 'number'])
    """
    parser = _Parser(text, "F, G and U are for questions about time; leave it out of a formula")
    tree = parser.expression(0)
    parser.finish()
    return tree


def parse_query(text: str) -> Parsed:
    """Parse a question: a formula, or one F, G or U over formulas.

    Examples
    --------
    >>> parsed = parse_query("F[0, 5] us.offer == none and rivalry == managed")
    >>> parsed.operator, parsed.high, parsed.right.kind
    ('F', 5.0, 'and')
    """
    parser = _Parser(text, "use one F, G or U, at the top of the question")
    first = parser.peek
    if first.kind == "word" and first.text in {"F", "G"}:
        parser.take()
        low, high = parser.bounds()
        parsed = Parsed("F" if first.text == "F" else "G", low, high, None, parser.expression(0))
    else:
        left = parser.expression(0)
        if parser.peek.text == "U":
            parser.take()
            low, high = parser.bounds()
            parsed = Parsed("U", low, high, left, parser.expression(0))
        else:
            parsed = Parsed("", 0.0, math.inf, None, left)
    parser.finish()
    return parsed


class _Parser:
    def __init__(self, text: str, temporal_remedy: str) -> None:
        self.tokens = tokenise(text)
        self.place = 0
        self.depth = -1
        self.temporal_remedy = temporal_remedy
        if self.peek.kind == "end":
            raise ExpressionError("the formula is empty", "write one, or leave it out", 0, 0)

    @property
    def peek(self) -> Token:
        return self.tokens[self.place]

    def take(self) -> Token:
        token = self.tokens[self.place]
        if token.kind != "end":
            self.place += 1
        return token

    def finish(self) -> None:
        if self.peek.text in {")", "}", "]"}:
            raise self.unexpected(self.peek, "take it out, or open it first")
        if self.peek.kind != "end":
            raise self.unexpected(
                self.peek, self.joining("join the parts with an operator such as 'and'")
            )

    def joining(self, remedy: str) -> str:
        """Return the operator that the next word looks like, else the remedy given."""
        word = self.peek.text
        meant = nearest(word, (name for name in CONNECTIVES if abs(len(name) - len(word)) <= 1))
        return f"did you mean {quote(meant)}?" if meant else remedy

    def unexpected(self, token: Token, remedy: str) -> ExpressionError:
        if token.kind == "end":
            message = "the formula ends too early"
        elif token.text in TEMPORAL:
            message = f"{quote(token.text)} cannot stand inside a formula"
            remedy = self.temporal_remedy
        else:
            message = f"{quote(token.text)} is not expected here"
            if token.text == "," and (number := self.decimal_comma()):
                message = f"{number} has a decimal comma"
                remedy = f"write {number.replace(',', '.')}, with a point"
            if token.text == "[":
                remedy = "only F, G and U take square brackets; use ( ) or { }"
            elif token.text == "not":
                remedy = "put it in parentheses: (not …)"
        return ExpressionError(message, remedy, token.start, token.end)

    def decimal_comma(self) -> str:
        """Return the number around the comma where it reads as one, such as ``0,3``."""
        if not 0 < self.place < len(self.tokens) - 1:
            return ""
        left, comma, right = self.tokens[self.place - 1 : self.place + 2]
        whole = left.kind == right.kind == "number" and left.text.isdigit()
        close = left.end == comma.start and comma.end == right.start
        return f"{left.text},{right.text}" if whole and close else ""

    def close(self, opening: Token, symbol: str) -> Token:
        if self.peek.kind == "end":
            message = f"this {quote(opening.text)} is never closed"
            raise ExpressionError(message, f"add {quote(symbol)}", opening.start, opening.end)
        if self.peek.text != symbol:
            raise self.unexpected(self.peek, self.joining(f"write {quote(symbol)} or an operator"))
        return self.take()

    def too_deep(self, start: int, end: int) -> ExpressionError:
        message = f"the formula is nested more than {MAX_DEPTH} deep"
        return ExpressionError(message, "split it into issues", start, end)

    def tree(
        self,
        kind: Kind,
        span: tuple[int, int],
        children: tuple[SyntaxTree, ...] = (),
        operators: tuple[Token, ...] = (),
        text: str = "",
    ) -> SyntaxTree:
        height = 1 + max((child.height for child in children), default=-1)
        if height > MAX_DEPTH:
            raise self.too_deep(*span)
        return SyntaxTree(kind, text, children, operators, *span, height)

    def expression(self, lowest: int) -> SyntaxTree:
        """Parse an expression whose operators bind at least as tightly as ``lowest``."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.too_deep(self.peek.start, self.peek.end)
        left = self.operand(lowest)
        while (level := self.precedence()) >= max(lowest, 1):
            left = self.comparison(left) if level == _COMPARISON else self.run(left, level)
        self.depth -= 1
        return left

    def precedence(self) -> int:
        token = self.peek
        if token.text == "not" and self.tokens[self.place + 1].text == "in":
            return _COMPARISON
        return _PRECEDENCE.get(token.text, 0)

    def run(self, first: SyntaxTree, level: int) -> SyntaxTree:
        children, operators = [first], []
        while self.precedence() == level:
            operators.append(self.take())
            children.append(self.expression(level + 1))
        span = first.start, children[-1].end
        return self.tree(_FAMILY[level], span, tuple(children), tuple(operators))

    def comparison(self, first: SyntaxTree) -> SyntaxTree:
        if self.peek.text in {"in", "not"}:
            return self.membership(first)
        tree = self.run_of_comparisons(first)
        if self.precedence() == _COMPARISON:
            raise self.unexpected(self.peek, "put the comparison before it in parentheses")
        return tree

    def run_of_comparisons(self, first: SyntaxTree) -> SyntaxTree:
        children, operators = [first], []
        while self.precedence() == _COMPARISON and self.peek.text not in {"in", "not"}:
            operators.append(self.take())
            children.append(self.expression(_COMPARISON + 1))
        span = first.start, children[-1].end
        return self.tree("comparison", span, tuple(children), tuple(operators))

    def membership(self, left: SyntaxTree) -> SyntaxTree:
        operator = self.take()
        if operator.text == "not":
            self.take()
        opening = self.peek
        if opening.text != "{":
            where = opening.start, opening.end
            raise ExpressionError("'in' needs a set", "write it as in {a, b}", *where)
        self.take()
        if self.peek.text == "}":
            where = opening.start, self.peek.end
            raise ExpressionError("the set is empty", "write at least one level in it", *where)
        items = self.items()
        end = self.close(opening, "}").end
        if self.precedence() == _COMPARISON:
            raise self.unexpected(self.peek, "put the part before it in parentheses")
        return self.tree("member", (left.start, end), (left, *items), (operator,))

    def items(self) -> list[SyntaxTree]:
        items = [self.expression(0)]
        while self.peek.text == ",":
            self.take()
            items.append(self.expression(0))
        return items

    def operand(self, lowest: int) -> SyntaxTree:
        token = self.peek
        span = token.start, token.end
        if token.kind == "number":
            self.take()
            return self.tree("number", span, text=token.text)
        if token.text == "(":
            self.take()
            inner = self.expression(0)
            return replace(inner, start=token.start, end=self.close(token, ")").end)
        if token.text == "-" or (token.text == "not" and lowest <= _NOT):
            self.take()
            inner = self.expression(_UNARY if token.text == "-" else _NOT)
            return self.tree(
                "negative" if token.text == "-" else "not", (token.start, inner.end), (inner,)
            )
        if token.text in {"true", "false"}:
            self.take()
            return self.tree("truth", span, text=token.text)
        if token.kind == "word" and token.text not in CONNECTIVES | TEMPORAL:
            self.take()
            if self.peek.text == "(":
                return self.call(token)
            if token.text in FUNCTIONS:
                message = f"{quote(token.text)} is a function"
                raise ExpressionError(message, f"write {_usage(token.text)}", *span)
            return self.tree("name", span, text=token.text)
        before = self.tokens[self.place - 1].text if self.place else ""
        where = f" after {quote(before)}" if before else ""
        raise self.unexpected(token, f"write a name, a number or a formula{where}")

    def call(self, name: Token) -> SyntaxTree:
        if name.text not in FUNCTIONS:
            best = nearest(name.text, FUNCTIONS)
            remedy = f"did you mean {quote(best)}?" if best else f"use {listing(FUNCTIONS)}"
            raise ExpressionError(
                f"there is no function {quote(name.text)}", remedy, name.start, name.end
            )
        opening = self.take()
        items = [] if self.peek.text == ")" else self.items()
        end = self.close(opening, ")").end
        wanted = FUNCTIONS[name.text]
        more = name.text in {"min", "max"}
        if len(items) < wanted or (len(items) > wanted and not more):
            count = f"{wanted} or more arguments" if more else f"{wanted} argument"
            plural = "" if more or wanted == 1 else "s"
            message = f"{quote(name.text)} takes {count}{plural}, not {len(items)}"
            raise ExpressionError(message, f"write {_usage(name.text)}", name.start, end)
        return self.tree("call", (name.start, end), tuple(items), text=name.text)

    def bounds(self) -> tuple[float, float]:
        if self.peek.text != "[":
            return 0.0, math.inf
        opening = self.take()
        low = self.bound()
        if self.peek.text != ",":
            message = "the upper bound is missing"
            raise ExpressionError(message, "write both, as in [0, 5]", opening.start, self.peek.end)
        self.take()
        high = self.bound()
        end = self.close(opening, "]").end
        if low > high:
            message = f"the bounds run backwards, from {low:g} to {high:g}"
            raise ExpressionError(message, "write the earlier time first", opening.start, end)
        return low, high

    def bound(self) -> float:
        token = self.peek
        if token.kind != "number":
            if token.text == "-":
                message, remedy = "a bound is below 0", "count years from now, from 0 on"
                raise ExpressionError(message, remedy, token.start, token.end)
            raise self.unexpected(token, "a bound is a number of years, as in [0, 5]")
        self.take()
        if self.peek.text == "-" and float(token.text) >= _FIRST_YEAR:
            message, remedy = "a date stands where years are wanted", "count years from the start"
            raise ExpressionError(message, f"{remedy}, as in [0, 5]", token.start, token.end)
        return float(token.text)


_FIRST_YEAR = 1000
"""Numbers from which on one before a hyphen is taken for the year of a date."""


def _usage(function: str) -> str:
    return {"clip": "clip(x, low, high)", "min": "min(a, b)", "max": "max(a, b)"}.get(
        function, f"{function}(x)"
    )
