"""A tree to a program: every name is looked up in the namespace, every type is checked.

A comparison with an option or condition in it is about levels, any other about numbers. A run
``a implies b implies c`` reads from the right and so is ``not a or not b or c``. Every part is
visited once; the cost is linear but for the search for near names in an error.
"""

from __future__ import annotations

from typing import Literal, NoReturn

from detente.expression._error import ExpressionError
from detente.expression._program import Apply, Compare, Load, Push, Step
from detente.expression._scope import Namespace, Variable
from detente.expression._tokens import RESERVED, Token
from detente.expression._tree import SyntaxTree
from detente.text import article, listing, nearest, quote, suggestion

Type = Literal["number", "truth"]
_NUMBERS = frozenset({"number", "name", "sum", "product", "call", "negative"})
_ORDER = frozenset({"<", "<=", ">", ">="})


def bind(
    tree: SyntaxTree, namespace: Namespace, kind: Type
) -> tuple[tuple[Step, ...], frozenset[str]]:
    """Return the program of a tree and the names it reads.

    Examples
    --------
    >>> from detente.expression._parser import parse_formula
    >>> namespace = Namespace({}, {"leverage": "parameter"})
    >>> program, uses = bind(parse_formula("2 * leverage"), namespace, "number")
    >>> len(program), sorted(uses)
    (3, ['leverage'])
    """
    binder = _Binder(namespace)
    if kind == "truth":
        binder.truth(tree)
    else:
        binder.number(tree)
    uses = frozenset(step.name for step in binder.program if isinstance(step, Load))
    return tuple(binder.program), uses


