"""Remedies for what people write from habit: each says what was meant, and obeying it works.

Would catch: a remedy that leads to a file that is sound but says something else, or that does not
name what was meant.
"""

from __future__ import annotations

import pytest

import detente
from detente.case import read_case
from detente.errors import CaseError, InputError
from detente.study import phase_diagram

DAM = """detente: 1
title: A dam
parameters:
  thirst: {value: 1.0, range: [0.6, 2.0], reason: r, source: judgement}
actors:
  upper:
    options: {dam: {levels: [none, small, large], cost: 0.1}}
    preferences: {weights: {power: thirst}}
conditions:
  rain: {levels: [wet, dry], rates: {wet -> dry: 0.3, dry -> wet: 0.6}}
issues: {power: 0.5 * (upper.dam == small) + (upper.dam == large)}
status_quo: {upper.dam: none, rain: wet}
claims:
  - id: D1
    says: The dam will probably stand.
    ask: {expected: upper.dam == large, at: 0.5}
    expect: [0.55, 0.8]
"""
GOOD = read_case(DAM.encode(), "dam.yaml")


def problems(text: str) -> list[str]:
    with pytest.raises(CaseError) as caught:
        read_case(text.encode(), "dam.yaml")
    return [f"{problem.message}; {problem.remedy}" for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("[0.6, 2.0]", "[0,6, 2,0]", "decimal commas; write [0.6, 2.0] if they are"),
        ("[0.6, 2.0]", "[0,6,2,0]", "range has 4 entries, more than 2; write [0.6, 2.0] where"),
        ("[0.55, 0.8]", "[0,55, 0,8]", "write [0.55, 0.8] if they are"),
        ("wet -> dry: 0.3", "wet -> dry: 0,3", "0,3 has a decimal comma; write 0.3, with a point"),
        ("cost: 0.1", "cost: 0,1", "0,1 has a decimal comma; write 0.1, with a point"),
        ("value: 1.0", "value: 1,0", "1,0 has a decimal comma; write 1.0, with a point"),
        ("value: 1.0", 'value: "1,0"', "must be a number, not '1,0'; write 1.0, with a point"),
        ("value: 1.0", 'value: "1.0"', "must be a number, not '1.0'; write 1.0 without quotes"),
        ("at: 0.5", "at: 0,5", "0,5 has a decimal comma; write 0.5, with a point"),
        ("power: 0.5", 'power: "0,5', "0,5 has a decimal comma; write 0.5, with a point"),
        ("[0.55, 0.8]", "[55, 80]", "(0 to 1); write [0.55, 0.8] if this is per cent"),
        ("dam == small", "dam == Small", "no level 'Small'; did you mean 'small'"),
        ("upper.dam: none", "upper.dam: None", "'None' cannot be a level; write none: use small"),
    ],
)
def test_what_was_meant_is_said_once_and_is_right(right, wrong, said):
    assert right in DAM
    text = DAM.replace(right, wrong, 1)
    if wrong.endswith('"0,5'):
        text = text.replace("(upper.dam == large)}", '(upper.dam == large)"}')
    (found,) = problems(text)
    assert said in found
    meant = right.rpartition(": ")[2].rpartition("== ")[2]
    assert meant in found.partition("; ")[2]
    assert read_case(DAM.encode(), "dam.yaml") == GOOD


@pytest.mark.parametrize("entries", ["[1, 2]", "[1,2]", "[1, 2, 3]", "[1,2,3]"])
def test_lists_of_whole_numbers_are_read_as_they_stand(entries):
    text = DAM.replace("range: [0.6, 2.0]", f"choices: {entries}")
    assert read_case(text.encode(), "dam.yaml").parameters["thirst"].choices[:2] == (1.0, 2.0)


def test_per_cent_beyond_hundred_and_differences_are_not_shares():
    (found,) = problems(DAM.replace("[0.55, 0.8]", "[55, 180]"))
    assert found.endswith("; narrow it")
    (found,) = problems(DAM.replace("[0.55, 0.8]", '"> 55"'))
    assert "write > 0.55 if this is per cent" in found


def test_words_as_an_expectation_have_a_key_of_their_own():
    (found,) = problems(DAM.replace("expect: [0.55, 0.8]", "expect: likely"))
    assert "write `words: likely` and `expect: words`" in found
    obeyed = DAM.replace("expect: [0.55, 0.8]", "words: likely\n    expect: words")
    expect = read_case(obeyed.encode(), "dam.yaml").claims[0].expect
    assert (expect.low, expect.high) == (0.55, 0.8)


