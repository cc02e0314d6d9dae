"""`detente compare` as a user types it, its page, and what it says when the words are wrong.

Catches: a setting that reaches the other side, a line too wide for a terminal, a page that is not
sound, that lets markup of a case through or is not written, a traceback where an error belongs.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import detente
from detente.cli import main
from detente.report import render_comparison
from report.page_outline import Outline

RIVER = str(Path(__file__).parents[1] / "case" / "variants.yaml")


def call(*words: str):
    return CliRunner().invoke(main, ["compare", *map(str, words)])


def test_two_settings_are_told_in_80_columns_and_on_a_page(tmp_path):
    page = tmp_path / "pages" / "page.html"
    found = call(RIVER, "--b-set", "worth=2.9", "-n", 12, "-o", page)
    assert found.exit_code == 0, found.output
    for words in ("A  variants", "B  variants (worth=2.9)", "12 draws each, common to both",
                  "parameters.worth.value: 2 in A, 2.9 in B", f"page     {page}"):  # fmt: skip
        assert words in found.output
    assert max(map(len, found.output.splitlines()[:-1])) <= 80
    text = page.read_text("utf-8")
    outline = Outline(text)
    assert {"header", "main", "footer"} <= set(outline.tags)
    assert {"script", "link", "img"} & set(outline.tags) == set()
    assert text.startswith("<!DOCTYPE html>")
    assert "parameters.worth.value" in outline.text
    named = {value for _, name, value in outline.attributes if name == "aria-labelledby"}
    assert named <= set(outline.ids)


def test_a_case_beside_itself(tmp_path):
    page = tmp_path / "page.html"
    found = call(RIVER, RIVER, "-n", 4, "-o", page)
    assert "\nnothing differs\n" in found.output
    assert "Nothing differs." in Outline(page.read_text("utf-8")).text


def test_json_is_what_python_gives():
    found = call(RIVER, "--a-variant", "climate.drier", "-n", 6, "--json")
    told = json.loads(found.output)
    here = detente.compare(RIVER, RIVER, 6, a_variant=["climate.drier"])
    assert told == json.loads(json.dumps(here.to_dict()))
    assert told["a"]["case"] == "variants (climate.drier)"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["rivver.yaml"], "there is no such file"),
        ([RIVER, "--b-set", "wroth=1"], "did you mean 'worth'"),
        ([RIVER, "--b-set", "worth"], "NAME=VALUE"),
        ([RIVER, "--b-variant", "climate.driest"], "did you mean"),
        ([RIVER, "-o", "page.txt"], "must end in .html"),
    ],
)
def test_wrong_words_end_with_a_line_and_code_2(words, message):
    found = call(*words, "-n", "2")
    assert found.exit_code == 2
    assert message in found.output
    assert "Traceback" not in found.output


def test_markup_of_a_case_stays_text():
    case = detente.load(RIVER)
    hostile = case.replace(
        title="<script>alert(1)</script>", claims={"C1": {"says": "<b>No</b> large dam & none."}},
        parameters={"worth": {"range": [2, 3], "reason": "<i>more</i>"}},
    )  # fmt: skip
    page = render_comparison(detente.compare(case, hostile, 8))
    outline = Outline(page)
    assert {"script", "b", "i"} & set(outline.tags) == set()
    assert "<script>alert(1)</script>" in outline.text
    assert "<i>more</i>" in outline.text


def test_the_page_fits_a_phone():
    """At 390 px nothing is off the screen: few columns, and no table with a width of its own."""
    case = detente.load(RIVER)
    page = render_comparison(detente.compare(case, case.variant("climate.drier"), 8))
    outline = Outline(page)
    assert outline.tables
    assert max(width for table in outline.tables for width in table.widths) <= 4
    assert 'class="wide"' not in page
    assert (
        re.search(r"\.(readings|inputs|stable|scores)\b[^{}]*{[^}]*min-width: \d+rem", page) is None
    )
