"""Pages are fit for any text: nothing is turned around, widens the page, or hides.

Would catch: text from right to left beside a number that is not isolated, a long word without a
place to break, a tag or a style that is changed, and a page that changes when it is made fit twice.
"""

from __future__ import annotations

import re
from html import escape, unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.text import csv_cell, fit_page, hidden_character, printable

HEBREW, ARABIC = "\u05e9\u05dc\u05d5\u05dd", "\u0633\u0644\u0627\u0645"
ANY = st.text(
    st.one_of(
        st.sampled_from([*"ab &<>\"'-1 \n\u202e\x1b\ud800", *HEBREW, *ARABIC]), st.characters()
    )
)


def text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


@pytest.mark.parametrize("word", [HEBREW, ARABIC, f"{HEBREW} {ARABIC}", f"{HEBREW}-{HEBREW}"])
def test_text_from_right_to_left_is_isolated_from_numbers(word):
    assert fit_page(f"<p>{word}: 12 % ({word})</p>") == (
        f"<p><bdi>{word}</bdi>: 12 % (<bdi>{word}</bdi>)</p>"
    )


def test_what_is_isolated_as_one_stays_so():
    page = f"<h1><bdi>{HEBREW}, {ARABIC}</bdi></h1>"
    assert fit_page(page) == page


def test_tags_titles_styles_and_figures_are_left_as_they_are():
    label, style = f'<a title="{HEBREW} > 1">x</a>', f"<style>p > a {{ x: '{HEBREW}' }}</style>"
    title, option = f"<title>{HEBREW} 1</title>", f"<option>{HEBREW} 1</option>"
    page = f"{label}{style}{title}{option}<svg><path d='{'M0,0' * 50}'/></svg>"
    assert fit_page(page) == page
    figure = fit_page(f"<svg><text>{HEBREW} 1 {'x' * 100}</text></svg>")
    assert figure.startswith(f'<svg><text><tspan unicode-bidi="isolate">{HEBREW}</tspan> 1 xxx')
    assert "<wbr>" not in figure


@pytest.mark.parametrize("word", ["w" * 900, "&amp;" * 200, "\u754c" * 900])
def test_a_word_without_end_may_break(word):
    page = fit_page(f"<td>{word}</td>")
    assert max(map(len, re.split(r"<wbr>|</?td>", page.replace("&amp;", "&")))) == 30
    assert page.replace("<wbr>", "") == f"<td>{word}</td>"


@given(ANY, ANY)
@settings(max_examples=200, deadline=None)
def test_any_text_is_there_and_nothing_else(one, other):
    page = f'<p title="{escape(other)}">{escape(one)} <code>{escape(other)}</code></p>'
    made = fit_page(page)
    assert hidden_character(made) is None
    assert fit_page(made) == made
    assert text_of(made) == printable(text_of(page))


@pytest.mark.parametrize("first", "=+-@\t\r\n\uff1d")
def test_a_cell_that_begins_like_a_formula_is_text(first):
    assert str(csv_cell(f"{first}cmd|' /C calc'!A0")).startswith("'")
    assert str(csv_cell(f"  {first}1")).startswith("'")
    assert csv_cell(f"a{first}b") is not None


def test_numbers_stay_numbers():
    assert [csv_cell(x) for x in (-1, -0.5, 1e300, float("nan"), None)] == [
        -1, -0.5, 1e300, None, None
    ]  # fmt: skip