class _Binder:
    def __init__(self, namespace: Namespace) -> None:
        self.namespace = namespace
        self.program: list[Step] = []
        self.levels = {level for v in namespace.variables.values() for level in v.levels}

    def number(self, tree: SyntaxTree) -> None:
        if tree.kind == "truth":
            message = f"{quote(tree.text)} stands where a number is needed"
            raise ExpressionError(message, "write a number such as 0.5", tree.start, tree.end)
        self.value(tree)

    def value(self, tree: SyntaxTree) -> None:
        """Append a number; what is true or false counts as 1 or 0."""
        if self.any(tree) == "truth":
            self.program.append(Apply("number", 1))

    def truth(self, tree: SyntaxTree) -> None:
        if self.any(tree) == "number":
            message = "this is a number where true or false is needed"
            raise ExpressionError(message, "compare it, as in x > 0", tree.start, tree.end)

    def any(self, tree: SyntaxTree) -> Type:
        """Append the steps of the tree and return what they leave on the stack."""
        if tree.kind == "name":
            self.name(tree)
        elif tree.kind in {"number", "truth"}:
            number = tree.kind == "number"
            self.program.append(Push(float(tree.text) if number else tree.text == "true"))
        elif tree.kind in {"sum", "product"}:
            self.arithmetic(tree)
        elif tree.kind in {"call", "negative"}:
            self.call(tree)
        elif tree.kind == "comparison":
            self.comparison(tree)
        elif tree.kind == "member":
            self.member(tree)
        else:
            self.connective(tree)
        return "number" if tree.kind in _NUMBERS else "truth"

    def call(self, tree: SyntaxTree) -> None:
        for child in tree.children:
            self.number(child)
        self.program.append(Apply(tree.text or tree.kind, len(tree.children)))
        if tree.text == "clip":
            _, low, high = tree.children
            literal = low.kind == high.kind == "number"
            if literal and float(low.text) > float(high.text):
                message = "the bounds of 'clip' are in the wrong order"
                raise ExpressionError(message, "write clip(x, low, high)", low.start, high.end)

    def arithmetic(self, tree: SyntaxTree) -> None:
        self.number(tree.children[0])
        for operator, child in zip(tree.operators, tree.children[1:], strict=True):
            self.number(child)
            self.program.append(Apply(operator.text, 2))

    def connective(self, tree: SyntaxTree) -> None:
        last = len(tree.children) - 1
        for place, child in enumerate(tree.children):
            self.truth(child)
            if tree.kind == "not" or (tree.kind == "implies" and place < last):
                self.program.append(Apply("not", 1))
            if place:
                self.program.append(Apply("or" if tree.kind == "implies" else tree.kind, 2))

    def name(self, tree: SyntaxTree) -> None:
        if tree.text in self.namespace.numbers:
            self.program.append(Load(tree.text, level=False))
            return
        variable = self.namespace.variables.get(tree.text)
        if variable is None:
            self.unknown(tree)
        message = f"{quote(tree.text)} has a level and is not a number or truth"
        remedy = f"compare it with a level: {tree.text} == {variable.levels[0]}"
        raise ExpressionError(message, remedy, tree.start, tree.end)

    def unknown(self, tree: SyntaxTree) -> NoReturn:
        word, where = tree.text, (tree.start, tree.end)
        if word in self.namespace.barred:
            message = (
                f"{quote(word)} is {article(self.namespace.barred[word])} and may not be used here"
            )
            parameters = listing(self.namespace.names)
            remedy = f"use numbers and parameters ({parameters})" if parameters else "use numbers"
            raise ExpressionError(message, remedy, *where)
        owner = next((v for v in self.namespace.variables.values() if word in v.levels), None)
        if owner is not None:
            message = f"{quote(word)} is a level and needs something to compare it with"
            raise ExpressionError(message, f"write {owner.name} == {word}", *where)
        if word.lower() in RESERVED:
            remedy = f"did you mean {quote(word.lower())}?"
        else:
            remedy = suggestion(word, self.namespace.names, "name")
        raise ExpressionError(f"there is no name {quote(word)}", remedy, *where)

    def variable(self, tree: SyntaxTree) -> Variable | None:
        return self.namespace.variables.get(tree.text) if tree.kind == "name" else None

    def comparison(self, tree: SyntaxTree) -> None:
        if not any(self.variable(child) for child in tree.children):
            self.check_words(tree.children)
            for child in tree.children:
                self.value(child)
            self.program.append(Compare(tuple(operator.text for operator in tree.operators)))
            return
        pairs = zip(tree.operators, tree.children, tree.children[1:], strict=False)
        for place, (operator, left, right) in enumerate(pairs):
            self.level_pair(operator, left, right)
            self.program.append(Compare((operator.text,)))
            if place:
                self.program.append(Apply("and", 2))

    def check_words(self, children: tuple[SyntaxTree, ...]) -> None:
        """Complain about a word that means nothing before one that is somebody's level."""
        for child in children:
            known = child.kind != "name" or child.text in self.namespace.numbers
            if not known and child.text not in self.levels:
                self.unknown(child)

    def member(self, tree: SyntaxTree) -> None:
        left, *items = tree.children
        variable = self.variable(left)
        if variable is None:
            self.check_words(tree.children)
            for child in tree.children:
                self.value(child)
        else:
            self.program.append(Load(variable.name, level=True))
            for item in items:
                self.program.append(self.other_side(variable, left, item))
        self.program.append(Apply("in", len(tree.children)))
        if tree.operators[0].text == "not":
            self.program.append(Apply("not", 1))

    def level_pair(self, operator: Token, left: SyntaxTree, right: SyntaxTree) -> None:
        one, two = self.variable(left), self.variable(right)
        if one is not None and two is not None and left.text in two.levels:
            # A word can name a variable here and a level there; only one reading may be possible.
            one = one if right.text in one.levels or one.levels == two.levels else None
        if one is not None:
            steps = [Load(one.name, level=True), self.other_side(one, left, right)]
        elif two is not None:
            steps = [self.other_side(two, right, left), Load(two.name, level=True)]
        else:
            message = "this compares nothing with a level"
            remedy = "put an option or condition on one side of each comparison"
            raise ExpressionError(message, remedy, left.start, right.end)
        self.program += steps
        if operator.text in _ORDER:
            self.check_order(operator, steps)

    def check_order(self, operator: Token, steps: list[Step]) -> None:
        for step in steps:
            if isinstance(step, Load) and not self.namespace.variables[step.name].ordered:
                message = f"the levels of {quote(step.name)} have no order"
                remedy = "use ==, != or in {…}, or state ordered: true"
                raise ExpressionError(message, remedy, operator.start, operator.end)

    def other_side(self, variable: Variable, own: SyntaxTree, tree: SyntaxTree) -> Step:
        """Return the step for what a variable is compared with: a level of it, or its like."""
        name = quote(variable.name)
        where = tree.start, tree.end
        other = self.variable(tree)
        is_level = tree.kind in {"name", "number"} and tree.text in variable.levels
        is_like = other is not None and other.levels == variable.levels
        is_mirror = other is not None and own.text in other.levels
        if (is_level or is_mirror) and is_level + is_like + is_mirror > 1:
            message = f"{quote(tree.text)} can be read as a level and as a name"
            raise ExpressionError(message, "rename one of them", *where)
        if is_level:
            return Push(variable.levels.index(tree.text))
        if other is not None and is_like:
            return Load(other.name, level=True)
        levels = f"use one of its levels: {listing(variable.levels)}"
        if other is not None:
            message = f"{name} and {quote(other.name)} have different levels"
            raise ExpressionError(message, "compare each with a level", *where)
        if tree.text in self.namespace.numbers:
            message = f"{quote(tree.text)} is a number, not a level of {name}"
            raise ExpressionError(message, levels, *where)
        if tree.kind not in {"name", "number", "truth"}:
            raise ExpressionError(f"{name} can be compared with a level only", levels, *where)
        best = nearest(tree.text, variable.levels)
        remedy = f"did you mean {quote(best)}?" if best else levels
        raise ExpressionError(f"{name} has no level {quote(tree.text)}", remedy, *where)
