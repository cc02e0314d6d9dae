"""The table of bargaining in a case file, and the CSV beside it.

Would catch: a wrong table that is read, or is refused without its place or a remedy; a row that is
blamed in the wrong file, row or column; a number taken from the wrong column; a case that, saved or
changed, has lost its table.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.case import Case, load, read_case
from detente.comparison import input_changes
from detente.errors import CaseError
from detente.templates import copied_files

HEAD = """detente: 1
title: A market
parameters:
  power: {value: 0.9, range: [0.5, 2], reason: Guess., source: judgement}
  care: {value: 0.8, range: [0.5, 1], reason: Guess., source: judgement}
actors:
  us: {options: {offer: [none, some]}, preferences: {statements: [us.offer == some]}}
status_quo: {us.offer: none}
"""
TABLE = """bargaining:
  capability: {us: 2, china: power}
  voting: {setter: us, threshold: 0.7, veto: [china]}
  groups: {allies: [us, japan]}
  issues:
    island:
      title: The island
      points: {0: theirs, 100: ours}
      reference: 70
      parties:
        us: {position: 90, salience: care, capability: 1, red_line: 85}
        china: {position: 0, salience: 1}
        japan: {position: 95, salience: 0.5}
"""
ROWS = """issue,actor,position,salience,capability,reference,red_line
island,us,90,care,1,70,85
island,china,0,1,power,70,
climate,us,20,0.3,1,,
climate,china,90,0.9,,,
climate,japan,,,,,
"""


def read(text: str, rows: str | None = None) -> Case:
    beside = None if rows is None else lambda name: (name, rows.encode())
    return read_case(text.encode(), "market.yaml", beside)


def numbers(case: Case) -> list[tuple[str, list[tuple[str, ...]]]]:
    assert case.bargaining is not None
    return [
        (
            issue.name,
            [(s.party, s.position.text, s.salience.text, s.capability.text) for s in issue.stakes],
        )
        for issue in case.bargaining.issues
    ]


def test_a_table_is_read_with_all_that_it_says() -> None:
    table = read(HEAD + TABLE).bargaining
    assert table is not None
    (issue,) = table.issues
    assert (issue.title, issue.low, issue.high) == ("The island", 0.0, 100.0)
    assert issue.points == ((0.0, "theirs"), (100.0, "ours"))
    assert issue.reference is not None
    assert issue.reference.text == "70"
    assert [s.red_line and s.red_line.text for s in issue.stakes] == ["85", None, None]
    assert numbers(read(HEAD + TABLE)) == [
        ("island", [("us", "90", "care", "1"), ("china", "0", "1", "power"),
                    ("japan", "95", "0.5", "1")]),
    ]  # fmt: skip
    assert table.voting is not None
    assert (table.voting.setter, table.voting.threshold.text, table.voting.veto) == (
        "us", "0.7", ("china",)
    )  # fmt: skip
    assert table.groups == (("allies", ("us", "japan")),)
    assert table.parties == ("us", "china", "japan")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("japan]", "jpan]", "12:25: 'jpan' is party to no issue; did you mean 'japan'?"),
        ("{allies:", "{china:", "12:12: the group china has the name of a party; give it another"),
        ("setter: us", "setter: uk", "11:20: 'uk' is party to no issue; use a party: us,"),
        ("[china]", "[china, china]", "11:54: china stands twice in veto; keep one"),
        ("china: power", "chin: power", "10:23: 'chin' is party to no issue; did you mean"),
        ("us: 2", "us: -2", "10:20: the capability of us is -2; give a number of 0 or more"),
        ("points:", "scale: [9, 9]\n      points:", "16:14: the scale [9, 9] of island has no"),
        ("points:", "scale: [0, 80]\n      points:", "17:27: 100 is off the scale of island"),
        ("position: 90", "position: 190", "19:24: the position of us on island is 190; move it"),
        ("red_line: 85", "red_line: 185", "19:69: the red line of us on island is 185; move it"),
        ("reference: 70", "reference: 170", "17:18: the reference point is 170; move it onto"),
        ("salience: 1}", "salience: 1.3}", "20:40: the salience of china on island is 1.3; give"),
        ("salience: care", "salience: 2 * care", "on island is 1.6 at the stated values; give"),
        ("salience: care", "salience: car", "19:38: there is no name 'car'; did you mean 'care'"),
        ("salience: care", "salience: us.offer", "19:38: 'us.offer' is an option or condition"),
        ("salience: 1}", "salence: 1}", "20:30: unknown key 'salence'; did you mean 'salience'?"),
        ("threshold: 0.7", "threshold: 70", "11:35: the threshold is 70; give a share above 0"),
        ("threshold: 0.7", "treshold: 0.7", "11:24: unknown key 'treshold'; did you mean"),
        ("{0: theirs", "{low: theirs", "16:16: 'low' cannot be a number; write a number such as"),
        (TABLE[TABLE.index("        china: {pos") :], "", "14:5: island has 1 party; give two or"),
        (TABLE[TABLE.index("  issues:") :], "", "9:1: nothing is bargained over; add `issues: …`"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_place_with_a_remedy(old: str, new: str, said: str) -> None:
    assert old in TABLE
    with pytest.raises(CaseError) as caught:
        read(HEAD + TABLE.replace(old, new))
    assert said in str(caught.value)


def test_salience_and_capability_all_zero_are_refused() -> None:
    text = TABLE.replace("salience: care", "salience: 0").replace("salience: 1}", "salience: 0}")
    text = text.replace("salience: 0.5", "salience: 0")
    with pytest.raises(CaseError, match="nobody on island has both salience and capability"):
        read(HEAD + text)


def test_a_gain_of_a_party_that_is_no_actor_says_how_to_ask_for_it() -> None:
    claim = "claims: [{id: G, says: It pays., ask: {gain: japan}, expect: '> 0'}]\n"
    with pytest.raises(CaseError) as refused:
        read(HEAD + TABLE + claim)
    assert "or `by: exchange` for what exchanges bring a party" in str(refused.value)
    assert "no actor" not in str(refused.value)


@pytest.mark.parametrize("named", ["bargaining: m.csv", "bargaining: {table: 'm.csv'}",
                                   "bargaining:\n  table: \"m.csv\""])  # fmt: skip
def test_a_table_beside_the_case_is_read_as_if_it_stood_there(named: str) -> None:
    case = read(f"{HEAD}{named}\nclaims: []\n", ROWS)
    assert numbers(case) == [
        ("island", [("us", "90", "care", "1"), ("china", "0", "1", "power")]),
        ("climate", [("us", "20", "0.3", "1"), ("china", "90", "0.9", "1")]),
    ]
    again = read_case(case.text, "market.yaml")
    assert again.bargaining == case.bargaining
    assert again.sha256 == case.sha256


def test_rows_join_issues_that_the_case_describes() -> None:
    named = "bargaining:\n  issues: {island: {title: The island, scale: [0, 90]}}\n  table: m.csv\n"
    table = read(HEAD + named, ROWS).bargaining
    assert table is not None
    assert [(one.title, one.high) for one in table.issues] == [
        ("The island", 90.0), ("climate", 100.0)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("us,90,care", "us,90,car", "m.csv:2:14: there is no name 'car'; did you mean 'care'?"),
        ("us,90", "us,190", "m.csv:2:11: the position of us on island is 190; move it onto"),
        ("us,90", "us,ninety five", "m.csv:2:11: "),
        ("power,70", "power,71", "m.csv:3:24: island has another reference point (line 2)"),
        ("climate,china,90,0.9", "climate,us,90,0.9", "m.csv:5:9: us has a position on climate"),
        ("90,0.9", "90,", "m.csv:5:15: china has a position on climate but no salience"),
        ("us,20,0.3", "us,,0.3", "m.csv:4:13: us has salience on climate but no position"),
        ("climate,us", "weather,us", "m.csv:5:1: climate has 1 party; give two or more"),
        ("position,sal", "postion,sal", "m.csv:1:13: there is no column 'postion'; did you mean"),
        ("island,china", "island,China", "m.csv:3:8: 'China' cannot be a name; write china"),
        ("0.3,1,,", "0.3,1,,,", "m.csv:4:23: this row has 8 cells"),
        (ROWS, "", "m.csv:1:1: the table is empty; start it with the line issue,actor,position"),
    ],
)
def test_a_wrong_row_is_named_with_file_row_and_column(old: str, new: str, said: str) -> None:
    assert old in ROWS
    with pytest.raises(CaseError) as caught:
        read(f"{HEAD}bargaining: m.csv\n", ROWS.replace(old, new))
    assert said in str(caught.value)


def test_a_table_is_looked_for_beside_the_case_only(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"there is no folder to look for 'm\.csv' in"):
        read(f"{HEAD}bargaining: m.csv\n")
    (tmp_path / "case.yaml").write_text(f"{HEAD}bargaining: ../m.csv\n")
    with pytest.raises(CaseError, match="is outside the folder of the case file"):
        load(tmp_path / "case.yaml")


def test_history_and_bargaining_each_have_their_table(tmp_path: Path) -> None:
    text = f"{HEAD}sources: {{s: {{title: S}}}}\nbargaining: m.csv\nhistory: h.csv\nclaims: []\n"
    text += "clock: {start: 2025-01-01}\n"
    (tmp_path / "case.yaml").write_text(text)
    (tmp_path / "m.csv").write_text(ROWS)
    (tmp_path / "h.csv").write_text("date,variable,level,source\n2025-05-01,us.offer,none,s\n")
    case = load(tmp_path / "case.yaml")
    assert case.bargaining is not None
    assert (len(case.bargaining.issues), len(case.history)) == (2, 1)
    assert read_case(case.text, "x.yaml").history == case.history
    copies = copied_files(str(tmp_path / "case.yaml"), "mine")
    assert set(copies) == {"mine.yaml", "mine_history.csv", "mine_bargaining.csv"}
    for name, content in copies.items():
        (tmp_path / name).write_bytes(content)
    assert load(tmp_path / "mine.yaml").bargaining == case.bargaining


def test_a_case_is_saved_and_changed_with_its_table(tmp_path: Path) -> None:
    case = read(f"{HEAD}bargaining: m.csv\n", ROWS).set(power=1.5)
    case.save(tmp_path / "saved.yaml")
    assert load(tmp_path / "saved.yaml").bargaining == case.bargaining
    stated = read(HEAD + TABLE)
    parties = {"issues": {"island": {"parties": {"china": {"position": 10}}}}}
    other = stated.replace(bargaining=parties)
    assert numbers(other)[0][1][1] == ("china", "10", "1", "power")
    (change,) = input_changes(stated, other)
    assert str(change) == "bargaining.issues.island.stakes.china.position: 0 in A, 10 in B"
