"""Claims that ask the table of bargaining, on the live page.

Would catch: a view that falls over on a question without states, a hold that takes the answer away,
names of parties and issues that completion does not know.
"""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from detente.bargaining import compromise, table_of
from detente.case import load, read_outline
from detente.workbench._answers import answer_at
from detente.workbench._edited import TextOutline
from detente.workbench._forms import form_entries
from detente.workbench._solver import PageSolver
from detente.workbench._yaml_completion import CaseNames, complete_text

TEXT = """detente: 1
title: A market
parameters:
  care: {value: 0.8, range: [0.5, 1.0], reason: Guess., source: judgement}
actors:
  us: {options: {offer: [none, some]}, preferences: {statements: [us.offer == some]}}
status_quo: {us.offer: none}
claims:
  - {id: K1, says: The island stays ours., ask: {outcome: island}, expect: "> 45"}
  - {id: K2, says: They trade., ask: {exchange: [us, china]}, expect: true}
  - {id: K3, says: It pays., ask: {gain: china, by: exchange}, expect: "> 0"}
bargaining:
  table: market.csv
"""
ROWS = """issue,actor,position,salience
island,us,90,care
island,china,0,0.5
climate,us,80,0.2
climate,china,10,0.9
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "market.yaml").write_text(TEXT)
    (tmp_path / "market.csv").write_text(ROWS)
    return tmp_path


@pytest.mark.parametrize("held", ["", "&do.us.offer=some", "&do.us.offer=some&during=0,2"])
@pytest.mark.parametrize("care", [0.8, 0.6])
def test_an_answer_follows_parameters_and_no_hold(folder: Path, care: float, held: str) -> None:
    table = table_of(load(folder / "market.yaml"), {"care": care})
    request = PageSolver(folder)._request(f"case=market.yaml&set.care={care}{held}")
    claim = request.scene.case.claim("K1")
    found = answer_at(claim, request.scene).value
    assert found == pytest.approx(float(compromise(table).outcome[0]))


@pytest.mark.parametrize(
    ("claim", "words"),
    [("K1", "Most of the weight have"), ("K2", "moves from"), ("K3", "moves from")],
)
def test_why_says_what_carries_the_answer(folder: Path, claim: str, words: str) -> None:
    query = f"case=market.yaml&claim={claim}&plain=1"
    question = {"kind": "page", "view": "why", "query": query, "plain": True}
    page = next(iter(PageSolver(folder).answer(question)))
    assert words in " ".join(unescape(re.sub(r"<[^>]+>", " ", page["html"])).split())


def test_forms_leave_such_a_question_to_the_text() -> None:
    data, places = read_outline(TEXT) or ({}, None)
    assert places is not None
    entries = form_entries("claims", TextOutline(data, places, CaseNames.of(data)), ())
    assert [entry.title for entry in entries] == ["K1", "K2", "K3"]
    kinds = [[field.kind for field in entry.more] for entry in entries]
    assert not any("measure" in kind for kind in kinds)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("  - {id: K4, says: It is so., ask: {outcome: cli", "climate"),
        ("  - {id: K4, says: It is so., ask: {exchange: [us, chi", "china"),
        ("  - {id: K4, says: It is so., ask: {gain: chi", "china"),
    ],
)
def test_names_of_the_table_are_offered(written: str, wanted: str) -> None:
    rows = "".join(
        f"    - {{issue: {issue}, actor: {actor}}}\n"
        for issue, actor, *_ in (line.split(",") for line in ROWS.splitlines()[1:])
    )
    head, claims = TEXT.replace("  table: market.csv\n", f"  table:\n{rows}").split("claims:\n")
    data, _ = read_outline(f"{head}claims:\n{claims}") or ({}, None)
    text = f"{head}claims:\n{written}"
    _, offered = complete_text(text, len(text), CaseNames.of(data))
    assert wanted in [one for one, _ in offered]
