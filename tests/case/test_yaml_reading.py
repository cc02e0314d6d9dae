"""Nodes know their place, plain scalars are read as YAML 1.2 says, and limits hold."""

from __future__ import annotations

import pytest

from detente.case._text_reading import LARGEST_FILE, decode
from detente.case._yaml_reading import DEEPEST, MOST_NODES, Node, YamlText, parse, plain

Told = list[tuple[int, int, str]]


def told_by_parse(text: str) -> tuple[Node | None, Told]:
    told: Told = []
    node = parse(text, lambda line, column, message, _: told.append((line, column, message)))
    return node, told


def told_by_decode(raw: bytes) -> tuple[str | None, Told]:
    told: Told = []
    text = decode(raw, lambda line, column, message, _: told.append((line, column, message)))
    return text, told


@pytest.mark.parametrize("word", ["yes", "no", "on", "off", "none", "None", "y", "2021-03-15"])
def test_words_that_older_yaml_turns_into_other_things_stay_text(word: str) -> None:
    assert plain(word) == word


@pytest.mark.parametrize(
    ("written", "value"),
    [("0", 0), ("-3", -3), ("1e3", 1000.0), (".5", 0.5), ("2.", 2.0), ("true", True), ("~", None)],
)
def test_plain_scalars_of_the_core_schema(written: str, value: object) -> None:
    assert plain(written) == value


def test_quoted_scalars_are_text() -> None:
    node, told = told_by_parse("[\"1\", 'true', 1]")
    assert node is not None
    assert node.data() == ["1", "true", 1]
    assert told == []


@pytest.mark.parametrize(
    ("text", "word", "place"),
    [
        ("a: 1 + bad", "bad", (1, 8)),
        ("a: '1 + bad'", "bad", (1, 9)),
        ("a: '''x'' bad'", "bad", (1, 11)),
        ('a: "1 + bad"', "bad", (1, 9)),
        ('a: "\\t1 + bad"', "bad", (1, 4)),
        ("a: |\n  1 +\n  bad\n", "bad", (3, 3)),
        ("a: >-  # folded\n  1 +\n\n  2 + bad\n", "bad", (4, 7)),
        ("a: one\n  two\n  bad", "bad", (3, 3)),
    ],
)
def test_a_place_in_a_scalar(text: str, word: str, place: tuple[int, int]) -> None:
    node, _ = told_by_parse(text)
    assert node is not None
    scalar = node.pairs["a"][1]
    assert YamlText(text.split("\n")).place(scalar, scalar.text.index(word)) == place


def test_aliases_are_followed() -> None:
    node, told = told_by_parse("a: &x [1, 2]\nb: *x")
    assert node is not None
    assert node.data() == {"a": [1, 2], "b": [1, 2]}
    assert told == []


def test_depth_is_limited() -> None:
    deepest = "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1)
    assert told_by_parse(deepest)[1] == []
    node, told = told_by_parse(f"[[{deepest}]]")
    assert node is None
    assert "deep" in told[0][2]


def test_number_of_values_is_limited() -> None:
    node, told = told_by_parse("- a\n" * (MOST_NODES + 1))
    assert node is None
    assert told == [(MOST_NODES, 3, "the file has more than 50,000 values")]


def test_aliases_of_aliases_are_counted_before_they_are_followed() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    node, told = told_by_parse("\n".join(rows))
    assert node is None
    assert "aliases" in told[0][2]


def test_file_size_is_limited() -> None:
    assert told_by_decode(b"#" * LARGEST_FILE)[1] == []
    text, told = told_by_decode(b"#" * (LARGEST_FILE + 1))
    assert text is None
    assert "1 MiB" in told[0][2]


def test_line_ends_and_byte_order_mark_of_other_systems() -> None:
    assert told_by_decode(b"\xef\xbb\xbfa\r\nb\rc\n") == ("a\nb\nc\n", [])


def test_bytes_that_are_no_utf8_are_placed() -> None:
    assert told_by_decode("é\né".encode() + b"\xff")[1] == [(2, 2, "byte 0xff is not UTF-8")]
