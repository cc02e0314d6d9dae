"""What formulas and questions mean, case by case."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest

from detente.expression import (
    RESERVED,
    Formula,
    Namespace,
    Query,
    Variable,
    compile_formula,
    compile_query,
)

SCOPE = Namespace(
    {
        "us.offer": Variable("us.offer", ("none", "tactical", "taiwan"), ordered=True),
        "china.offer": Variable("china.offer", ("none", "tactical", "taiwan"), ordered=True),
        "china.enforce": Variable("china.enforce", ("lax", "strict"), ordered=True),
        "dprk.mode": Variable("dprk.mode", ("freeze", "test", "talk"), ordered=False),
        "council": Variable("council", ("0", "1", "2"), ordered=True),
    },
    {"leverage": "parameter", "china.patience": "parameter", "burden": "issue"},
)
VALUES: dict[str, Any] = {
    "us.offer": np.array([0, 1, 2]),
    "china.offer": np.array([1, 1, 0]),
    "china.enforce": np.array([0, 1, 0]),
    "dprk.mode": np.array([0, 1, 2]),
    "council": np.array([2, 1, 0]),
    "leverage": 0.5,
    "china.patience": 2.0,
    "burden": np.array([-1.0, 0.0, 3.0]),
}


def number(text: str) -> Any:
    formula = compile_formula(text, SCOPE, "number")
    array = formula.evaluate(VALUES)
    assert array.dtype == np.float64
    return array.tolist()


def truth(text: str) -> Any:
    array = compile_formula(text, SCOPE, "truth").evaluate(VALUES)
    assert array.dtype == np.bool_
    return array.tolist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", 1.0),
        ("1e-3", 0.001),
        ("2.5E+2", 250.0),
        ("1 + 2 * 3", 7.0),
        ("(1 + 2) * 3", 9.0),
        ("7 - 2 - 1", 4.0),
        ("8 / 4 / 2", 1.0),
        ("2 / 4 * 8", 4.0),
        ("-2 * -3", 6.0),
        ("- - 2", 2.0),
        ("3 - -2", 5.0),
        ("-leverage + 1", 0.5),
        ("leverage * china.patience", 1.0),
        ("burden", [-1.0, 0.0, 3.0]),
        ("min(3, leverage, 1)", 0.5),
        ("max(burden, leverage)", [0.5, 0.5, 3.0]),
        ("abs(burden)", [1.0, 0.0, 3.0]),
        ("exp(0) + log(1) + sqrt(4)", 3.0),
        ("clip(burden, 0, 1)", [0.0, 0.0, 1.0]),
        ("(true and true) + (not false)", 2.0),
        ("-(us.offer == none)", [-1.0, 0.0, 0.0]),
        ("0.3 + 0.2 * (us.offer == none)", [0.5, 0.3, 0.3]),
        ("us.offer >= tactical", [0.0, 1.0, 1.0]),
        ("(us.offer == none) + (china.enforce == strict)", [1.0, 1.0, 0.0]),
        ("max(us.offer == none, burden)", [1.0, 0.0, 3.0]),
        (" 1\n\t+\r\n1 ", 2.0),
    ],
)
def test_number(text: str, expected: object) -> None:
    assert number(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true", True),
        ("not true", False),
        ("not not true", True),
        ("us.offer == tactical", [False, True, False]),
        ("us.offer != tactical", [True, False, True]),
        ("us.offer < tactical", [True, False, False]),
        ("us.offer <= tactical", [True, True, False]),
        ("us.offer > tactical", [False, False, True]),
        ("taiwan > us.offer", [True, True, False]),
        ("none < us.offer < taiwan", [False, True, False]),
        ("none <= us.offer <= china.offer", [True, True, False]),
        ("us.offer == china.offer", [False, True, False]),
        ("us.offer > china.offer", [False, False, True]),
        ("(us.offer) == (none)", [True, False, False]),
        ("dprk.mode in {freeze, talk}", [True, False, True]),
        ("dprk.mode not in {freeze, talk}", [False, True, False]),
        ("us.offer in {china.offer, none}", [True, True, False]),
        ("leverage in {0.5, 1}", True),
        ("leverage not in {0.5, 1}", False),
        ("(us.offer == none) in {false}", [False, True, True]),
        ("council == 1", [False, True, False]),
        ("1 <= council", [True, True, False]),
        ("council in {0, 2}", [True, False, True]),
        ("burden > 0", [False, False, True]),
        ("0 <= burden < 3", [False, True, False]),
        ("burden == 0 == false", [False, True, False]),
        ("leverage < 1 and burden > 0 or true", [True, True, True]),
        ("true or true and false", True),
        ("not false or true", True),
        ("not (false or true)", False),
        ("not 1 > 2", True),
        ("false implies false", True),
        ("true implies false", False),
        ("false implies true implies false", True),
        ("(false implies true) implies false", False),
        ("true iff false iff false", True),
        ("true or false iff true implies false", False),
        ("us.offer == none iff china.enforce == lax", [True, True, False]),
        ("us.offer == none implies china.enforce == strict", [False, True, True]),
    ],
)
def test_truth(text: str, expected: object) -> None:
    assert truth(text) == expected


def test_constant_is_an_array_without_axes() -> None:
    for formula in (
        compile_formula("1 > 2", SCOPE, "number"),
        compile_formula("1 > 2", SCOPE, "truth"),
    ):
        result = formula.evaluate({})
        assert isinstance(result, np.ndarray)
        assert result.shape == ()


def test_broadcasts_over_axes_and_draws() -> None:
    formula = compile_formula(
        "leverage * (us.offer >= tactical) - china.patience * (china.enforce == strict)",
        SCOPE,
        "number",
    )
    rng = np.random.default_rng(1)
    leverage, patience = rng.random((2, 5))
    offer, enforce = np.arange(3), np.arange(2)
    batch = formula.evaluate(
        {
            "us.offer": offer[:, None].astype(np.int8),
            "china.enforce": enforce[None, :],
            "leverage": leverage[:, None, None],
            "china.patience": patience[:, None, None],
        }
    )
    assert batch.shape == (5, 3, 2)
    for draw in range(5):
        one = formula.evaluate(
            {
                "us.offer": offer[:, None],
                "china.enforce": enforce,
                "leverage": leverage[draw],
                "china.patience": patience[draw],
            }
        )
        assert np.array_equal(batch[draw], one)


def test_only_what_is_read_sets_the_shape() -> None:
    result = compile_formula("us.offer == none", SCOPE, "truth").evaluate(
        {"us.offer": np.arange(3)[:, None, None], "leverage": np.ones((7, 1, 1, 1))}
    )
    assert result.shape == (3, 1, 1)


def test_result_is_not_the_callers_array() -> None:
    burden = np.array([1.0, 2.0])
    for text in ("burden", "(burden)"):
        result = compile_formula(text, SCOPE, "number").evaluate({"burden": burden})
        result[:] = 0
    assert burden.tolist() == [1.0, 2.0]


@pytest.mark.filterwarnings("error")
def test_failed_arithmetic_is_left_to_the_caller() -> None:
    assert number("1 / 0") == math.inf
    assert math.isnan(number("sqrt(-1)"))
    assert number("log(0)") == -math.inf
    assert number("exp(10000)") == math.inf
    assert math.isnan(number("min(1, sqrt(-1))"))


def test_uses_names_every_name_that_is_read() -> None:
    text = "leverage * (us.offer == none) + (china.enforce in {lax}) + min(burden, 1)"
    formula = compile_formula(text, SCOPE, "number")
    assert formula.uses == {"leverage", "us.offer", "china.enforce", "burden"}
    assert formula.text == text
    assert formula.kind == "number"
    assert compile_formula("us.offer == china.offer", SCOPE, "truth").uses == {
        "us.offer",
        "china.offer",
    }


def test_formulas_are_values() -> None:
    formula = compile_formula("none < us.offer and leverage in {1, 2}", SCOPE, "truth")
    again = compile_formula("none < us.offer and leverage in {1, 2}", SCOPE, "truth")
    assert formula == again
    assert hash(formula) == hash(again)
    assert pickle.loads(pickle.dumps(formula)) == formula
    assert pickle.loads(pickle.dumps(SCOPE)) == SCOPE
    query = compile_query("burden > 0 U[0, 2] us.offer == none", SCOPE)
    assert pickle.loads(pickle.dumps(query)) == query


def test_a_missing_value_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="leverage"):
        compile_formula("leverage", SCOPE, "number").evaluate({})


def test_a_level_may_share_its_name_with_something_else() -> None:
    pair = ("low", "high")
    namespace = Namespace(
        {
            "low": Variable("low", ("off", "on"), ordered=False),
            "tension": Variable("tension", pair, ordered=True),
        },
        {"high": "parameter"},
    )
    values: dict[str, Any] = {"low": [0, 1], "tension": [0, 1], "high": 0.5}
    for text, expected in [
        ("tension == low", [True, False]),
        ("low == tension", [True, False]),
        ("low <= tension", [True, True]),
        ("low == on", [False, True]),
        ("tension == high", [False, True]),
        ("high < 1", True),
    ]:
        assert compile_formula(text, namespace, "truth").evaluate(values).tolist() == expected


@pytest.mark.parametrize(
    ("text", "operator", "bounds", "left", "right"),
    [
        ("F[0, 5] us.offer == none", "F", (0, 5), None, "us.offer == none"),
        ("F [0.5,1e1] burden > 0", "F", (0.5, 10), None, "burden > 0"),
        ("F burden > 0", "F", (0, math.inf), None, "burden > 0"),
        ("G[2, 2] true", "G", (2, 2), None, "true"),
        ("F[0, 5] true and burden > 0", "F", (0, 5), None, "true and burden > 0"),
        ("F[0, 5] (true) and (burden > 0)", "F", (0, 5), None, "(true) and (burden > 0)"),
        ("G (true) iff false", "G", (0, math.inf), None, "(true) iff false"),
        ("burden > 0 U[0, 3] true or false", "U", (0, 3), "burden > 0", "true or false"),
        ("true and false U true", "U", (0, math.inf), "true and false", "true"),
        ("us.offer == none", "", (0, math.inf), None, "us.offer == none"),
    ],
)
def test_query(
    text: str, operator: str, bounds: tuple[float, float], left: str | None, right: str
) -> None:
    query = compile_query(text, SCOPE)
    assert isinstance(query, Query)
    assert (query.text, query.operator, (query.low, query.high)) == (text, operator, bounds)
    assert (query.left.text if query.left else None) == left
    assert query.right.text == right
    assert query.right.kind == "truth"
    assert isinstance(query.right, Formula)


def test_query_sides_evaluate_like_formulas() -> None:
    query = compile_query("burden <= 0 U[0, 5] us.offer == taiwan", SCOPE)
    assert query.left is not None
    assert query.left.evaluate(VALUES).tolist() == [True, True, False]
    assert query.right.evaluate(VALUES).tolist() == [False, False, True]
    for side in (query.left, query.right):
        assert compile_formula(side.text, SCOPE, "truth") == side


def test_only_parameters() -> None:
    scope = SCOPE.only_parameters()
    assert set(scope.names) == {"leverage", "china.patience"}
    assert compile_formula("2 * leverage", scope, "number").uses == {"leverage"}
    assert scope.only_parameters() == scope


def test_reserved_words() -> None:
    words = "and or not implies iff in true false min max abs exp log sqrt clip F G U"
    assert frozenset(words.split()) == RESERVED
