"""No character that a reader cannot see gets in from a file, or out to a terminal.

Would catch: escapes that spell a control character, a bidirectional mark or half a character in a
case file, a tag, a table or an argument; messages that quote them raw or without end; ordinary text
of any script refused.
"""

from __future__ import annotations

import json
import re
import time
import unicodedata

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case import read_case
from detente.cli import main
from detente.cli._writing import print_json
from detente.errors import CaseError
from detente.text import fit_to_print, hidden_character, printable

RAW = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
HOSTILE = [
    *(chr(k) for k in (0x1B, 0x07, 0x00, 0x0D, 0x7F, 0x85, 0x9B)),
    *"\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2028\u2029\u2060\u2066\u2069\ufeff",
    *"\ud800\udfff\ufdd0\ufffe\uffff\U0001fffe\U0010ffff\U000e0041",
]
TEXT = """detente: 1
title: {value}
{more}
actors:
  upper:
    options: {{dam: {{levels: [none, large], cost: 0.1}}}}
    preferences: {{weights: {{electricity: 1}}}}
issues: {{electricity: upper.dam == large}}
status_quo: {{upper.dam: none}}
claims:
  - id: D1
    says: {value}
    ask: {{probability: "F[0, 1] upper.dam == large"}}
    expect: [0, 1]
brief: [D1]
"""


def escape(character: str) -> str:
    return f"\\U{ord(character):08x}"


def commands(path, *names):
    for name in names:
        found = CliRunner().invoke(main, [*name.split(), str(path)])
        assert isinstance(found.exception, SystemExit | None), found.exception
        yield found


@pytest.mark.parametrize("character", HOSTILE, ids=lambda c: f"U+{ord(c):04X}")
@pytest.mark.parametrize("where", ["value", "key"])
def test_an_escape_that_spells_a_hidden_character_is_refused(tmp_path, character, where):
    path = tmp_path / "case.yaml"
    text = f'"a{escape(character)}b"'
    more = f"notes: {{{text}: x}}" if where == "key" else ""
    value = text if where == "value" else "A dam"
    path.write_text(TEXT.format(value=value, more=more), "ascii")
    for found in commands(path, "check", "run -n 2", "check --json"):
        assert found.exit_code == 2
        assert not RAW.search(found.output.replace("\r", ""))
        assert f"U+{ord(character):04X}" in found.output
    line = "case.yaml:2:8: " if where == "value" else "case.yaml:3:9: "
    assert line in found.output


@given(st.text(st.sampled_from([*HOSTILE, *"az é\n\t⁂ "]), max_size=12), st.booleans())
@settings(max_examples=60, deadline=None)
def test_nothing_hidden_reaches_the_screen(tmp_path_factory, text, as_tag):
    """Whatever is spelt with escapes in a value, a key or a tag, `check` prints plain text."""
    spelt = "".join(map(escape, text))
    tag = "!x" + "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass")) + " "
    more = f'"{spelt}": 1\n"{spelt}": 2'
    raw = TEXT.format(value=f'{tag if as_tag else ""}"k{spelt}"', more=more).encode("ascii")
    path = tmp_path_factory.mktemp("hidden") / "case.yaml"
    path.write_bytes(raw)
    (found,) = commands(path, "check")
    assert not RAW.search(found.output)


def test_a_tag_is_shown_escaped_and_cut():
    raw = f"detente: 1\ntitle: !x%1B%5B2J{'y' * 400} z\n".encode()
    with pytest.raises(CaseError) as caught:
        read_case(raw, "case.yaml")
    said = next(problem.message for problem in caught.value.problems if "tag" in problem.message)
    assert len(said) < 80
    assert "\\x1b[2J" in said


@pytest.mark.parametrize(
    "tag", ["!" + "x" * 10**6, "!<" + "%41" * 300_000 + ">", "!x!" + "y" * 10**6, "&" + "a" * 10**6]
)
def test_a_tag_of_a_megabyte_costs_seconds_and_is_cut(tag):
    """One took 22 s, and was printed in full."""
    begun = time.monotonic()
    with pytest.raises(CaseError) as caught:
        read_case(f"detente: 1\ntitle: {tag} z\n".encode(), "case.yaml")
    assert time.monotonic() - begun < 20
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize("character", ["\u202e", "\u200b", "\U000e0041"])
def test_a_table_is_held_to_the_same(tmp_path, character):
    (tmp_path / "history.csv").write_text(
        f"date,variable,level,kind\n2020-01-01,upper.dam,no{character}ne,seen\n", "utf-8"
    )
    clock = "clock: {since: 2015-01-01, start: 2026-01-01, end: 2030-12-31}"
    path = tmp_path / "case.yaml"
    path.write_text(TEXT.format(value="A dam", more=f"{clock}\nhistory: history.csv"), "utf-8")
    (found,) = commands(path, "check")
    assert found.exit_code == 2
    assert f"history.csv:2:24: U+{ord(character):04X}" in found.output
    assert not RAW.search(found.output)


@pytest.mark.parametrize("words", [["check", "a\x1b[2Jb.yaml"], ["--s\u202et"], ["run", "\udcff"]])
def test_arguments_are_held_to_the_same(words):
    found = CliRunner().invoke(main, words)
    assert found.exit_code == 2
    assert "take it out, or rename the file" in found.output
    assert not RAW.search(found.output)


@pytest.mark.parametrize("words", [["check", "a" * 3000], ["run", "--" + "a" * 3000], ["b" * 3000]])
def test_what_is_long_is_cut(words):
    found = CliRunner().invoke(main, words)
    assert found.exit_code == 2
    assert len(found.output) < 500


def test_names_of_a_mapping_are_cut():
    name = "k" * 500
    raw = TEXT.format(value="A dam", more=f"{name}: 1\n{name}: 2").encode()
    with pytest.raises(CaseError) as caught:
        read_case(raw, "case.yaml")
    assert all(len(problem.message) < 200 for problem in caught.value.problems)


@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Cn", "Zl", "Zp"])))
def test_text_of_any_script_passes(text):
    assert hidden_character(text) is None
    assert printable(text) == text


@given(st.text())
def test_what_is_printed_is_printable(text):
    """Everything of Unicode's kinds control, surrogate and unassigned-for-good is escaped."""
    for shown in (printable(text), fit_to_print(text)):
        assert hidden_character(shown) is None
        assert not RAW.search(shown)
        assert {unicodedata.category(c) for c in shown} & {"Cs", "Zl", "Zp"} == set()


def test_escaped_json_reads_back(capsys):
    value = "".join(HOSTILE).replace("\ud800\udfff", "\ud800x\udfff")
    print_json({"text": value})
    shown = capsys.readouterr().out
    assert not RAW.search(shown)
    assert json.loads(shown) == {"text": value}


def test_persian_and_emoji_are_text():
    text = "می‌خواهم 👩‍🔬 naïve 日本"
    assert read_case(TEXT.format(value=f'"{text}"', more="").encode(), "c.yaml").title == text
