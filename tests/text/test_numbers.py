"""One formatter for numbers: shares, tenths, signs, three digits, ranges.

Would catch: a power of ten where nobody writes one, "-0 %", "100 %" for what is not certain and
"0 %" for what can be, ends of a range printed in two ways.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.text import EN_DASH, THIN, show, show_range

SHARES = st.floats(0.0, 1.0)


@pytest.mark.parametrize(
    ("value", "kind", "told"),
    [
        (1.0, "share", "100 %"), (0.9951, "share", ">99 %"), (0.004, "share", "<1 %"),
        (0.586, "share", "59 %"), (0.0, "share", "0 %"), (-1e-12, "share", "0 %"),
        (1.0, "tenths", "100 %"), (0.9996, "tenths", ">99.9 %"), (0.0004, "tenths", "<0.1 %"),
        (0.586, "tenths", "58.6 %"), (0.0033, "tenths", "0.3 %"),
        (-0.34, "signed", "−0.34"), (0.0, "signed", "0"), (100.2, "plain", "100"),
        (123456.0, "fine", "123,456"), (0.0000123, "fine", "0.0000123"), (2.0, "fine", "2"),
        (999.7, "fine", "1,000"), (-0.75, "fine", "−0.75"), (float("nan"), "fine", "–"),
        (float("inf"), "fine", "inf"),
    ],
)  # fmt: skip
def test_what_is_printed(value, kind, told):
    assert show(value, kind).replace(THIN, " ") == told


@given(SHARES, st.sampled_from(["share", "tenths"]))
def test_a_share_reads_as_per_cent(value, kind):
    told = show(value, kind)
    assert re.fullmatch(rf"[<>]?\d{{1,3}}(\.\d)?{THIN}%", told)
    number = float(told.strip("<>").split(THIN)[0]) / 100
    step = 0.01 if kind == "share" else 0.001
    assert abs(number - value) <= (step if told[0] in "<>" else step / 2) + 1e-12
    assert (told == f"100{THIN}%") <= (value >= 1 - step / 2)


@given(st.floats(-9e6, 9e6).filter(lambda x: abs(x) > 1e-6), st.integers(1, 6))
def test_a_fine_number_is_near_and_has_no_power_of_ten(value, digits):
    told = show(value, "fine", digits).replace("−", "-").replace(",", "")
    assert "e" not in told
    if abs(value) < 10**digits - 1:
        assert float(told) == float(f"{value:.{digits}g}")
    else:
        assert abs(float(told) - value) <= 1.0


@given(SHARES, SHARES)
def test_a_range_has_the_words_of_its_ends(low, high):
    low, high = sorted((low, high))
    told = show_range(low, high, "share")
    first, last = show(low, "share"), show(high, "share")
    between = " to " if last.startswith(">") else EN_DASH
    assert told == (first if first == last else f"{first.split(THIN)[0]}{between}{last}")
