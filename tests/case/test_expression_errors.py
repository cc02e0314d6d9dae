"""Every kind of mistake, with its place and its remedy."""

from __future__ import annotations

import pickle

import pytest

from detente.errors import DetenteError
from detente.expression import ExpressionError, Namespace, Variable, compile_formula, compile_query

SCOPE = Namespace(
    {
        "us.offer": Variable("us.offer", ("none", "tactical", "taiwan"), ordered=True),
        "china.enforce": Variable("china.enforce", ("lax", "strict"), ordered=True),
        "dprk.mode": Variable("dprk.mode", ("freeze", "test", "talk"), ordered=False),
        "council": Variable("council", ("0", "1"), ordered=True),
    },
    {"leverage": "parameter", "china.patience": "parameter", "burden": "issue"},
)

# The part at fault stands between « and »; nothing between them means something is missing there.
TRUTHS = [
    # characters
    ("us.offer «=» none", "'=' is not used here", "write '=='"),
    ("true «&&» true", "'&&' is not used here", "write 'and'"),
    ("true «||» true", "'||' is not used here", "write 'or'"),
    ("«!» true", "'!' is not used here", "write 'not'"),
    ("true «->» true", "'->' is not used here", "write 'implies'"),
    ("true «<->» true", "'<->' is not used here", "write 'iff'"),
    ("us.offer «≥» tactical", "'≥' is not used here", "write '>='"),
    ("us.offer «∈» {none}", "'∈' is not used here", "write 'in'"),
    ("leverage «**» 2 > 1", "'**' is not used here", "there is no power"),
    ("leverage «^» 2 > 1", "'^' is not used here", "there is no power"),
    ('us.offer == «"»none"', "is not used here", "write names of levels without quotes"),
    ("us.offer == «'»none'", "is not used here", "write names of levels without quotes"),
    ("us «.» offer == none", "'.' is not used here", "write names as actor.option"),
    ("burden > «.»5", "'.' is not used here", "numbers as 0.5"),
    ("burden > 1«\u00a0»", "'\\xa0' is not used here", "plain space"),
    ("true «\ud800»", "'\\ud800' is not used here", "leave it out"),
    ("true«\x00»", "'\\x00' is not used here", "leave it out"),
    ("burden > «٣»", "is not used here", "leave it out"),
    ("burden > «2leverage»", "'2leverage' is not a number", "products as 2 * x"),
    ("burden > «1.»", "'1.' is not a number", "0.5"),
    ("burden > «1_000»", "'1_000' is not a number", "0.5"),
    ("burden > «1e»", "'1e' is not a number", "1e-3"),
    ("burden > «2020-01-01»", "'2020-01-01' is a date, not a number", "spaces around each minus"),
    ("burden > «1e999»", "'1e999' is too large", "use a smaller number"),
    # shape
    ("«»", "the formula is empty", "write one"),
    ("«»   ", "the formula is empty", "write one"),
    ("true and«»", "the formula ends too early", "write a name, a number or a formula after 'and'"),
    ("us.offer ==«»", "the formula ends too early", "after '=='"),
    ("burden > min(1, 2) +«»", "the formula ends too early", "after '+'"),
    ("«and» true", "'and' is not expected here", "write a name, a number or a formula"),
    ("burden > («)»", "')' is not expected here", "after '('"),
    ("burden > (1 +«)»", "')' is not expected here", "after '+'"),
    ("«(»true", "this '(' is never closed", "add ')'"),
    ("burden > min«(»1, 2", "this '(' is never closed", "add ')'"),
    ("us.offer in «{»none", "this '{' is never closed", "add '}'"),
    ("true«)»", "')' is not expected here", "take it out, or open it first"),
    ("us.offer in {none«)»", "')' is not expected here", "write '}' or an operator"),
    ("us.offer == none «china.enforce» == lax", "'china.enforce' is not expected", "such as 'and'"),
    ("true «nad» true", "'nad' is not expected here", "did you mean 'and'?"),
    ("(true «adn» true)", "'adn' is not expected here", "did you mean 'and'?"),
    ("true == «not» true", "'not' is not expected here", "put it in parentheses"),
    ("true «not» true", "'not' is not expected here", "put it in parentheses"),
    ("us.offer«[»0]", "'[' is not expected here", "only F, G and U take square brackets"),
    ("us.offer in «[»none]", "'in' needs a set", "write it as in {a, b}"),
    ("us.offer in «none»", "'in' needs a set", "write it as in {a, b}"),
    ("us.offer in«»", "'in' needs a set", "write it as in {a, b}"),
    ("us.offer in «{}»", "the set is empty", "at least one level"),
    ("us.offer in {none,«}»", "'}' is not expected here", "after ','"),
    ("us.offer in {none} «==» true", "'==' is not expected here", "in parentheses"),
    ("leverage == burden «in» {1}", "'in' is not expected here", "in parentheses"),
    ("leverage == burden «not» in {1}", "'not' is not expected here", "in parentheses"),
    ("burden > «min(1)»", "'min' takes 2 or more arguments, not 1", "write min(a, b)"),
    ("burden > «sqrt(1, 2)»", "'sqrt' takes 1 argument, not 2", "write sqrt(x)"),
    ("burden > «sqrt()»", "'sqrt' takes 1 argument, not 0", "write sqrt(x)"),
    ("burden > «clip(1, 2)»", "'clip' takes 3 arguments, not 2", "write clip(x, low, high)"),
    (
        "burden > clip(1, «2, 1»)",
        "the bounds of 'clip' are in the wrong order",
        "clip(x, low, high)",
    ),
    ("burden > «sqrt»", "'sqrt' is a function", "write sqrt(x)"),
    ("burden > «sqr»(2)", "there is no function 'sqr'", "did you mean 'sqrt'?"),
    ("burden > «MIN»(2, 1)", "there is no function 'MIN'", "did you mean 'min'?"),
    ("«__import__»(os)", "there is no function '__import__'", "use min, max, abs"),
    # names
    ("burden > «levrage»", "there is no name 'levrage'", "did you mean 'leverage'?"),
    ("burden > «patience»", "there is no name 'patience'", "did you mean 'china.patience'?"),
    ("burden > «Leverage»", "there is no name 'Leverage'", "did you mean 'leverage'?"),
    ("«us.ofer» == none", "there is no name 'us.ofer'", "did you mean 'us.offer'?"),
    ("none == «us.ofer»", "there is no name 'us.ofer'", "did you mean 'us.offer'?"),
    ("«offer» in {none}", "there is no name 'offer'", "did you mean 'us.offer'?"),
    ("«usa.offer» in {none}", "there is no name 'usa.offer'", "did you mean 'us.offer'?"),
    ("burden > «zzz»", "there is no name 'zzz'", "use a name: us.offer, china.enforce"),
    ("«True»", "there is no name 'True'", "did you mean 'true'?"),
    ("«strict»", "'strict' is a level and needs", "write china.enforce == strict"),
    ("leverage == «strict»", "'strict' is a level and needs", "write china.enforce == strict"),
    # levels
    ("us.offer == «tacticl»", "'us.offer' has no level 'tacticl'", "did you mean 'tactical'?"),
    ("«tacticl» == us.offer", "'us.offer' has no level 'tacticl'", "did you mean 'tactical'?"),
    ("us.offer == «lax»", "'us.offer' has no level 'lax'", "levels: none, tactical, taiwan"),
    ("us.offer == «1»", "'us.offer' has no level '1'", "levels: none, tactical, taiwan"),
    ("us.offer == «true»", "'us.offer' has no level 'true'", "levels: none, tactical, taiwan"),
    ("council == «2»", "'council' has no level '2'", "levels: 0, 1"),
    ("council == «-1»", "'council' can be compared with a level only", "levels: 0, 1"),
    ("us.offer in {none, «taiwn»}", "'us.offer' has no level 'taiwn'", "did you mean 'taiwan'?"),
    ("us.offer == «leverage»", "'leverage' is a number, not a level of 'us.offer'", "levels: none"),
    ("us.offer == «(none and true)»", "'us.offer' can be compared with a level only", "none"),
    ("us.offer == «china.enforce»", "have different levels", "compare each with a level"),
    ("us.offer in {«china.enforce»}", "have different levels", "compare each with a level"),
    ("dprk.mode «>» freeze", "the levels of 'dprk.mode' have no order", "use ==, != or in"),
    ("freeze «<=» dprk.mode", "the levels of 'dprk.mode' have no order", "use ==, != or in"),
    ("dprk.mode «<» dprk.mode", "the levels of 'dprk.mode' have no order", "ordered: true"),
    ("us.offer == «none == lax»", "compares nothing with a level", "on one side of each"),
    # types
    ("«leverage»", "this is a number where true or false is needed", "compare it, as in x > 0"),
    ("«1 + 1»", "this is a number where true or false is needed", "compare it"),
    ("true and «leverage»", "this is a number where true or false is needed", "compare it"),
    ("not «(burden + 1)»", "this is a number where true or false is needed", "compare it"),
    ("«us.offer»", "'us.offer' has a level", "compare it with a level: us.offer == none"),
    ("not «us.offer»", "'us.offer' has a level", "us.offer == none"),
    ("burden > 2 * «us.offer»", "'us.offer' has a level", "us.offer == none"),
    ("burden > min(1, «council»)", "'council' has a level", "council == 0"),
    # time inside a formula
    ("«F»[0, 5] true", "'F' cannot stand inside a formula", "questions about time"),
    ("true «U» true", "'U' cannot stand inside a formula", "questions about time"),
]
QUERIES = [
    ("F[0, 5] «G»[0, 5] true", "'G' cannot stand inside a formula", "one F, G or U, at the top"),
    ("true and «F»[0, 5] true", "'F' cannot stand inside a formula", "one F, G or U, at the top"),
    ("(«F»[0, 5] true)", "'F' cannot stand inside a formula", "one F, G or U, at the top"),
    ("true U true «U» true", "'U' cannot stand inside a formula", "one F, G or U, at the top"),
    ("F true «U» true", "'U' cannot stand inside a formula", "one F, G or U, at the top"),
    ("(true «U» true)", "'U' cannot stand inside a formula", "one F, G or U, at the top"),
    ("«U»[0, 5] true", "'U' cannot stand inside a formula", "one F, G or U, at the top"),
    ("F«»", "the formula ends too early", "after 'F'"),
    ("F[0, 5]«»", "the formula ends too early", "after ']'"),
    ("true U[0, 5]«»", "the formula ends too early", "after ']'"),
    ("F«[5]» true", "the upper bound is missing", "write both, as in [0, 5]"),
    ("F[«]» true", "']' is not expected here", "a bound is a number of years"),
    ("F[«leverage», 5] true", "'leverage' is not expected here", "a bound is a number of years"),
    ("F[«-»1, 5] true", "a bound is below 0", "count years from now"),
    ("F«[5, 1]» true", "the bounds run backwards, from 5 to 1", "earlier time first"),
    ("F[0, 5«)» true", "')' is not expected here", "write ']'"),
    ("F«[»0, 5", "this '[' is never closed", "add ']'"),
    ("F[0, 5] «leverage»", "this is a number where true or false is needed", "compare it"),
    ("«leverage» U[0, 5] true", "this is a number where true or false is needed", "compare it"),
    ("«leverage»", "this is a number where true or false is needed", "compare it"),
    ("F[0, 5] us.offer == «tacticl»", "has no level 'tacticl'", "did you mean 'tactical'?"),
    ("f«[»0, 5] true", "'[' is not expected here", "only F, G and U take square brackets"),
]


