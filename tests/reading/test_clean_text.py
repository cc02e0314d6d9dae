"""What stands on a page beside the text is taken out of it, and what it cut in two is joined."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from detente.reading import Document, read_document

# Lines of about 90 letters, as in a text that was wrapped at a margin.
FULL = "The upper state has been building a dam since the spring, and its engineers say that it is"
LONG = "The lower state doubts it, has asked for help, and will probably close the border to any of"


def read(folder: Path, text: str) -> Document:
    path = folder / "memo.txt"
    path.write_text(text, encoding="utf-8")
    return read_document(path)


def body(document: Document) -> list[str]:
    return document.text.rstrip("\n").split("\n\n")


@pytest.mark.parametrize(
    ("heading", "meant"),
    [
        ("T H E  D A M", "THE DAM"),
        ("C H I N A", "CHINA"),
        ("TH E  RIV ERS  AN D  TH EIR  DA M S", "THE RIVERS AND THEIR DAMS"),
        ("THE ENGIN EERS", "THE ENGINEERS"),
        ("THE ENGINEER S", "THE ENGINEERS"),
        ("THE UPPER STATE", "THE UPPER STATE"),
        ("The dam and its towns", "The dam and its towns"),
    ],
)
def test_letters_that_were_spaced_are_words_again(tmp_path: Path, heading: str, meant: str) -> None:
    """Would catch: a letter-spaced heading that stays in pieces, or becomes text."""
    document = read(tmp_path, f"{heading}\n\n{FULL}\nright. It will hold.\n")
    assert document.headings == ((1, meant),)
    assert len(document.paragraphs) == 1


@pytest.mark.parametrize(
    ("furniture", "note"),
    [
        ("[ 24 ]", "1 page number left out"),
        ("19", "1 page number left out"),
        ("Page 3 of 12", "1 page number left out"),
        (
            "Received by the Water Registry 05/02/2020 10:11:12 AM",
            "Stamp: Received by the Water Registry 05/02/2020 10:11:12 AM",
        ),
        ("SECRET//NOFORN", "Stamp: SECRET//NOFORN"),
        ("Approved for Release: 2005/01/07", "Stamp: Approved for Release: 2005/01/07"),
    ],
)
@pytest.mark.parametrize("rest", ["right to hope so.", "Right, and that Kim is too."])
def test_what_a_page_cut_in_two_is_joined(
    tmp_path: Path, furniture: str, note: str, rest: str
) -> None:
    """Would catch: a page number or a stamp in a sentence, or a sentence in two paragraphs."""
    document = read(tmp_path, f"{FULL}\n\n{furniture}\n\n{rest}\n\nIt was dry.\n")
    assert body(document) == [f"{FULL} {rest}", "It was dry."]
    assert document.notes == (note,)


def test_words_that_look_like_a_stamp_stay(tmp_path: Path) -> None:
    text = "Received wisdom has it that dams hold. Secret talks were held on 5 May."
    assert body(read(tmp_path, text)) == [text]


def test_a_bullet_whose_text_stands_apart(tmp_path: Path) -> None:
    """Would catch: the first line of a bullet alone, as where a PDF was made into text."""
    text = (
        f"{FULL}\n{FULL}\n{FULL}\nright.\n\n\uf0b7  {LONG}\n\nKim’s goods. It has the means.\n\n"
        f"\uf0b7  {LONG}\n\nthe goods it needs.\n\n\uf0b7\n\nIt was dry.\n\n\uf0b7  It rained\n"
    )
    assert body(read(tmp_path, text)) == [
        f"{FULL} {FULL} {FULL} right.",
        f"{LONG} Kim’s goods. It has the means.",
        f"{LONG} the goods it needs.",
        "It was dry.",
        "It rained.",
    ]


def test_bullets_without_blank_lines(tmp_path: Path) -> None:
    text = "Three things are known.\n• It will hold.\n• It was\n  dear.\n- Nobody asked.\n"
    assert body(read(tmp_path, text)) == [
        "Three things are known.",
        "It will hold.",
        "It was dear.",
        "Nobody asked.",
    ]


def test_an_unwrapped_paragraph_without_an_end_stays_by_itself(tmp_path: Path) -> None:
    """Would catch: two paragraphs made one, which moves every anchor behind them."""
    text = f"{FULL} {LONG}\n\nAnd nobody asked the towns.\n"
    assert body(read(tmp_path, text)) == [f"{FULL} {LONG}", "And nobody asked the towns."]


@pytest.mark.parametrize(
    ("first", "second", "elsewhere", "meant"),
    [
        ("prob-", "ably", "It is probably right.", "probably"),
        ("wide-", "ranging", "It is dry.", "wide-ranging"),
        ("Huthi-", "Salih", "It is dry.", "Huthi-Salih"),
        ("run-", "up", "It is a run-up.", "run-up"),
        ("ground-", "water", "The water was in the ground.", "ground-water"),
        ("prob\u00ad", "ably", "It is dry.", "probably"),
    ],
)
def test_a_word_broken_at_the_end_of_a_line(
    tmp_path: Path, first: str, second: str, elsewhere: str, meant: str
) -> None:
    document = read(tmp_path, f"{elsewhere}\n\nThe effects of it were {first}\n{second} a help.\n")
    assert body(document)[1] == f"The effects of it were {meant} a help."


def test_footnotes_and_their_marks(tmp_path: Path) -> None:
    """Would catch: a mark that glues two sentences together, a footnote read as the text."""
    text = (
        "The dam will hold.1 Nobody asked the towns;2 they are far.”3 In 2020 it was dry.[4]\n\n"
        "It is 5 km² wide.\n\n1 The engineers, in a letter of May.\n\n2 A count of 2020.\n\n"
        "3 The envoy said so.\n\n[4] The Post.\n\n* Source: The Water Registry, file 7.\n"
    )
    document = read(tmp_path, text)
    assert body(document) == [
        "The dam will hold. Nobody asked the towns; they are far.” In 2020 it was dry.",
        "It is 5 km² wide.",
    ]
    assert len(document.paragraphs[0]) == 3
    assert document.notes == (
        "Footnote 1: The engineers, in a letter of May.",
        "Footnote 2: A count of 2020.",
        "Footnote 3: The envoy said so.",
        "Footnote 4: The Post.",
        "Source: The Water Registry, file 7.",
    )


def test_numbered_paragraphs(tmp_path: Path) -> None:
    """Would catch: the number of a paragraph as its first sentence."""
    document = read(tmp_path, "1. The dam will hold.\n\n2. It was dear. 1961 was dry.\n")
    assert [[one.text for one in row] for row in document.paragraphs] == [
        ["The dam will hold."],
        ["It was dear.", "1961 was dry."],
    ]


def test_a_list_with_numbers(tmp_path: Path) -> None:
    document = read(tmp_path, f"{FULL}:\n1. It will hold.\n2. It was dear\n3. Nobody knows.\n")
    assert body(document) == [f"{FULL}:", "It will hold.", "Nobody knows."]
    assert document.headings == ((3, "2. It was dear"),)


def test_a_speech_of_the_congressional_record(tmp_path: Path) -> None:
    text = (
        "---\n---\n\n# THE DAM\n## `168664e80f993b348bfdb67c7b880c82`\n"
        "`Mr. NOBODY — 11 July 2007`\n\n---\n\n\n"
        "Mr. NOBODY. The dam--I say it again--will ''hold.''\n\n"
        "[[Page S100]]\n\nMr. President, I yield the floor."
    )
    document = read(tmp_path, text)
    assert body(document) == [
        'The dam--I say it again--will "hold."',
        "Mr. President, I yield the floor.",
    ]
    assert (document.title, document.author) == ("THE DAM", "Mr. NOBODY")
    assert document.date == datetime.date(2007, 7, 11)
    assert "Speaker of paragraph 1: Mr. NOBODY" in document.notes
    assert "Stamp: [[Page S100]]" in document.notes


def test_what_a_page_says_of_itself(tmp_path: Path) -> None:
    text = (
        "📞 202 555 0100 📍 12 River Road\n\n## The river\n\nPublished May 1, 2020\n\n"
        "**Author:** [A. Nobody](#)\n\n![The dam](dam.png)\n\nIt **will** [hold](x).\n\n"
        "> It is _right_ to say so.\n\n*A. Nobody writes about rivers.*\n"
    )
    document = read(tmp_path, text)
    assert body(document) == ["It will hold.", "It is right to say so."]
    assert (document.title, document.author) == ("The river", "A. Nobody")
    assert document.date == datetime.date(2020, 5, 1)
    assert document.notes == (
        "Contact line: 📞 202 555 0100 📍 12 River Road",
        "Published May 1, 2020",
        "Author: A. Nobody",
        "A. Nobody writes about rivers.",
    )


@pytest.mark.parametrize(
    "line", ["By the river stood a dam.", "Published works say so.", "Date palms grew."]
)
def test_what_a_document_says_of_itself_is_not_made_up(tmp_path: Path, line: str) -> None:
    document = read(tmp_path, f"{line}\n\nOn 3/4/2020 it was dry.\n")
    assert (document.author, document.date, document.publisher) == (None, None, None)
    assert body(document)[0] == line


def test_a_running_head_is_left_out(tmp_path: Path) -> None:
    pages = [f"The Water Registry 20{k}\n\nIt is dry in year {k}." for k in range(4)]
    document = read(tmp_path, "\f".join(pages))
    assert body(document) == [f"It is dry in year {k}." for k in range(4)]
    assert document.notes == ("Running head: The Water Registry 200",)


def test_a_table_of_contents_is_left_out(tmp_path: Path) -> None:
    text = "1 The dam . . . . . . . . 1\n2 The river ........ 12\n\nIt was dry ... they say.\n"
    document = read(tmp_path, text)
    assert body(document) == ["It was dry ... they say."]
    assert document.notes == ("2 lines of a table of contents left out",)


def test_ligatures_are_spelt_out(tmp_path: Path) -> None:
    assert body(read(tmp_path, "The oﬃcers ﬁnally ﬂed.")) == ["The officers finally fled."]


def test_script_and_comments_in_markdown_are_not_text(tmp_path: Path) -> None:
    hidden = "<script>alert(1)</script>\n\n<!-- It\n\nfailed. -->"
    text = f"It held.\n\n{hidden}\n\nIt was <b>dry</b>."
    assert body(read(tmp_path, text)) == ["It held.", "It was dry."]


def test_a_footnote_over_several_lines_and_a_table_in_markdown(tmp_path: Path) -> None:
    """Would catch: the end of a footnote read as the text, rows of a table run together."""
    note = "[^a]: The engineers,\n    in a letter of May.\n[^2]: The Post.\n# The river\n"
    text = f"It held.[^a]\n\n| Step | Who |\n|---|---|\n| Talks | us |\n\n{note}\nIt was dry."
    document = read(tmp_path, text)
    assert body(document) == ["It held.", "It was dry."]
    assert document.notes == (
        "Table: Step | Who | Talks | us",
        "Footnote a: The engineers, in a letter of May.",
        "Footnote 2: The Post.",
    )


def test_no_blank_is_left_where_a_mark_stood_before_a_stop(tmp_path: Path) -> None:
    document = read(
        tmp_path, "It held [1]. It was dry [2], they say.\n\n[1] The Post.\n\n[2] Us.\n"
    )
    assert body(document) == ["It held. It was dry, they say."]