def test_a_probability_without_a_period_is_refused():
    """It would answer for the start only, which is known."""
    text = DAM.replace(
        "{expected: upper.dam == large, at: 0.5}", "{probability: upper.dam == large}"
    )
    (found,) = problems(text)
    assert "F[0, 5] upper.dam == large, with your years" in found
    assert "`expected: upper.dam == large, at: 5`" in found
    for obeyed in (
        'probability: "F[0, 5] upper.dam == large"',
        "expected: upper.dam == large, at: 5",
    ):
        read_case(text.replace("probability: upper.dam == large", obeyed).encode(), "dam.yaml")
    with pytest.raises(InputError, match=r"asks about the start only; write F\[0, 5\]"):
        phase_diagram(GOOD, "rain", "upper.dam", "upper.dam == large")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "dam.yaml").write_text(DAM)
    return tmp_path


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("date;variable;level;source\n2026-01-01;rain;wet;log\n", "separated by semicolons"),
        ("date\tvariable\tlevel\tsource\n2026-01-01\train\twet\tlog\n", "separated by tabs"),
    ],
)
def test_a_table_with_other_separators_is_told(folder, table, said):
    text = (
        f"{DAM}sources: {{log: {{title: A log}}}}\nclock: {{start: 2026-01-01}}\nhistory: h.csv\n"
    )
    (folder / "dam.yaml").write_text(text)
    (folder / "h.csv").write_text(table)
    with pytest.raises(CaseError) as caught:
        detente.load(folder / "dam.yaml")
    (problem,) = caught.value.problems
    assert said in problem.message
    assert "commas between the cells" in problem.remedy
    (folder / "h.csv").write_text(table.replace(";", ",").replace("\t", ","))
    assert len(detente.load(folder / "dam.yaml").history) == 1


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (b"PK\x03\x04\x14\x00", "a Word, Excel or other zipped file"),
        (b"%PDF-1.7\n", "a PDF file"),
        (b"\xd0\xcf\x11\xe0\xa1", "an old Word or Excel file"),
        (b"{\\rtf1\\ansi", "an RTF file"),
    ],
)
def test_a_document_is_not_a_case(folder, start, said):
    (folder / "case.docx").write_bytes(start + bytes(200))
    with pytest.raises(CaseError, match=said) as caught:
        detente.load(folder / "case.docx")
    assert "plain text: a case as YAML" in caught.value.problems[0].remedy


@pytest.mark.parametrize("name", ["dam.yml", "dam", "dma.yaml", "Dam.yaml"])
def test_a_file_that_is_not_there_but_nearly(folder, name):
    with pytest.raises(CaseError, match="there is no such file") as caught:
        detente.load(folder / name)
    assert caught.value.problems[0].remedy == f"did you mean {folder / 'dam.yaml'}?"


@pytest.mark.parametrize("bound", ["> 0.5", ">= 0.5"])
def test_a_bound_without_quotes_is_no_yaml_and_gets_them(bound: str) -> None:
    said = problems(DAM.replace("expect: [0.55, 0.8]", f"expect: {bound}"))
    assert said[0].endswith(f'put a bound in quotes: expect: "{bound}"')
    read_case(DAM.replace("expect: [0.55, 0.8]", f'expect: "{bound}"').encode(), "dam.yaml")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("80-100 %", "write [0.8, 1]"),
        ("0.8 to 1", "write [0.8, 1]"),
        ('">20%"', 'write "> 0.2"'),
        ("55 %", "an interval in which 0.55 lies"),
    ],
)
def test_an_interval_in_words_or_per_cent_is_written_out(wrong: str, said: str) -> None:
    assert said in problems(DAM.replace("[0.55, 0.8]", wrong))[0]


def test_a_date_in_a_query_is_no_number_of_years() -> None:
    question = 'ask: {probability: "F[0, 2028-01-01] upper.dam == large"}'
    text = DAM.replace("ask: {expected: upper.dam == large, at: 0.5}", question)
    assert "a date stands where years are wanted; count years from the start" in problems(text)[0]


def test_a_key_of_the_claim_that_stands_in_its_question_is_to_stand_beside_it():
    inside = DAM.replace("at: 0.5}", "at: 0.5, while: rain == wet}")
    assert problems(inside) == ["unknown key 'while'; write it beside ask, not inside"]
    beside = DAM.replace("at: 0.5}", "at: 0.5}\n    while: rain == wet")
    assert read_case(beside.encode(), "dam.yaml").claims[0].scope is not None
