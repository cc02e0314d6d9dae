"""Completion from the schema and from the case's own names, wherever the caret stands."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from detente.case import CaseFolder, read_outline
from detente.workbench._versions import CaseFiles
from detente.workbench._yaml_completion import CaseNames, complete_text, describe_line, place_of


def text_of(name: str) -> str:
    return CaseFiles(CaseFolder(Path())).read(name).text


TEXT = text_of("sanctions")


def names_of(text: str) -> CaseNames:
    found = read_outline(text)
    assert found is not None
    return CaseNames.of(found[0])


NAMES = names_of(TEXT)


@pytest.mark.parametrize(
    ("written", "offered"),
    [
        ("pain: {value: 0.8, r", "range"),
        ("    rate: 2\n    prec", "precision"),
        ("  - id: T1\n    sa", "says"),
        ("dismantled\", do: {sender.sa", "sender.sanctions"),
        ("target.programme == dis", "dismantled"),
        ("\n    words: un", "unlikely"),
        ("status_quo: {sender.sanctions: s", "some"),
        ("brief: [T", "T5"),
        ("\nsour", "sources"),
        ("source: ", "pape-1997"),
        ("weights: {prog", "progress"),
        ("versus: {d", "do"),
        ("average: ne", "neighbour.border"),
        ("concept: s", "sseq"),
        ("distribution: l", "loguniform"),
        ("infeasible:\n  - {w", "when"),
        ("precision: 2 * ", "sharpness"),
    ],
)  # fmt: skip
def test_what_can_stand_there_is_offered(written: str, offered: str) -> None:
    caret = TEXT.index(written) + len(written)
    _, options = complete_text(TEXT, caret, NAMES)
    assert offered in [text for text, _ in options]


def test_keys_that_stand_there_already_are_not_offered() -> None:
    text = "parameters:\n  thirst: {value: 1, reason: x, "
    found = [option for option, _ in complete_text(text, len(text), CaseNames())[1]]
    assert "range" in found
    assert not {"value", "reason"} & {*found}


@pytest.mark.parametrize(
    ("text", "path", "in_value"),
    [
        ("actors:\n  us:\n    options:\n      a: [x, y]\n    ", ("actors", "us"), False),
        ("claims:\n- id: A\n  ask: {", ("claims", "ask"), False),
        ("claims:\n- id: A\n  ", ("claims",), False),
        ("parameters:\n  a: {value: 1,\n    rea", ("parameters", "a"), False),
        ("title: \"a: b", ("title",), True),
        ("", (), False),
        ("claims:\n  - {id: A, ask: {average: \"a, b\", do: {", ("claims", "ask", "do"), False),
    ],
)  # fmt: skip
def test_a_place_is_found_in_a_text_that_is_no_yaml_yet(
    text: str, path: tuple[str, ...], in_value: bool
) -> None:
    found = place_of(text, len(text))
    assert (found.path, found.in_value) == (path, in_value)


def test_no_place_of_a_text_is_too_odd() -> None:
    """Would catch: an index or an exception at some caret."""
    for text in (TEXT[:1500], "\t\n- - -\n{[}]:\n'\"", "]]}}:::", "a:\n b\n  c:\n - d"):
        for caret in range(0, len(text) + 1, 7):
            complete_text(text, caret, NAMES)
            describe_line(text, caret, NAMES)


def test_a_key_is_described_where_the_caret_is() -> None:
    key, meaning = describe_line(TEXT, TEXT.index("discount: patience") + 3, NAMES)
    assert key == "actors.discount"
    assert "ten years ahead" in meaning


def test_the_flagship_is_completed_within_ten_milliseconds() -> None:
    """Would catch: a search that is quadratic in the text."""
    text = text_of("peninsula")
    names = names_of(text)
    best = min(_seconds(text, names) for _ in range(5))
    assert best < 0.01


def _seconds(text: str, names: CaseNames) -> float:
    start = time.perf_counter()
    complete_text(text, len(text) - 20, names)
    return time.perf_counter() - start
