"""Random formulas against a second, scalar evaluator; random text against the error contract."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.expression import (
    ExpressionError,
    Formula,
    Namespace,
    Variable,
    compile_formula,
    compile_query,
)

LEVELS = {
    "us.offer": ("none", "tactical", "taiwan"),
    "china.offer": ("none", "tactical", "taiwan"),
    "dprk.mode": ("freeze", "test"),
    "council": ("0", "1", "2"),
}
ORDERED = ("us.offer", "china.offer", "council")
NUMBERS = {"leverage": (0.25, 3.0), "china.patience": (0.5, 1.0), "burden": (2.0, 0.125)}
SCOPE = Namespace(
    {name: Variable(name, levels, name in ORDERED) for name, levels in LEVELS.items()},
    {"leverage": "parameter", "china.patience": "parameter", "burden": "issue"},
)

# Every option on an axis of its own, the draws of the numbers on a leading axis.
VALUES: dict[str, Any] = {
    name: np.arange(len(levels)).reshape([-1 if axis == place else 1 for axis in range(4)])
    for place, (name, levels) in enumerate(LEVELS.items())
}
VALUES |= {name: np.reshape(draws, (2, 1, 1, 1, 1)) for name, draws in NUMBERS.items()}
CELLS = [
    dict(
        zip(
            [*NUMBERS, *LEVELS],
            (*(draws[draw] for draws in NUMBERS.values()), *levels),
            strict=True,
        )
    )
    for draw in range(2)
    for levels in itertools.product(*LEVELS.values())
]

Cell = dict[str, Any]
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Sample(NamedTuple):
    """A formula as text, how tightly its outermost operator binds, and what it means in a cell."""

    text: str
    binds: int
    meaning: Callable[[Cell], Any]

    def within(self, least: int) -> str:
        return self.text if self.binds >= least else f"({self.text})"


def extremum(pick: Callable[..., Any], values: list[Any]) -> Any:
    return np.nan if any(np.isnan(value) for value in values) else pick(values)


FUNCTIONS: dict[str, tuple[int, Callable[[list[Any]], Any]]] = {
    "min": (3, lambda v: extremum(min, v)),
    "max": (2, lambda v: extremum(max, v)),
    "abs": (1, lambda v: abs(v[0])),
    "sqrt": (1, lambda v: np.sqrt(v[0])),
    "exp": (1, lambda v: np.exp(v)[0]),
    "log": (1, lambda v: np.log(v)[0]),
    "clip": (3, lambda v: extremum(min, [extremum(max, v[:2]), v[2]])),
}


ARITHMETIC = [("+", operator.add, 7), ("-", operator.sub, 7), ("*", operator.mul, 8)]
CONNECTIVES: list[tuple[str, Callable[[Any, Any], Any], int]] = [
    ("iff", lambda a, b: a == b, 1),
    ("implies", lambda a, b: b or not a, 2),
    ("or", lambda a, b: a or b, 3),
    ("and", lambda a, b: a and b, 4),
]


def literal(text: str) -> Sample:
    return Sample(text, 10, lambda _: np.float64(text))


@st.composite
def numbers(draw: st.DrawFn, depth: int) -> Sample:
    """Draw a number; it divides only by what is never zero, since the sign of a zero is no news."""
    forms = ["literal", "name"]
    if depth:
        forms = ["pair"] * 5 + ["share", "share", "call", "negative", "parenthesised", "truth"]
    form = draw(st.sampled_from(forms))
    if form == "literal":
        return literal(draw(st.sampled_from(["0", "1", "2", "0.5", "1e-1", "12.75"])))
    if form == "name":
        name = draw(st.sampled_from(sorted(NUMBERS)))
        return Sample(name, 10, lambda cell: np.float64(cell[name]))
    if form == "call":
        return draw(calls(depth - 1))
    if form == "truth":
        truth = draw(truths(depth - 1).filter(is_no_bare_truth))
        return Sample(truth.text, truth.binds, lambda cell: np.float64(truth.meaning(cell)))
    left = draw(numbers(depth - 1))
    if form == "negative":
        return Sample(f"-{left.within(9)}", 9, lambda cell: -left.meaning(cell))
    if form == "parenthesised":
        return Sample(f"( {left.text} )", 10, left.meaning)
    if form == "share":
        name = draw(st.sampled_from([*NUMBERS, "4", "0.5"]))
        text = f"{left.within(8)}/{name}"
        return Sample(text, 8, lambda cell: left.meaning(cell) / np.float64(cell.get(name, name)))
    right = draw(numbers(depth - 1))
    symbol, function, binds = draw(st.sampled_from(ARITHMETIC))
    text = f"{left.within(binds)} {symbol} {right.within(binds + 1)}"
    return Sample(text, binds, lambda cell: function(left.meaning(cell), right.meaning(cell)))


@st.composite
def calls(draw: st.DrawFn, depth: int) -> Sample:
    name = draw(st.sampled_from(sorted(FUNCTIONS)))
    count, function = FUNCTIONS[name]
    items = [draw(numbers(depth)) for _ in range(count)]
    if name == "clip":
        items[1:] = [literal("0.5"), literal("2")]
    text = f"{name}({', '.join(item.text for item in items)})"
    return Sample(text, 10, lambda cell: function([item.meaning(cell) for item in items]))


@st.composite
def truths(draw: st.DrawFn, depth: int) -> Sample:
    forms = ["word", "levels", "levels", "levels"]
    if depth:
        forms = ["pair"] * 6 + ["chain", "set", "not", "not", "parenthesised", "levels"]
    form = draw(st.sampled_from(forms))
    if form == "word":
        word = draw(st.sampled_from(["true", "false"]))
        return Sample(word, 10, lambda _: word == "true")
    if form == "levels":
        return draw(levels())
    if form == "chain":
        return draw(chains(depth - 1))
    if form == "set":
        return draw(number_sets(depth - 1))
    left = draw(truths(depth - 1))
    if form == "not":
        return Sample(f"not {left.within(5)}", 5, lambda cell: not left.meaning(cell))
    if form == "parenthesised":
        return Sample(f"( {left.text} )", 10, left.meaning)
    right = draw(truths(depth - 1))
    word, function, binds = draw(st.sampled_from(CONNECTIVES))
    rightward = word == "implies"
    text = f"{left.within(binds + rightward)} {word} {right.within(binds + (not rightward))}"
    return Sample(text, binds, lambda cell: bool(function(left.meaning(cell), right.meaning(cell))))


@st.composite
def chains(draw: st.DrawFn, depth: int) -> Sample:
    count = draw(st.integers(2, 4))
    items = [draw(numbers(depth)) for _ in range(count)]
    symbols = [draw(st.sampled_from(sorted(COMPARE))) for _ in items[1:]]
    text = items[0].within(7)
    for symbol, item in zip(symbols, items[1:], strict=True):
        text += f" {symbol} {item.within(7)}"

    def meaning(cell: Cell) -> bool:
        values = [item.meaning(cell) for item in items]
        pairs = zip(symbols, values, values[1:], strict=False)
        return all(COMPARE[symbol](left, right) for symbol, left, right in pairs)

    return Sample(text, 6, meaning)


@st.composite
def number_sets(draw: st.DrawFn, depth: int) -> Sample:
    left, *items = [draw(numbers(depth)) for _ in range(draw(st.integers(2, 4)))]
    word, negated = draw(st.sampled_from([("in", False), ("not in", True)]))
    text = f"{left.within(7)} {word} {{{', '.join(item.text for item in items)}}}"

    def meaning(cell: Cell) -> bool:
        value = left.meaning(cell)
        return any(value == item.meaning(cell) for item in items) != negated

    return Sample(text, 6, meaning)


@st.composite
def levels(draw: st.DrawFn) -> Sample:
    name = draw(st.sampled_from(sorted(LEVELS)))
    order = LEVELS[name]
    level = draw(st.sampled_from(order))
    shape = draw(st.sampled_from(["level", "swapped", "set", "like", "between"]))
    symbols = sorted(COMPARE) if name in ORDERED else ["==", "!="]
    symbol = draw(st.sampled_from(symbols))
    compare, at = COMPARE[symbol], order.index
    if shape == "set":
        chosen = draw(st.lists(st.sampled_from(order), min_size=1, max_size=3))
        return Sample(f"{name} in {{{','.join(chosen)}}}", 6, lambda cell: cell[name] in chosen)
    if shape == "swapped":
        text = f"{level} {symbol} {name}"
        return Sample(text, 6, lambda cell: compare(at(level), at(cell[name])))
    if shape == "like" and name.endswith(".offer"):
        text = f"us.offer {symbol} china.offer"
        return Sample(text, 6, lambda cell: compare(at(cell["us.offer"]), at(cell["china.offer"])))
    if shape == "between" and name in ORDERED:
        top = draw(st.sampled_from(order))
        text = f"{level} <= {name} < {top}"
        return Sample(text, 6, lambda cell: at(level) <= at(cell[name]) < at(top))
    text = f"{name}{symbol}{level}"
    return Sample(text, 6, lambda cell: compare(at(cell[name]), at(level)))


def is_no_bare_truth(sample: Sample) -> bool:
    """Whether a formula is more than `true`, which stands for no number."""
    return sample.text.strip("() ") not in {"true", "false"}


DEPTHS = st.sampled_from([1, 2, 3, 3, 4])
SAMPLES = st.one_of(
    DEPTHS.flatmap(truths).map(lambda sample: ("truth", sample)),
    DEPTHS.flatmap(numbers).filter(is_no_bare_truth).map(lambda sample: ("number", sample)),
)


@settings(max_examples=400, deadline=None)
@given(SAMPLES)
def test_agrees_with_a_scalar_evaluator(case: tuple[Literal["number", "truth"], Sample]) -> None:
    kind, sample = case
    formula = compile_formula(sample.text, SCOPE, kind)
    result = formula.evaluate(VALUES)
    assert result.dtype == (np.bool_ if kind == "truth" else np.float64)
    sizes = [len(levels) for levels in LEVELS.values()]
    with np.errstate(all="ignore"):
        expected = np.reshape([sample.meaning(cell) for cell in CELLS], (2, *sizes))
    assert np.array_equal(
        np.broadcast_to(result, expected.shape).astype(float),
        expected.astype(float),
        equal_nan=True,
    )
    assert all(name in sample.text for name in formula.uses)


def compiles_or_complains(text: str) -> None:
    def sides() -> list[Formula | None]:
        query = compile_query(text, SCOPE)
        return [query.left, query.right]

    compilers: list[Callable[[], list[Formula | None]]] = [
        sides,
        lambda: [compile_formula(text, SCOPE, "number")],
        lambda: [compile_formula(text, SCOPE, "truth")],
        lambda: [compile_formula(text, SCOPE.only_parameters(), "number")],
    ]
    for compile_one in compilers:
        formulas: list[Formula | None] = []
        error = None
        try:
            formulas = compile_one()
        except ExpressionError as caught:
            error = caught
        if error:
            assert 0 <= error.start <= error.end <= len(text)
            assert error.message
            assert error.remedy
        for formula in formulas:
            assert formula is None or formula.evaluate(VALUES).dtype.kind in "fb"


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60))
def test_any_text_compiles_or_complains(text: str) -> None:
    compiles_or_complains(text)


WORDS = """
iff implies or and not in true false min( max( abs( exp( log( sqrt( clip( F G U F[0,5] [ ] { }
( ) ( ) , == != < <= > >= + - * / = . 0 1 2 0.5 1e3 us.offer china.offer dprk.mode council none
tactical freeze leverage china.patience burden offer us é \x00 ' " [0,5] [5,0]
"""
PIECES = st.sampled_from(WORDS.split())


@settings(max_examples=800, deadline=None)
@given(st.lists(PIECES, max_size=14))
def test_any_run_of_tokens_compiles_or_complains(pieces: list[str]) -> None:
    compiles_or_complains(" ".join(pieces))


@settings(max_examples=400, deadline=None)
@given(SAMPLES, st.data())
def test_a_changed_formula_compiles_or_complains(
    case: tuple[str, Sample], data: st.DataObject
) -> None:
    text = data.draw(st.sampled_from(["", "F[0, 5] ", "true U[1, 2] "])) + case[1].text
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 4)))
        text = text[:start] + data.draw(st.one_of(PIECES, st.text(max_size=3))) + text[end:]
    compiles_or_complains(text)


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=4), st.integers(90, 3000))
def test_a_repeated_piece_compiles_or_complains(pieces: list[str], times: int) -> None:
    compiles_or_complains((" ".join(pieces) + " ") * times)
