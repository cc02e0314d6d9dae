"""Studies of any function: what is recorded is what was drawn and what came back.

Catches: an answer that is no number and passes for one, inputs that the function changed, ranges
that hold no number, "0 failed" beside answers that are missing.
"""

from __future__ import annotations

import json

import numpy as np
import pytest

from detente.errors import AnalysisError, InputError
from detente.study import study_function

pytestmark = pytest.mark.filterwarnings("ignore:invalid value")


def test_a_draw_without_any_number_failed_and_says_which():
    found = study_function(lambda x: {"y": np.sqrt(x["a"])}, {"a": (-1, 1)}, 40, 1)
    below = np.flatnonzero(found.inputs["a"] < 0)
    assert [draw for draw, _ in found.failures] == below.tolist()
    assert {reason for _, reason in found.failures} == {"y is not a number"}
    assert str(found).startswith("40 draws, 20 failed\n  y: median ")
    assert found.missing == {}
    with pytest.raises(AnalysisError, match="all 9 draws failed; the first: y is not a number"):
        study_function(lambda x: {"y": np.full(len(x["a"]), np.nan)}, {"a": (0, 1)}, 9, 1)


def test_a_missing_answer_is_counted_and_never_stands_beside_0_failed():
    found = study_function(
        lambda x: {"y": np.sqrt(x["a"]), "z": x["a"], "n": x["a"] * np.nan}, {"a": (-1, 1)}, 40, 1
    )
    assert found.failures == ()
    assert found.missing == {"y": 20, "n": 40}
    lines = str(found).splitlines()
    assert lines[0] == "40 draws"
    assert lines[1].endswith("; no answer in 20 draws")
    assert lines[3] == "  n: no answer in any draw"
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["missing"] == found.missing


def test_failed_draws_are_not_missing_answers_too():
    def function(x):
        if (x["a"] > 0.5).any():
            raise ValueError("too much")
        return {"y": np.where(x["a"] < 0.25, np.nan, x["a"]), "z": x["a"]}

    found = study_function(function, {"a": (0, 1)}, 40, 1)
    assert (len(found.failures), found.missing) == (20, {"y": 10})


@pytest.mark.parametrize(
    "ends", [(0, np.inf), (-np.inf, 0), (np.nan, 1), (-1.7e308, 1.7e308)], ids=str
)
def test_ranges_that_hold_no_number_are_refused(ends):
    with pytest.raises(InputError, match=r"a goes from .* give two ends that are finite"):
        study_function(lambda x: {"y": x["a"]}, {"a": ends}, 4, 1)


@pytest.mark.parametrize("fails", [False, True])
def test_a_function_that_changes_its_inputs_does_not_change_what_is_recorded(fails):
    """With a failure too, after which the draws are called again in halves."""

    def function(x):
        answers = 2 * x["a"]
        high = (x["a"] > 0.9).any()
        x["a"] *= 0.0
        if high and fails:
            raise ValueError("too much")
        return {"y": answers}

    found = study_function(function, {"a": (0, 1)}, 40, 1)
    plain = study_function(lambda x: {"y": x["a"]}, {"a": (0, 1)}, 40, 1)
    np.testing.assert_array_equal(found.inputs["a"], plain.inputs["a"])
    answered = np.flatnonzero(~np.isnan(found.results["y"]))
    assert len(answered) == (36 if fails else 40)
    np.testing.assert_array_equal(found.results["y"][answered], 2 * found.inputs["a"][answered])


@pytest.mark.filterwarnings("error")
def test_infinite_answers_are_answers():
    found = study_function(
        lambda x: {"y": np.where(x["a"] > 0.3, np.inf, x["a"])}, {"a": (0, 1)}, 40, 1
    )
    assert (found.failures, found.missing) == ((), {})
    assert "median inf" in str(found)
    assert "nan" not in str(found)