def check(error: ExpressionError, marked: str, message: str, remedy: str) -> None:
    start, end = marked.index("«"), marked.index("»") - 1
    assert message in error.message
    assert remedy in error.remedy
    assert str(error) == f"{error.message}; {error.remedy}"
    assert (error.start, error.end) == (start, end)


@pytest.mark.parametrize(("marked", "message", "remedy"), TRUTHS)
def test_formula(marked: str, message: str, remedy: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_formula(marked.replace("«", "").replace("»", ""), SCOPE, "truth")
    check(caught.value, marked, message, remedy)


@pytest.mark.parametrize(("marked", "message", "remedy"), QUERIES)
def test_query(marked: str, message: str, remedy: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_query(marked.replace("«", "").replace("»", ""), SCOPE)
    check(caught.value, marked, message, remedy)


@pytest.mark.parametrize(
    ("marked", "message", "remedy"),
    [
        ("2 * «burden»", "'burden' is an issue and may not be used here", "leverage, china.pat"),
        ("«us.offer» == none", "'us.offer' is an option or condition and may not", "leverage"),
        ("1 + «levrage»", "there is no name 'levrage'", "did you mean 'leverage'?"),
    ],
)
def test_only_parameters(marked: str, message: str, remedy: str) -> None:
    text = marked.replace("«", "").replace("»", "")
    with pytest.raises(ExpressionError) as caught:
        compile_formula(text, SCOPE.only_parameters(), "number")
    check(caught.value, marked, message, remedy)


def test_a_scope_without_names_says_so() -> None:
    with pytest.raises(ExpressionError, match="there is no name to use here"):
        compile_formula("x", Namespace({}, {}), "number")
    with pytest.raises(ExpressionError, match=r"use numbers$"):
        compile_formula("burden", Namespace({}, {"burden": "issue"}).only_parameters(), "number")


@pytest.mark.parametrize(
    "levels", [("north", "south"), ("left", "right")], ids=["a level", "a level of the other"]
)
def test_a_word_with_two_readings_is_refused(levels: tuple[str, str]) -> None:
    namespace = Namespace(
        {
            "east": Variable("east", ("north", "south"), ordered=True),
            "north": Variable("north", ("east", *levels), ordered=True),
        },
        {},
    )
    with pytest.raises(ExpressionError, match="can be read as a level and as a name") as caught:
        compile_formula("east == north", namespace, "truth")
    assert (caught.value.start, caught.value.end) == (8, 13)


def test_length_is_limited() -> None:
    longest = "1" + " + 1" * 2499 + " " * 3
    assert len(longest) == 10_000
    assert compile_formula(longest, SCOPE, "number").evaluate({}) == 2500
    with pytest.raises(ExpressionError, match="10001 characters, more than 10000") as caught:
        compile_formula(longest + " ", SCOPE, "number")
    assert (caught.value.start, caught.value.end) == (10_000, 10_001)


@pytest.mark.parametrize(
    ("before", "middle", "after"),
    [
        ("(", "1", ")"),
        ("abs(", "1", ")"),
        ("-", "1", ""),
        ("not ", "true", ""),
        ("1 - (", "1", ")"),
        ("(", "1", " - 1)"),
        ("1 in {", "1", "}"),
        ("0 < (", "1", ") < 1"),
        ("(true iff true implies false or true and 0 < 1 + 2 * ", "1", ")"),
    ],
)
def test_nesting_is_limited(before: str, middle: str, after: str) -> None:
    text = before * 10 + middle + after * 10
    assert compile_formula(text, SCOPE, "number").evaluate({}).shape == ()
    for count in (101, 150, 10_000 // len(before + after) - 1):
        text = (before * count + middle + after * count)[:10_000]
        with pytest.raises(ExpressionError) as caught:
            compile_formula(text, SCOPE, "number")
        assert "nested more than 100 deep" in caught.value.message
        assert caught.value.remedy == "split it into issues"
        assert 0 <= caught.value.start <= caught.value.end <= len(text)


def test_what_nests_to_the_left_counts_without_parentheses() -> None:
    after = " * 1 + 1 < 1 and true or true implies true iff true)"
    assert compile_formula("(" * 14 + "1" + after * 14, SCOPE, "number").evaluate({}) == 1
    with pytest.raises(ExpressionError, match="nested more than 100 deep") as caught:
        compile_formula("(" * 15 + "1" + after * 15, SCOPE, "number")
    assert caught.value.start < caught.value.end


def test_a_hundred_parentheses_are_not_too_many() -> None:
    assert compile_formula("(" * 100 + "1" + ")" * 100, SCOPE, "number").evaluate({}) == 1


@pytest.mark.parametrize("operator", ["and", "or", "implies", "iff", "+", "-", "*", "/", "<", "=="])
def test_long_runs_do_not_nest(operator: str) -> None:
    word = "true" if operator.isalpha() else "1"
    result = compile_formula(f" {operator} ".join([word] * 700), SCOPE, "number")
    assert result.evaluate({}).shape == ()


def test_messages_stay_short_and_printable() -> None:
    for text in (
        "x" * 9_000,
        "us.offer == " + "y" * 9_000,
        "9" * 9_000,
        "\x1b[31m",
        "1" + "z" * 900,
    ):
        with pytest.raises(ExpressionError) as caught:
            compile_formula(text, SCOPE, "truth")
        assert len(str(caught.value)) < 250
        assert str(caught.value).isprintable()


def test_error_is_one_of_ours_and_travels_between_processes() -> None:
    error = ExpressionError("what", "do", 1, 2)
    assert isinstance(error, DetenteError)
    assert isinstance(error, ValueError)
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.message, copy.remedy, copy.start, copy.end) == ("what", "do", 1, 2)
    assert str(copy) == "what; do"
