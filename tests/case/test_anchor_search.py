"""An anchor that is made is the one that is checked.

Catches: paragraphs counted otherwise than `check --sources` counts them, a sentence taken for
another that starts alike, a hash that the reader of the case takes for a number, no help where the
words are not quite those of the text.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from detente.case import Anchor, AnchoredSentence, Case, check_anchors, find_anchors, read_case
from detente.cli import main
from detente.errors import InputError

TEXT = """\
# The mill and its pond

Published June 3, 2019

The miller wants a deeper pond. The village fears for
its meadows, and Dr. Hale says that the dyke will not hold another spring like the

last one. "Who pays?" asked the council. The village does not know.

The village met again in May. The miller stayed away.
"""
SMALL = Path(__file__).with_name("small.yaml")


@pytest.fixture
def memo(tmp_path: Path) -> Path:
    path = tmp_path / "memo.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def pointing(anchor: Anchor) -> Case:
    case = read_case(SMALL.read_bytes(), "small.yaml")
    return replace(case, claims=(replace(case.claims[0], where=anchor),))


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("The miller wants", (1, 1)),
        ("“Who pays?”", (1, 3)),
        ("the VILLAGE -- does", (1, 4)),
        ("The village met again in May.", (2, 1)),
    ],
)
def test_what_is_found_is_what_check_looks_for(memo: Path, words: str, place) -> None:
    (found,) = find_anchors(memo, words).matches
    assert (found.anchor.paragraph, found.anchor.sentence) == place
    assert check_anchors(pointing(found.anchor), memo) == ()
    assert str(find_anchors(memo, words)) == str(found)


def test_every_sentence_that_starts_so_is_listed(memo: Path) -> None:
    found = find_anchors(memo, "The village")
    places = [(one.anchor.paragraph, one.anchor.sentence) for one in found.matches]
    assert places == [(1, 2), (1, 4), (2, 1)]
    assert str(found).startswith("3 sentences of memo.txt start with 'The village':")
    assert str(found).count("where: {source: memo") == 3
    assert "  The village met again in May." in str(found)


def test_words_end_where_words_end(memo: Path) -> None:
    """Not in the middle of one: `The mill` is not how `The miller wants` begins."""
    found = find_anchors(memo, "The mill")
    assert found.matches == ()
    assert found.nearest


@pytest.mark.parametrize("words", ["Who pay", "The millers want a", "asked the council"])
def test_where_none_starts_so_the_nearest_are_named(memo: Path, words: str) -> None:
    found = find_anchors(memo, words)
    assert found.matches == ()
    expected = "The miller wants" if words.startswith("The") else '"Who pays?"'
    assert found.nearest[0].text.startswith(expected)
    assert "no sentence of memo.txt starts with" in str(found)


def test_nothing_near_is_said(memo: Path) -> None:
    assert str(find_anchors(memo, "zzzz qqqq")).endswith("none comes near")


@pytest.mark.parametrize("digest", ["0123456789012345", "1234567e90123456", "0123456789abcdef"])
def test_what_is_printed_can_be_pasted(digest: str) -> None:
    """A hash of digits alone, or that looks like a power of ten, is read as text."""
    anchor = Anchor("memo", 2, 1, digest)
    text = SMALL.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if "where:" in line)
    before, _, rest = line.partition("where:")
    pasted = f"{before}{AnchoredSentence(anchor, 'x')}{rest[rest.index('}') + 1 :]}"
    assert anchor in [
        c.where for c in read_case(text.replace(line, pasted).encode(), "a.yaml").claims
    ]


@pytest.mark.parametrize(
    ("name", "text", "words", "says"),
    [
        ("my essay.txt", TEXT, "The village", "no id of a source"),
        ("memo.txt", TEXT, " -- ", "no words to look for"),
        ("memo.txt", "# A title", "A title", "no sentence in it"),
        ("memo.txt", None, "A title", r"memo\.txt: No such file.*text of the source"),
        ("memo.txt", b"caf\xe9", "A title", "byte 3 is not UTF-8"),
    ],
)
def test_wrong_input_is_refused(tmp_path: Path, name, text, words, says) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError, match=says):
        find_anchors(path, words)


def test_a_folder_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a file"):
        find_anchors(tmp_path, "The village", source="memo")


def test_the_command_prints_the_same(memo: Path) -> None:
    run = CliRunner()
    found = run.invoke(main, ["anchor", str(memo), "The village met", "--source", "minutes-2019"])
    expected = find_anchors(memo, "The village met", "minutes-2019")
    assert found.output == f"{expected}\n"
    assert "source: minutes-2019, paragraph: 2, sentence: 1," in found.output
    plain = run.invoke(main, ["anchor", str(memo), "The village", "--json"])
    assert json.loads(plain.output) == find_anchors(memo, "The village").to_dict()
    assert json.loads(plain.output)["matches"][2]["where"]["paragraph"] == 2
    missed = run.invoke(main, ["anchor", str(memo), "The mill"])
    assert missed.exit_code == 2
    assert "the nearest:" in missed.output
