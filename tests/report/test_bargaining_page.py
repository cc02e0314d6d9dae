"""Bargaining on a page of its own and in the report: sound, whole, and in the terminal's words.

Would catch: a number that the page says otherwise than the terminal, an exchange or a trade left
out, a name that becomes markup, a part without caption or heading, a report that keeps quiet about
the table of its case.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import detente
from bargaining.random_tables import random_table
from detente.analysis import Analysis, analyse
from detente.bargaining import BargainingComparison, bargaining_table, compare_models, write_table
from detente.case import read_case
from detente.cli import main
from detente.conflict import compile_case
from detente.model import SolvedTable
from detente.report import render, render_bargaining
from report.page_outline import Outline

TREATY = Path(__file__).parent.parent / "workbench" / "treaty.yaml"


@pytest.fixture(scope="module")
def found() -> BargainingComparison:
    table = random_table(np.random.default_rng(5), 6, 5, lines=0.3)
    return compare_models(table, rounds=2, setter="a0", groups={"west": ["a0", "a1"]})


@pytest.fixture(scope="module")
def outline(found: BargainingComparison) -> Outline:
    return Outline(render_bargaining(found, "market"))


def test_the_page_is_sound(outline: Outline) -> None:
    outline.check_sound(drawings=2)


def test_the_page_says_all_that_the_terminal_says(
    found: BargainingComparison, outline: Outline
) -> None:
    words, dense = " ".join(outline.text.split()), "".join(outline.text.split())
    assert found.red_line_rows
    for rows in (
        found.outcome_rows,
        found.red_line_rows,
        found.loss_rows,
        found.others.rows,
        found.packages.rows(),
    ):
        for row in rows:
            assert "".join("".join(row).split()) in dense, row
    for sentence in (found.exchanges.summary, found.challenges.summary, *found.notes):
        assert " ".join(sentence.split()) in words
    for one in found.exchanges.made:
        assert one.moves in words
        assert one.brings in words
    for sentence in found.others.outbid:
        assert sentence in words
    printed = " ".join(found.words(exchanges=99, with_map=True).split())
    assert " ".join(found.exchanges.made[-1].moves.split()) in printed


def test_every_trade_is_there(found: BargainingComparison) -> None:
    page = render_bargaining(found, "market")
    trades = page.split("Trades by pair")[1]
    assert trades.count('<tr><th scope="row">') == len(found.trades.pairs) > 3


def test_names_are_text() -> None:
    evil = "</bdi><script>alert(1)</script>"
    cells = {
        evil: {evil: (100, 0.9, 1), "b": (0, 0.2, 1)},
        "fund": {evil: (100, 0.2, 1), "b": (0, 0.9, 1)},
    }
    page = render_bargaining(compare_models(bargaining_table(cells)), evil)
    assert "<script" not in page
    assert "alert(1)" in Outline(page).text


def test_a_table_without_exchanges_has_a_page_too() -> None:
    alone = bargaining_table({"cut": {"a": (100, 1, 1), "b": (0, 1, 1)}})
    assert (
        "Nobody trades with anybody." in Outline(render_bargaining(compare_models(alone), "a")).text
    )


@pytest.fixture(scope="module")
def treaty() -> Analysis:
    return analyse(detente.load(TREATY), draws=3, rng=1, workers=1)


def test_the_report_of_a_case_tells_its_table_by_titles(treaty: Analysis) -> None:
    outline = Outline(render(treaty))
    assert ("a", "href", "#bargaining") in outline.attributes
    assert "bargaining" in outline.ids
    assert treaty.bargaining is not None
    named = treaty.bargaining.exchanges.made[0].moves
    titled = named.replace("upper", "Upper state").replace(
        "flow", "Share of the water that flows on"
    )
    assert titled in outline.text
    assert treaty.bargaining.exchanges.made[0].moves in str(treaty)
    assert treaty.to_dict()["bargaining"]["exchanges"]["possible"] == 1


def test_a_group_named_as_the_title_of_a_party_has_a_row_of_its_own() -> None:
    text = TREATY.read_text("utf-8").replace("title: Upper state", "title: up")
    text = text.replace("bargaining:\n", "bargaining:\n  groups: {up: [upper, lower]}\n")
    found = SolvedTable(compile_case(read_case(text.encode(), "treaty.yaml"))).titled
    assert [one.group for one in found.others.groups] == ["up (group)"]


def test_a_report_without_a_table_says_nothing_of_it(treaty: Analysis) -> None:
    outline = Outline(render(replace(treaty, bargaining=None)))
    assert "bargaining" not in outline.ids
    assert replace(treaty, bargaining=None).to_dict()["bargaining"] is None


def test_the_command_writes_the_page(tmp_path: Path, found: BargainingComparison) -> None:
    write_table(found.table, tmp_path / "market.csv")
    page = tmp_path / "made" / "market.html"
    called = CliRunner().invoke(
        main, ["bargain", str(tmp_path / "market.csv"), "--report", str(page)]
    )
    assert called.exit_code == 0, called.output
    assert f"page     {page}" in called.output
    assert Outline(page.read_text("utf-8")).tags.count("svg") == 2
    wrong = ["bargain", str(tmp_path / "market.csv"), "--report", str(tmp_path / "page.txt")]
    called = CliRunner().invoke(main, wrong)
    assert called.exit_code == 2
    assert "must end in .html" in called.output
